"""The parts of a window that only sequences need, made when the first one is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.sequence.addresses import looks_moving
from gui.reads import is_folder

if TYPE_CHECKING:
    from core.render import Side
    from gui.main_window import MainWindow
    from gui.sequence.desk import Desk
    from gui.sequence.events import Loaded
    from gui.sequence.sequences import Sequences


def is_sequence(path: str) -> bool:
    """Whether an address is one of a sequence, or a folder."""
    return looks_moving(path) or is_folder(path)


class OnDemand:
    """Makes `Sequences` and `Desk` of one window when either is asked for, and not before."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._sequences: Sequences | None = None
        self._desk: Desk | None = None
        window.parts.sequence.hide()
        window.actions_by_id["standing"].setChecked(True)

    @property
    def loaded(self) -> Loaded | None:
        """The sequence that is open; None for none. It makes nothing."""
        return None if self._sequences is None else self._sequences.loaded

    @property
    def sequences(self) -> Sequences:
        """All about the sequence of the window."""
        return self._make()[0] if self._sequences is None else self._sequences

    @property
    def desk(self) -> Desk:
        """The commands about sequences."""
        return self._make()[1] if self._desk is None else self._desk

    def open_paths(self, side: Side | None, paths: tuple[str, ...]) -> bool:
        """Open what was chosen, dropped or given, if there is a sequence in it; see `Desk`.

        Returns
        -------
        bool
            False when these are pictures, and nothing was done.
        """
        if self.loaded is None and not any(map(is_sequence, paths[:2])):
            return False
        return self.desk.open_paths(side, paths)

    def close(self) -> None:
        """Stop all work and wait for the threads to end."""
        if self._sequences is not None:
            self._sequences.end()
        if self._desk is not None:
            self._desk.close()

    def _make(self) -> tuple[Sequences, Desk]:
        from gui.sequence.desk import Desk  # noqa: PLC0415 - takes a while to load
        from gui.sequence.sequences import Sequences  # noqa: PLC0415 - takes a while to load

        w = self._window
        self._sequences = made = Sequences(w.controller, w.parts.timeline, w.parts.sequence)
        made.failed.connect(w.parts.notices.show_error)
        made.told.connect(w.parts.notices.show_info)
        made.viewing.glimpsed.connect(lambda _: w.flowing.forget())
        self._desk = desk = Desk(w)  # asks the window for what was just made
        return made, desk
