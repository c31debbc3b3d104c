"""Writes the frames of the open sequence that changed, as the pass finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot

from core.scheduler import Failed, Stopped
from core.types import Token
from gui.bridge import Bridge
from gui.messages import sentence
from gui.sequence.events import Keeping
from gui.sequence.late import jobs
from gui.sequence.patience import PatientToken

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from core.io.reading import Reading
    from gui.sequence.events import Loaded
    from gui.sequence.patience import Gate
    from gui.sequence.watcher import Watcher
    from gui.timeline.timeline import Timeline

DOING: Final = "keeping changed frames"
PASSING: Final = "analysing"


class Keeper(QObject):
    """Stores changed frames in a folder; where the pass is not done yet, as it goes on.

    Parameters
    ----------
    how
        Returns how pictures are read.
    gate
        Closed while work has to wait.
    watcher, timeline
        Who looks at the frames, and where it is said how far that is.

    Signals
    -------
    busy(str)
        What goes on; empty when it is over.
    told(str), failed(str)
        One sentence at the end: how many were kept and where; what was refused.
    """

    busy = Signal(str)
    told = Signal(str)
    failed = Signal(str)

    def __init__(
        self, how: Callable[[], Reading], gate: Gate, watcher: Watcher, timeline: Timeline
    ) -> None:
        super().__init__(timeline)
        self._how, self._gate = how, gate
        self._watcher, self._timeline = watcher, timeline
        self._token: PatientToken | None = None
        self._bridge = Bridge("keeping", self)
        self._bridge.received.connect(self._on_event)

    @property
    def idle(self) -> bool:
        """Whether nothing is being written, and its end was told."""
        return self._token is None and self._bridge.idle

    @property
    def doing(self) -> str:
        """What the pass is for, beside its progress."""
        return PASSING if self._token is None else DOING

    def keep(self, loaded: Loaded, folder: Path) -> None:
        """Begin to write into a folder; a pass that was stopped goes on."""
        if self._token is not None:
            self.failed.emit("Changed frames are being kept already; stop that first.")
            return
        watcher = self._watcher
        if not (watcher.passing or watcher.whole or loaded.live):
            watcher.resume()
        self._token = PatientToken(self._gate, Token())
        self.busy.emit(DOING)
        self._bridge.submit(
            jobs.keeping(loaded, self._how(), folder, self._token, lambda: watcher.passing)
        )

    def stop(self) -> bool:
        """Stop after the file that is being written; return whether there was anything to stop."""
        if self._token is None or self._token.cancelled:
            return False
        self._token.cancel()
        return True

    def close(self) -> None:
        """Stop, and wait for the thread to end."""
        self.stop()
        self._bridge.close()

    @Slot(object)
    def _on_event(self, event: object) -> None:
        match event:
            case Keeping(said=""):
                if not self._watcher.passing:
                    self._timeline.show_progress(event.done, event.total, "", DOING)
            case Keeping():
                self._end()
                (self.failed if event.failed else self.told).emit(event.said)
            case Stopped():
                self._end()
                self.told.emit("Keeping changed frames was stopped before the first one.")
            case Failed():
                self._end()
                self.failed.emit(sentence(event.error))

    def _end(self) -> None:
        self._token = None
        self.busy.emit("")
        if not self._watcher.passing:
            self._timeline.show_progress_done()
