"""Sequences in the whole window: what a person does, and what they then see."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.render import Side
from core.sequence.params import Against, SequenceParams
from gui.sequence.events import Wanted
from tests.cli.shots import THERE, film, frame, shots
from tests.make import write_png

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.sequence.conftest import Projector


def _pixels(projector: Projector) -> tuple[np.ndarray, np.ndarray]:
    session = projector.window.controller.session
    assert session.a is not None
    assert session.b is not None
    return session.a.data, session.b.data


def test_a_frame_is_compared_with_the_one_before(projector: Projector, movie: Path) -> None:
    projector.open(movie)
    assert not projector.window.parts.timeline.isHidden()
    projector.sequences.viewing.go_to(21)
    projector.at(21)
    a, b = _pixels(projector)
    assert np.array_equal(a, frame(21))
    assert np.array_equal(b, frame(20))
    result = projector.window.controller.result
    assert result is not None
    expected = np.abs(frame(21).astype(int) - frame(20)).sum() / (48 * 64)
    assert result.measures["l1_per_pixel"].value == pytest.approx(expected, abs=1e-9)


def test_the_curve_holds_the_number_of_the_table(projector: Projector, movie: Path) -> None:
    projector.open(movie)
    projector.rest()
    series = projector.sequences.watcher.series
    assert series is not None
    assert series.frames == 40
    projector.sequences.viewing.go_to(24)
    projector.at(24)
    result = projector.window.controller.result
    assert result is not None
    shown = result.measures["l1_per_pixel"].value
    assert series.values("l1_per_pixel")[24] == pytest.approx(shown, abs=1e-9)


def test_events_are_found_and_jumped_to(projector: Projector, tmp_path: Path) -> None:
    path = film(tmp_path / "stuck.mkv", [*range(10), *[10] * 6, *range(100, 112)])
    projector.open(path)
    projector.rest()
    kinds = [(e.kind, e.start, e.end) for e in projector.sequences.watcher.events]
    assert ("frozen", 13, 15) in kinds
    projector.sequences.viewing.go_to(0)
    projector.at(0)
    starts = sorted({start for _, start, _ in kinds})
    for start in starts:
        projector.window.actions_by_id["event_next"].trigger()
        projector.at(start)
    projector.window.actions_by_id["event_next"].trigger()  # there is none
    assert projector.sequences.reel.index == starts[-1]
    projector.window.actions_by_id["event_previous"].trigger()
    projector.at(starts[-2])


def test_against_the_background_things_stand_out(projector: Projector, movie: Path) -> None:
    params = SequenceParams(against=Against.BACKGROUND, window=10, k=6.0, min_area=9)
    projector.open(movie, params=params)
    projector.rest()
    series = projector.sequences.watcher.series
    assert series is not None
    shares = series.values("foreground_share")
    there = np.zeros(40, bool)
    there[list(THERE)] = True
    assert np.array_equal(np.nan_to_num(shares) > 0.005, there)
    assert [e.kind for e in projector.sequences.watcher.events] == ["foreground"]
    projector.sequences.viewing.go_to(22)
    projector.at(22)
    _, b = _pixels(projector)
    still = np.abs(b.astype(int) - frame(0)).max()
    assert still <= 4  # the mean of frames whose noise is 2 levels at most


def test_two_sequences_are_laid_on_each_other(projector: Projector, tmp_path: Path) -> None:
    a = film(tmp_path / "a.mkv", [i % 6 + 20 if i % 7 else 0 for i in range(60)])
    b = film(tmp_path / "b.mkv", [i % 6 + 20 if i % 7 else 0 for i in range(4, 64)])
    projector.open(a, b, offset=-4)
    projector.rest()
    projector.sequences.viewing.go_to(30)
    projector.at(30)
    one, other = _pixels(projector)
    assert np.array_equal(one, other)
    projector.window.parts.timeline.offset_changed.emit(-3)
    viewing = projector.sequences.viewing
    projector.driver.until(
        lambda: viewing.shown is not None and viewing.shown.companion.words == "frame 27 of B",
        "the offset stays",
    )
    projector.at(30)
    assert not np.array_equal(*_pixels(projector))


def test_opening_again_is_told_from_what_is_stored(projector: Projector, movie: Path) -> None:
    projector.open(movie)
    projector.rest()
    series = projector.sequences.watcher.series
    assert series is not None
    before = series.values("changed_share").copy()
    projector.window.actions_by_id["close_sequence"].trigger()
    assert projector.sequences.loaded is None
    assert projector.window.parts.timeline.isHidden()
    projector.open(movie)
    loaded = projector.sequences.loaded
    assert loaded is not None
    assert loaded.archive.complete
    projector.rest()
    series = projector.sequences.watcher.series
    assert series is not None
    assert np.array_equal(series.values("changed_share"), before, equal_nan=True)


def test_a_frame_that_cannot_be_read_is_named_and_passed_over(
    projector: Projector, tmp_path: Path
) -> None:
    folder = shots(tmp_path / "shots", range(12))
    (folder / "f_005.png").write_bytes(b"\x89PNG\r\n\x1a\nbroken")
    projector.open(folder)
    projector.rest()
    series = projector.sequences.watcher.series
    assert series is not None
    assert series.unreadable == [5]
    projector.sequences.viewing.go_to(5)
    projector.driver.until(projector.errors, "nothing is said")
    assert projector.errors()[0].startswith("Frame 5 cannot be shown: The PNG file “f_005.png”")
    projector.sequences.viewing.go_to(7)
    projector.at(7)
    assert projector.errors() == []


@pytest.mark.parametrize("name", ["there_is_none.mp4", "text.mp4", "empty.mkv"])
def test_rubbish_is_one_sentence_and_all_stays(
    projector: Projector, movie: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "text.mp4").write_text("This is no film.\n" * 50)
    (tmp_path / "empty.mkv").write_bytes(b"")
    projector.open(movie)
    projector.rest()
    projector.sequences.open(Wanted(str(tmp_path / name)))
    projector.driver.until(projector.errors, "nothing is said")
    assert len(projector.errors()) == 1
    assert name in projector.errors()[0]
    loaded = projector.sequences.loaded
    assert loaded is not None
    assert loaded.wanted.a == str(movie)
    projector.sequences.viewing.go_to(3)
    projector.at(3)


def test_pictures_that_are_opened_take_the_place_of_the_sequence(
    projector: Projector, movie: Path, pair: tuple[Path, Path]
) -> None:
    projector.open(movie)
    projector.driver.open(*pair)
    assert projector.sequences.loaded is None
    assert projector.window.parts.timeline.isHidden()


def test_a_shorter_sequence_takes_the_place_of_a_longer_one(
    projector: Projector, movie: Path, tmp_path: Path
) -> None:
    projector.open(movie)
    projector.rest()
    projector.sequences.viewing.go_to(39)
    projector.at(39)
    projector.open(shots(tmp_path / "few", range(3)))
    projector.driver.until(
        lambda: projector.sequences.loaded.count == 3, "the longer one is still there"
    )
    projector.rest()
    assert projector.sequences.reel.index == 0
    projector.sequences.viewing.go_to(30)  # the nearest there is
    projector.at(2)
    assert projector.errors() == []


def test_playing_goes_through_the_frames_and_ends_with_exact_numbers(
    projector: Projector, movie: Path
) -> None:
    projector.open(movie)
    projector.rest()
    projector.sequences.viewing.go_to(30)
    projector.at(30)
    projector.window.actions_by_id["play"].trigger()
    projector.driver.until(
        lambda: not projector.sequences.viewing.player.playing, "it does not end"
    )
    a = projector.at(projector.sequences.reel.index)
    assert a.contents.frame == projector.sequences.reel.index > 30
    assert not projector.window.controller.glance


def test_two_frames_can_be_chosen_on_the_map(projector: Projector, movie: Path) -> None:
    projector.open(movie)
    projector.rest()
    projector.sequences.viewing.choose(7, 33)
    projector.at(7)
    a, b = _pixels(projector)
    assert np.array_equal(a, frame(7))
    assert np.array_equal(b, frame(33))


def test_the_first_frame_has_nothing_before_it_and_so_no_numbers(
    projector: Projector, movie: Path
) -> None:
    projector.open(movie)
    projector.rest()
    session = projector.window.controller.session
    assert session.a is not None
    assert session.b is None
    assert projector.window.controller.result is None
    assert projector.window.parts.timeline.transport.pair_note.text() == (
        "nothing to compare with: the first frame"
    )
    projector.window.actions_by_id["frame_next"].trigger()
    projector.at(1)
    assert projector.window.controller.session.b is session.a


def test_a_picture_takes_the_place_of_a_second_sequence(
    projector: Projector, movie: Path, tmp_path: Path
) -> None:
    projector.open(movie, film(tmp_path / "other.mkv", range(40)), offset=0)
    projector.rest()
    picture = write_png(tmp_path / "empty.png", frame(0))
    projector.window.intake.open_paths(Side.B, (str(picture),))
    viewing = projector.sequences.viewing
    projector.driver.until(
        lambda: viewing.shown is not None and viewing.shown.companion.words == "empty.png",
        "it is not compared with the picture",
    )
    loaded = projector.sequences.loaded
    assert loaded is not None
    assert loaded.question.b is None
    viewing.go_to(9)
    projector.at(9)
    b = projector.window.controller.session.b
    assert b is not None
    assert np.array_equal(b.data, frame(0))
    projector.rest()
