"""What a pane's pictures are made from: it says what `core.render` is to draw, and no more."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from core.cache import Cache
from core.difference import DifferenceParams
from core.pipeline import Pipeline
from core.pyramid import level_shape, preview_level
from core.render import Look, Picture, Side, heat, heat_level, originals, picture
from core.result import Request, Result
from core.tone import NEUTRAL, Tone
from core.types import Rect, Region

THUMBNAIL = 48
"""Side of a region's thumbnail, in pixels."""
OVERVIEW_PIXELS = 1_500_000
"""How large the picture of a whole canvas is at most."""


@dataclass(frozen=True, slots=True)
class Display:
    """What the person wants to see of the pictures: never decides a number."""

    look: Look = field(default_factory=Look)
    processed: bool = True
    tone: Tone = NEUTRAL


def shown(request: Request, display: Display, cache: Cache, level: int) -> Pipeline:
    """Return the pipeline whose A and B are shown."""
    settings = request.settings if display.processed else originals(request.settings)
    return Pipeline(request.a, request.b, settings, cache, level=level)


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """What a pane's pictures are made from.

    Attributes
    ----------
    request, display
        The question, and how it is shown. While only one picture is open the question is that
        picture against itself.
    result
        The exact answer, once it is there.
    cache
        Shared with the engine.
    """

    request: Request
    display: Display
    result: Result | None
    cache: Cache

    def same_question(self, other: Source | None) -> bool:
        """Whether pictures made from the other may still be shown."""
        return other is not None and (self.request, self.display) == (other.request, other.display)

    def complete(self, side: Side) -> bool:
        """Whether a side can be rendered exactly: all but a difference that is not known yet."""
        alone = self.request.a is self.request.b
        return self.result is not None or (alone and side is not Side.DIFFERENCE)

    def render(self, side: Side, rect: Rect, level: int) -> Picture:
        """Render a full-resolution canvas rectangle at a level."""
        step = 1 << level
        row, col = rect.row // step, rect.col // step
        bottom, right = -(-rect.bottom // step), -(-rect.right // step)
        small = Rect(row, col, bottom - row, right - col)
        if side is Side.DIFFERENCE and self.result is not None:
            return self.heat(small, level)
        pipeline = self.pipeline()
        small = small.intersect(Rect(0, 0, *level_shape(pipeline.shape, level)))
        alone = self.request.a is self.request.b
        exact = alone or self.result is not None
        return picture(pipeline, side, small, level, exact=exact, tone=self.display.tone)

    def heat(self, small: Rect, level: int) -> Picture:
        """Render the exact difference."""
        result = self._exact()
        level, whole = heat_level(result.map, level)
        tolerance = self.request.settings[DifferenceParams].tolerance
        return heat(result.map, small.intersect(whole), level, self.display.look, tolerance)

    def overview(self, side: Side) -> Picture:
        """Render all of one side at about a megapixel."""
        result = self._exact()
        level = preview_level(result.shape, OVERVIEW_PIXELS)
        if side is Side.DIFFERENCE:
            level, whole = heat_level(result.map, level)
            return self.heat(whole, level)
        rect = Rect(0, 0, *level_shape(result.shape, level))
        return picture(self.pipeline(), side, rect, level, tone=self.display.tone)

    def alone(self, side: Side) -> Picture:
        """Render all of a picture without an exact answer: there is none yet, or no other one."""
        pipeline = self.pipeline()
        level = preview_level(pipeline.shape, OVERVIEW_PIXELS)
        rect = Rect(0, 0, *level_shape(pipeline.shape, level))
        exact = self.request.a is self.request.b
        return picture(pipeline, side, rect, level, exact=exact, tone=self.display.tone)

    def pipeline(self) -> Pipeline:
        """Return the pipeline whose A and B are shown, as exact as is known by now."""
        shape = self.request.a.shape
        level = 0 if self.result is not None else preview_level(shape)
        return shown(self.request, self.display, self.cache, level)

    def _exact(self) -> Result:
        if self.result is None:
            raise RuntimeError("there is no exact answer yet")
        return self.result

    def thumbnail(self, side: Side, region: Region) -> Picture:
        """Render A or B around one region."""
        height, width = self._exact().shape
        size = max(region.rect.height, region.rect.width, THUMBNAIL)
        row = region.rect.row + (region.rect.height - size) // 2
        col = region.rect.col + (region.rect.width - size) // 2
        row, col = max(min(row, height - size), 0), max(min(col, width - size), 0)
        level = 0
        while size >> (level + 1) >= THUMBNAIL:
            level += 1
        rect = Rect(row, col, min(size, height), min(size, width))
        return replace(self, display=replace(self.display, processed=False)).render(
            side, rect, level
        )
