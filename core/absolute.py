"""|A − B|, its largest channel and its sums: what every strip of a comparison needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.color import row_blocks
from core.scratch import Scratch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.blocks import Cell
    from core.types import Mask, Pixels

    Floats = NDArray[np.float64]

_BLOCK: Final = 1 << 20
"""Pixels looked at in one go. Blocks that fit a core's own cache would take half as long again:
each call of OpenCV takes so little time then that threads wait for each other between calls."""


def subtracted(
    a: Pixels, b: Pixels, scratch: Scratch, out: Mask | None, cells: Sequence[Cell] | None = None
) -> tuple[Pixels | None, Pixels, Floats | None]:
    """Return |a - b| per channel, the largest channel (h, w), and the sums of cells.

    The first two have the dtype of a and b and lie in `scratch`; the largest channel of bytes in
    `out`, where that is given. Bytes are added up where cells are given: (n, 2), of each cell what
    `sums_of` returns. Their |a - b| per channel is then not kept, but None: what is looked at stays
    in a core's own cache.
    """
    (height, width), dtype = a.shape[:2], a.dtype
    byte, gray = dtype == np.uint8, a.ndim == 2
    into = out if byte else None
    magnitude = scratch.array("largest", (height, width), dtype) if into is None else into
    cells = cells if byte else None
    sums = None if cells is None else np.zeros((len(cells), 2))
    absolute = magnitude if gray else None
    if not gray and cells is None:
        absolute = scratch.array("absolute", a.shape, dtype)
    for rows in row_blocks(height, width, _BLOCK):
        # What was just written is still in the cache when its channels are looked at.
        x, largest = a[rows], magnitude[rows]
        part = scratch.array("part", x.shape, dtype) if absolute is None else absolute[rows]
        cv2.absdiff(x, b[rows], part)
        if not gray:
            _put_largest(part, largest, scratch)
        if cells is not None and sums is not None:
            _add(part, rows.start, cells, sums)
    return absolute, magnitude, sums


def _add(part: Pixels, top: int, cells: Sequence[Cell], sums: Floats) -> None:
    """Add to the sums of cells what a block of whole rows from `top` on holds of each."""
    # As one plane with the channels side by side, whose parts OpenCV adds up twice as fast.
    flat, channels = part.reshape(part.shape[0], -1), 1 if part.ndim == 2 else part.shape[2]
    for i, cell in enumerate(cells):
        down, across = cell.where
        first, last = max(down.start - top, 0), min(down.stop - top, part.shape[0])
        if first < last:
            where = slice(across.start * channels, across.stop * channels)
            sums[i] += sums_of(flat[first:last, where])


def sums_of(plane: Pixels) -> tuple[float, float]:
    """Return the sum of a plane's values that are not below 0, and of their squares, in float64.

    Those of bytes are whole numbers, and so the same in whichever order they are added up.
    """
    first, second = cv2.norm(plane, cv2.NORM_L1), cv2.norm(plane, cv2.NORM_L2SQR)
    if plane.dtype != np.uint8:
        return first, second
    # Some builds take a root on the way to NORM_L2SQR; rounding gives the integer back as long as
    # the sum is below 2**52.
    return float(round(first)), float(round(second))


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
