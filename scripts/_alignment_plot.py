"""Draws how well an alignment knows itself: panels of `_noise_plot`, one with dots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from _noise_plot import COLORS, Panel

CERTAIN: Final = [0.0, 1.0]
EXPECTED: Final = (0.003, 10.0)
"""Pixels, from left to right; what lies beyond is drawn at the border."""
FOUND: Final = (0.001, 30.0)
DECADES: Final = (0.001, 0.01, 0.1, 1.0, 10.0)
RADIUS: Final = 1.7


@dataclass
class Dots(Panel):
    """A panel with dots beside its lines; each group has the colour of the line of its title."""

    dots: list[tuple[int, list[float], list[float]]] = field(default_factory=list)

    def dot(self, title: str, x: list[float], y: list[float]) -> None:
        """Add dots, and their row in the legend."""
        self.dots.append((len(self.lines), x, y))
        self.line(title, [], [])

    def svg(self) -> str:
        """Return the panel as a group at the origin."""
        parts = [super().svg()]
        for k, xs, ys in self.dots:
            color = COLORS[k % len(COLORS)]
            for x, y in zip(xs, ys, strict=True):
                left = self.x(min(max(x, self.range_x[0]), self.range_x[1]))
                parts.append(
                    f'<circle cx="{left:.1f}" cy="{self.y(y):.1f}" r="{RADIUS}" fill="{color}"'
                    ' fill-opacity="0.55"/>'
                )
        return "".join(parts)


def confidence_panel(curves: dict[str, tuple[list[float], list[float]]]) -> Panel:
    """Return of each title the share of right answers over the confidence, beside the diagonal."""
    shares = [(v, f"{100 * v:.0f} %") for v in (0, 0.25, 0.5, 0.75, 1)]
    panel = Panel(
        "Answers that are right, by the confidence they came with",
        "confidence", (0.0, 1.0), (0.0, 1.0), log=False,
        ticks_x=[(v, f"{v:g}") for v in (0, 0.2, 0.4, 0.6, 0.8, 1)], ticks_y=shares,
    )  # fmt: skip
    for title, (confidence, right) in curves.items():
        panel.line(title, confidence, right)
    panel.line("as it says", CERTAIN, CERTAIN, dashed=True)
    return panel


def error_panel(groups: dict[str, tuple[list[float], list[float]]]) -> Panel:
    """Return of each title the found errors over the expected ones, with the lines of 1 and 3."""
    panel = Dots(
        "Error of the corners, beside the one expected, in pixels",
        "expected error", EXPECTED, FOUND, log=True,
        ticks_x=_ticks(EXPECTED), ticks_y=_ticks(FOUND),
    )  # fmt: skip
    for title, (expected, found) in groups.items():
        panel.dot(title, expected, found)
    for title, times, dashed in (("as expected", 1.0, False), ("three times that", 3.0, True)):
        ends = [EXPECTED[0], min(EXPECTED[1], FOUND[1] / times)]
        panel.line(title, ends, [times * end for end in ends], dashed=dashed)
    return panel


def _ticks(ends: Sequence[float]) -> list[tuple[float, str]]:
    return [(v, f"{v:g}") for v in DECADES if ends[0] <= v <= ends[1]]
