"""Subtracts before what is linear.

The Gaussian of A minus the Gaussian of B is the Gaussian of A − B, and gray is linear too. So when
all stages from some place on are linear, the pictures are subtracted there, and the difference
alone goes through the rest: half the work, and what is equal cancels exactly before anything is
rounded. It is done whenever it can be, whatever else is wanted, so that a number does not depend on
what else is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from core.color import row_blocks, to_gray
from core.difference import DifferenceParams, Signed, Space
from core.geometry import is_whole
from core.resample import fetch
from core.tiles import both, eroded
from core.types import Alpha, Rect

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.buffer import ImageBuffer
    from core.pipeline import Pipeline
    from core.types import Pixels


@dataclass(frozen=True, slots=True)
class Tail:
    """The linear stages at the end of a pipeline.

    Attributes
    ----------
    pipeline
        Prepared.
    first
        Index of the first of them.
    filters
        Each as a function of pixels and pyramid level.
    reach
        Neighbours on each side that they look at in all.
    raw
        Whether the pictures can be subtracted before they are made gray.
    """

    pipeline: Pipeline
    first: int
    filters: tuple[Callable[[Pixels, int], Pixels], ...]
    reach: int
    raw: bool

    def difference(self, rect: Rect) -> Signed:
        """Return A − B after all stages over a rectangle of the canvas."""
        canvas = Rect(0, 0, *self.pipeline.shape)
        grown = rect.grow(self.reach).intersect(canvas)
        before = self._raw(grown) if self.raw else self._subtracted(grown)
        pixels, inner = before.pixels, rect.within(grown)
        for smooth in self.filters:
            self.pipeline.token.check()
            pixels = smooth(pixels, 0)
        valid = eroded(before.valid, self.reach)
        return Signed(pixels[inner], None if valid is None else valid[inner])

    def _subtracted(self, rect: Rect) -> Signed:
        tile = self.pipeline.tile(rect, 0, self.first)
        depth = cv2.CV_64F if tile.a.dtype == np.float64 else cv2.CV_32F
        return Signed(cv2.subtract(tile.a, tile.b, dtype=depth), tile.valid)

    def _raw(self, rect: Rect) -> Signed:
        pair, placement = self.pipeline.pair, self.pipeline.placement
        (a, valid_a), (b, valid_b) = (
            fetch(picture.read, picture.shape, matrix, rect, 0, placement.kernel)
            for picture, matrix in ((pair.a, placement.a), (pair.b, placement.b))
        )
        out = np.empty((rect.height, rect.width), np.float32)
        assert pair.gray is not None
        for rows in row_blocks(rect.height, rect.width):
            to_gray(cv2.subtract(a[rows], b[rows], dtype=cv2.CV_32F), pair.gray, out[rows])
        return Signed(out, both(both(valid_a, valid_b), pair.heeded(rect, 0)))


def tail(pipeline: Pipeline, params: DifferenceParams) -> Tail | None:
    """Return the linear end of a chain; None when its last stage is not linear, and for Lab.

    A stage is linear when it has a method ``linear(params)`` that returns a function of (pixels,
    level), the same for A and for B; the method returns None for parameters with which it is not.
    """
    filters: list[Any] = []
    reach, first = 0, len(pipeline.stages)
    for stage in reversed(pipeline.stages):
        own = pipeline.settings[stage.params]
        apply = getattr(stage, "linear", lambda _: None)(own)
        if apply is None:
            break
        filters.insert(0, apply)
        reach += stage.halo(own, 0)
        first -= 1
    if not filters or params.space is Space.LAB:
        return None
    return Tail(pipeline, first, tuple(filters), reach, raw=first == 0 and _bytes(pipeline))


def _bytes(pipeline: Pipeline) -> bool:
    """Whether both pictures are 8-bit colour that is only made gray and moved by whole pixels."""
    pair, placement = pipeline.pair, pipeline.placement
    sides = zip((pair.a, pair.b), pair.conversions, (placement.a, placement.b), strict=True)
    return (
        pair.gray is not None
        and not pair.wide
        and placement.field is None
        and all(_simple(p) and c.plain and is_whole(m) for p, c, m in sides)
    )


def _simple(picture: ImageBuffer) -> bool:
    color = picture.channels == 3
    return color and picture.dtype == np.uint8 and picture.alpha is Alpha.NONE
