"""Memory of ``pairlens sequence`` and its workers over a long video, sampled while it runs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import av
from _noise_plot import Panel
from _sequence_tables import head, row, text

from tests.sequence.film import Film

ROOT: Final = Path(__file__).resolve().parent.parent
COUNT: Final = 10_000
HIGH, WIDE = 90, 160
OPTIONS: Final = ("--against", "background", "--flow", "points")
_EVERY: Final = 0.1
_DRAWN: Final = 60
"""Points of a line."""
_STARTED: Final = 0.1
"""Share of the run after which all parts have been used."""


@dataclass
class Run:
    """Seconds since the start, and megabytes of the program and of its workers."""

    seconds: list[float] = field(default_factory=list)
    program: list[float] = field(default_factory=list)
    workers: list[float] = field(default_factory=list)

    def summed(self) -> list[float]:
        """Return megabytes of all processes."""
        return [p + w for p, w in zip(self.program, self.workers, strict=True)]


def film(path: Path, count: int = COUNT) -> None:
    """Write a small H.264 video in which three things move over noise."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, "yuv420p"
        stream.options = {"preset": "veryfast"}
        reel = Film(seed=1, height=HIGH, width=WIDE).frames(count)
        for i, (pixels, _) in enumerate(reel):
            frame = av.VideoFrame.from_ndarray(pixels, "rgb24").reformat(format="yuv420p")
            frame.pts = i
            file.mux(stream.encode(frame))
        file.mux(stream.encode())


def measured(count: int = COUNT) -> Run:
    """Run the command line over such a video, and sample its memory (Linux)."""
    run = Run()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        film(path, count)
        words = [sys.executable, "-m", "cli", "sequence", str(path), *OPTIONS]
        words += ["--json", str(Path(folder) / "film.json"), "--quiet"]
        began = time.monotonic()
        with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
            while process.poll() is None:
                own = _megabytes(process.pid)
                below = sum(_megabytes(pid) for pid in children(process.pid))
                if own and (below or not run.seconds or not run.workers[-1]):  # not once it ends
                    run.seconds.append(time.monotonic() - began)
                    run.program.append(own)
                    run.workers.append(below)
                time.sleep(_EVERY)
        if process.returncode not in {0, 1}:
            raise SystemExit(f"pairlens sequence ended with {process.returncode}")
    return run


def children(pid: int) -> list[int]:
    """Return the processes that one has started (Linux)."""
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        tasks = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208 - names are enough
        for task in tasks:
            more = Path(f"/proc/{pid}/task/{task}/children").read_text(encoding="ascii")
            found += [one for one in more.split() if one not in found]
    except OSError:
        return []
    return [int(one) for one in found]


def _megabytes(pid: int) -> float:
    """Return the resident memory of a process; what it shares with others counts in full."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):  # it has just ended
        return 0.0
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


def memory(run: Run) -> str:
    """Return the table."""
    n = len(run.seconds)
    first = int(_STARTED * n)
    lines = head(("Megabytes", "after a tenth", "at the end", "most"))
    parts = {"program": run.program, "decoder": run.workers, "both": run.summed()}
    for name, values in parts.items():
        some = f"{values[first]:.0f}", f"{values[-1]:.0f}", f"{max(values):.0f}"
        lines.append(row(name, *some))
    seconds = run.seconds[-1]
    options = " ".join(OPTIONS)
    note = (
        f"{COUNT:,} frames of {WIDE} × {HIGH} px (H.264) with `{options} --json` in"
        f" {seconds:.0f} s; resident memory, sampled {n} times. Libraries that both have loaded"
        " count twice.\n"
    )
    return text(lines) + "\n" + note


def panel(run: Run) -> Panel:
    """Return the curve over time."""
    last, high = run.seconds[-1], max(run.summed())
    step = 10 ** len(str(int(last / 5))) / 10 or 1
    while last / step > 8:
        step *= 2
    top = 50 * (int(high / 50) + 1)
    made = Panel(
        f"Memory over {COUNT:,} frames, MB",
        "seconds since the start",
        (0.0, last),
        (0.0, float(top)),
        log=False,
        ticks_x=[(k * step, f"{k * step:g}") for k in range(int(last / step) + 1)],
        ticks_y=[(float(v), str(v)) for v in range(0, top + 1, 50)],
    )
    for name, values in _lines(run):
        made.line(name, [x for x, _ in values], [y for _, y in values])
    return made


def _lines(run: Run) -> list[tuple[str, Sequence[tuple[float, float]]]]:
    every = max(len(run.seconds) // _DRAWN, 1)
    parts = {"both": run.summed(), "program": run.program, "decoder": run.workers}
    return [(n, list(zip(run.seconds, v, strict=True))[::every]) for n, v in parts.items()]
