"""The arrow keys of a tool that moves something by small steps."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

_WAYS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_STEPS: Final = {
    Qt.KeyboardModifier.NoModifier: 1.0,
    Qt.KeyboardModifier.ShiftModifier: 10.0,
    Qt.KeyboardModifier.AltModifier: 0.1,
}


class NudgeKeys(QObject):
    """While it is on, takes the arrow keys that no control with the focus has used.

    Shortcuts with arrow keys, such as Alt+Down, wait until it is off again.

    Signals
    -------
    nudged(right: float, down: float)
        A key was pressed: by how many pixels; 1, with Shift 10, with Alt 0.1.

    Attributes
    ----------
    on
        Whether keys are taken.
    """

    nudged = Signal(float, float)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.on = False
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the keys that reach the window."""
        kinds = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if not self.on or watched is not self._window or event.type() not in kinds:
            return False
        if not isinstance(event, QKeyEvent) or (way := _way(event)) is None:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:  # before it comes the question whose key it is
            self.nudged.emit(*way)
        return True


def _way(event: QKeyEvent) -> tuple[float, float] | None:
    way = _WAYS.get(Qt.Key(event.key()))
    step = _STEPS.get(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)
    return None if way is None or step is None else (way[0] * step, way[1] * step)
