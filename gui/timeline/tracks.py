"""The parts of the timeline that share the axis of frames, one below the other."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gui.theme import theme
from gui.timeline.axis import LEFT, RIGHT, Axis
from gui.timeline.curves import Curves
from gui.timeline.event_marks import EventMarks
from gui.timeline.filmstrip import Filmstrip
from gui.timeline.overview import Overview
from gui.timeline.ruler import Ruler

_KEYS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ENDS: Final = (Qt.Key.Key_Home, Qt.Key.Key_End)
_ZOOMS: Final = {Qt.Key.Key_Up: 1.5, Qt.Key.Key_Down: 1 / 1.5}
FAR_STEP: Final = 10


class Tracks(QFrame):
    """Filmstrip, ruler, curves, events and overview; they zoom, pan and seek together.

    Signals
    -------
    sought(int, bool)
        A frame is wanted; whether the mouse is still being dragged.
    step_wanted(int)
        So many frames on, or back.
    range_changed(tuple[int, int] | None)
        The first and the last frame of a range that a person chose.
    """

    sought = Signal(int, bool)
    step_wanted = Signal(int)
    range_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Timeline")
        self.setAccessibleDescription(
            "Left and Right step, Home and End go to the ends, Up and Down zoom"
        )
        self.filmstrip = Filmstrip(self)
        self.ruler = Ruler(self)
        self.curves = Curves(self)
        self.marks = EventMarks(self)
        self.overview = Overview(self)
        self.lanes = (self.filmstrip, self.ruler, self.curves, self.marks, self.overview)
        self.axis = Axis.whole(1, 100)
        self.frame = 0
        self.range: tuple[int, int] | None = None
        self._dragged = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(0)
        for lane in self.lanes:
            column.addWidget(lane, {self.filmstrip: 1, self.curves: 4}.get(lane, 0))
            lane.sought.connect(self.seek)
            lane.zoom_wanted.connect(self._on_zoom)
            lane.pan_wanted.connect(self._on_pan)
            lane.whole_wanted.connect(self.show_whole)
            lane.hovered.connect(self._on_hovered)
        column.addStretch(0)
        self.overview.start_wanted.connect(self._on_start)
        self.ruler.range_dragged.connect(self.show_range)
        self.ruler.range_changed.connect(self.range_changed)

    # -- in ------------------------------------------------------------------------------------

    def show_count(self, count: int) -> None:
        """Take the number of frames.

        What is seen stays where a sequence grows of which not all was seen.
        """
        seen, whole = self.axis, Axis.whole(count, self._room())
        if 1 < seen.count <= count and not seen.is_whole:
            whole = Axis(count, seen.start, seen.end, seen.left, seen.width)
        self.frame = min(self.frame, count - 1)
        if self.range is not None and self.range[1] >= count:
            self.show_range(None)
        self.show_axis(whole)
        self._show_playhead()

    def show_frame(self, frame: int, *, playing: bool) -> None:
        """Move the playhead to where it is seen; not while the mouse holds it."""
        if any(lane.busy for lane in self.lanes):
            return
        self.frame = min(max(frame, 0), self.axis.count - 1)
        self.show_axis(self.axis.following(self.frame, playing=playing))
        self._show_playhead()

    def show_range(self, chosen: tuple[int, int] | None) -> None:
        """Show a range; None: everything."""
        self.range = chosen
        for lane in self.lanes:
            lane.show_range(chosen)

    def choose_range(self, chosen: tuple[int, int] | None) -> None:
        """Choose a range, as a person does with the mouse."""
        if chosen is not None:
            first, last = sorted(chosen)
            chosen = max(first, 0), min(last, self.axis.count - 1)
        if chosen != self.range:
            self.show_range(chosen)
            self.range_changed.emit(chosen)

    def show_axis(self, axis: Axis) -> None:
        """Lay the frames out in another way."""
        self.axis = axis
        for lane in self.lanes:
            lane.show_axis(axis)

    def show_whole(self) -> None:
        """Show all frames."""
        self.show_axis(Axis.whole(self.axis.count, self._room()))

    def seek(self, frame: int, dragging: bool) -> None:
        """Move the playhead at once: the picture follows when it can."""
        again = dragging and self._dragged and frame == self.frame
        self.frame, self._dragged = frame, dragging
        if again:
            return
        if not dragging:
            self.show_axis(self.axis.following(frame, playing=False))
        self._show_playhead()
        self.sought.emit(frame, dragging)

    # -- inside --------------------------------------------------------------------------------

    def _room(self) -> float:
        return self.width() - LEFT - RIGHT

    def _show_playhead(self) -> None:
        for lane in self.lanes:
            lane.show_playhead(self.frame)

    def _on_zoom(self, factor: float, x: float) -> None:
        self.show_axis(self.axis.zoomed(factor, x))

    def _on_pan(self, dx: float) -> None:
        self.show_axis(self.axis.panned(dx))

    def _on_start(self, place: float) -> None:
        self.show_axis(self.axis.from_place(place))

    def _on_hovered(self, x: float, frame: int) -> None:
        for lane in self.lanes:
            lane.show_hover(x, frame)

    # -- Qt ------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the frames out over another width."""
        super().resizeEvent(event)
        self.show_axis(self.axis.resized(self._room()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a line at the top, in another colour while the keys come here."""
        super().paintEvent(event)
        painter = QPainter(self)
        t = theme()
        painter.fillRect(self.rect(), t.panel)
        painter.fillRect(0, 0, self.width(), 2, t.accent if self.hasFocus() else t.canvas)
        painter.end()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that the keys come here."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the keys go elsewhere."""
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Claim the keys before they are looked up among the shortcuts."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and Qt.Key(event.key()) in (*_KEYS, *_ENDS, *_ZOOMS)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step and zoom with the arrow keys, go to an end with Home and End."""
        key = Qt.Key(event.key())
        if key in _KEYS:
            far = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.step_wanted.emit(_KEYS[key] * (FAR_STEP if far else 1))
        elif key in _ENDS:
            self.seek(0 if key == Qt.Key.Key_Home else self.axis.count - 1, False)
        elif key in _ZOOMS:
            self.show_axis(self.axis.zoomed(_ZOOMS[key], self.axis.x_of(self.frame)))
        else:
            super().keyPressEvent(event)
