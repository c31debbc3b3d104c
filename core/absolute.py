"""|A − B|, and its largest channel: the two things that every strip of a comparison needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.color import row_blocks
from core.scratch import Scratch

if TYPE_CHECKING:
    from core.types import Mask, Pixels

_BLOCK: Final = 1 << 17
"""Pixels looked at in one go: their channels, apart and together, fit a core's own cache."""


def subtracted(a: Pixels, b: Pixels, scratch: Scratch, out: Mask | None) -> tuple[Pixels, Pixels]:
    """Return |a - b| per channel, and the largest channel (h, w), both of the dtype of a and b.

    They lie in `scratch`; the largest channel of bytes in `out`, where that is given.
    """
    shape, dtype = a.shape[:2], a.dtype
    into = out if dtype == np.uint8 else None
    magnitude = scratch.array("largest", shape, dtype) if into is None else into
    if a.ndim == 2:
        cv2.absdiff(a, b, magnitude)
        return magnitude, magnitude
    absolute = scratch.array("absolute", a.shape, dtype)
    for rows in row_blocks(a.shape[0], a.shape[1], _BLOCK):
        # What was just written is still in the cache when its channels are looked at.
        cv2.absdiff(a[rows], b[rows], absolute[rows])
        _put_largest(absolute[rows], magnitude[rows], scratch)
    return absolute, magnitude


def largest_channel(pixels: Pixels, scratch: Scratch | None = None) -> Pixels:
    """Return the largest channel of each pixel, (h, w), same dtype; it may lie in `scratch`."""
    if pixels.ndim == 2:
        return pixels
    scratch = scratch or Scratch()
    out = scratch.array("largest", pixels.shape[:2], pixels.dtype)
    for rows in row_blocks(out.shape[0], out.shape[1], _BLOCK):
        _put_largest(pixels[rows], out[rows], scratch)
    return out


def _put_largest(pixels: Pixels, out: Pixels, scratch: Scratch) -> None:
    planes = scratch.planes("planes", pixels.shape[2], out.shape, out.dtype)
    cv2.split(pixels, planes)
    cv2.max(planes[0], planes[-1], out)
    for plane in planes[1:-1]:
        cv2.max(out, plane, out)
