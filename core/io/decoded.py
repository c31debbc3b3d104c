"""What a reader hands over: pixels as stored, and what the file says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from core.errors import ReadError, TooLargeError
from core.types import Alpha, Encoding, Notice, Pixels

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.io.files import PictureFile

MANTISSA_BITS: Final = {2: 11, 4: 24, 8: 53}
"""Bytes of a float -> significant bits: IEEE 754, the hidden bit counted."""

STRIP_BYTES: Final = 1 << 20
"""How much of a picture `is_opaque` looks at before it asks whether to go on."""


class Decoded:
    """Pixels before they are turned upright.

    Attributes
    ----------
    data
        (H, W) or (H, W, C >= 2) as stored; an alpha channel is the last.
    encoding
        How the values relate to light, as far as the format says; `core.io.color.manage` sets it
        anew by what the file says of its colours.
    alpha
        NONE, STRAIGHT or PREMULTIPLIED; whether it is opaque is found out later.
    peak
        The value that means white; None: from the dtype or, for float, 1.0 in linear light and
        `core.buffer.float_peak` elsewhere.
    bits
        Significant bits; None: all of the dtype, for float those of its mantissa. They may be fewer
        than `peak` has (samples of 1 bit spread over 0...255, a PNG whose sBIT chunk says so).
    orientation
        EXIF orientation (CIPA DC-008, tag 274), 1 to 8, that is still to be applied.
    icc
        The embedded ICC profile that `data` still belongs to; empty when there is none, or when
        the reader has used it already.
    pages
        How many pictures the file holds.
    layers, layer
        Names of the groups of channels that can be had one at a time, and of the one read; none
        where there is nothing to choose.
    chromaticities
        CIE (x, y) of red, green, blue and white, where the file gives them as numbers.
    meta, notices
        What else the file says, and what a person must be told. With ``color`` in `meta`, or a
        notice ``converted``, colours are not converted again.
    """

    # Not a dataclass: making one costs a millisecond whenever the program starts.
    __slots__ = (
        "alpha", "bits", "chromaticities", "data", "encoding", "icc", "layer", "layers", "meta",
        "notices", "orientation", "pages", "peak",
    )  # fmt: skip

    def __init__(
        self,
        data: Pixels,
        encoding: Encoding,
        alpha: Alpha = Alpha.NONE,
        *,
        peak: float | None = None,
        bits: int | None = None,
        orientation: int = 1,
        icc: bytes = b"",
        pages: int = 1,
        layers: tuple[str, ...] = (),
        layer: str = "",
        chromaticities: tuple[float, ...] = (),
        meta: Mapping[str, str] | None = None,
        notices: Iterable[Notice] = (),
    ) -> None:
        self.data = data
        self.encoding = encoding
        self.alpha = alpha
        self.peak = peak
        self.bits = bits
        self.orientation = orientation
        self.icc = icc
        self.pages = pages
        self.layers = layers
        self.layer = layer
        self.chromaticities = chromaticities
        self.meta = dict(meta or {})
        self.notices = tuple(notices)


def check_size(file: PictureFile, width: int, height: int, channels: int, itemsize: int) -> None:
    """Raise ReadError unless a picture of this size has pixels and fits into the limits.

    Raises
    ------
    TooLargeError
        When it needs more memory than `Limits.bytes`.
    """
    if width <= 0 or height <= 0 or channels <= 0:
        raise ReadError(f"The picture {file.name} has no pixels; save it again and open that.")
    need = width * height * channels * itemsize
    if need > file.limits.bytes:
        raise TooLargeError(
            f"The picture {file.name} is {width} × {height} pixels and would need "
            f"{need / 1e9:.1f} GB of memory, more than the {file.limits.bytes / 1e9:g} GB "
            "allowed; allow more, crop it, or make it smaller.",
            need,
        )


def check_page(file: PictureFile, page: int, pages: int) -> None:
    """Raise ReadError unless the file holds the page asked for, counted from 0."""
    if not 0 <= page < pages:
        advice = f"choose one from 1 to {pages}" if pages > 1 else "it has only one picture"
        raise ReadError(f"The file {file.name} has no page {page + 1}; {advice}.")


def upright(data: Pixels, orientation: int) -> Pixels:
    """Return the pixels turned and mirrored as an EXIF orientation of 1 to 8 asks for.

    Values outside 1 to 8 mean nothing and are taken as 1. The result is C-contiguous.
    """
    if not 2 <= orientation <= 8:
        return np.ascontiguousarray(data)
    turned = data
    if orientation >= 5:
        turned = turned.swapaxes(0, 1)
    if orientation in {3, 4, 7, 8}:
        turned = turned[::-1]
    if orientation in {2, 3, 6, 7}:
        turned = turned[:, ::-1]
    size = data.dtype.itemsize
    if size > 4 or (data.ndim == 3 and data.shape[2] > 4):
        return np.ascontiguousarray(turned)
    # OpenCV moves whole pixels, several times faster; it only asks for the size of the values.
    source: Pixels = np.ascontiguousarray(data).view((np.uint8, np.uint16, np.int32)[size // 2])
    import cv2  # noqa: PLC0415 - few pictures need it

    if orientation >= 5:
        source = cv2.transpose(source)
    code = {2: 1, 3: -1, 4: 0, 6: 1, 7: -1, 8: 0}.get(orientation)
    moved = source if code is None else cv2.flip(source, code)
    return moved.view(data.dtype)


def is_opaque(data: Pixels, peak: float) -> bool:
    """Whether the last channel is `peak` everywhere; stops at the first strip where it is not."""
    import cv2  # noqa: PLC0415 - the same

    rows = max(1, STRIP_BYTES // max(data[:1].nbytes, 1))
    for row in range(0, data.shape[0], rows):
        strip = data[row : row + rows]
        if data.dtype in (np.uint8, np.uint16, np.float32) and data.shape[2] <= 4:
            low, high, _, _ = cv2.minMaxLoc(cv2.extractChannel(strip, data.shape[2] - 1))
            if low != peak or high != peak:
                return False
        elif not bool((strip[:, :, -1] == peak).all()):
            return False
    return True
