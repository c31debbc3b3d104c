"""Dialogs: what they ask for, and what they make of the answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMessageBox, QWidget

from core.io import suffixes
from core.reports import formats
from gui import dialogs

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def answering(monkeypatch: pytest.MonkeyPatch, name: str, *answers: Any) -> list[str]:
    """Let a static function of QFileDialog give these answers; return the titles it was given."""
    titles: list[str] = []
    left = list(answers)

    def ask(_: QWidget, title: str, *__: Any) -> Any:
        titles.append(title)
        return left.pop(0)

    monkeypatch.setattr(QFileDialog, name, ask)
    return titles


def test_the_filter_lists_every_suffix_in_both_cases() -> None:
    listed = dialogs.picture_filter()
    for suffix in suffixes():
        assert f"*{suffix} " in listed + " " or f"*{suffix})" in listed
        assert f"*{suffix.upper()}" in listed
    assert listed.endswith(";;All files (*)")


def test_two_files_at_once(parent: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "getOpenFileNames", (["/x/a.png", "/x/b.png"], ""))
    assert dialogs.ask_pair(parent, "") == ("/x/a.png", "/x/b.png")


def test_one_file_and_then_the_other(parent: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "getOpenFileNames", (["/x/a.png"], ""))
    titles = answering(monkeypatch, "getOpenFileName", ("/x/b.png", ""))
    assert dialogs.ask_pair(parent, "") == ("/x/a.png", "/x/b.png")
    assert titles == ["Open B, to compare with a.png"]


@pytest.mark.parametrize("first", [[], ["/x/a.png"]])
def test_a_changed_mind(parent: QWidget, monkeypatch: pytest.MonkeyPatch, first: list[str]) -> None:
    answering(monkeypatch, "getOpenFileNames", (first, ""))
    answering(monkeypatch, "getOpenFileName", ("", ""), ("", ""))
    assert dialogs.ask_pair(parent, "") is None
    assert dialogs.ask_picture(parent, "A", "") is None
    answering(monkeypatch, "getSaveFileName", ("", ""), ("", ""))
    assert dialogs.ask_export(parent, "x") is None
    assert dialogs.ask_recipe_file(parent, "x") is None


@pytest.mark.parametrize(
    ("typed", "chosen", "path"),
    [
        ("/x/r.html", "", "/x/r.html"),
        ("/x/r.JSON", "", "/x/r.JSON"),
        ("/x/r.map.png", "", "/x/r.map.png"),
        ("/x/r", "", "/x/r.html"),
        ("/x/v1.2", ".json", "/x/v1.2.json"),
    ],
)
def test_the_format_of_a_report_follows_from_its_name(
    parent: QWidget, monkeypatch: pytest.MonkeyPatch, typed: str, chosen: str, path: str
) -> None:
    words = f"{formats()[chosen].TITLE} (*{chosen})" if chosen else ""
    answering(monkeypatch, "getSaveFileName", (typed, words))
    assert dialogs.ask_export(parent, "x") == Path(path)


def test_a_recipe_ends_in_toml(parent: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "getSaveFileName", ("/x/mine", ""), ("/x/mine.TOML", ""))
    assert dialogs.ask_recipe_file(parent, "x") == Path("/x/mine.toml")
    assert dialogs.ask_recipe_file(parent, "x") == Path("/x/mine.TOML")


def test_a_report_is_not_written_over_another_without_asking(
    parent: QWidget, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The file dialog asks for the name that was typed, not for the one with the suffix."""
    there = tmp_path / "r.html"
    there.write_text("mine")
    asked: list[str] = []

    def answer(_: QWidget, __: str, text: str, *___: Any) -> Any:
        asked.append(text)
        return QMessageBox.StandardButton.No

    monkeypatch.setattr(QMessageBox, "question", answer)
    answering(monkeypatch, "getSaveFileName", (str(tmp_path / "r"), ""), (str(there), ""))
    assert dialogs.ask_export(parent, "x") is None
    assert "r.html" in asked[0]
    assert dialogs.ask_export(parent, "x") == there  # that name the file dialog asked for
    assert len(asked) == 1


def test_the_list_of_keys_opens_and_closes(qtbot: QtBot) -> None:
    dialog = dialogs.KeysDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    text = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "Hide what is within the tolerance" in text
    dialog.reject()
    assert dialog.isHidden()


def test_about_names_the_versions(parent: QWidget) -> None:
    texts: list[str] = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        texts.append(box.text())
        box.accept()

    QTimer.singleShot(0, look)
    dialogs.show_about(parent)
    assert "Pairlens" in texts[0]
    assert "OpenCV" in texts[0]
