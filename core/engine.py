"""Answers a `Request`: a preview at once, then the exact answer in strips."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from core import registry
from core.answer import Answer
from core.buffer import ImageBuffer
from core.cache import Cache
from core.difference import DifferenceParams, Space, difference
from core.known import Known, key_of, map_maker
from core.map_kinds import KINDS
from core.measures import Measure
from core.noise.criterion import Beyond, needs_noise, with_noise
from core.noise.model import Noise
from core.noise.of import noise_of
from core.noise.params import NoiseParams
from core.parallel import apart, in_order
from core.pipeline import Pipeline
from core.places.params import PlacesParams
from core.places.shapes import inside
from core.places.table import measure_places, measure_regions
from core.places.tolerance import OwnTolerances
from core.pyramid import preview_level
from core.regions.find import Bands
from core.regions.rule import RegionParams
from core.result import Finished, Preview, Progress, Request, Result
from core.scan import Criterion, Part, Scan, painted_by, sampled
from core.settings import Settings
from core.tiles import both, strip_rects
from core.types import MapKind, Rect, Token
from core.wanted import chosen


def compare(
    a: ImageBuffer,
    b: ImageBuffer,
    settings: Settings | None = None,
    *,
    measures: Sequence[str] | None = None,
    regions: bool = True,
    histograms: bool = True,
    region_measures: bool = False,
    intervals: bool = True,
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
    region_measures
        Whether the largest regions are measured one by one (`core.places.table`).
    intervals
        Whether means come with the interval in which they vary; without, all numbers stay.
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
    request = Request(
        a, b, settings or Settings(), wanted, regions, histograms,
        region_measures=region_measures, intervals=intervals,
    )  # fmt: skip
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
    wanted, names = wanted_measures(request)
    if isinstance(kept, Result):
        if request.preview:
            yield preview(request, token, cache)
        a, b = request.a.info, request.b.info  # a file that was written anew says another time
        yield Finished(kept if (kept.a, kept.b) == (a, b) else replace(kept, a=a, b=b))
        return
    kept_as = key_of(request)
    known = cache.get(kept_as) or Known()
    painted = known.map(request.settings) is not None
    if request.preview and not painted:  # the exact map is on the screen already
        yield preview(request, token, cache)
    started = time.perf_counter()
    pipeline = Pipeline(request.a, request.b, request.settings, cache, token=token)
    yield Progress(0.0, "preparing")
    apart(pipeline.prepare, token)
    prepared = time.perf_counter()
    params = difference_params(pipeline)
    noise = noise_of(pipeline, in_order) if needs_noise(request.settings, wanted) else None
    scan = Scan(
        pipeline,
        [m for m in wanted if m.uses_tolerance or known.values(m, request.settings) is None],
        params.replace(map=MapKind.ABSOLUTE) if painted else params,
        regions=request.regions,
        histograms=request.histograms and known.histograms is None,
        mapper=None if painted else map_maker(params.map),
        criteria=criteria_of(request.settings, noise),
        intervals=request.intervals,
    )
    parts: list[Part] = []
    rects, box = scan.strips(strip_rects(pipeline.shape)), scan.box
    finding = Bands((box.height, box.width), request.settings[RegionParams], token)
    for part, rect in zip(in_order(scan.strip, rects, token), rects, strict=True):
        if part.changed is not None:
            finding.add(part.changed, rect.shift(-box.row, -box.col))
        parts.append(replace(part, changed=None))
        yield Progress(len(parts) / len(rects), "comparing")
    scanned = time.perf_counter()
    answer = Answer(request, scan, parts, finding, known, token)
    families = answer.families(wanted)
    result = answer.result(families, names)
    if noise is not None:
        result = with_noise(result, noise)
    if request.settings[PlacesParams].listed:
        places = measure_places(request, pipeline, params, scan.criteria, token)
        result = replace(result, places=places)
    if request.region_measures:
        found, criteria = result.regions, scan.criteria
        measured = measure_regions(request, pipeline, params, criteria, found, token)
        result = replace(result, region_measures=measured)
    ended = time.perf_counter()
    timings = {
        "prepare": prepared - started,
        "scan": scanned - prepared,
        "finish": ended - scanned,
        "total": ended - started,
    }
    result = replace(result, timings=timings)
    histograms = answer.histograms if request.histograms else None
    known = known.with_answer(request.settings, families, answer.map, histograms)
    cache.put(key, result, result.map.nbytes + 65536)
    cache.put(kept_as, known, known.nbytes)
    yield Finished(result)


def preview(request: Request, token: Token, cache: Cache) -> Preview:
    """Run the chain on overviews of at most about one megapixel."""
    level = preview_level(_larger(request.a.shape, request.b.shape))
    pipeline = Pipeline(request.a, request.b, request.settings, cache, level=level, token=token)
    pipeline.prepare()
    height, width = (-(-n // (1 << level)) for n in pipeline.shape)
    tile = pipeline.tile(Rect(0, 0, height, width), level)
    if only := request.settings[PlacesParams].counted:
        tile = replace(tile, valid=both(tile.valid, inside(only, tile.rect, level)))
    params = difference_params(pipeline)
    d = difference(tile, (slice(None), slice(None)), params, linear=pipeline.linear)
    info, mapper = KINDS[params.map], map_maker(params.map)
    inner = Rect.of(tile.a).slices
    codes, _ = painted_by(mapper, params.map, sampled(pipeline, tile, inner, d, params), d)
    return Preview(tile, codes, info.low, info.high)


def criteria_of(settings: Settings, noise: Noise | None = None) -> list[Criterion]:
    """Return what decides, beside the tolerance, which pixels count as different."""
    own, params = settings[PlacesParams].own, settings[NoiseParams]
    criteria: list[Criterion] = [OwnTolerances(own)] if own else []
    if noise is not None and params.enabled:
        criteria.append(Beyond(noise, noise.threshold(params)))
    return criteria


def is_lab(a: ImageBuffer, b: ImageBuffer, settings: Settings) -> bool:
    """Whether the difference of two pictures is taken in Lab: it is asked for, and can be met.

    Raises
    ------
    CompareError
        When the pictures cannot be compared under these settings.
    """
    if settings[DifferenceParams].space is not Space.LAB:
        return False
    return difference_params(Pipeline(a, b, settings, Cache(0))).space is Space.LAB


def difference_params(pipeline: Pipeline) -> DifferenceParams:
    """Return the difference settings as they can be met: Lab needs colour."""
    params = pipeline.settings[DifferenceParams]
    return params if pipeline.has_color else params.replace(space=Space.RGB)


def wanted_measures(request: Request) -> tuple[tuple[Measure, ...], frozenset[str] | None]:
    """Return the families to compute, and the names wanted of them (None: all).

    See `core.wanted.chosen`, also for what is raised.
    """
    families, names = chosen(registry.measures(), request.settings, request.measures)
    return tuple(m for m in families if request.histograms or not m.needs_histograms), names


def _larger(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    return max(a[0], b[0]), max(a[1], b[1])
