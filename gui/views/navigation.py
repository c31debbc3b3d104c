"""From wheel, mouse and fingers to the camera."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QEvent, QObject, QPointF, QSizeF, Qt
from PySide6.QtGui import QCursor, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QWidget

from gui.camera import Camera

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.render import Side

NOTCH: Final = 120
"""What QWheelEvent.angleDelta counts for one notch of a mouse wheel."""
_BUTTONS = (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton)


class Navigation(QObject):
    """Moves the camera as the field is used to.

    The wheel zooms about the cursor, one rung of the ladder a notch; two fingers on a touchpad pan,
    a pinch zooms; dragging with the left or middle button pans; a double click goes to 1:1 at that
    place, and back to the whole picture.

    Parameters
    ----------
    widget, camera
        Whose events move which camera.
    in_hand
        Returns the picture that dragging moves where each moves alone.
    """

    def __init__(
        self,
        widget: QWidget,
        camera: Camera,
        in_hand: Callable[[], Side | None] = lambda: None,
    ) -> None:
        super().__init__(widget)
        self._widget = widget
        self._camera = camera
        self._in_hand = in_hand
        self._hand: Side | None = None
        self._cursor: QCursor | None = None
        self._dragged_from: QPointF | None = None
        self._turned = 0
        widget.grabGesture(Qt.GestureType.PinchGesture)
        widget.installEventFilter(self)

    @property
    def dragging(self) -> bool:
        """Whether the picture is in the hand now."""
        return self._dragged_from is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Use the events that move the camera; let the widget see all mouse moves."""
        if watched is not self._widget or self._camera.canvas.isEmpty():
            return False
        used = False
        match event.type():
            case QEvent.Type.Wheel:
                self._on_wheel(cast("QWheelEvent", event))
                used = True
            case QEvent.Type.MouseButtonPress:
                self._on_press(cast("QMouseEvent", event))
            case QEvent.Type.MouseMove:
                self._on_move(cast("QMouseEvent", event))
            case QEvent.Type.MouseButtonRelease:
                self._let_go()
            case QEvent.Type.MouseButtonDblClick:
                used = self._on_double_click(cast("QMouseEvent", event))
            case QEvent.Type.NativeGesture:
                used = self._on_native_gesture(cast("QNativeGestureEvent", event))
            case QEvent.Type.Gesture:
                used = self._on_gesture(cast("QGestureEvent", event))
        return used

    def _view(self) -> QSizeF:
        return QSizeF(self._widget.size())

    def _on_wheel(self, event: QWheelEvent) -> None:
        pixels, turn = event.pixelDelta(), event.angleDelta()
        if not pixels.isNull() and event.phase() != Qt.ScrollPhase.NoScrollPhase:
            self._camera.pan(pixels.x(), pixels.y(), self._in_hand())
        else:
            self._turned += turn.y()
            steps = int(self._turned / NOTCH)  # fine wheels send parts of a notch
            self._turned -= steps * NOTCH
            self._camera.step_about(event.position(), steps, self._view())
        event.accept()

    def _on_press(self, event: QMouseEvent) -> None:
        if event.button() in _BUTTONS:
            own = self._widget.testAttribute(Qt.WidgetAttribute.WA_SetCursor)
            if self._dragged_from is None and own:  # that of a tool, which must be there again
                self._cursor = self._widget.cursor()
            self._dragged_from = event.position()
            self._hand = self._in_hand()
            self._widget.setCursor(Qt.CursorShape.ClosedHandCursor)

    def _on_move(self, event: QMouseEvent) -> None:
        if self._dragged_from is not None:
            moved = event.position() - self._dragged_from
            self._dragged_from = event.position()
            if not moved.isNull():
                self._camera.pan(moved.x(), moved.y(), self._hand)

    def _let_go(self) -> None:
        if self._dragged_from is None:
            return
        self._dragged_from = None
        if self._cursor is None:
            self._widget.unsetCursor()
        else:
            self._widget.setCursor(self._cursor)
            self._cursor = None

    def _on_double_click(self, event: QMouseEvent) -> bool:
        if event.button() != Qt.MouseButton.LeftButton:
            return False
        self._let_go()
        if self._camera.fitted:
            self._camera.one_to_one(self._view(), event.position())
        else:
            self._camera.fit(self._view())
        return True

    def _on_native_gesture(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self._camera.zoom_about(event.position(), 1 + event.value(), self._view())
        return True

    def _on_gesture(self, event: QGestureEvent) -> bool:
        pinch = event.gesture(Qt.GestureType.PinchGesture)
        if not isinstance(pinch, QPinchGesture):
            return False
        at = self._widget.mapFromGlobal(pinch.centerPoint())
        self._camera.zoom_about(at, pinch.scaleFactor(), self._view())
        event.accept(pinch)
        return True
