"""CIE L*a*b* of the pixels of a strip, tile by tile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from core.lab import TILE, LabPair, Planes, exact_lab, tiles
from core.measures._changed import changed

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from core.measures import Sample
    from core.types import Pixels

    Paint = Callable[[Planes], tuple[Pixels, ...]]


def painted(sample: Sample, count: int, paint: Paint) -> tuple[Pixels, ...]:
    """Return `count` maps over a strip: (h, w) float32 each, exactly 0 where invalid.

    Parameters
    ----------
    sample
        The strip; alpha is left out.
    count
        Number of maps.
    paint
        Makes a tile's values of its Lab: arrays of as many as it has pixels; 0 where colours are
        equal.
    """
    a, b = _inner_colors(sample)
    shape = (sample.rect.height, sample.rect.width)
    maps = tuple(np.zeros(shape, np.float32) for _ in range(count))
    pixels, color, linear = min(TILE, shape[0] * shape[1]), a.ndim == 3, sample.linear
    pair = sample.scratch.once(
        ("lab", pixels, color, linear), lambda: LabPair(pixels, color=color, linear=linear)
    )
    for tile in tiles(*shape):
        box = changed(sample.magnitude[tile.slices])
        if box is None:
            continue
        where = box.shift(tile.row, tile.col).slices
        for out, made in zip(maps, paint(pair.of(a[where], b[where])), strict=True):
            out[where] = made.reshape(box.height, box.width)
    valid = sample.inner_valid
    return maps if valid is None else tuple(cv2.copyTo(each, valid) for each in maps)


def exact_at(sample: Sample, numbers: NDArray[np.intp]) -> tuple[Pixels, Pixels]:
    """Return Lab of A and of B, (k, 3) float64, of pixels of a strip, counted row by row."""
    where = np.divmod(numbers, sample.rect.width)
    one, other = (exact_lab(each[where], linear=sample.linear) for each in _inner_colors(sample))
    return one, other


def _inner_colors(sample: Sample) -> tuple[Pixels, Pixels]:
    one, other = (_color_of(each[sample.inner]) for each in sample.colors)
    return one, other


def _color_of(pixels: Pixels) -> Pixels:
    """Return (h, w) gray or (h, w, C >= 3); of what has two channels the first is gray."""
    if pixels.ndim == 2 or pixels.shape[2] >= 3:
        return pixels
    return pixels[:, :, 0]
