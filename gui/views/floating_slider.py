"""A small slider that floats on a picture."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QAbstractSlider, QWidget

from gui.theme import DARK, number_font, ui_font
from gui.views.chip import FAINT_INK, INK, paint_backing

SIZE: Final = QSize(300, 36)
_KNOB = 7.0
_GROOVE = QColor(255, 255, 255, 70)


class FloatingSlider(QAbstractSlider):
    """Letters or a play button on the left, a groove, and a text with the value on the right.

    Signals
    -------
    toggled()
        The play button was clicked.
    """

    toggled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ends: tuple[tuple[str, QColor], tuple[str, QColor]] | None = None
        self._playing: bool | None = None
        self._unit = "%"
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFixedSize(SIZE)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.valueChanged.connect(self.update)

    def show_ends(self, left: tuple[str, QColor], right: tuple[str, QColor]) -> None:
        """Put a letter in its colour on either end of the groove."""
        self._ends, self._playing = (left, right), None
        self.update()

    def show_playing(self, playing: bool) -> None:
        """Put a button on the left that pauses, or plays."""
        self._ends, self._playing = None, playing
        self.update()

    def set_unit(self, unit: str) -> None:
        """Take what stands behind the value."""
        self._unit = unit
        self.update()

    def groove(self) -> QRectF:
        """Return the place of the groove, knob ends included."""
        left = 34.0
        right = self.width() - (88.0 if self._ends else 76.0)
        return QRectF(left, self.height() / 2 - 2, right - left, 4)

    def _knob_x(self) -> float:
        share = (self.value() - self.minimum()) / max(self.maximum() - self.minimum(), 1)
        groove = self.groove()
        return groove.left() + _KNOB + share * (groove.width() - 2 * _KNOB)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the whole control; it looks alike on light and dark pictures."""
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        paint_backing(painter, QRectF(self.rect()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        groove, x = self.groove(), self._knob_x()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_GROOVE)
        painter.drawRoundedRect(groove, 2, 2)
        painter.setBrush(DARK.accent)
        painter.drawRoundedRect(QRectF(groove.left(), groove.top(), x - groove.left(), 4), 2, 2)
        painter.setBrush(QColor("white"))
        painter.drawEllipse(QPointF(x, groove.center().y()), _KNOB, _KNOB)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(DARK.accent)
            painter.drawEllipse(QPointF(x, groove.center().y()), _KNOB + 2.5, _KNOB + 2.5)
        self._paint_left(painter)
        self._paint_right(painter, groove.right())
        painter.end()

    def _paint_left(self, painter: QPainter) -> None:
        area = QRectF(6, 0, 26, self.height())
        if self._ends:
            font = ui_font()
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(self._ends[0][1])
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._ends[0][0])
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(INK)
        centre = area.center()
        if self._playing:  # two bars: a click pauses
            for dx in (-4.5, 1.5):
                painter.drawRoundedRect(QRectF(centre.x() + dx, centre.y() - 5.5, 3, 11), 1, 1)
        else:
            points = (QPointF(-4, -6), QPointF(-4, 6), QPointF(6, 0))
            painter.drawPolygon(QPolygonF([centre + p for p in points]))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_right(self, painter: QPainter, left: float) -> None:
        if self._ends:
            font = ui_font()
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(self._ends[1][1])
            area = QRectF(left + 4, 0, 22, self.height())
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._ends[1][0])
        painter.setFont(number_font(-1))
        painter.setPen(FAINT_INK)
        text = f"{self.value()} {self._unit}"
        room = QRectF(0, 0, self.width() - 12, self.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)

    def sizeHint(self) -> QSize:
        """Return the one size it has; enough for four figures and a unit."""
        width = QFontMetrics(number_font(-1)).horizontalAdvance("2000 ms")
        return SIZE.expandedTo(QSize(width, 0))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the place clicked, or press the button."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._ends is None and event.position().x() < self.groove().left() - 4:
            self.toggled.emit()
            return
        self.setSliderDown(True)
        self._follow(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse while it is pressed."""
        if self.isSliderDown():
            self._follow(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        del event
        self.setSliderDown(False)

    def _follow(self, x: float) -> None:
        groove = self.groove()
        share = (x - groove.left() - _KNOB) / (groove.width() - 2 * _KNOB)
        raw = self.minimum() + min(max(share, 0), 1) * (self.maximum() - self.minimum())
        step = max(self.singleStep(), 1)
        self.setValue(round(raw / step) * step)
