"""Answers a `Request`: a preview at once, then the exact answer in strips."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from core import registry
from core.buffer import ImageBuffer
from core.cache import Cache
from core.difference import SLACK, DifferenceParams, Space, difference, map_range
from core.errors import SettingsError
from core.histograms import Histograms
from core.maps import DifferenceMap, reduced
from core.measures import Measure, Totals
from core.parallel import apart, in_order
from core.pipeline import Pipeline
from core.pyramid import preview_level
from core.regions.find import Bands, find_above
from core.regions.rule import RegionParams
from core.result import Finished, Preview, Progress, Request, Result
from core.scan import Part, Scan
from core.settings import Settings
from core.tiles import strip_rects
from core.types import (
    MapKind,
    Mask,
    MeasureValue,
    Notice,
    Rect,
    Region,
    Token,
)

LAB_PEAK: Final = 100.0


def compare(
    a: ImageBuffer,
    b: ImageBuffer,
    settings: Settings | None = None,
    *,
    measures: Sequence[str] | None = None,
    regions: bool = True,
    histograms: bool = True,
    token: Token | None = None,
) -> Result:
    """Compare two pictures and return the exact answer.

    Parameters
    ----------
    a, b
        The pictures.
    settings
        What happens to them first, and what counts as different; the defaults when None.
    measures
        Names of the measures wanted; all when None.
    regions, histograms
        Whether these are wanted.
    token
        Lets another thread stop the work; `Cancelled` is raised then.

    Raises
    ------
    CompareError
        When the pictures cannot be compared under these settings.
    SettingsError
        When there is no measure of a wanted name.
    """
    wanted = None if measures is None else frozenset(measures)
    request = Request(a, b, settings or Settings(), wanted, regions, histograms)
    for event in iterate(request, token or Token(), Cache()):
        if isinstance(event, Finished):
            return event.result
    raise AssertionError("the engine ended without an answer")


def iterate(
    request: Request, token: Token, cache: Cache
) -> Iterator[Preview | Progress | Finished]:
    """Yield what is known, when it is known: `Preview` if asked for, `Progress`, `Finished`.

    Raises
    ------
    CompareError
        When the pictures cannot be compared under these settings.
    SettingsError
        When there is no measure of a wanted name.
    Cancelled
        When `token` says that the answer is no longer wanted.
    """
    # Pictures of equal pixels have equal keys, but a result and its notices name the files.
    key = ("result", request.key, request.a.path, request.b.path)
    kept = cache.get(key)
    wanted = wanted_measures(request)
    if request.preview:
        yield preview(request, token, cache)
    if isinstance(kept, Result):
        a, b = request.a.info, request.b.info  # a file that was written anew says another time
        yield Finished(kept if (kept.a, kept.b) == (a, b) else replace(kept, a=a, b=b))
        return
    started = time.perf_counter()
    pipeline = Pipeline(request.a, request.b, request.settings, cache, token=token)
    yield Progress(0.0, "preparing")
    apart(pipeline.prepare, token)
    prepared = time.perf_counter()
    scan = Scan(
        pipeline,
        wanted,
        difference_params(pipeline),
        regions=request.regions,
        histograms=request.histograms,
    )
    parts: list[Part] = []
    rects = strip_rects(pipeline.shape)
    finding = Bands(pipeline.shape, request.settings[RegionParams], token)
    for part, rect in zip(in_order(scan.strip, rects, token), rects, strict=True):
        if part.changed is not None:
            finding.add(part.changed, rect)
        parts.append(replace(part, changed=None))
        yield Progress(len(parts) / len(rects), "comparing")
    scanned = time.perf_counter()
    result = _assemble(request, pipeline, scan, parts, finding, token)
    ended = time.perf_counter()
    timings = {
        "prepare": prepared - started,
        "scan": scanned - prepared,
        "finish": ended - scanned,
        "total": ended - started,
    }
    result = replace(result, timings=timings)
    cache.put(key, result, result.map.nbytes + 65536)
    yield Finished(result)


def preview(request: Request, token: Token, cache: Cache) -> Preview:
    """Run the chain on overviews of at most about one megapixel."""
    level = preview_level(_larger(request.a.shape, request.b.shape))
    pipeline = Pipeline(request.a, request.b, request.settings, cache, level=level, token=token)
    pipeline.prepare()
    height, width = (-(-n // (1 << level)) for n in pipeline.shape)
    tile = pipeline.tile(Rect(0, 0, height, width), level)
    params = difference_params(pipeline)
    d = difference(tile, (slice(None), slice(None)), params, linear=pipeline.linear)
    low, high, _ = map_range(params.map)
    return Preview(tile, d.map_codes, low, high, pipeline.summaries())


def difference_params(pipeline: Pipeline) -> DifferenceParams:
    """Return the difference settings as they can be met: Lab needs colour."""
    params = pipeline.settings[DifferenceParams]
    return params if pipeline.has_color else params.replace(space=Space.RGB)


def wanted_measures(request: Request) -> tuple[Measure, ...]:
    """Return the measures that make the wanted names; see `iterate` for what is raised."""
    known = [n for m in registry.measures() for n in m.names]
    if unknown := (request.measures or frozenset()) - set(known):
        names = f"“{min(unknown)}”; there are: {', '.join(known)}"
        raise SettingsError(f"There is no measure {names}.")
    return tuple(
        m
        for m in registry.measures()
        if (request.measures is None or request.measures & set(m.names))
        and (request.histograms or not m.needs_histograms)
    )


def _larger(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    return max(a[0], b[0]), max(a[1], b[1])


def _assemble(
    request: Request, pipeline: Pipeline, scan: Scan, parts: Sequence[Part], finding: Bands,
    token: Token,
) -> Result:  # fmt: skip
    """Put the parts of all strips together."""
    token.check()
    pixels = sum(p.pixels for p in parts)
    histograms = _histograms(pipeline, parts)
    params = scan.params
    lab = params.space is Space.LAB
    totals = Totals(
        pixels=pixels,
        channels=3 if lab else len(pipeline.pair.channel_names),
        peak=LAB_PEAK if lab else 255.0,
        tolerance=params.tolerance,
        histograms=histograms if request.histograms else None,
        space="lab" if lab else "rgb",
    )
    measures = _measures(request, scan, parts, totals)
    listed, count = _regions(request, scan, finding, token)
    notices = pipeline.notices()
    if not pixels:
        text = "There is no pixel at which both pictures exist, so there is nothing to measure."
        notices = (*notices, Notice("no_overlap", text, "warning"))
    placement = pipeline.placement
    return Result(
        a=request.a.info,
        b=request.b.info,
        settings=request.settings,
        shape=pipeline.shape,
        pixels=pixels,
        measures=measures,
        histograms=histograms,
        map=_map(scan, histograms, token),
        regions=tuple(listed),
        region_count=count,
        alignment=placement.alignment,
        notices=notices,
        summaries=pipeline.summaries(),
        differs=sum(p.over for p in parts) > 0 or placement.size_mismatch,
        timings={},
        values=pipeline.pair.words,
    )


def _measures(
    request: Request, scan: Scan, parts: Sequence[Part], totals: Totals
) -> dict[str, MeasureValue]:
    values: dict[str, MeasureValue] = {}
    for i, measure in enumerate(scan.measures):
        for value in measure.finish([p.partials[i] for p in parts], totals):
            if request.measures is None or value.name in request.measures:
                values[value.name] = value
    return values


def _regions(
    request: Request, scan: Scan, finding: Bands, token: Token
) -> tuple[tuple[Region, ...], int]:
    rule = request.settings[RegionParams]
    if not request.regions:
        return (), 0
    if finding.begun or scan.codes is None:
        return finding.finish()
    return find_above(scan.codes, scan.params.tolerance + SLACK, rule, token)


def _histograms(pipeline: Pipeline, parts: Sequence[Part]) -> Histograms:
    names = pipeline.pair.channel_names
    empty = np.zeros((len(names), 256), np.int64)
    return Histograms(
        channels=names,
        a=sum((p.a for p in parts if p.a is not None), empty),
        b=sum((p.b for p in parts if p.b is not None), empty),
        difference=sum((p.difference for p in parts), np.zeros(256, np.int64)),
        beyond=sum(p.beyond for p in parts),
        below=any(p.ends[0] for p in parts),
        above=any(p.ends[1] for p in parts),
    )


def _map(scan: Scan, histograms: Histograms, token: Token) -> DifferenceMap:
    kind = scan.params.map
    levels: list[Mask] = [scan.map_codes]
    while max(levels[-1].shape) > 256:
        token.check()
        levels.append(reduced(levels[-1], kind, 1))
    remake = None
    if scan.first:
        scan.pipeline.outlive()
        remake = scan.again
    return DifferenceMap(
        kind, tuple(levels), scan.codes, scan.valid, *map_range(kind), scan.pipeline.shape,
        scan.first, remake, histograms.below if kind is MapKind.RELATIVE else histograms.beyond > 0,
    )  # fmt: skip
