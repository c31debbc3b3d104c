"""Holding Shift or Ctrl."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget

from core.render import Side
from gui.hold_keys import HoldKeys

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

Key = Qt.Key
NONE = Qt.KeyboardModifier.NoModifier


class Held(QWidget):
    """A window with a field and a button, and what its keys said."""

    def __init__(self) -> None:
        super().__init__()
        self.field, self.button = QLineEdit(), QPushButton("x")
        column = QVBoxLayout(self)
        column.addWidget(self.button)
        column.addWidget(self.field)
        self.said: list[Side | None] = []
        self.keys = HoldKeys(self)
        self.keys.held.connect(self.said.append)


@pytest.fixture
def window(qtbot: QtBot) -> Held:
    made = Held()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.button.setFocus()
    return made


pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def press(window: Held, key: Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Press a key as the system hands it to the window."""
    QTest.keyPress(window.windowHandle(), key, modifiers)


def release(window: Held, key: Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyRelease(window.windowHandle(), key, modifiers)


@pytest.mark.parametrize(("key", "side"), [(Key.Key_Shift, Side.A), (Key.Key_Control, Side.B)])
def test_a_side_is_held_and_let_go(window: Held, key: Key, side: Side) -> None:
    press(window, key)
    assert window.said == [side]
    release(window, key)
    assert window.said == [side, None]


def test_another_key_makes_it_a_shortcut(window: Held) -> None:
    press(window, Key.Key_Control)
    press(window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.said == [Side.B, None]
    release(window, Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    release(window, Key.Key_Control)
    assert window.said == [Side.B, None]


def test_from_one_to_the_other(window: Held) -> None:
    press(window, Key.Key_Shift)
    press(window, Key.Key_Control)
    assert window.said == [Side.A, Side.B]


def test_auto_repeat_says_nothing(window: Held) -> None:
    press(window, Key.Key_Shift)
    for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress):
        QApplication.sendEvent(
            window.windowHandle(), QKeyEvent(kind, Key.Key_Shift, NONE, "", True)
        )
    assert window.said == [Side.A]


def test_typing_holds_nothing(window: Held) -> None:
    window.field.setFocus()
    press(window, Key.Key_Shift)
    assert window.said == []


def test_leaving_the_window_lets_go(window: Held) -> None:
    press(window, Key.Key_Shift)
    QApplication.sendEvent(window, QEvent(QEvent.Type.WindowDeactivate))
    assert window.said == [Side.A, None]


@pytest.mark.parametrize("code", [0, 0x424, 0x1F600, int(Key.Key_unknown.value)])
def test_keys_that_qt_has_no_name_for_do_no_harm(window: Held, code: int) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, code, NONE, "Ф")
    QApplication.sendEvent(window.windowHandle(), event)
    assert window.said == []
