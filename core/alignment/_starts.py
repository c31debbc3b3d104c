"""Where the search begins: matrices that may be near the answer, the cheapest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core.alignment._features import candidates, features, matches
from core.alignment._polar import turns
from core.alignment._refine import SEARCH
from core.alignment._surface import SEARCHED
from core.alignment.models import AlignModel
from core.geometry import at_level, translation
from core.parallel import both

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.alignment._overview import Overview
    from core.alignment._surface import Peak
    from core.alignment.models import Floats
    from core.geometry import Matrix
    from core.types import Token

WIDE: Final = 8
"""How far around a start from features or spectra each window is looked for, px."""


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """A matrix (B to A, at the overview's level), and how far around it to look.

    `peaks` are the two best shifts, where it is one.
    """

    matrix: Floats
    search: int
    peaks: tuple[Peak, ...] = ()


def starts(seen: Overview, model: AlignModel, seed: Matrix | None, token: Token) -> Iterator[Start]:
    """Yield starts until no more are wanted."""
    if seed is not None:
        yield Start(np.array(at_level(seed, seen.level)), WIDE)
        return
    peaks = seen.surface(None, SEARCHED).peaks(2)
    token.check()
    shift = np.array(translation(peaks[0].dx, peaks[0].dy))
    yield Start(shift, SEARCH, tuple(peaks))
    if model is AlignModel.TRANSLATION:
        return
    found = both(
        lambda: features(seen.a.even, seen.a.valid), lambda: features(seen.b.even, seen.b.valid),
        token,
    )  # fmt: skip
    a, b = matches(*found)
    for matrix in candidates(a, b, model):
        token.check()
        yield Start(matrix, SEARCH)
    for matrix in turns(seen, token):
        yield Start(matrix, WIDE)
