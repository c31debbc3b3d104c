"""Reading pictures and writing reports, each beside the comparison and beside the other."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from core.render import Look
from core.result import Request, Result
from core.scheduler import Failed
from gui import work
from gui.bridge import Bridge
from gui.events import Exported, Opened
from gui.messages import sentence


class Files(QObject):
    """What the controller has to do with files.

    Signals
    -------
    read(Opened)
        Pictures are there.
    reading(), read_ended()
        Pictures are being read; the latter comes after `read`, or instead of it.
    exported(Path)
        A report was written.
    failed(str)
        One sentence for the person.
    """

    read = Signal(object)
    reading = Signal()
    read_ended = Signal()
    exported = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = Bridge("files", self)
        self._writer = Bridge("export", self)
        self._wanted: tuple[str | None, str | None] = (None, None)
        self._reader.received.connect(self._on_reader)
        self._writer.received.connect(self._on_writer)

    def open(self, path_a: str | None, path_b: str | None) -> None:
        """Read one file or two; None leaves a side as it is, or as it is just being read."""
        a, b = self._wanted
        self._wanted = (path_a or a, path_b or b)
        if any(self._wanted):
            self.reading.emit()
            self._reader.submit(work.opening(*self._wanted))

    @property
    def wanted(self) -> tuple[str | None, str | None]:
        """Addresses of A and B that are being read; None for a side that stays as it is."""
        return self._wanted

    def export(self, request: Request, result: Result, look: Look, path: Path) -> None:
        """Write a report."""
        self._writer.submit(work.exporting(request, result, look, path))

    def cancel(self) -> None:
        """Stop reading."""
        self._reader.cancel()

    @property
    def idle(self) -> bool:
        """Whether nothing is being read or written."""
        return self._reader.idle and self._writer.idle

    def close(self) -> None:
        """Stop, and wait for the threads to end; a report that is being written is finished."""
        self._reader.close()
        self._writer.close()

    @Slot(object)
    def _on_reader(self, event: object) -> None:
        self._wanted = (None, None)
        if isinstance(event, Opened):
            self.read.emit(event)
        elif isinstance(event, Failed):
            self.failed.emit(sentence(event.error))
        self.read_ended.emit()

    @Slot(object)
    def _on_writer(self, event: object) -> None:
        match event:
            case Exported():
                self.exported.emit(event.path)
            case Failed():
                self.failed.emit(sentence(event.error))
