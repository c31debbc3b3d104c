"""The colour bar of the difference, whose top end can be moved."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gui.qimage import lut_image
from gui.theme import number_font
from gui.views.chip import FAINT_INK, INK, paint_backing

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAST_HEIGHT: Final = 110
"""Below this there is no room for a bar with three numbers, and none is shown."""
MOST_HEIGHT: Final = 300
_PAD, _BAR, _GAP = 10, 12, 7
_DOUBLES_OVER = 60.0
"""Logical pixels of dragging that double or halve the top value."""


def rounded(value: float) -> float:
    """Return a value with two significant digits, as it reads best on a scale."""
    if value <= 0 or not math.isfinite(value):
        return value
    digits = 1 - math.floor(math.log10(value))
    return round(value, digits)


def default_ticks(low: float, high: float) -> tuple[float, ...]:
    """Return the two ends, and zero (or the middle, when the scale is not about zero)."""
    return (low, 0.0, high) if low < 0 < high else (low, (low + high) / 2, high)


def label(value: float) -> str:
    """Return a number for a scale, with a true minus sign."""
    text = f"{value:.3g}" if abs(value) < 1000 else f"{value:.0f}"
    return text.replace("-", "−")


class Legend(QWidget):
    """A vertical colour bar with numbers.

    Signals
    -------
    high_changed(high: float)
        The person dragged the top of the bar or turned the wheel over it.
    """

    high_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._low, self._high, self._limit = 0.0, 1.0, 255.0
        self._ticks: tuple[float, ...] = (0.0, 0.5, 1.0)
        self._unit = ""
        self._beyond = False
        self._bar: QImage | None = None
        self._drag: tuple[float, float] | None = None
        self._turned = 0
        self.setCursor(Qt.CursorShape.SizeVerCursor)
        self.setMouseTracking(True)
        self.setToolTip(
            "Colours of the difference. Drag up or down, or turn the wheel, to change the value "
            "that gets the last colour; the numbers stay as they are"
        )

    @property
    def high(self) -> float:
        """The value of the last colour."""
        return self._high

    @property
    def ready(self) -> bool:
        """Whether there is a colour map to show."""
        return self._bar is not None

    def show_scale(
        self,
        low: float,
        high: float,
        lut: Any,
        unit: str = "",
        ticks: Sequence[float] = (),
        limit: float = 255.0,
        *,
        beyond: bool = False,
    ) -> None:
        """Show a colour map.

        Parameters
        ----------
        low, high
            Values of the first and last colour; low < 0 for maps with two directions.
        lut
            (n, 3) RGB values 0...255.
        unit
            Unit of the values, below the bar.
        ticks
            Values to write beside the bar; none for both ends and the middle.
        limit
            The largest value `high` can be dragged to; the smallest is limit / 255.
        beyond
            Whether there may be values beyond the limit. The end colours stand for all that is
            beyond them too, and where there can be any the numbers say so: "≥ 64".
        """
        self._beyond = beyond
        self._low, self._high, self._limit, self._unit = low, high, limit, unit
        self._ticks = tuple(ticks) or default_ticks(low, high)
        self._bar = lut_image(lut)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the width that the numbers need, and the largest height."""
        metrics = QFontMetrics(number_font(-1))
        texts = [*(self.text_of(t) for t in self._ticks), "−0.00" if self._low < 0 else "0.00"]
        wide = max(metrics.horizontalAdvance(t) for t in texts)
        unit = metrics.horizontalAdvance(self._unit) + 2 * _PAD
        return QSize(max(_PAD + _BAR + _GAP + wide + _PAD, unit), MOST_HEIGHT)

    def text_of(self, value: float) -> str:
        """Return the number beside a value: with a sign at an end that has values beyond it."""
        ends = self._beyond or self._high < self._limit
        if ends and value == self._high:
            return f"≥ {label(value)}"
        return f"≤ {label(value)}" if ends and value == self._low < 0 else label(value)

    def bar_rect(self) -> QRectF:
        """Return where the colours are."""
        text = QFontMetrics(number_font(-1)).height()
        below = text + 6 if self._unit else 0
        top = _PAD + 8
        return QRectF(_PAD, top, _BAR, max(self.height() - top - _PAD - 4 - below, 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground, bar, handle and numbers."""
        if self._bar is None:
            return
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        paint_backing(painter, QRectF(self.rect()))
        bar = self.bar_rect()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(bar, self._bar)
        painter.setPen(QPen(QColor(255, 255, 255, 60), 1))
        painter.drawRect(bar.adjusted(-0.5, -0.5, 0.5, 0.5))
        self._paint_handle(painter, bar)
        self._paint_numbers(painter, bar)
        painter.end()

    def _paint_handle(self, painter: QPainter, bar: QRectF) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        hot = self._drag is not None or self.underMouse()
        painter.setBrush(QColor("white") if hot else QColor(225, 229, 236))
        x, y = bar.center().x(), bar.top() - 1
        shape = [(-6, -9), (6, -9), (6, -5), (0, 0.5), (-6, -5)]
        painter.drawPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in shape]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_numbers(self, painter: QPainter, bar: QRectF) -> None:
        painter.setFont(number_font(-1))
        text = QFontMetrics(painter.font())
        left = bar.right() + _GAP
        span = self._high - self._low
        for value in self._ticks:
            y = bar.bottom() - (value - self._low) / span * bar.height() if span else bar.bottom()
            painter.setPen(QPen(QColor(255, 255, 255, 150), 1))
            painter.drawLine(QPointF(bar.right() + 1, y), QPointF(bar.right() + 4, y))
            painter.setPen(INK)
            row = QRectF(left, y - text.height() / 2, self.width() - left, text.height())
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, self.text_of(value))
        if self._unit:
            painter.setPen(FAINT_INK)
            foot = QRectF(0, self.height() - text.height() - 7, self.width(), text.height())
            painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, self._unit)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change the top value by a quarter a notch."""
        self._turned += event.angleDelta().y()
        notches = int(self._turned / 120)  # fine wheels send parts of a notch
        self._turned -= notches * 120
        self._take(self._high * 1.25**notches)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle; anywhere on the bar will do."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag = (event.position().y(), self._high)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Change the top value while the handle is held: up is more."""
        if self._drag is not None:
            start, high = self._drag
            self._take(high * 2 ** ((start - event.position().y()) / _DOUBLES_OVER))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the handle."""
        del event
        self._drag = None
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take the handle again; the pane below must not zoom."""
        self.mousePressEvent(event)

    def _take(self, high: float) -> None:
        high = min(max(rounded(high), self._limit / 255), self._limit)
        if high == self._high:
            return
        # The numbers follow at once; the colours of the picture follow when they are painted anew.
        ticks = default_ticks(-high if self._low < 0 else self._low, high)
        self._low, self._high, self._ticks = ticks[0], high, ticks
        self.update()
        self.high_changed.emit(high)
