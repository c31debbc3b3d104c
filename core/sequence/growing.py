"""Text files that grow for as long as a sequence runs, and take their name when they are whole."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from core.errors import WriteError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Sink(Protocol):
    """Where a text goes piece by piece."""

    def write(self, text: str) -> None:
        """Take the next piece; it is handed on at once."""

    def finish(self) -> None:
        """Say that it is whole."""

    def close(self) -> None:
        """Let go; may be called twice, and after `finish`."""


class Growing:
    """A file that is written under another name in its folder until it is whole.

    The other name is always the same, so that a run that was killed can be continued from there.

    Parameters
    ----------
    path
        Where it shall be. A symbolic link is followed, so what it points at is replaced.
    what
        What it is, for the sentence of an error.
    keep
        Whether what was written stays under the other name when it does not become whole, if it is
        more than the first piece.
    begin
        A file and how many of its bytes are the beginning; it may be the unfinished one itself.

    Raises
    ------
    WriteError
        From every method, when the system refuses; names the file.
    """

    def __init__(
        self, path: str | Path, what: str, *, keep: bool = False,
        begin: tuple[Path, int] | None = None,
    ) -> None:  # fmt: skip
        self._given, self._what, self._keep = path, what, keep
        with self._said():
            self._target = Path(path).resolve()
            if self._target.is_dir():
                raise WriteError(f"The {what} cannot be written to “{path}”: that is a folder.")
            self._temporary = partial(self._target)
            if begin is not None:
                _begin(self._temporary, *begin)
            # Names of files may hold bytes that are no text; so they become escapes, as JSON has.
            self._file = self._temporary.open(
                "w" if begin is None else "a", encoding="utf-8", errors="backslashreplace",
                newline="",
            )  # fmt: skip
        self._whole = self._broken = False
        self._pieces = 0 if begin is None else 2

    def write(self, text: str) -> None:
        """See `Sink`."""
        if self._broken:  # half a line may be there: nothing that follows would be valid
            raise WriteError(f"The {self._what} “{self._given}” could not be written.")
        self._broken = True
        with self._said():
            self._file.write(text)
            self._file.flush()
        self._broken = False
        self._pieces += 1

    def finish(self) -> None:
        """Give it its name."""
        if self._broken:
            raise WriteError(f"The {self._what} “{self._given}” could not be written.")
        with self._said():
            self._file.flush()
            os.fsync(self._file.fileno())  # else a crash may leave the name with no content
            self._file.close()
            self._temporary.replace(self._target)
        self._whole = True

    def close(self) -> None:
        """See `Sink`."""
        try:
            self._file.close()
        except OSError:  # a full disk refuses the rest of the buffer, too; it was said before
            pass
        finally:
            if not self._whole and not (self._keep and self._pieces > 1):
                self._temporary.unlink(missing_ok=True)

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except OSError as e:
            reason = e.strerror or str(e)
            raise WriteError(
                f"The {self._what} “{self._given}” could not be written: {reason}."
            ) from e


def partial(path: str | Path) -> Path:
    """Return the name under which a file grows."""
    target = Path(path).resolve()
    return target.with_name(f".{target.name}.part")


def _begin(path: Path, source: Path, size: int) -> None:
    """Make a file that has the first bytes of another one, or of itself."""
    if source == path:
        os.truncate(path, size)
        return
    with source.open("rb") as had, path.open("wb") as file:
        while chunk := had.read(min(size, 1 << 20)):
            file.write(chunk)
            size -= len(chunk)
