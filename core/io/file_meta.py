"""What every picture's file says without its reader: size, time; and whether it has the part."""

from __future__ import annotations

import os
from datetime import datetime
from typing import TYPE_CHECKING

from core.errors import ReadError
from core.format import count
from core.io.decoded import check_page

if TYPE_CHECKING:
    from core.io.address import Part
    from core.io.decoded import Decoded
    from core.io.files import PictureFile

MOST_NAMES = 12
"""So many layers are named in a sentence."""


def file_meta(file: PictureFile) -> dict[str, str]:
    """Return ``file_size`` and ``modified`` (local time) of an open file, as text."""
    made = {"file_size": count(file.size, "byte", "bytes")}
    try:
        status = os.fstat(file.handle.fileno())
        when = datetime.fromtimestamp(status.st_mtime).astimezone()
    except (OSError, OverflowError, ValueError):  # a time that no calendar has
        return made
    return made | {"modified": when.strftime("%Y-%m-%d %H:%M:%S")}


def check_part(file: PictureFile, part: Part, decoded: Decoded) -> None:
    """Raise ReadError when the file has no such page or layer.

    A reader that knows of neither reads the only picture there is, which was not asked for then.
    """
    check_page(file, part.page, decoded.pages)
    if part.layer and part.layer not in {decoded.layer, *decoded.layers}:
        names = ", ".join(f"“{name}”" for name in decoded.layers[:MOST_NAMES])
        left = len(decoded.layers) - MOST_NAMES
        names += f" and {left} more" if left > 0 else ""
        advice = f"choose one of: {names}" if names else "it has only one picture"
        raise ReadError(f"The file {file.name} has no layer “{part.layer}”; {advice}.")
