"""Opening pictures that are too large to be decoded as a whole: TIFF and NumPy files.

A worker process keeps the file open and decodes what it is asked for (`core.io.isolation`). One
pass makes the overviews and looks for values that are no numbers, while the worker takes the hash;
afterwards only what is asked for is decoded.

- Read so: TIFF and `.npy` of over `PIECES_FROM` bytes as stored (1 GB), and smaller ones whose
  converted colours would take more than is allowed. TIFF in tiles or strips of gray or RGB, 8 to 64
  bits a sample, with any alpha; uncompressed, LZW, Deflate, PackBits, JPEG, LZMA or Zstandard.
- Read whole, and refused above the limit of memory: palettes, CMYK, Lab, samples below 8 bits or of
  10 to 14, other codings, tiles or strips of over 256 MB, an orientation of 2 to 8, arrays of
  columns, truth values or 64-bit integers; and every other kind of file.
- Colours are converted piece by piece as a whole picture's are, except those of float files, whose
  white is known at the end only: their values stay as stored, which is said.
- The limit of time holds for each piece. Opening tells the share that is done, and can be stopped.
- Memory of all processes stays below 2 GB for two pictures of a gigapixel each of 8-bit RGB, with
  stages and the window, see ``python -m benchmarks.gigapixel``. It grows with the width of the
  picture: two rows of its tiles are kept. Edges by Canny, which follow lines through the whole
  picture, are refused at such sizes.
"""

from __future__ import annotations

import contextlib
import queue
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from core.chunks import ChunkStore
from core.errors import ReadError
from core.io.files import quoted
from core.io.isolation import pool as pools
from core.io.isolation import requests
from core.io.isolation.reading import put_together
from core.io.limits import Limits
from core.numbers import LARGEST
from core.parallel import THREADS
from core.types import Alpha, Notice, Token

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.buffer import ImageBuffer
    from core.io.address import Address
    from core.io.isolation.pool import Lease
    from core.types import Pixels

_AGAIN: Final = 2
"""How often a worker that ended is replaced before a piece is given up."""


class _Here:
    """Answers in this process what a worker would answer."""

    def __init__(self) -> None:
        self._state: dict[str, Any] = {}

    def call(
        self, request: requests.Request[Any, Any], ask: Any, *, limits: Limits
    ) -> tuple[Any, Any]:
        """See `core.io.isolation.pool.Lease.call`."""
        from core.io import pieces  # noqa: PLC0415 - loads the decoders

        function: Callable[[Any, Any], tuple[Any, Any]] = getattr(pieces, request.function)
        del limits
        return function(ask, self._state)

    alive = True

    def close(self) -> None:
        """Let go of the file."""
        for chunks in self._state.values():
            if hasattr(chunks, "close"):
                chunks.close()
        self._state = {}


class RemoteChunks:
    """See `core.chunks.Chunks`; what they are read by is replaced when it ends.

    Parameters
    ----------
    ask
        Which picture.
    name
        Of the file, for sentences.
    limits
        `seconds` is how long one piece may take; `bytes` are what the worker may take.
    isolated
        Whether a worker process reads.
    """

    def __init__(
        self, ask: requests.PiecesAsk, name: str, limits: Limits, *, isolated: bool
    ) -> None:
        self._ask, self._name, self._limits, self._isolated = ask, name, limits, isolated
        self._first, said = self._open(ask)
        self._readers = {self._first}
        self._closed = False
        self._free: queue.LifoQueue[Lease | _Here] = queue.LifoQueue()
        for _ in range(1 if isolated else THREADS):
            self._free.put(self._first)
        self.supported = said.supported
        self._said = said
        self.shape = tuple(said.shape)
        self.dtype = np.dtype(said.dtype)
        self.chunk = said.chunk

    def _open(self, ask: requests.PiecesAsk) -> tuple[Lease | _Here, requests.PiecesReply]:
        reader = pools.default().lease(self._name) if self._isolated else _Here()
        try:
            return reader, reader.call(requests.PIECES, ask, limits=self._limits)[0]
        except BaseException:
            reader.close()
            raise

    def _another(self, *, hashed: bool = False) -> Lease | _Here:
        reader, said = self._open(msgspec.structs.replace(self._ask, hashed=hashed))
        self._readers.add(reader)
        if said != self._said or self._closed:
            reader.close()
            raise ReadError(f"The file {self._name} was changed; open it again.")
        return reader

    def _in_place_of(self, broken: Lease | _Here) -> Lease | _Here:
        self._readers.discard(broken)
        made = self._another(hashed=broken is self._first)
        if broken is self._first:
            self._first = made
        return made

    def load(self, row: int, col: int) -> Pixels:
        """See `core.chunks.Chunks`; threads wait for a reader that is free."""
        reader = self._free.get()
        ask = requests.PieceAsk(row, col)
        try:
            for left in reversed(range(_AGAIN)):
                began = time.monotonic()
                try:
                    _, pixels = reader.call(requests.PIECE, ask, limits=self._limits)
                except ReadError:
                    late = time.monotonic() - began >= self._limits.seconds
                    if reader.alive or late or not left or self._closed:
                        raise
                    reader = self._in_place_of(reader)
                    continue
                return self._checked(pixels, row, col)
        finally:
            self._free.put(reader)
        raise AssertionError("unreachable")

    def _checked(self, pixels: Pixels | None, row: int, col: int) -> Pixels:
        (high, wide), (height, width) = self.chunk, self.shape[:2]
        size = min(high, height - row * high), min(wide, width - col * wide)
        if pixels is None or pixels.dtype != self.dtype or pixels.shape[:2] != size:
            raise ReadError(
                f"Reading {self._name} gave no picture; get a fresh copy and open that."
            )
        return pixels

    def finish(self, found: requests.FinishAsk) -> tuple[Any, Pixels | None]:
        """Return what the file says besides its pixels, and one pixel that stands for them."""
        return self._first.call(requests.FINISH_PIECES, found, limits=self._limits)

    def hurry(self) -> None:
        """Let a second worker decode too, as long as the whole picture is looked at."""
        if self._isolated and THREADS > 1:
            with contextlib.suppress(ReadError):  # one is enough
                self._free.put(self._another())

    def rest(self) -> None:
        """Let all workers but the first go; no piece is being loaded."""
        while len(self._readers) > 1:
            reader = self._free.get()
            if reader is self._first:
                continue
            self._readers.discard(reader)
            reader.close()
        self._free = queue.LifoQueue()
        for _ in range(1 if self._isolated else THREADS):
            self._free.put(self._first)

    def close(self) -> None:
        """See `core.chunks.Chunks`."""
        self._closed = True
        for reader in tuple(self._readers):
            reader.close()


def open_large(
    ask: requests.PiecesAsk,
    address: Address,
    limits: Limits,
    *,
    isolated: bool,
    alone: bool = True,
    token: Token | None = None,
    progress: Callable[[float], None] | None = None,
) -> ImageBuffer | None:
    """Return a picture that is read piece by piece; None if it can only be read as a whole.

    Values are those that a smaller file of the same kind gives.

    Parameters
    ----------
    ask
        Which picture, by an absolute path.
    address
        As the person named it.
    limits
        As `RemoteChunks` takes them.
    isolated
        Whether a worker process reads; otherwise this one.
    alone
        No other large picture is opened at the same time: a second worker helps.
    token
        Checked between pieces of work.
    progress
        Told the share that is done, from 0 to 1.

    Raises
    ------
    ReadError
        Damaged, changed meanwhile, or turned by its orientation.
    Cancelled
        When the token says so.
    """
    name, token = quoted(address.path), token or Token()
    chunks = RemoteChunks(ask, name, limits, isolated=isolated)
    try:
        if not chunks.supported:
            chunks.close()
            return None
        if alone:
            chunks.hurry()
        store = ChunkStore(chunks)
        for share in store.survey(token):
            if progress is not None:
                progress(share)
        found = store.found
        made = put_together(*chunks.finish(requests.FinishAsk(found.top)), name)
        store.count(LARGEST * made.peak, token)
        chunks.rest()
    except BaseException:
        chunks.close()
        raise
    opaque = made.alpha is not Alpha.NONE and found.last_low == found.last_high == made.peak
    height, width = store.shape[:2]
    size = f"{height * width / 1e6:,.0f} megapixels"
    text = f"{name} is so large ({size}) that it is read piece by piece."
    return replace(
        made,
        source=store,
        path=address.path,
        address=str(address),
        alpha=Alpha.OPAQUE if opaque else made.alpha,
        key=f"{made.key}:pieces:{ask.managed}",
        meta={**made.meta, "width": str(width), "height": str(height)},
        notices=(*made.notices, Notice("large", text)),
    )
