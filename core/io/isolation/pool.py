"""The program's workers: started when first needed, kept while idle, used from any thread."""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
from typing import TYPE_CHECKING, Final, Self, TypeVar

from core.errors import ReadError
from core.io.isolation.asking import Worker
from core.io.isolation.process import Unavailable
from core.io.limits import DEFAULT, Limits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    import msgspec

    from core.io.isolation.requests import Request
    from core.types import Pixels, Token

    A = TypeVar("A", bound=msgspec.Struct)
    R = TypeVar("R", bound=msgspec.Struct)

KEPT: Final = 2
"""Idle workers that are kept: one for each picture of a pair."""


class Lease:
    """A worker of one's own, for many questions about one file.

    Its ``state`` (see `core.io.isolation`) lasts until the lease is closed or the worker ends:
    after a crash, a time that is up or a cancelled token every further call raises ReadError, and
    a new lease begins anew.

    Parameters
    ----------
    worker
        Ended with the lease.
    name
        Of the file, in quotation marks, for sentences.
    """

    def __init__(self, worker: Worker, name: str) -> None:
        self._worker = worker
        self._name = name
        self._lock = threading.Lock()

    @property
    def alive(self) -> bool:
        """Whether it can still be asked."""
        return self._worker.alive

    def call(
        self,
        request: Request[A, R],
        ask: A,
        *,
        limits: Limits = DEFAULT,
        token: Token | None = None,
    ) -> tuple[R, Pixels | None]:
        """Ask as `Pool.call` does; questions from several threads wait for each other.

        A cancelled token ends the worker: leave it out where an answer takes no time worth saving.
        """
        with self._lock:
            if not self._worker.alive:
                raise ReadError(f"Reading {self._name} was stopped; open it again.")
            try:
                return self._worker.call(
                    request, ask, name=self._name, limits=limits, token=token
                )  # fmt: skip
            except Unavailable as error:
                raise _unavailable(self._name) from error

    def close(self) -> None:
        """End the worker; may be called again, and while another thread waits for an answer."""
        self._worker.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        self._worker.kill()


class Pool:
    """Workers that are all alike.

    Parameters
    ----------
    command, anonymous
        As `core.io.isolation.process.Process` takes them.
    """

    def __init__(
        self, command: Sequence[str] | None = None, *, anonymous: bool | None = None
    ) -> None:
        self._command = command
        self._anonymous = anonymous
        self._lock = threading.Lock()
        self._idle: list[Worker] = []
        self._warm = 0

    @property
    def idle(self) -> tuple[Worker, ...]:
        """Workers that are waiting for a question."""
        with self._lock:
            return tuple(self._idle)

    def warm(self, count: int = 1) -> None:
        """Have so many workers waiting, now and after any of them is lost.

        Returns at once: they load what they need by themselves. Does nothing where none can be
        started, which is then said when a file is read.
        """
        self._warm = min(count, KEPT)
        with contextlib.suppress(Unavailable):
            while len(self.idle) < self._warm:
                self._give(self._new())

    def call(
        self,
        request: Request[A, R],
        ask: A,
        *,
        name: str,
        limits: Limits = DEFAULT,
        token: Token | None = None,
    ) -> tuple[R, Pixels | None]:
        """Ask any worker; see `core.io.isolation.asking.Worker.call`.

        Raises
        ------
        ReadError, Cancelled
            As there.
        Unavailable
            No worker can be started.
        """
        worker = self._take()
        try:
            return worker.call(request, ask, name=name, limits=limits, token=token)
        finally:
            self._give(worker)

    def lease(self, name: str) -> Lease:
        """Return a worker of one's own.

        Raises
        ------
        ReadError
            No worker can be started.
        """
        try:
            return Lease(self._take(), name)
        except Unavailable as error:
            raise _unavailable(name) from error

    def close(self) -> None:
        """End the idle workers; those at work end with their question. It can be used again."""
        self._warm = 0
        with self._lock:
            workers, self._idle = self._idle, []
        for worker in workers:
            worker.kill()

    def forget(self) -> None:
        """Drop all workers without ending them, in a process forked from theirs."""
        self._lock = threading.Lock()
        for worker in self._idle:
            worker.forget()
        self._idle = []

    def _take(self) -> Worker:
        while True:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            if worker is None:
                return self._new()
            if worker.alive:
                return worker
            worker.kill()  # ended while it waited

    def _new(self) -> Worker:
        return Worker(self._command, anonymous=self._anonymous)

    def _give(self, worker: Worker) -> None:
        if worker.alive:
            with self._lock:
                kept = len(self._idle) < KEPT
                if kept:
                    self._idle.append(worker)
            if kept:
                return
        worker.kill()
        if self._warm:
            self.warm(self._warm)


def _unavailable(name: str) -> ReadError:
    return ReadError(
        f"No process could be started to read {name} in; close other programs and open it again."
    )


_default: Final = Pool()


def default() -> Pool:
    """Return the program's pool."""
    return _default


atexit.register(_default.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_default.forget)
