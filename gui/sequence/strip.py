"""Has small pictures made for the filmstrip, those that are seen first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from core.scheduler import Failed
from gui.bridge import Bridge
from gui.messages import sentence
from gui.qimage import to_screen
from gui.sequence.events import Thumb
from gui.sequence.late import jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.io.reading import Reading
    from gui.sequence.events import Loaded
    from gui.sequence.patience import Gate


class Strip(QObject):
    """Answers what a filmstrip asks for; the newest question wins.

    Signals
    -------
    ready(int, QImage)
        A small picture of a frame.
    failed(str)
        One sentence.
    """

    ready = Signal(int, object)
    failed = Signal(str)

    def __init__(
        self, how: Callable[[], Reading], gate: Gate, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._how, self._gate = how, gate
        self._loaded: Loaded | None = None
        self._bridge = Bridge("filmstrip", self)
        self._bridge.received.connect(self._on_event)

    @property
    def idle(self) -> bool:
        """Whether nothing is being made."""
        return self._bridge.idle

    def serve(self, loaded: Loaded | None) -> None:
        """Make what is asked for from now on from this sequence."""
        self._bridge.cancel()
        self._loaded = loaded

    def want(self, indices: Sequence[int]) -> None:
        """Make small pictures of these frames."""
        if self._loaded is None:
            return
        count = self._loaded.count
        there = [i for i in indices if count is None or i < count]
        if there:
            self._bridge.submit(jobs.stripping(self._loaded, self._how(), self._gate, there))

    def close(self) -> None:
        """Stop, and wait for the thread to end."""
        self._bridge.close()

    @Slot(object)
    def _on_event(self, event: object) -> None:
        if self._loaded is None:
            return
        if isinstance(event, Thumb):
            self.ready.emit(event.index, to_screen(event.rgb))
        elif isinstance(event, Failed):
            self.failed.emit(sentence(event.error))
