"""Scrolling a panel must never change a number under the mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget


class WheelGuard(QObject):
    """Hands the wheel on to the panel while the guarded control has no keyboard focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Refuse wheel events of controls without focus."""
        if (
            event.type() == QEvent.Type.Wheel
            and isinstance(watched, QWidget)
            and not watched.hasFocus()
        ):
            event.ignore()
            return True
        return False


def guard_wheel(control: QWidget) -> None:
    """Let `control` take the wheel only while it has the keyboard focus."""
    control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    control.installEventFilter(WheelGuard(control))
