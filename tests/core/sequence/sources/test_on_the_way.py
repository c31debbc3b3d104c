"""Frames that are decoded on the way to one that takes a while are handed over, if wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from core.io.isolation.requests import FrameReply
from core.sequence.sources import answering
from core.sequence.sources.video import VideoSource
from tests.core.sequence.sources.movies import movie
from tests.core.sequence.sources.test_passing import OTHERS, SAFE, drifting, film

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Patch = pytest.MonkeyPatch


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write 90 frames, every 30th of which is a key."""
    return film(tmp_path_factory.mktemp("film") / "closed.mp4", SAFE["closed.mp4"])


@pytest.fixture
def source(closed: Path, monkeypatch: Patch) -> Iterator[VideoSource]:
    """Return it, with answers after every packet."""
    made = VideoSource(str(closed), isolated=False)
    monkeypatch.setattr(answering, "_STEP_SECONDS", 0.0)
    yield made
    made.close()


def test_one_comes_along_that_is_nearer_and_exact(source: VideoSource) -> None:
    source.frame(2)
    source.passing = True
    wanted = source.frame(85)
    passed = source.passed
    assert passed is not None
    assert passed.image is not None
    assert 60 <= passed.index < 85
    assert passed.name.endswith(f"#{passed.index}")
    exact = source.frame(passed.index)
    assert exact.image is not None
    assert np.array_equal(passed.image.data, exact.image.data)
    assert (passed.time, passed.image.key) == (exact.time, exact.image.key)
    assert wanted.image is not None
    assert wanted.image.contents.frame == 85


def test_it_changes_no_pixel_of_what_is_wanted(
    source: VideoSource, closed: Path, monkeypatch: Patch
) -> None:
    source.passing = True
    monkeypatch.setattr(answering, "_STEP_SECONDS", 0.03)
    plain = VideoSource(str(closed), isolated=False)
    monkeypatch.setattr(answering, "_STEP_SECONDS", 0.0)
    for index in (70, 10, 44, 43, 89):
        a, b = source.frame(index).image, plain.frame(index).image
        assert a is not None
        assert b is not None
        assert np.array_equal(a.data, b.data)
    plain.close()


def test_none_comes_that_nobody_wants(source: VideoSource) -> None:
    source.frame(85)
    assert source.passed is None


def test_it_is_of_the_last_reading_alone(source: VideoSource) -> None:
    source.passing = True
    source.frame(85)
    source.passing = False
    source.frame(5)
    assert source.passed is None


def test_one_is_enough(source: VideoSource, monkeypatch: Patch) -> None:
    given: list[int] = []
    told = answering.told
    monkeypatch.setattr(answering, "told", lambda *a, **m: given.append(1) or told(*a, **m))
    source.passing = True
    source.frame(85)
    assert len(given) == 2  # itself is the other


def test_of_files_without_times_none_comes(tmp_path: Path, monkeypatch: Patch) -> None:
    source = VideoSource(str(film(tmp_path / "h264.avi", OTHERS["h264.avi"])), isolated=False)
    monkeypatch.setattr(answering, "_STEP_SECONDS", 0.0)
    source.passing = True
    assert source.frame(50).image is not None
    assert source.passed is None  # decoding began at the first frame, and may still be there
    source.close()


@pytest.mark.parametrize("number", [-1, 85, 10**9])
def test_a_wrong_number_is_not_taken(source: VideoSource, number: int, monkeypatch: Patch) -> None:
    def lie(*given: Any) -> tuple[FrameReply, np.ndarray]:
        del given
        said = FrameReply(False, peak=255.0, bits=8, encoding="srgb", alpha="none", passed=number)
        return said, np.zeros((4, 6, 3), np.uint8)

    monkeypatch.setattr(answering, "_on_the_way", lie)
    source.passing = True
    assert source.frame(85).image is not None
    assert source.passed is None


def test_a_worker_hands_it_over_too(tmp_path: Path) -> None:
    """Decoding so much takes longer than a step."""
    options = {"preset": "ultrafast", "g": "250"}
    path = movie(
        tmp_path / "large.mp4", 60, codec="libx264", pixels="yuv420p", options=options,
        draw=drifting, size=(1920, 1080),
    )  # fmt: skip
    source = VideoSource(str(path))
    source.passing = True
    source.frame(59)
    passed = source.passed
    source.close()
    assert passed is not None
    assert passed.index < 59
    assert source.passed is None
