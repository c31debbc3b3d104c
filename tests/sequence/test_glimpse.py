"""What can be seen of a frame before it is there."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.errors import Cancelled
from core.sequence.archive import Archive
from core.sequence.glimpse import soonest
from core.sequence.pixels import picture
from core.sequence.result import FrameResult
from core.sequence.sources.video import VideoSource
from core.sequence.stored import Look
from core.sequence.types import Frame
from core.types import Token
from tests.cli.shots import film, frame
from tests.sequence.reel import Reel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def video(tmp_path: Path) -> Iterator[VideoSource]:
    source = VideoSource(str(film(tmp_path / "film.mkv", range(40))), isolated=False)
    yield source
    source.close()


@pytest.fixture
def archive() -> Iterator[Archive]:
    with Archive(None) as made:
        yield made


def _store(archive: Archive, *indices: int) -> None:
    results = [FrameResult(i, i / 25, str(i)) for i in indices]
    archive.add(results, {i: Look.of(picture(_flat(i), Token())) for i in indices})


def _flat(level: int) -> np.ndarray:
    return np.full((48, 64, 3), level, np.uint8)


def _pass(source: VideoSource, index: int) -> None:
    source.passed = Frame(index, index / 25, ImageBuffer.from_array(frame(index)), str(index))


def test_a_stored_one_comes_first(video: VideoSource, archive: Archive) -> None:
    _store(archive, 30)
    _pass(video, 29)
    found = soonest(video, archive, 30, 0, Token())
    assert found is not None
    assert found[0] == 30
    assert np.abs(found[1].astype(int) - 30).max() <= 2


def test_the_frame_that_is_passed_is_waited_for(video: VideoSource, archive: Archive) -> None:
    asked: list[bool] = []

    def come() -> None:
        asked.append(video.passing)
        _pass(video, 25)

    timer = threading.Timer(0.1, come)
    timer.start()
    found = soonest(video, archive, 30, 0, Token())
    timer.join()
    assert asked == [True]  # only meanwhile
    assert not video.passing
    assert found is not None
    assert found[0] == 25
    assert np.array_equal(found[1], frame(25))


@pytest.mark.parametrize(("stored", "expected"), [(33, 33), (36, 25), (35, 35), (24, 25)])
def test_of_a_stored_and_a_passed_one_the_nearer(
    video: VideoSource, archive: Archive, stored: int, expected: int
) -> None:
    _store(archive, stored)
    _pass(video, 25)
    found = soonest(video, archive, 30, 0, Token())
    assert found is not None
    assert found[0] == expected


def test_what_is_no_nearer_than_what_is_seen_is_left_out(
    video: VideoSource, archive: Archive
) -> None:
    _pass(video, 25)
    token = Token()
    threading.Timer(0.1, token.cancel).start()
    with pytest.raises(Cancelled):
        soonest(video, archive, 30, 35, token)
    assert not video.passing
    found = soonest(video, archive, 30, 36, Token())
    assert found is not None


def test_other_sources_pass_nothing(archive: Archive) -> None:
    _store(archive, 3)
    assert soonest(Reel([]), archive, 30, 0, Token()) is None
