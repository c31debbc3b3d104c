"""A live source whose last frames can be had again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from core.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from core.sequence.types import Frame, Source
    from core.types import Token

BYTES: Final = 256 * 2**20
"""How much memory the last frames may take."""
FEWEST: Final = 2
"""So many are kept whatever they take."""


class Tap:
    """Remembers the last frames that somebody else takes from a live source.

    One thread may take frames while others ask for those that went by.

    Parameters
    ----------
    source
        Live; closed with this one.
    most
        How many bytes the frames may take that are kept, besides the first one of all.
    """

    live = True
    count: int | None = None

    def __init__(self, source: Source, most: int = BYTES) -> None:
        self._source, self._most = source, most
        self.address, self.name = source.address, source.name
        self.rate: Fraction | None = source.rate
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, Frame] = OrderedDict()
        self._first: Frame | None = None
        self._bytes = 0

    @property
    def last(self) -> int:
        """Index of the newest frame; -1 before there is one."""
        with self._lock:
            return next(reversed(self._kept), -1)

    def frame(self, index: int, token: Token | None = None) -> Frame:
        """See `Source`; only the last frames and the first one can be had.

        Raises
        ------
        ReadError
            When it has gone by.
        IndexError
            When it has not come yet.
        """
        del token
        with self._lock:
            if index in self._kept:
                return self._kept[index]
            if self._first is not None and index == self._first.index:
                return self._first
            if index < 0 or index > next(reversed(self._kept), -1):
                raise IndexError(f"there is no frame {index} yet")
        raise ReadError(
            f"Frame {index} of “{self.name}” has gone by; only the last ones of what is live can be"
            " seen again."
        )

    def frames(self, start: int = 0, token: Token | None = None) -> Iterator[Frame]:
        """See `Source`."""
        for frame in self._source.frames(start, token):
            self._keep(frame)
            yield frame

    def close(self) -> None:
        """See `Source`."""
        self._source.close()
        with self._lock:
            self._kept.clear()

    def _keep(self, frame: Frame) -> None:
        with self._lock:
            if self._first is None and frame.image is not None:
                self._first = frame
            self._kept[frame.index] = frame
            self._bytes += _size(frame)
            while self._bytes > self._most and len(self._kept) > FEWEST:
                _, gone = self._kept.popitem(last=False)
                self._bytes -= _size(gone)


def _size(frame: Frame) -> int:
    image = frame.image
    if image is None:
        return 0
    height, width = image.shape
    return height * width * image.channels * image.dtype.itemsize
