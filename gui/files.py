"""Reading pictures and writing reports, each beside the comparison and beside the other."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from core.errors import TooLargeError
from core.io.address import Address
from core.io.reading import Reading
from core.result import Request, Result
from core.scheduler import Failed
from core.session import Session
from gui import work
from gui.bridge import Bridge
from gui.events import Exported, Opened, ReadShare
from gui.messages import sentence
from gui.reads import opening
from gui.refresh import Refresh
from gui.source import Display


class Files(QObject):
    """What the controller has to do with files.

    Signals
    -------
    read(Opened)
        Pictures are there.
    reading(float), read_ended()
        So much of the pictures is read, from 0 to 1; the latter comes after `read`, or instead
        of it.
    exported(Path)
        A report was written.
    failed(str)
        One sentence for the person.
    too_large(TooLargeError, str | None, str | None)
        A picture needs more memory than is allowed; the paths that were asked for.

    Attributes
    ----------
    how
        How pictures are read.
    refresh
        What reads changed files again.
    """

    read = Signal(object)
    reading = Signal(float)
    read_ended = Signal()
    exported = Signal(object)
    failed = Signal(str)
    too_large = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = Bridge("files", self)
        self._writer = Bridge("export", self)
        self.how = Reading()
        self._allowed: dict[str, int] = {}
        self.refresh = Refresh(self.how_for, self)
        self.refresh.read.connect(self._hand_over)
        self.refresh.failed.connect(self.failed)
        self._wanted: tuple[str | None, str | None] = (None, None)
        self._reader.received.connect(self._on_reader)
        self._writer.received.connect(self._on_writer)

    def open(self, path_a: str | None, path_b: str | None) -> None:
        """Read one file or two; None leaves a side as it is, or as it is just being read."""
        a, b = self._wanted
        self._wanted = (path_a or a, path_b or b)
        if any(self._wanted):
            self.reading.emit(0.0)
            how = self.how_for(*(p for p in self._wanted if p))
            self._reader.submit(opening(*self._wanted, how))

    def allow(self, need: int, *addresses: str) -> None:
        """Let pictures of these files take so many bytes, as long as the window is open."""
        for path in _paths(addresses):
            self._allowed[path] = max(need, self._allowed.get(path, 0))

    def how_for(self, *addresses: str) -> Reading:
        """Return how these pictures are read: as all are, or with what they were allowed."""
        most = max((self._allowed.get(path, 0) for path in _paths(addresses)), default=0)
        managed, limits = self.how
        return Reading(managed, limits._replace(bytes=max(limits.bytes, most)))

    def open_again(self, session: Session) -> None:
        """Read the files of these pictures again, whatever has changed."""
        self.refresh.drop()
        self.open(*((p.address or None) if p else None for p in (session.a, session.b)))

    @property
    def wanted(self) -> tuple[str | None, str | None]:
        """Addresses of A and B that are being read; None for a side that stays as it is."""
        return self._wanted

    def export(self, request: Request, result: Result, display: Display, path: Path) -> None:
        """Write a report."""
        self._writer.submit(work.exporting(request, result, display, path))

    def cancel(self) -> None:
        """Stop reading."""
        self._reader.cancel()

    @property
    def idle(self) -> bool:
        """Whether nothing is being read or written."""
        return self._reader.idle and self._writer.idle and self.refresh.idle

    def close(self) -> None:
        """Stop, and wait for the threads to end; a report that is being written is finished."""
        self.refresh.close()
        self._reader.close()
        self._writer.close()

    @Slot(object)
    def _on_reader(self, event: object) -> None:
        if isinstance(event, ReadShare):
            self.reading.emit(event.share)
            return
        wanted, self._wanted = self._wanted, (None, None)
        if isinstance(event, Opened):
            self._hand_over(event)
        elif isinstance(event, Failed):
            if isinstance(event.error, TooLargeError):
                self.too_large.emit(event.error, *wanted)
            else:
                self.failed.emit(sentence(event.error))
        self.read_ended.emit()

    @Slot(object)
    def _hand_over(self, event: Opened) -> None:
        self.refresh.note(event)
        self.read.emit(event)

    @Slot(object)
    def _on_writer(self, event: object) -> None:
        match event:
            case Exported():
                self.exported.emit(event.path)
            case Failed():
                self.failed.emit(sentence(event.error))


def _paths(addresses: Iterable[str]) -> set[str]:
    """Return the files of these addresses: what one page may take, another may too."""
    return {Address.parse(address).path for address in addresses}
