"""Hold-to-compare: while Shift is down A is shown in place, while Ctrl is down B."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QWidget

from core.render import Side

_SIDES = {Qt.Key.Key_Shift: Side.A, Qt.Key.Key_Control: Side.B}


class HoldKeys(QObject):
    """Watches the keys of one window.

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
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See every key; never takes one away."""
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            side = _SIDES.get(Qt.Key(event.key()))
            if side is None or not self._window.isActiveWindow() or _typing():
                self._set(None)
            elif not event.isAutoRepeat():
                self._set(side)
        elif kind == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent):
            if not event.isAutoRepeat() and Qt.Key(event.key()) in _SIDES:
                self._set(None)
        elif kind == QEvent.Type.WindowDeactivate and watched is self._window:
            self._set(None)
        return False

    def _set(self, side: Side | None) -> None:
        if side is not self._side:
            self._side = side
            self.held.emit(side)


def _typing() -> bool:
    focus = QApplication.focusWidget()
    return isinstance(focus, QLineEdit | QAbstractSpinBox | QComboBox)
