"""Events along the axis, as marks and bars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from gui.theme import theme, ui_font
from gui.timeline.axis import LEFT, RIGHT
from gui.timeline.event_look import Look, look_of
from gui.timeline.lane import Lane

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.sequence.events import Event

ROW: Final = 15
ROWS: Final = 3
LEAST: Final = 14.0
"""Pixels of width in which a letter stands."""
NEAR: Final = 4.0
LINE: Final = 4.0
"""Pixels of width over which what has no room for its letter is a line along the bottom."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where an event is drawn.

    Attributes
    ----------
    index
        Of the event, in the list given.
    row
        From 0 on, from the top.
    left, right
        In logical pixels.
    full
        Whether there is room for its letter; else it is a fine line.
    """

    index: int
    row: int
    left: float
    right: float
    full: bool


class EventMarks(Lane):
    """Up to three rows of events; those that no row has room for are fine lines in the last one.

    Signals
    -------
    event_clicked(int)
        The index of an event in the list given.
    """

    event_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Events", parent)
        self._events: Sequence[Event] = ()
        self._marks: list[Mark] | None = None
        self._pressed: int | None = None
        self._rows = 1
        self._set_height()

    def show_events(self, events: Sequence[Event]) -> None:
        """Show events, in any order."""
        self._events = tuple(events)
        self._marks = None
        self.refresh()
        self.marks()

    def refresh(self) -> None:
        """Lay the marks out, and paint them anew."""
        self._marks = None
        super().refresh()

    def marks(self) -> list[Mark]:
        """Return where the events that are seen are drawn."""
        if self._marks is None:
            self._marks = laid_out(self._events, self.axis.x_of, self.axis.left, self.axis.right)
            rows = max((mark.row for mark in self._marks), default=0) + 1
            if rows > self._rows or not self._events:  # it does not jump while one pans
                self._rows = rows
                self._set_height()
        return self._marks

    def mark_at(self, position: QPointF) -> Mark | None:
        """Return the mark at a place; the narrowest where several are near."""
        near = [
            mark for mark in self.marks()
            if mark.left - NEAR <= position.x() <= mark.right + NEAR
            and 0 <= position.y() - self._top(mark.row) < ROW
        ]  # fmt: skip
        return min(near, key=lambda m: (self._gap(m, position.x()), m.right - m.left), default=None)

    @staticmethod
    def _gap(mark: Mark, x: float) -> float:
        return max(mark.left - x, x - mark.right, 0.0)

    def _set_height(self) -> None:
        self.setFixedHeight(self._rows * ROW + 5)

    def _top(self, row: int) -> int:
        return 3 + row * ROW

    # -- painting ------------------------------------------------------------------------------

    def paint_kept(self, painter: QPainter, dirty: QRect) -> None:
        """Paint the marks."""
        t = theme()
        painter.setFont(ui_font(-1.5))
        painter.setPen(t.muted)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, 2, LEFT - 8, ROW), flags, "events")
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        letters = ui_font(-2)
        letters.setBold(True)
        painter.setFont(letters)
        for mark in sorted(self.marks(), key=lambda m: m.full):
            look = look_of(self._events[mark.index].kind)
            beyond = 0 if look.shape == "bar" else RIGHT - 1  # a letter at the end is read
            inner = QRectF(self.axis.left - 1, 0, self.axis.width + 2 + beyond, self.height())
            painter.setClipRect(inner.intersected(QRectF(dirty)))
            self._paint(painter, mark, look)
        painter.restore()

    def _paint(self, painter: QPainter, mark: Mark, look: Look) -> None:
        colour, top = look.colour(), self._top(mark.row)
        if not mark.full:
            wide = mark.right - mark.left
            lasts = wide > LINE  # then it runs below the others
            place = QRectF(mark.left, top, wide, ROW - 2)
            painter.fillRect(place.adjusted(0, ROW - 4, 0, 0) if lasts else place, colour)
            return
        place = QRectF(mark.left, top, mark.right - mark.left, ROW - 2)
        fill = QColor(colour)
        fill.setAlpha(56 if look.shape == "bar" else 255)
        painter.setPen(colour if look.shape == "bar" else Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        if look.shape == "flag":  # its left edge is the moment
            x, y = place.left(), place.top()
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(x, y), QPointF(place.right() - 4, y),
                        QPointF(place.right(), place.center().y()),
                        QPointF(place.right() - 4, place.bottom()), QPointF(x, place.bottom()),
                    ]
                )
            )  # fmt: skip
        else:
            painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setPen(colour if look.shape == "bar" else theme().panel)
        seen = place.intersected(QRectF(self.axis.left, top, self.axis.width, ROW - 2))
        box = QRectF(seen.left(), top, min(seen.width(), LEAST), ROW - 2)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, look.letter)
        room = seen.width() - LEAST
        if room > painter.fontMetrics().horizontalAdvance(look.name) + 6:
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box.translated(LEAST + 1, 0).adjusted(0, 0, room, 0), flags, look.name)

    # -- mouse ---------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Press a mark; elsewhere, seek."""
        mark = self.mark_at(event.position())
        if mark is not None and event.button() == Qt.MouseButton.LeftButton:
            self._pressed = mark.index
        else:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Click a mark when it is let go where it was pressed."""
        pressed, self._pressed = self._pressed, None
        if pressed is None:
            super().mouseReleaseEvent(event)
            return
        mark = self.mark_at(event.position())
        if mark is not None and mark.index == pressed:
            self.event_clicked.emit(pressed)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all frames, but not when a mark is clicked twice."""
        if self.mark_at(event.position()) is None:
            super().mouseDoubleClickEvent(event)

    def point_at(self, position: QPointF | None) -> None:
        """Show a hand over marks."""
        over = position is not None and self.mark_at(position) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def sentence_at(self, position: QPointF) -> str:
        """Return what the event at a place is; empty where there is none."""
        mark = self.mark_at(position)
        return "" if mark is None else self._events[mark.index].what

    def event(self, event: QEvent) -> bool:
        """Say in a tooltip what an event is."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.sentence_at(QPointF(event.pos()))
            near = QRect(event.pos() - QPoint(6, 6), QSize(12, 12))
            QToolTip.showText(event.globalPos(), text, self, near)
            return True
        return super().event(event)


def laid_out(
    events: Sequence[Event], x_of: Callable[[float], float], first: float, last: float
) -> list[Mark]:
    """Return where events are drawn that are seen between two places of the axis.

    Each takes the first row in which it has room; what has room in none is a fine line in the last.
    """
    ends = [-1e9] * ROWS
    marks = []
    for index in sorted(range(len(events)), key=lambda i: (events[i].start, events[i].end)):
        event = events[index]
        left, right = x_of(event.start - 0.5), x_of(event.end + 0.5)
        if right < first - LEAST or left > last:
            continue
        wide = max(right, left + LEAST)
        row = next((r for r in range(ROWS) if ends[r] <= left), None)
        if row is None:
            marks.append(Mark(index, ROWS - 1, left, max(right, left + 2), full=False))
        else:
            ends[row] = wide + 1
            marks.append(Mark(index, row, left, wide, full=True))
    return marks
