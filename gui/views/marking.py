"""Drawing a rectangle on the pictures with the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QPointF, QSizeF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from core.types import Rect

if TYPE_CHECKING:
    from gui.camera import Camera


class Marking(QObject):
    """While it is on, dragging with the left button draws a rectangle of whole canvas pixels.

    The other buttons, the wheel and fingers go on moving the camera.

    Signals
    -------
    drawn(Rect)
        The button was let go: the rectangle, within the canvas, in pixels of the canvas.
    changed()
        `rect` is another one.

    Attributes
    ----------
    on
        Whether dragging draws.
    rect
        What is being drawn; None between drawings.
    """

    drawn = Signal(object)
    changed = Signal()

    def __init__(self, widget: QWidget, camera: Camera) -> None:
        super().__init__(widget)
        self._widget = widget
        self._camera = camera
        self._from: tuple[float, float] | None = None
        self.on = False
        self.rect: Rect | None = None
        widget.installEventFilter(self)

    def set_on(self, on: bool) -> None:
        """Let dragging draw, or move the picture as before."""
        if on == self.on:
            return
        self.on = on
        self._end()
        if on:
            self._widget.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self._widget.unsetCursor()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the left button from moving the camera while it draws."""
        if not self.on or watched is not self._widget or self._camera.canvas.isEmpty():
            return False
        used = False
        match event.type():
            case QEvent.Type.MouseButtonPress | QEvent.Type.MouseButtonDblClick:
                used = self._on_press(cast("QMouseEvent", event))
            case QEvent.Type.MouseMove if self._from is not None:
                self._draw_to(self._canvas(cast("QMouseEvent", event).position()))
            case QEvent.Type.MouseButtonRelease if self._from is not None:
                used = self._on_release(cast("QMouseEvent", event))
        return used  # moves go on: the values under the mouse are still read

    def _on_press(self, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        self._from = self._canvas(event.position())
        self._draw_to(self._from)
        return True

    def _on_release(self, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        rect = self.rect
        self._end()
        if rect is not None:
            self.drawn.emit(rect)
        return True

    def _canvas(self, at: QPointF) -> tuple[float, float]:
        place = self._camera.to_canvas(at, QSizeF(self._widget.size()))
        return place.y(), place.x()

    def _draw_to(self, to: tuple[float, float]) -> None:
        assert self._from is not None
        canvas = self._camera.canvas.size().toSize()
        rows = sorted(int(v // 1) for v in (self._from[0], to[0]))
        cols = sorted(int(v // 1) for v in (self._from[1], to[1]))
        whole = Rect(0, 0, canvas.height(), canvas.width())
        drawn = Rect(rows[0], cols[0], rows[1] - rows[0] + 1, cols[1] - cols[0] + 1)
        inside = drawn.intersect(whole)
        self.rect = None if inside.empty else inside
        self.changed.emit()

    def _end(self) -> None:
        self._from, self.rect = None, None
        self.changed.emit()
