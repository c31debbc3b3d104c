"""A sequence in the window: opened and closed, watched, and asked otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core.sequence import pairs
from core.sequence.pairing import FEWEST
from core.sequence.params import Against
from gui.sequence.charts import Charts
from gui.sequence.keeping import Keeper
from gui.sequence.patience import Gate
from gui.sequence.reel import Reel
from gui.sequence.strip import Strip
from gui.sequence.viewing import Viewing
from gui.sequence.watcher import Watcher

if TYPE_CHECKING:
    from core.sequence.params import SequenceParams
    from gui.controller import Controller
    from gui.panels.sequence import SequencePanel
    from gui.sequence.events import Lasted, Loaded, Wanted
    from gui.timeline.timeline import Timeline

SEARCHED: Final = 3000
"""Sequences of at most so many frames are searched for their offset unasked."""
CHOOSE: Final = "choose"
"""What the list of things to compare with calls a reference that is still to be chosen."""
_SETTLE_MS: Final = 400
"""A parameter that is being dragged is taken over once it rests."""


class Sequences(QObject):
    """All about the sequence of one window.

    Parameters
    ----------
    controller, timeline, panel
        Who compares its frames, and where a person sees it and its parameters.

    Signals
    -------
    changed()
        A sequence was opened or closed, or is asked otherwise.
    failed(str), told(str)
        One sentence: what could not be done; what was found.
    reference_wanted()
        A person is to choose what frames are compared with.

    Attributes
    ----------
    reel, watcher, keeper, strip, viewing, charts
        Its parts: files, the pass over all frames, who stores those that changed, small pictures,
        what is seen, curves.
    """

    changed = Signal()
    failed = Signal(str)
    told = Signal(str)
    reference_wanted = Signal()

    def __init__(self, controller: Controller, timeline: Timeline, panel: SequencePanel) -> None:
        super().__init__(timeline)
        self._controller, self._timeline, self._panel = controller, timeline, panel
        self.gate = Gate()
        self.reel = Reel(lambda: controller.files.how, self)
        self.watcher = Watcher(lambda: controller.files.how, self.gate, self)
        self.keeper = Keeper(lambda: controller.files.how, self.gate, self.watcher, timeline)
        self.strip = Strip(lambda: controller.files.how, self.gate, self)
        self.viewing = Viewing(self.reel, self.gate, controller, timeline)
        self.charts = Charts(controller, self.watcher, timeline)
        self._before: Loaded | None = None
        self._frame = 0
        self._stills = False
        self._params: SequenceParams | None = None
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._use_params)
        timeline.hide()
        panel.hide()
        self._wire()

    def _wire(self) -> None:
        t, files = self._timeline, self._controller.files
        for part in (self.reel, self.watcher, self.keeper, self.strip, self.viewing):
            part.failed.connect(self.failed)
        self.keeper.told.connect(self.told)
        self.reel.failed.connect(lambda _: files.read_ended.emit())
        self.reel.opened.connect(self._on_opened)
        self.watcher.grew.connect(self._on_grown)
        self.watcher.progressed.connect(
            lambda done, total, note: t.show_progress(done, total, note, self.keeper.doing)
        )
        self.watcher.ended.connect(self._on_ended)
        self.watcher.lasted.connect(self._on_lasted)
        self.strip.ready.connect(t.show_thumbnail)
        files.reading.connect(self._on_reading)
        files.read.connect(self._on_read)
        files.read_ended.connect(self._on_read_ended)
        t.event_wanted.connect(self.step_event)
        t.event_clicked.connect(lambda k: self.viewing.go_to(self.watcher.events[k].start))
        t.offset_changed.connect(lambda offset: self.reel.change(offset=offset))
        t.against_chosen.connect(self._on_against)
        t.thumbnails_wanted.connect(self.strip.want)
        t.cancel_wanted.connect(self._on_cancel)
        self._panel.params_changed.connect(self.set_params)

    @property
    def loaded(self) -> Loaded | None:
        """The sequence that is open; None for none."""
        return self.reel.loaded

    @property
    def idle(self) -> bool:
        """Whether nothing is read, looked at, played or waiting."""
        parts = (self.reel, self.watcher, self.keeper, self.strip, self.charts)
        still = all(part.idle for part in parts) and not self.viewing.player.playing
        return still and not self._settle.isActive()

    # -- open and closed

    def open(self, wanted: Wanted, frame: int = 0) -> None:
        """Open a sequence, or two, and show a frame; what is shown stays until it is there."""
        self._frame = frame
        self._controller.files.reading.emit(0.0)
        self._stills = False
        self.reel.open(wanted)

    def reopen(self) -> None:
        """Read the sequence anew."""
        if self.loaded is not None:
            self.open(self.loaded.wanted, self.reel.index)

    def close(self) -> None:
        """Let go of the sequence; the two frames that are shown stay."""
        if self.loaded is None:
            return
        self.viewing.end()
        self.keeper.stop()
        self.watcher.forget()
        self.strip.serve(None)
        self.charts.begin(None)
        self._settle.stop()
        self._before = None
        self.reel.close()
        self._timeline.hide()
        self._panel.hide()
        self.changed.emit()

    def end(self) -> None:
        """Stop all work and wait for the threads to end."""
        self.viewing.player.pause()
        self._settle.stop()
        self.keeper.close()
        self.watcher.close()
        self.strip.close()
        self.reel.end()

    @Slot(object)
    def _on_opened(self, loaded: Loaded) -> None:
        t, question = self._timeline, loaded.question
        self._controller.files.read_ended.emit()
        again = self._before is not None and self._before.question.a is question.a
        self._before = loaded
        self.keeper.stop()
        self.strip.serve(loaded)
        self.charts.begin(loaded)
        self.watcher.watch(loaded)
        two = question.b is not None
        t.show_offset(None if question.pairing is None else question.pairing.offset)
        t.show_against(() if two else choices(loaded), str(question.params.against))
        self._params = None
        self._panel.show_sequence(question.params, two=two)
        t.show()
        self._panel.show()
        if loaded.note:
            self.failed.emit(loaded.note)
        if again:
            self.viewing.again()
        else:
            self.viewing.begin(loaded, self._frame)
            t.forget_thumbnails()
            if two and loaded.wanted.offset is None and _short(loaded):
                self.watcher.find_offset()
        self.changed.emit()

    def _on_reading(self, _: float) -> None:
        self._stills = True

    def _on_read(self, _: object) -> None:
        if self._stills:  # a person opened pictures, in place of the frames
            self.close()

    def _on_read_ended(self) -> None:
        self._stills = False

    # -- asked otherwise

    def set_params(self, params: SequenceParams) -> None:
        """Take over parameters, once they rest."""
        self._params = params
        self._settle.start()

    def _use_params(self) -> None:
        if self._params is not None:
            self.reel.change(params=self._params)

    @Slot(str)
    def _on_against(self, value: str) -> None:
        if self.loaded is None:
            return
        if value == CHOOSE:
            self._timeline.show_against(
                choices(self.loaded), str(self.loaded.wanted.params.against)
            )
            self.reference_wanted.emit()
            return
        params = self._params or self.loaded.wanted.params
        self.reel.change(params=params.replace(against=Against(value)))

    def use_reference(self, path: str) -> None:
        """Compare frames with a picture or a golden model, in place of a second sequence."""
        if self.loaded is not None:
            params = self._params or self.loaded.wanted.params
            params = params.replace(against=Against.REFERENCE)
            self.reel.change(params=params, reference=path, b="")

    def swap(self) -> None:
        """Exchange two sequences; of one, nothing happens."""
        if self.loaded is None or self.loaded.question.pairing is None:
            return
        wanted, offset = self.loaded.wanted, self.loaded.question.pairing.offset
        self.open(replace(wanted, a=wanted.b, b=wanted.a, offset=-offset), self.reel.index)

    def find_offset(self) -> None:
        """Look for how A and B lie in time."""
        self.watcher.find_offset()

    @Slot(object)
    def _on_lasted(self, found: Lasted) -> None:
        pairing = found.pairing
        if pairing is None:
            self.told.emit(found.problem)
        elif self.loaded is not None and self.loaded.question.pairing is not None:
            if pairing.offset != self.loaded.question.pairing.offset:
                self.told.emit(f"Found by what the frames show: {pairs.words(pairing)}.")
            self.reel.change(offset=pairing.offset)

    # -- what the pass says

    def step_event(self, by: int) -> None:
        """Go to the next event (1), or the one before (-1)."""
        now = self.reel.index
        starts = sorted({event.start for event in self.watcher.events})
        there = [s for s in starts if (s > now if by > 0 else s < now)]
        if there:
            self.viewing.go_to(there[0] if by > 0 else there[-1])

    @Slot()
    def _on_grown(self) -> None:
        series = self.watcher.series
        if series is None:
            return
        self._timeline.show_missing(series.unreadable)
        if self.loaded is not None and self.loaded.live:
            self.viewing.grow(series.first + series.frames)

    def _on_cancel(self) -> None:
        if not self.keeper.stop():  # what the bar speaks of comes first
            self.watcher.stop()

    @Slot(str)
    def _on_ended(self, note: str) -> None:
        self._timeline.show_progress_done(note)
        series, loaded = self.watcher.series, self.loaded
        if series is not None and loaded is not None and series.frames == loaded.count:
            self.viewing.know_times(series.values("time").tolist())


def choices(loaded: Loaded) -> tuple[tuple[str, str], ...]:
    """Return (value, label) of what the frames of one sequence can be compared with."""
    made = [(Against.PREVIOUS, "the frame before"), (Against.FIRST, "the first frame"),
            (Against.BACKGROUND, "the background")]  # fmt: skip
    known = [(str(value), label) for value, label in made]
    if loaded.question.reference is not None:
        known.append((str(Against.REFERENCE), "the reference"))
    return (*known, (CHOOSE, "a picture or golden model…"))


def _short(loaded: Loaded) -> bool:
    both = (loaded.question.a, loaded.question.b)
    known = range(FEWEST, SEARCHED + 1)
    return all(s is not None and not s.live and s.count in known for s in both)
