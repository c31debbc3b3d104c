"""Writing files so that a reader never sees half of one."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import WriteError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def replacing(path: str | Path, what: str = "file") -> Iterator[Path]:
    """Give a temporary path beside `path`; when all went well, it takes the place of `path`.

    A symbolic link is followed, so what it points at is replaced. When anything fails the old file
    stays as it was and the temporary one is removed.

    Parameters
    ----------
    path
        Where the file shall be.
    what
        What it is, for the sentence of the error.

    Raises
    ------
    WriteError
        When the system refuses (no such folder, no permission, disk full); names the file.
    """
    target = Path(path)
    try:
        target = target.resolve()
        if target.is_dir():
            raise WriteError(f"The {what} cannot be written to “{path}”: that is a folder.")
        temporary = target.with_name(f".{os.urandom(6).hex()}{target.suffix}.part")
        try:
            yield temporary
            with temporary.open("rb+") as f:
                os.fsync(f.fileno())  # else a crash may leave the new name with no content
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as e:
        reason = e.strerror or str(e)
        raise WriteError(f"The {what} “{path}” could not be written: {reason}.") from e
