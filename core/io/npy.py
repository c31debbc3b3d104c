"""Arrays saved by NumPy, mapped into memory rather than read."""

from __future__ import annotations

import ast
import math
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import numpy as np

from core.io import shared
from core.io.decoded import Decoded, check_page, check_size
from core.types import Alpha, Encoding, Notice, Pixels

if TYPE_CHECKING:
    from core.io.address import Part
    from core.io.files import PictureFile
    from core.io.kinds import Kind

_MOST_CHANNELS: Final = 64
MOST_HEADER: Final = 1 << 16
"""Bytes of an array's start that are looked at."""


class Header(NamedTuple):
    """What an array says of itself.

    Attributes
    ----------
    start
        How many bytes precede its values.
    dtype, shape, order
        As in NumPy; byte order as in the file.
    """

    start: int
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    order: Literal["F", "C"]

    @property
    def size(self) -> int:
        """How many bytes its values take."""
        return math.prod(self.shape) * self.dtype.itemsize

    @property
    def is_picture(self) -> bool:
        """Whether it is (H, W) or (H, W, C), of at least one real number."""
        shape = self.shape
        sizes = len(shape) in {2, 3} and all(n > 0 for n in shape)
        channels = len(shape) < 3 or shape[2] <= _MOST_CHANNELS
        return sizes and channels and self.dtype.kind in "buif" and self.dtype.itemsize <= 8


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Map a ``.npy`` file: (H, W) or (H, W, C) of integers, floats or truth values.

    Two channels are gray and alpha, four RGB and alpha. Truth values become 0 and 1 with white at
    1. 64-bit integers become the smallest type that holds them all, with a notice. The array stays
    on disk unless its bytes have to be changed: a file that is replaced by another, as programs
    save, keeps its pixels; one that is written over in place would change them.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, not of such a shape, or holding objects.
    """
    check_page(file, part.page, 1)
    header = parse(file, kind, file.read_at(0, MOST_HEADER))
    check(file, kind, header)
    return finish(file, kind, mapped(file, kind, header))


def finish(file: PictureFile, kind: Kind, array: Pixels) -> Decoded:
    """Return an array that was checked as a picture, as `read` says."""
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    channels = array.shape[2] if array.ndim == 3 else 1
    notices = []
    native = array.dtype.newbyteorder("=")
    peak = None
    if native == np.bool_:
        array, peak = array.astype(np.uint8), 1.0
    elif native.kind in "iu" and native.itemsize in {1, 8} and native != np.uint8:
        array = _narrowed(file, kind, array)
        text = (
            f"The {native} values of {file.name} were read as {array.dtype}, which holds them all."
        )
        notices.append(Notice("narrowed", text))
    else:
        array = array.astype(native, copy=False)
    alpha = Alpha.STRAIGHT if channels in {2, 4} else Alpha.NONE
    everyday = array.dtype in (np.uint8, np.uint16)
    encoding = Encoding.SRGB if everyday else Encoding.UNKNOWN
    return Decoded(array, encoding, alpha, peak=peak, notices=notices)


def parse(file: PictureFile, kind: Kind, head: bytes) -> Header:
    """Return what the start of an array says; it is a Python literal (NumPy's NEP 1).

    Read here and not by `numpy.load`, which prints warnings, and opens the file by its name.

    Raises
    ------
    ReadError
        Damaged, or holding Python objects.
    """
    width = 2 if head[6:7] == b"\1" else 4
    start = 8 + width + int.from_bytes(head[8 : 8 + width], "little")
    try:
        header = ast.literal_eval(head[8 + width : start].decode("utf-8"))
        dtype = np.dtype(header["descr"])
        shape = tuple(int(n) for n in header["shape"])
        order: Literal["F", "C"] = "F" if header["fortran_order"] else "C"
    except (ValueError, SyntaxError, TypeError, KeyError, RecursionError, MemoryError) as error:
        raise file.damaged(kind.title) from error
    if dtype.hasobject:
        raise file.unsupported(
            kind.title, "holds Python objects, not numbers", "save a plain array and open that"
        )
    return Header(start, dtype, shape, order)


def check(file: PictureFile, kind: Kind, header: Header) -> None:
    """Raise ReadError unless an array is a picture's, has pixels, and fits into the limits."""
    if not all(n > 0 for n in header.shape):
        check_size(file, 0, 0, 0, 0)
    if header.dtype.kind not in "buif" or header.dtype.itemsize > 8:
        raise file.unsupported(
            kind.title,
            f"holds values of type {header.dtype.newbyteorder('=')}, which are no pixels",
            "save it as an integer or float array and open that",
        )
    if not header.is_picture:
        raise file.unsupported(
            kind.title,
            f"holds an array of shape {header.shape}, not a picture",
            "save one of shape (rows, columns) or (rows, columns, channels)",
        )
    channels = header.shape[2] if len(header.shape) == 3 else 1
    check_size(file, header.shape[1], header.shape[0], channels, header.dtype.itemsize)


def mapped(file: PictureFile, kind: Kind, header: Header, offset: int = 0) -> Pixels:
    """Map an array that starts at `offset` in the file and was checked."""
    start = offset + header.start
    if start + header.size > file.size:
        raise file.damaged(kind.title)
    return shared.read(np.memmap(file.handle, header.dtype, "r", start, header.shape, header.order))


def _narrowed(file: PictureFile, kind: Kind, array: Pixels) -> Pixels:
    low, high = int(array.min()), int(array.max())
    for dtype in (np.uint8, np.uint16, np.int16, np.int32, np.uint32):
        limits = np.iinfo(dtype)
        if limits.min <= low and high <= limits.max:
            return array.astype(dtype)
    raise file.unsupported(
        kind.title, "holds integers of more than 32 bits", "save it as float64 and open that"
    )
