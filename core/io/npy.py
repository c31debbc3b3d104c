"""Arrays saved by NumPy, mapped into memory rather than read."""

from __future__ import annotations

import ast
import math
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from core.io.decoded import Decoded, check_page, check_size
from core.types import Alpha, Encoding, Notice, Pixels

if TYPE_CHECKING:
    from core.io.address import Part
    from core.io.files import PictureFile
    from core.io.kinds import Kind

_DTYPES: Final = ("u1", "u2", "u4", "i2", "i4", "f2", "f4", "f8")
_MOST_CHANNELS: Final = 64


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Map a ``.npy`` file: (H, W) or (H, W, C) of integers, floats or truth values.

    Two channels are gray and alpha, four RGB and alpha. Truth values become 0 and 1 with white at
    1. 64-bit integers become the smallest type that holds them all, with a notice. The array stays
    on disk unless its bytes have to be changed.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, not of such a shape, or holding objects.
    """
    check_page(file, part.page, 1)
    array = _mapped(file, kind)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim not in {2, 3} or (array.ndim == 3 and array.shape[2] > _MOST_CHANNELS):
        raise file.unsupported(
            kind.title,
            f"holds an array of shape {array.shape}, not a picture",
            "save one of shape (rows, columns) or (rows, columns, channels)",
        )
    channels = array.shape[2] if array.ndim == 3 else 1
    check_size(file, array.shape[1], array.shape[0], channels, array.dtype.itemsize)
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
    elif native.str[1:] not in _DTYPES:
        raise file.unsupported(
            kind.title,
            f"holds values of type {native}, which are no pixels",
            "save it as an integer or float array and open that",
        )
    else:
        array = array.astype(native, copy=False)
    alpha = Alpha.STRAIGHT if channels in {2, 4} else Alpha.NONE
    everyday = array.dtype in (np.uint8, np.uint16)
    encoding = Encoding.SRGB if everyday else Encoding.UNKNOWN
    return Decoded(array, encoding, alpha, peak=peak, notices=notices)


def _mapped(file: PictureFile, kind: Kind) -> Pixels:
    """Map the array; its header is a Python literal (NumPy Enhancement Proposal 1).

    Read here and not by `numpy.load`, which prints warnings, and opens the file by its name.
    """
    width = 2 if file.head[6:7] == b"\1" else 4
    start = 8 + width + int.from_bytes(file.head[8 : 8 + width], "little")
    try:
        header = ast.literal_eval(file.read_at(8 + width, start - 8 - width).decode("utf-8"))
        dtype = np.dtype(header["descr"])
        shape = tuple(int(n) for n in header["shape"])
        order: Literal["F", "C"] = "F" if header["fortran_order"] else "C"
    except (ValueError, SyntaxError, TypeError, KeyError, RecursionError) as error:
        raise file.damaged(kind.title) from error
    if dtype.hasobject:
        raise file.unsupported(
            kind.title, "holds Python objects, not numbers", "save a plain array and open that"
        )
    if not all(n > 0 for n in shape):
        check_size(file, 0, 0, 0, 0)
    if start + math.prod(shape) * dtype.itemsize > file.size:
        raise file.damaged(kind.title)
    return np.memmap(file.handle, dtype, "r", start, shape, order)


def _narrowed(file: PictureFile, kind: Kind, array: Pixels) -> Pixels:
    low, high = int(array.min()), int(array.max())
    for dtype in (np.uint8, np.uint16, np.int16, np.int32, np.uint32):
        limits = np.iinfo(dtype)
        if limits.min <= low and high <= limits.max:
            return array.astype(dtype)
    raise file.unsupported(
        kind.title, "holds integers of more than 32 bits", "save it as float64 and open that"
    )
