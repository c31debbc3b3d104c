"""A picture's file: opened once, safely, and watched until its pixels are out.

Nothing but a regular file is ever opened, since a pipe or a device may block for ever.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Self

from core.errors import ReadError
from core.io.kinds import HEAD_BYTES, TAIL_BYTES
from core.io.limits import DEFAULT, Limits

if TYPE_CHECKING:
    from io import BufferedReader
    from types import TracebackType

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)  # on Windows
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a file swapped for a pipe after the check cannot block
    | getattr(os, "O_NOCTTY", 0)
)
_NO_NAME = 255  # more characters than a file name may have


def quoted(path: str) -> str:
    """Return the file's name in quotation marks, on one line and printable whatever it holds.

    Bytes that are not UTF-8 and control characters are shown as escapes.
    """
    name = os.path.basename(path.rstrip("/" + os.sep)) or path  # noqa: PTH119 - Path drops "."
    text = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return f"“{shown[:_NO_NAME]}”"


class PictureFile:
    """A regular file, open for reading.

    Parameters
    ----------
    path
        Any name the operating system takes; bytes are decoded as it does.
    limits
        What reading it may take.

    Attributes
    ----------
    limits
        As given.
    path, name
        The path as text, and the file's name in quotation marks for a sentence.
    handle
        Open binary file, at the reader's disposal.
    size
        In bytes.
    head, tail
        First and last bytes.

    Raises
    ------
    ReadError
        Missing, not a regular file, empty, or not readable.
    """

    def __init__(self, path: str | os.PathLike[str], limits: Limits = DEFAULT) -> None:
        self.path = os.fsdecode(path)
        self.limits = limits
        self.name = quoted(self.path)
        try:
            self._check(os.stat(self.path))  # noqa: PTH116 - Path normalises names
            self.handle: BufferedReader = self._open()
        except (OSError, ValueError) as error:
            raise self._refusal(error) from error
        try:
            status = os.fstat(self.handle.fileno())
            self._check(status)
            self._state = _state(status)
            self.size = status.st_size
            self.head = self.read_at(0, HEAD_BYTES)
            self.tail = self.read_at(max(self.size - TAIL_BYTES, 0), TAIL_BYTES)
        except OSError as error:
            self.handle.close()
            raise self._refusal(error) from error
        except BaseException:
            self.handle.close()
            raise

    @property
    def stamp(self) -> tuple[int, ...]:
        """Device, number, size and time of change when it was opened: another file has others."""
        return self._state

    @property
    def suffix(self) -> str:
        """How the name ends, lower case, with the dot; empty when there is none."""
        return Path(self.path).suffix.lower()

    def read_at(self, offset: int, count: int) -> bytes:
        """Return up to `count` bytes from `offset`; none from beyond the end, however far."""
        if offset >= self.size:
            return b""  # the system takes no offset of more than 63 bits
        self.handle.seek(offset)
        return self.handle.read(count)

    def sha256(self) -> str:
        """Return the SHA-256 of the file's bytes, read through a handle of its own."""
        with self.again() as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()

    def again(self) -> BufferedReader:
        """Return another handle of the same file, whose position is its own."""
        try:
            handle = self._open()
        except OSError as error:  # it is gone, or another one is in its place
            raise self.changed() from error
        if _state(os.fstat(handle.fileno())) != self._state:
            handle.close()
            raise self.changed()
        return handle

    def check_unchanged(self) -> None:
        """Raise ReadError when the file was written to or replaced since it was opened."""
        try:
            same = _state(os.stat(self.path)) == self._state  # noqa: PTH116 - as above
        except OSError:
            same = False
        if not same:
            raise self.changed()

    def changed(self) -> ReadError:
        """Return the error for a file that did not hold still."""
        return ReadError(
            f"The file {self.name} was changed while it was read; "
            "wait until it is written completely, and open it again."
        )

    def damaged(self, title: str) -> ReadError:
        """Return the error for a file of a known kind whose pixels cannot all be had."""
        return ReadError(
            f"The {title} file {self.name} is damaged or incomplete; "
            "get a fresh copy and open that."
        )

    def unforeseen(self, title: str, error: Exception) -> ReadError:
        """Return the error for bytes that took a reader by surprise: a mistake in the reader."""
        return ReadError(
            f"The {title} file {self.name} is damaged in a way that could not be foreseen "
            f"({type(error).__name__}); get a fresh copy and open that."
        )

    def no_memory(self) -> ReadError:
        """Return the error for a picture that the machine has no room for."""
        return ReadError(
            f"There is not enough memory for the picture {self.name}; "
            "close other programs or make the picture smaller."
        )

    def unsupported(self, title: str, what: str, advice: str) -> ReadError:
        """Return the error for a sound file that needs what no reader here can do."""
        return ReadError(f"The {title} file {self.name} {what}; {advice}.")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.handle.close()

    def _open(self) -> BufferedReader:
        return os.fdopen(os.open(self.path, _FLAGS), "rb")

    def _check(self, status: os.stat_result) -> None:
        mode = status.st_mode
        if stat.S_ISDIR(mode):
            raise ReadError(f"{self.name} is a folder, not a picture; open a picture in it.")
        if not stat.S_ISREG(mode):
            raise ReadError(
                f"{self.name} is {_special(mode)}, not a file; save the picture to a file first."
            )
        if status.st_size == 0:
            raise ReadError(f"The file {self.name} is empty; get a fresh copy and open that.")

    def _refusal(self, error: OSError | ValueError) -> ReadError:
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            text = f"There is no file {self.name} at this place; check its name and folder."
        elif isinstance(error, PermissionError):
            text = f"The file {self.name} may not be read by you; change its permissions."
        elif isinstance(error, ValueError):  # a null character in the path
            text = f"{self.name} is not a file name; choose a picture file."
        else:
            why = error.strerror or "the system gives no reason"
            text = (
                f"The file {self.name} cannot be opened ({why}); copy it elsewhere and try again."
            )
        return ReadError(text)


def _state(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _special(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "a pipe"
    if stat.S_ISSOCK(mode):
        return "a socket"
    return "a device"
