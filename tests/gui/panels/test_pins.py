from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.alignment.pins import Pin
from gui.panels.pins import PinsPanel

ONE = Pin((120.0, 40.25), (118.5, 41.0))
TWO = Pin((300.0, 80.0), (299.0, 80.5))
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(show: Callable[[QWidget, int, int], None]) -> PinsPanel:
    made = PinsPanel()
    show(made, 372, 300)
    made.show_pins((ONE, TWO), "2 pins fix it.", setting=False)
    return made


def test_it_is_there_with_pins_or_while_one_is_set(panel: PinsPanel) -> None:
    assert not panel.isHidden()
    assert panel.words.text() == "2 pins fix it."
    assert [(row.a.text(), row.b.text()) for row in panel.rows] == [
        ("120.00, 40.25", "118.50, 41.00"), ("300.00, 80.00", "299.00, 80.50"),
    ]  # fmt: skip
    panel.show_pins((), "Click.", setting=True)
    assert not panel.isHidden()
    assert not panel.rows
    panel.show_pins((), "", setting=False)
    assert panel.isHidden()


def test_what_is_left_is_shown_when_it_is_known(panel: PinsPanel) -> None:
    panel.show_left((0.125, 3.0))
    assert [row.left.text() for row in panel.rows] == ["0.12 px", "3.00 px"]
    panel.show_left(())
    assert all(row.left.text() == "–" for row in panel.rows)


@pytest.mark.parametrize("typed", ["121.5, 39", "121.5 39", "121.5;39.0", " 121.5 , 39 "])
def test_a_typed_point_takes_the_place_of_the_other(
    panel: PinsPanel, qtbot: QtBot, typed: str
) -> None:
    field = panel.rows[0].b
    field.setText(typed)
    with qtbot.waitSignal(panel.pins_changed) as told:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert told.args == [(Pin(ONE.a, (121.5, 39.0)), TWO)]


@pytest.mark.parametrize("typed", ["", "12", "1, 2, 3", "x, y", "nan, 1", "1e9, 0", "300.001, 80"])
def test_what_is_no_other_point_changes_nothing(panel: PinsPanel, qtbot: QtBot, typed: str) -> None:
    field = panel.rows[1].a
    field.setText(typed)
    with qtbot.assertNotEmitted(panel.pins_changed):
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "300.00, 80.00"


def test_removing_and_looking(panel: PinsPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.pins_changed) as told:
        QTest.mouseClick(panel.rows[0].remove, LEFT)
    assert told.args == [(TWO,)]
    with qtbot.waitSignal(panel.pin_clicked) as looked:
        QTest.mouseClick(panel.rows[1].number, LEFT)
    assert looked.args == [1]
    with qtbot.waitSignal(panel.pins_changed) as told:
        QTest.mouseClick(panel.clear_link, LEFT)
    assert told.args == [()]
