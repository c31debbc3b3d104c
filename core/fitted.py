"""The pair after fit alone, in gray: what align looks at, whatever the other settings are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.color import AlphaMode, GrayMethod, GrayParams
from core.difference import DifferenceParams
from core.pair import Pair
from core.settings import Settings

if TYPE_CHECKING:
    from core.buffer import ImageBuffer
    from core.geometry import Placement
    from core.types import Mask, Pixels, Rect


@dataclass(frozen=True, slots=True)
class Fitted:
    """Two pictures laid on one canvas by fit.

    Attributes
    ----------
    pair
        Each picture in working values.
    placement
        Where fit laid them.
    level
        Pyramid level to answer at: 0 for the exact answer, more for a preview.
    """

    pair: Pair
    placement: Placement
    level: int = 0

    def side(self, index: int, rect: Rect, level: int) -> tuple[Pixels, Mask | None]:
        """Return A (0) or B (1) over a rectangle of the canvas, and where it exists.

        The rectangle may reach outside the canvas.
        """
        return self.pair.side(index, rect, level, self.placement)


def fitted(a: ImageBuffer, b: ImageBuffer, placement: Placement, level: int = 0) -> Fitted:
    """Return two pictures as align looks at them: brightness, without transparency."""
    gray = GrayParams(enabled=True, method=GrayMethod.REC709)
    settings = Settings((gray, DifferenceParams(alpha=AlphaMode.IGNORE)))
    return Fitted(Pair(a, b, settings, wide=False), placement, level)
