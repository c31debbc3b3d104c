"""Scrubbing: from the question for a frame of a 1080p H.264 film to the frame.

The films are x264's, of about 8 Mbit/s, with B frames: one with a key every 60 frames, one with
x264's own 250. A drag is a second of 60 places, each 1 to 10 frames from the last; the newest
place wins: the question before it is cancelled. Those that were answered are *shown*; the *last*
is where the hand stops, from which on nothing cancels any more.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import av
import cv2
import numpy as np

from benchmarks._run import Case, main
from core.errors import Cancelled
from core.sequence.sources.video import VideoSource
from core.types import Token
from tests.make import photo

_COUNT: Final = 360
_RATE: Final = 60
_DRAGS: Final = 7
_SEEKS: Final = 40


def film(path: Path, gop: int, count: int = _COUNT) -> Path:
    """Write a film of 1080p: a photograph pans, noise, a thing moves."""
    scene = cv2.resize(photo(600, 1040, seed=7), (2200, 1200), interpolation=cv2.INTER_CUBIC)
    rng = np.random.default_rng(0)
    grain = np.rint(rng.standard_normal((1300, 2200, 3), np.float32) * 4).astype(np.int16)
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 1920, 1080, "yuv420p"
        # Of one slice a frame, as films mostly are.
        stream.codec_context.thread_type = "FRAME"
        stream.options = {
            "preset": "veryfast", "b": "8000000", "g": str(gop), "keyint_min": str(gop),
            "bf": "3", "sc_threshold": "0",
        }  # fmt: skip
        for i in range(count):
            row, col = rng.integers(0, 200, 2).tolist()
            noise = grain[row : row + 1080, col : col + 1920]
            x = cv2.add(scene[i // 4 :, i // 2 :][:1080, :1920], noise, dtype=cv2.CV_8U)
            left = 60 + 13 * i % 1600
            x[400:600, left : left + 150] = (200, 40, 90)
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(x), "rgb24")
            frame = frame.reformat(format="yuv420p")
            frame.pts = i
            file.mux(stream.encode(frame))
        file.mux(stream.encode())
    return path


@dataclass
class Drag:
    """What came of some drags: milliseconds from the question for a frame to the frame."""

    shown: list[float] = field(default_factory=list)
    last: list[float] = field(default_factory=list)


class _Hand:
    """Asks on one thread while places come from another; the newest wins."""

    def __init__(self, source: VideoSource) -> None:
        self._source = source
        self._changed = threading.Condition()
        self._wanted: tuple[int, float, Token] | None = None
        self._ended = False
        self.times: list[tuple[float, float]] = []
        """When a place came whose frame was shown, and when it was."""
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def at(self, place: int) -> None:
        with self._changed:
            if self._wanted is not None:
                self._wanted[2].cancel()
            self._wanted = place, time.perf_counter(), Token()
            self._changed.notify()

    def end(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        done = None
        while True:
            with self._changed:
                while self._wanted is done and not self._ended:
                    self._changed.wait()
                if self._wanted is done:
                    return
                done = self._wanted
            assert done is not None
            place, came, token = done
            try:
                frame = self._source.frame(place, token)
            except Cancelled:
                continue
            assert frame.image is not None
            self.times.append((came, time.perf_counter()))


def drag(source: VideoSource, places: Sequence[int], found: Drag) -> None:
    """Drag over places, 60 a second, and wait for the last."""
    source.frame(places[0])
    hand = _Hand(source)
    began = time.perf_counter()
    for i, place in enumerate(places[1:]):
        time.sleep(max(began + i / _RATE - time.perf_counter(), 0))
        hand.at(place)
    hand.end()
    times = [1e3 * (shown - came) for came, shown in hand.times]
    found.shown += times
    found.last.append(times[-1])


def places(rng: np.random.Generator, sign: int, most: int) -> list[int]:
    """Return the places of a drag of a second."""
    steps = np.cumsum(rng.integers(1, most + 1, _RATE))
    first = int(rng.integers(0, max(_COUNT - int(steps[-1]), 1)))
    inside = first + steps[steps < _COUNT - first]
    return [int(p) for p in (inside if sign > 0 else inside[::-1])]


def _measured(gop: int) -> dict[str, float]:
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = film(Path(folder) / "film.mp4", gop)
        source = VideoSource(str(path))
        rng = np.random.default_rng(1)
        times = []
        for place in rng.integers(0, _COUNT, _SEEKS).tolist():
            began = time.perf_counter()
            source.frame(place)
            times.append(1e3 * (time.perf_counter() - began))
        found["random seeks"] = statistics.median(times)
        for name, sign in (("forward", 1), ("backward", -1)):
            for most, speed in ((3, "slowly"), (10, "fast")):
                drags = Drag()
                for _ in range(_DRAGS):
                    drag(source, places(rng, sign, most), drags)
                which = f"dragged {name} {speed} ({1e2 * len(drags.shown) / (_DRAGS * 60):.0f} %"
                found[f"{which} shown), shown"] = statistics.median(drags.shown)
                found[f"{which} shown), last"] = statistics.median(drags.last)
        source.close()
    return found


def track_scrubbing_gop_60() -> dict[str, float]:
    return _measured(60)


def track_scrubbing_gop_250() -> dict[str, float]:
    return _measured(250)


CASES = (
    Case("scrubbing, 1080p H.264, a key every 60 frames", track_scrubbing_gop_60, most=80),
    Case("scrubbing, 1080p H.264, a key every 250 frames", track_scrubbing_gop_250, most=80),
)

if __name__ == "__main__":
    sys.exit(main(CASES))
