"""Overviews: averages for pictures, extremes for differences.

Level k is 2**k times smaller in each direction; odd sizes round up, the last row or column being
repeated first, so pixel (r, c) of level k always covers rows r * 2**k ... (r + 1) * 2**k - 1.
"""

from __future__ import annotations

import numpy as np

from core.types import Mask, Pixels

PREVIEW_PIXELS = 1_000_000
"""A preview works on at most this many pixels of each picture."""


def level_shape(shape: tuple[int, int], level: int) -> tuple[int, int]:
    """Return (height, width) of a pyramid level."""
    step = 1 << level
    return -(-shape[0] // step), -(-shape[1] // step)


def preview_level(shape: tuple[int, int], pixels: int = PREVIEW_PIXELS) -> int:
    """Return the smallest level that holds at most `pixels` pixels."""
    level = 0
    while True:
        h, w = level_shape(shape, level)
        if h * w <= pixels:
            return level
        level += 1


def _even(array: Pixels) -> Pixels:
    odd_rows, odd_cols = array.shape[0] % 2, array.shape[1] % 2
    if not (odd_rows or odd_cols):
        return array
    import cv2  # noqa: PLC0415 - a worker that reads a picture makes no overviews

    return cv2.copyMakeBorder(array, 0, odd_rows, 0, odd_cols, cv2.BORDER_REPLICATE)


def halve_mean(array: Pixels) -> Pixels:
    """Return the next level of a picture: the mean of each 2x2 block, in the same dtype."""
    import cv2  # noqa: PLC0415 - the same

    even = _even(array)
    h, w = even.shape[0] // 2, even.shape[1] // 2
    if even.dtype in (np.uint8, np.uint16, np.int16, np.float32, np.float64):
        return cv2.resize(even, (w, h), interpolation=cv2.INTER_AREA)
    small = cv2.resize(even.astype(np.float64), (w, h), interpolation=cv2.INTER_AREA)
    return (
        np.rint(small).astype(array.dtype)
        if array.dtype.kind in "iu"
        else small.astype(array.dtype)
    )


def halve_max(codes: Mask) -> Mask:
    """Return the next level of a difference map: the largest of each 2x2 block."""
    import cv2  # noqa: PLC0415 - the same

    even = _even(codes)
    rows = cv2.max(even[0::2], even[1::2])
    return np.maximum(rows[:, 0::2], rows[:, 1::2])


def halve_signed(codes: Mask) -> Mask:
    """Return the next level of a signed map: of each 2x2 block the code farthest from 128.

    Of two codes equally far on opposite sides the larger (brighter B) is kept.
    """
    import cv2  # noqa: PLC0415 - the same

    even = _even(codes)
    high, low = halve_max(even), np.bitwise_not(halve_max(np.bitwise_not(even)))
    middle = np.full_like(high, 128)
    up, down = cv2.subtract(high, middle), cv2.subtract(middle, low)
    return np.where(up >= down, high, low).astype(np.uint8, copy=False)
