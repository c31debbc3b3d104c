"""The sequence that is open in a window: its frames are read here, one for each pane."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from core.scheduler import Failed
from gui.bridge import Bridge
from gui.messages import sentence
from gui.sequence.events import Loaded, Shown, Soon, Wanted
from gui.sequence.late import jobs

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.io.reading import Reading


class Reel(QObject):
    """Opens sequences and reads frames, on threads of its own.

    Parameters
    ----------
    how
        Returns how pictures are read.

    Signals
    -------
    opening(), opened(Loaded), closed()
        Files are being looked at; a sequence, or the same with other parameters, is there; none is.
    shown(Shown), soon(Soon)
        A frame was read; small pictures of one that is still being read.
    failed(str)
        One sentence; what was open still is.

    Attributes
    ----------
    loaded
        What is open; None for nothing.
    index
        The frame that was asked for last.
    """

    opening = Signal()
    opened = Signal(object)
    closed = Signal()
    shown = Signal(object)
    soon = Signal(object)
    failed = Signal(str)

    def __init__(self, how: Callable[[], Reading], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._how = how
        self.loaded: Loaded | None = None
        self.index = 0
        self._next: tuple[int, int | None] | None = None
        self._shape: tuple[int, int] | None = None
        self._had: int | None = None
        self._reading = False
        self._opener = Bridge("sequence", self)
        self._reader = Bridge("frames", self)
        self._glimpses = Bridge("glimpses", self)
        self._opener.received.connect(self._on_opener)
        self._reader.received.connect(self._on_reader)
        self._glimpses.received.connect(self._on_glimpse)

    @property
    def idle(self) -> bool:
        """Whether nothing is being opened or read."""
        bridges = (self._opener, self._reader, self._glimpses)
        return self._next is None and all(bridge.idle for bridge in bridges)

    def open(self, wanted: Wanted) -> None:
        """Open a sequence; what is open stays until it is there."""
        self.opening.emit()
        self._opener.submit(jobs.loading(wanted, self._how(), None))

    def change(self, **changes: Any) -> None:
        """Ask something else of what is open: `params`, `offset` or `reference` of `Wanted`."""
        if self.loaded is None:
            return
        wanted = replace(self.loaded.wanted, **changes)
        if wanted != self.loaded.wanted:
            self._opener.submit(jobs.loading(wanted, self._how(), self.loaded))

    def seek(self, index: int, *, dragging: bool = False, after: int | None = None) -> None:
        """Read a frame, in place of whatever was to be read.

        Parameters
        ----------
        index
            Which one.
        dragging
            Others will follow soon: the frame that is being read is finished and shown first.
        after
            The frame that will be wanted next.
        """
        if self.loaded is None:
            return
        self.index = index
        if dragging and self._reading:
            self._next = index, after
        else:
            self._next, self._reading = None, True
            self._reader.submit(jobs.seeking(self.loaded, index, after))
        shape, had = self._shape, self._had
        if shape is not None and had is not None and after is None and index != had:
            self._glimpses.submit(jobs.glimpsing(self.loaded, index, shape, had))

    def choose(self, one: int, other: int) -> None:
        """Read two frames of A, to be compared with each other."""
        if self.loaded is not None:
            self.index, self._next, self._reading = one, None, True
            self._reader.submit(jobs.choosing(self.loaded, one, other))

    def close(self) -> None:
        """Let go of what is open."""
        self._opener.cancel()
        self._reader.cancel()
        self._glimpses.cancel()
        self._next, self._reading = None, False
        loaded, self.loaded = self.loaded, None
        if loaded is not None:
            self.closed.emit()
            release(loaded)

    def end(self) -> None:
        """Stop, and wait for the threads to end."""
        for bridge in (self._opener, self._reader, self._glimpses):
            bridge.close()
        if self.loaded is not None:
            release(self.loaded)
            self.loaded = None

    @Slot(object)
    def _on_opener(self, event: object) -> None:
        match event:
            case Loaded():
                before, self.loaded = self.loaded, event
                self._had, self._shape = None, None
                self._next, self._reading = None, False
                self._reader.cancel()
                self._glimpses.cancel()
                self.opened.emit(event)
                if before is not None:
                    release(before, keeping=event)
            case Failed():
                self.failed.emit(sentence(event.error))

    @Slot(object)
    def _on_reader(self, event: object) -> None:
        match event:
            case Shown():
                self._reading = False
                self._had = event.index
                if event.index == self.index:
                    self._glimpses.cancel()
                if event.frame.image is not None:
                    self._shape = event.frame.image.shape
                if self._next is not None:
                    (index, after), self._next = self._next, None
                    self.seek(index, after=after)
                self.shown.emit(event)
            case Failed():
                self._next, self._reading = None, False
                self._glimpses.cancel()
                self.failed.emit(sentence(event.error))

    @Slot(object)
    def _on_glimpse(self, event: object) -> None:
        match event:
            case Soon():
                if event.index == self.index and event.index != self._had:
                    self.soon.emit(event)
            case Failed():
                self.failed.emit(sentence(event.error))


def release(loaded: Loaded, keeping: Loaded | None = None) -> None:
    """Close what a sequence holds, but for what another one goes on using."""
    kept = [] if keeping is None else [keeping.question.a, keeping.question.b]
    for source in (loaded.question.a, loaded.question.b):
        if source is not None and all(source is not k for k in kept):
            source.close()
    if keeping is None or keeping.archive is not loaded.archive:
        loaded.archive.close()
