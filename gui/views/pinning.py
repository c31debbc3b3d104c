"""Setting, moving and removing pins on the pictures of a pane with the mouse."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QEvent, QObject, QPointF, QSizeF, Qt, Signal
from PySide6.QtGui import QCursor, QMouseEvent, QPainter

from core.render import Side
from gui.views.pin_marks import ARM, PinMark, paint_pin

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gui.camera import Camera
    from gui.lens import Lens
    from gui.views.layer import Layer

STILL: Final = 4.0
"""A press and release with no more movement than this, in logical pixels, is a click."""
_Held = tuple[int, Side]


class Pinning(QObject):
    """Paints pins, and while it is on, makes clicks set them.

    Dragging beside a pin goes on moving the camera, and so does the wheel.

    Signals
    -------
    clicked(side: Side, x: float, y: float)
        A feature was pointed at, on the canvas where that picture lies now.
    dropped(index: int, side: Side, x: float, y: float)
        A point of a pin was dragged to another place.
    chosen(index: int), removed(index: int)
        A pin was clicked; it was clicked with the right button.
    changed()
        What is painted is something else.

    Attributes
    ----------
    on
        Whether clicks set pins.
    """

    clicked = Signal(object, float, float)
    dropped = Signal(int, object, float, float)
    chosen = Signal(int)
    removed = Signal(int)
    changed = Signal()

    def __init__(
        self,
        widget: QWidget,
        camera: Camera,
        layers: Mapping[Side, Layer],
        side_at: Callable[[QPointF], Side | None],
    ) -> None:
        super().__init__(widget)
        self._widget, self._camera, self._layers = widget, camera, layers
        self._side_at = side_at
        self._marks: Sequence[PinMark] = ()
        self._from: QPointF | None = None
        self._held: _Held | None = None
        self._moved_to: QPointF | None = None  # where a pin in the hand is, in the view
        self.on = False
        widget.installEventFilter(self)

    def set_on(self, on: bool) -> None:
        """Let clicks set pins, or do nothing as before."""
        if on == self.on:
            return
        self.on = on
        self._let_go()
        if on:
            self._widget.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self._widget.unsetCursor()

    def show_marks(self, marks: Sequence[PinMark]) -> None:
        """Paint these pins."""
        self._marks = marks
        self.changed.emit()

    def hit(self, at: QPointF) -> _Held | None:
        """Return the pin at a point of the view, as its index and the side of that point."""
        side = self._side_at(at)
        if side is None:
            return None
        near = [
            (QPointF.dotProduct(way, way), i)
            for i, mark in enumerate(self._marks)
            if (place := mark.at(side)) is not None
            for way in [self._lens(side).to_view(*place, self._view()) - at]
        ]
        distance, index = min(near, default=(float("inf"), -1))
        return (index, side) if distance <= ARM**2 else None

    def under_mouse(self) -> int | None:
        """Return the index of the pin under the mouse."""
        found = self.hit(QPointF(self._widget.mapFromGlobal(QCursor.pos())))
        return None if found is None else found[0]

    def paint(self, painter: QPainter, sides: Sequence[Side]) -> None:
        """Paint the pins on pictures of these sides; the one in the hand where the hand is."""
        for i, mark in enumerate(self._marks):
            for side in sides:
                place = mark.at(side)
                if place is None:
                    continue
                held = self._held == (i, side) and self._moved_to is not None
                at = self._moved_to if held else self._lens(side).to_view(*place, self._view())
                assert at is not None
                paint_pin(painter, mark, side, at)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Use clicks, and drags that begin on a pin."""
        if not self.on or self._camera.canvas.isEmpty():
            return False
        used = False
        match event.type():
            case QEvent.Type.MouseButtonPress:
                used = self._on_press(cast("QMouseEvent", event))
            case QEvent.Type.MouseButtonDblClick:
                self._on_press(cast("QMouseEvent", event))
                used = True  # two quick clicks set points; they do not zoom
            case QEvent.Type.MouseMove if self._held is not None:
                self._on_move(cast("QMouseEvent", event).position())
            case QEvent.Type.MouseButtonRelease if self._from is not None:
                used = self._on_release(cast("QMouseEvent", event))
        return used

    def _on_press(self, event: QMouseEvent) -> bool:
        hit = self.hit(event.position())
        if event.button() == Qt.MouseButton.RightButton:
            if hit is not None:
                self.removed.emit(hit[0])
            return hit is not None
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        self._from, self._held = event.position(), hit
        return hit is not None

    def _on_move(self, at: QPointF) -> None:
        if self._from is not None and (self._moved_to is not None or not _still(at, self._from)):
            self._moved_to = at
            self.changed.emit()

    def _on_release(self, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton or self._from is None:
            return False
        at, start, held, moved = event.position(), self._from, self._held, self._moved_to
        self._let_go()
        if held is not None:
            if moved is None:
                self.chosen.emit(held[0])
            else:
                self.dropped.emit(*held, *self._canvas(held[1], at))
            return True
        side = self._side_at(at)
        if side is not None and _still(at, start):
            self.clicked.emit(side, *self._canvas(side, at))
        return False  # the camera must hear that the button was let go

    def _let_go(self) -> None:
        self._from = self._held = self._moved_to = None
        self.changed.emit()

    def _canvas(self, side: Side, at: QPointF) -> tuple[float, float]:
        place = self._lens(side).to_canvas(at, self._view())
        return place.x(), place.y()

    def _lens(self, side: Side) -> Lens:
        return self._layers[side].lens(self._camera)

    def _view(self) -> QSizeF:
        return QSizeF(self._widget.size())


def _still(one: QPointF, other: QPointF) -> bool:
    return (one - other).manhattanLength() <= STILL
