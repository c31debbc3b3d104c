"""What a process and all that it started take of the memory, over time (Linux)."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_EVERY = 0.2
"""Seconds between two looks."""


def megabytes(root: int) -> float:
    """Return the proportional set size of a process and its descendants: shared pages once."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                stat = (entry / "stat").read_text(encoding="ascii", errors="replace")
                parent = int(stat.rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(entry.name))
    left, kilobytes = [root], 0
    while left:
        pid = left.pop()
        left += children.get(pid, [])
        with suppress(OSError):
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
                if line.startswith("Pss:"):
                    kilobytes += int(line.split()[1])
    return kilobytes / 1000


class Phase(NamedTuple):
    """Something that was done, in seconds since the start."""

    name: str
    begin: float
    end: float


class Watch:
    """Looks at the memory of this process's tree on a thread of its own, while it is entered.

    Attributes
    ----------
    curve
        (seconds since the start, megabytes) of every look.
    phases
        What was done.
    """

    def __init__(self) -> None:
        self.curve: list[tuple[float, float]] = []
        self.phases: list[Phase] = []
        self._began = time.perf_counter()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def during(self, name: str, work: Callable[[], T]) -> T:
        """Do something, take note of when, and return what it returns."""
        begin = time.perf_counter()
        made = work()
        end = time.perf_counter()
        self.phases.append(Phase(name, begin - self._began, end - self._began))
        return made

    @property
    def peak(self) -> float:
        """The most megabytes so far."""
        return max((m for _, m in self.curve), default=0.0)

    def _run(self) -> None:
        while not self._end.wait(_EVERY):
            self.curve.append((time.perf_counter() - self._began, megabytes(os.getpid())))
