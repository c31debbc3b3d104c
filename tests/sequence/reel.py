"""Frames held in memory as a source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from core.errors import ReadError
from core.sequence.types import Frame
from core.types import Token


class Reel:
    """A source of frames: `asked` has the numbers of those that were read, in turn.

    `on_read` is called before a frame is given.
    """

    live = False

    def __init__(self, frames: Sequence[Frame], *, address: str = "reel", rate: int = 25) -> None:
        self.address = self.name = address
        self.rate = Fraction(rate)
        self.asked: list[int] = []
        self.closed = False
        self.on_read: Callable[[int], None] = lambda _index: None
        self._frames = list(frames)

    @property
    def count(self) -> int | None:
        return len(self._frames)

    def frame(self, index: int, token: Token | None = None) -> Frame:
        if token is not None:
            token.check()
        if not 0 <= index < len(self._frames):
            raise IndexError(index)
        self.asked.append(index)
        self.on_read(index)
        return self._frames[index]

    def frames(self, start: int = 0, token: Token | None = None) -> Iterator[Frame]:
        for index in range(start, len(self._frames)):
            yield self.frame(index, token)

    def close(self) -> None:
        self.closed = True


class LiveReel(Reel):
    """A live source: its frames come once; then nothing, until its token is cancelled."""

    live = True
    waits = False

    @property
    def count(self) -> None:
        return None

    def frame(self, index: int, token: Token | None = None) -> Frame:
        del index, token
        raise ReadError("The frames come live.")

    def frames(self, start: int = 0, token: Token | None = None) -> Iterator[Frame]:
        for index, frame in enumerate(self._frames, start):
            self.on_read(index)
            yield frame
        while self.waits and token is not None and not token.cancelled:
            token._event.wait(0.01)
