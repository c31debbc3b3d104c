"""What stands behind a cell of the table of formats: a file made by another program, and its truth.

Every module of this folder whose name does not begin with an underscore has a tuple ``CASES``;
`tests/core/io/test_formats.py` opens each, `scripts/make_formats.py` writes docs/formats.md of
them.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.types import Alpha

Pixels = NDArray[Any]


@dataclass(frozen=True)
class Case:
    """A file that opens right.

    Attributes
    ----------
    name
        Unique; the test's name: ``"png-rgb-16"``.
    title
        Of the format, as `core.io.kinds.Kind.title` has it.
    depth
        A column of the table, one of `DEPTHS`.
    colour
        What a person calls it, in a word or two: ``"gray"``, ``"RGBA"``, ``"RGB, interlaced"``.
    writer
        The program or library that wrote the file.
    make
        Writes the file under the path that it is given; returns the pixels that must be read, of
        each page where there are several. They come from what was written or from another decoder.
    suffix
        How the file's name ends.
    fragment
        What is appended to the path to open it: ``"#layer=diffuse"``.
    pages
        How many the file holds.
    bits, alpha
        What must be said of the picture; None: not looked at.
    off
        By how much a value may differ, in the file's own values, and why.
    why
        The reason for `off`.
    """

    name: str
    title: str
    depth: str
    colour: str
    writer: str
    make: Callable[[Path], Pixels | Sequence[Pixels]]
    suffix: str
    fragment: str = ""
    pages: int = 1
    bits: int | None = None
    alpha: Alpha | None = None
    off: float = 0.0
    why: str = ""


DEPTHS = ("1–4 bit", "8 bit", "9–15 bit", "16 bit", "32 bit", "half", "float", "double")


def all_cases() -> tuple[Case, ...]:
    """Return the cases of every module of this folder, in the order of their names."""
    here = Path(__file__).parent
    names = sorted(m.name for m in pkgutil.iter_modules([str(here)]) if m.name[0] != "_")
    modules = [importlib.import_module(f"tests.core.io.formats.{name}") for name in names]
    return tuple(case for module in modules for case in module.CASES)


def noise(*shape: int, dtype: Any = np.uint8, top: int = 0, seed: int = 1) -> Pixels:
    """Return integers from 0 to `top` (of the whole dtype when 0): nothing in it repeats."""
    rng = np.random.default_rng(seed)
    return rng.integers(0, top or np.iinfo(dtype).max, shape, dtype, endpoint=True)


def smooth(*shape: int, dtype: Any = np.uint8, top: int = 0) -> Pixels:
    """Return slanted waves of integers from 0 to `top`: what a coder with loss hardly changes."""
    rows, cols = np.mgrid[0 : shape[0], 0 : shape[1]]
    planes = [
        0.5 + 0.45 * np.sin(rows / (11 + 3 * c) + cols / (17 - 2 * c) + c)
        for c in range(shape[2] if len(shape) == 3 else 1)
    ]
    picture = np.dstack(planes) if len(shape) == 3 else planes[0]
    return np.rint(picture * (top or np.iinfo(dtype).max)).astype(dtype)
