"""The commands about sequences: opening, references, golden models, reports."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog

from core.render import Side
from core.sequence.golden import Golden
from core.sequence.params import Against
from gui.sequence.desk import is_sequence
from tests.cli.shots import film, frame, shots
from tests.make import write_png

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.sequence.conftest import Projector

Patch = pytest.MonkeyPatch


def _loaded(projector: Projector) -> str:
    loaded = projector.sequences.loaded
    return "" if loaded is None else loaded.wanted.a


def _choose(monkeypatch: Patch, path: Path | str, kind: str = "getSaveFileName") -> None:
    """Let a file dialog be answered."""
    answer = ([str(path)], "") if kind == "getOpenFileNames" else (str(path), "")
    made = str(path) if kind == "getExistingDirectory" else answer
    monkeypatch.setattr(QFileDialog, kind, lambda *_, **__: made)


def _compared_with(projector: Projector, words: str) -> None:
    viewing = projector.sequences.viewing
    projector.driver.until(
        lambda: viewing.shown is not None and viewing.shown.companion.words == words,
        f"it is not compared with {words}",
    )
    projector.driver.answer()


def test_folders_and_videos_are_sequences(tmp_path: Path, movie: Path) -> None:
    assert is_sequence(str(movie))
    assert is_sequence(str(tmp_path))
    assert not is_sequence(str(tmp_path / "a.png"))


def test_a_video_is_opened_by_its_dialog(
    projector: Projector, movie: Path, monkeypatch: Patch
) -> None:
    _choose(monkeypatch, movie, "getOpenFileNames")
    projector.window.actions_by_id["open_sequence"].trigger()
    projector.driver.until(lambda: _loaded(projector) == str(movie), "it is not opened")
    projector.rest()


def test_a_folder_is_opened_by_its_dialog(
    projector: Projector, tmp_path: Path, monkeypatch: Patch
) -> None:
    shots(tmp_path / "shots", range(5))
    _choose(monkeypatch, tmp_path / "shots", "getExistingDirectory")
    projector.window.actions_by_id["open_frames"].trigger()
    projector.driver.until(lambda: _loaded(projector) == str(tmp_path / "shots"), "not opened")
    projector.rest()
    assert projector.sequences.watcher.series is not None
    assert projector.sequences.watcher.series.frames == 5


def test_a_folder_that_is_filled_is_followed(
    projector: Projector, tmp_path: Path, monkeypatch: Patch
) -> None:
    folder = shots(tmp_path / "shots", range(3))
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: (f"watch:{folder}", True))
    projector.window.actions_by_id["open_stream"].trigger()
    viewing = projector.sequences.viewing
    projector.driver.until(
        lambda: viewing.shown is not None and viewing.shown.index == 2, "the last is not shown"
    )
    write_png(tmp_path / "next.png", frame(3))
    (tmp_path / "next.png").rename(folder / "f_003.png")
    projector.driver.until(lambda: viewing.shown.index == 3, "the new one is not shown")
    projector.driver.answer()
    a = projector.window.controller.session.a
    assert a is not None
    assert np.array_equal(a.data, frame(3))
    viewing.go_to(1)  # from here on it stays
    projector.driver.until(lambda: viewing.shown.index == 1, "an earlier one is not shown")
    assert not viewing.follows
    projector.window.actions_by_id["close_sequence"].trigger()
    projector.rest()
    assert projector.errors() == []


def test_two_videos_are_a_pair_and_a_picture_is_a_reference(
    projector: Projector, movie: Path, tmp_path: Path
) -> None:
    other = film(tmp_path / "other.mkv", range(40))
    assert projector.window.desk.open_paths(None, (str(movie), str(other)))
    projector.driver.until(lambda: _loaded(projector) == str(movie), "not opened")
    loaded = projector.sequences.loaded
    assert loaded is not None
    assert loaded.wanted.b == str(other)
    projector.rest()
    picture = write_png(tmp_path / "empty.png", frame(0))
    assert projector.window.desk.open_paths(None, (str(picture), str(movie)))
    _compared_with(projector, "empty.png")
    loaded = projector.sequences.loaded
    assert loaded is not None
    assert loaded.wanted.params.against is Against.REFERENCE
    projector.rest()


def test_a_picture_opened_as_b_is_what_frames_are_compared_with(
    projector: Projector, movie: Path, tmp_path: Path
) -> None:
    projector.open(movie)
    picture = write_png(tmp_path / "empty.png", frame(0))
    projector.window.intake.open_paths(Side.B, (str(picture),))
    _compared_with(projector, "empty.png")
    projector.rest()
    assert projector.sequences.loaded is not None


def test_a_frame_is_what_all_are_compared_with(projector: Projector, movie: Path) -> None:
    projector.open(movie)
    projector.sequences.viewing.go_to(17)
    projector.at(17)
    projector.window.actions_by_id["frame_reference"].trigger()
    projector.sequences.viewing.go_to(30)
    viewing = projector.sequences.viewing
    projector.driver.until(
        lambda: (
            viewing.shown is not None
            and viewing.shown.companion.image is not None
            and viewing.shown.companion.image.contents.frame == 17
        ),
        "it is not compared with frame 17",
    )
    projector.at(30)
    b = projector.window.controller.session.b
    assert b is not None
    assert np.array_equal(b.data, frame(17))
    projector.window.actions_by_id["copy_command"].trigger()
    words = shlex.split(QApplication.clipboard().text())
    assert words[3:] == ["--against", "reference", "--reference", "frame:17"]
    projector.rest()


def test_frames_are_approved_into_a_golden_model_and_compared_with_it(
    projector: Projector, movie: Path, tmp_path: Path, monkeypatch: Patch
) -> None:
    projector.open(movie)
    _choose(monkeypatch, tmp_path / "golden")
    for index in (0, 1, 2):
        projector.sequences.viewing.go_to(index)
        projector.at(index)
        projector.window.actions_by_id["approve"].trigger()
        projector.driver.until(lambda: projector.window.desk.idle, "it is not written")
    path = tmp_path / "golden.npz"
    assert Golden.load(path).count == 3
    projector.sequences.use_reference(str(path))
    _compared_with(projector, "golden model of 3 pictures")
    projector.rest()
    series = projector.sequences.watcher.series
    assert series is not None
    assert np.nanargmax(series.values("foreground_share")) in range(20, 25)


def test_a_report_is_written(
    projector: Projector, movie: Path, tmp_path: Path, monkeypatch: Patch
) -> None:
    projector.open(movie)
    projector.rest()
    _choose(monkeypatch, tmp_path / "report.json")
    projector.window.actions_by_id["export_sequence"].trigger()
    path = tmp_path / "report.json"
    projector.driver.until(path.exists, "nothing is written")
    assert len(json.loads(path.read_text("utf-8"))["frames"]) == 40
    projector.rest()
    _choose(monkeypatch, tmp_path / "no" / "report.html")
    projector.window.actions_by_id["export_sequence"].trigger()
    projector.driver.until(projector.errors, "nothing is said")
    assert "report.html" in projector.errors()[0]


def test_the_command_line_is_copied(projector: Projector, movie: Path) -> None:
    projector.open(movie)
    projector.window.actions_by_id["copy_command"].trigger()
    words = shlex.split(QApplication.clipboard().text())
    assert words == ["pairlens", "sequence", str(movie)]
    projector.rest()


def test_swapping_exchanges_two_sequences(
    projector: Projector, movie: Path, tmp_path: Path
) -> None:
    other = film(tmp_path / "other.mkv", range(5, 45))
    projector.open(movie, other, offset=-5)
    projector.rest()
    projector.window.actions_by_id["swap"].trigger()
    projector.driver.until(lambda: _loaded(projector) == str(other), "they are not exchanged")
    loaded = projector.sequences.loaded
    assert loaded is not None
    assert (loaded.wanted.b, loaded.wanted.offset) == (str(movie), 5)
    projector.rest()


def test_the_offset_is_found_unasked(projector: Projector, tmp_path: Path) -> None:
    order = np.random.default_rng(4).integers(20, 26, 60).tolist()  # the square jumps about
    projector.open(film(tmp_path / "a.mkv", order), film(tmp_path / "b.mkv", order[3:]))
    timeline = projector.window.parts.timeline
    projector.driver.until(
        lambda: projector.sequences.loaded.wanted.offset == -3, "the offset is not found"
    )
    projector.rest()
    assert timeline.transport.offset.value() == -3
    projector.sequences.viewing.go_to(30)
    projector.at(30)
    session = projector.window.controller.session
    assert session.a is not None
    assert session.b is not None
    assert np.array_equal(session.a.data, session.b.data)


def test_dragging_shows_frames_and_ends_with_exact_numbers(
    projector: Projector, movie: Path
) -> None:
    projector.open(movie)
    projector.rest()
    timeline = projector.window.parts.timeline
    for index in range(5, 25):
        timeline.sought.emit(index, True)
        QApplication.processEvents()
    assert projector.window.controller.glance
    timeline.sought.emit(24, False)
    projector.at(24)
    assert not projector.window.controller.glance
    a = projector.window.controller.session.a
    assert a is not None
    assert np.array_equal(a.data, frame(24))


def test_a_sequence_is_among_the_recent_ones(
    projector: Projector, movie: Path, pair: tuple[Path, Path]
) -> None:
    projector.open(movie)
    projector.rest()
    projector.driver.open(*pair)
    window = projector.window
    assert window.memory.pairs() == [tuple(map(str, pair)), (str(movie), "")]
    window.recent_menu.aboutToShow.emit()
    item = window.recent_menu.actions()[1]
    assert item.text() == "film.mkv"
    item.trigger()
    projector.driver.until(lambda: _loaded(projector) == str(movie), "it is not opened")
    projector.rest()


def test_a_report_of_two_frames_is_called_by_them(
    projector: Projector, movie: Path, tmp_path: Path, monkeypatch: Patch
) -> None:
    projector.open(movie)
    projector.sequences.viewing.go_to(7)
    projector.at(7)
    asked: list[str] = []

    def ask(_: object, __: str, suggestion: str, *___: object) -> tuple[str, str]:
        asked.append(suggestion)
        return str(tmp_path / "r.json"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    projector.window.actions_by_id["export"].trigger()
    path = tmp_path / "r.json"
    projector.driver.until(path.exists, "nothing is written")
    assert asked[0].endswith("film 7 vs film 6.html")
    document = json.loads(path.read_text("utf-8"))
    assert (document["a"]["frame"], document["b"]["frame"]) == (7, 6)
    projector.rest()
