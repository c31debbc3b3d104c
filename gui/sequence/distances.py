"""The map of distances between frames, in a window of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from core.scheduler import Failed
from gui.bridge import Bridge
from gui.messages import sentence
from gui.sequence.events import Mapped
from gui.sequence.late import jobs

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gui.sequence.distance_dialog import DistanceDialog
    from gui.sequence.events import Loaded, Shown
    from gui.sequence.viewing import Viewing


class Distances(QObject):
    """Makes the map when it is asked for, of all frames that are known by then.

    Parameters
    ----------
    window
        The window it belongs to.
    viewing
        Shows the two frames that are chosen.

    Signals
    -------
    failed(str)
        One sentence.
    """

    failed = Signal(str)

    def __init__(self, window: QWidget, viewing: Viewing) -> None:
        super().__init__(window)
        self._window, self._viewing = window, viewing
        self.dialog: DistanceDialog | None = None
        self._bridge = Bridge("distances", self)
        self._bridge.received.connect(self._on_event)
        viewing.frame_changed.connect(self._on_frame)

    @property
    def idle(self) -> bool:
        """Whether nothing is being made."""
        return self._bridge.idle

    def open(self, loaded: Loaded) -> None:
        """Show the map of what is known of a sequence."""
        if self.dialog is None:
            from gui.sequence.distance_dialog import (  # noqa: PLC0415 - few ever open it
                DistanceDialog,
            )

            self.dialog = DistanceDialog(self._window)
            self.dialog.pair_chosen.connect(self._viewing.choose)
        self.dialog.show()
        self.dialog.raise_()
        self.make(loaded)

    def make(self, loaded: Loaded) -> None:
        """Make the map anew, if it is seen."""
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.show_progress(0.0)
            self._bridge.submit(jobs.mapping(loaded))

    def drop(self) -> None:
        """Close it: there is no sequence any more."""
        self._bridge.cancel()
        if self.dialog is not None:
            self.dialog.close()

    def close(self) -> None:
        """Stop, and wait for the thread to end."""
        self._bridge.close()

    @Slot(object)
    def _on_frame(self, shown: Shown) -> None:
        if self.dialog is not None and self.dialog.isVisible():
            other = shown.companion.frame
            self.dialog.show_pair(shown.index, shown.index if other is None else other)

    @Slot(object)
    def _on_event(self, event: object) -> None:
        if self.dialog is None:
            return
        match event:
            case float():
                self.dialog.show_progress(event)
            case Mapped():
                self.dialog.show_map(event.found)
                if self._viewing.shown is not None:
                    self._on_frame(self._viewing.shown)
            case Failed():
                self.dialog.close()
                self.failed.emit(sentence(event.error))
