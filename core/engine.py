"""Answers a `Request`: a preview at once, then the exact answer in strips."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cache as remember
from typing import Any, Final, TypeVar

import cv2
import numpy as np

from core import registry
from core.buffer import ImageBuffer
from core.cache import Cache
from core.difference import DifferenceParams, Space, difference, map_range
from core.errors import Cancelled
from core.maps import DifferenceMap
from core.measures import Measure, Totals
from core.pipeline import Pipeline
from core.pyramid import halve_max, halve_signed, preview_level
from core.regions.find import find
from core.regions.rule import RegionParams
from core.result import Finished, Preview, Progress, Request, Result
from core.scan import Part, Scan
from core.settings import Settings
from core.tiles import array_bytes, strip_rects
from core.types import (
    Histograms,
    MapKind,
    Mask,
    MeasureValue,
    Notice,
    Rect,
    Region,
    Token,
)

THREADS: Final = max(1, min(os.cpu_count() or 1, 8))
LAB_PEAK: Final = 100.0

# Strips are spread over our own threads; OpenCV's inside them would only get in each other's way.
cv2.setNumThreads(1)

T = TypeVar("T")


@remember
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="strips")


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
    Cancelled
        When `token` says that the answer is no longer wanted.
    """
    kept = cache.get(("result", request.key))
    if request.preview:
        yield preview(request, token, cache)
    if isinstance(kept, Result):
        yield Finished(kept)
        return
    started = time.perf_counter()
    pipeline = Pipeline(request.a, request.b, request.settings, cache, token=token)
    yield Progress(0.0, "preparing")
    pipeline.prepare()
    prepared = time.perf_counter()
    scan = Scan(
        pipeline,
        wanted_measures(request),
        difference_params(pipeline),
        keep_over=request.regions,
        histograms=request.histograms,
    )
    parts: list[Part] = []
    rects = strip_rects(pipeline.shape)
    for part in in_order(scan.strip, rects, token):
        parts.append(part)
        yield Progress(len(parts) / len(rects), "comparing")
    scanned = time.perf_counter()
    result = _assemble(request, pipeline, scan, parts, token)
    ended = time.perf_counter()
    timings = {
        "prepare": prepared - started,
        "scan": scanned - prepared,
        "finish": ended - scanned,
        "total": ended - started,
    }
    result = replace(result, timings=timings)
    cache.put(("result", request.key), result, array_bytes(result.map) + 65536)
    yield Finished(result)


def preview(request: Request, token: Token, cache: Cache) -> Preview:
    """Run the chain on overviews of at most about one megapixel."""
    level = preview_level(_larger(request.a.shape, request.b.shape))
    pipeline = Pipeline(request.a, request.b, request.settings, cache, level=level, token=token)
    pipeline.prepare()
    height, width = (-(-n // (1 << level)) for n in pipeline.shape)
    tile = pipeline.tile(Rect(0, 0, height, width), level)
    params = difference_params(pipeline)
    d = difference(tile, (slice(None), slice(None)), params)
    low, high, _ = map_range(params.map)
    return Preview(tile, d.map_codes, low, high, pipeline.summaries())


def difference_params(pipeline: Pipeline) -> DifferenceParams:
    """Return the difference settings as they can be met: Lab needs colour."""
    params = pipeline.settings[DifferenceParams]
    return params if pipeline.has_color else params.replace(space=Space.RGB)


def wanted_measures(request: Request) -> tuple[Measure, ...]:
    """Return the measures that make the wanted names."""
    return tuple(
        m
        for m in registry.measures()
        if (request.measures is None or request.measures & set(m.names))
        and (request.histograms or not m.needs_histograms)
    )


def in_order(work: Callable[[Rect], T], rects: Sequence[Rect], token: Token) -> Iterator[T]:
    """Do `work` on every rectangle, several at once, and yield the answers in order.

    Stops between strips when the token says so; what is running then ends by itself.
    """
    if len(rects) == 1:
        token.check()
        yield work(rects[0])
        return
    pool, waiting, left = _pool(), deque[Future[T]](), iter(rects)
    try:
        for _ in range(2 * THREADS):
            if (rect := next(left, None)) is not None:
                waiting.append(pool.submit(_checked(work, token), rect))
        while waiting:
            token.check()
            yield waiting.popleft().result()
            if (rect := next(left, None)) is not None:
                waiting.append(pool.submit(_checked(work, token), rect))
    finally:
        for future in waiting:
            future.cancel()
        for future in waiting:
            if not future.cancelled():
                _settled(future)


def _settled(future: Future[Any]) -> None:
    """Wait until a strip that nobody wants any more has let go of its arrays."""
    future.exception()


def _checked(work: Callable[[Rect], T], token: Token) -> Callable[[Rect], T]:
    def run(rect: Rect) -> T:
        if token.cancelled:
            raise Cancelled
        return work(rect)

    return run


def _larger(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    return max(a[0], b[0]), max(a[1], b[1])


def _assemble(
    request: Request, pipeline: Pipeline, scan: Scan, parts: Sequence[Part], token: Token
) -> Result:
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
    listed: tuple[Region, ...] = ()
    count = 0
    if scan.over is not None:
        listed, count = find(scan.codes, scan.over, request.settings[RegionParams], token)
    notices = pipeline.notices()
    if request.settings[DifferenceParams].space is Space.LAB and not lab:
        text = "Lab needs colour; the difference is taken in the values as they are instead."
        notices = (*notices, Notice("lab_needs_color", text, "warning"))
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
        map=_map(scan, token),
        regions=tuple(listed),
        region_count=count,
        alignment=placement.alignment,
        notices=notices,
        summaries=pipeline.summaries(),
        differs=sum(p.over for p in parts) > 0 or placement.size_mismatch,
        timings={},
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


def _histograms(pipeline: Pipeline, parts: Sequence[Part]) -> Histograms:
    names = pipeline.pair.channel_names
    empty = np.zeros((len(names), 256), np.int64)
    return Histograms(
        channels=names,
        a=sum((p.a for p in parts if p.a is not None), empty),
        b=sum((p.b for p in parts if p.b is not None), empty),
        difference=sum((p.difference for p in parts), np.zeros(256, np.int64)),
    )


def _map(scan: Scan, token: Token) -> DifferenceMap:
    kind = scan.params.map
    halve = halve_signed if kind is MapKind.SIGNED else halve_max
    levels: list[Mask] = [scan.map_codes]
    while max(levels[-1].shape) > 256:
        token.check()
        levels.append(halve(levels[-1]))
    low, high, unit = map_range(kind)
    return DifferenceMap(kind, tuple(levels), scan.codes, scan.valid, low, high, unit)
