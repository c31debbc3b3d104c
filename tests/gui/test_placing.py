"""Drawing places in the window, and what they do to the numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core import compare, open_image
from core.places.params import PlacesParams
from core.types import Rect

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.driver import Driver

    Pair = tuple[Path, Path]
LEFT = Qt.MouseButton.LeftButton
DEFECT = Rect(80, 30, 20, 30)
ITEMS = {"only": 0, "place": 1, "ignore": 2}


def spot(driver: Driver, row: float, col: float) -> QPoint:
    view = driver.parts.view
    at = view.camera.to_view(col, row, view.panes[0].view)
    return QPoint(int(at.x()), int(at.y()))


def draw(driver: Driver, rect: Rect, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw with the mouse, and choose from the menu that comes up."""
    menus = []
    placing = driver.window.placing
    make = placing.menu
    monkeypatch.setattr(placing, "menu", lambda r: menus.append(make(r)) or menus[-1])
    driver.parts.view.camera.look_at(rect.col + rect.width / 2, rect.row + rect.height / 2, 4.0)
    driver.window.actions_by_id["mark"].trigger()
    pane = driver.parts.view.panes[0]
    start = spot(driver, rect.row + 0.5, rect.col + 0.5)
    end = spot(driver, rect.bottom - 0.5, rect.right - 0.5)
    QTest.mousePress(pane, LEFT, pos=start)
    QTest.mouseMove(pane, end)
    QTest.mouseRelease(pane, LEFT, pos=end)
    assert not driver.window.actions_by_id["mark"].isChecked()
    menus[0].actions()[ITEMS[role]].trigger()
    menus[0].close()


def test_measuring_only_here(driver: Driver, pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = driver.open(*pair)
    draw(driver, DEFECT, "only", monkeypatch)
    result = driver.answer()
    assert result.pixels == DEFECT.area < whole.pixels
    a, b = (open_image(p) for p in pair)
    alone = compare(a, b, driver.controller.session.settings)
    assert result.measures["rmse"].value == alone.measures["rmse"].value
    panel = driver.parts.places
    assert panel.isVisibleTo(driver.window)
    assert panel.rows[0].numbers.text().startswith("l1 ")
    QTest.mouseClick(panel.clear_link, LEFT)
    assert driver.answer().pixels == whole.pixels
    assert panel.isHidden()


def test_ignoring_is_undoable_and_named_in_the_recipe(
    driver: Driver, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = driver.open(*pair)
    draw(driver, DEFECT, "ignore", monkeypatch)
    result = driver.answer()
    assert result.pixels == whole.pixels - DEFECT.area
    text = f"rect {DEFECT.col},{DEFECT.row} {DEFECT.width}x{DEFECT.height}"
    assert driver.controller.session.settings[PlacesParams].ignore == text
    driver.controller.history.undo()
    assert driver.answer().pixels == whole.pixels


def test_a_place_with_a_tolerance_of_its_own(
    driver: Driver, pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver.open(*pair)
    draw(driver, DEFECT, "place", monkeypatch)
    before = driver.answer()
    assert len(before.places) == 1
    row = driver.parts.places.rows[0]
    row.tolerance.setText("255")
    row.tolerance.editingFinished.emit()
    after = driver.answer()
    assert after.over < before.over
    assert after.pixels == before.pixels
    assert after.places[0].tolerance == 255.0


def test_escape_ends_drawing_before_it_stops_anything(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    mark = driver.window.actions_by_id["mark"]
    mark.trigger()
    pane = driver.parts.view.panes[0]
    assert pane.cursor().shape() == Qt.CursorShape.CrossCursor
    driver.window.actions_by_id["cancel"].trigger()
    assert not mark.isChecked()
    assert pane.cursor().shape() != Qt.CursorShape.CrossCursor
    assert driver.controller.result is not None
