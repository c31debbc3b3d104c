"""Measures, maps and verdicts, asked for in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core import compare, open_image
from core.difference import DifferenceParams
from core.jury import disagreements, verdicts
from core.types import MapKind
from core.wanted import MeasuresParams
from gui.panels.jury_model import MAP, VALUE
from gui.panels.measure_table import value_and_unit

if TYPE_CHECKING:
    from pathlib import Path

    from gui.panels.jury import JuryWindow
    from tests.gui.driver import Driver

    Pair = tuple[Path, Path]


def opened(driver: Driver) -> JuryWindow:
    QTest.mouseClick(driver.parts.measures.all_link, Qt.MouseButton.LeftButton)
    jury = driver.window.measuring.jury
    assert jury is not None
    assert jury.isVisible()
    return jury


def click(jury: JuryWindow, name: str, column: int) -> None:
    where = jury.model.index(jury.model.row_of(name), column)
    jury.table.scrollTo(where)
    place = jury.table.visualRect(where).center()
    QTest.mouseClick(jury.table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def value(jury: JuryWindow, name: str) -> str:
    return str(jury.model.index(jury.model.row_of(name), VALUE).data())


def test_a_measure_is_computed_when_it_is_asked_for_and_stays(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    jury = opened(driver)
    assert value(jury, "gmsd") == "compute"
    click(jury, "gmsd", VALUE)
    result = driver.answer()
    expected = compare(*(open_image(p) for p in pair), measures=["gmsd"]).measures["gmsd"]
    assert result.measures["gmsd"].value == expected.value
    assert value(jury, "gmsd") == value_and_unit(expected)[0]
    assert "gmsd" in driver.controller.session.settings[MeasuresParams].names
    shown = driver.parts.measures.model
    labels = [shown.index(i, 0).data() for i in range(shown.rowCount())]
    assert expected.label in labels
    driver.controller.history.undo()
    driver.answer()
    assert value(jury, "gmsd") == "compute"


def test_a_map_of_a_measure_is_painted_and_named(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    jury = opened(driver)
    before = driver.parts.view.panes[2].grab().toImage()
    click(jury, "ssim", MAP)
    result = driver.answer()
    assert driver.controller.session.settings[DifferenceParams].map is MapKind.SSIM
    assert result.map.kind is MapKind.SSIM
    driver.rest()
    assert driver.parts.view.panes[2].grab().toImage() != before
    legend = driver.parts.view.legend
    assert legend.isVisibleTo(driver.window)


def test_verdicts_and_disagreements_are_those_of_the_core(driver: Driver, pair: Pair) -> None:
    result = driver.open(*pair)
    panel = driver.parts.measures
    words = verdicts(result.measures)
    row = next(
        i
        for i in range(panel.model.rowCount())
        if (m := panel.model.measure(panel.model.index(i, 0))) is not None and m.name == "ssim"
    )
    spoken = panel.model.index(row, 1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.endswith(words["ssim"].word)
    said = [r.said.text for r in panel.disagreements.rows]
    assert said == [d.text for d in disagreements(result.measures)]


def test_the_window_of_measures_shows_no_stale_number(driver: Driver, pair: Pair) -> None:
    driver.open(*pair)
    jury = opened(driver)
    driver.controller.set_params(DifferenceParams(space="lab"))
    assert jury.model.pending
    driver.answer()
    assert not jury.model.pending
    jury.close()
    driver.open(pair[0], pair[0])
    jury = opened(driver)
    assert value(jury, "l1") == "0"
