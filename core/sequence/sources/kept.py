"""Decoded frames that may be asked for again, as they came out of the decoder; in the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from av import VideoFrame

BYTES: Final = 256 << 20
"""Kept for who goes back and forth: two seconds of 1080p and more."""
RUNNING_BYTES: Final = 96 << 20
"""Kept while frames are only taken in turn."""
LEAST, MOST = 4, 512


class Kept:
    """Frames by their numbers, in memory that does not grow.

    Attributes
    ----------
    most
        Bytes that they may take; `LEAST` frames are kept whatever they take, and never more than
        `MOST`.
    """

    def __init__(self) -> None:
        self.most = RUNNING_BYTES
        self._frames: dict[int, VideoFrame] = {}
        self._size = self._each = 0

    def __contains__(self, number: int) -> bool:
        return number in self._frames

    def __len__(self) -> int:
        return len(self._frames)

    def __getitem__(self, number: int) -> VideoFrame:
        return self._frames[number]

    @property
    def size(self) -> int:
        """Bytes that they take."""
        return self._size

    def put(self, number: int, frame: VideoFrame) -> None:
        """Take a frame."""
        if number in self._frames:
            self._size -= bytes_of(self._frames[number])
        self._frames[number] = frame
        self._each = bytes_of(frame)
        self._size += self._each

    def clear(self) -> None:
        """Forget all."""
        self._frames.clear()
        self._size = 0

    def trim(self, target: int, newest: int) -> None:
        """Forget what is farthest from a frame, until the rest is as little as it may be.

        Parameters
        ----------
        target
            The frame; it and what came behind it since are never forgotten.
        newest
            The last frame that the decoder gave.
        """
        if self._fits():
            return
        passed = [n for n in self._frames if n < target or n > max(newest, target)]
        for number in sorted(passed, key=lambda n: abs(n - target), reverse=True):
            if self._fits():
                return
            self._size -= bytes_of(self._frames.pop(number))

    def _fits(self) -> bool:
        count = len(self._frames)
        return (self._size <= self.most and count <= MOST) or count <= LEAST

    @property
    def room(self) -> int:
        """How many frames like the last one can be kept."""
        return max(min(self.most // max(self._each, 1), MOST), LEAST)


def bytes_of(frame: VideoFrame) -> int:
    """Return how much memory a frame takes."""
    return sum(plane.buffer_size for plane in frame.planes)
