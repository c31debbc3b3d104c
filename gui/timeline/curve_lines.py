"""Paints the line of a curve: column by column, or from frame to frame.

Lines of one piece, and filled polygons, of a thousand points take QPainter many milliseconds;
single lines and rectangles take less than one.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

if TYPE_CHECKING:
    from gui.timeline.curve_plot import Plot

DOTS_FROM: Final = 9.0
"""Pixels a frame takes from which on each value is a dot."""
WIDE: Final = 1.3
FILL: Final = 38
"""Opacity, of 255, below a line."""
ROUGH_BELOW: Final = 6.0
"""Where frames take fewer pixels, each is filled by a rectangle: one does not see it."""


class Point(NamedTuple):
    """A value of one frame, the y of its limit (nan where it has none), and whether to fall."""

    place: QPointF
    limit: float
    falls: bool

    @property
    def is_beyond(self) -> bool:
        """Whether it lies higher than its limit, or lower where to fall is worse."""
        y = self.place.y()
        return y > self.limit if self.falls else y < self.limit


def paint_columns(painter: QPainter, plot: Plot, colour: QColor, over: QColor) -> None:
    """Paint from the least to the largest value in each pixel, and what is over a limit."""
    base = plot.area.bottom()
    left, least, largest = plot.columns_of(plot.curve.values)
    bands, fills, lines = [], [], []
    before: tuple[float, float] | None = None
    for i, (top, bottom) in enumerate(zip(plot.ys_of(largest), plot.ys_of(least), strict=True)):
        if math.isnan(top):
            before = None
            continue
        x = left + i
        fills.append(QRectF(x, top, 1, base - top))
        if bottom - top > 1 or before is None:
            bands.append(QRectF(x, top, 1, max(bottom - top, 1)))
        if before is None:
            pass
        elif before[1] < top:
            lines.append(QLineF(x - 0.5, before[1], x + 0.5, top))
        elif before[0] > bottom:
            lines.append(QLineF(x - 0.5, before[0], x + 0.5, bottom))
        elif bottom - top <= 1:  # thin, and touches: only a line is smooth
            lines.append(QLineF(x - 0.5, before[0], x + 0.5, top))
        before = top, bottom
    _fill(painter, fills, _pale(colour))
    _fill(painter, bands, colour)
    _draw(painter, lines, colour)
    if not plot.has_limits:
        return
    _paint_beyond(painter, plot, left, (plot.ys_of(largest), plot.ys_of(least)), over)


def _paint_beyond(
    painter: QPainter,
    plot: Plot,
    left: float,
    ends: tuple[list[float], list[float]],
    colour: QColor,
) -> None:
    """Paint what is beyond a limit; `ends` are the highest and the lowest y of each column."""
    _, least, largest = plot.columns_of(plot.beyond())
    fixed, falls = plot.y_of(plot.fixed()), plot.falls
    solid, pale = [], []
    rows = zip(*ends, plot.ys_of(largest), plot.ys_of(least), strict=True)
    for i, (high, low, top, bottom) in enumerate(rows):
        if math.isnan(top):
            continue
        # A line that crosses the limit is seen from there.
        if falls:
            start, end = fixed if high < fixed else top, bottom
            start = min(start, end - 2)
        else:
            start, end = top, fixed if low > fixed else bottom
            end = max(end, start + 2)
        solid.append(QRectF(left + i - 0.5, start, 2, end - start))
        begin, stop = (fixed, start) if falls else (end, fixed)
        if begin < stop:
            pale.append(QRectF(left + i, begin, 1, stop - begin))
    _fill(painter, pale, _pale(colour))
    _fill(painter, solid, colour)


def paint_points(painter: QPainter, plot: Plot, colour: QColor, over: QColor) -> None:
    """Paint a line from frame to frame, in another colour where it is beyond a limit."""
    axis = plot.axis
    first, values = plot.points_of(plot.curve.values)
    limits = plot.ys_of(_limits(plot, first, len(values)))
    runs: list[list[Point]] = [[]]
    for i, (y, limit) in enumerate(zip(plot.ys_of(values), limits, strict=True)):
        if math.isnan(y):
            runs.append([])
        else:
            runs[-1].append(Point(QPointF(axis.x_of(first + i), y), limit, plot.falls))
    dots = axis.scale >= DOTS_FROM
    for run in filter(None, runs):
        _fill_below(painter, plot, [point.place for point in run], _pale(colour))
        pairs = list(pairwise(run))
        _draw(painter, [QLineF(a.place, b.place) for a, b in pairs], colour)
        _draw(painter, [part for a, b in pairs for part in _parts(a, b)], over)
        if dots or len(run) == 1:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            for point in run:
                painter.setBrush(over if point.is_beyond else colour)
                painter.drawEllipse(point.place, 2.0, 2.0)
            painter.setBrush(Qt.BrushStyle.NoBrush)


def above(line: QLineF, limit: float) -> QLineF | None:
    """Return the part of a line that lies higher than a limit, which is a y; None for nothing."""
    y1, y2 = line.y1(), line.y2()
    if math.isnan(limit) or min(y1, y2) >= limit:
        return None
    if max(y1, y2) <= limit:
        return line
    cut = line.pointAt((limit - y1) / (y2 - y1))
    return QLineF(line.p1(), cut) if y1 < limit else QLineF(cut, line.p2())


def below(line: QLineF, limit: float) -> QLineF | None:
    """Return the part of a line that lies lower than a limit, which is a y; None for nothing."""
    found = above(_upside_down(line), -limit)
    return None if found is None else _upside_down(found)


def _upside_down(line: QLineF) -> QLineF:
    return QLineF(line.x1(), -line.y1(), line.x2(), -line.y2())


def _parts(a: Point, b: Point) -> list[QLineF]:
    """Return what is beyond the limits between two frames: each has its own up to the middle."""
    if not (a.is_beyond or b.is_beyond):
        return []
    middle = (a.place + b.place) / 2
    part = below if a.falls else above
    halves = part(QLineF(a.place, middle), a.limit), part(QLineF(middle, b.place), b.limit)
    return [half for half in halves if half is not None]


def _limits(plot: Plot, first: int, count: int) -> list[float]:
    """Return the limit of each of some frames that it comes to first, nan where there is none."""
    fixed, usual = plot.fixed(), plot.curve.limit_curve
    if usual is None:
        return [fixed] * count
    start = first - plot.curve.first
    own = [float(v) for v in usual[start : start + count]]
    own += [math.nan] * (count - len(own))
    return [plot.nearest((v, fixed)) for v in own]


def _fill_below(painter: QPainter, plot: Plot, points: list[QPointF], colour: QColor) -> None:
    base = plot.area.bottom()
    if plot.axis.scale >= ROUGH_BELOW:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        ends = [QPointF(points[-1].x(), base), QPointF(points[0].x(), base)]
        painter.drawPolygon(QPolygonF([*points, *ends]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        return
    half, rects = plot.axis.scale / 2, []
    for point in points:
        left, right = round(point.x() - half), round(point.x() + half)
        rects.append(QRectF(left, point.y(), right - left, base - point.y()))
    _fill(painter, rects, colour)


def _fill(painter: QPainter, rects: list[QRectF], colour: QColor) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRects(rects)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _draw(painter: QPainter, lines: list[QLineF], colour: QColor) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, WIDE))
    painter.drawLines(lines)


def _pale(colour: QColor) -> QColor:
    pale = QColor(colour)
    pale.setAlpha(FILL)
    return pale
