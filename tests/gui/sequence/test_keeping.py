"""Storing the frames that changed from the window."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from cli.__main__ import main
from core.sequence.params import Against, SequenceParams
from tests.cli.test_sequence_keep import full_after

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.gui.sequence.conftest import Projector

Patch = pytest.MonkeyPatch
FIRST = SequenceParams(against=Against.FIRST)


def _begin(projector: Projector, folder: Path, patch: Patch) -> None:
    patch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(folder))
    projector.window.actions_by_id["keep_changed"].trigger()


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def _slowly(patch: Patch, before: Callable[[], object] = lambda: None) -> None:
    """Let each file take a while."""
    write = Path.write_bytes

    def take_time(self: Path, data: bytes) -> int:
        before()
        time.sleep(0.15)
        return write(self, data)

    patch.setattr(Path, "write_bytes", take_time)


def _shown(projector: Projector) -> str:
    return projector.window.parts.timeline.transport.progress_text.text()


def test_changed_frames_are_stored_as_by_the_command_line(
    projector: Projector, movie: Path, tmp_path: Path, monkeypatch: Patch
) -> None:
    action = projector.window.actions_by_id["keep_changed"]
    assert not action.isEnabled()
    projector.open(movie, params=FIRST)
    assert action in projector.window.parts.timeline.menu_button.menu().actions()
    projector.rest()
    folder = tmp_path / "window"
    _begin(projector, folder, monkeypatch)
    projector.rest()
    assert projector.errors() == [f"5 of 40 frames were kept in “{folder}”."]
    assert projector.window.parts.notices.cards()[0].severity == "info"
    words = ["sequence", str(movie), "--against", "first", "-q"]
    main([*words, "--keep-changed", str(tmp_path / "terminal")])
    assert _files(folder) == _files(tmp_path / "terminal")


def test_it_goes_with_the_pass_and_lets_a_stopped_one_go_on(
    projector: Projector, movie: Path, tmp_path: Path, monkeypatch: Patch
) -> None:
    projector.open(movie, params=FIRST)
    watcher = projector.sequences.watcher
    watcher.stop()
    projector.driver.until(lambda: not watcher.passing, "it does not stop")
    assert not watcher.whole
    _begin(projector, tmp_path / "kept", monkeypatch)
    projector.rest()
    assert watcher.whole
    assert len(_files(tmp_path / "kept")) == 5
    assert _shown(projector) == ""


def test_the_bar_says_how_far_it_is_and_stops_it(
    projector: Projector, movie: Path, tmp_path: Path, monkeypatch: Patch
) -> None:
    projector.open(movie, params=FIRST)
    projector.rest()
    _slowly(monkeypatch)
    folder = tmp_path / "kept"
    _begin(projector, folder, monkeypatch)
    projector.driver.until(
        lambda: _shown(projector).startswith("keeping changed frames 22 of 40"), "it does not say"
    )
    note = projector.window.parts.readout.note
    assert note.text() == "keeping changed frames"
    bar = projector.window.parts.timeline.transport.progress
    QTest.mouseClick(bar.cancel, Qt.MouseButton.LeftButton)
    projector.rest()
    names = list(_files(folder))
    assert 2 <= len(names) < 5
    assert all(name.endswith("s.png") for name in names)
    (said,) = projector.errors()
    assert said.startswith(f"Keeping changed frames was stopped: {len(names)} of the first 2")
    assert not bar.isVisible()
    assert note.text() == ""
    assert projector.sequences.watcher.whole


def test_one_folder_at_a_time(
    projector: Projector, movie: Path, tmp_path: Path, monkeypatch: Patch
) -> None:
    projector.open(movie, params=FIRST)
    projector.rest()
    _slowly(monkeypatch)
    _begin(projector, tmp_path / "kept", monkeypatch)
    _begin(projector, tmp_path / "more", monkeypatch)
    assert projector.errors() == ["Changed frames are being kept already; stop that first."]
    projector.rest()
    assert not (tmp_path / "more").exists()
    assert len(_files(tmp_path / "kept")) == 5


def test_what_cannot_be_written_is_said(
    projector: Projector, movie: Path, tmp_path: Path, monkeypatch: Patch
) -> None:
    projector.open(movie, params=FIRST)
    projector.rest()
    (tmp_path / "frame-000003.png").write_bytes(b"older")
    _begin(projector, tmp_path, monkeypatch)
    projector.rest()
    full = tmp_path / "full"
    with monkeypatch.context() as patch:
        full_after(patch, 2)
        _begin(projector, full, patch)
        projector.rest()
    errors = {c.text for c in projector.window.parts.notices.cards() if c.severity == "error"}
    assert errors == {
        f"The folder “{tmp_path}” has kept frames already, such as “frame-000003.png”; choose"
        " another one.",
        f"The frame “{full / 'frame-000022-0.880s.png'}” could not be written: No space left on"
        f" device. Before that 2 of the first 22 frames were kept in “{full}”.",
    }
    assert [name[6:12] for name in _files(full)] == ["000020", "000021"]


@pytest.mark.parametrize("closing", [True, False])
def test_another_question_stops_it(
    projector: Projector, movie: Path, tmp_path: Path, monkeypatch: Patch, closing: bool
) -> None:
    projector.open(movie, params=FIRST)
    projector.rest()
    begun: list[bool] = []
    _slowly(monkeypatch, lambda: begun.append(True))
    _begin(projector, tmp_path / "kept", monkeypatch)
    projector.driver.until(lambda: begun, "it does not begin")
    if closing:
        projector.sequences.close()
    else:
        projector.sequences.reel.change(params=SequenceParams())
    projector.rest()
    (said,) = projector.errors()
    assert said.startswith("Keeping changed frames was stopped: ")
    assert 1 <= len(_files(tmp_path / "kept")) < 5


def test_nothing_happens_when_no_folder_is_chosen(
    projector: Projector, movie: Path, monkeypatch: Patch
) -> None:
    projector.open(movie, params=FIRST)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: "")
    projector.window.actions_by_id["keep_changed"].trigger()
    assert projector.sequences.keeper.idle
    projector.rest()


def test_the_window_closes_meanwhile(
    projector: Projector, movie: Path, tmp_path: Path, monkeypatch: Patch
) -> None:
    projector.open(movie, params=FIRST)
    projector.rest()
    _slowly(monkeypatch)
    _begin(projector, tmp_path / "kept", monkeypatch)
    projector.driver.until(lambda: _shown(projector).startswith("keeping"), "it does not begin")
    projector.window.close()
    QApplication.processEvents()
    assert projector.sequences.keeper._bridge.idle
    assert len(_files(tmp_path / "kept")) < 5
