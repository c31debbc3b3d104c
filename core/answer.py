"""Puts the parts of all strips together into the exact answer."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

import numpy as np

from core.counting import all_counted
from core.difference import SLACK, Space
from core.histograms import Histograms
from core.map_kinds import KINDS
from core.maps import DifferenceMap, Levels
from core.measures import Totals
from core.places.params import PlacesParams
from core.pyramid import level_shape
from core.regions.find import find_above
from core.regions.rule import RegionParams
from core.result import Result
from core.types import MapKind, Notice, Rect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from core.known import Known
    from core.measures import Measure
    from core.regions.find import Bands
    from core.result import Request
    from core.scan import Part, Scan
    from core.types import Mask, MeasureValue, Region, Token

LAB_PEAK: Final = 100.0


class Answer:
    """What strips have found, and what was known before.

    Parameters
    ----------
    request, scan
        The question, and the work that was done for it.
    parts, finding
        What the strips found, in order, and the regions so far.
    known
        What need not be made again.

    Attributes
    ----------
    pixels, over
        Valid pixels, and how many of them count as different.
    histograms, map
        Made now, or known before; the map when it is first asked for.
    """

    def __init__(
        self, request: Request, scan: Scan, parts: Sequence[Part], finding: Bands, known: Known,
        token: Token,
    ) -> None:  # fmt: skip
        token.check()
        self._request, self._scan, self._parts = request, scan, parts
        self._finding, self._known, self._token = finding, known, token
        self.pixels = sum(p.pixels for p in parts)
        self.over = sum(p.over for p in parts)
        old = known.histograms
        self.histograms = old if old is not None and not scan.histograms else self._counted()

    @cached_property
    def map(self) -> DifferenceMap:
        """The painted map."""
        return self._known.map(self._request.settings) or self._painted()

    def families(self, wanted: Iterable[Measure]) -> dict[Measure, tuple[MeasureValue, ...]]:
        """Return the numbers of all wanted families, in their order."""
        totals, settings = self._totals(), self._request.settings
        new = {
            m: m.finish([p.partials[i] for p in self._parts], totals)
            for i, m in enumerate(self._scan.measures)
        }
        made = {m: new.get(m) or self._known.values(m, settings) for m in wanted}
        return {m: values for m, values in made.items() if values is not None}

    def result(
        self,
        families: Mapping[Measure, tuple[MeasureValue, ...]],
        names: frozenset[str] | None,
    ) -> Result:
        """Return the whole answer, with those numbers that are wanted (None: all)."""
        request, pipeline = self._request, self._scan.pipeline
        listed, count = self._regions()
        places = tuple(request.settings[PlacesParams].notices(pipeline.shape))
        notices = pipeline.notices() + places
        if not self.pixels:
            which = "both pictures exist and that counts" if places else "both pictures exist"
            text = f"There is no pixel at which {which}, so there is nothing to measure."
            notices = (*notices, Notice("no_overlap", text, "warning"))
        placement = pipeline.placement
        values = [v for family in families.values() for v in family]
        return Result(
            a=request.a.info,
            b=request.b.info,
            settings=request.settings,
            shape=pipeline.shape,
            pixels=self.pixels,
            over=self.over,
            measures={v.name: v for v in values if names is None or v.name in names},
            histograms=self.histograms,
            map=self.map,
            regions=tuple(listed),
            region_count=count,
            alignment=placement.alignment,
            notices=notices,
            summaries=pipeline.summaries(),
            differs=self.over > 0 or placement.size_mismatch,
            timings={},
            values=pipeline.pair.words,
        )

    def _totals(self) -> Totals:
        pipeline, params = self._scan.pipeline, self._scan.params
        lab = params.space is Space.LAB
        return Totals(
            pixels=self.pixels,
            channels=3 if lab else len(pipeline.pair.channel_names),
            peak=LAB_PEAK if lab else 255.0,
            tolerance=params.tolerance,
            histograms=self.histograms if self._request.histograms else None,
            space="lab" if lab else "rgb",
            settings=self._request.settings,
            canvas=pipeline.shape,
            linear=pipeline.linear,
            seen=pipeline.keeps_color,
        )

    def _regions(self) -> tuple[tuple[Region, ...], int]:
        if not self._request.regions:
            return (), 0
        codes = self._scan.codes
        if self._finding.begun or codes is None:
            found, count = self._finding.finish()
        else:
            rule = self._request.settings[RegionParams]
            limit = self._scan.params.tolerance + SLACK
            found, count = find_above(codes, limit, rule, self._token)
        return tuple(_moved(r, self._scan.box) for r in found), count

    def _counted(self) -> Histograms:
        names, parts = self._scan.pipeline.pair.channel_names, self._parts
        empty = np.zeros((len(names), 256), np.int64)
        return Histograms(
            channels=names,
            a=sum((p.a for p in parts if p.a is not None), empty),
            b=sum((p.b for p in parts if p.b is not None), empty),
            counts=self._differences(),
            beyond=sum(p.beyond for p in parts),
            below=any(p.ends[0] for p in parts),
            above=any(p.ends[1] for p in parts),
        )

    def _differences(self) -> NDArray[np.int64] | Callable[[], NDArray[np.int64]]:
        """Return how often each code is there, or what counts them when somebody asks."""
        known = [p.difference for p in self._parts if p.difference is not None]
        codes = self._scan.codes
        if codes is None or len(known) == len(self._parts):
            return sum(known, np.zeros(256, np.int64))
        return partial(all_counted, codes, codes.size - self.pixels)

    def _laid(self, part: Mask | None, nothing: int) -> Mask | None:
        """Lay what covers the scan's box on the whole canvas; the rest holds one value."""
        scan = self._scan
        if part is None or scan.box == scan.canvas:
            return part
        shape = level_shape(scan.pipeline.shape, scan.first)
        # Memory of zeros is only taken where it is written to.
        whole = np.full(shape, nothing, np.uint8) if nothing else np.zeros(shape, np.uint8)
        row, col = scan.box.row >> scan.first, scan.box.col >> scan.first
        whole[Rect(row, col, *part.shape).slices] = part
        return whole

    def _painted(self) -> DifferenceMap:
        scan = self._scan
        kind = scan.params.map
        info = KINDS[kind]
        codes, valid = (self._laid(x, 0) for x in (scan.codes, scan.valid))
        painted = codes
        if scan.map_codes is not scan.codes:
            painted = self._laid(scan.map_codes, 128 if kind is MapKind.SIGNED else 0)
        assert painted is not None
        remake = None
        if scan.first:
            scan.pipeline.outlive()
            remake = scan.again
        beyond = self.histograms.beyond > 0
        if scan.mapper is not None:
            beyond = any(p.map_beyond for p in self._parts)
        elif kind is MapKind.RELATIVE:
            beyond = self.histograms.below
        return DifferenceMap(
            kind, Levels(painted, kind), codes, valid, info.low, info.high, info.unit,
            scan.pipeline.shape, scan.first, remake, beyond,
        )  # fmt: skip


def _moved(region: Region, box: Rect) -> Region:
    """Return a region of a part of the canvas in the canvas's own coordinates."""
    if not box.row and not box.col:
        return region
    peak = region.peak_at[0] + box.row, region.peak_at[1] + box.col
    return replace(region, rect=region.rect.shift(box.row, box.col), peak_at=peak)
