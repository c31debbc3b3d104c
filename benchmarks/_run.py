"""Runs cases in turns with their peers and prints one table."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
_SECONDS: Final = 12.0
"""A pair of contestants is timed in turns for about this long."""
_ROUNDS: Final = (5, 40)


@dataclass(frozen=True)
class Case:
    """One row of the table.

    Attributes
    ----------
    title
        What is measured.
    ours
        A ``time_…`` function, timed; or a ``track_…`` or ``peakmem_…`` function, which runs in a
        process of its own and whose answer counts: a number, or numbers by name.
    peer
        What it is timed against, in turns.
    faster
        Goal: at least this many times as fast as the peer.
    slower
        Goal: takes at most this many times the peer's time.
    most
        Goal: the number is at most this.
    unit
        Of the number.
    """

    title: str
    ours: Callable[[], Any]
    peer: Callable[[], Any] | None = None
    faster: float | None = None
    slower: float | None = None
    most: float | None = None
    unit: str = "ms"

    @property
    def words(self) -> str:
        """What a word on the command line is looked for in."""
        return f"{self.ours.__module__} {self.ours.__name__} {self.title}".lower()


@dataclass(frozen=True)
class Time:
    """Median milliseconds of a contestant: on the clock, and of all threads and processes."""

    wall: float
    cpu: float


def in_turns(*contestants: Callable[[], Any]) -> list[Time]:
    """Time functions in turns, so that what else the machine does hits all alike."""
    for run in contestants:
        run()
    walls: list[list[float]] = [[] for _ in contestants]
    cpus: list[list[float]] = [[] for _ in contestants]
    least, most = _ROUNDS
    end = time.perf_counter() + _SECONDS
    while len(walls[0]) < least or (len(walls[0]) < most and time.perf_counter() < end):
        for run, wall, cpu in zip(contestants, walls, cpus, strict=True):
            started, used = time.perf_counter(), _used()
            run()
            wall.append(time.perf_counter() - started)
            cpu.append(_used() - used)
    return [
        Time(1e3 * statistics.median(w), 1e3 * statistics.median(c))
        for w, c in zip(walls, cpus, strict=True)
    ]


def _used() -> float:
    """Return the seconds of all threads and ended children; only those of children are in ticks."""
    return time.process_time() + sum(os.times()[2:4])


def alone(function: Callable[[], Any], *arguments: Any) -> Any:
    """Return what a function of a module gives in a fresh process."""
    code = (
        "import importlib, json, sys\n"
        "module, name, arguments = json.loads(sys.argv[1])\n"
        "print(json.dumps(getattr(importlib.import_module(module), name)(*arguments)))"
    )
    asked = json.dumps([_module(function), function.__name__, arguments])
    done = subprocess.run(
        [sys.executable, "-c", code, asked], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def _module(function: Callable[[], Any]) -> str:
    """Return where to import a function from, also when its file is the one that was started."""
    if function.__module__ != "__main__":
        return function.__module__
    return f"benchmarks.{Path(sys.modules['__main__'].__file__ or '').stem}"


def extra_megabytes(work: Callable[[], Any]) -> float:
    """Return by how much the peak of this process's memory rises while it works (Linux)."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forgets the earlier peak
    before = _status("VmRSS")
    work()
    return (_status("VmHWM") - before) / 1024


def _status(name: str) -> float:
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return next(float(line.split()[1]) for line in text.splitlines() if line.startswith(name))


def rows(case: Case) -> Iterator[tuple[str, ...]]:
    """Measure one case and yield its rows: one for each number that a ``track_…`` returns."""
    if case.ours.__name__.startswith("time_"):
        yield _timed(case)
        return
    found = alone(case.ours)
    for name, value in (found if isinstance(found, dict) else {"": found}).items():
        met = "" if case.most is None else _met(value <= case.most)
        goal = "" if case.most is None else f"≤ {case.most:g} {case.unit}"
        title = f"{case.title}, {name}" if name else case.title
        yield (title, f"{value:,.1f} {case.unit}", "", "", "", goal, met)


def _timed(case: Case) -> tuple[str, ...]:
    if case.peer is None:
        (ours,) = in_turns(case.ours)
        return (case.title, f"{ours.wall:,.2f} ms", "", "", "", "", "")
    ours, peer = in_turns(case.ours, case.peer)
    ratio, cpu = peer.wall / ours.wall, peer.cpu / max(ours.cpu, 1e-9)
    goal, met = "", ""
    if case.faster is not None:
        goal, met = f"≥ {case.faster:g} × as fast", _met(ratio >= case.faster)
    if case.slower is not None:
        goal, met = f"≤ {case.slower:g} × its time", _met(1 / ratio <= case.slower)
        ratio, cpu = 1 / ratio, 1 / cpu
    both = f"{ours.wall:,.1f} ms", f"{peer.wall:,.1f} ms"
    return (case.title, *both, f"{ratio:.2f}", f"{cpu:.2f}", goal, met)


def _met(yes: bool) -> str:
    return "yes" if yes else "NO"


HEAD: Final = ("what", "ours", "peer", "ratio", "of CPU", "goal", "met")


def main(cases: Sequence[Case], words: Sequence[str] | None = None) -> int:
    """Run the cases that the words of the command line name, and print the table."""
    wanted = [w.lower() for w in (sys.argv[1:] if words is None else words)]
    chosen = [c for c in cases if not wanted or any(w in c.words for w in wanted)]
    width = max((len(c.title) for c in chosen), default=0) + 12
    sizes = (width, 12, 12, 8, 8, 16, 4)
    print(_line(HEAD, sizes))
    missed = 0
    for case in chosen:
        for cells in rows(case):
            missed += cells[-1] == "NO"
            print(_line(cells, sizes), flush=True)
    return int(missed > 0)


def _line(cells: Sequence[str], sizes: Sequence[int]) -> str:
    first, *rest = zip(cells, sizes, strict=True)
    return "  ".join([f"{first[0]:<{first[1]}}", *(f"{c:>{n}}" for c, n in rest)])
