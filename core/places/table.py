"""The numbers of each place alone, and of each region.

Only what holds a place is looked at again, with the stages as they were prepared for the whole
pictures: so a place's numbers are those of its pixels in the whole comparison, not those of two cut
out pictures, whose normalization would be another one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from core import registry
from core.answer import Answer
from core.difference import DifferenceParams
from core.known import Known
from core.parallel import in_order
from core.places.params import PlacesParams
from core.places.results import MAIN, PlaceResult
from core.places.shapes import Kind, Shape
from core.places.text import text_of
from core.places.tolerance import OwnTolerances
from core.regions.find import Bands
from core.regions.rule import RegionParams
from core.scan import Scan
from core.tiles import strip_rects
from core.types import MapKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.pipeline import Pipeline
    from core.result import Request
    from core.scan import Criterion
    from core.types import MeasureValue, Region, Token

MOST_REGIONS: Final = 20
"""So many regions, the largest, are measured when their measures are asked for."""


def measure_places(
    request: Request, pipeline: Pipeline, params: DifferenceParams, criteria: Sequence[Criterion],
    token: Token,
) -> tuple[PlaceResult, ...]:  # fmt: skip
    """Measure each place of `PlacesParams.listed` as if it were the only one.

    Parameters
    ----------
    request
        The question.
    pipeline
        Its chain, prepared.
    params
        How the pictures are subtracted, as it can be met. A place's own tolerance counts before it.
    criteria
        What else decides which pixels count as different, in the whole comparison.
    token
        Checked at every strip.

    Returns
    -------
    results
        One for each place, in their order. Where places overlap, each is measured whole, against
        its own tolerance.
    """
    others = [c for c in criteria if not isinstance(c, OwnTolerances)]
    made = []
    for k, shape in enumerate(request.settings[PlacesParams].listed, 1):
        tolerance = params.tolerance if shape.tolerance is None else shape.tolerance
        own = params.replace(tolerance=tolerance)
        scan = _scan(pipeline, own, [(shape,)], others, intervals=request.intervals)
        pixels, values = _measured(request, scan, token)
        plain = replace(shape, name="", tolerance=None)
        name = shape.name or f"place {k}"
        made.append(PlaceResult(name, text_of([plain]), shape.rect, tolerance, pixels, values))
    return tuple(made)


def measure_regions(
    request: Request, pipeline: Pipeline, params: DifferenceParams, criteria: Sequence[Criterion],
    regions: Sequence[Region], token: Token,
) -> tuple[Mapping[str, MeasureValue], ...]:  # fmt: skip
    """Measure the rectangle of each of the largest regions, at most `MOST_REGIONS`.

    All pixels of the rectangle that count in the comparison do so here too, also those that are
    equal in both pictures and those of other regions, and against the same tolerances.
    """
    counted = request.settings[PlacesParams].counted
    made = []
    for region in regions[:MOST_REGIONS]:
        r = region.rect
        shape = Shape(Kind.RECT, ((r.row, r.col), (r.bottom, r.right)))
        scan = _scan(pipeline, params, [counted, (shape,)], criteria)
        made.append(_measured(request, scan, token)[1])
    return tuple(made)


def _scan(
    pipeline: Pipeline, params: DifferenceParams, only: Sequence[Sequence[Shape]],
    criteria: Sequence[Criterion], *, intervals: bool = False,
) -> Scan:  # fmt: skip
    families = [m for m in registry.measures() if any(name in MAIN for name in m.names)]
    families = [m for m in families if not m.needs_histograms]
    plain = params.replace(map=MapKind.ABSOLUTE)
    return Scan(
        pipeline, families, plain, regions=False, histograms=False, only=only, criteria=criteria,
        intervals=intervals,
    )  # fmt: skip


def _measured(request: Request, scan: Scan, token: Token) -> tuple[int, Mapping[str, MeasureValue]]:
    """Return how many pixels count, and the main measures of them."""
    rects = scan.strips(strip_rects(scan.pipeline.shape))
    parts = list(in_order(scan.strip, rects, token))
    asked = replace(request, regions=False, histograms=False)
    finding = Bands(scan.pipeline.shape, request.settings[RegionParams], token)
    answer = Answer(asked, scan, parts, finding, Known(), token)
    found = {v.name: v for values in answer.families(scan.measures).values() for v in values}
    return answer.pixels, {name: found[name] for name in MAIN if name in found}
