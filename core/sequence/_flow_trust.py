"""Which vectors of a dense flow can be trusted: those that lead home, and that follow something.

Home: |f + b|² ≤ 0.01 (|f|² + |b|²) + 0.5, in px of the overviews, where f is the vector at a place
and b that of the way back where f ends; what leaves the picture has no way back (Sundaram, Brox,
Keutzer 2010, DOI 10.1007/978-3-642-15549-9_32). What is covered or uncovered fails this.

Something to follow: a step of one px must change the picture by more than the pictures differ where
flow lays one on the other. Else noise is what flow follows, as it does in a clear sky, and leads
home as well. Both are looked at after a blur of `BLUR` px; the step is the root mean square of the
gradient over about the patch that flow compares, and the difference its deviation over the whole
picture, from its median, so that a change of light is none.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.types import Mask

HOME: Final = (0.01, 0.5)
"""Share of the squared lengths, and px², by which the way back may miss."""
BLUR: Final = 1.5
PATCH: Final = 4.0
"""Deviation, px, of the weights around a place."""
_ENOUGH: Final = 1 << 13
"""So many differences tell their deviation well enough; a median of all takes longer than flow."""


def trusted_of(
    one: Mask,
    other: Mask,
    forth: NDArray[np.float32],
    back: NDArray[np.float32],
    every: int = 1,
) -> NDArray[np.bool_]:
    """Return (h, w): whether to trust the vectors that lead from one picture to the other.

    Parameters
    ----------
    one, other
        (h, w) gray overviews.
    forth, back
        (h, w, 2) flow (right, down) from one to the other, and back, in their px.
    every
        Looks only at each so manieth row and column, of which the answer then is: nearly what all
        would have said there.
    """
    height, width = one.shape
    forth = np.ascontiguousarray(forth[::every, ::every])
    x = np.arange(0, width, every, dtype=np.float32) + forth[..., 0]
    y = np.arange(0, height, every, dtype=np.float32)[:, None] + forth[..., 1]
    inside = (x > -0.5) & (x < width - 0.5) & (y > -0.5) & (y < height - 0.5)
    home = _looked_up(back, x, y)
    missed, lengths = _squared(forth + home), _squared(forth) + _squared(home)
    here = _blurred(one, BLUR)
    there = _looked_up(_blurred(other, BLUR), x, y)
    comes_home = inside & (missed <= HOME[0] * lengths + HOME[1])
    noise = _noise(here[::every, ::every] - there)
    return np.asarray(comes_home & (_steps(here, every) >= noise))


def _squared(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return squared lengths; a sum over an axis of two takes five times as long."""
    x, y = vectors[..., 0], vectors[..., 1]
    return np.asarray(x * x + y * y)


def _looked_up(plane: NDArray[np.float32], x: Any, y: Any) -> NDArray[np.float32]:
    found = cv2.remap(plane, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found, np.float32)


def _blurred(plane: NDArray[Any], sigma: float) -> NDArray[np.float32]:
    floats = np.asarray(plane, np.float32)
    return np.asarray(cv2.GaussianBlur(floats, (0, 0), sigma, borderType=cv2.BORDER_REFLECT))


def _steps(plane: NDArray[np.float32], every: int) -> NDArray[np.float32]:
    """Return by how much a step of one px changes the picture around each place, levels."""
    down, right = (_half_apart(plane, *way)[::every, ::every] for way in ((0, 1), (1, 0)))
    return np.asarray(np.sqrt(_blurred(down * down + right * right, PATCH / every)))


def _half_apart(plane: NDArray[np.float32], x: int, y: int) -> NDArray[np.float32]:
    """Return half of what lies between the neighbours on both sides of each place."""
    border = cv2.BORDER_REPLICATE
    made = cv2.Sobel(plane, cv2.CV_32F, x, y, ksize=1, scale=0.5, borderType=border)
    return np.asarray(made, np.float32)


def _noise(difference: NDArray[np.float32]) -> float:
    """Return the deviation of a difference, robust against parts that moved."""
    every = max(math.isqrt(difference.size // _ENOUGH), 1)
    some = difference[::every, ::every]
    off = np.abs(some - np.median(some))
    return float(1.4826 * np.median(off))
