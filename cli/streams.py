"""Pictures that are no files: standard input, named pipes and process substitution.

Their bytes are gathered into files of a private folder, which is removed at the end, since a
picture is read in pieces and more than once.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.buffer import PictureInfo
    from core.io.limits import Limits
    from core.result import Result

STANDARD_INPUT: Final = "-"
_OWN_PLACES: Final = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")
"""Names that mean another thing in another process, such as one that decodes."""
_CHUNK: Final = 1 << 20


class Taken(NamedTuple):
    """Where a picture is read from, and what it is called.

    Attributes
    ----------
    given
        What stood on the command line.
    address
        What is opened: the same, or a private copy of what came through a pipe.
    name
        What texts call it; empty for a file, which has its own name.
    """

    given: str
    address: str
    name: str = ""

    def called(self, info: PictureInfo) -> PictureInfo:
        """Return what is said of the picture, under the name that the person gave."""
        from dataclasses import replace  # noqa: PLC0415 - only for pipes

        if not self.name:
            return info
        path = self.given.rpartition("#")[0] if info.address != info.path else self.given
        return replace(info, path=path, name=self.name, address=self.given)


def called(result: Result, a: Taken, b: Taken) -> Result:
    """Return an answer in which pipes have the names that the person gave."""
    from dataclasses import replace  # noqa: PLC0415 - only for pipes

    if not (a.name or b.name):
        return result
    return replace(result, a=a.called(result.a), b=b.called(result.b))


@contextlib.contextmanager
def gathered(words: Sequence[str], limits: Limits) -> Iterator[list[Taken]]:
    """Read all pipes among these pictures to their end; their copies live as long as the block.

    Pipes are read at the same time, since one program may write to both.

    Parameters
    ----------
    words
        Addresses, as on the command line; ``-`` is standard input.
    limits
        ``bytes`` bounds what comes through a pipe, ``seconds`` how long all may be silent.

    Raises
    ------
    ReadError
        Standard input is asked for twice, closed, or a terminal; a pipe is empty, silent, or sends
        more than is allowed.
    """
    pipes = {k: name for k, word in enumerate(words) if (name := _pipe_name(word))}
    if not pipes:
        yield [Taken(word, word) for word in words]
        return
    from core.errors import ReadError  # noqa: PLC0415 - only for pipes
    from core.io.address import Address  # noqa: PLC0415 - the same

    if sum(word == STANDARD_INPUT for word in words) > 1:
        raise ReadError("Standard input is one picture: give “-” once, and a file beside it.")
    folder = Path(tempfile.mkdtemp(prefix="pairlens-"))  # nobody else may look into it
    try:
        taken = [Taken(word, word) for word in words]
        with contextlib.ExitStack() as stack:
            open_pipes = []
            for k, name in pipes.items():
                path, part = Address.parse(words[k])
                place = folder / str(k) / name
                place.parent.mkdir()
                open_pipes.append(_Pipe(path, name, stack, stack.enter_context(place.open("wb"))))
                taken[k] = Taken(words[k], str(Address(str(place), part)), name)
            _drain(open_pipes, limits)
        yield taken
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _pipe_name(word: str) -> str:
    """Return what to call a picture that comes through a pipe; empty for a file."""
    if word == STANDARD_INPUT:
        return "standard input"
    path = word
    if "#" in word:
        from core.io.address import Address  # noqa: PLC0415 - only then

        path = Address.parse(word).path
    name = path.rstrip("/").rpartition("/")[2]
    if path.startswith(_OWN_PLACES):
        return "standard input" if name in ("stdin", "0") else f"pipe {name}"
    try:
        return name if stat.S_ISFIFO(os.stat(path).st_mode) else ""  # noqa: PTH116 - as given
    except (OSError, ValueError):  # what is wrong with it is said by whoever opens it
        return ""


class _Pipe:
    """One open pipe, and the file that takes its bytes."""

    def __init__(self, path: str, name: str, stack: contextlib.ExitStack, out: BinaryIO) -> None:
        from core.errors import ReadError  # noqa: PLC0415 - only for pipes

        self.name, self.out, self.size = name, out, 0
        self._error = ReadError
        try:
            if path != STANDARD_INPUT:
                flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)  # nobody may be writing yet
                self.fd = os.open(path, flags)
            elif sys.stdin is None:  # as Python finds it when it was closed
                raise ReadError("Standard input is closed; send a picture into it, as in a pipe.")
            else:
                self.fd = os.dup(0)
        except OSError as error:
            raise self._broken(error) from error
        stack.callback(os.close, self.fd)
        if os.isatty(self.fd):
            raise ReadError(
                f"“{name}” is a terminal, which sends no picture: send one into it, as in"
                " “render | pairlens compare - b.png”."
            )

    def take(self, limits: Limits) -> bool:
        """Take what has come; return False at the end."""
        try:
            chunk = os.read(self.fd, _CHUNK)
            self.out.write(chunk)
            self.out.flush()  # a full disk is said here
        except BlockingIOError:
            return True
        except OSError as error:
            raise self._broken(error) from error
        self.size += len(chunk)
        if self.size > limits.bytes:
            raise self._error(
                f"More than the {limits.bytes / 1e9:g} GB allowed came through “{self.name}”;"
                " allow more with --max-gb, or send a smaller picture."
            )
        if not chunk and not self.size:
            raise self._error(f"Nothing came through “{self.name}”; send a picture into it.")
        return bool(chunk)

    def _broken(self, error: OSError) -> Exception:
        why = error.strerror or "the system gives no reason"
        return self._error(f"“{self.name}” cannot be read ({why}); save the picture to a file.")


def _drain(pipes: list[_Pipe], limits: Limits) -> None:
    if os.name == "nt":  # which cannot wait for pipes
        for pipe in pipes:
            while pipe.take(limits):
                pass
        return
    import select  # noqa: PLC0415 - only for pipes

    waiting = {pipe.fd: pipe for pipe in pipes}
    while waiting:
        ready, _, _ = select.select(list(waiting), [], [], limits.seconds)
        if not ready:
            names = " and ".join(f"“{pipe.name}”" for pipe in waiting.values())
            raise pipes[0]._error(
                f"Nothing has come through {names} for {limits.seconds:g} seconds;"
                " wait longer with --time-limit."
            )
        for fd in ready:
            if not waiting[fd].take(limits):
                del waiting[fd]
