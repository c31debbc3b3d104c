"""TIFF: its tags decide which of the two decoders gives the values as they are stored.

libvips is the faster one. It does not unpack 10-, 12- or 14-bit samples, widens half floats, knows
no 64-bit floats, and divides colours by an associated alpha; those go to OpenImageIO.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from core.errors import ReadError
from core.io.decoded import check_page
from core.io.kinds import Kind
from core.types import Alpha

if TYPE_CHECKING:
    from core.io.address import Part
    from core.io.decoded import Decoded
    from core.io.files import PictureFile

# Tags of TIFF 6.0, its technical notes, and DNG 1.7.
NEW_SUBFILE_TYPE: Final = 254
BITS_PER_SAMPLE: Final = 258
COMPRESSION: Final = 259
PHOTOMETRIC: Final = 262
SAMPLES_PER_PIXEL: Final = 277
MAX_SAMPLE_VALUE: Final = 281
COLOR_MAP: Final = 320
TILE_WIDTH: Final = 322
SUB_IFDS: Final = 330
EXTRA_SAMPLES: Final = 338
SAMPLE_FORMAT: Final = 339
DNG_VERSION: Final = 50706

_SIZES: Final = {1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8}  # bytes of each integer type
_MOST_TAGS: Final = 4096
_MOST_PAGES: Final = 1 << 20
_UNSIGNED, _FLOAT = 1, 3
_PALETTE: Final = 3
_COMPLEX: Final = (5, 6)
_ASSOCIATED, _UNASSOCIATED = 1, 2

_COMPRESSIONS: Final = {
    34661: "JBIG", 34712: "JPEG 2000", 33003: "JPEG 2000", 33005: "JPEG 2000", 34887: "LERC",
    34925: "LZMA", 34933: "PNG", 34934: "JPEG XR", 22610: "JPEG XR", 50000: "Zstandard",
    50002: "JPEG XL", 52546: "JPEG XL",
}  # fmt: skip


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Decode a page of a TIFF or BigTIFF file.

    Integers of 8, 16 and 32 bits and floats come out as stored; 10, 12 and 14 bits as stored in
    uint16; 1, 2 and 4 bits are expanded to 8. A MaxSampleValue of 2**n - 1 in a 16-bit file says
    that n bits are significant; any other is a statistic, not a range (TIFF 6.0, section 8).

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, a camera's raw file, or of an unknown compression.
    """
    pages = _directories(file)
    check_page(file, part.page, len(pages))
    tags = read_tags(file, pages[part.page])
    if file.head[8:10] == b"CR" or DNG_VERSION in tags or _is_preview(tags):
        raise ReadError(
            f"The file {file.name} is a camera raw file; develop it to TIFF or PNG and open that."
        )
    bits = tags.get(BITS_PER_SAMPLE, (1,))[0]
    form = tags.get(SAMPLE_FORMAT, (_UNSIGNED,))[0]
    extra = tags.get(EXTRA_SAMPLES, ())
    code = tags.get(COMPRESSION, (1,))[0]
    if code in _COMPRESSIONS:
        raise file.unsupported(
            kind.title,
            f"is compressed with {_COMPRESSIONS[code]}, which cannot be read here",
            "save it with LZW or Deflate compression and open that",
        )
    if form in _COMPLEX or (bits == 64 and form != _FLOAT):
        raise file.unsupported(
            kind.title,
            f"holds {'complex numbers' if form in _COMPLEX else '64-bit integers'}",
            "save it as 32-bit float and open that",
        )
    if tags.get(PHOTOMETRIC) == (_PALETTE,) and COLOR_MAP not in tags:
        raise file.damaged(kind.title)
    odd = bits not in {1, 2, 4, 8, 16, 32}
    silent = TILE_WIDTH in tags and bits >= 8  # libvips leaves tiles black that it cannot decode
    if odd or silent or (form == _FLOAT and bits != 32) or extra[:1] == (_ASSOCIATED,):
        decoded = _read_exotic(file, kind, part)
    else:
        decoded = _read_everyday(file, kind, part)
        decoded.bits = bits if bits < 8 else decoded.bits
    decoded.pages = len(pages)
    decoded.alpha = _alpha(decoded.data.shape, extra, EXTRA_SAMPLES in tags)
    top = tags.get(MAX_SAMPLE_VALUE, (0,))[0]
    if form == _UNSIGNED and bits == 16 and 255 < top < 65535 and (top + 1).bit_count() == 1:
        decoded.bits, decoded.peak = top.bit_length(), float(top)
    return decoded


def _read_exotic(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    from core.io import oiio  # noqa: PLC0415 - loads OpenImageIO, which few files need

    return oiio.read(file, kind, part)


def _read_everyday(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    from core.io import vips  # noqa: PLC0415 - as above, for libvips

    try:
        image = vips.load(file, kind, "tiffload", part.page)
        return vips.decode(file, kind, image, "tiffload", part.page)
    except ReadError as error:
        # libvips takes an odd tag (an orientation of 0) for damage; pixels cut off refuse both.
        try:
            return _read_exotic(file, kind, part)
        except ReadError:
            raise error from None


def _layout(file: PictureFile) -> tuple[Literal["little", "big"], int, int, int]:
    """Return byte order and the sizes of an offset, of a directory's count and of its entries."""
    order: Literal["little", "big"] = "little" if file.head[:2] == b"II" else "big"
    big = file.head[2:4] in {b"+\0", b"\0+"}
    return (order, 8, 8, 20) if big else (order, 4, 2, 12)


def _directories(file: PictureFile) -> list[int]:
    """Return where the directory of each page starts; a chain that bites its tail ends there."""
    order, width, head, entry = _layout(file)
    starts: list[int] = []
    seen = {0}
    at = int.from_bytes(file.head[width : 2 * width], order)
    while at not in seen and at < file.size and len(starts) < _MOST_PAGES:
        seen.add(at)
        starts.append(at)
        count = int.from_bytes(file.read_at(at, head), order)
        if count > _MOST_TAGS:
            break
        at = int.from_bytes(file.read_at(at + head + count * entry, width), order)
    if not starts:
        raise file.damaged("TIFF")
    return starts


def read_tags(file: PictureFile, start: int) -> dict[int, tuple[int, ...]]:
    """Return the integer tags of the directory at `start`, at most 16 values of each.

    A directory cut off gives what could be read; the decoder then says what is wrong.
    """
    order, width, head, entry = _layout(file)

    def number(data: bytes) -> int:
        return int.from_bytes(data, order)

    count = min(number(file.read_at(start, head)), _MOST_TAGS)
    table = file.read_at(start + head, count * entry)
    tags = {}
    for at in range(0, len(table) - entry + 1, entry):
        row = table[at : at + entry]
        size = _SIZES.get(number(row[2:4]))
        if size is None:
            continue
        count = min(number(row[4 : 4 + width]), 16)
        data = row[4 + width :]
        if number(row[4 : 4 + width]) * size > width:
            data = file.read_at(number(data), count * size)
        data = data[: count * size]
        found = tuple(number(data[i : i + size]) for i in range(0, len(data), size))
        if found:
            tags[number(row[:2])] = found
    return tags


def _alpha(shape: tuple[int, ...], extra: tuple[int, ...], said: bool) -> Alpha:
    """Return what the last channel is: what the file says, else alpha if it is a fourth.

    Several writers forget to say so; a fourth channel said to be unspecified is none.
    """
    channels = shape[2] if len(shape) == 3 else 1
    if not said:
        return Alpha.STRAIGHT if channels == 4 else Alpha.NONE
    if channels < 2:
        return Alpha.NONE
    kinds = {_ASSOCIATED: Alpha.PREMULTIPLIED, _UNASSOCIATED: Alpha.STRAIGHT}
    return kinds.get(extra[-1] if extra else 0, Alpha.NONE)


def _is_preview(tags: dict[int, tuple[int, ...]]) -> bool:
    """Whether the first picture is a small copy of one that only raw developers can read."""
    return bool(tags.get(NEW_SUBFILE_TYPE, (0,))[:1] == (1,) and SUB_IFDS in tags)
