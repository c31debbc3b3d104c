"""Sequences: frames a second of the analysis, and its memory over many frames."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache

import cv2
import numpy as np

from benchmarks._pictures import noisy
from benchmarks._run import Case, extra_megabytes, main
from core.buffer import ImageBuffer
from core.sequence.analysis import analyse
from core.sequence.params import Against, Flow, Model, SequenceParams, Shake
from core.sequence.types import Frame
from core.types import Token
from tests.make import photo

SHOWN = 60
"""Frames of one run; the background is learned from the first 20 of them."""


@cache
def _reel() -> tuple[ImageBuffer, ...]:
    """Return decoded frames, 1080p RGB: a thing moves over a photograph with noise."""
    scene = cv2.resize(photo(540, 960, seed=7), (1920, 1080), interpolation=cv2.INTER_CUBIC)
    frames = []
    for t in range(12):
        x = noisy(scene, t)
        x[400:600, 100 * t : 100 * t + 150] = (200, 40, 90)
        frames.append(ImageBuffer.from_array(x))
    return tuple(frames)


def decoded(count: int) -> Iterator[Frame]:
    """Return so many frames of that film, again and again the same ones, from memory."""
    return _frames(_reel(), count)


def _frames(reel: tuple[ImageBuffer, ...], count: int) -> Iterator[Frame]:
    for i in range(count):
        yield Frame(i, i / 25, reel[i % len(reel)], "")


def _run(params: SequenceParams) -> None:
    for _ in analyse(_frames(_reel(), SHOWN), params, Token()):
        pass


def time_differences_1080p() -> None:
    _run(SequenceParams())


def time_background_1080p() -> None:
    _run(SequenceParams(against=Against.BACKGROUND, window=20))


def time_background_gray_1080p() -> None:
    _run(SequenceParams(against=Against.BACKGROUND, window=20, gray=True))


def time_mog2_1080p() -> None:
    _run(SequenceParams(against=Against.BACKGROUND, window=20, model=Model.MOG2))


def time_steady_1080p() -> None:
    params = SequenceParams(against=Against.BACKGROUND, window=20, light=True)
    _run(params.replace(shake=Shake.SIMILARITY))


def time_points_1080p() -> None:
    _run(SequenceParams(flow=Flow.POINTS))


def time_dense_1080p() -> None:
    _run(SequenceParams(flow=Flow.DENSE))


def track_milliseconds_a_frame() -> float:
    """Return the time for a 1080p frame: differences, histograms and background, learned."""
    import time  # noqa: PLC0415

    params = SequenceParams(against=Against.BACKGROUND, window=20)
    times = []
    frames = _frames(_reel(), 220)
    for i, _ in enumerate(analyse(frames, params, Token())):
        times.append(time.perf_counter())
        if i == 20:
            times = times[-1:]
    return 1e3 * float(np.mean(np.diff(times)))


def peakmem_10000_small_frames() -> float:
    """Return by how much memory rises over 10,000 frames, after the first 500."""
    rng = np.random.default_rng(0)
    reel = tuple(
        ImageBuffer.from_array(rng.integers(90, 110, (48, 64, 3), dtype=np.uint8))
        for _ in range(20)
    )
    params = SequenceParams(against=Against.BACKGROUND, flow=Flow.POINTS, window=50)
    results = analyse(_frames(reel, 10_000), params, Token())
    for _ in range(500):
        next(results)
    return extra_megabytes(lambda: [None for _ in results])


CASES = (
    Case("sequence, 1080p RGB, differences + histograms + background, one frame (60/s)",
         track_milliseconds_a_frame, most=1e3 / 60, unit="ms"),
    Case("sequence, 60 frames of 1080p, differences + histograms", time_differences_1080p),
    Case("sequence, 60 frames of 1080p, with background", time_background_1080p),
    Case("sequence, 60 frames of 1080p, with background, gray", time_background_gray_1080p),
    Case("sequence, 60 frames of 1080p, with MOG2", time_mog2_1080p),
    Case("sequence, 60 frames of 1080p, with background, light and camera", time_steady_1080p),
    Case("sequence, 60 frames of 1080p, with flow at points", time_points_1080p),
    Case("sequence, 60 frames of 1080p, with dense flow", time_dense_1080p),
    Case("sequence, 10,000 small frames, memory above the first 500", peakmem_10000_small_frames,
         most=8, unit="MB"),
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(CASES))
