"""What is remembered, and the window that comes back as it was left."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QByteArray, QSettings

from gui import theme
from gui.main_window import MainWindow
from gui.memory import MOST_RECENT, Memory
from tests.gui.driver import Driver

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

Pair = tuple["Path", "Path"]

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def again() -> Memory:
    """Return the memory that the next start has."""
    return Memory()


def kept(memory: Memory) -> Memory:
    memory.sync()
    return again()


def test_a_first_start_remembers_nothing(qtbot: QtBot) -> None:
    memory = Memory()
    assert memory.pairs() == []
    assert memory.blob("geometry") is None
    assert memory.text("theme", "system") == "system"
    assert memory.flag("panels", True) is True
    assert memory.flag("panels", False) is False


def test_pairs_are_kept_newest_first_and_once(qtbot: QtBot) -> None:
    memory = Memory()
    for pair in (("a", "b"), ("c, d.png", "ü “x”.png"), ("a", "b")):
        memory.add_pair(*pair)
        memory = kept(memory)
    assert memory.pairs() == [("a", "b"), ("c, d.png", "ü “x”.png")]
    memory.forget_pairs()
    assert kept(memory).pairs() == []


def test_only_so_many_pairs_are_kept(qtbot: QtBot) -> None:
    memory = Memory()
    for i in range(MOST_RECENT + 3):
        memory.add_pair(f"a{i}", f"b{i}")
    assert len(kept(memory).pairs()) == MOST_RECENT
    assert memory.pairs()[0] == (f"a{MOST_RECENT + 2}", f"b{MOST_RECENT + 2}")


def test_a_path_that_would_come_back_as_another_is_not_kept(qtbot: QtBot) -> None:
    memory = Memory()
    memory.add_pair("a.png", os.fsdecode(b"caf\xe9.png"))
    assert kept(memory).pairs() == []


@pytest.mark.parametrize("stored", ["rubbish", 7, ["one"], QByteArray(b"\x00\x01")])
def test_what_another_version_left_behind_is_no_trouble(qtbot: QtBot, stored: object) -> None:
    leave(stored)
    assert again().pairs() == []
    assert again().flag("panels", True) is False


def leave(stored: object) -> None:
    store = QSettings("Pairlens", "Pairlens")
    names = ("geometry", "across", "down", "theme", "panels", "plots", "boxes", "processed")
    for key in ("recent/pairs", *(f"window/{name}" for name in names)):
        store.setValue(key, stored)
    store.sync()


def test_a_window_opens_whatever_another_version_left_behind(qtbot: QtBot) -> None:
    leave(QByteArray(b"\x00\x01"))
    window = shown(qtbot)
    assert window.width() > 800
    assert window.parts.view.isVisible()


def test_flags_and_blobs_come_back(qtbot: QtBot) -> None:
    memory = Memory()
    memory.put("panels", False)
    memory.put("geometry", QByteArray(b"\x01\x02"))
    memory.put("theme", "dark")
    back = kept(memory)
    assert back.flag("panels", True) is False
    assert back.blob("geometry") == QByteArray(b"\x01\x02")
    assert back.text("theme", "system") == "dark"


def shown(qtbot: QtBot) -> MainWindow:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    return window


def test_the_window_comes_back_as_it_was_left(qtbot: QtBot) -> None:
    first = shown(qtbot)
    try:
        first.resize(1300, 640)
        for name in ("plots", "boxes", "processed"):
            first.actions_by_id[name].trigger()
        first.actions_by_id["theme_dark"].trigger()
        first.parts.across.setSizes([800, 500])
        side = first.parts.side.width()
        first.close()
        second = shown(qtbot)
        assert second.height() == 640  # the screen is 800 wide here: it decides the width
        assert second.parts.side.width() == side > second.parts.side.minimumWidth()
        assert second.parts.plots.isHidden()
        assert second.presenter.boxes is False
        assert second.controller.display.processed is False
        for name in ("plots", "boxes", "processed"):
            assert not second.actions_by_id[name].isChecked()
        assert theme.mode() == "dark"
        assert second.actions_by_id["theme_dark"].isChecked()
    finally:
        first.commands.set_theme("system")


def test_panels_that_were_hidden_can_be_shown_again(qtbot: QtBot) -> None:
    first = shown(qtbot)
    first.actions_by_id["panels"].trigger()
    first.close()
    second = shown(qtbot)
    assert second.parts.side.isHidden()
    second.actions_by_id["panels"].trigger()
    assert second.parts.side.isVisible()
    assert second.parts.side.width() > 300


def test_recent_pairs_are_in_the_menu_and_open(driver: Driver, pair: Pair) -> None:
    menu = driver.window.recent_menu
    menu.aboutToShow.emit()
    (none,) = menu.actions()
    assert not none.isEnabled()
    driver.open(*pair)
    other = pair[0].rename(pair[0].with_name("black & white.png"))
    driver.open(other, pair[1])
    other.rename(pair[0])
    menu.aboutToShow.emit()
    texts = [item.text() for item in menu.actions() if item.text()]
    assert texts == [
        "black && white.png  ↔  after.png",
        "before.png  ↔  after.png",
        "Forget them all",
    ]
    menu.actions()[1].trigger()
    title = "before.png ↔ after.png – Pairlens"
    driver.until(lambda: driver.window.windowTitle() == title, "not opened")
    driver.answer()
    menu.aboutToShow.emit()
    menu.actions()[-1].trigger()
    assert driver.window.memory.pairs() == []
