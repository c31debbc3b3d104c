"""The timeline: everything below the pictures of a sequence, on one axis of frames."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from gui.timeline.axis import time_text
from gui.timeline.even_times import EvenTimes
from gui.timeline.tracks import Tracks
from gui.timeline.transport_bar import TransportBar

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtGui import QImage

    from core.sequence.events import Event
    from gui.timeline.curves import Curve


class Timeline(QFrame):
    """Transport, filmstrip, ruler, curves and events. Frames are counted from 0.

    Signals
    -------
    sought(int, bool)
        A frame is wanted; whether the mouse is still being dragged.
    play_toggled()
        Play, or pause.
    step_wanted(int)
        So many frames on, or back.
    event_wanted(int)
        The next event (1), or the one before (-1).
    loop_changed(bool), speed_changed(float)
        How it is to be played.
    range_changed(tuple[int, int] | None)
        The first and the last frame of a range that a person chose.
    offset_changed(int)
        Frame i of A is to belong to frame i + offset of B.
    against_chosen(str)
        What frames are to be compared with.
    curves_chosen(tuple[str, ...])
        The names of the curves that are wanted.
    thumbnails_wanted(list[int])
        Frames that are seen and whose pictures are missing; it replaces what was asked before.
    cancel_wanted()
        The pass is to end.
    event_clicked(int)
        The index of an event in the list given.
    """

    sought = Signal(int, bool)
    play_toggled = Signal()
    step_wanted = Signal(int)
    event_wanted = Signal(int)
    loop_changed = Signal(bool)
    speed_changed = Signal(float)
    range_changed = Signal(object)
    offset_changed = Signal(int)
    against_chosen = Signal(str)
    curves_chosen = Signal(object)
    thumbnails_wanted = Signal(object)
    cancel_wanted = Signal()
    event_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.transport = TransportBar(self)
        self.tracks = Tracks(self)
        self.setFocusProxy(self.tracks)
        self._times: Sequence[float] | None = None
        self._playing = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.transport)
        column.addWidget(self.tracks, 1)
        self._connect()
        self.tracks.filmstrip.show_words(self.words_of)
        self.show_length(1, None, None)

    @property
    def menu_button(self) -> QToolButton:
        """The button “⋯”, for a menu."""
        return self.transport.menu_button

    @property
    def frame(self) -> int:
        """The frame at which the playhead stands."""
        return self.tracks.frame

    # -- in: the sequence ----------------------------------------------------------------------

    def show_length(self, count: int, times: Sequence[float] | None, rate: float | None) -> None:
        """Take the number of frames, and their times in seconds; without, by `rate` a second.

        What is seen stays, when there are more frames than before of a sequence that grows.
        """
        count = max(count, 1)
        if times is None and rate:
            times = EvenTimes(count, rate)
        self._times = times
        self.transport.show_length(count, times)
        self.tracks.ruler.show_times(times)
        self.tracks.show_count(count)
        self._show_place()

    def show_frame(self, index: int, name: str = "") -> None:
        """Move the playhead; `name` is what the source calls the frame."""
        self.tracks.show_frame(index, playing=self._playing)
        self._show_place(name)

    def show_playing(self, playing: bool, note: str = "") -> None:
        """Show whether it is played; `note` says how fast, as ``"24 of 25 fps"``."""
        self._playing = playing
        self.transport.show_playing(playing, note)

    def show_loop(self, on: bool) -> None:
        """Show whether it begins again at the end."""
        self.transport.show_loop(on)

    def show_speed(self, speed: float) -> None:
        """Show how fast it is to be played."""
        self.transport.show_speed(speed)

    def show_range(self, chosen: tuple[int, int] | None) -> None:
        """Show the range that is played; None: everything."""
        self.tracks.show_range(chosen)

    def set_range(self, first: int, last: int) -> None:
        """Choose a range, as a person does with the mouse: it is told."""
        self.tracks.choose_range((first, last))

    def clear_range(self) -> None:
        """Choose everything: it is told."""
        self.tracks.choose_range(None)

    def show_whole(self) -> None:
        """Show all frames, from left to right."""
        self.tracks.show_whole()

    # -- in: pictures, curves, events ----------------------------------------------------------

    def show_thumbnail(self, index: int, image: QImage) -> None:
        """Take the picture of a frame."""
        self.tracks.filmstrip.show_thumbnail(index, image)

    def forget_thumbnails(self) -> None:
        """Let go of all pictures, as they are of another sequence: all frames are seen then."""
        self.show_whole()
        self.tracks.filmstrip.forget_thumbnails()

    def show_missing(self, frames: Collection[int]) -> None:
        """Mark frames that cannot be read; they are not asked for."""
        self.tracks.filmstrip.show_missing(frames)

    def show_curves(self, curves: tuple[Curve, ...]) -> None:
        """Show curves; cheap, however often it is called: they are painted when there is time."""
        self.tracks.curves.show_curves(curves)

    def show_curve_choices(
        self, choices: tuple[tuple[str, str], ...], chosen: tuple[str, ...]
    ) -> None:
        """Show (name, label) of all curves there are, and which are chosen."""
        self.transport.show_curve_choices(choices, chosen)

    def show_events(self, events: Sequence[Event]) -> None:
        """Show events."""
        self.tracks.marks.show_events(events)
        self.transport.show_events(bool(events))

    # -- in: the comparison --------------------------------------------------------------------

    def show_progress(
        self, done: int, total: int | None, note: str = "", what: str = "analysing"
    ) -> None:
        """Show how far the pass is: ``"analysing 412 of 900 · note"``."""
        self.transport.show_progress(done, total, note, what)

    def show_progress_done(self, note: str = "") -> None:
        """Show that no pass is running."""
        self.transport.show_progress_done(note)

    def show_offset(self, offset: int | None) -> None:
        """Show the offset of B; None when there is no second sequence."""
        self.transport.show_offset(offset)

    def show_against(self, choices: tuple[tuple[str, str], ...], current: str) -> None:
        """Show (value, label) of all that frames can be compared with, and what is chosen."""
        self.transport.show_against(choices, current)

    def show_pair_note(self, note: str) -> None:
        """Say what the shown frame is compared with, as ``"compared with frame 116"``."""
        self.transport.show_pair_note(note)

    # -- words ---------------------------------------------------------------------------------

    def time_of(self, frame: int) -> float:
        """Return the time of a frame in seconds; nan when it is not known."""
        known = self._times
        return float(known[frame]) if known is not None and frame < len(known) else math.nan

    def words_of(self, frame: int) -> str:
        """Return ``"frame 117 · 00:04.680"``."""
        time = self.time_of(frame)
        return f"frame {frame:,}" + (f" · {time_text(time)}" if math.isfinite(time) else "")

    # -- inside --------------------------------------------------------------------------------

    def _connect(self) -> None:
        tracks, bar = self.tracks, self.transport
        tracks.sought.connect(self._on_sought)
        tracks.step_wanted.connect(self.step_wanted)
        tracks.range_changed.connect(self.range_changed)
        tracks.filmstrip.thumbnails_wanted.connect(self.thumbnails_wanted)
        tracks.marks.event_clicked.connect(self.event_clicked)
        bar.frame_wanted.connect(lambda frame: tracks.seek(frame, False))
        bar.play_toggled.connect(self.play_toggled)
        bar.step_wanted.connect(self.step_wanted)
        bar.event_wanted.connect(self.event_wanted)
        bar.loop_changed.connect(self.loop_changed)
        bar.speed_changed.connect(self.speed_changed)
        bar.offset_changed.connect(self.offset_changed)
        bar.against_chosen.connect(self.against_chosen)
        bar.curves.chosen.connect(self.curves_chosen)
        bar.progress.cancel_wanted.connect(self.cancel_wanted)

    def _on_sought(self, frame: int, dragging: bool) -> None:
        self._show_place()
        self.sought.emit(frame, dragging)

    def _show_place(self, name: str = "") -> None:
        self.transport.show_frame(self.frame, self.time_of(self.frame), name)
