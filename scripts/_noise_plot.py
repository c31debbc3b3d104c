"""Draws panels with lines as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Final

WIDTH: Final = 470.0
HEIGHT: Final = 300.0
LEFT: Final = 52.0
TOP: Final = 40.0
ROW: Final = 19.0
"""Height of a line of the legend."""
COLORS: Final = ("#1f6feb", "#b7410e", "#1a7f4b", "#8250df", "#0a7c86", "#d9822b", "#d1383d")
INK: Final = "#14171c"
SOFT: Final = "#626a76"
LINE: Final = "#dfe2e7"
BAND: Final = "#e8f3ec"


@dataclass
class Panel:
    """One plot; `log` makes both axes logarithmic."""

    title: str
    title_x: str
    range_x: tuple[float, float]
    range_y: tuple[float, float]
    log: bool
    ticks_x: Sequence[tuple[float, str]]
    ticks_y: Sequence[tuple[float, str]]
    band: tuple[float, float] | None = None
    band_text: str = ""
    lines: list[tuple[str, list[float], list[float], bool]] = field(default_factory=list)

    def line(self, title: str, x: list[float], y: list[float], *, dashed: bool = False) -> None:
        """Add a line."""
        self.lines.append((title, x, y, dashed))

    def x(self, value: float) -> float:
        """Return the place of a value along the panel."""
        return LEFT + self._share(value, self.range_x) * WIDTH

    def y(self, value: float) -> float:
        """Return the place of a value down the panel."""
        low, high = self.range_y
        inside = min(max(value, low), high)
        return TOP + (1 - self._share(inside, self.range_y)) * HEIGHT

    def _share(self, value: float, ends: tuple[float, float]) -> float:
        low, high = (math.log(e) for e in ends) if self.log else ends
        return ((math.log(value) if self.log else value) - low) / (high - low)

    def svg(self) -> str:
        """Return the panel as a group at the origin."""
        parts = [_text(LEFT, 20, self.title, "start", INK, bold=True)]
        if self.band is not None:
            top, bottom = self.y(self.band[1]), self.y(self.band[0])
            parts.append(
                f'<rect x="{LEFT}" y="{top:.1f}" width="{WIDTH}" height="{bottom - top:.1f}"'
                f' fill="{BAND}"/>'
            )
            parts.append(_text(LEFT + WIDTH - 8, bottom - 7, self.band_text, "end", "#1a7f4b"))
        for value, text in self.ticks_y:
            y = self.y(value)
            parts.append(_rule(LEFT, y, LEFT + WIDTH, y))
            parts.append(_text(LEFT - 8, y + 4, text, "end", SOFT))
        for value, text in self.ticks_x:
            x = self.x(value)
            parts.append(_rule(x, TOP + HEIGHT, x, TOP + HEIGHT + 4))
            parts.append(_text(x, TOP + HEIGHT + 19, text, "middle", SOFT))
        parts.append(_text(LEFT + WIDTH / 2, TOP + HEIGHT + 40, self.title_x, "middle", SOFT))
        for k, own in enumerate(self.lines):
            parts.extend(self._drawn(k, *own))
        return "".join(parts)

    def _drawn(
        self, k: int, title: str, xs: list[float], ys: list[float], dashed: bool
    ) -> list[str]:
        color, dash = COLORS[k % len(COLORS)], ' stroke-dasharray="6 4"' if dashed else ""
        places = [(self.x(x), self.y(y)) for x, y in zip(xs, ys, strict=True)]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        style = f'fill="none" stroke="{color}" stroke-width="2"{dash}'
        y = TOP + HEIGHT + 66 + k * ROW
        return [
            f'<polyline points="{points}" {style} stroke-linejoin="round"/>',
            *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.2" fill="{color}"/>' for x, y in places),
            f'<line x1="{LEFT}" x2="{LEFT + 26}" y1="{y - 4:.1f}" y2="{y - 4:.1f}" {style}/>',
            f'<circle cx="{LEFT + 13}" cy="{y - 4:.1f}" r="3.2" fill="{color}"/>',
            _text(LEFT + 36, y, title, "start", INK),
        ]


def drawn(panels: Sequence[Panel]) -> str:
    """Return panels side by side as a whole drawing."""
    step = LEFT + WIDTH + 26
    most = max(len(p.lines) for p in panels)
    size = f'width="{step * len(panels) + 6:g}" height="{TOP + HEIGHT + 66 + most * ROW:g}"'
    groups = "".join(
        f'<g transform="translate({k * step:g} 0)">{panel.svg()}</g>'
        for k, panel in enumerate(panels)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
        f'<rect width="100%" height="100%" fill="#ffffff"/>{groups}</svg>'
    )


def _text(x: float, y: float, text: str, anchor: str, color: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{color}" font-size="12.5"'
        f' font-family="DejaVu Sans, sans-serif"{weight}>{escape(text)}</text>'
    )


def _rule(x1: float, y1: float, x2: float, y2: float) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{LINE}"'
        ' stroke-width="1"/>'
    )
