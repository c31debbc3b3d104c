"""Which frame is due while a sequence is played: by time, within a range, round and round."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

STILL_RATE: Final = 10.0
"""Frames a second where nobody says how many, as of a folder of pictures."""
SPEEDS: Final = (0.25, 0.5, 1.0, 2.0, 4.0)


@dataclass(frozen=True)
class Transport:
    """How a sequence is played. Knows no clock: times are given.

    Attributes
    ----------
    count
        Number of frames, at least 1.
    rate
        Frames a second; what is not above 0 counts as unknown.
    times
        Seconds of each frame, rising, where they are known: then frames of variable rate are shown
        for as long as they last. Empty where they are not.
    span
        The first and the last frame that are played; None for all.
    loop
        Whether it begins anew at the end.
    speed
        1 as it was taken.
    """

    count: int
    rate: float = 0.0
    times: Sequence[float] = ()
    span: tuple[int, int] | None = None
    loop: bool = False
    speed: float = 1.0

    @property
    def first(self) -> int:
        """The first frame that is played."""
        return 0 if self.span is None else min(max(self.span[0], 0), self.count - 1)

    @property
    def last(self) -> int:
        """The last frame that is played."""
        end = self.count - 1
        return end if self.span is None else min(max(self.span[1], self.first), end)

    @property
    def per_second(self) -> float:
        """Frames a second at the speed it is played with, on the average."""
        return self._rate * self.speed

    @property
    def _rate(self) -> float:
        return self.rate if math.isfinite(self.rate) and self.rate > 0 else STILL_RATE

    @property
    def _timed(self) -> bool:
        return len(self.times) == self.count and all(
            math.isfinite(t) for t in (self.times[0], self.times[-1])
        )

    def begin(self, index: int) -> int:
        """Return where playing begins when it is started at a frame.

        From the last frame, and from outside of the range, that is the first one.
        """
        return index if self.first <= index < self.last else self.first

    def due(self, begun: int, seconds: float) -> int | None:
        """Return the frame that is due.

        Parameters
        ----------
        begun
            The frame it began with, within the range.
        seconds
            By the clock, since it began.

        Returns
        -------
        int | None
            None when it is over: the last frame was shown for its time, and nothing is looped.
        """
        length = self._place(self.last + 1) - self._place(self.first)
        at = self._place(begun) - self._place(self.first) + max(seconds, 0.0) * self.speed
        if at >= length:
            if not self.loop:
                return None
            at = math.fmod(at, length)
        return self._at(at + self._place(self.first))

    def wait(self, begun: int, seconds: float) -> float:
        """Return how many seconds of the clock pass until another frame is due."""
        now = self.due(begun, seconds)
        if now is None:
            return 0.0
        length = self._place(self.last + 1) - self._place(self.first)
        at = self._place(begun) - self._place(self.first) + max(seconds, 0.0) * self.speed
        at = math.fmod(at, length) + self._place(self.first)
        return max(self._place(now + 1) - at, 0.0) / self.speed

    def step(self, index: int, by: int) -> int:
        """Return the frame so many further on; at the ends of the range round, where looped."""
        first, last = self.first, self.last
        if not first <= index <= last:  # outside of the range steps are plain
            return min(max(index + by, 0), self.count - 1)
        to = index + by
        if self.loop and not first <= to <= last:
            return first + (to - first) % (last - first + 1)
        return min(max(to, first), last)

    def changed(self, **changes: object) -> Transport:
        """Return it with something else in it."""
        return replace(self, **changes)  # type: ignore[arg-type]  # names are checked by replace

    def _place(self, index: int) -> float:
        """Return when a frame begins, in seconds of the sequence."""
        if not self._timed:
            return index / self._rate
        if index < self.count:
            return self.times[index]
        mean = (self.times[-1] - self.times[0]) / (self.count - 1) if self.count > 1 else 0.0
        return self.times[-1] + (mean if mean > 0 else 1 / self._rate)

    def _at(self, seconds: float) -> int:
        """Return the frame that is shown at a time of the sequence."""
        if self._timed:
            found = bisect_right(self.times, seconds + 1e-9) - 1
        else:
            found = math.floor(seconds * self._rate + 1e-6)
        return min(max(found, self.first), self.last)
