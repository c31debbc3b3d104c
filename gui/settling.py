"""When a file that is being written may be read: decided from what it looks like, and since when.

Programs write in two steps: they truncate and fill, write another file and rename it, delete and
create, or append for seconds. A file is read once it has held still.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from gui.reads import HOLD

if TYPE_CHECKING:
    from gui.events import Mark

LEAST_GAP: Final = 0.5
"""Seconds between two readings of one file: at most two a second."""


class Step(StrEnum):
    """What became of a file.

    REST: nothing. WAIT: look again soon. CHANGED: it may be read. RESTLESS: it may be read, but is
    replaced all the time. GONE: it is no longer there. BACK: it is there again, as it was.
    """

    REST = "rest"
    WAIT = "wait"
    CHANGED = "changed"
    RESTLESS = "restless"
    GONE = "gone"
    BACK = "back"


class Settling:
    """Follows one file.

    Parameters
    ----------
    shown
        What the file looked like when the picture that is shown was read; None when that is not
        known: as it is at the first look.
    """

    def __init__(self, shown: Mark | None) -> None:
        self._shown = shown
        self._seen: Mark | None = shown
        self._since = self._first = self._told = float("-inf")
        self._known = shown is not None
        self._replaced = False
        self.missing = False

    def show(self, shown: Mark | None) -> None:
        """Take note that the picture shown was read from a file that looked like this."""
        if shown is not None:
            self._shown, self._known = shown, True

    def look(self, now: float, mark: Mark | None) -> Step:
        """Say what is to be done.

        Parameters
        ----------
        now
            Seconds, by a clock that never goes back.
        mark
            What the file looks like; None when there is none.
        """
        if not self._known:
            self._shown = self._seen = mark
            self._known = True
        if mark != self._seen:
            both = mark is not None and self._seen is not None
            self._replaced = both and _inode(mark) != _inode(self._seen)
            if self._seen == self._shown:
                self._first = now
            self._seen, self._since = mark, now
        if mark is None:
            return self._absent(now)
        if mark == self._shown:
            step = Step.BACK if self.missing else Step.REST
            self.missing = False
            return step
        if now < self._told + LEAST_GAP:
            return Step.WAIT
        still = now >= self._since + HOLD
        if still or (self._replaced and now >= self._first + LEAST_GAP):
            self._shown, self._told, self.missing = mark, now, False
            return Step.CHANGED if still else Step.RESTLESS
        return Step.WAIT

    def _absent(self, now: float) -> Step:
        if self.missing or self._shown is None:
            return Step.REST
        if now < self._since + HOLD:
            return Step.WAIT
        self.missing = True
        return Step.GONE


def _inode(mark: Mark | None) -> tuple[int, int] | None:
    return None if mark is None else (mark.device, mark.inode)
