"""A button with a list of the curves that can be shown."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QToolButton, QWidget


class CurveChooser(QToolButton):
    """Several may be chosen: the list stays open until one clicks elsewhere.

    Signals
    -------
    chosen(tuple[str, ...])
        The names of the curves that are wanted, in the order of the list.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._choices: tuple[tuple[str, str], ...] = ()
        self._menu = QMenu(self)
        self._menu.installEventFilter(self)
        self.setMenu(self._menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setProperty("role", "quiet")
        self.setText("Curves ▾")
        self.setFixedHeight(26)
        self.setToolTip("Which curves are shown")
        self.setAccessibleName("Curves")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_choices(self, choices: tuple[tuple[str, str], ...], names: tuple[str, ...]) -> None:
        """Show (name, label) of each curve, and tick those that are seen."""
        if (choices, names) == (self._choices, self._names):
            return
        if choices != self._choices:
            self._choices = choices
            self._menu.clear()
            for name, label in choices:
                action = self._menu.addAction(label)
                action.setCheckable(True)
                action.setData(name)
                action.triggered.connect(self._on_triggered)
        self._names = names
        for action in self._menu.actions():
            action.setChecked(action.data() in names)

    def actions_by_name(self) -> dict[str, QAction]:
        """Return the rows of the list."""
        return {str(action.data()): action for action in self._menu.actions()}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tick a curve without closing the list."""
        action = self._menu.activeAction() if watched is self._menu else None
        if action is None:
            return False
        clicked = event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent)
        pressed = (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Space
        )
        if clicked or pressed:
            action.trigger()
        return clicked or pressed

    def _on_triggered(self) -> None:
        self._names = tuple(str(a.data()) for a in self._menu.actions() if a.isChecked())
        self.chosen.emit(self._names)
