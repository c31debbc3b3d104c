"""How much processor time each part of watching a 1080p film takes."""

from __future__ import annotations

import cProfile
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np
from _sequence_memory import children
from _sequence_tables import head, row, text

from benchmarks.sequence import decoded
from core.sequence import background, changes, pixels, tracks
from core.sequence.analysis import Analysis, analyse
from core.sequence.params import Against, SequenceParams
from core.sequence.sources.video import VideoSource
from core.sequence.types import Frame
from core.types import Token
from tests.make import photo

PARAMS: Final = SequenceParams(against=Against.BACKGROUND)
COUNT: Final = 80
"""Frames that are measured, after those from which the background is learned."""
RUNS: Final = 3
HIGH, WIDE = 1080, 1920
PARTS: Final[dict[str, Callable[..., object]]] = {
    "histograms, sample": pixels.picture,
    "verdicts": changes.Judge.add,
    "what stands out": background.Bounds.outside,
    "background learned, every 8th frame": background.Bounds.learn,
    "difference from it": pixels.differ,
    "specks removed": background.cleaned,
    "things": tracks.things,
    "tracks": tracks.Tracker.next,
}


@dataclass
class Spent:
    """Milliseconds of processor time a frame: of each part, and of all of the analysis."""

    parts: dict[str, float]
    analysis: float


def speed() -> str:
    """Return the table of processor time, and how many frames a second were watched."""
    count, load = PARAMS.window + COUNT, os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        path = str(film(Path(folder) / "film.mp4", count))
        runs = [(_spent(decoded(count)), _spent(_opened(path))) for _ in range(RUNS)]
        decoding = min(_decoded(path) for _ in range(RUNS))
        rates = [(_rate(decoded(count)), _film_rate(path)) for _ in range(RUNS)]
    # Of several runs, the one that was disturbed least.
    reel, coded = (min(some, key=lambda s: s.analysis) for some in zip(*runs, strict=True))
    lines = head(("Milliseconds of processor time a frame", "in memory", "H.264"))
    for name, value in reel.parts.items():
        lines.append(row(name, f"{value:.1f}", f"{coded.parts[name]:.1f}"))
    lines.append(
        row("**analysis**, with the rest", *(f"**{s.analysis:.1f}**" for s in (reel, coded)))
    )
    lines.append(
        row("decoding by a worker, conversion to RGB, handing over", "", f"{decoding:.1f}")
    )
    total = coded.analysis + decoding
    fast = [max(some) for some in zip(*rates, strict=True)]
    return text(lines) + (
        f"\nDecoding is {decoding / total:.0%} of the work on the film. Divided evenly, the work "
        f"would let two processors without other work watch at most {2000 / reel.analysis:.0f} "
        f"frames a second in memory, and {2000 / total:.0f} of the film. The clock said "
        f"{fast[0]:.0f} and {fast[1]:.0f} (fastest of {RUNS} runs) on the machine that the page "
        f"was made on: {os.cpu_count()} processors, with a load of {load:.1f} by other work as it "
        "began.\n"
    )


def film(path: Path, count: int) -> Path:
    """Write a film of a fixed camera: a photograph, noise of σ 4, a thing moves (8 Mbit/s)."""
    scene = cv2.resize(photo(540, 960, seed=7), (WIDE, HIGH), interpolation=cv2.INTER_CUBIC)
    rng = np.random.default_rng(0)
    grain = np.rint(rng.standard_normal((HIGH + 200, WIDE + 200, 3), np.float32) * 4)
    grain = grain.astype(np.int16)
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = WIDE, HIGH, "yuv420p"
        # Of one slice a frame, as films mostly are.
        stream.codec_context.thread_type = "FRAME"
        stream.options = {"preset": "veryfast", "b": "8000000", "g": "60", "bf": "3"}
        for i in range(count):
            top, left = rng.integers(0, 200, 2).tolist()
            noise = grain[top : top + HIGH, left : left + WIDE]
            x = np.asarray(cv2.add(scene, noise, dtype=cv2.CV_8U), np.uint8)
            place = 60 + 13 * i % 1600
            x[400:600, place : place + 150] = (200, 40, 90)
            frame = av.VideoFrame.from_ndarray(x, "rgb24").reformat(format="yuv420p")
            frame.pts = i
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    return path


def _opened(path: str) -> Iterator[Frame]:
    source = VideoSource(path, isolated=False)
    for index in range(source.count):
        yield source.frame(index)
    source.close()


def _spent(frames: Iterable[Frame]) -> Spent:
    """Return what was spent on frames that are decoded and analysed in turn, in this process."""
    profile = cProfile.Profile(timer=time.process_time, builtins=False)
    analysis = Analysis(PARAMS, Token(), rate=25)
    spent = 0.0
    for i, frame in enumerate(frames):
        read = time.process_time()
        if i >= PARAMS.window:
            profile.enable()
        for _ in analysis.take(frame):
            pass
        profile.disable()
        if i >= PARAMS.window:
            spent += time.process_time() - read
    analysis.close()
    each = 1e3 / COUNT
    seconds = {entry.code: entry.totaltime for entry in profile.getstats()}
    parts = {name: each * seconds.get(function.__code__, 0.0) for name, function in PARTS.items()}
    return Spent(parts, spent * each)


def _decoded(path: str) -> float:
    """Return milliseconds a frame of a worker that decodes, and of who asks it (Linux)."""
    source = VideoSource(path)
    spent = 0.0
    for i in range(source.count):
        if i == PARAMS.window:
            spent = -_busy()
        source.frame(i)
    spent += _busy()
    source.close()
    return 1e3 * spent / COUNT


def _busy() -> float:
    """Return seconds of processor time of this process and those it started."""
    ticks = 0
    for pid in children(os.getpid()):
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
        ticks += sum(map(int, stat.rpartition(")")[2].split()[11:13]))
    return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


def _rate(frames: Iterable[Frame]) -> float:
    """Return frames a second, by the clock."""
    times = [time.perf_counter() for _ in analyse(frames, PARAMS, Token(), rate=25)]
    return COUNT / (times[-1] - times[-1 - COUNT])


def _film_rate(path: str) -> float:
    """Return frames a second of a film, decoded by a worker meanwhile."""
    source = VideoSource(path)
    try:
        return _rate(source.frames())
    finally:
        source.close()
