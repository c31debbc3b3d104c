"""What a measure knows of the whole pictures before it looks at a strip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.noise.of import noise_of
from core.pyramid import level_shape
from core.tiles import PREPARED_PIXELS, strip_rects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.measures import Measure
    from core.noise.model import Noise
    from core.pipeline import Pipeline
    from core.settings import Settings
    from core.types import Tile


@dataclass(frozen=True, slots=True)
class _View:
    """Both pictures after all stages, at the pipeline's level (`core.measures.Whole`)."""

    pipeline: Pipeline
    settings: Settings
    alpha: bool
    linear: bool
    seen: bool

    def noise(self) -> Noise:
        return noise_of(self.pipeline)

    def strips(self) -> Iterator[Tile]:
        level = self.pipeline.level
        for rect in strip_rects(level_shape(self.pipeline.shape, level), PREPARED_PIXELS):
            self.pipeline.token.check()
            yield self.pipeline.tile(rect, level)


def state_of(pipeline: Pipeline, measure: Measure) -> Any:
    """Return what `Measure.prepare` finds; made once, whichever thread asks first.

    It is about the whole canvas, also where only a part of it is measured.
    """

    def make() -> tuple[Any]:
        view = _View(
            pipeline, pipeline.settings, pipeline.pair.keep_alpha, pipeline.linear,
            pipeline.keeps_color,
        )  # fmt: skip
        return (measure.prepare(view, pipeline.token),)

    params = None if measure.params is None else pipeline.settings[measure.params]
    after = pipeline.key(len(pipeline.stages))
    key = ("prepared", measure.names, params, after, pipeline.level)
    return pipeline.cache.get_or_make(key, make, lambda _: 1024)[0]
