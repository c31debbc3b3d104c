"""Pictures too large for memory: decoded in chunks, of which only what is looked at is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from core.cache import Cache
from core.numbers import usable
from core.parallel import in_order
from core.pyramid import halve_mean, level_shape
from core.store import MemoryStore, count_nonfinite
from core.types import Pixels, Rect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.types import Token

KEPT_BYTES: Final = 160_000_000
"""Decoded chunks that are kept of one picture; more only where two rows of its chunks need it."""
OVERVIEW_BYTES: Final = 64_000_000
"""The finest overview that is kept in memory is the largest one with at most so many bytes."""
_SURVEYED: Final = (256, 8192)
"""Rows and columns looked at in one go while a picture is surveyed."""
_HALVED: Final = 1 << 22
"""Pixels read in one go to make an overview that is not kept."""


class Chunks(Protocol):
    """A picture that can be decoded in rectangles of one size, by several threads at once."""

    @property
    def shape(self) -> tuple[int, ...]:
        """(H, W) or (H, W, C)."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the pixels."""

    @property
    def chunk(self) -> tuple[int, int]:
        """Rows and columns of a chunk; those at the right and bottom edge are cut there."""

    def load(self, row: int, col: int) -> Pixels:
        """Return the chunk that is `row` chunks below and `col` chunks right of the first.

        Raises
        ------
        ReadError
            When it cannot be decoded, or the file was changed.
        """

    def close(self) -> None:
        """Let go of the file."""


@dataclass(slots=True)
class Survey:
    """What one look at all pixels of a picture told.

    Attributes
    ----------
    nonfinite
        Pixels that hold a NaN or an infinity.
    top, bottom
        Largest finite value, at least 0, and the smallest, at most 0; of floats only.
    last_low, last_high
        Range of the last channel, which may be alpha; of pictures with 2 or more.
    """

    nonfinite: int = 0
    top: float = 0.0
    bottom: float = 0.0
    last_low: float = np.inf
    last_high: float = -np.inf

    def add(self, other: Survey) -> None:
        """Take in what was found elsewhere in the picture."""
        self.nonfinite += other.nonfinite
        self.top = max(self.top, other.top)
        self.bottom = min(self.bottom, other.bottom)
        self.last_low = min(self.last_low, other.last_low)
        self.last_high = max(self.last_high, other.last_high)


class ChunkStore:
    """A picture of which only what is looked at is in memory.

    Overviews are the same as those of a `MemoryStore`, bit for bit: the small ones are made by
    `survey` in one pass and kept, the large ones (at most two or three) from chunks when asked for.

    Parameters
    ----------
    chunks
        Where the pixels come from.
    kept
        Bytes of decoded chunks to keep, unless two rows of chunks are more: these always fit, so
        that a picture read from top to bottom is decoded once. Two threads that want the same chunk
        decode it once.
    overview
        Bytes of the largest overview that is kept.
    """

    def __init__(
        self, chunks: Chunks, *, kept: int = KEPT_BYTES, overview: int = OVERVIEW_BYTES
    ) -> None:
        self._chunks = chunks
        self.shape, self.dtype = chunks.shape, np.dtype(chunks.dtype)
        self._canvas = Rect(0, 0, *self.shape[:2])
        pixel = self.dtype.itemsize * int(np.prod(self.shape[2:], dtype=np.int64))
        row = min(chunks.chunk[0], self.shape[0]) * self.shape[1] * pixel
        self._cache = Cache(max(kept, 2 * row + row // 4))
        self._first = 1
        while self._area(self._first) * pixel > max(overview, pixel):
            self._first += 1
        self._small: MemoryStore | None = None
        self.found = Survey()

    @property
    def _canvas_shape(self) -> tuple[int, int]:
        return self._canvas.height, self._canvas.width

    def _area(self, level: int) -> int:
        height, width = level_shape(self._canvas_shape, level)
        return height * width

    @property
    def nonfinite(self) -> int:
        """See `Store`."""
        return self.found.nonfinite

    def survey(self, token: Token) -> Iterator[float]:
        """Look at every pixel once, on all cores, and yield the share that is done.

        Must run to its end before anything coarser than level 0 is read.

        Raises
        ------
        ReadError
            When a chunk cannot be decoded.
        Cancelled
            When the token says so.
        """
        small = np.empty(
            (*level_shape(self._canvas_shape, self._first), *self.shape[2:]), self.dtype
        )
        step = 1 << self._first

        def look(rect: Rect) -> Survey:
            pixels = self._full(rect)
            found = surveyed(pixels)
            for _ in range(self._first):
                pixels = halve_mean(pixels)
            at = Rect(rect.row // step, rect.col // step, *pixels.shape[:2])
            small[at.slices] = pixels
            return found

        rects = _blocks(self._canvas, *(max(n, step) for n in _SURVEYED))
        for done, found in enumerate(in_order(look, rects, token), 1):
            self.found.add(found)
            yield done / len(rects)
        self._small = MemoryStore(small)

    def count(self, limit: float, token: Token) -> None:
        """Count values over `limit` as no numbers, by a second look if there are any.

        Raises
        ------
        ReadError, Cancelled
            As `survey`.
        """
        if max(self.found.top, -self.found.bottom) <= limit:
            return

        def look(rect: Rect) -> int:
            bad = ~usable(self._full(rect), limit)
            return int(np.count_nonzero(bad if bad.ndim == 2 else bad.any(axis=2)))

        self.found.nonfinite = sum(in_order(look, _blocks(self._canvas, *_SURVEYED), token))

    def read(self, rect: Rect, level: int) -> Pixels:
        """See `Store`."""
        if level == 0:
            return self._full(rect)
        if level < self._first:
            return self._halved(rect, level)
        if self._small is None:
            raise RuntimeError("a picture is surveyed before its overviews are read")
        return self._small.read(rect, level - self._first)

    def close(self) -> None:
        """See `Store`."""
        self._cache.clear()
        self._chunks.close()

    def _full(self, rect: Rect) -> Pixels:
        high, wide = self._chunks.chunk
        out: Pixels | None = None
        for i in range(rect.row // high, -(-rect.bottom // high)):
            for j in range(rect.col // wide, -(-rect.right // wide)):
                chunk = self._chunk(i, j)
                where = Rect(i * high, j * wide, *chunk.shape[:2])
                common = where.intersect(rect)
                if common == rect:
                    return chunk[rect.within(where)]
                if out is None:
                    out = np.empty((rect.height, rect.width, *self.shape[2:]), self.dtype)
                out[common.within(rect)] = chunk[common.within(where)]
        if out is None:
            out = np.empty((rect.height, rect.width, *self.shape[2:]), self.dtype)
        out.setflags(write=False)
        return out

    def _chunk(self, row: int, col: int) -> Pixels:
        def load() -> Pixels:
            chunk = self._chunks.load(row, col)
            chunk.setflags(write=False)
            return chunk

        return self._cache.get_or_make((row, col), load, lambda chunk: chunk.nbytes)

    def _halved(self, rect: Rect, level: int) -> Pixels:
        """Make a part of an overview; its blocks start at whole steps, so they are the whole's."""
        out = np.empty((rect.height, rect.width, *self.shape[2:]), self.dtype)
        rows = max(_HALVED // max(rect.width << (2 * level), 1), 1)
        for part in _blocks(rect, rows, max(rect.width, 1)):
            size = part.height << level, part.width << level
            source = Rect(part.row << level, part.col << level, *size)
            pixels = self._full(source.intersect(self._canvas))
            for _ in range(level):
                pixels = halve_mean(pixels)
            out[part.within(rect)] = pixels
        out.setflags(write=False)
        return out


def surveyed(pixels: Pixels) -> Survey:
    """Return what a part of a picture tells."""
    found = Survey(count_nonfinite(pixels))
    if pixels.dtype.kind == "f":
        finite = np.isfinite(pixels)
        found.top = float(np.max(pixels, where=finite, initial=0.0))
        found.bottom = float(np.min(pixels, where=finite, initial=0.0))
    if pixels.ndim == 3:
        last = pixels[:, :, -1]
        found.last_low, found.last_high = float(last.min()), float(last.max())
    return found


def _blocks(rect: Rect, rows: int, cols: int) -> list[Rect]:
    return [
        Rect(r, c, rows, cols).intersect(rect)
        for r in range(rect.row, rect.bottom, rows)
        for c in range(rect.col, rect.right, cols)
    ]
