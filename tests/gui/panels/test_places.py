from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.places.results import PlaceResult
from core.places.shapes import Kind, Shape
from core.types import MeasureValue, Rect
from gui.panels.places import Place, PlacesPanel

CLOCK = Place(Shape(Kind.RECT, ((10, 40), (30, 90)), "clock"), "ignore")
FACE = Place(Shape(Kind.RECT, ((50, 60), (70, 99)), "", 8.0), "only")
L1 = MeasureValue("l1_per_pixel", "Manhattan norm / px", 2.5, "levels", "lower", 780)
RMSE = MeasureValue("rmse", "RMSE", 3.25, "levels", "lower", 780)


@pytest.fixture
def panel(show: Callable[[QWidget, int, int], None]) -> PlacesPanel:
    made = PlacesPanel()
    show(made, 372, 300)
    made.show_places([FACE, CLOCK])
    return made


def test_it_is_there_only_with_places(panel: PlacesPanel) -> None:
    assert not panel.isHidden()
    assert [row.role.value() for row in panel.rows] == ["only", "ignore"]
    assert [row.name.text() for row in panel.rows] == ["", "clock"]
    assert panel.rows[0].name.placeholderText() == "place 1"
    assert panel.rows[0].tolerance.text() == "8"
    assert panel.rows[1].tolerance.isHidden()  # what is ignored has none
    panel.show_places([])
    assert panel.isHidden()


def test_numbers_go_to_the_places_that_are_measured(panel: PlacesPanel) -> None:
    result = PlaceResult(
        "place 1", "", Rect(50, 60, 20, 39), 8.0, 780, {"l1_per_pixel": L1, "rmse": RMSE}
    )
    panel.show_results([result])
    assert panel.rows[0].numbers.text() == "l1 2.5 levels"
    assert "RMSE: 3.25 levels" in panel.rows[0].numbers.toolTip()
    assert panel.rows[1].numbers.isHidden()
    panel.show_results(())
    assert panel.rows[0].numbers.isHidden()


def typed(qtbot: QtBot, field: QWidget, text: str) -> None:
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_name_tolerance_and_purpose_can_be_changed(panel: PlacesPanel, qtbot: QtBot) -> None:
    row = panel.rows[0]
    with qtbot.waitSignal(panel.places_changed) as told:
        typed(qtbot, row.name, "face")
    assert told.args[0][0].shape.name == "face"
    assert told.args[0][1] == CLOCK
    with qtbot.waitSignal(panel.places_changed) as told:
        typed(qtbot, row.tolerance, "12.5")
    assert told.args[0][0].shape.tolerance == 12.5
    with qtbot.assertNotEmitted(panel.places_changed):
        typed(qtbot, row.tolerance, "999")  # not on the scale
    assert row.tolerance.text() == "8"
    with qtbot.waitSignal(panel.places_changed) as told:
        row.role.value_changed.emit("ignore")
    changed = told.args[0][0]
    assert (changed.role, changed.shape.tolerance) == ("ignore", None)


def test_a_place_can_be_looked_at_and_removed(panel: PlacesPanel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(panel.place_clicked) as told:
        qtbot.mouseClick(panel.rows[1].look, Qt.MouseButton.LeftButton)
    assert told.args == [Rect(10, 40, 20, 50)]
    with qtbot.waitSignal(panel.places_changed) as told:
        qtbot.mouseClick(panel.rows[0].remove, Qt.MouseButton.LeftButton)
    assert told.args == [(CLOCK,)]
    with qtbot.waitSignal(panel.places_changed) as told:
        qtbot.mouseClick(panel.clear_link, Qt.MouseButton.LeftButton)
    assert told.args == [()]
