"""Histograms as small SVG drawings; colours come from the page's style sheet."""

from __future__ import annotations

import math
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from core.format import count, number, percent
from core.threshold import changed, knee, otsu

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.histograms import Histograms
    from core.threshold import RegionPoint

BINS: Final = 256
LEFT: Final = 30.0  # room for the counts
BOTTOM: Final = 18.0  # room for the levels
TOP: Final = 8.0
_PLAIN: Final[Mapping[int, str]] = MappingProxyType({})


class _Plot:
    """Maps bins and counts to places.

    Counts are on a logarithmic scale: one flat area would press everything else to the ground.
    """

    def __init__(self, width: float, height: float, bins: int, peak: int) -> None:
        self.width, self.height, self.bins = width, height, bins
        self.decades = max(math.ceil(math.log10(peak + 1)), 1)

    def x(self, position: float) -> float:
        return LEFT + position * (self.width - LEFT - 1) / self.bins

    def y(self, amount: float) -> float:
        floor = self.height - BOTTOM
        return floor - (floor - TOP) * math.log10(amount + 1) / self.decades

    def steps(self, counts: Sequence[int], first: int = 0) -> str:
        """An SVG path along the tops of the bars from bin `first` on."""
        parts = [f"M{self.x(first):.1f} {self.y(0):.1f}"]
        for k, amount in enumerate(counts, first):
            parts.append(f"V{self.y(amount):.1f}H{self.x(k + 1):.1f}")
        return "".join([*parts, f"V{self.y(0):.1f}"])

    def grid(self) -> Iterable[str]:
        every = max(self.decades // 3, 1)
        for power in range(0, self.decades + 1, every):
            y = self.y(10**power - 1 if power == 0 else 10**power)
            text = "0" if power == 0 else _short(10**power)
            yield (
                f'<line class="grid" x1="{LEFT}" x2="{self.width:g}" y1="{y:.1f}" y2="{y:.1f}"/>'
                f'<text class="tick" x="{LEFT - 5:g}" y="{y + 3:.1f}" text-anchor="end">'
                f"{text}</text>"
            )

    def levels(self, values: Iterable[int], names: Mapping[int, str]) -> Iterable[str]:
        for value in values:
            last = value == BINS - 1  # its middle is too near the edge for centred digits
            anchor = "end" if last else "middle"
            yield (
                f'<text class="tick" x="{self.x(value + (1 if last else 0.5)):.1f}"'
                f' y="{self.height - 5:g}" text-anchor="{anchor}">{names.get(value, value)}</text>'
            )


def channel_chart(
    name: str, a: Sequence[int], b: Sequence[int], ends: Mapping[int, str] = _PLAIN
) -> str:
    """Return A (filled) and B (dashed line) of one channel on one axis.

    Parameters
    ----------
    name
        The channel, e.g. ``"R"``; its colour is the style sheet's class ``channel-r``.
    a, b
        256 counts each.
    ends
        Level -> what to write at it where it is not the number alone.
    """
    plot = _Plot(320, 130, BINS, max(*a, *b))
    parts = [
        *plot.grid(),
        f'<path class="fill" d="{plot.steps(a)}Z"/>',
        f'<path class="line" d="{plot.steps(a)}"/>',
        f'<path class="line dashed" d="{plot.steps(b)}"/>',
        *plot.levels((0, 64, 128, 192, 255), ends),
    ]
    return _svg(plot, f"channel-{name.lower()}", f"Histogram of {name}: A filled, B dashed", parts)


def difference_chart(histograms: Histograms, tolerance: float, over: int | None) -> str:
    """Return the histogram of the difference, with the tolerance and what lies beyond it."""
    counts = [int(n) for n in histograms.difference]
    pixels = sum(counts)
    last = max((k for k, n in enumerate(counts) if n), default=0)
    bins = next(n for n in (16, 32, 64, 128, BINS) if n > max(last, min(tolerance, 255.0)))
    marked = [*range(0, bins, bins // 8), *([255] if histograms.beyond else [])]
    first_over = math.floor(tolerance) + 1
    plot = _Plot(960, 170, bins, max(counts))
    line = plot.x(min(first_over, bins))
    parts = [
        *plot.grid(),
        f'<path class="within" d="{plot.steps(counts[:first_over])}Z"/>',
        f'<path class="over" d="{plot.steps(counts[first_over:bins], first_over)}Z"/>',
        *plot.levels(marked, {255: histograms.difference_text(255)}),
        f'<line class="limit" x1="{line:.1f}" x2="{line:.1f}" y1="{TOP:g}"'
        f' y2="{plot.height - BOTTOM:g}"/>',
        _label(plot, line, tolerance, over, pixels),
    ]
    return _svg(plot, "difference", "Histogram of the difference", parts)


def threshold_chart(
    histograms: Histograms, tolerance: float, points: Sequence[RegionPoint] = ()
) -> str:
    """Return the curve of changed pixels against the tolerance, and that of regions.

    The tolerance, the knee and Otsu's value are marked, where there are any; `points` are those of
    `core.threshold.region_curve`, in rising order, and may be missing.
    """
    counts = [int(n) for n in changed(histograms)]
    last = max((k for k, n in enumerate(counts) if n), default=0) + 1
    bins = next((n for n in (16, 32, 64, 128) if n > max(last, min(tolerance, 255.0))), BINS)
    marked = [*range(0, bins, bins // 8), *([255] if bins == BINS else [])]
    plot = _Plot(960, 170, bins, max(counts[0], *(p.regions for p in points), 0))
    parts = [
        *plot.grid(),
        f'<path class="fill" d="{plot.steps(counts[:bins])}Z"/>',
        f'<path class="line" d="{plot.steps(counts[:bins])}"/>',
        *plot.levels(marked, _PLAIN),
    ]
    shown = [p for p in points if p.tolerance < bins]
    if shown:
        places = " ".join(f"{plot.x(p.tolerance + 0.5):.1f},{plot.y(p.regions):.1f}" for p in shown)
        parts.append(f'<polyline class="line dashed" points="{places}"/>')
    marks = [(tolerance, f"tolerance {number(tolerance)}", "limit")]
    marks += [
        (value, f"{name} {value}", "limit proposed")
        for name, value in (("knee", knee(histograms)), ("Otsu", otsu(histograms)))
        if value is not None
    ]
    for row, (value, text, kind) in enumerate(marks):
        x = plot.x(min(value + 0.5, bins))
        parts += [
            f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP:g}"'
            f' y2="{plot.height - BOTTOM:g}"/>',
            _note(plot, x, text, row),
        ]
    return _svg(plot, "threshold", "Changed pixels and regions against the tolerance", parts)


def _label(plot: _Plot, x: float, tolerance: float, over: int | None, pixels: int) -> str:
    text = f"tolerance {number(tolerance)}"
    if over is not None and pixels:
        text += f" · {count(over, 'pixel', 'pixels')} over it ({percent(over / pixels)})"
    return _note(plot, x, text)


def _note(plot: _Plot, x: float, text: str, row: int = 0) -> str:
    """A text beside a vertical line, on the side that has room; rows keep texts apart."""
    right = x > plot.width * 0.6
    place = f'x="{x - 6:.1f}" text-anchor="end"' if right else f'x="{x + 6:.1f}"'
    return f'<text class="note" {place} y="{TOP + 9 + 15 * row:g}">{escape(text)}</text>'


def _svg(plot: _Plot, kind: str, title: str, parts: Iterable[str]) -> str:
    return (
        f'<svg class="chart {escape(kind, quote=True)}"'
        f' viewBox="0 0 {plot.width:g} {plot.height:g}"'
        f' role="img" aria-label="{escape(title, quote=True)}">{"".join(parts)}</svg>'
    )


def _short(amount: int) -> str:
    for power, letter in ((9, "G"), (6, "M"), (3, "k")):
        if amount >= 10**power:
            return f"{amount // 10**power}{letter}"
    return str(amount)
