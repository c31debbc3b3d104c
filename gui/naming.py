"""What pictures are called in the window, and which region is the one that was looked at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from core.format import part_text
from core.io.files import quoted

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from core.buffer import ImageBuffer
    from core.types import Rect, Region

GONE = "deleted"


def title(picture: ImageBuffer | None) -> str:
    """Return a picture's name on one line, printable whatever it holds; empty for no picture."""
    if picture is None:
        return ""
    return title_of(picture.path) if picture.path else picture.name


def titled(picture: ImageBuffer) -> str:
    """Return a picture's name, and which of several in its file it is."""
    part = part_text(picture.contents)
    return f"{title(picture)} ({part})" if part else title(picture)


def title_of(path: str) -> str:
    """Return the name of a file, as `title`; a pasted picture is called by its time."""
    from gui.inbox import pasted_at  # noqa: PLC0415 - it knows where pasted pictures lie

    return pasted_at(path) or quoted(path)[1:-1]


def chip_name(picture: ImageBuffer | None, missing: Container[str]) -> str:
    """Return what stands on a picture: its name, and that its file is not there any more."""
    name = title(picture)
    if picture is not None and picture.contents.frame >= 0:
        name = f"{name}  ·  frame {picture.contents.frame}"
    return f"{name}  ·  {GONE}" if picture is not None and picture.path in missing else name


def file_stem(picture: ImageBuffer) -> str:
    """Return what a file about a picture is called, without an ending."""
    stem, frame = Path(picture.name).stem, picture.contents.frame
    return f"{stem} {frame}" if frame >= 0 else stem


def folder_of(path: str) -> str:
    """Return the folder of a file, without asking the disk."""
    return str(Path(path).parent)


def same_region(rect: Rect | None, regions: Sequence[Region]) -> int | None:
    """Return the index of the region that shares most pixels with a rectangle; None: none does."""
    if rect is None or not regions:
        return None
    shared = [_shared(rect, region.rect) for region in regions]
    best = max(range(len(regions)), key=shared.__getitem__)
    return best if shared[best] else None


def _shared(one: Rect, other: Rect) -> int:
    return one.intersect(other).area
