"""Looks at every frame of the open sequence while nobody needs the machine for something else."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from core.scheduler import Failed, Stopped
from core.sequence.series import Series
from gui.bridge import Bridge
from gui.messages import sentence
from gui.sequence.events import Ended, Lasted, Measured, Seen
from gui.sequence.late import jobs

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.io.reading import Reading
    from core.sequence.events import Event
    from core.sequence.result import FrameResult
    from core.sequence.survey import Surveyed
    from core.settings import Settings
    from gui.sequence.events import Loaded
    from gui.sequence.patience import Gate


class Watcher(QObject):
    """Runs the pass over one sequence, and the search for an offset, and single measures.

    Parameters
    ----------
    how
        Returns how pictures are read.
    gate
        Closed while work has to wait.

    Signals
    -------
    grew()
        There are more results or events.
    progressed(int, object, str)
        How many frames were looked at, of how many (None while nobody knows), and how fast.
    ended(str)
        The pass is over: a note, empty for a whole one.
    lasted(Lasted)
        How two sequences lie in time.
    measured()
        There are more values of a measure.
    failed(str)
        One sentence.

    Attributes
    ----------
    series
        The numbers of all frames so far.
    events
        What happened so far, by their start.
    measures
        Name of a measure -> frame -> value.
    last
        The newest result.
    whole
        Whether the pass came to the last frame.
    """

    grew = Signal()
    progressed = Signal(int, object, str)
    ended = Signal(str)
    lasted = Signal(object)
    measured = Signal()
    failed = Signal(str)

    def __init__(
        self, how: Callable[[], Reading], gate: Gate, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._how, self._gate = how, gate
        self._loaded: Loaded | None = None
        self.whole = False
        self.series: Series | None = None
        self.events: tuple[Event, ...] = ()
        self.last: FrameResult | None = None
        self.measures: dict[str, dict[int, float]] = {}
        self._began = self._seen = 0.0
        self._bridges = {name: Bridge(name, self) for name in ("pass", "offset", "measure")}
        self._bridges["pass"].received.connect(self._on_pass)
        self._bridges["offset"].received.connect(self._on_offset)
        self._bridges["measure"].received.connect(self._on_measure)

    @property
    def idle(self) -> bool:
        """Whether nothing is being looked at."""
        return all(bridge.idle for bridge in self._bridges.values())

    @property
    def passing(self) -> bool:
        """Whether the pass goes on; may be asked by any thread."""
        return not self._bridges["pass"].idle

    def watch(self, loaded: Loaded) -> None:
        """Begin with a sequence, in place of the one before."""
        self.forget()
        self._loaded = loaded
        self.series = Series()
        self.resume()

    def resume(self) -> None:
        """Go on with a pass that was stopped."""
        if self._loaded is None:
            return
        self.series = Series()
        self.events, self.last, self.whole = (), None, False
        self._began = 0.0
        self._bridges["pass"].submit(jobs.watching(self._loaded, self._how(), self._gate))

    def find_offset(self) -> None:
        """Look for how A and B lie in time."""
        if self._loaded is not None and self._loaded.question.b is not None:
            self._bridges["offset"].submit(jobs.lasting(self._loaded, self._how(), self._gate))

    def measure(self, names: Sequence[str], settings: Settings) -> None:
        """Make these measures of every frame, one after the other, and no others."""
        self.drop_measures()
        if self._loaded is not None and names:
            job = jobs.measuring(self._loaded, self._how(), self._gate, names, settings)
            self._bridges["measure"].submit(job)

    def drop_measures(self) -> None:
        """Forget all measures: they were made with other settings."""
        self._bridges["measure"].cancel()
        self.measures = {}

    def stop(self) -> None:
        """Stop; what there is stays."""
        for bridge in self._bridges.values():
            bridge.cancel()

    def forget(self) -> None:
        """Stop, and forget what there is."""
        self.stop()
        self._loaded, self.series, self.events, self.last = None, None, (), None
        self.whole = False
        self.drop_measures()

    def close(self) -> None:
        """Stop, and wait for the threads to end."""
        for bridge in self._bridges.values():
            bridge.close()

    @Slot(object)
    def _on_pass(self, event: object) -> None:
        if self._loaded is None or self.series is None:
            return
        match event:
            case Seen():
                self._take(event.found, event.limits)
            case Stopped():
                self.ended.emit("stopped")
            case Failed():
                self.failed.emit(sentence(event.error))
                self.ended.emit("ended early")
            case Ended():
                self.whole = True
                self.ended.emit("")

    def _take(self, event: Surveyed, limits: Sequence[float]) -> None:
        assert self.series is not None  # see `_on_pass`
        self.series.add(event.results, limits)
        if event.results:
            self.last = event.results[-1]
        if event.over:
            self.events = tuple(sorted((*self.events, *event.over), key=lambda e: e.start))
        now = time.monotonic()
        if not self._began or self._gate.closed:
            self._began, self._seen = now, event.done
        rate = (event.done - self._seen) / max(now - self._began, 1e-3)
        note = f"{rate:.0f} fps" if now - self._began > 1 and rate > 0 else ""
        self.progressed.emit(event.done, event.total, note)
        self.grew.emit()

    @Slot(object)
    def _on_offset(self, event: object) -> None:
        if self._loaded is None:
            return
        if isinstance(event, Lasted):
            self.lasted.emit(event)
        elif isinstance(event, Failed):
            self.failed.emit(sentence(event.error))

    @Slot(object)
    def _on_measure(self, event: object) -> None:
        if self._loaded is None:
            return
        if isinstance(event, Measured):
            self.measures.setdefault(event.name, {}).update(event.values)
            self.measured.emit()
        elif isinstance(event, Failed):
            self.failed.emit(sentence(event.error))
