"""A worker process, seen from the program: started, and ended for good.

It is started afresh, never forked, so that it has nothing of the program but its list of import
paths. It is not in the terminal's group: Ctrl-C reaches the program, which then decides.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = str(Path(__file__).resolve().parents[3])
_END_SECONDS: Final = 2.0
"""How long a killed process may take to go; a disk that does not answer holds it longer."""
_TAIL_BYTES: Final = 4096

_numbers: Final = itertools.count(1)
_living: Final[set[Process]] = set()
_dying: Final[list[subprocess.Popen[bytes]]] = []
_left: Final[list[str]] = []
"""Folders that could not be removed, as by a program that has given up its rights for a while."""


class Unavailable(Exception):  # noqa: N818 - a state of the machine
    """No worker can be started here."""


def living() -> set[Process]:
    """Return the processes that were started and not ended."""
    return set(_living)


def boot(before: str = "") -> list[str]:
    """Return the command of a worker.

    Parameters
    ----------
    before
        Python statements that run in the worker first.

    Raises
    ------
    Unavailable
        This program is not run by an interpreter that could run another: it is frozen or embedded.
    """
    # Inside a virtual environment on Windows, `sys.executable` only starts the real one.
    python = getattr(sys, "_base_executable", "") if sys.platform == "win32" else sys.executable
    if not python or getattr(sys, "frozen", False):
        raise Unavailable("there is no Python interpreter to start")
    places = [p for p in sys.path if os.path.isabs(p)]  # noqa: PTH117 - plain text is enough
    places += [] if ROOT in places else [ROOT]
    # Loading modules makes nothing that would have to be looked for: a tenth of the time is saved.
    code = f"import gc, sys; gc.disable(); sys.path[:] = {places!r}\n{before}\n"
    code += "from core.io.isolation.worker import start; start(*sys.argv[1:])"
    # -P: a module in the folder that the program is started in is never taken for one of ours.
    return [python, "-P", "-X", f"utf8={sys.flags.utf8_mode}", "-c", code]


class Process:
    """A process with a channel to it.

    Parameters
    ----------
    command
        As `boot` returns it; None: that.
    anonymous
        Whether pixels come as anonymous memory, see `core.io.isolation.memory`; None: where the
        system has it.

    Attributes
    ----------
    channel
        A stream socket.
    folder
        For whatever decoders write; removed with the process.
    anonymous
        As above.

    Raises
    ------
    Unavailable
        It cannot be started.
    """

    def __init__(
        self, command: Sequence[str] | None = None, *, anonymous: bool | None = None
    ) -> None:
        words = list(boot() if command is None else command)
        name = f"pairlens-{os.getpid()}-{next(_numbers)}-{os.urandom(4).hex()}"
        self.folder = os.path.join(tempfile.gettempdir(), name)  # noqa: PTH118 - plain text is enough
        self.anonymous = sys.platform == "linux" if anonymous is None else anonymous
        self._said = b""
        self._user = _user()
        _reap()
        try:
            with contextlib.ExitStack() as undo:
                self.channel, theirs = socket.socketpair()
                undo.callback(self.channel.close)
                self._errors, write = os.pipe()
                undo.callback(os.close, self._errors)
                try:
                    self._popen = self._start(words, theirs, write)
                finally:
                    theirs.close()
                    os.close(write)
                undo.pop_all()
        except OSError as error:
            raise Unavailable(str(error)) from error
        _living.add(self)

    def _start(
        self, words: list[str], theirs: socket.socket, write: int
    ) -> subprocess.Popen[bytes]:
        last = [self.folder, str(int(self.anonymous))]
        if sys.platform == "win32":
            popen = subprocess.Popen(
                [*words, "-", *last], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, bufsize=0, creationflags=subprocess.CREATE_NO_WINDOW,
            )  # fmt: skip
            if popen.stdin is not None:
                ticket = theirs.share(popen.pid)
                popen.stdin.write(len(ticket).to_bytes(4, "little") + ticket)
            return popen
        # A decoder that writes more than anybody reads must not wait for a reader.
        os.set_blocking(self._errors, False)
        os.set_blocking(write, False)
        number = theirs.fileno()
        return subprocess.Popen(
            [*words, str(number), *last], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=write, bufsize=0, cwd=os.sep, pass_fds=[number], start_new_session=True,
        )  # fmt: skip

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._popen.pid

    @property
    def alive(self) -> bool:
        """Whether it runs, and with the rights that the program still has."""
        return self in _living and self._popen.poll() is None and self._user == _user()

    def exit_status(self) -> int | None:
        """Wait a moment for the process, which has closed its channel; None: it goes on."""
        try:
            return self._popen.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            return None

    def last_words(self) -> str:
        """Return the last of what decoders wrote to the standard error output."""
        if self in _living:
            with contextlib.suppress(OSError):
                while piece := os.read(self._errors, 1 << 16):
                    self._said = (self._said + piece)[-_TAIL_BYTES:]
        return self._said.decode("utf-8", "replace").strip()

    def kill(self) -> None:
        """End it, whatever it does, and remove its folder; may be called again."""
        self.last_words()
        if self not in _living:
            return
        _living.discard(self)
        self._popen.kill()
        self.channel.close()
        os.close(self._errors)
        if self._popen.stdin is not None:
            self._popen.stdin.close()
        if self.exit_status() is None:
            _dying.append(self._popen)
        _remove(self.folder)

    def forget(self) -> None:
        """Drop it without ending it: it belongs to the process that this one was forked from."""
        _living.discard(self)
        self._popen.returncode = 0  # or its end would be waited for


def _user() -> int:
    return -1 if sys.platform == "win32" else os.geteuid()


def _reap() -> None:
    _dying[:] = [popen for popen in _dying if popen.poll() is None]
    folders, _left[:] = _left[:], []
    for folder in folders:
        _remove(folder)


def _remove(folder: str) -> None:
    try:
        os.rmdir(folder)  # noqa: PTH106 - plain text is enough
    except FileNotFoundError:
        return
    except OSError:
        import shutil  # noqa: PLC0415 - hardly ever needed

        shutil.rmtree(folder, ignore_errors=True)
        if os.path.lexists(folder):
            _left.append(folder)
