"""TIFF: its tags decide which of the two decoders gives the values as they are stored.

libvips is the faster one. It does not unpack 10-, 12- or 14-bit samples, widens half floats, knows
no 64-bit floats, and divides colours by an associated alpha; those go to OpenImageIO.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.errors import ReadError
from core.io.kinds import Kind
from core.types import Alpha

if TYPE_CHECKING:
    from core.io.decoded import Decoded
    from core.io.files import PictureFile

# Tags of TIFF 6.0, its technical notes, and DNG 1.7.
NEW_SUBFILE_TYPE: Final = 254
BITS_PER_SAMPLE: Final = 258
COMPRESSION: Final = 259
PHOTOMETRIC: Final = 262
SAMPLES_PER_PIXEL: Final = 277
MAX_SAMPLE_VALUE: Final = 281
SUB_IFDS: Final = 330
EXTRA_SAMPLES: Final = 338
SAMPLE_FORMAT: Final = 339
DNG_VERSION: Final = 50706

_SIZES: Final = {1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8}  # bytes of each integer type
_MOST_TAGS: Final = 4096
_UNSIGNED, _FLOAT = 1, 3
_COMPLEX: Final = (5, 6)
_ASSOCIATED, _UNASSOCIATED = 1, 2

_COMPRESSIONS: Final = {
    34661: "JBIG", 34712: "JPEG 2000", 33003: "JPEG 2000", 33005: "JPEG 2000", 34887: "LERC",
    34925: "LZMA", 34933: "PNG", 34934: "JPEG XR", 22610: "JPEG XR", 50000: "Zstandard",
    50002: "JPEG XL", 52546: "JPEG XL",
}  # fmt: skip


def read(file: PictureFile, kind: Kind, page: int) -> Decoded:
    """Decode a page of a TIFF or BigTIFF file.

    Integers of 8, 16 and 32 bits and floats come out as stored; 10, 12 and 14 bits as stored in
    uint16; 1, 2 and 4 bits are expanded to 8. A MaxSampleValue of 2**n - 1 in a 16-bit file says
    that n bits are significant; any other is a statistic, not a range (TIFF 6.0, section 8).

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, a camera's raw file, or of an unknown compression.
    """
    tags = read_tags(file, page)
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
    odd = bits not in {1, 2, 4, 8, 16, 32}
    if odd or (form == _FLOAT and bits != 32) or extra[:1] == (_ASSOCIATED,):
        from core.io import oiio  # noqa: PLC0415 - loads OpenImageIO, which few files need

        decoded = oiio.read(file, kind, page)
    else:
        from core.io import vips  # noqa: PLC0415 - as above, for libvips

        image = vips.load(file, kind, "tiffload", page)
        decoded = vips.decode(file, kind, image, "tiffload", page)
        decoded.bits = bits if bits < 8 else decoded.bits
    decoded.alpha = _alpha(decoded.data.shape, extra, EXTRA_SAMPLES in tags)
    top = tags.get(MAX_SAMPLE_VALUE, (0,))[0]
    if form == _UNSIGNED and bits == 16 and 255 < top < 65535 and (top + 1).bit_count() == 1:
        decoded.bits, decoded.peak = top.bit_length(), float(top)
    return decoded


def read_tags(file: PictureFile, page: int) -> dict[int, tuple[int, ...]]:
    """Return the integer tags of a page, each with at most its first 16 values.

    A page that is not there, or a directory cut off, gives what could be read; the decoder then
    says what is wrong.
    """
    order = "little" if file.head[:2] == b"II" else "big"
    big = file.head[2:4] in {b"+\0", b"\0+"}
    width, head, entry = (8, 8, 20) if big else (4, 2, 12)

    def number(data: bytes) -> int:
        return int.from_bytes(data, "little" if order == "little" else "big")

    start = number(file.head[8:16] if big else file.head[4:8])
    for _ in range(page):
        count = number(file.read_at(start, head))
        start = number(file.read_at(start + head + count * entry, width))
        if not start:
            return {}
    count = min(number(file.read_at(start, head)), _MOST_TAGS)
    table = file.read_at(start + head, count * entry)
    tags = {}
    for at in range(0, len(table) - entry + 1, entry):
        row = table[at : at + entry]
        size = _SIZES.get(number(row[2:4]))
        if size is None:
            continue
        values = number(row[4 : 4 + width])
        data = row[4 + width :]
        if values * size > width:
            data = file.read_at(number(data), min(values, 16) * size)
        data = data[: min(values, 16) * size]
        tags[number(row[:2])] = tuple(number(data[i : i + size]) for i in range(0, len(data), size))
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
