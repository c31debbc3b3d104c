"""Reads pictures again when their files change."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTime, Signal, Slot

from core.buffer import ImageBuffer
from core.io.files import quoted
from core.io.reading import Reading
from core.scheduler import Failed
from core.session import Session
from gui.bridge import Bridge
from gui.events import Mark, Opened, Reloaded, Unreadable
from gui.messages import sentence
from gui.reads import reloading
from gui.watch import Watch


class Refresh(QObject):
    """Follows the pictures of a session.

    Parameters
    ----------
    how
        Called with addresses; returns how these pictures are to be read.

    Signals
    -------
    read(Opened)
        A picture is another one now.
    failed(str)
        A changed file could not be read for some seconds; what is shown stays.
    reloaded(str)
        What was reloaded, and when: a note for the person.
    missing_changed(frozenset)
        Paths of files shown that are not there any more.
    """

    read = Signal(object)
    failed = Signal(str)
    reloaded = Signal(str)
    missing_changed = Signal(object)

    def __init__(self, how: Callable[..., Reading], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._how = how
        self._on = True
        self._session = Session()
        self._marks: dict[str, Mark | None] = {}
        self._pending: dict[str, bool] = {}
        self._missing: frozenset[str] = frozenset()
        self._bridge = Bridge("reload", self)
        self._bridge.received.connect(self._on_event)
        self._watch = Watch(self)
        self._watch.changed.connect(self._on_changed)
        self._watch.gone.connect(lambda path: self._set_missing(self._missing | {path}))
        self._watch.back.connect(lambda path: self._set_missing(self._missing - {path}))

    def note(self, opened: Opened) -> None:
        """Take note of what files looked like when they were read."""
        self._marks.update(opened.marks)

    @Slot(object)
    def follow(self, session: Session) -> None:
        """Watch the files of these pictures."""
        self._session = session
        paths = {p.path for p in self._pictures()}
        self._marks = {path: found for path, found in self._marks.items() if path in paths}
        addresses = {p.address for p in self._pictures()}
        self._pending = {a: how for a, how in self._pending.items() if a in addresses}
        self._set_missing(self._missing & paths)
        self._watch.follow({p: self._marks.get(p) for p in paths} if self._on else {})

    def set_on(self, on: bool) -> None:
        """Read changed files again, or leave what is shown."""
        self._on = on
        if not on:
            self.drop()
        self.follow(self._session)

    def drop(self) -> None:
        """Read nothing that was waiting: everything is read anew."""
        self._pending.clear()
        self._bridge.cancel()

    @property
    def idle(self) -> bool:
        """Whether nothing is being read."""
        return self._bridge.idle

    def close(self) -> None:
        """Stop watching and reading."""
        self._watch.close()
        self._bridge.close()

    def _pictures(self) -> list[ImageBuffer]:
        both = (self._session.a, self._session.b)
        return [p for p in both if p is not None and p.path and p.address]

    def _set_missing(self, missing: frozenset[str]) -> None:
        if missing != self._missing:
            self._missing = missing
            self.missing_changed.emit(missing)

    @Slot(str, bool)
    def _on_changed(self, path: str, restless: bool) -> None:
        self._set_missing(self._missing - {path})
        shown = {p.address: p.sha256 for p in self._pictures()}
        for picture in self._pictures():
            if picture.path == path:
                self._pending[picture.address] = restless
        wanted = {a: shown[a] for a in self._pending if a in shown}
        if wanted and self._on:
            any_restless = any(self._pending.values())
            self._bridge.submit(reloading(wanted, self._how(*wanted), restless=any_restless))

    @Slot(object)
    def _on_event(self, event: object) -> None:
        match event:
            case Reloaded():
                self._pending.pop(event.address, None)
                self._take(event)
            case Unreadable():
                self._pending.pop(event.address, None)
                name = quoted(event.address)
                reason = str(event.error).split(";")[0].rstrip(".")
                reason = reason[:1].lower() + reason[1:] if reason.startswith("The ") else reason
                self.failed.emit(
                    f"{name} was changed and cannot be read now: {reason};"
                    " the picture before is still shown."
                )
            case Failed():
                self.failed.emit(sentence(event.error))

    def _take(self, event: Reloaded) -> None:
        a, b = (
            event.picture if p is not None and p.address == event.address else None
            for p in (self._session.a, self._session.b)
        )
        if a is None and b is None:
            return
        now = QTime.currentTime().toString("HH:mm:ss")
        self.read.emit(Opened(a, b, {event.path: event.mark}))
        self.reloaded.emit(f"{quoted(event.address)[1:-1]} reloaded {now}")
