"""A page of a TIFF file, decoded a few tiles or strips at a time.

Of OpenImageIO, libvips and tifffile with imagecodecs the last is the one that decodes on two
threads twice as fast as on one, and holds nothing but what was asked for; libvips would first
unpack the whole of a file of strips.
"""

from __future__ import annotations

import logging
import os
import threading
import weakref
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import tifffile

from core.errors import ReadError

if TYPE_CHECKING:
    from core.io.files import PictureFile
    from core.types import Pixels

CHUNK_BYTES: Final = 1_000_000
"""Tiles side by side, or strips below one another, are taken together up to so many bytes."""
MOST_BYTES: Final = 256_000_000
"""A single tile or strip of more bytes than this cannot be read piece by piece."""

_TIFF: Final = "TIFF"
_NONE, _LZW, _JPEG, _DEFLATE, _PACKBITS, _DEFLATE_TOO = 1, 5, 7, 8, 32773, 32946
_LZMA, _ZSTD = 34925, 50000
_CODINGS: Final = (_NONE, _LZW, _JPEG, _DEFLATE, _PACKBITS, _DEFLATE_TOO, _LZMA, _ZSTD)
_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _YCBCR = 0, 1, 2, 6
_SEPARATE: Final = 2
_DTYPES: Final = ("u1", "u2", "u4", "i2", "i4", "f2", "f4", "f8")

# What tifffile has to say reaches a person through ReadError only.
logging.getLogger("tifffile").setLevel(logging.CRITICAL + 1)


class TiffChunks:
    """See `core.chunks.Chunks`.

    Parameters
    ----------
    file
        Open; belongs to this object from now on, and is closed by it.
    start
        Where the page's directory starts in the file.

    Attributes
    ----------
    icc
        Its profile, or nothing.

    Raises
    ------
    ReadError
        When the file is damaged.
    ValueError
        When the page is coded in a way that only allows to read all of it.
    """

    def __init__(self, file: PictureFile, start: int) -> None:
        self._file = file
        self._state = _state(file)
        self._lock = threading.Lock()
        self._closing = weakref.finalize(self, file.handle.close)
        try:
            file.handle.seek(0)
            source = tifffile.TiffFile(file.handle, name=file.path)
            source.filehandle.seek(start)
            self._page: Any = tifffile.TiffPage(source, 0)
            readable = _readable(self._page)
            self._read_layout()
        except (ReadError, MemoryError):
            raise
        except Exception as error:  # tifffile raises many kinds for what is not as it should be
            raise file.damaged(_TIFF) from error
        if not readable or self._tile[0] * self._tile[1] * self._pixel > MOST_BYTES:
            raise ValueError("this page can only be read as a whole")

    def _read_layout(self) -> None:
        page = self._page
        samples = page.samplesperpixel
        self.shape: tuple[int, ...] = (page.imagelength, page.imagewidth)
        if samples > 1:
            self.shape = (*self.shape, samples)
        self.dtype = np.dtype(page.dtype).newbyteorder("=")
        self.icc = bytes(page.iccprofile or b"")
        self._pixel = samples * self.dtype.itemsize
        self._planes = samples if page.planarconfig == _SEPARATE else 1
        self._decode = page.decode
        self._tables: dict[str, Any] = {}
        if page.compression == _JPEG:
            self._tables = {"jpegtables": page.jpegtables, "jpegheader": page.jpegheader}
        self._offsets, self._counts = page.dataoffsets, page.databytecounts
        height, width = self.shape[:2]
        if page.is_tiled:
            self._tile = page.tilelength, page.tilewidth
            many = max(CHUNK_BYTES // (self._tile[0] * self._tile[1] * self._pixel), 1)
            self._group = 1, min(many, -(-width // self._tile[1]))
        else:
            self._tile = min(page.rowsperstrip, height), width
            many = max(CHUNK_BYTES // (self._tile[0] * self._tile[1] * self._pixel), 1)
            self._group = min(many, -(-height // self._tile[0])), 1
        self._grid = -(-height // self._tile[0]), -(-width // self._tile[1])
        if len(self._offsets) < self._grid[0] * self._grid[1] * self._planes:
            raise self._file.damaged(_TIFF)

    def close(self) -> None:
        """See `core.chunks.Chunks`."""
        self._closing()

    @property
    def chunk(self) -> tuple[int, int]:
        """See `core.chunks.Chunks`."""
        return self._tile[0] * self._group[0], self._tile[1] * self._group[1]

    def load(self, row: int, col: int) -> Pixels:
        """See `core.chunks.Chunks`."""
        (high, wide), (height, width) = self.chunk, self.shape[:2]
        top, left = row * high, col * wide
        size = min(high, height - top), min(wide, width - left)
        out = np.zeros((*size, *self.shape[2:]), self.dtype)
        try:
            for i in range(row * self._group[0], min((row + 1) * self._group[0], self._grid[0])):
                for j in range(
                    col * self._group[1], min((col + 1) * self._group[1], self._grid[1])
                ):
                    at = i * self._tile[0] - top, j * self._tile[1] - left
                    self._put(out[at[0] :, at[1] :], i * self._grid[1] + j)
        except MemoryError as error:
            raise self._file.no_memory() from error
        except Exception as error:  # each codec has its own kinds
            self._check()
            raise self._file.damaged(_TIFF) from error
        self._check()
        if self._page.photometric == _WHITE_IS_ZERO:
            np.bitwise_not(out, out=out)
        return out

    def _put(self, out: Pixels, index: int) -> None:
        """Decode one tile or strip into the top left of `out`, as far as it lies within."""
        height, width = min(self._tile[0], out.shape[0]), min(self._tile[1], out.shape[1])
        for plane in range(self._planes):
            number = plane * self._grid[0] * self._grid[1] + index
            count = self._counts[number]
            if count == 0:  # not written: nothing but zeros
                continue
            with self._lock:
                data = self._file.read_at(self._offsets[number], count)
            found = self._decode(data, number, **self._tables)[0][0, :height, :width]
            if found.shape[:2] != (height, width):
                raise ValueError("a tile is not of the size of tiles")
            if self._planes > 1:
                out[:height, :width, plane] = found[:, :, 0]
            else:
                out[:height, :width] = found if out.ndim == 3 else found[:, :, 0]

    def _check(self) -> None:
        if _state(self._file) != self._state:
            raise self._file.changed()


def _readable(page: Any) -> bool:
    bits, samples = page.bitspersample, page.samplesperpixel
    kind = "" if page.dtype is None else page.dtype.str[1:]
    plain = page.photometric in (_BLACK_IS_ZERO, _RGB) or (
        page.photometric == _WHITE_IS_ZERO and samples == 1 and kind in ("u1", "u2")
    )
    colors = plain or (page.photometric == _YCBCR and page.compression == _JPEG)
    return (
        colors
        and page.compression in _CODINGS
        and kind in _DTYPES
        and bits == page.dtype.itemsize * 8
        and 1 <= samples <= 64
        and page.imagedepth == 1
        and page.fillorder == 1
    )


def _state(file: PictureFile) -> tuple[int, int]:
    status = os.fstat(file.handle.fileno())
    return status.st_size, status.st_mtime_ns
