"""Video files: any frame in any order is exactly that one, shown by the number it carries."""

from __future__ import annotations

import gc
import math
import sys
import threading
import time
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Cancelled, ReadError
from core.sequence.sources import decoding, kept
from core.sequence.sources.video import VideoSource
from core.types import Token
from tests.core.sequence.sources.movies import FORMATS, movie, movie_of, moving, number

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNT = 50
OPEN = Path("/proc/self/fd")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("movies")


@pytest.fixture(params=FORMATS)
def source(request: pytest.FixtureRequest, folder: Path) -> Iterator[VideoSource]:
    path = folder / request.param
    made = VideoSource(str(path if path.exists() else movie_of(path)), isolated=False)
    yield made
    made.close()


def test_frames_in_order(source: VideoSource) -> None:
    assert source.count == COUNT
    assert [number(f.image) for f in source.frames()] == list(range(COUNT))
    assert not source.live
    assert source.rate == 25


@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(order=st.lists(st.integers(0, COUNT - 1), min_size=1, max_size=8))
def test_frames_in_any_order(
    order: list[int], source: VideoSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "BYTES", 0)
    monkeypatch.setattr(kept, "RUNNING_BYTES", 0)
    monkeypatch.setattr(kept, "LEAST", 1)
    monkeypatch.setattr(decoding, "_NEAR", 2)
    got = [source.frame(i) for i in order]
    assert [f.problem for f in got] == [""] * len(order)
    assert [number(f.image) for f in got] == order
    assert [f.index for f in got] == order


@pytest.mark.parametrize("name", FORMATS)
def test_any_order_gives_the_very_pixels_that_the_order_of_time_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = movie_of(tmp_path / name, draw=moving)
    source = VideoSource(str(path), isolated=False)
    in_order = [f.image.data for f in source.frames() if f.image]
    source.close()
    monkeypatch.setattr(kept, "BYTES", 0)
    monkeypatch.setattr(kept, "RUNNING_BYTES", 0)
    monkeypatch.setattr(kept, "LEAST", 1)
    source = VideoSource(str(path), isolated=False)
    for index in np.random.default_rng(0).permutation(COUNT)[:20].tolist():
        image = source.frame(index).image
        assert image is not None
        assert (image.data == in_order[index]).all()
    source.close()


def test_a_worker_gives_the_same(folder: Path) -> None:
    path = movie_of(folder / "h264.mp4")
    here, there = VideoSource(str(path), isolated=False), VideoSource(str(path))
    for index in (0, 49, 7, 8, 30):
        a, b = here.frame(index), there.frame(index)
        assert a.image is not None
        assert b.image is not None
        assert (a.image.data == b.image.data).all()
        assert not b.image.data.flags.writeable
        assert a.image.key == b.image.key
        assert (a.time, a.name) == (b.time, b.name) == (index / 25, f"h264.mp4 #{index}")
    here.close()
    there.close()
    there.close()


def test_sequential_reading_never_seeks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = VideoSource(str(movie_of(folder / "h264.mp4")), isolated=False)
    monkeypatch.setattr(decoding.Video, "_jump", None)
    assert [number(source.frame(i).image) for i in range(COUNT)] == list(range(COUNT))
    source.close()


def test_odd_times_of_a_variable_rate(tmp_path: Path) -> None:
    base = Fraction(1, 90_000)
    times = [7, 11, 5_003, 5_004, 90_001, 90_013, 400_009, *range(400_100, 430_100, 1_001)]
    path = movie(
        tmp_path / "vfr.mp4", len(times), times=times.__getitem__, time_base=base,
        options={"g": "5", "bf": "2"}, container={"video_track_timescale": "90000"},
    )  # fmt: skip
    source = VideoSource(str(path), isolated=False)
    assert source.count == len(times)
    for i in (*range(len(times)), 3, 20, 4, 0, len(times) - 1):
        frame = source.frame(i)
        assert number(frame.image) == i
        assert frame.time == pytest.approx(float((times[i] - times[0]) * base), abs=1e-9)
    source.close()


def test_without_times_they_are_not_made_up(folder: Path) -> None:
    source = VideoSource(str(movie_of(folder / "bare.h264")), isolated=False)
    assert math.isnan(source.frame(3).time)
    source.close()
    source = VideoSource(str(movie_of(folder / "h264.avi")), isolated=False)
    assert source.frame(3).time == 3 / 25  # AVI shows each frame as long as the others
    source.close()


def test_closing_ends_what_another_thread_waits_for(folder: Path) -> None:
    source = VideoSource(str(movie_of(folder / "h264.mp4")))
    got: list[int] = []
    problems: list[str] = []

    def look() -> None:
        try:
            while True:
                got.extend(f.index for f in source.frames())
        except ReadError as error:
            problems.append(str(error))

    thread = threading.Thread(target=look)
    thread.start()
    while not got:
        time.sleep(0.01)
    source.close()
    thread.join(5)
    assert not thread.is_alive()
    assert "was closed" in problems[0]


def test_no_such_frame(folder: Path) -> None:
    source = VideoSource(str(movie_of(folder / "gray.mkv")), isolated=False)
    for index in (-1, COUNT):
        with pytest.raises(IndexError):
            source.frame(index)
    assert list(source.frames(COUNT)) == []
    assert [f.index for f in source.frames(48)] == [48, 49]
    source.close()


def test_a_token_ends_waiting_and_the_source_goes_on(folder: Path) -> None:
    source = VideoSource(str(movie_of(folder / "h264.mp4")))
    token = Token()
    frames = source.frames(0, token)
    assert number(next(frames).image) == 0
    token.cancel()
    with pytest.raises(Cancelled):
        next(frames)
    with pytest.raises(Cancelled):
        source.frame(40, token)
    with pytest.raises(Cancelled):
        VideoSource(source.address, token=token)
    assert number(source.frame(40).image) == 40
    source.close()


def descriptors() -> int:
    """Return how many files this process has open; 0 where the system does not say it."""
    gc.collect()
    return sum(1 for _ in OPEN.iterdir()) if OPEN.is_dir() else 0


def test_memory_stays_flat_and_files_are_let_go(tmp_path: Path) -> None:
    path = movie(tmp_path / "long.mp4", 2000, options={"preset": "ultrafast", "g": "50"})
    resource = pytest.importorskip("resource")
    unit = 1 if sys.platform == "darwin" else 1024

    before = descriptors()
    source = VideoSource(str(path), isolated=False)
    assert source.count == 2000
    peaks = []
    for frame in source.frames():
        assert number(frame.image) == frame.index % 1024
        if frame.index in {500, 1999}:
            peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)
    assert peaks[1] - peaks[0] < 8 << 20
    source.close()
    del frame
    assert descriptors() == before


def test_closing_lets_go_of_what_a_worker_held(folder: Path) -> None:
    before = descriptors()
    source = VideoSource(str(movie_of(folder / "h264.mp4")))
    list(source.frames(40))
    source.close()
    assert descriptors() <= before  # a worker that waited in the pool before is gone
