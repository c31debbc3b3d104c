"""Events as they begin: `core.sequence.events` tells them when they are over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from core.sequence.events import FOREGROUND, Event, Events

if TYPE_CHECKING:
    from core.sequence.result import FrameResult

CHANGED: Final = "changed"
"""What an event is called between two sequences, where there is no foreground."""


@dataclass(frozen=True, slots=True)
class Start:
    """An event that has begun.

    Attributes
    ----------
    kind
        As of an `Event`.
    index, time
        Of its first frame.
    """

    kind: str
    index: int
    time: float


class News(NamedTuple):
    """What a result brought: events that began with it, and events that are over."""

    begun: list[Start]
    over: list[Event]


class Watcher(Events):
    """Tells events when they begin and when they are over.

    Parameters
    ----------
    limit
        Share of the pixels over which a frame has changed. Foreground lasts down to it, and begins
        at twice as much.
    paired
        Whether frames are compared with those of another sequence: then events are runs of frames
        that differ by more than `limit`, and unreadable ones.
    """

    def __init__(self, limit: float, *, paired: bool = False) -> None:
        if paired:
            super().__init__(limit, limit, begin=1)
        else:
            super().__init__(min(2 * limit, 1.0), limit)
        self._paired = paired
        self._known: dict[str, int] = {}  # kind -> the first frame of what is open

    def next(self, result: FrameResult) -> News:
        """Take the next result."""
        if self._paired and result.changed_share <= self._high:
            result = replace(result, foreground_share=-1.0)  # at the limit it has not changed
        elif self._paired:
            result = replace(result, foreground_share=result.changed_share)
        over = self.add(result)
        # What was not open before began and ended with this frame.
        moments = [e for e in over if e.kind not in self._known]
        begun = [Start(e.kind, e.start, e.start_time) for e in moments]
        for kind, event in self._open.items():
            if self._known.get(kind) != event.start.index:
                begun.append(Start(self._named(kind), event.start.index, event.start.time))
        self._known = {kind: event.start.index for kind, event in self._open.items()}
        return News(sorted(begun, key=lambda s: s.index), [self._told(e) for e in over])

    def rest(self) -> list[Event]:
        """Return the events that are not over, at the end."""
        self._known = {}
        return [self._told(e) for e in self.finish()]

    def _named(self, kind: str) -> str:
        return CHANGED if self._paired and kind == FOREGROUND else kind

    def _told(self, event: Event) -> Event:
        if not self._paired or event.kind != FOREGROUND:
            return event
        first, last = event.start, event.end
        where = f"Frame {first} differs" if first == last else f"Frames {first} to {last} differ"
        what = f"{where}, in up to {100 * event.peak:.3g} % of the pixels."
        return replace(event, kind=CHANGED, what=what)
