"""Anchor pins: the same feature, pointed at in both pictures by a person.

As text, x before y, in pixels of A and of B, pixel centres at integers::

    120,40=118.5,41                  the feature at (120, 40) of A is at (118.5, 41) of B
    120,40=118.5,41; 300,80=299,80   two pins
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from core.alignment.models import (
    FREEDOM,
    AlignModel,
    DegenerateError,
    fit,
    jacobian,
    mapped,
    spread,
)
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
_NUMBER: Final = r"\s*([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*"
_PIN: Final = re.compile(rf"{_NUMBER},{_NUMBER}={_NUMBER},{_NUMBER}")
_DIGITS: Final = 3
FARTHEST: Final = 1e7
"""No pin lies farther from a picture's corner than this, px: larger numbers are slips."""
_NEAR: Final = 0.5
"""Pins whose points are all closer to their mean than this, px, lie on each other."""
_THIN: Final = 0.02
"""How wide pins must lie beside a line, as a share of their length along it. A pin that is off by
1 px pulls the places beside them by more than the inverse of this share."""
_LINE: Final = "lie on one line or on each other"
_CONTRARY: Final = "contradict each other"
_GROWN: Final = 100.0
"""No picture is so many times as large, or as stretched, as the other."""
_SETTLED: Final = 1e-6
"""Distance in px, over the whole picture, up to which a matrix is taken for the shift next to it:
that is what rounding leaves, and a whole shift keeps B's values."""


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
        if max(map(abs, (ax, ay, bx, by))) > FARTHEST:
            raise SettingsError(
                f"“{part.strip()[:60]}” is no place in a picture: a pin may be at most"
                f" {FARTHEST:,.0f} px from the corner."
            )
        found.append(Pin((ax, ay), (bx, by)))
    return tuple(found)


def text_of(pins: Iterable[Pin]) -> str:
    """Return the text that stands for pins; `pins_of` gives the same ones back, to 0.001 px."""
    return SEPARATOR.join(f"{_point(pin.a)}={_point(pin.b)}" for pin in pins)


def _point(xy: tuple[float, float]) -> str:
    texts = (f"{v:.{_DIGITS}f}".rstrip("0").rstrip(".") for v in xy)
    return ",".join("0" if t == "-0" else t for t in texts)


def swapped(pins: Iterable[Pin]) -> Pins:
    """Return the pins of the same features when A and B are exchanged."""
    return tuple(Pin(pin.b, pin.a) for pin in pins)


@dataclass(frozen=True, slots=True, eq=False)
class Pinned:
    """What pins say.

    Attributes
    ----------
    model
        What they fix: less than their number would when `why` says so.
    matrix
        3x3, B to A, its last entry 1; all of B is in front of the camera.
    residuals
        Of each pin: how far its point of B lies from its point of A, in px of A.
    error
        Expected error in px, root mean square over the corners of B, as the residuals let expect;
        nan when the pins are followed exactly because there are no more than the model takes.
    why
        Why a simpler model was taken than their number allows, as the end of a sentence that begins
        with "The pins"; empty when it was not.
    """

    model: AlignModel
    matrix: Floats
    residuals: tuple[float, ...]
    error: float
    why: str = ""

    @property
    def fewer(self) -> bool:
        """Whether a simpler model was taken than their number allows."""
        return bool(self.why)


def fitted(pins: Pins, shape_a: tuple[int, int], shape_b: tuple[int, int] | None = None) -> Pinned:
    """Return the matrix that brings each pin of B to its place in A, by least squares.

    One pin fixes a shift, two a similarity, three an affine map, four or more a homography. Where
    they cannot fix that, or what they fix cannot be (see `Pinned.why`), the next simpler model is
    taken.

    Parameters
    ----------
    pins
        At least one.
    shape_a, shape_b
        (height, width); B is taken to be as large as A when its own is not given.

    Raises
    ------
    ValueError
        When there is no pin.
    """
    if not pins:
        raise ValueError("there is no pin")
    a, b = (np.array([getattr(p, side) for p in pins], np.float64) for side in ("a", "b"))
    corners = _corners(shape_b or shape_a)
    why = ""
    for model in reversed(MODELS[1 : len(pins)]):
        if _few(model, a) or _few(model, b):
            why = why or _LINE
            continue
        try:
            matrix, covariance = fit(model, b, a, shape_a)
        except DegenerateError:
            why = why or _CONTRARY
            continue
        wrong = _wrong(matrix, b, corners)
        if not wrong:
            break
        why = why or wrong
    else:
        model = AlignModel.TRANSLATION
        matrix, covariance = fit(model, b, a, shape_a)
    matrix = _settled(matrix, corners)
    apart = np.hypot(*(mapped(matrix, b) - a).T)
    spare = 2 * len(pins) - FREEDOM[model]
    error = math.nan
    if spare > 0:
        sigma = math.sqrt(float(np.square(apart).sum()) / spare)
        reach = spread(model, covariance, mapped(matrix, corners), shape_a)
        error = sigma * math.sqrt(float(np.square(reach).mean()))
    return Pinned(model, matrix, tuple(float(d) for d in apart), error, why)


def _few(model: AlignModel, points: Floats) -> bool:
    """Whether a model's freedom hangs on next to nothing, as points lie on a line or each other.

    Stretched to be as wide as long, points that do not lie on a line still fix no homography when
    all but one do.
    """
    centred = points - points.mean(axis=0)
    if np.hypot(*centred.T).max() < _NEAR:
        return True
    if model is AlignModel.SIMILARITY:
        return False
    stretched, lengths, _ = np.linalg.svd(centred, full_matrices=False)
    if not lengths[1] > _THIN * lengths[0]:
        return True
    if model is AlignModel.AFFINE:
        return False
    slope = jacobian(model, stretched * math.sqrt(len(points))).reshape(-1, FREEDOM[model])
    values = np.linalg.svd(slope, compute_uv=False)
    return not values[-1] > _THIN * values[0]


def _wrong(matrix: Floats, b: Floats, corners: Floats) -> str:
    """Return what is wrong with a matrix that pins fix, see `Pinned.why`; empty when nothing is."""
    if not np.isfinite(mapped(matrix, corners)).all():
        return "would turn a part of B behind the camera"
    # In front of the camera a homography mirrors everywhere or nowhere.
    if not np.linalg.det(matrix) > 0.0:
        return "would mirror B"
    x, y = b.mean(axis=0)
    around = mapped(matrix, np.array([[x - 0.5, y], [x + 0.5, y], [x, y - 0.5], [x, y + 0.5]]))
    grown = np.linalg.svd(np.stack([around[1] - around[0], around[3] - around[2]]))[1]
    if grown[0] > _GROWN or grown[1] < 1.0 / _GROWN:
        return f"would make B more than {_GROWN:.0f} times as large or as small"
    return ""


def _settled(matrix: Floats, corners: Floats) -> Floats:
    """Return the shift that a matrix stands for up to rounding; else the matrix."""
    moved = mapped(matrix, corners) - corners
    shift = np.round(moved.mean(axis=0), 6)
    if not np.abs(moved - shift).max() < _SETTLED:
        return matrix
    made = np.eye(3)
    made[:2, 2] = shift
    return made


def _corners(shape: tuple[int, int]) -> Floats:
    right, bottom = shape[1] - 0.5, shape[0] - 0.5
    return np.array([[-0.5, -0.5], [right, -0.5], [right, bottom], [-0.5, bottom]])
