"""Frames that wait for what is said of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.sequence.types import Frame


class Held:
    """Frames whose results have not come yet: verdicts may wait for the next ones.

    Parameters
    ----------
    frames
        Yielded on.
    hold
        Whether anybody wants to have them with their results.
    """

    def __init__(self, frames: Iterator[Frame], *, hold: bool) -> None:
        self._frames, self._hold = frames, hold
        self._waiting: dict[int, Frame] = {}
        self.ended = False

    def __iter__(self) -> Iterator[Frame]:
        for frame in self._frames:
            if self._hold:
                self._waiting[frame.index] = frame
            yield frame
            del frame  # one at a time
        self.ended = True

    def take(self, index: int) -> Frame | None:
        """Return the frame of a result, and forget it and those before."""
        frame = self._waiting.get(index)
        self._waiting = {k: f for k, f in self._waiting.items() if k > index}
        return frame
