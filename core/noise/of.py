"""The noise of a pipeline's pair, made once and remembered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.noise.model import Noise, one_by_one, prepare
from core.places.params import PlacesParams
from core.places.shapes import inside
from core.pyramid import level_shape

if TYPE_CHECKING:
    from core.noise.model import Many
    from core.pipeline import Pipeline
    from core.types import Mask, Rect, Tile


@dataclass(frozen=True, slots=True)
class _Chain:
    """A pipeline as a `core.noise.model.Source`, at its own level."""

    pipeline: Pipeline

    @property
    def shape(self) -> tuple[int, int]:
        return level_shape(self.pipeline.shape, self.pipeline.level)

    def tile(self, rect: Rect) -> Tile:
        return self.pipeline.tile(rect, self.pipeline.level)

    def counted(self, rect: Rect) -> Mask | None:
        shapes = self.pipeline.settings[PlacesParams].counted
        return inside(shapes, rect, self.pipeline.level) if shapes else None


def noise_of(pipeline: Pipeline, many: Many = one_by_one) -> Noise:
    """Return the noise of the pair after all stages; no rate and no tolerance decides it.

    Parameters
    ----------
    pipeline
        Its states may be made already or not.
    many
        How strips are worked on if it is new. On a thread of `core.parallel` only one by one, as
        that thread would wait for itself.
    """
    chain = pipeline.key(len(pipeline.stages))
    counted = tuple(pipeline.settings[PlacesParams].counted)
    key = ("noise", chain, pipeline.level, counted)
    found: Noise = pipeline.cache.get_or_make(
        key, lambda: prepare(_Chain(pipeline), pipeline.token, many), lambda n: n.nbytes
    )
    return found
