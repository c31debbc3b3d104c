"""The pair after fit alone, in gray: what align looks at, whatever the other settings are.

Only places that are ignored are left out; places that alone are measured do not limit what align
looks at, as they say where to measure and not what to believe.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.color import AlphaMode, GrayMethod, GrayParams
from core.difference import DifferenceParams
from core.pair import Pair
from core.places.params import PlacesParams
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

    @property
    def ignores(self) -> bool:
        """Whether there are places that are ignored."""
        return bool(self.pair.ignored)

    def heeded(self, rect: Rect, level: int) -> Mask | None:
        """Return where nothing of the canvas is ignored; None means everywhere."""
        return self.pair.heeded(rect, level)


def fitted(
    a: ImageBuffer, b: ImageBuffer, placement: Placement, level: int = 0, ignore: str = ""
) -> Fitted:
    """Return two pictures as align looks at them: brightness, without transparency.

    `ignore` are the places that are not looked at, as in `PlacesParams`.
    """
    gray = GrayParams(enabled=True, method=GrayMethod.REC709)
    alpha = DifferenceParams(alpha=AlphaMode.IGNORE)
    settings = Settings((gray, alpha, PlacesParams(ignore=ignore)))
    return Fitted(Pair(a, b, settings, wide=False), placement, level)
