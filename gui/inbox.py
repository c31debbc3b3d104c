"""Pictures that came without a file are kept in one: a private folder of the program's cache."""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Container
from pathlib import Path
from typing import Final

from PySide6.QtCore import QDateTime, QStandardPaths

from core.atomic import replacing

KEPT_DAYS: Final = 7
"""Days after which a pasted picture is thrown away."""
_NAME: Final = re.compile(r"Pasted \d{4}-\d\d-\d\d (\d\d)-(\d\d)-(\d\d)(?: \(\d+\))?\.\w+")
_FOLDER: Final = "pasted"


def folder() -> Path:
    """Return where pasted pictures lie; it need not exist."""
    cache = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.CacheLocation)
    return Path(cache) / _FOLDER


def keep(content: bytes, suffix: str) -> Path:
    """Write the bytes of a picture file under a new name and return it.

    Raises
    ------
    WriteError
        When it cannot be written.
    """
    place = folder()
    with contextlib.suppress(OSError):  # writing says what is wrong
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.chmod(0o700)
    stem = QDateTime.currentDateTime().toString("'Pasted' yyyy-MM-dd HH-mm-ss")
    path, number = place / f"{stem}{suffix}", 2
    while path.exists():
        path, number = place / f"{stem} ({number}){suffix}", number + 1
    with replacing(path, "pasted picture") as temporary:
        temporary.write_bytes(content)
    return path


def pasted_at(path: str) -> str:
    """Return what a pasted picture is called, as in ``Pasted 14:02:31``; empty for other files."""
    found = _NAME.fullmatch(os.path.basename(path))  # noqa: PTH119 - never asks the disk
    if found is None or Path(path).parent != folder():
        return ""
    return f"Pasted {':'.join(found.groups())}"


def clean(used: Container[str], made: Container[str] = ()) -> None:
    """Throw away pasted pictures that are old, and those of `made` that are not in `used`."""
    oldest = time.time() - KEPT_DAYS * 86400
    with contextlib.suppress(OSError):  # there is no such folder, or it is not ours
        for path in folder().iterdir():
            unused = str(path) in made and str(path) not in used
            if _NAME.fullmatch(path.name) and (unused or path.stat().st_mtime < oldest):
                path.unlink()
