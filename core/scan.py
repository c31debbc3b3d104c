"""One strip of the exact answer: what a worker thread makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from core.difference import SLACK, Difference, DifferenceParams, Space, difference
from core.geometry import IDENTITY
from core.linear import tail
from core.maps import first_level, reduced
from core.measures import Measure, Sample
from core.pipeline import Pipeline
from core.pyramid import level_shape
from core.types import SCALE, MapKind, Mask, Pixels, Rect, Tile

_PAIRED: Final = 1 << 17
"""From so many pixels on it is worth while to count them in pairs, which needs 65,536 bins."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one strip contributes."""

    pixels: int
    over: int
    partials: tuple[Any, ...]
    a: NDArray[np.int64] | None
    b: NDArray[np.int64] | None
    difference: NDArray[np.int64]
    beyond: int = 0  # pixels that differ by more than 255
    ends: tuple[bool, bool] = (False, False)  # values of A or B below 0, above 255
    changed: Pixels | None = None  # magnitudes, 0 where not over the tolerance; for the regions


class Scan:
    """The whole-picture arrays that the strips fill, and the work on one strip.

    Strips may be worked on by several threads at once: each writes only its own pixels. Of a huge
    canvas (`core.maps.KEPT_PIXELS`) only an overview is filled. Each part brings its magnitudes for
    the regions where the codes do not hold all of them, or not what they are exactly.

    Parameters
    ----------
    pipeline
        Prepared: all states are made.
    measures
        Those wanted.
    regions
        Whether regions are wanted.
    histograms
        Count the values of A and B.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        measures: Sequence[Measure],
        params: DifferenceParams,
        *,
        regions: bool,
        histograms: bool,
    ) -> None:
        shape = pipeline.shape
        self.pipeline, self.measures, self.params = pipeline, tuple(measures), params
        self.histograms = histograms
        self.tail = tail(pipeline, params)
        self.pictures = (
            histograms
            or params.map in (MapKind.SIGNED, MapKind.RELATIVE)
            or any(getattr(m, "looks_at_pictures", True) for m in measures)
        )
        self.halo = max((m.halo for m in measures), default=0)
        self.canvas = Rect(0, 0, *shape)
        self.first = first_level(shape)
        small, kind = level_shape(shape, self.first), params.map
        self.codes: Mask | None = np.empty(shape, np.uint8) if self.first == 0 else None
        own_map = kind is not MapKind.ABSOLUTE or self.codes is None
        self.map_codes: Mask = np.empty(small, np.uint8) if own_map else cast("Mask", self.codes)
        self.regions = regions
        self.valid: Mask | None = None if everywhere(pipeline) else np.empty(small, np.uint8)

    def strip(self, rect: Rect) -> Part:
        """Do all the work on one strip."""
        tile, inner, d = self._subtracted(rect, self.pictures, self.halo)
        if self.codes is None:
            self._put_small(rect, d.map_codes, None if tile.valid is None else tile.valid[inner])
        else:
            self.codes[rect.slices] = d.codes
            if self.map_codes is not self.codes:
                self.map_codes[rect.slices] = d.map_codes
            if self.valid is not None:
                self.valid[rect.slices] = 255 if tile.valid is None else tile.valid[inner]
        sample = Sample(
            a=tile.a, b=tile.b, valid=tile.valid, inner=inner, rect=rect, absolute=d.absolute,
            magnitude=d.magnitude, over=d.over, pixels=d.pixels,
            space="lab" if self.params.space is Space.LAB else "rgb",
        )  # fmt: skip
        counts = counted(d.codes, None)
        counts[0] -= rect.area - d.pixels  # invalid pixels have code 0
        a = b = None
        if self.histograms:
            mask = sample.inner_valid
            mask = None if mask is None else np.ascontiguousarray(mask)
            a, b = (histogram(x[inner], mask) for x in (tile.a, tile.b))
        partials = tuple(self._partial(m, sample) for m in self.measures)
        over = cv2.countNonZero(d.over)
        beyond = int(np.count_nonzero(d.magnitude > SCALE + SLACK)) if counts[255] else 0
        ends = outside(tile.a[inner], tile.b[inner]) if self.pictures else (False, False)
        return Part(d.pixels, over, partials, a, b, counts, beyond, ends, self._changed(d))

    def again(self, rect: Rect) -> tuple[Mask, Mask | None]:
        """Return the codes of the map over any rectangle, and where they are valid."""
        looked_at = self.params.map in (MapKind.SIGNED, MapKind.RELATIVE)
        tile, inner, d = self._subtracted(rect, looked_at, 0)
        return d.map_codes, None if tile.valid is None else tile.valid[inner]

    def _subtracted(
        self, rect: Rect, pictures: bool, halo: int
    ) -> tuple[Tile, tuple[slice, slice], Difference]:
        signed = None if self.tail is None else self.tail.difference(rect)
        if signed is None or pictures:
            tile = self.pipeline.tile(rect.grow(halo).intersect(self.canvas), 0)
        else:
            tile = Tile(signed.pixels, signed.pixels, signed.valid, rect)  # nobody looks at them
        inner = rect.within(tile.rect)
        return (
            tile,
            inner,
            difference(tile, inner, self.params, signed, linear=self.pipeline.linear),
        )

    def _put_small(self, rect: Rect, codes: Mask, valid: Mask | None) -> None:
        """Fill the overview; the places of strips are multiples of its step."""
        step = 1 << self.first
        small = reduced(codes, self.params.map, self.first)
        place = Rect(rect.row // step, rect.col // step, *small.shape).slices
        self.map_codes[place] = small
        if self.valid is not None:
            self.valid[place] = 255 if valid is None else valid[::step, ::step]

    def _changed(self, d: Difference) -> Pixels | None:
        exact = d.magnitude.dtype == np.uint8  # the codes are the magnitudes
        if not self.regions or (exact and self.codes is not None):
            return None
        return cv2.copyTo(d.magnitude, d.over) if self.params.tolerance else d.magnitude

    def _partial(self, measure: Measure, sample: Sample) -> Any:
        self.pipeline.token.check()
        return measure.partial(sample)


def everywhere(pipeline: Pipeline) -> bool:
    """Whether every pixel of the canvas is valid, so that no mask need be kept."""
    if pipeline.a.nonfinite or pipeline.b.nonfinite or pipeline.pair.leaves_out:
        return False
    edges, placement = Rect(0, 0, *pipeline.shape), pipeline.placement
    if placement.a == placement.b == IDENTITY and pipeline.a.shape == pipeline.b.shape:
        return pipeline.a.shape == pipeline.shape  # the edges of large files take long to read
    top, left = Rect(0, 0, 1, edges.width), Rect(0, 0, edges.height, 1)
    bottom, right = (
        Rect(edges.height - 1, 0, 1, edges.width),
        Rect(0, edges.width - 1, edges.height, 1),
    )
    return all(
        pipeline.pair.fetch(side, 0, pipeline.placement).valid is None
        for side in (top, left, bottom, right)
    )


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
    pairs = _counts([codes[:half], codes[half : 2 * half]], [0, 1], None).reshape(256, 256)
    counts = np.asarray(pairs.sum(axis=0) + pairs.sum(axis=1))
    return counts + _counts([codes[2 * half :]], [0], None) if codes.shape[0] % 2 else counts


def _counts(planes: list[Mask], channels: list[int], mask: Mask | None) -> NDArray[np.int64]:
    sizes, ranges = [256] * len(channels), [0.0, 256.0] * len(channels)
    counts: NDArray[Any] = cv2.calcHist(planes, channels, mask, sizes, ranges)
    return counts.ravel().astype(np.int64)
