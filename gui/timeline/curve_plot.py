"""Paints one curve with its axis and its limits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from core.format import number
from core.sequence.columns import columns, over, window
from gui.theme import number_font, theme, ui_font
from gui.timeline.value_scale import ValueScale

if TYPE_CHECKING:
    from gui.timeline.axis import Axis
    from gui.timeline.curves import Curve

DOTS_FROM: Final = 9.0
"""Pixels a frame takes from which on each value is a dot."""
HEADER: Final = 15
"""Pixels of height above the plot, for its name, its value and its limits."""
_OVER: Final = {True: "#e8b840", False: "#c46a00"}
_COLOURS: Final = {
    True: ("#63b0ff", "#5cd1c0", "#c79bff", "#f49ac2"),
    False: ("#1a5fcc", "#0c7a6c", "#7a3fc4", "#b0357a"),
}


def curve_colour(index: int) -> QColor:
    """Return the colour of the curve in a place, from 0 on."""
    colours = _COLOURS[theme().dark]
    return QColor(colours[index % len(colours)])


def over_colour() -> QColor:
    """Return the colour of what is over a limit."""
    return QColor(_OVER[theme().dark])


class Plot:
    """One curve in its place.

    Parameters
    ----------
    curve
        What is shown.
    axis
        Where frames lie.
    area
        Where it is painted.
    """

    def __init__(self, curve: Curve, axis: Axis, area: QRectF) -> None:
        self.curve, self.axis, self.whole = curve, axis, area
        self.area = area.adjusted(0, HEADER, 0, 0)  # below the words
        self.scale = ValueScale.of(curve.values, [v for _, v in curve.limits], log=curve.log)
        self._start, self._end = axis.start - curve.first, axis.end - curve.first

    def y_of(self, value: float) -> float:
        """Return where a value lies, at the edge when it is beyond."""
        low = self.area.bottom() - 1
        return low - self.scale.share(value) * (self.area.height() - 3)

    def paint(self, painter: QPainter, dirty: QRectF, colour: QColor) -> None:
        """Paint it all."""
        painter.save()
        self._paint_axis(painter)
        painter.setClipRect(self.area.intersected(dirty))
        if len(self.curve.values):
            lines = self._lines()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_lines(painter, lines, colour)
            self._paint_over(painter, lines)
        self._paint_limits(painter)
        painter.restore()

    # -- axis ----------------------------------------------------------------------------------

    def _paint_axis(self, painter: QPainter) -> None:
        t, area = theme(), self.area
        painter.fillRect(self.whole, t.raised)
        painter.setFont(number_font(-2))
        height = painter.fontMetrics().height()
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        last = math.inf
        for value in self.scale.ticks(max(2, int(area.height() / (height * 1.8)))):
            y = self.y_of(value)
            painter.fillRect(QRectF(area.left(), round(y), area.width(), 1), t.grid)
            if last - y < height * 0.9:
                continue
            middle = min(max(y, area.top()), area.bottom() - height / 2 + 3)
            painter.setPen(t.muted)
            painter.drawText(
                QRectF(0, middle - height / 2, area.left() - 6, height), flags, number(value)
            )
            last = y

    # -- the curve -----------------------------------------------------------------------------

    def _lines(self) -> list[tuple[list[QPointF], list[QPointF]]]:
        """Return runs of points without a gap: the upper and the lower edge of each."""
        left, axis = self.axis.left, self.axis
        if axis.scale < 1:
            pixels = max(int(axis.width), 1)
            low, high = columns(self.curve.values, self._start, self._end, pixels)
            wide = axis.width / pixels
            xs = [left + (i + 0.5) * wide for i in range(pixels)]
            pairs = zip(xs, high.tolist(), low.tolist(), strict=True)
        else:
            first, values = window(self.curve.values, self._start - 1, self._end + 1)
            start = first + self.curve.first
            pairs = zip(
                (axis.x_of(start + i) for i in range(len(values))), values, values, strict=True
            )
        runs: list[tuple[list[QPointF], list[QPointF]]] = []
        open_run = False
        for x, top, bottom in pairs:
            if math.isnan(top):
                open_run = False
                continue
            if not open_run:
                runs.append(([], []))
                open_run = True
            runs[-1][0].append(QPointF(x, self.y_of(top)))
            runs[-1][1].append(QPointF(x, self.y_of(bottom)))
        return runs

    def _paint_lines(
        self, painter: QPainter, runs: list[tuple[list[QPointF], list[QPointF]]], colour: QColor
    ) -> None:
        fill = QColor(colour)
        fill.setAlpha(38)
        base = self.area.bottom()
        dots = self.axis.scale >= DOTS_FROM
        for upper, lower in runs:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            ends = [QPointF(upper[-1].x(), base), QPointF(upper[0].x(), base)]
            painter.drawPolygon(QPolygonF([*upper, *ends]))
            painter.setPen(QPen(colour, 1.3))
            if self.axis.scale < 1:
                painter.setBrush(colour)
                painter.drawPolygon(QPolygonF([*upper, *reversed(lower)]))
            else:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawPolyline(QPolygonF(upper))
            if dots or len(upper) == 1:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(colour)
                for point in upper:
                    painter.drawEllipse(point, 2.0, 2.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    # -- what is over --------------------------------------------------------------------------

    def _paint_over(
        self, painter: QPainter, runs: list[tuple[list[QPointF], list[QPointF]]]
    ) -> None:
        curve = self.curve
        if not curve.limits and curve.limit_curve is None:
            return
        if self.axis.scale >= 1:
            painter.save()
            painter.setClipPath(self._above(), Qt.ClipOperation.IntersectClip)
            self._paint_lines(painter, runs, over_colour())
            painter.restore()
            return
        values = over(curve.values, [v for _, v in curve.limits], curve.limit_curve)
        pixels = max(int(self.axis.width), 1)
        low, high = columns(values, self._start, self._end, pixels)
        wide, left = self.axis.width / pixels, self.axis.left
        fixed = min((v for _, v in curve.limits), default=math.nan)
        for i, (bottom, top) in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
            if not math.isnan(top):
                y = self.y_of(top)
                base = self.y_of(bottom if math.isnan(fixed) else min(fixed, bottom))
                x = left + i * wide
                painter.fillRect(QRectF(x - 0.5, y, wide + 1, max(base - y, 2.0)), over_colour())

    def _above(self) -> QPainterPath:
        """Return all that lies above the limits, frame by frame."""
        curve, axis, area = self.curve, self.axis, self.area
        fixed = min((v for _, v in curve.limits), default=math.inf)
        path = QPainterPath()
        if curve.limit_curve is None:
            y = self.y_of(fixed)
            path.addRect(QRectF(area.left(), area.top(), area.width(), y - area.top()))
            return path
        first, usual = window(curve.limit_curve, self._start - 1, self._end + 1)
        for i, value in enumerate(usual):
            limit = fixed if math.isnan(value) else min(value, fixed)
            if math.isfinite(limit):
                x = axis.x_of(first + i + curve.first - 0.5)
                y = self.y_of(limit)
                path.addRect(QRectF(x, area.top(), axis.scale, y - area.top()))
        return path

    # -- limits --------------------------------------------------------------------------------

    def _paint_limits(self, painter: QPainter) -> None:
        t, area = theme(), self.area
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        if self.curve.limit_curve is not None:
            painter.setPen(QPen(t.muted, 1))
            painter.drawPath(self._usual())
        for _, value in self.curve.limits:
            if value <= self.scale.high:
                painter.setPen(_dashed(t.warn))
                y = round(self.y_of(value))
                painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        painter.setClipRect(self.whole)
        self._paint_key(painter)

    def _paint_key(self, painter: QPainter) -> None:
        """Say at the right, above the plot, which line is which limit."""
        t = theme()
        rows = [(f"{n} {number(v)}{'' if v <= self.scale.high else ' ↑'}", t.warn, True)
                for n, v in self.curve.limits]  # fmt: skip
        if self.curve.limit_curve is not None:
            rows.append(("usual", t.muted, False))
        painter.setFont(ui_font(-2))
        right = self.whole.right() - 4
        for text, colour, dashed in reversed(rows):
            width = painter.fontMetrics().horizontalAdvance(text)
            box = QRectF(right - width, self.whole.top(), width, HEADER)
            painter.setPen(colour)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
            y = round(box.center().y())
            painter.setPen(_dashed(colour) if dashed else QPen(colour, 1))
            painter.drawLine(QPointF(box.left() - 20, y), QPointF(box.left() - 5, y))
            right = box.left() - 32

    def _usual(self) -> QPainterPath:
        """Return the learned limit as steps."""
        curve, axis = self.curve, self.axis
        assert curve.limit_curve is not None
        path = QPainterPath()
        if axis.scale < 1:
            pixels = max(int(axis.width), 1)
            values = columns(curve.limit_curve, self._start, self._end, pixels)[1].tolist()
            first, step = axis.left, axis.width / pixels
        else:
            at, values = window(curve.limit_curve, self._start - 1, self._end + 1)
            first, step = axis.x_of(at + curve.first - 0.5), axis.scale
        before = math.nan
        for i, value in enumerate(values):
            if not math.isnan(value) and value <= self.scale.high:
                x, y = first + i * step, round(self.y_of(value))
                path.lineTo(x, y) if not math.isnan(before) else path.moveTo(x, y)
                path.lineTo(x + step, y)
                before = value
            else:
                before = math.nan
        return path


def _dashed(colour: QColor) -> QPen:
    pen = QPen(colour, 1)
    pen.setDashPattern([5, 4])
    return pen
