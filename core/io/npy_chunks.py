"""An array saved by NumPy, read a few rows at a time."""

from __future__ import annotations

import os
import threading
import weakref
from typing import TYPE_CHECKING, Final

import numpy as np

from core.io.npy import mapped

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

    orientation = 1
    icc = b""

    def __init__(self, file: PictureFile, kind: Kind) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._title = kind.title
        self.close = weakref.finalize(self, file.handle.close)
        mapping = mapped(file, kind)
        array: Pixels = mapping
        if array.ndim == 3 and array.shape[2] == 1:
            array = array[:, :, 0]
        native = array.dtype.newbyteorder("=")
        rows = array.flags.c_contiguous and array.ndim in (2, 3)
        if not rows or native.str[1:] not in _DTYPES or (array.ndim == 3 and array.shape[2] > 64):
            raise ValueError("this array can only be read as a whole")
        self.shape, self.dtype = array.shape, native
        self._stored = array.dtype
        self._row = array.strides[0]
        self._start = mapping.offset
        self._state = os.fstat(file.handle.fileno()).st_mtime_ns

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
