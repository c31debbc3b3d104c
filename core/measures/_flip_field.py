"""FLIP over a strip, made tile by tile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.measures._flip_filters import filters, radius
from core.measures._flip_light import Exposures, ToneMapper, light, shown
from core.measures._flip_map import Shape, Work, flip
from core.types import Rect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.measures import Sample
    from core.types import Mask, Pixels

_TILE: Final = (256, 512)
"""(height, width) that parts of a strip are near to: a few planes of them stay in a core's cache,
and the margins are a small part."""


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """FLIP over one strip.

    Attributes
    ----------
    values
        (h, w) float32, 0...1; 0 where it says nothing.
    whole
        Where it says something: all that it looks at is valid. None means everywhere.
    pixels
        How many pixels that is.
    """

    values: Pixels
    whole: Mask | None
    pixels: int


def channels_of(pixels: Pixels) -> int | None:
    """Return 1 for gray, 3 for RGB, None for anything else."""
    if pixels.ndim == 2:
        return 1
    return 3 if pixels.shape[2] == 3 else None


def field_of(
    sample: Sample, pixels_per_degree: float, exposed: Exposures | None, mapper: ToneMapper
) -> Field:
    """Return FLIP over a strip; `exposed` is None for low dynamic range."""
    reach, kernels = radius(pixels_per_degree), filters(pixels_per_degree)
    values: Pixels = np.zeros((sample.rect.height, sample.rect.width), np.float32)
    channels = channels_of(sample.colors[0])
    if not sample.seen or channels is None:
        return Field(values, np.zeros(values.shape, np.uint8), 0)
    whole, pixels = _whole(sample, reach)
    if pixels == 0:
        return Field(values, whole, 0)
    work: Work | None = None
    tiles = list(_tiles(sample.rect.height, sample.rect.width))
    first = tiles[0]  # the largest
    for rect in tiles:
        pair = _cut(sample, rect, reach)
        if pair is None:
            continue
        if work is None:
            work = Work(Shape(first.height, first.width, reach), channels)
        shape = Shape(rect.height, rect.width, reach)
        encoded = not sample.linear
        if exposed is None:
            _lit(pair, work.light(shape), encoded=encoded, hdr=False)
            values[rect.slices] = flip(kernels, shape, work)
            continue
        planes = [np.empty_like(p) for p in work.light(shape)]
        _lit(pair, planes, encoded=encoded, hdr=True)
        out = values[rect.slices]
        for factor in exposed.factors:
            shown(planes, factor, mapper, work.light(shape))
            np.maximum(out, flip(kernels, shape, work), out=out)
    return Field(values if whole is None else cv2.copyTo(values, whole), whole, pixels)


def _lit(pair: tuple[Pixels, Pixels], planes: list[Pixels], *, encoded: bool, hdr: bool) -> None:
    """Put the light of A into the upper half of the planes, and that of B into the lower half."""
    half = planes[0].shape[0] // 2
    for pixels, rows in zip(pair, (slice(half), slice(half, None)), strict=True):
        light(pixels, encoded=encoded, hdr=hdr, out=[p[rows] for p in planes])


def _tiles(height: int, width: int) -> Iterator[Rect]:
    """Cut a strip into parts of even size near `_TILE`."""
    down, right = (max(round(n / size), 1) for n, size in zip((height, width), _TILE, strict=True))
    rows, cols = -(-height // down), -(-width // right)
    for row in range(0, height, rows):
        for col in range(0, width, cols):
            yield Rect(row, col, min(rows, height - row), min(cols, width - col))


def _whole(sample: Sample, reach: int) -> tuple[Mask | None, int]:
    """Return where all within reach, on the canvas, is valid (None: everywhere), and how many."""
    every = sample.rect.area
    if sample.valid is None:
        return None, every
    rows, cols = (_grown(s, reach) for s in sample.inner)
    mask = np.ascontiguousarray(sample.valid[rows, cols])
    if cv2.countNonZero(mask) == mask.size:
        return None, every
    side = np.ones((1, 2 * reach + 1), np.uint8)  # in two steps: along rows, then along columns
    shrunk = cv2.erode(cv2.erode(mask, side), side.T)
    top, left = sample.inner[0].start - rows.start, sample.inner[1].start - cols.start
    inner = shrunk[top : top + sample.rect.height, left : left + sample.rect.width]
    whole = np.ascontiguousarray(inner, np.uint8)
    return whole, cv2.countNonZero(whole)


def _grown(part: slice, reach: int) -> slice:
    return slice(max(part.start - reach, 0), part.stop + reach)


def _cut(sample: Sample, rect: Rect, reach: int) -> tuple[Pixels, Pixels] | None:
    """Return A and B around a part of the strip; None where they are the same.

    What is invalid is 0 in both. The pixels at the border of the canvas are repeated outwards.
    """
    rows, cols = (
        slice(s.start + first, s.start + last)
        for s, first, last in zip(
            sample.inner, (rect.row, rect.col), (rect.bottom, rect.right), strict=True
        )
    )
    where = _grown(rows, reach), _grown(cols, reach)
    a, b = (x[where] for x in sample.colors)
    if sample.valid is not None:
        mask = np.ascontiguousarray(sample.valid[where])
        if cv2.countNonZero(mask) < mask.size:
            a, b = (cv2.copyTo(np.ascontiguousarray(x), mask) for x in (a, b))
    if cv2.norm(a, b, cv2.NORM_INF) == 0:
        return None
    height, width = rect.height + 2 * reach, rect.width + 2 * reach
    top, left = where[0].start - rows.start + reach, where[1].start - cols.start + reach
    bottom, right = height - top - a.shape[0], width - left - a.shape[1]
    if top or left or bottom or right:
        edges = top, bottom, left, right
        a, b = (cv2.copyMakeBorder(x, *edges, cv2.BORDER_REPLICATE) for x in (a, b))
    return a, b
