"""The mouse over a timeline, and what it tells."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

WIDTH = 1072
"""Of the timeline: its axis is 1000 pixels long."""
LEFT = 58
NONE = Qt.MouseButton.NoButton


class Mouse:
    """Sends events that a real mouse would, without a pointer that others may move."""

    def __init__(self, widget: QWidget) -> None:
        self.widget = widget

    def _send(self, kind, at, button, buttons, keys) -> None:
        place = QPointF(*at)
        whole = QPointF(self.widget.mapToGlobal(place.toPoint()))
        QApplication.sendEvent(self.widget, QMouseEvent(kind, place, whole, button, buttons, keys))

    def press(self, at, button=Qt.MouseButton.LeftButton, keys=Qt.KeyboardModifier.NoModifier):
        self._send(QEvent.Type.MouseButtonPress, at, button, button, keys)

    def move(self, at, button=NONE, keys=Qt.KeyboardModifier.NoModifier):
        self._send(QEvent.Type.MouseMove, at, NONE, button, keys)

    def release(self, at, button=Qt.MouseButton.LeftButton, keys=Qt.KeyboardModifier.NoModifier):
        self._send(QEvent.Type.MouseButtonRelease, at, button, NONE, keys)

    def click(self, at):
        self.press(at)
        self.release(at)

    def double_click(self, at):
        self.click(at)
        left = Qt.MouseButton.LeftButton
        keys = Qt.KeyboardModifier.NoModifier
        self._send(QEvent.Type.MouseButtonDblClick, at, left, left, keys)
        self.release(at)

    def leave(self):
        QApplication.sendEvent(self.widget, QEvent(QEvent.Type.Leave))

    def turn(self, at, notches, keys=Qt.KeyboardModifier.NoModifier):
        place = QPointF(*at)
        whole = QPointF(self.widget.mapToGlobal(place.toPoint()))
        turned = QPoint(0, round(120 * notches))
        phase = Qt.ScrollPhase.NoScrollPhase
        QApplication.sendEvent(
            self.widget, QWheelEvent(place, whole, QPoint(), turned, NONE, keys, phase, False)
        )


def heard(signal) -> list:
    """Return a list to which everything is added that a signal tells."""
    told: list = []
    signal.connect(lambda *args: told.append(args[0] if len(args) == 1 else args))
    return told
