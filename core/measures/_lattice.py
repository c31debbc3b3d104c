"""Coarser lattices: pictures averaged over squares of step x step pixels of the canvas.

The squares are counted from the canvas origin, so they are the same however the canvas is cut into
strips. A coarse pixel belongs to the strip, and to the block, in which its first pixel lies; it is
valid where all its pixels are, and squares that the end of the canvas cuts off do not exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from core.color import row_blocks
from core.types import Rect

if TYPE_CHECKING:
    from core.measures import Sample
    from core.types import Mask, Pixels


def around(sample: Sample, reach: int, step: int = 1) -> tuple[tuple[slice, slice], Rect]:
    """Return the strip and up to `reach` pixels more, from a multiple of `step` on.

    Returns
    -------
    cut
        Slices that cut it out of the sample's pictures; views start there with a whole square.
    rect
        The same on the canvas. It has less than `reach` pixels more where the canvas ends, and up
        to ``step - 1`` less above and on the left.
    """
    rows, cols = sample.inner
    rect = sample.rect
    height, width = sample.a.shape[:2]
    outer = Rect(rect.row - rows.start, rect.col - cols.start, height, width)
    seen = rect.grow(reach).intersect(outer)
    top, left = -(-seen.row // step) * step, -(-seen.col // step) * step
    seen = Rect(top, left, max(seen.bottom - top, 0), max(seen.right - left, 0))
    return seen.within(outer), seen


def halved(pixels: Pixels) -> Pixels:
    """Return the means of squares of 2 x 2 pixels, float32 or float64; an odd end is left out."""
    height, width = pixels.shape[0] // 2, pixels.shape[1] // 2
    if height == 0 or width == 0:
        return np.empty((height, width, *pixels.shape[2:]), _wide(pixels))
    out = np.empty((height, width, *pixels.shape[2:]), _wide(pixels))
    for rows in row_blocks(height, 2 * width):  # a wider copy of everything would take much memory
        part = pixels[2 * rows.start : 2 * min(rows.stop, height), : 2 * width]
        part = part.astype(out.dtype, copy=False)
        cv2.resize(part, (width, part.shape[0] // 2), out[rows], interpolation=cv2.INTER_AREA)
    return out


def halved_mask(valid: Mask | None) -> Mask | None:
    """Return where all 2 x 2 pixels are valid; None means everywhere."""
    if valid is None:
        return None
    height, width = valid.shape[0] // 2 * 2, valid.shape[1] // 2 * 2
    even = valid[:height, :width]
    return even[::2, ::2] & even[1::2, ::2] & even[::2, 1::2] & even[1::2, 1::2]


def parents(rect: Rect, step: int) -> Rect:
    """Return the squares that hold a pixel of a rectangle; rows and columns are those of squares.

    Those in its first row or column may belong to another strip: see `owned`.
    """
    row, col = rect.row // step, rect.col // step
    return Rect(row, col, -(-rect.bottom // step) - row, -(-rect.right // step) - col)


def owned(where: tuple[slice, slice], rect: Rect, step: int) -> tuple[slice, slice]:
    """Return which of the `parents` of a strip have their first pixel in a part of the strip.

    Parameters
    ----------
    where
        Slices of the part out of the strip.
    rect
        The strip on the canvas.
    """
    rows, cols = where
    return (
        _first(rect.row, rows, step),
        _first(rect.col, cols, step),
    )


def enlarged(plane: Pixels, rect: Rect, step: int) -> Pixels:
    """Return the values of the `parents` of a strip at each of its pixels."""
    if rect.empty:
        return np.zeros((rect.height, rect.width), plane.dtype)
    if step > 1:
        size = plane.shape[1] * step, plane.shape[0] * step
        plane = cv2.resize(plane, size, interpolation=cv2.INTER_NEAREST)
    top, left = rect.row % step, rect.col % step
    return plane[top : top + rect.height, left : left + rect.width]


def _first(start: int, part: slice, step: int) -> slice:
    origin = start // step
    begin, end = (-(-(start + n) // step) - origin for n in (part.start, part.stop))
    return slice(begin, end)


def _wide(pixels: Pixels) -> type[np.floating]:
    return np.float64 if pixels.dtype == np.float64 else np.float32
