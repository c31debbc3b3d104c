"""What an alignment leaves, ready to be drawn: arrows and outline on the canvas, and in words."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Final

from core.alignment.overlap import Points, area
from core.format import count, number

if TYPE_CHECKING:
    from core.alignment.types import Alignment, Arrow

MOST: Final = 400
"""More arrows than this are thinned out: they would hide the picture and each other."""
FACTORS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
"""By how much arrows may be magnified: no further, so that what is next to nothing looks so."""


@dataclass(frozen=True, slots=True)
class Quiver:
    """Arrows and outline on the canvas, whose pixel (row, col) covers x from col to col + 1.

    Attributes
    ----------
    arrows
        What is left, at places spread over the overlap; `dx`, `dy` in px, not magnified.
    outline
        Corners (x, y) of what both pictures cover.
    median, longest
        Of all arrows that count, px; nan when there is none.
    uncounted
        How many contradict the rest.
    spacing
        About how far from each other they stand, px of the canvas; 0 where there is none.
    ending
        Whether their places are where they end; otherwise they begin there.
    """

    arrows: tuple[Arrow, ...]
    outline: Points
    median: float
    longest: float
    uncounted: int
    spacing: float
    ending: bool = False

    def factor(self, length: float) -> int:
        """Return by how much to magnify so that the median arrow is about `length` px long."""
        if not self.median > 0.0:
            return 1 if math.isnan(self.median) else FACTORS[-1]
        wanted = math.log(max(length, 1e-9) / self.median)
        return min(FACTORS, key=lambda f: abs(math.log(f) - wanted))

    def words(self, factor: int) -> tuple[str, ...]:
        """Return what a person must know of arrows that are drawn `factor` times too long."""
        if not self.arrows:
            return ("no arrows: nothing was measured",)
        said = [f"arrows × {number(factor)}, longest {length_text(self.longest)}"]
        if math.isnan(self.longest):
            said = [f"arrows × {number(factor)}"]
        if self.uncounted:
            said.append(f"{count(self.uncounted, 'place does', 'places do')} not count")
        return tuple(said)


def quiver(alignment: Alignment) -> Quiver:
    """Return the arrows and the outline of an alignment, where they lie on the canvas."""
    dx, dy = alignment.origin[0] + 0.5, alignment.origin[1] + 0.5
    arrows = alignment.arrows
    step = max(-(-len(arrows) // MOST), 1)
    lengths = [math.hypot(a.dx, a.dy) for a in arrows if a.counted]
    return Quiver(
        tuple(replace(a, x=a.x + dx, y=a.y + dy) for a in arrows[::step]),
        tuple((x + dx, y + dy) for x, y in alignment.overlap),
        median(lengths) if lengths else math.nan,
        max(lengths, default=math.nan),
        sum(not a.counted for a in arrows),
        math.sqrt(area(alignment.overlap) / len(arrows)) if arrows else 0.0,
    )


def length_text(length: float) -> str:
    """Return a distance to two significant digits, e.g. ``"0.12 px"``; nothing under 0.001 px."""
    if math.isnan(length):
        return number(length)
    if 0.0 < length < 0.001:
        return "under 0.001 px"
    return f"{number(float(f'{length:.2g}'))} px"
