"""When each picture of an animation is shown, read from the marks between the pictures."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final

from core.io.kinds import GIF, PNG, WEBP, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.io.files import PictureFile

_SIGNATURE_BYTES: Final = 8
_MOST: Final = 1_000_000


def page_times(file: PictureFile, kind: Kind) -> tuple[float, ...]:
    """Return seconds since the first picture; none where the file does not say them."""
    reader = {GIF: _gif, PNG: _apng, WEBP: _webp}.get(kind)
    if reader is None:
        return ()
    lengths = [length for _, length in zip(range(_MOST), reader(file), strict=False)]
    return tuple(accumulate(lengths[:-1], initial=0.0)) if lengths else ()


def _gif(file: PictureFile) -> Iterator[float]:
    """Yield seconds of each picture (GIF89a specification, 20 and 23)."""
    at = 13 + _table(file.head[10])
    length = 0.0
    while mark := file.read_at(at, 10):
        if mark[0] == 0x21 and len(mark) == 10:
            if mark[1] == 0xF9:
                length = int.from_bytes(mark[4:6], "little") / 100
            at = _behind_blocks(file, at + 2)
        elif mark[0] == 0x2C and len(mark) == 10:
            yield length
            at = _behind_blocks(file, at + 11 + _table(mark[9]))
        else:
            return


def _table(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _behind_blocks(file: PictureFile, at: int) -> int:
    while size := file.read_at(at, 1):
        at += 1 + size[0]
        if not size[0]:
            break
    return at


def _apng(file: PictureFile) -> Iterator[float]:
    """Yield seconds of each frame (PNG third edition, 11.3.6.2)."""
    at, controlled = _SIGNATURE_BYTES, False
    while len(head := file.read_at(at, 8)) == 8:
        size, name = int.from_bytes(head[:4], "big"), head[4:]
        if name == b"fcTL" and size == 26:
            body = file.read_at(at + 8, 26)
            top, bottom = (int.from_bytes(body[i : i + 2], "big") for i in (20, 22))
            controlled = True
            yield top / (bottom or 100)
        elif name == b"IDAT" and not controlled:
            return  # the still before the animation counts as a page, which has no time
        at += 12 + size


def _webp(file: PictureFile) -> Iterator[float]:
    """Yield seconds of each frame (RFC 9649, 2.7.1.1)."""
    at = 12
    while len(head := file.read_at(at, 24)) >= 8:
        size = int.from_bytes(head[4:8], "little")
        if head[:4] == b"ANMF" and len(head) == 24:
            yield int.from_bytes(head[20:23], "little") / 1000
        at += 8 + size + (size & 1)
