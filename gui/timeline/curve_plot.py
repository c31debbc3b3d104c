"""Paints one curve with its axis and its limits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from core.format import number
from core.sequence.columns import columns, over, under, window
from gui.theme import number_font, theme, ui_font
from gui.timeline.curve_lines import paint_columns, paint_points
from gui.timeline.value_scale import ValueScale

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gui.timeline.axis import Axis
    from gui.timeline.curves import Curve, Values

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
    """Return the colour of what is beyond a limit."""
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
        self._part = (self.area.left(), self.area.right())  # what is being painted

    def y_of(self, value: float) -> float:
        """Return where a value lies, at the edge when it is beyond."""
        return self.ys_of([value])[0]

    def ys_of(self, values: Values) -> list[float]:
        """Return where values lie; nan for nan."""
        low, height = self.area.bottom() - 1, self.area.height() - 3
        return [low - height * share for share in self.scale.shares(values)]

    def paint(self, painter: QPainter, dirty: QRectF, colour: QColor) -> None:
        """Paint what lies in a part of the lane."""
        if not self.whole.adjusted(-self.whole.left(), 0, 0, 0).intersects(dirty):
            return
        painter.save()
        self._paint_axis(painter)
        part = self.area.intersected(dirty)
        painter.setClipRect(part)
        if not part.isEmpty():
            self._part = (
                max(self.area.left(), part.left() - 2),
                min(self.area.right(), part.right() + 2),
            )
            self._paint_curve(painter, colour)
            self._paint_limits(painter)
        painter.setClipRect(self.whole.intersected(dirty))
        self._paint_key(painter)
        painter.restore()

    def _paint_curve(self, painter: QPainter, colour: QColor) -> None:
        if self.axis.scale < 1:
            paint_columns(painter, self, colour, over_colour())
        else:
            paint_points(painter, self, colour, over_colour())

    # -- what is seen --------------------------------------------------------------------------

    def columns_of(self, values: Values) -> tuple[float, list[float], list[float]]:
        """Return the left end, and the least and the largest value in each pixel from there on."""
        left, right = math.floor(self._part[0]), math.ceil(self._part[1])
        start, end = (self.axis.place_at(x) - self.curve.first for x in (left, right))
        low, high = columns(values, start, end, right - left)
        return left, low.tolist(), high.tolist()

    def points_of(self, values: Values) -> tuple[int, list[float]]:
        """Return the first frame that is seen, or lies beside, and the values from it on."""
        start, end = (self.axis.place_at(x) - self.curve.first for x in self._part)
        first, seen = window(values, start - 1, end + 1)
        return first + self.curve.first, seen

    @property
    def falls(self) -> bool:
        """Whether what is under a limit is beyond it, not what is over it."""
        return self.curve.better == "higher"

    def beyond(self) -> Values:
        """Return the values beyond a limit, nan in place of the others."""
        curve = self.curve
        limits = [v for _, v in curve.limits]
        return (under if self.falls else over)(curve.values, limits, curve.limit_curve)

    def nearest(self, limits: Iterable[float]) -> float:
        """Return the limit that values come to first; nan when all of them are."""
        known = [v for v in limits if not math.isnan(v)]
        return (max if self.falls else min)(known, default=math.nan)

    def fixed(self) -> float:
        """Return the fixed limit that values come to first; nan when there is none."""
        return self.nearest(v for _, v in self.curve.limits)

    @property
    def has_limits(self) -> bool:
        """Whether a value can be beyond anything."""
        return bool(self.curve.limits) or self.curve.limit_curve is not None

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

    # -- limits --------------------------------------------------------------------------------

    def _paint_limits(self, painter: QPainter) -> None:
        t, area = theme(), self.area
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        if self.curve.limit_curve is not None:
            painter.setPen(QPen(t.muted, 1))
            painter.drawLines(self._usual(self.curve.limit_curve))
        for _, value in self.curve.limits:
            if value <= self.scale.high:
                painter.setPen(_dashed(t.warn))
                y = round(self.y_of(value))
                painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))

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

    def _usual(self, usual: Values) -> list[QLineF]:
        """Return the learned limit as steps, but not where it is beyond the scale."""
        if self.axis.scale < 1:
            first, _, values = self.columns_of(usual)
            step = 1.0
        else:
            at, values = self.points_of(usual)
            first, step = self.axis.x_of(at - 0.5), self.axis.scale
        lines: list[QLineF] = []
        before = math.nan
        for i, (value, place) in enumerate(zip(values, self.ys_of(values), strict=True)):
            y = math.nan if not value <= self.scale.high else float(round(place))
            x = first + i * step
            if not (math.isnan(y) or math.isnan(before) or y == before):
                lines.append(QLineF(x, before, x, y))
            if y == before:
                lines[-1].setP2(QPointF(x + step, y))
            elif not math.isnan(y):
                lines.append(QLineF(x, y, x + step, y))
            before = y
        return lines


def _dashed(colour: QColor) -> QPen:
    pen = QPen(colour, 1)
    pen.setDashPattern([5, 4])
    return pen
