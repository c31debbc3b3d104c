"""What all parts of the timeline have in common: the axis, the playhead, the mouse."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gui.theme import notifier, theme
from gui.timeline.axis import Axis

NOTCH: Final = 1.25
"""How much closer one notch of the wheel brings the frames."""
SHADE: Final = 130
"""Opacity, of 255, of what lies over frames outside of the chosen range."""


class Lane(QWidget):
    """One part of the timeline, painted once and kept; what moves is painted over it.

    Signals
    -------
    sought(int, bool)
        A frame was pointed at; whether the mouse is still down.
    zoom_wanted(float, float)
        So many times closer, about an x.
    pan_wanted(float)
        So many pixels to the right.
    whole_wanted()
        All frames are to be seen.
    hovered(float, int)
        The x under the mouse, and the frame that it means; x is negative when the mouse left.
    """

    sought = Signal(int, bool)
    zoom_wanted = Signal(float, float)
    pan_wanted = Signal(float)
    whole_wanted = Signal()
    hovered = Signal(float, int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.axis = Axis.whole(1, 100)
        self.playhead = 0
        self.range: tuple[int, int] | None = None
        self.hover = -1.0
        self.hovered_frame = 0
        self._kept: QPixmap | None = None
        self._stale: list[QRect] = []  # parts of it that are to be painted anew
        self._seeking = False
        self._grip: float | None = None  # x of the middle button
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        notifier().changed.connect(self.refresh)

    # -- in ------------------------------------------------------------------------------------

    def show_axis(self, axis: Axis) -> None:
        """Lay the frames out in another way."""
        if axis != self.axis:
            self.axis = axis
            self.refresh()

    @property
    def busy(self) -> bool:
        """Whether the mouse holds the playhead, or something else, in this lane."""
        return self._seeking

    def show_playhead(self, frame: int) -> None:
        """Move the playhead."""
        if frame != self.playhead:
            before, self.playhead = self.playhead, frame
            self._update_at(before)
            self._update_at(frame)

    def show_hover(self, x: float, frame: int) -> None:
        """Move the fine line that follows the mouse; at a negative x there is none."""
        if (x, frame) != (self.hover, self.hovered_frame):
            before, self.hover, self.hovered_frame = self.hover, x, frame
            for each in (before, x):
                if each >= 0:
                    self.update(QRect(int(each) - 2, 0, 5, self.height()))

    def show_range(self, chosen: tuple[int, int] | None) -> None:
        """Shade what lies outside of a range."""
        if chosen != self.range:
            self.range = chosen
            self.update()

    # -- for heirs -----------------------------------------------------------------------------

    def background(self) -> QColor:
        """Return what lies behind everything."""
        return theme().panel

    def paint_kept(self, painter: QPainter, dirty: QRect) -> None:
        """Paint what stays the same while the playhead moves; `dirty` is what is to be painted."""

    def paint_over(self, painter: QPainter) -> None:
        """Paint what changes often, below the playhead."""

    def refresh(self) -> None:
        """Paint everything anew."""
        self._kept = None
        self.update()

    def refresh_part(self, part: QRect) -> None:
        """Paint a part anew, when it is shown."""
        part = part.intersected(self.rect())
        if not part.isEmpty():
            self._stale.append(part)
            self.update(part)

    # -- painting ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what was kept, and what moves over it."""
        ratio = self.devicePixelRatioF()
        kept = self._kept
        if kept is None or kept.devicePixelRatio() != ratio:
            kept = QPixmap(self.size() * ratio)
            kept.setDevicePixelRatio(ratio)
            self._kept, self._stale = kept, [self.rect()]
        for part in self._stale:
            self._paint_kept(kept, part)
        self._stale = []
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        painter.drawPixmap(0, 0, kept)
        self._paint_shade(painter)
        self.paint_over(painter)
        if self.hover >= 0 and self.axis.left <= self.hover <= self.axis.right:
            faint = QColor(theme().muted)
            faint.setAlpha(150)
            painter.fillRect(QRectF(round(self.hover), 0, 1, self.height()), faint)
        self._paint_playhead(painter)
        painter.end()

    def _paint_kept(self, kept: QPixmap, part: QRect) -> None:
        painter = QPainter(kept)
        painter.setClipRect(part)
        painter.fillRect(part, self.background())
        self.paint_kept(painter, part)
        painter.end()

    def _paint_shade(self, painter: QPainter) -> None:
        if self.range is None:
            return
        shade = QColor(self.background())
        shade.setAlpha(SHADE)
        axis, height = self.axis, self.height()
        first = min(max(axis.x_of(self.range[0] - 0.5), axis.left), axis.right)
        last = min(max(axis.x_of(self.range[1] + 0.5), axis.left), axis.right)
        painter.fillRect(QRectF(axis.left, 0, first - axis.left, height), shade)
        painter.fillRect(QRectF(last, 0, axis.right - last, height), shade)

    def _paint_playhead(self, painter: QPainter) -> None:
        axis = self.axis
        if not axis.sees(self.playhead):
            return
        x, t = axis.x_of(self.playhead), theme()
        if axis.scale > 6:  # what the frame takes
            room = QColor(t.text)
            room.setAlpha(22)
            painter.fillRect(QRectF(x - axis.scale / 2, 0, axis.scale, self.height()), room)
        edge = QColor(self.background())
        edge.setAlpha(160)
        painter.fillRect(QRectF(round(x) - 1, 0, 3, self.height()), edge)
        painter.fillRect(QRectF(round(x), 0, 1, self.height()), t.text)

    def _update_at(self, frame: int) -> None:
        x, half = self.axis.x_of(frame), max(self.axis.scale / 2, self.playhead_reach()) + 2
        self.update(QRectF(x - half, 0, 2 * half, self.height()).toAlignedRect())

    def playhead_reach(self) -> float:
        """Return how many pixels the playhead's own picture reaches to either side."""
        return 2.0

    # -- mouse ---------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Paint anew at another size."""
        super().resizeEvent(event)
        self._kept = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Seek with the left button, pan with the middle one."""
        if event.button() == Qt.MouseButton.MiddleButton:
            self._grip = event.position().x()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._seeking = True
            self.sought.emit(self.frame_at(event.position()), True)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse."""
        x = event.position().x()
        if self._grip is not None:
            self.pan_wanted.emit(x - self._grip)
            self._grip = x
        elif self._seeking:
            self.sought.emit(self.frame_at(event.position()), True)
        self.hovered.emit(x, self.frame_at(event.position()))
        self.point_at(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if event.button() == Qt.MouseButton.MiddleButton and self._grip is not None:
            self._grip = None
            self.unsetCursor()
        elif event.button() == Qt.MouseButton.LeftButton and self._seeking:
            self._seeking = False
            self.sought.emit(self.frame_at(event.position()), False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all frames."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.whole_wanted.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the mouse; with Shift, or sideways, pan."""
        turned = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan_wanted.emit((turned.y() or turned.x()) * 0.6)
        elif abs(turned.x()) > abs(turned.y()):
            self.pan_wanted.emit(turned.x() * 0.6)
        else:
            self.zoom_wanted.emit(NOTCH ** (turned.y() / 120), event.position().x())
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Take the line under the mouse away."""
        super().leaveEvent(event)
        self.hovered.emit(-1.0, 0)
        self.point_at(None)

    def point_at(self, position: QPointF | None) -> None:
        """Tell of what lies under the mouse; None when it left."""

    def frame_at(self, position: QPointF) -> int:
        """Return the frame that a place means."""
        return self.axis.frame_at(position.x())
