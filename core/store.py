"""Where the pixels of a picture are: in memory, or in a file that is read piece by piece.

`core.buffer.ImageBuffer` asks a store for rectangles; nobody else does.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from core.pyramid import halve_mean
from core.types import Pixels

if TYPE_CHECKING:
    from core.types import Rect


class Store(Protocol):
    """The pixels of one picture: (H, W) or (H, W, C), upright, in the file's own values."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(H, W) or (H, W, C) of level 0."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of every level."""

    @property
    def nonfinite(self) -> int:
        """How many pixels hold a NaN or an infinity."""

    def read(self, rect: Rect, level: int) -> Pixels:
        """Return read-only pixels of a rectangle inside the picture at a level.

        Raises
        ------
        ReadError
            When the file behind it does not give them.
        """

    def close(self) -> None:
        """Let go of whatever is open; not read from any more."""


class MemoryStore:
    """A whole picture in memory; overviews are made when they are first asked for."""

    def __init__(self, data: Pixels) -> None:
        data.setflags(write=False)
        self._levels = [data]
        self._lock = threading.Lock()
        self._nonfinite: int | None = None

    @property
    def data(self) -> Pixels:
        """All of it."""
        return self._levels[0]

    @property
    def shape(self) -> tuple[int, ...]:
        """See `Store`."""
        shape: tuple[int, ...] = self._levels[0].shape
        return shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """See `Store`."""
        return self._levels[0].dtype

    @property
    def nonfinite(self) -> int:
        """See `Store`."""
        if self._nonfinite is None:
            self._nonfinite = count_nonfinite(self._levels[0])
        return self._nonfinite

    def read(self, rect: Rect, level: int) -> Pixels:
        """See `Store`; a view."""
        levels = self._levels
        if level >= len(levels):
            with self._lock:
                while len(levels) <= level:
                    small = halve_mean(levels[-1])
                    small.setflags(write=False)
                    levels.append(small)
        return levels[level][rect.slices]

    def close(self) -> None:
        """See `Store`; nothing is open."""


def count_nonfinite(pixels: Pixels) -> int:
    """Return how many pixels hold a NaN or an infinity; 0 for integers."""
    if pixels.dtype.kind != "f":
        return 0
    bad = ~np.isfinite(pixels)
    return int(np.count_nonzero(bad if bad.ndim == 2 else bad.any(axis=2)))
