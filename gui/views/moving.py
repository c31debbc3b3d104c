"""Moving B on A with the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gui.camera import Camera


class Moving(QObject):
    """While it is on, dragging with the left button moves B, whatever the pane shows.

    The other buttons, the wheel and fingers go on moving the camera.

    Signals
    -------
    moved(right: float, down: float)
        How far B was dragged since the button was pressed: whole canvas pixels, or tenths while
        Alt is held.
    ended()
        The button was let go.

    Attributes
    ----------
    on
        Whether dragging moves B.
    """

    moved = Signal(float, float)
    ended = Signal()

    def __init__(self, widget: QWidget, camera: Camera) -> None:
        super().__init__(widget)
        self._widget = widget
        self._camera = camera
        self._from: QPointF | None = None
        self.on = False
        widget.installEventFilter(self)

    def set_on(self, on: bool) -> None:
        """Let dragging move B, or the camera as before."""
        if on == self.on:
            return
        self.on, self._from = on, None
        if on:
            self._widget.setCursor(Qt.CursorShape.SizeAllCursor)
        else:
            self._widget.unsetCursor()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Keep the left button from moving the camera."""
        if not self.on or self._camera.canvas.isEmpty():
            return False
        match event.type():
            case QEvent.Type.MouseButtonPress | QEvent.Type.MouseButtonDblClick:
                press = cast("QMouseEvent", event)
                if press.button() == Qt.MouseButton.LeftButton:
                    self._from = press.position()
                    return True
            case QEvent.Type.MouseMove if self._from is not None:
                self._on_move(cast("QMouseEvent", event), self._from)
            case QEvent.Type.MouseButtonRelease if self._from is not None:
                if cast("QMouseEvent", event).button() == Qt.MouseButton.LeftButton:
                    self._from = None
                    self.ended.emit()
                    return True
        return False  # moves go on: the values under the mouse are still read

    def _on_move(self, event: QMouseEvent, start: QPointF) -> None:
        way = (event.position() - start) / self._camera.scale
        fine = event.modifiers() & Qt.KeyboardModifier.AltModifier
        digits = 1 if fine else 0
        self.moved.emit(round(way.x(), digits), round(way.y(), digits))
