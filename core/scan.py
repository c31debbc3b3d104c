"""One strip of the exact answer: what a worker thread makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, Protocol, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from core.blocks import Cell, cells_of
from core.counting import counted, histogram, outside
from core.difference import SLACK, Difference, DifferenceParams, Space, codes_of, difference
from core.everywhere import everywhere
from core.linear import tail
from core.map_kinds import KINDS
from core.maps import first_level, reduced
from core.measures import Measure, Sample
from core.pipeline import Pipeline
from core.places.params import PlacesParams
from core.places.shapes import Shape, hull, inside
from core.prepared import state_of
from core.pyramid import level_shape
from core.scratch import Scratch
from core.tiles import both
from core.types import SCALE, MapKind, Mask, Pixels, Rect, Tile

_OF_PICTURES: Final = (MapKind.SIGNED, MapKind.RELATIVE)
"""Maps of the difference that need the pictures themselves."""
_ALIGN: Final = 64
"""Strips begin at multiples of this where places leave only a part of the canvas to look at."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one strip contributes."""

    pixels: int
    over: int
    partials: tuple[Any, ...]
    a: NDArray[np.int64] | None
    b: NDArray[np.int64] | None
    difference: NDArray[np.int64] | None  # None where nobody asked and the codes are kept
    beyond: int = 0  # pixels that differ by more than 255
    ends: tuple[bool, bool] = (False, False)  # values of A or B below 0, above 255
    changed: Pixels | None = None  # magnitudes, 0 where not over the tolerance; for the regions
    map_beyond: bool = False  # whether the map of a measure has values beyond its scale


class Criterion(Protocol):
    """Something that decides, beside the tolerance, which pixels count as different.

    Attributes
    ----------
    halo
        How many neighbours it looks at.
    looks_at_pictures
        Whether it looks at the pixels of the tile itself, or only at the difference.
    """

    halo: int
    looks_at_pictures: bool

    def over(self, tile: Tile, inner: tuple[slice, slice], d: Difference) -> Mask:
        """Return which pixels of the inner part of a tile count; pure and thread-safe.

        ``d.over`` is what was decided so far: anything but 0 counts. What is not valid never does.
        """


class Scan:
    """The arrays that the strips fill, and the work on one strip.

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
    mapper
        The measure that makes the painted map; None when it is one of the difference's own.
    criteria
        What else decides which pixels count as different, beside the tolerance; one after another.
    only
        Pixels are measured that lie in a place of each of these groups, so all when there is none;
        None for the group of the settings. The stages see the whole canvas all the same.
    intervals
        Whether means come with intervals.

    Attributes
    ----------
    box
        The part of the canvas that holds what is measured: strips lie in it, and the arrays
        `codes`, `map_codes` and `valid` cover it alone.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        measures: Sequence[Measure],
        params: DifferenceParams,
        *,
        regions: bool,
        histograms: bool,
        mapper: Measure | None = None,
        criteria: Sequence[Criterion] = (),
        only: Sequence[Sequence[Shape]] | None = None,
        intervals: bool = True,
    ) -> None:
        self.intervals = intervals
        self.pipeline, self.measures, self.params = pipeline, tuple(measures), params
        self.histograms, self.mapper, self.criteria = histograms, mapper, tuple(criteria)
        self.tail = tail(pipeline, params)
        self.pictures = (
            histograms
            or params.map in _OF_PICTURES
            or mapper is not None
            or any(m.looks_at_pictures for m in measures)
            or any(c.looks_at_pictures for c in criteria)
        )
        settings = pipeline.settings
        self.map_halo = 0 if mapper is None else mapper.halo(settings)
        self.halo = max((m.halo(settings) for m in measures), default=0)
        self.halo = max(self.halo, self.map_halo, *(c.halo for c in criteria))
        self.canvas = Rect(0, 0, *pipeline.shape)
        self.first = first_level(pipeline.shape)
        own = settings[PlacesParams].counted
        self.only = [g for g in ([own] if only is None else only) if g]
        self.box = self._box()
        shape = self.box.height, self.box.width
        small, kind = level_shape(shape, self.first), params.map
        self.codes: Mask | None = np.empty(shape, np.uint8) if self.first == 0 else None
        own_map = kind is not MapKind.ABSOLUTE or self.codes is None
        self.map_codes: Mask = np.empty(small, np.uint8) if own_map else cast("Mask", self.codes)
        self.regions = regions
        self._scratch = Scratch()
        whole = not self.only and everywhere(pipeline)
        self.valid: Mask | None = None if whole else np.empty(small, np.uint8)

    def _box(self) -> Rect:
        if not self.only:
            return self.canvas
        found, step = self.canvas, max(_ALIGN, 1 << self.first)
        for group in self.only:
            found = found.intersect(hull(group))
        if found.empty:  # one strip, so that there is an answer: nothing is valid in it
            return Rect(0, 0, step, step).intersect(self.canvas)
        row, col = found.row // step * step, found.col // step * step
        bottom, right = -(-found.bottom // step) * step, -(-found.right // step) * step
        return Rect(row, col, bottom - row, right - col).intersect(self.canvas)

    def strips(self, rects: Iterable[Rect]) -> list[Rect]:
        """Return what lies in the box of strips that cover the canvas."""
        return [cut for rect in rects if not (cut := rect.intersect(self.box)).empty]

    def strip(self, rect: Rect) -> Part:
        """Do all the work on one strip."""
        place = rect.within(self.box)
        codes = None if self.codes is None else self.codes[place]
        shape, sums = self.pipeline.shape, any(m.adds_up for m in self.measures)
        cells = cells_of(rect, shape, apart=self.intervals) if sums else None
        tile, inner, d = self._subtracted(
            rect, self.pictures, self.halo, self._scratch, codes, cells
        )
        for criterion in self.criteria:
            d = replace(d, over=criterion.over(tile, inner, d))
        sample = sampled(
            self.pipeline, tile, inner, d, self.params, intervals=self.intervals,
            scratch=self._scratch,
        )  # fmt: skip
        map_codes, map_beyond = self._painted(sample, d)
        if self.codes is None:
            self._put_small(rect, map_codes, None if tile.valid is None else tile.valid[inner])
        else:
            if self.map_codes is not self.codes:
                self.map_codes[place] = map_codes
            if self.valid is not None:
                self.valid[place] = 255 if tile.valid is None else tile.valid[inner]
        counts = None
        if self.histograms or self.codes is None or d.magnitude.dtype != np.uint8:
            counts = counted(d.codes, None)
            counts[0] -= rect.area - d.pixels  # invalid pixels have code 0
        a = b = None
        if self.histograms:
            mask = sample.inner_valid
            mask = None if mask is None else np.ascontiguousarray(mask)
            a, b = (histogram(x[inner], mask) for x in (tile.a, tile.b))
        partials = tuple(self._partial(m, sample) for m in self.measures)
        over = cv2.countNonZero(d.over)
        full = counts is not None and counts[255]  # what is not counted are bytes, never beyond
        beyond = int(np.count_nonzero(d.magnitude > SCALE + SLACK)) if full else 0
        ends = outside(tile.a[inner], tile.b[inner]) if self.pictures else (False, False)
        return Part(
            d.pixels, over, partials, a, b, counts, beyond, ends, self._changed(d), map_beyond
        )

    def again(self, rect: Rect) -> tuple[Mask, Mask | None]:
        """Return the codes of the map over any rectangle, and where they are valid."""
        looked_at = self.mapper is not None or self.params.map in _OF_PICTURES
        tile, inner, d = self._subtracted(rect, looked_at, self.map_halo)
        codes, _ = self._painted(sampled(self.pipeline, tile, inner, d, self.params), d)
        return codes, None if tile.valid is None else tile.valid[inner]

    def _painted(self, sample: Sample, d: Difference) -> tuple[Mask, bool]:
        return painted_by(self.mapper, self.params.map, sample, d)

    def _subtracted(
        self, rect: Rect, pictures: bool, halo: int, scratch: Scratch | None = None,
        codes: Mask | None = None, cells: Sequence[Cell] | None = None,
    ) -> tuple[Tile, tuple[slice, slice], Difference]:  # fmt: skip
        signed = None if self.tail is None else self.tail.difference(rect)
        if signed is None or pictures:
            tile = self.pipeline.tile(rect.grow(halo).intersect(self.canvas), 0)
        else:
            tile = Tile(signed.pixels, signed.pixels, signed.valid, rect)  # nobody looks at them
        for group in self.only:
            tile = replace(tile, valid=both(tile.valid, inside(group, tile.rect)))
        inner, linear = rect.within(tile.rect), self.pipeline.linear
        made = difference(
            tile, inner, self.params, signed, linear=linear, scratch=scratch, codes=codes,
            cells=cells,
        )  # fmt: skip
        return tile, inner, made

    def _put_small(self, rect: Rect, codes: Mask, valid: Mask | None) -> None:
        """Fill the overview; the places of strips are multiples of its step."""
        step = 1 << self.first
        small = reduced(codes, self.params.map, self.first)
        row, col = rect.row - self.box.row, rect.col - self.box.col
        place = Rect(row // step, col // step, *small.shape).slices
        self.map_codes[place] = small
        if self.valid is not None:
            self.valid[place] = 255 if valid is None else valid[::step, ::step]

    def _changed(self, d: Difference) -> Pixels | None:
        exact = d.magnitude.dtype == np.uint8  # the codes are the magnitudes
        if not self.regions or (exact and self.codes is not None and not self.criteria):
            return None
        return cv2.copyTo(d.magnitude, d.over)  # not the magnitude itself: that is written over

    def _partial(self, measure: Measure, sample: Sample) -> Any:
        self.pipeline.token.check()
        return measure.partial(sample)


def sampled(
    pipeline: Pipeline, tile: Tile, inner: tuple[slice, slice], d: Difference,
    params: DifferenceParams, *, intervals: bool = True, scratch: Scratch | None = None,
) -> Sample:  # fmt: skip
    """Return what a measure sees of the inner part of a tile."""
    rect, (rows, cols) = tile.rect, inner
    return Sample(
        a=tile.a, b=tile.b, valid=tile.valid, inner=inner,
        rect=Rect(
            rect.row + rows.start, rect.col + cols.start,
            rows.stop - rows.start, cols.stop - cols.start,
        ),
        absolute=d.absolute, sums=d.sums, magnitude=d.magnitude, over=d.over, pixels=d.pixels,
        space="lab" if params.space is Space.LAB else "rgb", settings=pipeline.settings,
        canvas=level_shape(pipeline.shape, tile.level), intervals=intervals,
        alpha=pipeline.pair.keep_alpha, linear=pipeline.linear, seen=pipeline.keeps_color,
        state=partial(state_of, pipeline), scratch=scratch or Scratch(),
    )  # fmt: skip


def painted_by(
    mapper: Measure | None, kind: MapKind, sample: Sample, d: Difference
) -> tuple[Mask, bool]:
    """Return the codes of the painted map, and whether a value is beyond what 255 stands for."""
    if mapper is None:
        return d.map_codes, False
    values, high = mapper.map(kind, sample), KINDS[kind].high
    codes = codes_of(values * np.float32(SCALE / high))
    return codes, cv2.minMaxLoc(values)[1] > high if values.size else False
