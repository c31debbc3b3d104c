"""Plays: asks for the frame that is due, and never for another before the last one was shown."""

from __future__ import annotations

from collections import deque
from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal

from core.sequence.transport import Transport

SKIP: Final = 4
"""At most so many frames on from one to the next that is shown: when those cannot be had in time it
plays slower, as a decoder has to go through every frame all the same."""
_OVER: Final = 1.0
"""Seconds over which frames a second are counted."""


class Player(QObject):
    """A clock for one sequence.

    Frames that cannot be had in time are left out, or it plays slower, and it says so.

    Signals
    -------
    wanted(int)
        A frame is due.
    playing_changed(bool)
        It was started, or has ended.
    paced(str)
        How many frames a second are shown of those that are due, twice a second.

    Attributes
    ----------
    transport
        What is played, and how.
    """

    wanted = Signal(int)
    playing_changed = Signal(bool)
    paced = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.transport = Transport(1)
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._next)
        self._clock, self._since = QElapsedTimer(), QElapsedTimer()
        self._begun = self._asked = 0
        self._waiting = False
        self._on = False
        self._times: deque[float] = deque()
        self._told = 0.0

    @property
    def playing(self) -> bool:
        """Whether it plays."""
        return self._on

    def play(self, index: int) -> None:
        """Begin with a frame."""
        self._begun = self.transport.begin(index)
        self._on = True
        self._times.clear()
        self._told = 0.0
        self.playing_changed.emit(True)
        self._clock.start()
        self._since.start()
        if self._begun == index:
            self._waiting, self._asked = False, index
            self._next()
        else:
            self._ask(self._begun)

    def pause(self) -> None:
        """Stop where it is."""
        if self._on:
            self._on = self._waiting = False
            self._timer.stop()
            self.playing_changed.emit(False)

    def use(self, transport: Transport, index: int) -> None:
        """Go on in another way, with a frame."""
        self.transport = transport
        if self._on:
            self.play(index)

    def arrived(self) -> None:
        """Take note that the frame it asked for can be seen, or cannot be had."""
        if not self._on or not self._waiting:
            return
        self._waiting = False
        now = self._since.nsecsElapsed() / 1e9
        self._times.append(now)
        while self._times and self._times[0] < now - _OVER:
            self._times.popleft()
        if now - self._told >= _OVER / 2 and now >= _OVER:
            self._told = now
            due = self.transport.per_second
            # Of the span between the first and the last, which is a frame shorter than they are.
            span = max(self._times[-1] - self._times[0], 1e-3)
            had = (len(self._times) - 1) / span
            slow = had < 0.95 * due
            self.paced.emit(f"{had:.0f} of {due:.4g} fps" if slow else f"{due:.4g} fps")
        self._next()

    @property
    def _seconds(self) -> float:
        return self._clock.nsecsElapsed() / 1e9

    def _next(self) -> None:
        if not self._on or self._waiting:
            return
        due = self.transport.due(self._begun, self._seconds)
        if due is None and self._asked == self.transport.last:
            self.pause()
            return
        due = self.transport.last if due is None else due  # the last one is seen, however late
        if self._asked < due - SKIP:
            self._begun = self._asked + SKIP
            self._clock.restart()
            self._ask(self._begun)
        elif due != self._asked:
            self._ask(due)
        else:
            wait = self.transport.wait(self._begun, self._seconds)
            self._timer.start(max(round(wait * 1000), 1))

    def _ask(self, index: int) -> None:
        self._asked, self._waiting = index, True
        self.wanted.emit(index)
