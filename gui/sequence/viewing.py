"""Which frame is seen: seeking, stepping, playing, and the pair that goes to the panes."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

from core.sequence.course import Course, course_of
from core.sequence.transport import Transport
from gui.sequence.player import Player

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import SignalInstance

    from core.buffer import ImageBuffer
    from core.sequence.companions import Companion
    from gui.controller import Controller
    from gui.sequence.events import Loaded, Shown, Soon
    from gui.sequence.patience import Gate
    from gui.sequence.reel import Reel
    from gui.timeline.timeline import Timeline


class Viewing(QObject):
    """Brings frames from a reel to the panes, as a person moves on the timeline.

    Parameters
    ----------
    reel, gate
        Where frames come from; what is closed while a person moves.
    controller, timeline
        Who compares them, and where a person moves.

    Signals
    -------
    frame_changed(Shown)
        Another frame is shown.
    glimpsed(Soon)
        Small pictures of the frame that is being read.
    failed(str)
        One sentence: why a frame is not there.

    Attributes
    ----------
    shown
        What the panes show; None before the first frame.
    follows
        Whether the newest frame of a live sequence is shown as it comes.
    """

    frame_changed = Signal(object)
    glimpsed = Signal(object)
    failed = Signal(str)

    def __init__(self, reel: Reel, gate: Gate, controller: Controller, timeline: Timeline) -> None:
        super().__init__(timeline)
        self._reel, self._gate = reel, gate
        self._controller, self._timeline = controller, timeline
        self.player = Player(self)
        self.shown: Shown | None = None
        self.follows = True
        reel.shown.connect(self._on_shown)
        reel.soon.connect(self._on_soon)
        reel.failed.connect(lambda _: self.player.pause())
        self.player.wanted.connect(self._on_due)
        self.player.playing_changed.connect(self._on_playing)
        self.player.paced.connect(lambda note: timeline.show_playing(True, note))
        c = controller
        self._begin: Callable[[Shown], bool] = lambda _: False
        self._held: Shown | None = None  # read, but not to be shown yet
        self._due = False  # whether the frame that is due was read
        for signal in (c.previewed, c.answered, c.refused):
            signal.connect(lambda *_: self._on_seen())
        timeline.sought.connect(self._on_sought)
        timeline.play_toggled.connect(self.toggle)
        timeline.step_wanted.connect(self.step)
        timeline.loop_changed.connect(lambda on: self.play_with(loop=on))
        timeline.speed_changed.connect(lambda speed: self.play_with(speed=speed))
        timeline.range_changed.connect(lambda span: self.play_with(span=span))

    def wait_for(self, begin: Callable[[Shown], bool], done: SignalInstance) -> None:
        """Let something be done with each frame that is played before it is shown.

        Parameters
        ----------
        begin
            Begins it, and returns whether it has to be waited for.
        done
            Is emitted, without arguments, when it is done or no longer wanted.
        """
        self._begin = begin
        done.connect(self._show)

    def course(self, a: ImageBuffer, b: ImageBuffer) -> Course:
        """Return which way things move between two pictures.

        Of two frames of one sequence, shown or about to be, that is as time goes.
        """
        for shown in (self._held, self.shown):
            if shown is not None and (a, b) == (shown.frame.image, shown.companion.image):
                return course_of(shown.index, shown.companion.frame)
        return Course()

    def begin(self, loaded: Loaded, index: int) -> None:
        """Show a sequence from a frame on."""
        self._held = None
        self.player.pause()
        before, rate = self.player.transport, loaded.question.a.rate
        count = max(loaded.count or 1, 1)
        self.player.transport = Transport(
            count, float(rate or 0), loop=before.loop, speed=before.speed
        )
        self.follows = True
        self.shown = None
        self._timeline.show_length(count, None, float(rate) if rate else None)
        self._timeline.show_range(None)
        if not loaded.live:
            self.go_to(min(index, count - 1))

    def grow(self, count: int) -> None:
        """A live sequence has more frames now."""
        self.player.transport = self.player.transport.changed(count=count)
        self._timeline.show_length(count, None, self.player.transport.rate or None)
        if self.follows and not self.player.playing:
            self._timeline.show_frame(count - 1)
            self._reel.seek(count - 1, dragging=True)

    def know_times(self, times: Sequence[float]) -> None:
        """Play each frame for as long as it lasts."""
        transport = self.player.transport
        known = all(math.isfinite(t) for t in times)
        if known and all(a < b for a, b in pairwise(times)):
            self.play_with(times=tuple(times))
            self._timeline.show_length(transport.count, times, transport.rate or None)

    def end(self) -> None:
        """Show no frames any more; those that are shown stay."""
        self._held = None
        self.player.pause()
        self._controller.set_glance(False)
        self.shown = None

    def go_to(self, index: int) -> None:
        """Show a frame; the nearest one that there is."""
        index = min(max(index, 0), self.player.transport.count - 1)
        self.player.pause()
        self.follows = self._newest(index)
        self._gate.touch()
        self._timeline.show_frame(index)
        self._controller.set_glance(False)
        self._reel.seek(index)

    def step(self, by: int) -> None:
        """Go so many frames on, or back."""
        if self._reel.loaded is not None:
            self.go_to(self.player.transport.step(self._reel.index, by))

    def choose(self, one: int, other: int) -> None:
        """Compare two frames with each other."""
        self.player.pause()
        self.follows = False
        self._gate.touch()
        self._timeline.show_frame(one)
        self._controller.set_glance(False)
        self._reel.choose(one, other)

    def again(self) -> None:
        """Read the frame that is shown once more: what it is compared with is another."""
        if self._reel.loaded is not None:
            self._reel.seek(self._reel.index)

    def toggle(self) -> None:
        """Play, or pause."""
        if self.player.playing:
            self.player.pause()
        elif self._reel.loaded is not None:
            self.follows = False
            self.player.play(self._reel.index)

    def play_with(self, **changes: Any) -> None:
        """Play in another way: `loop`, `speed` or `span` of `core.sequence.transport`."""
        player = self.player
        player.use(player.transport.changed(**changes), self._reel.index)

    def _newest(self, index: int) -> bool:
        loaded = self._reel.loaded
        return loaded is not None and loaded.live and index >= self.player.transport.count - 1

    def _unpaired(self, index: int) -> bool:
        """Whether a frame of A has none in B."""
        question = None if self._reel.loaded is None else self._reel.loaded.question
        if question is None or question.b is None or question.pairing is None:
            return False
        other, count = question.pairing.of_a(index), question.b.count
        return other < 0 or (count is not None and other >= count)

    @Slot(int, bool)
    def _on_sought(self, index: int, dragging: bool) -> None:
        if not dragging:
            self.go_to(index)
            return
        self.player.pause()
        self.follows = False
        self._gate.touch()
        self._controller.set_glance(True)
        self._reel.seek(index, dragging=True)

    @Slot(int)
    def _on_due(self, index: int) -> None:
        self._due = False
        self._gate.touch()
        transport = self.player.transport
        after = transport.step(index, 1)
        self._reel.seek(index, dragging=True, after=None if after == index else after)

    def _on_seen(self) -> None:
        """Let the player go on, if this is the frame that was due."""
        if self._due:
            self._due = False
            self.player.arrived()

    @Slot(bool)
    def _on_playing(self, playing: bool) -> None:
        if not playing:
            self._show()
        self._timeline.show_playing(playing)
        self._controller.set_glance(playing)

    @Slot(object)
    def _on_soon(self, soon: Soon) -> None:
        for picture in soon.pictures:
            self._controller.picture_ready.emit(picture, False)
        self.glimpsed.emit(soon)

    @Slot(object)
    def _on_shown(self, shown: Shown) -> None:
        self._held = shown
        if not (self.player.playing and self._begin(shown)):
            self._show()

    @Slot()
    def _show(self) -> None:
        """Show the frame that was read, if one waits."""
        if self._held is None:
            return
        self.shown = shown = self._held
        self._held = None
        self._due = shown.index == self._reel.index
        frame, other = shown.frame, shown.companion
        self._timeline.show_frame(shown.index)
        self._controller.take(frame.image, other.image)
        alone = self._unpaired(shown.index)
        self._timeline.show_pair_note(other.problem if alone else _note(other))
        self.frame_changed.emit(shown)
        if frame.problem and not self.player.playing:
            self.failed.emit(f"Frame {shown.index} cannot be shown: {frame.problem}")
        elif other.problem and not alone and not self.player.playing:
            self.failed.emit(other.problem)
        if frame.image is None or other.image is None:
            self._on_seen()


def _note(other: Companion) -> str:
    """Return what a frame is compared with, for beside the timeline."""
    if other.itself:
        return f"nothing to compare with: {other.words.partition(': ')[2]}"
    return f"with {other.words}"
