"""Counts of values: histograms of pictures and of codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from core.tiles import strip_rects
from core.types import SCALE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.types import Mask, Pixels

_PAIRED: Final = 1 << 17
"""From so many pixels on it is worth while to count them in pairs, which needs 65,536 bins."""


def histogram(pixels: Pixels, mask: Mask | None) -> NDArray[np.int64]:
    """Return (C, 256) counts of values rounded to the nearest level; ends hold what is beyond."""
    planes = [pixels] if pixels.ndim == 2 else list(cv2.split(pixels))
    return np.stack([counted(to_byte(p), mask) for p in planes])


def outside(*pictures: Pixels) -> tuple[bool, bool]:
    """Return whether any value, also of an invalid pixel, rounds to below 0, to above 255."""
    real = [p for p in pictures if p.dtype != np.uint8]
    low, high = -0.5, SCALE + 0.5
    return any(bool(p.min() < low) for p in real), any(bool(p.max() > high) for p in real)


def to_byte(pixels: Pixels) -> Mask:
    """Round to the nearest level and clip to 0...255."""
    if pixels.dtype == np.uint8:
        return pixels
    return np.asarray(cv2.addWeighted(pixels, 1.0, pixels, 0.0, 0.0, dtype=cv2.CV_8U), np.uint8)


def counted(codes: Mask, mask: Mask | None) -> NDArray[np.int64]:
    """Return the 256 counts of a byte array of up to 2**24 pixels (OpenCV counts in float32)."""
    half = codes.shape[0] // 2
    if mask is not None or codes.size < _PAIRED:
        return _counts([codes], [0], mask)
    zeros = codes.size - cv2.countNonZero(codes)
    if zeros > codes.size // 2:
        counts = _counts([codes], [0], codes)
        counts[0] = zeros
        return counts
    # Two pixels are counted at once, one of each half. Neighbours are often equal, and counting up
    # the same bin again has to wait for the last time: so half as often, measured twice as fast.
    pairs = cv2.calcHist(
        [codes[:half], codes[half : 2 * half]], [0, 1], None, [256, 256], [0.0, 256.0] * 2
    )
    # Sums of whole numbers below 2**24 are exact in float32, too.
    halves = (cv2.reduce(pairs, axis, cv2.REDUCE_SUM).ravel() for axis in (0, 1))
    both = np.asarray(sum(half.astype(np.int64) for half in halves))
    return both + _counts([codes[2 * half :]], [0], None) if codes.shape[0] % 2 else both


def all_counted(codes: Mask, invalid: int) -> NDArray[np.int64]:
    """Return the 256 counts of codes of any size, so many of which are 0 as they are invalid."""
    total = np.zeros(256, np.int64)
    for rect in strip_rects(codes.shape):
        total += counted(codes[rect.slices], None)
    total[0] -= invalid
    return total


def _counts(planes: list[Mask], channels: list[int], mask: Mask | None) -> NDArray[np.int64]:
    sizes, ranges = [256] * len(channels), [0.0, 256.0] * len(channels)
    counts: NDArray[Any] = cv2.calcHist(planes, channels, mask, sizes, ranges)
    return counts.ravel().astype(np.int64)
