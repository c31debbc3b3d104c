"""The jobs that the window gives to its worker threads. Each is a generator of frozen events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from core.cache import Cache
from core.engine import iterate
from core.pipeline import Pipeline
from core.probe import Probe, probe
from core.pyramid import level_shape
from core.regions.rule import RegionParams
from core.render import (
    Picture,
    Side,
    fitting_exposure,
    picture,
    preview_pictures,
)
from core.reports import make_report, write_report
from core.result import Finished, Preview, Progress, Request, Result
from core.scheduler import Job
from core.threshold import RegionPoint, points_at, region_curve
from core.types import Rect, Region, Token
from gui.events import Exported, Exposure, PreviewReady, Rendered, ResultReady, Thumbnails
from gui.source import Display, Source, shown

THUMBNAILS = 60
"""How many regions get one."""


def comparing(request: Request, display: Display, cache: Cache, *, exact: bool = True) -> Job:
    """Preview, progress, then the exact answer; without `exact` all ends with the preview."""

    def job(token: Token) -> Iterator[object]:
        for event in iterate(request, token, cache):
            if isinstance(event, Preview):
                yield _preview(request, event, display, cache, token)
                if not exact:
                    return
            elif isinstance(event, Progress):
                yield event
            elif isinstance(event, Finished):
                whole = Pipeline(request.a, request.b, request.settings, cache, token=token)
                yield ResultReady(request, event.result, whole.placement)

    return job


def _preview(
    request: Request, event: Preview, display: Display, cache: Cache, token: Token
) -> PreviewReady:
    level = event.tile.level
    pipeline = Pipeline(request.a, request.b, request.settings, cache, level=level, token=token)
    pictures = preview_pictures(
        event,
        display.look,
        alpha=pipeline.pair.keep_alpha,
        tone=display.tone,
        linear=pipeline.linear,
    )
    plain = shown(request, display, cache, level)
    canvas = Rect(0, 0, *level_shape(plain.shape, level))
    for side in (Side.A, Side.B):
        pictures[side] = picture(
            plain, side, canvas, level, exact=not plain.stages, tone=display.tone
        )
    return PreviewReady(pipeline.shape, pictures, pipeline.placement)


def rendering(sources: Mapping[Side, Source], wanted: Mapping[Side, tuple[Rect, int]]) -> Job:
    """Render the visible parts that are wanted."""

    def job(token: Token) -> Iterator[object]:
        for side, (rect, level) in wanted.items():
            token.check()
            source = sources[side]
            if source.result is None and side is Side.DIFFERENCE:
                continue
            yield Rendered(source, source.render(side, rect, level), True)

    return job


def showing_alone(sources: Mapping[Side, Source]) -> Job:
    """Render pictures that are not compared, each for itself."""

    def job(token: Token) -> Iterator[object]:
        for side, source in sources.items():
            token.check()
            yield Rendered(source, source.alone(side), False)

    return job


def overviews(source: Source, sides: Sequence[Side], regions: Sequence[Region]) -> Job:
    """Render the exact overviews, then the thumbnails of the first regions."""

    def job(token: Token) -> Iterator[object]:
        for side in sides:
            token.check()
            yield Rendered(source, source.overview(side), False)
        pairs: list[tuple[Picture, Picture]] = []
        for region in regions[:THUMBNAILS]:
            token.check()
            pairs.append((source.thumbnail(Side.A, region), source.thumbnail(Side.B, region)))
        yield Thumbnails(source, tuple(pairs))

    return job


def probing(request: Request, cache: Cache, row: int, col: int) -> Job:
    """Read the exact values under the cursor."""

    def job(token: Token) -> Iterator[Probe]:
        pipeline = Pipeline(request.a, request.b, request.settings, cache, token=token)
        yield probe(pipeline, row, col)

    return job


def exposing(sources: Mapping[Side, Source], visible: Rect) -> Job:
    """Find the exposure for what is seen of A and B."""

    def job(token: Token) -> Iterator[Exposure]:
        token.check()
        shown = [(s.pipeline(), side) for side, s in sources.items() if side is not Side.DIFFERENCE]
        yield Exposure(fitting_exposure(shown, visible))

    return job


def counting_regions(result: Result, *marked: float | None) -> Job:
    """Count the regions at some tolerances, and at those that are marked."""

    def job(token: Token) -> Iterator[RegionPoint]:
        tolerances = points_at(result.histograms, *marked)
        yield from region_curve(result.map, result.settings[RegionParams], tolerances, token)

    return job


def exporting(request: Request, result: Result, display: Display, path: Path) -> Job:
    """Write a report; the format follows from the suffix."""

    def job(token: Token) -> Iterator[object]:
        token.check()
        write_report(make_report(request, result, look=display.look, tone=display.tone), path)
        yield Exported(path)

    return job
