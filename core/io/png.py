"""PNG, by libvips; its chunks (PNG third edition, W3C Recommendation, section 11) say the rest."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from core.io import exif, vips
from core.types import Alpha

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.io.address import Part
    from core.io.decoded import Decoded
    from core.io.files import PictureFile
    from core.io.kinds import Kind

_GRAY: Final = (0, 4)
_PALETTE: Final = 3
_MOST_CHUNKS: Final = 1_000_000
_METRES_PER_INCH: Final = 0.0254
_WORDS: Final = {"title": "description", "description": "description", "author": "artist",
                 "copyright": "copyright", "software": "software", "source": "camera",
                 "creation time": "taken"}  # fmt: skip


class Chunk(NamedTuple):
    """Where a chunk's content lies in the file."""

    name: bytes
    at: int
    size: int


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Decode a PNG file, or a frame of an animation as it is shown.

    Palettes and samples below 8 bits are expanded to 8; `Decoded.bits` is then what the file says
    of them (its depth, or its sBIT chunk: 11.3.2.4). A colour that tRNS makes transparent becomes
    an alpha channel.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, or without such a frame.
    """
    first = [c for c in chunks(file, until=b"IDAT") if c.name != b"IDAT"]
    decoded = None
    if any(c.name == b"acTL" for c in first):
        from core.io import apng  # noqa: PLC0415 - few files need it

        decoded = apng.read(file, kind, part)
    if decoded is None:
        image = vips.load(file, kind, "pngload", part.page)
        decoded = vips.decode(file, kind, image, "pngload", part.page)
        decoded.meta |= texts(image)
        if image.bands in {2, 4}:
            decoded.alpha = Alpha.STRAIGHT
    decoded.meta = _resolution(file, first) | decoded.meta
    head = file.head[:29].ljust(29, b"\0")
    depth, colour, interlaced = head[24], head[25], head[28]
    small = depth if depth < 8 and colour != _PALETTE else 0
    decoded.bits = _significant_bits(file, first, colour) or small or None
    decoded.meta["compression"] = "Deflate, interlaced" if interlaced else "Deflate"
    return decoded


def chunks(file: PictureFile, until: bytes = b"IEND") -> Iterator[Chunk]:
    """Yield the chunks up to and with the first of a name; what is cut off is not one."""
    at = 8
    for _ in range(_MOST_CHUNKS):
        head = file.read_at(at, 8)
        size = int.from_bytes(head[:4], "big")
        if len(head) < 8 or at + 12 + size > file.size:
            return
        yield Chunk(head[4:], at + 8, size)
        if head[4:] == until:
            return
        at += 12 + size


def _significant_bits(file: PictureFile, first: list[Chunk], colour: int) -> int:
    """Return the largest number in the sBIT chunk's colours, or 0 when there is no such chunk."""
    for chunk in first:
        if chunk.name == b"sBIT":
            bits = file.read_at(chunk.at, min(chunk.size, 1 if colour in _GRAY else 3))
            return max(bits, default=0)
    return 0


def _resolution(file: PictureFile, first: list[Chunk]) -> dict[str, str]:
    """Return the pixels an inch of the pHYs chunk (11.3.4.3), if it counts in metres."""
    for chunk in first:
        body = file.read_at(chunk.at, 9) if chunk.name == b"pHYs" and chunk.size == 9 else b""
        if body[8:] == b"\1":
            across, down = (int.from_bytes(body[i : i + 4], "big") for i in (0, 4))
            text = exif.dpi(across * _METRES_PER_INCH, down * _METRES_PER_INCH)
            return {"dpi": text} if text else {}
    return {}


def texts(image: Any) -> dict[str, str]:
    """Return what the text chunks before the pixels say, in the words of `ImageBuffer.meta`."""
    found: dict[str, str] = {}
    for name in image.get_fields():
        match = re.fullmatch(r"png-comment-\d+-(.*)", name, re.DOTALL)
        key = _WORDS.get(match[1].lower()) if match else None
        if key and str(image.get(name)).strip():
            found.setdefault(key, str(image.get(name))[:1000])
    return found
