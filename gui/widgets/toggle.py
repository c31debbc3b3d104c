"""A switch."""

from __future__ import annotations

from PySide6.QtCore import Property, QEasingCurve, QPointF, QPropertyAnimation, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from gui.theme import theme

WIDTH, HEIGHT, RING = 30, 16, 2


class Toggle(QAbstractButton):
    """An on-off switch; Space and click turn it.

    Signals
    -------
    toggled(bool)
        From QAbstractButton.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = 0.0
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._slide = QPropertyAnimation(self, b"share", self)
        self._slide.setDuration(110)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.setFixedSize(self.sizeHint())
        self.toggled.connect(self._on_toggled)

    def setChecked(self, checked: bool) -> None:
        """Turn the switch; also moves the knob when signals are blocked."""
        super().setChecked(checked)
        self._on_toggled(checked)

    def sizeHint(self) -> QSize:
        """Return the size of the switch and of its focus ring."""
        return QSize(WIDTH + 2 * RING, HEIGHT + 2 * RING)

    def _get_share(self) -> float:
        return self._share

    def _set_share(self, share: float) -> None:
        self._share = share
        self.update()

    share = Property(float, _get_share, _set_share)  # how far right the knob is, 0…1

    def _on_toggled(self, checked: bool) -> None:
        goal = 1.0 if checked else 0.0
        self._slide.stop()
        if self.isVisible() and self._share != goal:
            self._slide.setEndValue(goal)
            self._slide.start()
        else:
            self._set_share(goal)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint track, knob and focus ring."""
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(RING, RING, WIDTH, HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        if not self.isEnabled():
            painter.setOpacity(0.45)
        painter.setBrush(_between(t.track, t.accent, self._share))
        painter.drawRoundedRect(box, HEIGHT / 2, HEIGHT / 2)
        radius = HEIGHT / 2 - 2.5
        left, right = box.left() + HEIGHT / 2, box.right() - HEIGHT / 2
        knob = QPointF(left + (right - left) * self._share, box.center().y())
        painter.setBrush(QColor("#ffffff"))
        painter.drawEllipse(knob, radius, radius)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(t.text, 1.2))
            ring = box.adjusted(-1.3, -1.3, 1.3, 1.3)
            painter.drawRoundedRect(ring, ring.height() / 2, ring.height() / 2)
        painter.end()


def _between(low: QColor, high: QColor, share: float) -> QColor:
    def mix(p: int, q: int) -> int:
        return round(p + (q - p) * share)

    return QColor(
        mix(low.red(), high.red()), mix(low.green(), high.green()), mix(low.blue(), high.blue())
    )
