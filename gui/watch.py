"""Watches the files that are shown, on a thread of its own: a stalled mount holds only that up."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from PySide6.QtCore import (
    QEventLoop,
    QFileSystemWatcher,
    QObject,
    Qt,
    QTimer,
    Signal,
    Slot,
)

from gui.events import Mark
from gui.reads import mark
from gui.settling import Settling, Step

SOON_MS: Final = 60
"""Between two looks at a file that is being written."""
POLL_MS: Final = 2000
"""Between two looks at all files: changes made by another computer wake no watcher."""
PATIENCE: Final = 1.0
"""Seconds that the window waits for the thread at its end."""


class Watch(QObject):
    """Says when a file may be read again.

    Signals
    -------
    changed(path: str, restless: bool)
        It is another file now, and holds still; or it is replaced all the time.
    gone(path: str), back(path: str)
        It is not there any more; it is there again, as it was.
    """

    changed = Signal(str, bool)
    gone = Signal(str)
    back = Signal(str)
    _poke = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted: Mapping[str, Mark | None] | None = {}
        self._thread: threading.Thread | None = None

    def follow(self, files: Mapping[str, Mark | None]) -> None:
        """Watch exactly these files: path -> what it looked like when it was read."""
        self._wanted = dict(files)
        if self._thread is None:
            if not files:
                return
            # Not a QThread: one that hangs in a stalled mount would end the program in a crash.
            self._thread = threading.Thread(target=self._run, name="pairlens-watch", daemon=True)
            self._thread.start()
        self._poke.emit()

    def close(self) -> None:
        """End the thread; one that hangs is left to itself."""
        self._wanted = None
        self._poke.emit()
        if self._thread is not None:
            self._thread.join(PATIENCE)

    def _run(self) -> None:
        loop = QEventLoop()  # first: with it the thread can have timers
        eyes = _Eyes(self, loop)
        self._poke.connect(eyes.take, Qt.ConnectionType.QueuedConnection)
        eyes.take()
        if self._wanted is not None:
            loop.exec()
        eyes.end()
        del eyes, loop  # here, in the thread that they live in

    @property
    def wanted(self) -> Mapping[str, Mark | None] | None:
        """What is to be watched; None at the end."""
        return self._wanted


class _Eyes(QObject):
    """What looks, on the thread."""

    def __init__(self, owner: Watch, loop: QEventLoop) -> None:
        super().__init__()
        self._owner, self._loop = owner, loop
        self._taken: Mapping[str, Mark | None] | None = None
        self._files: dict[str, Settling] = {}
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self.look)
        self._watcher.directoryChanged.connect(self.look)
        self._soon = QTimer(self, interval=SOON_MS, singleShot=True)
        self._soon.timeout.connect(self.look)
        self._poll = QTimer(self, interval=POLL_MS)
        self._poll.timeout.connect(self.look)
        self._poll.start()

    @Slot()
    def take(self) -> None:
        """Take over what is to be watched."""
        wanted = self._owner.wanted
        if wanted is None:
            self._loop.quit()
            return
        if wanted is not self._taken:
            self._taken = wanted
            for path in [p for p in self._files if p not in wanted]:
                del self._files[path]
            for path, shown in wanted.items():
                if path in self._files:
                    self._files[path].show(shown)
                else:
                    self._files[path] = Settling(shown)
            self.look()

    @Slot()
    def look(self) -> None:
        """Look at all files."""
        waiting = False
        for path, state in list(self._files.items()):
            step = state.look(time.monotonic(), mark(path))
            waiting |= step is Step.WAIT
            if step in (Step.CHANGED, Step.RESTLESS):
                self._owner.changed.emit(path, step is Step.RESTLESS)
            elif step is Step.GONE:
                self._owner.gone.emit(path)
            elif step is Step.BACK:
                self._owner.back.emit(path)
        self._set_places()
        if waiting:
            self._soon.start()

    def _set_places(self) -> None:
        """Watch each file, its folder, and both of what a link leads to."""
        names = [name for path in self._files for name in _names(path)]
        places = {str(place) for name in names for place in (name, name.parent) if place.exists()}
        now = {*self._watcher.files(), *self._watcher.directories()}
        if now - places:
            self._watcher.removePaths(sorted(now - places))
        if places - now:
            self._watcher.addPaths(sorted(places - now))

    def end(self) -> None:
        """Stop all that could still call."""
        self._poll.stop()
        self._soon.stop()
        self._files.clear()
        self._set_places()


def _names(path: str) -> list[Path]:
    name = Path(path).absolute()
    try:
        return [name, name.resolve()]
    except (OSError, RuntimeError):  # links that lead in a circle
        return [name]
