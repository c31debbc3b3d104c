"""Anchor pins: the same feature, pointed at in both pictures by a person.

As text, x before y, in pixels of A and of B, pixel centres at integers::

    120,40=118.5,41                  the feature at (120, 40) of A is at (118.5, 41) of B
    120,40=118.5,41; 300,80=299,80   two pins
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from core.alignment.models import AlignModel, DegenerateError, fit, mapped
from core.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.alignment.models import Floats

SEPARATOR: Final = "; "
MODELS: Final = (
    AlignModel.TRANSLATION,
    AlignModel.SIMILARITY,
    AlignModel.AFFINE,
    AlignModel.HOMOGRAPHY,
)
"""What one, two, three, and four or more pins fix."""
_NUMBER: Final = r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*"
_PIN: Final = re.compile(rf"{_NUMBER},{_NUMBER}={_NUMBER},{_NUMBER}")
_DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class Pin:
    """One feature: where it is in A and where it is in B, as (x, y) in px of each picture."""

    a: tuple[float, float]
    b: tuple[float, float]


Pins = tuple[Pin, ...]


@lru_cache(maxsize=64)
def pins_of(text: str) -> Pins:
    """Return the pins that a text stands for, in their order.

    Raises
    ------
    SettingsError
        When the text cannot be understood; one sentence that says where.
    """
    found = []
    for part in text.split(";"):
        if not part.strip():
            continue
        match = _PIN.fullmatch(part)
        if match is None:
            raise SettingsError(
                f"“{part.strip()[:60]}” is not a pin; write it like “120,40=118.5,41”:"
                " x,y in A = x,y in B."
            )
        ax, ay, bx, by = (float(v) for v in match.groups())
        found.append(Pin((ax, ay), (bx, by)))
    return tuple(found)


def text_of(pins: Iterable[Pin]) -> str:
    """Return the text that stands for pins; `pins_of` gives the same ones back, to 0.001 px."""
    return SEPARATOR.join(f"{_point(pin.a)}={_point(pin.b)}" for pin in pins)


def _point(xy: tuple[float, float]) -> str:
    texts = (f"{v:.{_DIGITS}f}".rstrip("0").rstrip(".") for v in xy)
    return ",".join("0" if t == "-0" else t for t in texts)


@dataclass(frozen=True, slots=True, eq=False)
class Pinned:
    """What pins say.

    Attributes
    ----------
    model
        What they fix: fewer than their number would when they lie on one line.
    matrix
        3x3, B to A.
    residuals
        Of each pin: how far its point of B lies from its point of A, in px of A.
    fewer
        Whether pins lie on one line, so that a simpler model was taken.
    """

    model: AlignModel
    matrix: Floats
    residuals: tuple[float, ...]
    fewer: bool


def fitted(pins: Pins, shape: tuple[int, int]) -> Pinned:
    """Return the matrix that brings each pin of B to its place in A, by least squares.

    One pin fixes a shift, two a similarity, three an affine map, four or more a homography. Where
    they lie on one line, or on each other, the next simpler model is taken.

    Parameters
    ----------
    pins
        At least one.
    shape
        (height, width) of A.

    Raises
    ------
    ValueError
        When there is no pin.
    """
    if not pins:
        raise ValueError("there is no pin")
    a, b = (np.array([getattr(p, side) for p in pins], np.float64) for side in ("a", "b"))
    most = min(len(pins), len(MODELS)) - 1
    for at in range(most, -1, -1):
        try:
            matrix, _ = fit(MODELS[at], b, a, shape)
        except DegenerateError:
            continue
        if at and not np.linalg.det(matrix[:2, :2]) > 0.0:
            continue  # mirrored: no picture lies so
        there = mapped(matrix, b)
        if np.isfinite(there).all():
            apart = np.hypot(*(there - a).T)
            return Pinned(MODELS[at], matrix, tuple(float(d) for d in apart), at < most)
    raise ValueError("pins always fix a shift")  # one point does
