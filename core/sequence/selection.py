"""Which frames of a source are looked at."""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from core.errors import Cancelled
from core.sequence.sources.ahead import ahead

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from core.sequence.types import Frame, Source
    from core.types import Token

SELDOM: Final = Fraction(1, 1_000_000_000)


@dataclass(frozen=True, slots=True)
class Selection:
    """Every so many frames from some frame on.

    Attributes
    ----------
    start
        The first one.
    every
        1 for all.
    count
        How many at most; None for all there are.
    """

    start: int = 0
    every: int = 1
    count: int | None = None

    def rate(self, source: Source) -> Fraction | None:
        """Return how many of these frames come in a second; None where nobody says it.

        The pictures of a watched folder come when somebody writes them, and a pause is no gap: so
        theirs is next to nothing, as any time between two of them is in order.
        """
        if source.rate:
            return source.rate / self.every
        return SELDOM if source.address.startswith("watch:") else None

    def total(self, source: Source) -> int | None:
        """Return how many frames these are; None while nobody knows."""
        if source.count is None:
            return self.count
        there = max(-(-(source.count - self.start) // self.every), 0)
        return there if self.count is None else min(there, self.count)

    def frames(
        self, source: Source, token: Token, *, after: int = 0, before: Iterable[int] = ()
    ) -> Generator[Frame]:
        """Yield these frames; end when the token is cancelled.

        Parameters
        ----------
        source
            Of a live one, frames go by while nobody takes them.
        token
            Ends it, quietly: what was had is whole.
        after
            Leaves out so many.
        before
            Comes first: numbers of frames of a source that is not live.
        """
        with contextlib.suppress(Cancelled):
            if source.live:
                yield from self._live(source, token)
                return
            total = self.total(source)
            assert total is not None  # only live sources do not know
            first = tuple(before)

            def read(k: int, ours: Token) -> Frame:
                if k < len(first):
                    return source.frame(first[k], ours)
                return source.frame(self.start + (after + k - len(first)) * self.every, ours)

            yield from ahead(read, 0, max(total - after, 0) + len(first), token)

    def _live(self, source: Source, token: Token) -> Generator[Frame]:
        if self.count == 0:
            return
        taken = 0
        for k, frame in enumerate(source.frames(0, token)):
            if k < self.start or (k - self.start) % self.every:
                continue
            yield frame
            taken += 1
            if taken == self.count:
                return

    def watched_again(
        self, source: Source, token: Token, had: dict[str, int], learn: frozenset[int], time: float
    ) -> Generator[Frame]:
        """Yield the frames of a watched folder that were not had, numbered on; end with the token.

        Its pictures can only be had in turn, so those that were had are opened, too.

        Parameters
        ----------
        source
            The folder, all of which was looked at.
        token
            Ends it, quietly.
        had
            Name -> number of the frames that were had.
        learn
            Numbers of those that come first all the same.
        time
            Of the last of them; times go on from there.
        """
        index, began = len(had), time if math.isfinite(time) else 0.0
        with contextlib.suppress(Cancelled):
            for frame in source.frames(0, token):
                number = had.get(frame.name)
                if number in learn:
                    yield replace(frame, index=number)
                if number is not None:
                    continue
                if self.count is not None and index >= self.count:
                    return
                yield replace(frame, index=index, time=frame.time + began)
                index += 1
                if index == self.count:
                    return
