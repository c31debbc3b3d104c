"""The directories of a TIFF file: where its pages are, and what their tags say.

Tags are those of TIFF 6.0, its technical notes, BigTIFF, DNG 1.7, and of Exif 3.0 (CIPA DC-008).
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from core.io import exif

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.io.files import PictureFile

NEW_SUBFILE_TYPE: Final = 254
WIDTH: Final = 256
HEIGHT: Final = 257
BITS_PER_SAMPLE: Final = 258
COMPRESSION: Final = 259
PHOTOMETRIC: Final = 262
STRIP_OFFSETS: Final = 273
ORIENTATION: Final = 274
SAMPLES_PER_PIXEL: Final = 277
MAX_SAMPLE_VALUE: Final = 281
COLOR_MAP: Final = 320
TILE_WIDTH: Final = 322
SUB_IFDS: Final = 330
EXTRA_SAMPLES: Final = 338
SAMPLE_FORMAT: Final = 339
DEPTH: Final = 32997
DNG_VERSION: Final = 50706
_EXIF: Final = 34665
_DESCRIPTION: Final = 270

_SIZES: Final = {1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8}  # bytes of each integer type
_TEXT, _RATIONAL = 2, 5
_MOST_TAGS: Final = 4096
_MOST_PAGES: Final = 1 << 20
_MOST_BYTES: Final = 4096  # of one tag's value
_SHOWN: Final = 200  # characters of a description
_REDUCED_OR_MASK: Final = 1 | 4  # bits of NewSubfileType


class Page(NamedTuple):
    """A picture of a TIFF file.

    Attributes
    ----------
    number
        The number of its directory in the main chain, counted from 0.
    start
        Where its directory starts in the file.
    """

    number: int
    start: int


def _layout(file: PictureFile) -> tuple[Literal["little", "big"], int, int, int]:
    """Return byte order and the sizes of an offset, of a directory's count and of its entries."""
    order: Literal["little", "big"] = "little" if file.head[:2] == b"II" else "big"
    big = file.head[2:4] in {b"+\0", b"\0+"}
    return (order, 8, 8, 20) if big else (order, 4, 2, 12)


def pages(file: PictureFile) -> list[Page]:
    """Return the pictures of the main chain; a chain that bites its tail ends there.

    Copies of reduced size and transparency masks that follow a picture are no pages of their own
    (NewSubfileType, TIFF 6.0, section 8), and nor is what a picture's SubIFDs point at.

    Raises
    ------
    ReadError
        When there is not even a first directory.
    """
    order, width, head, entry = _layout(file)
    found: list[Page] = []
    lesser: set[Page] = set()
    seen = {0}
    at = int.from_bytes(file.head[width : 2 * width], order)
    while at not in seen and at < file.size and len(found) < _MOST_PAGES:
        seen.add(at)
        page = Page(len(found), at)
        found.append(page)
        start = file.read_at(at, head + entry)
        count = int.from_bytes(start[:head], order)
        if count > _MOST_TAGS:
            break
        first = start[head:]  # tags are sorted: this one comes first where it is given
        if int.from_bytes(first[:2], order) == NEW_SUBFILE_TYPE:
            value = int.from_bytes(first[4 + width : 8 + width], order)
            lesser |= {page} if value & _REDUCED_OR_MASK else set()
        at = int.from_bytes(file.read_at(at + head + count * entry, width), order)
    if not found:
        raise file.damaged("TIFF")
    return [page for page in found if page not in lesser] or found


def _entries(file: PictureFile, start: int) -> Iterator[tuple[int, int, int, bytes]]:
    """Yield tag, type, count and the first bytes of the value of every entry of a directory."""
    order, width, head, entry = _layout(file)

    def number(data: bytes) -> int:
        return int.from_bytes(data, order)

    count = min(number(file.read_at(start, head)), _MOST_TAGS)
    table = file.read_at(start + head, count * entry)
    for at in range(0, len(table) - entry + 1, entry):
        row = table[at : at + entry]
        kind, count = number(row[2:4]), number(row[4 : 4 + width])
        size = {_TEXT: 1, _RATIONAL: 8}.get(kind) or _SIZES.get(kind)
        if size is None:
            continue
        data = row[4 + width :]
        if count * size > width:
            data = file.read_at(number(data), min(count * size, _MOST_BYTES))
        yield number(row[:2]), kind, count, data[: count * size]


def read_tags(file: PictureFile, start: int) -> dict[int, tuple[int, ...]]:
    """Return the integer tags of the directory at `start`, at most 16 values of each.

    A directory cut off gives what could be read; the decoder then says what is wrong.
    """
    order = _layout(file)[0]
    tags = {}
    for tag, kind, _, data in _entries(file, start):
        size = _SIZES.get(kind, 0)
        if not size:
            continue
        data = data[: 16 * size]  # noqa: PLW2901 - only the start of it is looked at
        found = tuple(int.from_bytes(data[i : i + size], order) for i in range(0, len(data), size))
        if found:
            tags[tag] = found
    return tags


def read_meta(file: PictureFile, start: int) -> dict[str, str]:
    """Return what the directory at `start` and its Exif directory say, under the names of `meta`.

    Descriptions that only programs read (XML, ImageJ, JSON) are left out, others are cut short.
    """
    order = "<" if _layout(file)[0] == "little" else ">"
    inner = read_tags(file, start).get(_EXIF, (0,))[0]
    values: dict[int, object] = {}
    for at in (inner, start) if 0 < inner < file.size else (start,):
        integers = read_tags(file, at)
        values |= {tag: found[0] for tag, found in integers.items()}
        for tag, kind, _, data in _entries(file, at):
            if kind == _TEXT:
                values[tag] = data.split(b"\0")[0].decode("utf-8", "replace")
            elif kind == _RATIONAL and len(data) >= 8:
                values[tag] = struct.unpack(order + "II", data[:8])
    meta = exif.describe(values)
    about = meta.get("description", "")
    if about.startswith(("<", "ImageJ=", "{")):
        del meta["description"]
    elif len(about) > _SHOWN:
        meta["description"] = about[:_SHOWN] + "…"
    return meta


def description(file: PictureFile, start: int) -> bytes:
    """Return the start of the description in the directory at `start`; empty when it has none."""
    entries = _entries(file, start)
    return next((d for tag, kind, _, d in entries if (tag, kind) == (_DESCRIPTION, _TEXT)), b"")
