"""A bar of all frames, with the part that is seen: shown while not all are."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from gui.theme import theme
from gui.timeline.axis import Axis
from gui.timeline.lane import Lane

HEIGHT = 10


class Overview(Lane):
    """Drag the part that is seen, or click to go there.

    Signals
    -------
    start_wanted(float)
        The place that is to be at the left end.
    """

    start_wanted = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Part of the sequence that is seen", parent)
        self.setFixedHeight(HEIGHT)
        self.setToolTip("The part that is seen; double-click for all")
        self._seen = self.axis
        self._offset: float | None = None

    def show_axis(self, axis: Axis) -> None:
        """Show which part of all frames an axis shows."""
        turned = axis.is_whole != self._seen.is_whole
        self._seen = axis
        if turned:
            self.refresh()
        super().show_axis(Axis.whole(axis.count, axis.width, axis.left))
        self.update()

    def _part(self) -> QRectF:
        left, right = self.axis.x_of(self._seen.start), self.axis.x_of(self._seen.end)
        return QRectF(left, 2, max(right - left, 10), self.height() - 4)

    def paint_kept(self, painter: QPainter, dirty: QRect) -> None:
        """Paint the groove."""
        del dirty
        if self._seen.is_whole:
            return
        groove = QRectF(self.axis.left, self.height() / 2 - 1.5, self.axis.width, 3)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().grid)
        painter.drawRoundedRect(groove, 1.5, 1.5)

    def paint_over(self, painter: QPainter) -> None:
        """Paint the part that is seen."""
        if self._seen.is_whole:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        held = self._offset is not None or self.underMouse()
        painter.setBrush(theme().muted if held else theme().track)
        painter.drawRoundedRect(self._part(), 3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _paint_playhead(self, painter: QPainter) -> None:
        if not self._seen.is_whole:
            super()._paint_playhead(painter)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the part that is seen; elsewhere it comes there first."""
        if event.button() != Qt.MouseButton.LeftButton or self._seen.is_whole:
            return
        part, x = self._part(), event.position().x()
        inside = part.left() <= x <= part.right()
        self._offset = x - part.left() if inside else part.width() / 2
        self._drag_to(x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the part that is seen."""
        if self._offset is not None:
            self._drag_to(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        del event
        self._offset = None
        self.update()

    def _drag_to(self, x: float) -> None:
        assert self._offset is not None
        self.start_wanted.emit(self.axis.place_at(x - self._offset))
