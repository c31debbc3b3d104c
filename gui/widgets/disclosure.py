"""The small arrow that opens and closes details."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from gui.icons import set_icon


class Disclosure(QToolButton):
    """A checkable arrow: points right while closed, down while open.

    Signals
    -------
    toggled(bool)
        From QAbstractButton: whether the details are open.
    """

    def __init__(self, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setProperty("role", "quiet")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setIconSize(QSize(12, 12))
        self.setFixedSize(20, 20)
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.toggled.connect(self._on_toggled)
        self._on_toggled(False)

    def setChecked(self, checked: bool) -> None:
        """Open or close; the arrow also follows when signals are blocked."""
        super().setChecked(checked)
        self._on_toggled(checked)

    def _on_toggled(self, is_open: bool) -> None:
        set_icon(self, "chevron-down" if is_open else "chevron-right", "muted", "muted")
