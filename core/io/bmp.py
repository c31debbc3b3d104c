"""BMP and the bitmaps in icons: what Windows and OS/2 write, in all their depths.

The layout is that of Microsoft's ``BITMAPFILEHEADER``, ``BITMAPINFOHEADER`` and ``BITMAPV5HEADER``
("Bitmap Storage", Windows GDI), and of ``BITMAPCOREHEADER`` for OS/2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import cv2
import numpy as np

from core.io import exif
from core.io.decoded import Decoded, check_page, check_size
from core.types import Alpha, Encoding, Pixels

if TYPE_CHECKING:
    from core.io.address import Part
    from core.io.files import PictureFile
    from core.io.kinds import Kind

_FILE_HEADER: Final = 14
_CORE: Final = 12  # the size of OS/2's header
_INFO: Final = 40
_RGB, _RLE8, _RLE4, _FIELDS, _JPEG, _PNG, _ALPHA_FIELDS = range(7)
_NAMES: Final = {_RLE8: "RLE", _RLE4: "RLE"}
_MASKS: Final = {
    16: (0x7C00, 0x03E0, 0x001F, 0),
    24: (0xFF0000, 0x00FF00, 0x0000FF, 0),
    32: (0xFF0000, 0x00FF00, 0x0000FF, 0xFF000000),
}
_METRE: Final = 0.0254
_EMBEDDED: Final = b"DEBM"  # "MBED", little-endian


class Header(NamedTuple):
    """What a bitmap's header says; offsets count from its own start."""

    width: int
    height: int
    top_down: bool
    bits: int
    compression: int
    masks: tuple[int, int, int, int]
    palette: Pixels
    end: int
    dpi: str
    icc: tuple[int, int]

    @property
    def stride(self) -> int:
        """Bytes of a row, which is filled to a multiple of four."""
        return (self.width * self.bits + 31) // 32 * 4


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Decode a BMP file of 1 to 32 bits a pixel.

    Palettes are looked up; a gray one gives a gray picture. Fields of fewer than 8 bits are
    expanded to 8, longer ones to 16. The fourth byte of 32 bits is alpha where a mask says so, and
    without masks unless it is 0 everywhere.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, or a wrapper around JPEG or PNG.
    """
    check_page(file, part.page, 1)
    head = header(file, kind, file.head[_FILE_HEADER:])
    start = int.from_bytes(file.head[10:14], "little")
    start = start or _FILE_HEADER + head.end
    if head.compression in {_RLE8, _RLE4}:
        data = _run_lengths(file, kind, head, start)
        alpha = Alpha.NONE
    else:
        rows = file.read_at(start, head.stride * head.height)
        data, alpha = pixels(file, kind, head, rows)
    meta = {"compression": _NAMES.get(head.compression, "none"), "dpi": head.dpi}
    at, size = head.icc
    return Decoded(
        data, Encoding.SRGB, alpha, meta={k: v for k, v in meta.items() if v},
        icc=file.read_at(_FILE_HEADER + at, size) if size else b"",
    )  # fmt: skip


def header(file: PictureFile, kind: Kind, data: bytes, *, halved: bool = False) -> Header:
    """Read a bitmap's header and palette, and check its size.

    Parameters
    ----------
    file, kind
        For the sentences of errors.
    data
        From the header on, to the end of the palette at least.
    halved
        In an icon the height counts the mask below the picture too.
    """

    def number(at: int, size: int = 4, *, signed: bool = False) -> int:
        return int.from_bytes(data[at : at + size], "little", signed=signed)

    size = number(0)
    if size == _CORE:
        width, height, bits = number(4, 2), number(6, 2), number(10, 2)
    else:
        width, height = number(4, signed=True), number(8, signed=True)
        bits = number(14, 2)
    full = size >= _INFO
    compression = number(16) if full else _RGB
    known = (_RGB, _RLE8, _RLE4) if size == 64 else range(_ALPHA_FIELDS + 1)  # OS/2
    if compression not in known or compression in {_JPEG, _PNG}:
        what = {_JPEG: "JPEG", _PNG: "PNG"}.get(compression, f"code {compression}")
        raise file.unsupported(
            kind.title, f"is compressed with {what}, which cannot be read here",
            "save it as PNG and open that",
        )  # fmt: skip
    if bits not in {1, 2, 4, 8, 16, 24, 32}:
        raise file.damaged(kind.title)
    masks, end = _masks(data, size, bits, compression)
    height = abs(height) // (2 if halved else 1)
    check_size(file, width, height, 1 if bits <= 8 else 4, 1)
    palette = np.zeros((0, 3), np.uint8)
    if bits <= 8:
        each = 3 if size == _CORE else 4
        count = min((number(32) if full else 0) or 1 << bits, 1 << bits)
        table = data[end : end + each * count]
        palette = np.zeros((1 << bits, 3), np.uint8)
        known_colours = np.frombuffer(table[: len(table) // each * each], np.uint8)
        palette[: len(table) // each] = known_colours.reshape(-1, each)[:, 2::-1]
        end += each * count
    profile = size >= 124 and data[56:60] == _EMBEDDED
    return Header(
        width, height, size != _CORE and number(8, signed=True) < 0, bits, compression, masks,
        palette, end, exif.dpi(number(24) * _METRE, number(28) * _METRE) if full else "",
        (number(112), number(116)) if profile else (0, 0),
    )  # fmt: skip


def _masks(
    data: bytes, size: int, bits: int, compression: int
) -> tuple[tuple[int, int, int, int], int]:
    """Return where red, green, blue and alpha lie in a pixel, and where the palette begins."""
    if compression not in {_FIELDS, _ALPHA_FIELDS}:
        return _MASKS.get(bits, (0, 0, 0, 0)), size
    # In the header since its version 2 and 3, else behind it.
    count = 4 if compression == _ALPHA_FIELDS or size >= 56 else 3
    values = [int.from_bytes(data[40 + 4 * i : 44 + 4 * i], "little") for i in range(count)]
    red, green, blue, alpha = (*values, 0)[:4]
    return (red, green, blue, alpha), max(size, _INFO + 4 * count)


def pixels(file: PictureFile, kind: Kind, head: Header, data: bytes) -> tuple[Pixels, Alpha]:
    """Return the colours of rows that are not compressed, the first row on top, and their alpha."""
    missing = head.stride * head.height - len(data)
    # Some writers leave out the filling of the last row.
    if missing > head.stride - (head.width * head.bits + 7) // 8:
        raise file.damaged(kind.title)
    flat = np.frombuffer(data + bytes(missing), np.uint8)
    rows = flat.reshape(head.height, head.stride)
    rows = rows if head.top_down else rows[::-1]
    if head.bits <= 8:
        return _looked_up(rows, head), Alpha.NONE
    if head.bits == 24:
        colour = np.ascontiguousarray(rows[:, : 3 * head.width])
        return cv2.cvtColor(colour.reshape(head.height, -1, 3), cv2.COLOR_BGR2RGB), Alpha.NONE
    if head.bits == 32 and head.masks == _MASKS[32]:
        colour = np.ascontiguousarray(rows).reshape(head.height, -1, 4)
        if head.compression == _RGB and not colour[:, :, 3].any():
            return cv2.cvtColor(colour, cv2.COLOR_BGRA2RGB), Alpha.NONE
        return cv2.cvtColor(colour, cv2.COLOR_BGRA2RGBA), Alpha.STRAIGHT
    values = np.ascontiguousarray(rows[:, : head.width * head.bits // 8])
    return _fields(values.view(f"<u{head.bits // 8}"), head.masks)


def _looked_up(rows: Pixels, head: Header) -> Pixels:
    if head.bits == 8:
        codes = rows[:, : head.width]
    else:
        each = np.unpackbits(rows, axis=1).reshape(head.height, -1, head.bits)
        weights = (1 << np.arange(head.bits)[::-1]).astype(np.uint8)
        codes = (each[:, : head.width] @ weights).astype(np.uint8)
    return _grayed(head.palette)[codes]


def _grayed(palette: Pixels) -> Pixels:
    """Return a palette of gray levels if there is no colour in it."""
    return palette[:, 0] if (palette == palette[:, :1]).all() else palette


def _fields(values: Pixels, masks: tuple[int, int, int, int]) -> tuple[Pixels, Alpha]:
    """Return the fields of whole pixels, each from 0 to its mask's most spread over the dtype."""
    wanted = masks if masks[3] else masks[:3]
    lows = [(m & -m).bit_length() - 1 if m else 0 for m in wanted]
    tops = [m >> low for m, low in zip(wanted, lows, strict=True)]
    white, dtype = (255, np.uint8) if max(tops) <= 255 else (65535, np.uint16)
    out = np.zeros((*values.shape, len(wanted)), dtype)
    for channel, (mask, low, top) in enumerate(zip(wanted, lows, tops, strict=True)):
        if top:
            part = (values & values.dtype.type(mask)) >> values.dtype.type(low)
            out[:, :, channel] = np.rint(part * (white / top))
    return out, Alpha.STRAIGHT if masks[3] else Alpha.NONE


def _run_lengths(file: PictureFile, kind: Kind, head: Header, start: int) -> Pixels:
    size = int.from_bytes(file.head[34:38], "little")
    if start + size > file.size:
        raise file.damaged(kind.title)
    data = np.frombuffer(file.read_at(0, file.size), np.uint8)
    shown = cv2.imdecode(data, cv2.IMREAD_COLOR_RGB)
    if shown is None or shown.shape[:2] != (head.height, head.width):
        raise file.damaged(kind.title)
    return np.ascontiguousarray(shown[:, :, 0]) if _grayed(head.palette).ndim == 1 else shown
