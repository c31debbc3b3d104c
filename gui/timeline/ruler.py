"""Frame numbers and times, the grip of the playhead, and the ends of the chosen range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPolygonF
from PySide6.QtWidgets import QWidget

from gui.theme import number_font, theme, ui_font
from gui.timeline.axis import LEFT, ticks, time_text
from gui.timeline.lane import Lane

if TYPE_CHECKING:
    from collections.abc import Sequence

HEIGHT: Final = 24
NEAR: Final = 6.0
"""Pixels from an end of the range within which the mouse takes it."""
BAND: Final = 4
"""Pixels of height of the bar that shows the range."""


class Ruler(Lane):
    """Numbers from 0 on, in round steps.

    Drag an end of the range to move it; with Shift, drag from one frame to another to choose one.

    Signals
    -------
    range_dragged(tuple[int, int])
        While the mouse is down.
    range_changed(tuple[int, int])
        Another range was chosen with the mouse.
    """

    range_dragged = Signal(object)
    range_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Ruler of frames", parent)
        self.setFixedHeight(max(HEIGHT, self.fontMetrics().height() + 8))
        self._times: Sequence[float] | None = None
        self._fixed: int | None = None  # the end of the range that stays, while one is dragged
        self._before: tuple[int, int] | None = None
        self.setToolTip("Drag to seek; Shift and drag to choose a range")

    def show_times(self, times: Sequence[float] | None) -> None:
        """Take the time of each frame, in seconds."""
        self._times = times
        self.refresh()

    def show_range(self, chosen: tuple[int, int] | None) -> None:
        """Show a range; not while one is being dragged."""
        if self._fixed is None:
            super().show_range(chosen)

    def show_hover(self, x: float, frame: int) -> None:
        """Say which frame the mouse is over."""
        super().show_hover(x, frame)
        self.update()

    # -- painting ------------------------------------------------------------------------------

    def paint_kept(self, painter: QPainter, dirty: QRect) -> None:
        """Paint ticks, numbers and times."""
        del dirty
        t, axis, height = theme(), self.axis, self.height()
        painter.setFont(number_font(-1.5))
        metrics = painter.fontMetrics()
        widest = metrics.horizontalAdvance(f"{axis.count:,}")
        if self._times is not None:
            widest += metrics.horizontalAdvance("  00:00.000")
        step, at = ticks(axis, widest + 22)
        self._paint_small(painter, step)
        for frame in at:
            x = axis.x_of(frame)
            painter.fillRect(QRectF(round(x), height - 9, 1, 9), t.muted)
            text = f"{frame:,}"
            painter.setPen(t.text)
            painter.drawText(QPointF(x + 4, height - 8), text)
            painter.setPen(t.muted)
            beside = x + 4 + metrics.horizontalAdvance(text + " ") + 2
            painter.drawText(QPointF(beside, height - 8), self._time(frame, step))
        painter.setPen(t.muted)
        painter.setFont(ui_font(-1.5))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.fillRect(QRectF(0, 0, LEFT, height), self.background())
        painter.drawText(QRectF(0, 0, LEFT - 8, height), flags, "frame")
        painter.fillRect(QRectF(0, height - 1, self.width(), 1), t.border)

    def _paint_small(self, painter: QPainter, step: int) -> None:
        """Paint ticks between the numbers, where there is room for them."""
        axis, digit = self.axis, int(str(step)[0])
        for parts in (10, 5, 2):
            small = step // parts
            if step % parts or small < 1 or small * axis.scale < 5 or (parts == 2 and digit == 5):
                continue
            colour = QColor(theme().muted)
            colour.setAlpha(120)
            _, at = ticks(axis, small * axis.scale)
            for frame in at:
                x = round(axis.x_of(frame))
                painter.fillRect(QRectF(x, self.height() - 5, 1, 5), colour)
            return

    def _time(self, frame: int, step: int) -> str:
        if self._times is None or frame >= len(self._times):
            return ""
        later = self._times[min(frame + step, len(self._times) - 1)]
        gap = later - self._times[frame]
        return time_text(self._times[frame], 0 if gap >= 1 else 2 if gap >= 0.1 else 3)

    def paint_over(self, painter: QPainter) -> None:
        """Paint the range, and the grip of the playhead."""
        self._paint_range(painter)
        painter.setFont(number_font(-1.5))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.axis.sees(self.playhead):
            self._paint_grip(painter)
        if self.axis.left <= self.hover <= self.axis.right:
            self._paint_hovered(painter)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _box(self, painter: QPainter, x: float, text: str) -> QRectF:
        half = painter.fontMetrics().horizontalAdvance(text) / 2 + 5
        middle = min(max(x, half), self.width() - half)
        return QRectF(middle - half, 1, 2 * half, self.height() - 7)

    def _paint_hovered(self, painter: QPainter) -> None:
        """Say which frame the mouse is over."""
        t, text = theme(), f"{self.hovered_frame:,}"
        if self._times is not None and self.hovered_frame < len(self._times):
            text = f"{text}  {time_text(self._times[self.hovered_frame])}"
        box = self._box(painter, self.hover, text).adjusted(0.5, 0.5, -0.5, 0.5)
        painter.setPen(t.muted)
        painter.setBrush(t.raised)
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(t.text)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_grip(self, painter: QPainter) -> None:
        t, x = theme(), round(self.axis.x_of(self.playhead)) + 0.5
        text = f"{self.playhead:,}"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.text)
        box = self._box(painter, x, text)
        painter.drawRoundedRect(box, 3, 3)
        low = box.bottom()
        painter.drawPolygon(
            QPolygonF([QPointF(x - 4, low - 0.5), QPointF(x + 4, low - 0.5), QPointF(x, low + 4)])
        )
        painter.setPen(t.window)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def playhead_reach(self) -> float:
        """Return the half of the width of the grip."""
        return 12.0 + 4.0 * len(f"{self.axis.count:,}")

    def _paint_range(self, painter: QPainter) -> None:
        if self.range is None:
            return
        t, axis = theme(), self.axis
        first, last = self._ends()
        left, right = max(first, axis.left), min(last, axis.right)
        if right > left:
            painter.fillRect(QRectF(left, 0, right - left, BAND), t.accent)
        for x, way in ((first, 1), (last, -1)):
            if axis.left - 1 <= x <= axis.right + 1:
                painter.fillRect(QRectF(x - (way < 0) * 2, 0, 2, self.height()), t.accent)
                painter.fillRect(QRectF(x if way > 0 else x - 6, 0, 6, 7), t.accent)

    # -- mouse ---------------------------------------------------------------------------------

    def _ends(self) -> tuple[float, float]:
        assert self.range is not None
        return self.axis.x_of(self.range[0] - 0.5), self.axis.x_of(self.range[1] + 0.5)

    def _taken(self, x: float) -> int | None:
        """Return the end of the range that stays when the other one is taken at x."""
        if self.range is None:
            return None
        first, last = self._ends()
        gaps = (abs(x - first), abs(x - last))
        if min(gaps) > NEAR:
            return None
        return self.range[1] if gaps[0] < gaps[1] else self.range[0]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take an end of the range, or begin one; else seek."""
        x = event.position().x()
        if event.button() == Qt.MouseButton.LeftButton:
            self._before = self.range
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._fixed = self.axis.frame_at(x)
                self._drag_to(x)
                return
            self._fixed = self._taken(x)
            if self._fixed is not None:
                return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the end that was taken; else show what a press would do."""
        x = event.position().x()
        if self._fixed is not None:
            self._drag_to(x)
            self.hovered.emit(x, self.axis.frame_at(x))
            return
        if not event.buttons():
            taken = self._taken(x) is not None
            self.setCursor(Qt.CursorShape.SizeHorCursor if taken else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the end go, and tell of the range."""
        if self._fixed is None or event.button() != Qt.MouseButton.LeftButton:
            super().mouseReleaseEvent(event)
            return
        self._fixed = None
        if self.range != self._before:
            self.range_changed.emit(self.range)

    def _drag_to(self, x: float) -> None:
        assert self._fixed is not None
        frame = self.axis.frame_at(x)
        super().show_range((min(frame, self._fixed), max(frame, self._fixed)))
        self.range_dragged.emit(self.range)
