"""Opening pictures that are too large to be decoded as a whole: TIFF and NumPy files.

A worker process keeps the file open and decodes what it is asked for (`core.io.isolation`). One
pass makes the overviews and looks for values that are no numbers, while the worker takes the hash;
afterwards only what is asked for is decoded.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.chunks import ChunkStore
from core.errors import ReadError
from core.io.files import quoted
from core.io.isolation import pool as pools
from core.io.isolation import requests
from core.io.isolation.reading import put_together
from core.types import Alpha, Notice, Token

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.buffer import ImageBuffer
    from core.io.address import Address
    from core.io.isolation.pool import Lease
    from core.types import Pixels

FROM_BYTES: Final = 1_000_000_000
"""Only pictures that would take more memory than this are read piece by piece."""
_AGAIN: Final = 2
"""How often a worker that ended is replaced before a piece is given up."""


class _Here:
    """Answers in this process what a worker would answer."""

    def __init__(self) -> None:
        self._state: dict[str, Any] = {}

    def call(self, request: requests.Request[Any, Any], ask: Any) -> tuple[Any, Any]:
        """See `core.io.isolation.pool.Lease.call`."""
        from core.io import pieces  # noqa: PLC0415 - loads the decoders

        function: Callable[[Any, Any], tuple[Any, Any]] = getattr(pieces, request.function)
        return function(ask, self._state)

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
    isolated
        Whether a worker process reads.
    """

    def __init__(self, ask: requests.PiecesAsk, name: str, *, isolated: bool) -> None:
        self._ask, self._name, self._isolated = ask, name, isolated
        self._lock = threading.Lock()
        self._reader, said = self._open()
        self.supported = said.supported
        self._said = said
        self.shape = tuple(said.shape)
        self.dtype = np.dtype(said.dtype)
        self.chunk = said.chunk

    def _open(self) -> tuple[Lease | _Here, requests.PiecesReply]:
        reader = pools.default().lease(self._name) if self._isolated else _Here()
        try:
            return reader, reader.call(requests.PIECES, self._ask)[0]
        except BaseException:
            reader.close()
            raise

    def load(self, row: int, col: int) -> Pixels:
        """See `core.chunks.Chunks`."""
        for left in reversed(range(_AGAIN)):
            reader = self._reader
            try:
                _, pixels = reader.call(requests.PIECE, requests.PieceAsk(row, col))
            except ReadError:
                if not left or not self._replaced(reader):
                    raise
                continue
            return self._checked(pixels, row, col)
        raise AssertionError("unreachable")

    def _checked(self, pixels: Pixels | None, row: int, col: int) -> Pixels:
        (high, wide), (height, width) = self.chunk, self.shape[:2]
        size = min(high, height - row * high), min(wide, width - col * wide)
        if pixels is None or pixels.dtype != self.dtype or pixels.shape[:2] != size:
            raise ReadError(
                f"Reading {self._name} gave no picture; get a fresh copy and open that."
            )
        return pixels

    def _replaced(self, broken: Lease | _Here) -> bool:
        """Have a new worker open the file if the old one has ended; else the file is at fault."""
        with self._lock:
            if self._reader is not broken:
                return True
            if isinstance(broken, _Here) or broken.alive:
                return False
            self._reader, said = self._open()
            if said != self._said:
                raise ReadError(f"The file {self._name} was changed; open it again.")
            return True

    def finish(self, found: requests.FinishAsk) -> tuple[Any, Pixels | None]:
        """Return what the file says besides its pixels, and one pixel that stands for them."""
        return self._reader.call(requests.FINISH_PIECES, found)

    def close(self) -> None:
        """See `core.chunks.Chunks`."""
        self._reader.close()


def open_large(
    ask: requests.PiecesAsk, address: Address, *, isolated: bool, token: Token | None
) -> ImageBuffer | None:
    """Return a picture that is read piece by piece; None if it can only be read as a whole.

    Values are those that a smaller file of the same kind gives, but colours are as stored.

    Parameters
    ----------
    ask
        Which picture, by an absolute path.
    address
        As the person named it.
    isolated
        Whether a worker process reads; otherwise this one.
    token
        Checked between pieces of work.

    Raises
    ------
    ReadError
        Damaged, changed meanwhile, or turned by its orientation.
    Cancelled
        When the token says so.
    """
    name = quoted(address.path)
    chunks = RemoteChunks(ask, name, isolated=isolated)
    try:
        if not chunks.supported:
            chunks.close()
            return None
        store = ChunkStore(chunks)
        for _ in store.survey(token or Token()):
            pass
        found = store.found
        ends = (found.last_low, found.last_high) if len(store.shape) == 3 else (0.0, 0.0)
        reply, one = chunks.finish(requests.FinishAsk(found.top, *ends))
        made = put_together(reply, one, name)
    except BaseException:
        chunks.close()
        raise
    opaque = made.alpha is not Alpha.NONE and ends[0] == ends[1] == made.peak
    height, width = store.shape[:2]
    text = (
        f"{name} is so large ({height * width / 1e6:,.0f} megapixels) that it is read piece by"
        " piece, and its values are as stored."
    )
    return replace(
        made,
        source=store,
        path=address.path,
        address=str(address),
        alpha=Alpha.OPAQUE if opaque else made.alpha,
        key=f"{made.key}:pieces",
        meta={**made.meta, "width": str(width), "height": str(height)},
        notices=(*made.notices, Notice("large", text)),
    )
