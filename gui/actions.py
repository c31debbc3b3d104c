"""Makes Qt actions and menus from the table of commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from gui.command import TOOL, Command
from gui.command_table import COMMANDS, MENUS
from gui.icons import set_icon


def make(
    window: QMainWindow, handlers: Mapping[str, Callable[[bool], object]]
) -> dict[str, QAction]:
    """Make every command of the table, with its keys, and connect it.

    The key of a command that yields is only shown here; the window runs it when it gets the key.

    Raises
    ------
    KeyError
        When a command has no handler: nothing stands in a menu that does nothing.
    """
    actions: dict[str, QAction] = {}
    groups: dict[str, QActionGroup] = {}
    for command in COMMANDS:
        action = QAction(command.text, window)
        action.setShortcuts([QKeySequence(k) for k in command.keys])
        if command.yields:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setToolTip(tip_of(command))
        action.setStatusTip("")
        action.setCheckable(command.check)
        if command.icon:
            set_icon(action, command.icon)
        if command.group:
            group = groups.setdefault(command.group, QActionGroup(window))
            group.addAction(action)
            if command.group == TOOL:
                group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        handler = handlers[command.id]
        # A tool must hear that it is left, too, when another one is taken.
        heard = action.toggled if command.group == TOOL else action.triggered
        heard.connect(lambda checked, h=handler: h(checked))
        window.addAction(action)
        actions[command.id] = action
    return actions


def tip_of(command: Command) -> str:
    """Return what a command does, in a sentence, and its first key."""
    key = f" ({QKeySequence(command.keys[0]).toString()})" if command.keys else ""
    return f"{command.tip}{key}"


def allow(action: QAction, command: Command, why_not: str) -> None:
    """Enable a command and say what it does, or disable it and say why it cannot be done."""
    action.setEnabled(not why_not)
    action.setToolTip(why_not or tip_of(command))


def fill_menus(window: QMainWindow, actions: Mapping[str, QAction]) -> dict[str, QMenu]:
    """Fill the menu bar from the table and return the menus by name."""
    menus = {name: window.menuBar().addMenu(name) for name in MENUS}
    for command in COMMANDS:
        menu = menus[command.menu]
        if command.separator:
            menu.addSeparator()
        menu.addAction(actions[command.id])
    for menu in menus.values():
        menu.setToolTipsVisible(True)
    return menus
