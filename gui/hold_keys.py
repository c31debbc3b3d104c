"""Hold-to-compare: while Shift is down A is shown in place, while Ctrl is down B."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QWidget

from core.render import Side

_SIDES = {Qt.Key.Key_Shift: Side.A, Qt.Key.Key_Control: Side.B}


class HoldKeys(QObject):
    """Watches the keys of one window.

    It sits where the system hands keys to the window, before a widget gets them: a filter for the
    whole program would be called for every event there is.

    Signals
    -------
    held(Side or None)
        A side is to be shown in place; None when the key is let go, another key makes it a
        shortcut, or the window is left.
    """

    held = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._side: Side | None = None
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the keys of the window; never takes one away."""
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if watched is not self._window:  # it has been seen where it came in
                self._on_press(event)
        elif kind == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            if not event.isAutoRepeat() and Qt.Key(event.key()) in _SIDES:
                self._set(None)
        elif watched is self._window:
            if kind == QEvent.Type.WindowDeactivate:
                self._set(None)
            elif kind == QEvent.Type.Show and (handle := self._window.windowHandle()) is not None:
                handle.installEventFilter(self)  # installing it again does no harm
        return False

    def _on_press(self, event: QKeyEvent) -> None:
        side = _SIDES.get(Qt.Key(event.key()))
        if side is None or _typing():
            self._set(None)
        elif not event.isAutoRepeat():
            self._set(side)

    def _set(self, side: Side | None) -> None:
        if side is not self._side:
            self._side = side
            self.held.emit(side)


def _typing() -> bool:
    focus = QApplication.focusWidget()
    return isinstance(focus, QLineEdit | QAbstractSpinBox | QComboBox)
