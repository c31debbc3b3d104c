"""Flow as colours: the direction is the hue, the length how much of it there is.

The hues are those of the colour wheel of Baker, Scharstein, Lewis, Roth, Black, Szeliski 2011, DOI
10.1007/s11263-010-0390-2, after C. Colas: six stretches between the pure colours, of 55 steps as
many as the eye tells apart. What moves right is red, down orange to yellow, left cyan, up violet.
What stands still is white, and white goes evenly over into the hue at the length that gets full
colour; what is longer keeps full colour. Over a picture the picture takes the place of the white.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from core.sequence.flow import NOISE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.sequence.flow import FlowField
    from core.types import Mask

    Floats = NDArray[np.float64]

_STRETCHES: Final = (15, 6, 4, 11, 13, 6)
_PURE: Final = ((1, 0, 0), (1, 1, 0), (0, 1, 0), (0, 1, 1), (0, 0, 1), (1, 0, 1), (1, 0, 0))
"""At the ends of the stretches, clockwise on the screen from what moves right."""
STEPS: Final = (1, 2, 3, 5, 8, 12, 20, 30, 50, 80, 120, 200, 300, 500, 800, 1200, 2000, 5000)
"""Lengths, px, that may get full colour: few, so that the colours of frame after frame compare."""
_TURNS: Final = 1 << 13
"""Directions that a veil tells apart, less than half a level from each other: more take longer."""
OPACITY: Final = 0.6
"""Of full colour over a picture."""


def hues(down: NDArray[np.floating], right: NDArray[np.floating]) -> Floats:
    """Return (..., 3) pure colours 0...1 of directions; that of what moves right for none."""
    turn = np.arctan2(down, right) / (2 * np.pi) % 1.0
    ends = np.cumsum((0, *_STRETCHES)) / sum(_STRETCHES)
    planes = [np.interp(turn, ends, plane) for plane in zip(*_PURE, strict=True)]
    return np.stack(planes, axis=-1)


def colors(vectors: NDArray[np.floating], full: float) -> Mask:
    """Return (h, w, 3) uint8 colours of (h, w, 2) vectors (down, right).

    Parameters
    ----------
    vectors
        Lengths in any unit; all finite.
    full
        The length that gets full colour, > 0.
    """
    far = np.hypot(vectors[..., 0], vectors[..., 1], dtype=np.float64)
    share = np.minimum(far / full, 1.0)
    mixed = 1.0 - share[..., None] * (1.0 - hues(vectors[..., 0], vectors[..., 1]))
    return np.asarray(np.rint(255.0 * mixed), np.uint8)


def veil(
    vectors: NDArray[np.floating], trusted: NDArray[np.bool_], full: float, least: float = 0.0
) -> Mask:
    """Return (h, w, 4) uint8 RGBA, not multiplied, to be laid over a picture: pure hues.

    Lengths up to `least`, and what is not trusted, leave the picture as it is; from there on the
    opacity grows with the root of the length, so that slow things are seen beside fast ones, up to
    `OPACITY` at `full`, which must be longer than `least`.
    """
    down, right = (vectors[..., i].astype(np.float32) for i in (0, 1))
    share = np.clip((np.hypot(down, right) - least) / (full - least), 0.0, 1.0)
    alpha = np.rint(255.0 * OPACITY * np.sqrt(share))
    alpha[~trusted] = 0.0
    made = np.zeros((*alpha.shape, 4), np.uint8)
    made[..., 3] = alpha
    seen = alpha > 0
    turn = np.arctan2(down[seen], right[seen]) * np.float32(_TURNS / (2 * np.pi))
    made[seen, :3] = _table()[np.rint(turn).astype(np.int32) % _TURNS]
    return made


@cache
def _table() -> Mask:
    """Return (`_TURNS`, 3) uint8 pure colours of directions, clockwise from the right."""
    angles = np.arange(_TURNS) * (2 * np.pi / _TURNS)
    return np.asarray(np.rint(255.0 * hues(np.sin(angles), np.cos(angles))), np.uint8)


def wheel(size: int) -> Mask:
    """Return the colours of all directions, (size, size, 4) uint8 RGBA: full colour at the rim.

    Outside of the circle it is transparent, and its edge is smooth.
    """
    middle = (size - 1) / 2
    rows, cols = np.mgrid[0:size, 0:size] - middle
    radius = size / 2
    vectors = np.stack([rows, cols], axis=-1)
    edge = np.clip(radius - np.hypot(rows, cols) + 0.5, 0.0, 1.0)
    return np.dstack([colors(vectors, radius), np.rint(255.0 * edge).astype(np.uint8)])


def least_for(field: FlowField) -> float:
    """Return the length, px, up to which movement cannot be told from noise."""
    return NOISE * max(field.scale)


def full_for(field: FlowField) -> float:
    """Return the length, px, that is to get full colour: of `STEPS` the one over nearly all.

    That is the first one over twice the noise that no more than 1 % of the trusted vectors are
    longer than.
    """
    lengths = field.lengths[field.trusted]
    top = float(np.quantile(lengths, 0.99)) if lengths.size else 0.0
    top = max(top, 2 * least_for(field))
    return float(next((s for s in STEPS if s >= top), STEPS[-1]))
