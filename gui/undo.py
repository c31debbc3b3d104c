"""Undo for a window: a history of settings that knows when the drag of a slider has ended."""

from __future__ import annotations

from dataclasses import fields
from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, Signal

from core.session import History
from core.settings import Params, Settings

QUIET_MS = 800
"""Changes of one number that follow each other within this time are one undo."""


def merge_word(before: Params, after: Params) -> str:
    """Return the word under which a change joins the one before it; empty when it stands alone.

    Only a number or a text that changes by itself can be on its way; a switch or a choice is done.
    """
    changed = [f.name for f in fields(after) if getattr(before, f.name) != getattr(after, f.name)]
    if len(changed) != 1 or isinstance(getattr(after, changed[0]), bool | StrEnum):
        return ""
    return f"{after.name}.{changed[0]}"


class Undo(QObject):
    """Wraps `core.session.History`.

    Signals
    -------
    changed(bool, bool)
        Whether there is something to undo, and to redo.
    """

    changed = Signal(bool, bool)

    def __init__(self, first: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._history = History(first)
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self._history.settle)

    @property
    def current(self) -> Settings:
        """The settings at the present place."""
        return self._history.current

    def push(self, settings: Settings, merge: str = "") -> None:
        """Add a step; steps with the same `merge` word are one, until `settle` or a pause."""
        self._history.push(settings, merge)
        self._quiet.start()
        self._tell()

    def exchange(self) -> None:
        """Let every step mean the same when A and B are exchanged; nothing is told."""
        self._history.exchange()

    def hold(self) -> None:
        """Let no pause end a run before the next `push` or `settle`: it is on its way."""
        self._quiet.stop()

    def settle(self) -> None:
        """End a run of steps that were merged."""
        self._history.settle()

    def undo(self) -> None:
        """Go one step back, if there is one."""
        self._history.undo()
        self._tell()

    def redo(self) -> None:
        """Go one step forward, if there is one."""
        self._history.redo()
        self._tell()

    def _tell(self) -> None:
        self.changed.emit(self._history.can_undo, self._history.can_redo)
