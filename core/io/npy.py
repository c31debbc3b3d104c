"""Arrays saved by NumPy, mapped into memory rather than read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from core.io.decoded import Decoded, check_page, check_size
from core.types import Alpha, Encoding, Notice, Pixels

if TYPE_CHECKING:
    from core.io.files import PictureFile
    from core.io.kinds import Kind

_DTYPES: Final = ("u1", "u2", "u4", "i2", "i4", "f2", "f4", "f8")
_MOST_CHANNELS: Final = 64


def read(file: PictureFile, kind: Kind, page: int) -> Decoded:
    """Map a ``.npy`` file: (H, W) or (H, W, C) of integers, floats or truth values.

    Two channels are gray and alpha, four RGB and alpha. Truth values become 0 and 1 with white at
    1. 64-bit integers become the smallest type that holds them all, with a notice. The array stays
    on disk unless its bytes have to be changed.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, not of such a shape, or holding objects.
    """
    check_page(file, page, 1)
    try:
        array: Pixels = np.load(file.path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError, SyntaxError, OSError, TypeError, OverflowError) as error:
        if "object" in str(error).lower():
            raise file.unsupported(
                kind.title, "holds Python objects, not numbers", "save a plain array and open that"
            ) from error
        raise file.damaged(kind.title) from error
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


def _narrowed(file: PictureFile, kind: Kind, array: Pixels) -> Pixels:
    low, high = int(array.min()), int(array.max())
    for dtype in (np.uint8, np.uint16, np.int16, np.int32, np.uint32):
        limits = np.iinfo(dtype)
        if limits.min <= low and high <= limits.max:
            return array.astype(dtype)
    raise file.unsupported(
        kind.title, "holds integers of more than 32 bits", "save it as float64 and open that"
    )
