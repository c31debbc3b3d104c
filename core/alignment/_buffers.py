"""Align, asked of two pictures alone, without a comparison around it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.alignment.types import Alignment
from core.color import AlphaMode, GrayMethod, GrayParams
from core.difference import DifferenceParams
from core.pair import Pair
from core.settings import Settings
from core.stages.align import AlignParams, refine
from core.stages.fit import FitParams, place
from core.types import Rect, Tile, Token

if TYPE_CHECKING:
    from core.buffer import ImageBuffer
    from core.geometry import Placement


@dataclass(frozen=True, slots=True)
class _Fitted:
    """Two pictures in gray, laid on one canvas by fit (`core.stages.Upstream`)."""

    pair: Pair
    placement: Placement
    level: int = 0

    @property
    def shape(self) -> tuple[int, int]:
        return self.placement.shape

    def tile(self, rect: Rect, level: int | None = None) -> Tile:
        return self.pair.fetch(rect, level or 0, self.placement)

    def strips(self) -> Iterator[Tile]:
        yield self.tile(Rect(0, 0, *self.shape))


def aligned(a: ImageBuffer, b: ImageBuffer, model: str) -> Alignment:
    """Return what align finds with its defaults; see `core.alignment.estimate_alignment`."""
    # Checked as a setting is; the value itself is a plain string in scripts.
    params = AlignParams(enabled=True, model=model)  # type: ignore[arg-type]
    gray = GrayParams(enabled=True, method=GrayMethod.REC709)
    settings = Settings((gray, DifferenceParams(alpha=AlphaMode.IGNORE)))
    fitted = place(a.shape, b.shape, FitParams())
    upstream = _Fitted(Pair(a, b, settings, wide=False), fitted)
    found = refine(fitted, upstream, params, Token(), (a.shape, b.shape)).alignment
    assert found is not None  # refine always says what it found
    return found
