"""What a page says of an alignment: its facts, and a drawing of the overlap and what is left."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from core.alignment.facts import facts
from core.alignment.quiver import quiver
from core.format import number

if TYPE_CHECKING:
    from core.alignment.quiver import Quiver
    from core.alignment.types import Alignment, Arrow
    from core.result import Result

WIDTH: Final = 480.0
"""Of the drawing, in its own units, which are about pixels of the page."""
LENGTHS: Final = 8.0, 24.0
"""Of the median arrow, about: the less the closer arrows stand to each other."""
LONGEST: Final = 4.0
"""Lengths at which a longer arrow is cut, and gets two heads."""
HEAD: Final = 5.0


def section(result: Result) -> dict[str, Any] | None:
    """Return what the page shows of the alignment; None when align is off."""
    a = result.alignment
    if a is None:
        return None
    made = quiver(a)
    scale = WIDTH / result.shape[1]
    length = min(max(0.55 * made.spacing * scale, LENGTHS[0]), LENGTHS[1])
    factor = made.factor(length / scale)
    return {
        "accepted": a.accepted,
        "reason": a.reason,
        "facts": facts(a, (result.a.height, result.a.width)),
        "matrix": [[number(v) for v in row] for row in a.matrix],
        "drawing": _drawing(result, a, made, scale, factor, LONGEST * length),
        "words": "; ".join(made.words(factor)),
    }


def _drawing(
    result: Result, alignment: Alignment, made: Quiver, scale: float, factor: int, most: float
) -> str:
    height = result.shape[0] * scale
    x, y = (v * scale for v in alignment.origin)
    corners = " ".join(f"{px * scale:.2f},{py * scale:.2f}" for px, py in made.outline)
    parts = [
        f'<rect class="a" x="{x:.2f}" y="{y:.2f}" width="{result.a.width * scale:.2f}"'
        f' height="{result.a.height * scale:.2f}"/>'
    ]
    if corners:
        parts.append(f'<polygon class="overlap" points="{corners}"/>')
    parts += [_arrow(arrow, scale, factor, most) for arrow in made.arrows]
    view = f"-2 -2 {WIDTH + 4:g} {height + 4:.2f}"
    title = "A, the part that B covers, and what is left as arrows"
    inside = "".join(parts)
    return f'<svg class="quiver" viewBox="{view}" role="img" aria-label="{title}">{inside}</svg>'


def _arrow(arrow: Arrow, scale: float, factor: int, most: float) -> str:
    """Return a dot where the arrow begins, its shaft, and its head, or two where it is cut."""
    kind = "arrow" if arrow.counted else "arrow uncounted"
    x, y = arrow.x * scale, arrow.y * scale
    dx, dy = arrow.dx * scale * factor, arrow.dy * scale * factor
    length = math.hypot(dx, dy)
    dot = f'<circle class="{kind}" cx="{x:.2f}" cy="{y:.2f}" r="0.9"/>'
    if length < 1.0:
        return dot
    ux, uy, shown = dx / length, dy / length, min(length, most)
    size = min(HEAD, 0.6 * shown)
    barbs = ""
    for at in (shown, shown - size) if length > most else (shown,):
        tip = x + ux * at, y + uy * at
        back = tip[0] - ux * size, tip[1] - uy * size
        side = -uy * 0.55 * size, ux * 0.55 * size
        barbs += (
            f"M{back[0] + side[0]:.2f} {back[1] + side[1]:.2f}L{tip[0]:.2f} {tip[1]:.2f}"
            f"L{back[0] - side[0]:.2f} {back[1] - side[1]:.2f}"
        )
    shaft = f'<path class="{kind} shaft" d="M{x:.2f} {y:.2f}l{ux * shown:.2f} {uy * shown:.2f}"/>'
    return f'{dot}{shaft}<path class="{kind}" d="{barbs}"/>'
