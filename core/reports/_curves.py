"""Curves over the frames of a sequence as SVG; colours come from the page's style sheet."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Final

from core.format import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from core.sequence.curves import Point

WIDTH: Final = 960.0
HEIGHT: Final = 130.0
LEFT: Final = 44.0  # room for the values
BOTTOM: Final = 18.0  # room for the numbers of frames
TOP: Final = 10.0
MARKS: Final = 400
"""More marks would be one gray area."""


class _Plot:
    """Maps points and values to places.

    Heights are square roots, so that what is small beside a peak can be seen.
    """

    def __init__(self, points: int, top: float) -> None:
        self._points, self.top = max(points, 1), top

    def x(self, k: float) -> float:
        return LEFT + (k + 0.5) * (WIDTH - LEFT - 1) / self._points

    def y(self, value: float) -> float:
        floor = HEIGHT - BOTTOM
        share = min(max(value / self.top, 0.0), 1.0)
        return float(floor - (floor - TOP) * math.sqrt(share))

    def value(self, share: float) -> float:
        """Return what is at a share of the height."""
        return float(self.top * share**2)


def curve(
    title: str,
    points: Sequence[Point],
    *,
    frames: tuple[int, int],
    limits: Iterable[tuple[float, str]] = (),
    beside: Sequence[Point] = (),
    marks: Iterable[tuple[float, str]] = (),
) -> str:
    """Return one curve: a line along the largest values, filled down to the least ones.

    Parameters
    ----------
    title
        What it shows.
    points
        At least one of them has a value.
    frames
        Numbers of the first and of the last frame.
    limits
        Horizontal lines with what they are; those far above everything are left out.
    beside
        A second curve, dashed.
    marks
        Vertical lines: place along the axis, 0...1, and what is there.
    """
    peak = max((p.high for p in points if math.isfinite(p.high)), default=0.0)
    shown = [(v, text) for v, text in limits if 0 < v <= max(4 * peak, 1e-9)]
    plot = _Plot(len(points), _round(max([peak, *(v for v, _ in shown)])))
    parts = [*_grid(plot), *_marks(marks)]
    for run in _runs(points):
        high = [f"{plot.x(k):.1f},{plot.y(p.high):.1f}" for k, p in run]
        low = [f"{plot.x(k):.1f},{plot.y(p.low):.1f}" for k, p in reversed(run)]
        parts.append(f'<polygon class="fill" points="{" ".join(high + low)}"/>')
        parts.append(f'<polyline class="line" points="{" ".join(high)}"/>')
        if len(run) == 1:  # a line of one point shows nothing
            k, p = run[0]
            parts.append(
                f'<circle class="dot" cx="{plot.x(k):.1f}" cy="{plot.y(p.high):.1f}" r="2"/>'
            )
    for run in _runs(beside):
        line = " ".join(f"{plot.x(k):.1f},{plot.y(p.high):.1f}" for k, p in run)
        parts.append(f'<polyline class="line dashed" points="{line}"/>')
    for value, text in shown:
        y = plot.y(value)
        parts.append(
            f'<line class="limit" x1="{LEFT:g}" x2="{WIDTH:g}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="note" x="{WIDTH - 4:g}" y="{y - 4:.1f}" text-anchor="end">'
            f"{escape(text)}</text>"
        )
    parts += _axis(frames)
    return (
        f'<svg class="chart curve" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img"'
        f' aria-label="{escape(title, quote=True)}">{"".join(parts)}</svg>'
    )


def _runs(points: Sequence[Point]) -> Iterator[list[tuple[int, Point]]]:
    """Yield points in a row that have a value: where there is none, there is no line."""
    run: list[tuple[int, Point]] = []
    for k, point in enumerate(points):
        if math.isfinite(point.high):
            run.append((k, point))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _round(value: float) -> float:
    """Return the next of 1, 2, 5 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return float(next(f * power for f in (1, 2, 5, 10) if f * power >= value * (1 - 1e-9)))


def _grid(plot: _Plot) -> Iterator[str]:
    for share in (0.0, 0.5, 1.0):
        value = plot.value(share)
        y = plot.y(value)
        yield (
            f'<line class="grid" x1="{LEFT:g}" x2="{WIDTH:g}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text class="tick" x="{LEFT - 5:g}" y="{y + 3:.1f}" text-anchor="end">'
            f"{number(float(f'{value:.6g}'))}</text>"
        )


def _marks(marks: Iterable[tuple[float, str]]) -> Iterator[str]:
    for k, (place, text) in enumerate(marks):
        if k == MARKS:
            return
        x = LEFT + place * (WIDTH - LEFT - 1)
        yield (
            f'<line class="event" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP:g}"'
            f' y2="{HEIGHT - BOTTOM:g}"><title>{escape(text)}</title></line>'
        )


def _axis(frames: tuple[int, int]) -> Iterator[str]:
    first, last = frames
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        at = round(first + share * (last - first))
        anchor = "start" if share == 0 else "end" if share == 1 else "middle"
        x = LEFT + share * (WIDTH - LEFT - 1)
        yield (
            f'<text class="tick" x="{x:.1f}" y="{HEIGHT - 5:g}" text-anchor="{anchor}">#{at}</text>'
        )
        if last - first < 4:  # a few frames have no quarters
            return
