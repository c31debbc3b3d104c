"""Whether two pictures cover all of their canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.geometry import IDENTITY
from core.resample import straight
from core.types import Rect
from core.warp import covers

if TYPE_CHECKING:
    from core.pipeline import Pipeline


def everywhere(pipeline: Pipeline) -> bool:
    """Whether every pixel of the canvas is valid, so that no mask need be kept."""
    pair = pipeline.pair
    if pipeline.a.nonfinite or pipeline.b.nonfinite or pair.leaves_out or pair.ignored:
        return False
    edges, placement = Rect(0, 0, *pipeline.shape), pipeline.placement
    if placement.field is not None:
        return False  # what is bent may be missing in the midst of the canvas
    if placement.a == placement.b == IDENTITY and pipeline.a.shape == pipeline.b.shape:
        return pipeline.a.shape == pipeline.shape  # the edges of large files take long to read
    turned = not straight(placement.b)
    if turned and not covers(pipeline.b.shape, placement.b, pipeline.shape, placement.kernel):
        return False
    top, left = Rect(0, 0, 1, edges.width), Rect(0, 0, edges.height, 1)
    bottom, right = (
        Rect(edges.height - 1, 0, 1, edges.width),
        Rect(0, edges.width - 1, edges.height, 1),
    )
    sides = (0,) if turned else (0, 1)
    return all(
        pair.side(i, edge, 0, placement)[1] is None
        for edge in (top, left, bottom, right)
        for i in sides
    )
