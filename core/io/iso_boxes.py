"""The boxes that JPEG 2000, JPEG XL, AVIF and HEIC files are made of: ISO/IEC 14496-12, 4.2."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.io.files import PictureFile


class Box(NamedTuple):
    """A box of a file: its name, and where in the file its content is."""

    name: bytes
    start: int
    size: int


def top_boxes(file: PictureFile, most: int) -> Iterator[Box]:
    """Yield the outermost boxes in order, at most `most`; a broken one ends them.

    A box that is said to be longer than the file is given as it says: whoever reads it finds less.
    """
    at = 0
    for _ in range(most):
        head = file.read_at(at, 16)
        size, start = int.from_bytes(head[:4], "big"), 8
        if size == 1:
            size, start = int.from_bytes(head[8:16], "big"), 16
        size = size or file.size - at  # 0: up to the end of the file
        if len(head) < 8 or size < start:
            return
        yield Box(head[4:8], at + start, size - start)
        at += size
