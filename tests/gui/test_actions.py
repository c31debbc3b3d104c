"""Commands, keys and menus are made from one table."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow

from gui import actions
from gui.command import TOOL
from gui.command_table import COMMANDS, MENUS, key_table
from gui.views.modes import MODES

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.gui.driver import Driver


def test_no_key_has_two_meanings() -> None:
    keys = Counter(QKeySequence(k).toString() for c in COMMANDS for k in c.keys)
    assert [k for k, n in keys.items() if n > 1] == []
    assert all(keys)  # each is a key that Qt understands


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


def test_every_command_has_a_handler_and_the_other_way_round(driver: Driver) -> None:
    assert set(driver.window.commands.handlers()) == {c.id for c in COMMANDS}


def test_every_command_says_what_it_does_and_does_it(window: QMainWindow) -> None:
    done: list[str] = []
    made = actions.make(window, {c.id: lambda _, i=c.id: done.append(i) for c in COMMANDS})
    for command in COMMANDS:
        action = made[command.id]
        assert action.text() == command.text
        assert command.tip in action.toolTip()
        keys = [QKeySequence(k).toString() for k in command.keys]
        assert [s.toString() for s in action.shortcuts()] == keys
        action.trigger()
    assert list(dict.fromkeys(done)) == [c.id for c in COMMANDS]
    tools = [c.id for c in COMMANDS if c.group == TOOL]
    assert [done.count(c.id) for c in COMMANDS] == [
        2 if c.id in tools[:-1] else 1
        for c in COMMANDS  # a tool hears that it is left
    ]


def test_menus_hold_every_command_in_order(window: QMainWindow) -> None:
    made = actions.make(window, {c.id: lambda _: None for c in COMMANDS})
    menus = actions.fill_menus(window, made)
    for name in MENUS:
        texts = [a.text() for a in menus[name].actions() if not a.isSeparator()]
        assert texts == [c.text for c in COMMANDS if c.menu == name]


def test_every_view_mode_has_its_command() -> None:
    ids = {c.id for c in COMMANDS}
    assert {f"mode_{m.value}" for m in MODES} <= ids


def test_a_command_without_a_handler_is_an_error(window: QMainWindow) -> None:
    with pytest.raises(KeyError):
        actions.make(window, {})


def test_the_list_of_keys_has_all_of_them() -> None:
    listed = " ".join(keys for _, rows in key_table() for keys, _ in rows)
    for command in COMMANDS:
        for key in command.keys:
            assert QKeySequence(key).toString() in listed
    assert "Shift (hold)" in listed
