"""JPEG XL: pictures by OpenImageIO, frames of animations by imagecodecs.

What neither says is read from the header (ISO/IEC 18181-1:2024, D.2 and D.3) and from the boxes
around it (ISO/IEC 18181-2:2024).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from core.io import exif, oiio
from core.io.decoded import check_page, check_size
from core.io.iso_boxes import top_boxes
from core.types import Alpha, Pixels

if TYPE_CHECKING:
    from core.io.address import Part
    from core.io.decoded import Decoded
    from core.io.files import PictureFile
    from core.io.kinds import Kind

_BARE: Final = b"\xff\x0a"
_HEAD_BYTES: Final = 4096
_MOST_BOXES: Final = 1000
_MOST_FRAMES: Final = 1 << 16
_MOST_EXIF: Final = 1 << 20
_ALPHA: Final = 0
_RATIOS: Final = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}


class Header(NamedTuple):
    """What the header says: size, bits a sample (0: float), animation, and alpha."""

    width: int
    height: int
    bits: int = 8
    floats: bool = False
    animated: bool = False
    alpha: Alpha = Alpha.NONE


class _Bits:
    """Fields of bits, the lowest first (B.2); past the end there are zeros."""

    def __init__(self, data: bytes) -> None:
        self._value = int.from_bytes(data, "little")

    def take(self, count: int) -> int:
        value = self._value & ((1 << count) - 1)
        self._value >>= count
        return value

    def choose(self, *ways: tuple[int, int]) -> int:
        """Return one of four numbers: each has an offset and how many bits are added to it."""
        offset, count = ways[self.take(2)]
        return offset + self.take(count)


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Decode a JPEG XL picture, or a frame of an animation as it is shown.

    8 to 16 bits come out as stored, as do half and single floats. libjxl turns the picture upright.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, or without such a frame.
    """
    head = header(_codestream(file))
    decoded = oiio.read(file, kind, part._replace(page=0) if head.animated else part)
    if head.animated:
        decoded.data, decoded.pages = _frame(file, kind, head, part.page, decoded.data)
    data = decoded.data
    if data.ndim == 3 and data.shape[2] in {2, 4}:
        decoded.alpha = head.alpha if head.alpha is not Alpha.NONE else decoded.alpha
    if data.dtype == np.uint16 and 8 < head.bits < 16 and not head.floats:
        if not head.animated:  # imagecodecs gives values as stored; else they are spread over 16
            decoded.data = data >> (16 - head.bits)
        decoded.bits, decoded.peak = head.bits, float((1 << head.bits) - 1)
    decoded.meta |= exif.described(_exif(file))
    return decoded


def _frame(
    file: PictureFile, kind: Kind, head: Header, page: int, like: Pixels
) -> tuple[Pixels, int]:
    """Return the pixels of a frame, and how many frames there are.

    The count is nowhere in the file. imagecodecs leaves the array that it is given as it was when
    there is no such frame, so the last one is found by trying.
    """
    import imagecodecs  # noqa: PLC0415 - few files need it

    data = file.read_at(0, file.size)
    check_size(file, head.width, head.height, 4, 4)
    untouched = np.random.default_rng(0).integers(0, 256, like.nbytes, np.uint8)

    def at(index: int) -> Pixels | None:
        raw = untouched.copy()
        frame: Pixels = raw.view(like.dtype).reshape(like.shape)
        try:
            imagecodecs.jpegxl_decode(data, index, out=frame)
        except (imagecodecs.DelayedImportError, RuntimeError, ValueError, TypeError) as error:
            raise file.damaged(kind.title) from error
        return None if np.array_equal(raw, untouched) else frame

    top = 1
    while top < _MOST_FRAMES and at(top) is not None:
        top *= 2
    low = top // 2  # is there; `top` is not
    while top - low > 1:
        middle = (low + top) // 2
        low, top = (low, middle) if at(middle) is None else (middle, top)
    check_page(file, page, low + 1)
    frame = at(page)
    if frame is None:
        raise file.damaged(kind.title)
    return frame, low + 1


def header(codestream: bytes) -> Header:
    """Read the start of a codestream, after its signature."""
    bits = _Bits(codestream)
    width, height = _size(bits)
    if bits.take(1):  # all as usual
        return Header(width, height)
    animated = False
    if bits.take(1):
        bits.take(3)  # the orientation, which libjxl applies
        if bits.take(1):
            _size(bits)
        if bits.take(1):
            _preview(bits)
        animated = bool(bits.take(1))
        if animated:
            bits.choose((100, 0), (1000, 0), (1, 10), (1, 30))
            bits.choose((1, 0), (1001, 0), (1, 8), (1, 10))
            bits.choose((0, 0), (0, 3), (0, 16), (0, 32))
            bits.take(1)
    depth, floats = _depth(bits)
    bits.take(1)  # whether 16 bits are enough to decode it
    extra = bits.choose((0, 0), (1, 0), (2, 4), (1, 12))
    return Header(width, height, depth, floats, animated, _alpha(bits) if extra else Alpha.NONE)


def _size(bits: _Bits) -> tuple[int, int]:
    ways = (1, 9), (1, 13), (1, 18), (1, 30)
    eighths = bits.take(1)
    height = 8 * (1 + bits.take(5)) if eighths else bits.choose(*ways)
    ratio = bits.take(3)
    if ratio:
        across, down = _RATIOS[ratio]
        return height * across // down, height
    return 8 * (1 + bits.take(5)) if eighths else bits.choose(*ways), height


def _preview(bits: _Bits) -> None:
    ways = ((16, 0), (32, 0), (1, 5), (33, 9)), ((1, 6), (65, 8), (321, 10), (1345, 12))
    chosen = ways[0] if bits.take(1) else ways[1]
    bits.choose(*chosen)
    if not bits.take(3):
        bits.choose(*chosen)


def _depth(bits: _Bits) -> tuple[int, bool]:
    if bits.take(1):
        depth = bits.choose((32, 0), (16, 0), (24, 0), (1, 6))
        bits.take(4)
        return depth, True
    return bits.choose((8, 0), (10, 0), (12, 0), (1, 6)), False


def _alpha(bits: _Bits) -> Alpha:
    """Return what the first extra channel is to the colours."""
    if bits.take(1):
        return Alpha.STRAIGHT
    kind = bits.choose((0, 0), (1, 0), (2, 4), (18, 6))
    _depth(bits)
    bits.choose((0, 0), (3, 0), (4, 0), (1, 3))
    name = bits.choose((0, 0), (0, 4), (16, 5), (48, 10))
    bits.take(8 * name)
    if kind != _ALPHA:
        return Alpha.NONE
    return Alpha.PREMULTIPLIED if bits.take(1) else Alpha.STRAIGHT


def _codestream(file: PictureFile) -> bytes:
    """Return the start of the codestream, bare or in a box, without its signature."""
    if file.head.startswith(_BARE):
        return file.head[2:_HEAD_BYTES]
    for name, at, size in top_boxes(file, _MOST_BOXES):
        if name in {b"jxlc", b"jxlp"}:
            skip = 4 if name == b"jxlp" else 0  # the number of the part
            return file.read_at(at + skip + 2, min(size, _HEAD_BYTES))
    raise file.damaged("JPEG XL")


def _exif(file: PictureFile) -> bytes:
    """Return the Exif block, without the offset in front of it."""
    if not file.head.startswith(_BARE):
        for name, at, size in top_boxes(file, _MOST_BOXES):
            if name == b"Exif":
                return file.read_at(at + 4, min(size, _MOST_EXIF))
    return b""
