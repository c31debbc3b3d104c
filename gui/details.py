"""Which sharp pictures the panes still wait for: none is lost when newer ones are asked for."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer

from core.render import Side
from core.types import Rect
from gui import work
from gui.bridge import Bridge
from gui.source import Source

Wish = tuple[Rect, int]


class Details(QObject):
    """Keeps every wish until it is met. All wishes of one turn of the event loop are one job.

    Parameters
    ----------
    bridge
        Runs the jobs; a newer job replaces the one that runs, so each job holds all open wishes.
    """

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._sources: Mapping[Side, Source] = {}
        self._open: dict[Side, Wish] = {}
        self._running: dict[Side, Wish] = {}
        self._flush = QTimer(self, singleShot=True, interval=0)
        self._flush.timeout.connect(self._submit)

    def want(self, side: Side, rect: Rect, level: int) -> None:
        """Ask for a full-resolution canvas rectangle of a side at a level, in place of earlier."""
        self._open[side] = (rect, level)
        self._flush.start()

    def serve(self, sources: Mapping[Side, Source]) -> None:
        """Make what is still wanted, and what will be, from these sources."""
        self._sources = sources
        if self._open:
            self._flush.start()

    @property
    def sources(self) -> Mapping[Side, Source]:
        """What the pictures that are shown are made from."""
        return self._sources

    def drop(self) -> None:
        """Forget every wish: the panes ask anew once they have other overviews."""
        self._open.clear()
        self._bridge.cancel()

    def arrived(self, side: Side) -> None:
        """Take note that the running job has met the wish of a side."""
        if self._open.get(side) == self._running.get(side):
            self._open.pop(side, None)

    def _submit(self) -> None:
        self._running = {side: wish for side, wish in self._open.items() if side in self._sources}
        if self._running:
            self._bridge.submit(work.rendering(self._sources, self._running))
