"""TIFF: its tags decide which of three decoders gives the values as they are stored.

libvips is the fastest. It does not unpack 10-, 12- or 14-bit samples, widens half floats, knows no
64-bit floats, and divides colours by an associated alpha; those go to OpenImageIO. Codings and
depths that neither knows go to tifffile.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np

from core.errors import ReadError, TooLargeError
from core.io import tiff_tags as tags_of
from core.io.decoded import Decoded, check_page, check_size
from core.io.files import PictureFile
from core.io.kinds import RAW, Kind
from core.io.tiff_tags import Page, read_tags
from core.types import Alpha, Encoding

if TYPE_CHECKING:
    from core.io.address import Part

Tags = dict[int, tuple[int, ...]]

_UNSIGNED, _FLOAT = 1, 3
_PALETTE: Final = 3
_COMPLEX: Final = (5, 6)
_ASSOCIATED, _UNASSOCIATED = 1, 2
_RAW: Final = (32803, 34892)  # photometric: colour filter array, linear raw
_YCBCR: Final = 6
_LAB: Final = (8, 9)
_UNREAD: Final = (34676, 34677, 34661, 33003)  # the last is JPEG 2000 of YCbCr

_COMPRESSIONS: Final = {
    1: "none", 2: "CCITT RLE", 3: "CCITT fax 3", 4: "CCITT fax 4", 5: "LZW", 6: "JPEG",
    7: "JPEG", 8: "Deflate", 32773: "PackBits", 32809: "ThunderScan", 32909: "PixarLog",
    32946: "Deflate", 34676: "LogLuv", 34677: "LogLuv", 34661: "JBIG", 34712: "JPEG 2000",
    33003: "JPEG 2000 of YCbCr", 33004: "JPEG 2000", 33005: "JPEG 2000", 34887: "LERC",
    34925: "LZMA", 34933: "PNG", 34934: "JPEG XR", 22610: "JPEG XR", 50000: "Zstandard",
    50001: "WebP", 50002: "JPEG XL", 52546: "JPEG XL", 34892: "JPEG", 33007: "JPEG",
    34926: "Zstandard", 34927: "WebP",
}  # fmt: skip
_BY_CODECS: Final = {
    22610, 33004, 33005, 33007, 34712, 34887, 34892, 34925, 34926, 34927, 34933, 34934,
    50000, 50001, 50002, 52546,
}  # fmt: skip
_JPEG: Final = (6, 7)
_IMAGEJ: Final = re.compile(rb"ImageJ=.*?\nimages=(\d{1,7})\n", re.DOTALL)


_Decoder = Callable[[PictureFile, Kind, Page], Decoded]


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Decode a page of a TIFF or BigTIFF file; a camera's raw file is developed.

    Integers of 8, 16 and 32 bits and floats come out as stored; other numbers of bits as stored in
    the next larger integer, but 1, 2 and 4 bits are expanded to 8. A MaxSampleValue of 2**n - 1 in
    a 16-bit file says that n bits are significant; any other is a statistic, not a range (TIFF
    6.0, section 8). The planes that ImageJ writes behind its one directory are pages.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, without such a page, or of an unknown coding.
    """
    pages = tags_of.pages(file)
    tags = read_tags(file, pages[0].start)
    if _is_raw(file, tags):
        from core.io import raw  # noqa: PLC0415 - few files need it

        return raw.read(file, RAW, part)
    stack = _imagej_planes(file, pages)
    check_page(file, part.page, max(len(pages), stack))
    if stack:
        decoded = _read_plane(file, kind, tags, part.page)
        page = pages[0]
    else:
        page = pages[part.page]
        tags = read_tags(file, page.start)
        _refuse(file, kind, tags)
        decoded = _read(file, kind, page, tags)
    decoded.pages = max(len(pages), stack)
    describe(file, decoded, page, tags, decoded.data.shape)
    return decoded


def describe(
    file: PictureFile, decoded: Decoded, page: Page, tags: Tags, shape: tuple[int, ...]
) -> None:
    """Put into `decoded` what the tags say of a page whose pixels have this shape."""
    decoded.orientation = tags.get(tags_of.ORIENTATION, (1,))[0]
    extra = tags.get(tags_of.EXTRA_SAMPLES, ())
    decoded.alpha = _alpha(shape, extra, tags_of.EXTRA_SAMPLES in tags)
    decoded.meta |= tags_of.read_meta(file, page.start)
    code = tags.get(tags_of.COMPRESSION, (1,))[0]
    decoded.meta["compression"] = _COMPRESSIONS.get(code, f"number {code}")
    bits, form = _samples(tags)
    top = tags.get(tags_of.MAX_SAMPLE_VALUE, (0,))[0]
    if form == _UNSIGNED and bits == 16 and 255 < top < 65535 and (top + 1).bit_count() == 1:
        decoded.bits, decoded.peak = top.bit_length(), float(top)


def _samples(tags: Tags) -> tuple[int, int]:
    """Return bits and format of a sample."""
    return tags.get(tags_of.BITS_PER_SAMPLE, (1,))[0], tags.get(tags_of.SAMPLE_FORMAT, (1,))[0]


def _refuse(file: PictureFile, kind: Kind, tags: Tags) -> None:
    bits, form = _samples(tags)
    if form in _COMPLEX or (bits == 64 and form != _FLOAT):
        raise file.unsupported(
            kind.title,
            f"holds {'complex numbers' if form in _COMPLEX else '64-bit integers'}",
            "save it as 32-bit float and open that",
        )
    if tags.get(tags_of.PHOTOMETRIC) == (_PALETTE,) and tags_of.COLOR_MAP not in tags:
        raise file.damaged(kind.title)
    if tags.get(tags_of.DEPTH, (1,))[0] > 1:
        raise file.unsupported(kind.title, "holds a volume", "save its slices as pages")
    code = tags.get(tags_of.COMPRESSION, (1,))[0]
    if code in _UNREAD or code not in _COMPRESSIONS:
        name = _COMPRESSIONS.get(code, f"coding number {code}")
        raise file.unsupported(
            kind.title,
            f"is compressed with {name}, which cannot be read here",
            "save it with LZW or Deflate compression and open that",
        )


def _read(file: PictureFile, kind: Kind, page: Page, tags: Tags) -> Decoded:
    """Decode with the first decoder that gives the values as they are stored."""
    bits, form = _samples(tags)
    lab = tags.get(tags_of.PHOTOMETRIC, (1,))[0] in _LAB
    mixed = len(set(tags.get(tags_of.BITS_PER_SAMPLE, (1,)))) > 1
    code = tags.get(tags_of.COMPRESSION, (1,))[0]
    odd = bits not in {1, 2, 4, 8, 10, 12, 14, 16, 32, 64}
    small = bits < 8 and tags.get(tags_of.SAMPLES_PER_PIXEL, (1,))[0] > 1
    deep_jpeg = code in _JPEG and bits > 8
    if code in _BY_CODECS or lab or mixed or odd or small or deep_jpeg:
        decoders: tuple[_Decoder, ...] = (_read_rare,)
    elif tags.get(tags_of.PHOTOMETRIC, (1,))[0] == _YCBCR and code not in _JPEG:
        decoders = (_read_exotic,)  # libvips gives Y, Cb and Cr for red, green and blue
    elif bits >= 8 and tags_of.TILE_WIDTH in tags:
        # libvips leaves tiles black that it cannot decode.
        decoders = (_read_rare, _read_exotic)
    elif (
        bits in {10, 12, 14}
        or (form == _FLOAT and bits != 32)
        or tags.get(tags_of.EXTRA_SAMPLES, ())[:1] == (_ASSOCIATED,)
    ):
        decoders = (_read_exotic,)
    else:
        # libvips takes an odd tag (an orientation of 0) for damage; pixels cut off refuse both.
        decoders = (_read_everyday, _read_exotic)
    first: ReadError | None = None
    for decoder in decoders:
        try:
            decoded = decoder(file, kind, page)
        except TooLargeError:
            raise
        except ReadError as error:
            first = first or error
        else:
            decoded.bits = bits if bits < 8 else decoded.bits
            return decoded
    raise first or file.damaged(kind.title)


def _read_everyday(file: PictureFile, kind: Kind, page: Page) -> Decoded:
    from core.io import vips  # noqa: PLC0415 - loads libvips

    image = vips.load(file, kind, "tiffload", page.number)
    return vips.decode(file, kind, image, "tiffload", page.number)


def _read_exotic(file: PictureFile, kind: Kind, page: Page) -> Decoded:
    from core.io import oiio  # noqa: PLC0415 - loads OpenImageIO, which few files need
    from core.io.address import Part  # noqa: PLC0415 - as above

    return oiio.read(file, kind, Part(page.number))


def _read_rare(file: PictureFile, kind: Kind, page: Page) -> Decoded:
    from core.io import tiff_codecs  # noqa: PLC0415 - as above, for tifffile

    return tiff_codecs.read(file, kind, page.start)


def _imagej_planes(file: PictureFile, pages: list[Page]) -> int:
    """Return how many planes follow the only directory of a stack written by ImageJ, else 0.

    ImageJ keeps them one after the other, uncompressed, where a classic TIFF has no room for the
    directories (ij.io.TiffEncoder); it says so in the description.
    """
    if len(pages) != 1:
        return 0
    found = _IMAGEJ.match(tags_of.description(file, pages[0].start))
    planes = int(found[1]) if found else 0
    tags = read_tags(file, pages[0].start) if planes > 1 else {}
    return planes if tags.get(tags_of.COMPRESSION) == (1,) else 0


def _read_plane(file: PictureFile, kind: Kind, tags: Tags, plane: int) -> Decoded:
    bits, form = _samples(tags)
    letter = "f" if form == _FLOAT else "i" if form == 2 else "u"
    channels = tags.get(tags_of.SAMPLES_PER_PIXEL, (1,))[0]
    width, height = (tags.get(tag, (0,))[0] for tag in (tags_of.WIDTH, tags_of.HEIGHT))
    if (letter, bits) not in {("u", 8), ("u", 16), ("u", 32), ("i", 16), ("i", 32), ("f", 32)}:
        raise file.unsupported(kind.title, "has planes of an uncommon kind", "save them one by one")
    check_size(file, width, height, channels, bits // 8)
    size = width * height * channels * bits // 8
    raw = file.read_at(tags.get(tags_of.STRIP_OFFSETS, (0,))[0] + plane * size, size)
    if len(raw) != size:
        raise file.damaged(kind.title)
    order = "<" if file.head[:2] == b"II" else ">"
    dtype = np.dtype(f"{order}{letter}{bits // 8}")
    shape = (height, width) if channels == 1 else (height, width, channels)
    data = np.frombuffer(raw, dtype).astype(dtype.newbyteorder("="), copy=False).reshape(shape)
    encoding = Encoding.SRGB if letter == "u" and bits < 32 else Encoding.UNKNOWN
    return Decoded(data, encoding)


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


def _is_raw(file: PictureFile, tags: Tags) -> bool:
    """Whether a file is a camera's: CR2 by its mark, DNG by its tag, others by their first picture.

    That is either the sensor's own, or a small copy of one that only raw developers can read.
    """
    preview = tags.get(tags_of.NEW_SUBFILE_TYPE, (0,))[:1] == (1,) and tags_of.SUB_IFDS in tags
    sensor = tags.get(tags_of.PHOTOMETRIC, (1,))[0] in _RAW
    return preview or sensor or file.head[8:10] == b"CR" or tags_of.DNG_VERSION in tags
