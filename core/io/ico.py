"""Icons and cursors of Windows: each size is a page, the largest first.

The directory is that of Microsoft's ``ICONDIR`` and ``ICONDIRENTRY``; an entry is a PNG file or a
bitmap with a mask of one bit a pixel below it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from core.io import bmp
from core.io.decoded import Decoded, check_page
from core.types import Alpha, Encoding, Pixels

if TYPE_CHECKING:
    from core.io.address import Part
    from core.io.files import PictureFile
    from core.io.kinds import Kind

_ENTRY: Final = 16
_HEAD: Final = 6
_PNG: Final = b"\x89PNG"
_MOST_BYTES: Final = 64 << 20


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Decode one size of an icon or cursor, with its transparency as alpha.

    Raises
    ------
    ReadError
        Damaged, incomplete, or without such a size.
    """
    places = _places(file)
    if not places:
        raise file.damaged(kind.title)
    check_page(file, part.page, len(places))
    at, size = places[part.page]
    data = file.read_at(at, min(size, _MOST_BYTES))
    decoded = _png(file, kind, data) if data[:4] == _PNG else _bitmap(file, kind, data)
    decoded.pages = len(places)
    return decoded


def _places(file: PictureFile) -> list[tuple[int, int]]:
    """Return place and size of each entry that lies in the file, the largest picture first."""
    found = []
    for i in range(int.from_bytes(file.head[4:6], "little")):
        entry = file.read_at(_HEAD + _ENTRY * i, _ENTRY)
        size, at = (int.from_bytes(entry[j : j + 4], "little") for j in (8, 12))
        head = file.read_at(at, 24)
        if len(head) < 24 or at + size > file.size:
            continue
        if head[:4] == _PNG:
            width, height = (int.from_bytes(head[j : j + 4], "big") for j in (16, 20))
            bits = 32
        else:
            width, height = (int.from_bytes(head[j : j + 4], "little") for j in (4, 8))
            height //= 2
            bits = int.from_bytes(head[14:16], "little")
        found.append((-width * height, -bits, i, (at, size)))
    return [place for *_, place in sorted(found)]


def _png(file: PictureFile, kind: Kind, data: bytes) -> Decoded:
    from core.io import vips  # noqa: PLC0415 - bitmaps do not need it

    image = vips.load(file, kind, "pngload", 0, data=data)
    decoded = vips.decode(file, kind, image, "pngload", 0)
    decoded.alpha = Alpha.STRAIGHT if image.bands in {2, 4} else Alpha.NONE
    decoded.meta["compression"] = "Deflate"
    return decoded


def _bitmap(file: PictureFile, kind: Kind, data: bytes) -> Decoded:
    head = bmp.header(file, kind, data, halved=True)
    end = head.end + head.stride * head.height
    colour, alpha = bmp.pixels(file, kind, head, data[head.end : end])
    if colour.ndim == 2:
        colour = np.dstack([colour] * 3)
    if alpha is Alpha.NONE or not colour[:, :, 3].any():
        opacity = _opacity(head, data[end:])
        colour = np.dstack([colour[:, :, :3], opacity])
    return Decoded(colour, Encoding.SRGB, Alpha.STRAIGHT, meta={"compression": "none"})


def _opacity(head: bmp.Header, mask: bytes) -> Pixels:
    """Return 0 where the mask lets the background through, else 255; 255 where it is cut off."""
    stride = (head.width + 31) // 32 * 4
    known = np.zeros(stride * head.height, np.uint8)
    given = np.frombuffer(mask[: len(known)], np.uint8)
    known[: len(given)] = given
    rows = known.reshape(head.height, stride)
    rows = rows if head.top_down else rows[::-1]
    clear = np.unpackbits(rows, axis=1)[:, : head.width]
    return np.where(clear > 0, 0, 255).astype(np.uint8)
