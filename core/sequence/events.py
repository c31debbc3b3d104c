"""Events: from when to when something was so, made from what is said of the frames.

An event of a kind begins with the first frame that shows it and ends with the last one; it is over
when more than `quiet` frames in a row have not shown it, so what flickers is one event. Kinds are
the verdicts but OK, and "foreground". For that there are two limits (hysteresis): it begins where
the foreground's share is at least `high` for `begin` frames in a row (its start is the first of
them), and a frame shows it still while the share is at least `low`. Frames whose foreground is not
known neither show it nor not. A cut and a drop are moments: each is an event of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.sequence.types import Verdict

if TYPE_CHECKING:
    from core.sequence.result import FrameResult

FOREGROUND: Final = "foreground"
_MOMENTS: Final = frozenset({Verdict.CUT, Verdict.DROPPED})


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was so from one frame to another.

    Attributes
    ----------
    kind
        A verdict, or ``"foreground"``.
    start, end
        Index of the first and of the last frame that showed it.
    start_time, end_time
        Their times; nan where the source does not say them.
    frames
        How many frames showed it.
    peak
        The largest foreground share; nan for verdicts.
    what
        One sentence.
    """

    kind: str
    start: int
    end: int
    start_time: float
    end_time: float
    frames: int
    peak: float
    what: str


@dataclass(slots=True)
class _Open:
    """An event that is not over yet."""

    start: FrameResult
    end: FrameResult
    frames: int = 1
    silent: int = 0
    peak: float = math.nan

    def closed(self, kind: str) -> Event:
        first, last = self.start, self.end
        return Event(
            kind, first.index, last.index, first.time, last.time, self.frames, self.peak,
            _sentence(kind, self),
        )  # fmt: skip


class Events:
    """Collects events while results come in.

    Parameters
    ----------
    high, low
        Shares of the foreground: an event begins at `high`, and lasts down to `low`.
    begin
        So many frames in a row must reach `high`.
    quiet
        So many frames may not show an event without its being over.
    """

    def __init__(
        self, high: float = 0.002, low: float = 0.001, begin: int = 2, quiet: int = 5
    ) -> None:
        if not (0 <= low <= high and begin >= 1 and quiet >= 0):
            raise ValueError("events need 0 <= low <= high, begin >= 1 and quiet >= 0")
        self._high, self._low, self._begin, self._quiet = high, low, begin, quiet
        self._open: dict[str, _Open] = {}
        self._run: _Open | None = None  # frames that reach `high`, not yet enough

    def add(self, result: FrameResult) -> list[Event]:
        """Take the next result; return the events that are over now, by their start."""
        done = []
        for verdict in Verdict:
            if verdict in _MOMENTS and verdict in result.verdicts:
                done.append(_Open(result, result).closed(str(verdict)))
            elif verdict is not Verdict.OK and verdict not in _MOMENTS:
                done += self._shown(str(verdict), result, shows=verdict in result.verdicts)
        done += self._foreground(result)
        return sorted(done, key=lambda e: e.start)

    def finish(self) -> list[Event]:
        """Return the events that were not over, by their start."""
        done = [event.closed(kind) for kind, event in self._open.items()]
        self._open.clear()
        return sorted(done, key=lambda e: e.start)

    def _shown(self, kind: str, result: FrameResult, *, shows: bool) -> list[Event]:
        event = self._open.get(kind)
        if shows:
            if event is None:
                self._open[kind] = _Open(result, result)
            else:
                event.end, event.frames, event.silent = result, event.frames + 1, 0
            return []
        if event is None:
            return []
        event.silent += 1
        if event.silent <= self._quiet:
            return []
        return [self._open.pop(kind).closed(kind)]

    def _foreground(self, result: FrameResult) -> list[Event]:
        share = result.foreground_share
        if math.isnan(share):
            return []
        event = self._open.get(FOREGROUND)
        if event is not None:
            done = self._shown(FOREGROUND, result, shows=share >= self._low)
            event.peak = max(event.peak, share)
            return done
        if share < self._high:
            self._run = None
            return []
        if self._run is None:
            self._run = _Open(result, result, frames=0, peak=share)
        run = self._run
        run.end, run.frames, run.peak = result, run.frames + 1, max(run.peak, share)
        if run.frames >= self._begin:
            self._open[FOREGROUND], self._run = run, None
        return []


_WORDS: Final = {
    Verdict.CORRUPTED: "corrupted", Verdict.FROZEN: "frozen", Verdict.BLACK: "black",
    Verdict.FLASH: "a white flash", Verdict.TORN: "torn", Verdict.DUPLICATE: "repeated",
    Verdict.UNREADABLE: "unreadable",
}  # fmt: skip


def _sentence(kind: str, event: _Open) -> str:
    first, last, frames = event.start.index, event.end.index, event.frames
    if kind == Verdict.CUT:
        return f"Another scene begins at frame {first}."
    if kind == Verdict.DROPPED:
        return f"Frames are missing before frame {first}."
    if kind == FOREGROUND:
        where = f"frame {first}" if first == last else f"frames {first} to {last}"
        return f"Something is there in {where}, up to {100 * event.peak:.3g} % of the picture."
    word = _WORDS[Verdict(kind)]
    if frames == 1:
        return f"Frame {first} is {word}."
    return f"{frames} frames from {first} to {last} are {word}."
