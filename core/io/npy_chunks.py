"""An array saved by NumPy, read a few rows at a time."""

from __future__ import annotations

import os
import threading
import weakref
from typing import TYPE_CHECKING, Final

import numpy as np

from core.io.npy import MOST_HEADER, parse

if TYPE_CHECKING:
    from core.io.files import PictureFile
    from core.io.kinds import Kind
    from core.types import Pixels

CHUNK_BYTES: Final = 4_000_000
"""As many whole rows as fit are read together, and at least one."""
_DTYPES: Final = ("u1", "u2", "u4", "i2", "i4", "f2", "f4", "f8")


class NpyChunks:
    """See `core.chunks.Chunks`; read, not mapped, so that no more than a chunk is in memory.

    Parameters
    ----------
    file
        Open; belongs to this object from now on, and is closed by it.
    kind
        For sentences.

    Raises
    ------
    ReadError
        When the file is damaged.
    ValueError
        When its values must be changed, or its order is not that of rows.
    """

    icc = b""

    def __init__(self, file: PictureFile, kind: Kind) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._title = kind.title
        self._closing = weakref.finalize(self, file.handle.close)
        header = parse(file, kind, file.read_at(0, MOST_HEADER))
        shape, native = header.shape, header.dtype.newbyteorder("=")
        if not header.is_picture or header.order != "C" or native.str[1:] not in _DTYPES:
            raise ValueError("this array can only be read as a whole")
        if header.start + header.size > file.size:
            raise file.damaged(kind.title)
        self.shape = shape[:2] if shape[2:] == (1,) else shape
        self.dtype, self._stored = native, header.dtype
        self._row = header.size // shape[0]
        self._start = header.start
        self._state = os.fstat(file.handle.fileno()).st_mtime_ns

    def close(self) -> None:
        """See `core.chunks.Chunks`."""
        self._closing()

    @property
    def chunk(self) -> tuple[int, int]:
        """See `core.chunks.Chunks`."""
        return max(CHUNK_BYTES // self._row, 1), self.shape[1]

    def load(self, row: int, col: int) -> Pixels:  # noqa: ARG002 - chunks are whole rows
        """See `core.chunks.Chunks`."""
        top = row * self.chunk[0]
        rows = min(self.chunk[0], self.shape[0] - top)
        with self._lock:
            data = self._file.read_at(self._start + top * self._row, rows * self._row)
            state = os.fstat(self._file.handle.fileno()).st_mtime_ns
        if state != self._state:
            raise self._file.changed()
        if len(data) != rows * self._row:
            raise self._file.damaged(self._title)
        pixels = np.frombuffer(data, self._stored).reshape(rows, *self.shape[1:])
        return pixels.astype(self.dtype)
