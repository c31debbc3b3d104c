"""Runs jobs on one thread of its own: the newest wins, stale answers are known by their number."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.errors import Cancelled
from core.types import Token

Job = Callable[[Token], Iterator[object]]
"""A generator function: what it yields is delivered, between yields it may be stopped."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A job ended with an exception."""

    error: Exception


@dataclass(frozen=True, slots=True)
class Stopped:
    """A job was cancelled by `Scheduler.cancel` (not by a newer one)."""


class Scheduler:
    """One worker thread that keeps at most one job waiting: the newest.

    Parameters
    ----------
    deliver
        Called on the worker thread with (number of the job, event). Events are what the job
        yields, and `Failed` or `Stopped`. After a newer `submit` no event of an older job is
        delivered any more, except one that is already on its way: compare numbers.
    name
        Of the thread.
    """

    def __init__(self, deliver: Callable[[int, object], None], name: str) -> None:
        self._deliver = deliver
        self._condition = threading.Condition()
        self._waiting: tuple[int, Job, Token] | None = None
        self._token = Token()
        self._number = 0
        self._closed = False
        self._busy = False
        self._thread = threading.Thread(target=self._run, name=f"pairlens-{name}", daemon=True)
        self._thread.start()

    @property
    def current(self) -> int:
        """Number of the newest job, or a higher one after it was forgotten."""
        return self._number

    @property
    def idle(self) -> bool:
        """Whether nothing is running or waiting."""
        with self._condition:
            return not self._busy and self._waiting is None

    def submit(self, job: Job) -> int:
        """Stop what is running, forget what is waiting, and run this next; return its number."""
        with self._condition:
            if self._closed:
                raise RuntimeError("the scheduler is closed")
            self._token.cancel()
            self._token = Token()
            self._number += 1
            self._waiting = (self._number, job, self._token)
            self._condition.notify_all()
            return self._number

    def cancel(self) -> None:
        """Stop what is running or waiting; `Stopped` is delivered if there was anything."""
        with self._condition:
            self._token.cancel()

    def forget(self) -> None:
        """Stop what is running or waiting; nothing more of it is delivered."""
        with self._condition:
            self._token.cancel()
            self._number += 1
            self._waiting = None

    def close(self) -> None:
        """Stop everything and wait for the thread to end; nothing is delivered afterwards."""
        with self._condition:
            self._closed = True
            self._token.cancel()
            self._waiting = None
            self._condition.notify_all()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._condition:
                self._busy = False
                while self._waiting is None and not self._closed:
                    self._condition.wait()
                if self._waiting is None:
                    return
                number, job, token = self._waiting
                self._waiting = None
                self._busy = True
            self._work(number, job, token)

    def _work(self, number: int, job: Job, token: Token) -> None:
        try:
            token.check()
            for event in job(token):
                token.check()
                self._tell(number, event)
        except Cancelled:
            self._tell(number, Stopped())
        except Exception as error:
            self._tell(number, Failed(error))

    def _tell(self, number: int, event: object) -> None:
        with self._condition:
            wanted = number == self._number and not self._closed
        if wanted:
            self._deliver(number, event)
