"""What an AVIF or HEIF file says of colour: the box ``colr`` of type ``nclx``.

ISO/IEC 14496-12 (boxes; `colr`: 12.1.5) and ISO/IEC 23008-12 (items and their properties). Every
size is checked, and boxes that lie are the end of the search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.io.color.cicp import cicp_space
from core.io.iso_boxes import top_boxes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.io.color.spaces import Space
    from core.io.files import PictureFile

_MOST_BYTES: Final = 4 << 20
_MOST_BOXES: Final = 4096
_MOST_TOP: Final = 64
_VERSION: Final = 4
"""Bytes of version and flags at the start of ``meta``: 14496-12, 4.2."""


def nclx_space(file: PictureFile) -> Space | None:
    """Return what the code points of the primary item mean; None where there are none.

    Matrix and range are left aside: the decoder has undone them.

    Raises
    ------
    ValueError
        As `cicp_space`.
    """
    codes = _nclx(_meta(file))
    return None if codes is None else cicp_space(*codes)


def _meta(file: PictureFile) -> bytes:
    """Return what is in the box ``meta``, at most 4 MB of it, or nothing."""
    for name, start, size in top_boxes(file, _MOST_TOP):
        if name == b"meta" and size >= _VERSION:
            return file.read_at(start + _VERSION, min(size - _VERSION, _MOST_BYTES))
    return b""


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    for _ in range(_MOST_BOXES):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if size < 8 or at + size > len(data):
            return
        yield name, data[at + 8 : at + size]
        at += size


def _nclx(meta: bytes) -> tuple[int, int] | None:
    """Return primaries and transfer of the primary item, or of any where none is named."""
    item, properties, links = 0, b"", b""
    for name, body in _boxes(meta):
        if name == b"pitm":
            item = int.from_bytes(body[4 : 6 if body[:1] == b"\0" else 8], "big")
        elif name == b"iprp":
            for inner, content in _boxes(body):
                properties = content if inner == b"ipco" else properties
                links = content if inner == b"ipma" else links
    wanted = _linked(links, item)
    for i, (name, body) in enumerate(_boxes(properties), 1):
        mine = not wanted or i in wanted
        if mine and name == b"colr" and body[:4] == b"nclx" and len(body) >= 8:
            return int.from_bytes(body[4:6], "big"), int.from_bytes(body[6:8], "big")
    return None


def _linked(links: bytes, item: int) -> set[int]:
    """Return the numbers of an item's properties: ItemPropertyAssociationBox, 23008-12, 9.3.2."""
    if len(links) < 8:
        return set()
    wide, long = links[0] > 0, links[3] & 1
    width, step = 4 if wide else 2, 2 if long else 1
    at, count = 8, int.from_bytes(links[4:8], "big")
    for _ in range(min(count, _MOST_BOXES)):
        number = int.from_bytes(links[at : at + width], "big")
        at += width
        entries = links[at] if at < len(links) else 0
        at += 1
        numbers = links[at : at + entries * step]
        at += entries * step
        if number == item:
            mask = 0x7FFF if long else 0x7F  # the top bit says "essential"
            return {
                int.from_bytes(numbers[i : i + step], "big") & mask
                for i in range(0, len(numbers), step)
            }
    return set()
