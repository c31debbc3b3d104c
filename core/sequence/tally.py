"""Counts what is said of a sequence: for the summary, the exit status, and what is kept."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

from core.sequence.types import Verdict

if TYPE_CHECKING:
    from core.sequence.events import Event
    from core.sequence.result import FrameResult


def changed(result: FrameResult, limit: float) -> bool:
    """Whether a frame changed: its share of foreground, or else of changed pixels, is over a limit.

    What is not known is no change.
    """
    share = result.foreground_share
    if math.isnan(share):
        share = result.changed_share
    return share > limit


def early(ended: str) -> str:
    """Return the sentence for a run that did not come to the last frame.

    Parameters
    ----------
    ended
        ``"interrupted"``, or the sentence that says what ended it.
    """
    if ended == "interrupted":
        return "Interrupted."
    return f"Ended before the last frame: {ended}"


class Tally:
    """Counts, in memory that does not grow.

    Parameters
    ----------
    limit
        See `changed`.
    """

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self.frames = self.unreadable = self.changed = self.unpaired = 0
        self.verdicts: Counter[str] = Counter()
        self.events: Counter[str] = Counter()

    def add(self, result: FrameResult) -> bool:
        """Count a frame; return whether it changed."""
        self.frames += 1
        self.unreadable += Verdict.UNREADABLE in result.verdicts
        self.verdicts.update(str(v) for v in result.verdicts)
        found = changed(result, self._limit)
        self.changed += found
        return found

    def event(self, event: Event) -> None:
        """Count an event that is over."""
        self.events[event.kind] += 1

    @property
    def differs(self) -> bool:
        """Whether there was a change or an event."""
        return bool(self.changed or self.events.total())

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "frames": self.frames,
            "unreadable": self.unreadable,
            "changed": self.changed,
            "unpaired": self.unpaired,
            "verdicts": {str(v): n for v in Verdict if (n := self.verdicts[v])},
            "events": dict(sorted(self.events.items())),
            "differs": self.differs,
        }
