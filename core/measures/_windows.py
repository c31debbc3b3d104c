"""Parts of a strip with their neighbours, for measures that look around each pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from core.types import Rect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.measures import Sample
    from core.types import Mask, Pixels


def tiles(shape: tuple[int, ...], size: tuple[int, int]) -> Iterator[Rect]:
    """Yield the parts of a strip, each of at most (rows, cols) `size`."""
    height, width = shape[:2]
    for row in range(0, height, size[0]):
        for col in range(0, width, size[1]):
            yield Rect(row, col, min(size[0], height - row), min(size[1], width - col))


def cut(pixels: Pixels, rect: Rect, sample: Sample, margin: int) -> Pixels:
    """Return a part of a strip with its neighbours, (h + 2 margin, w + 2 margin).

    Parameters
    ----------
    pixels
        Over the same pixels as ``sample.a``, which must reach `margin` beyond the strip except at
        the border of the canvas.
    rect
        The part, in the strip.

    Returns
    -------
    pixels
        A view, or a copy with 0 beyond the canvas.
    """
    rows, cols = sample.inner
    outer = rect.shift(rows.start, cols.start).grow(margin)
    part = outer.intersect(Rect.of(pixels))
    inside: Pixels = pixels[part.slices]
    if part == outer:
        return inside
    return cv2.copyMakeBorder(
        inside, part.row - outer.row, outer.bottom - part.bottom, part.col - outer.col,
        outer.right - part.right, cv2.BORDER_CONSTANT, value=0,
    )  # fmt: skip


def there(rect: Rect, sample: Sample, margin: int) -> Mask | None:
    """Return which pixels of a part and its neighbours exist: on the canvas and valid.

    The same shape as from `cut`, contiguous; None when all do.
    """
    valid = sample.valid
    if valid is None:
        rows, cols = sample.inner
        outer = rect.shift(rows.start, cols.start).grow(margin)
        if outer.intersect(Rect.of(sample.a)) == outer:
            return None
        valid = np.full(sample.a.shape[:2], 255, np.uint8)
    mask = np.ascontiguousarray(cut(valid, rect, sample, margin), np.uint8)
    return None if cv2.countNonZero(mask) == mask.size else mask
