from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.catalogue import entries
from core.jury import Disagreement, verdicts
from core.registry import measure_params
from core.settings import Settings
from core.types import MapKind, MeasureValue
from gui.panels.jury import JuryWindow
from gui.panels.jury_model import COMPUTE, INTERVAL, MAP, MEASURE, PIXELS, UNIT, VALUE, VERDICT

MEASURES = {
    "ssim": MeasureValue(
        "ssim", "Structural similarity", 0.91, "", "higher", 990, help="H.", interval=(0.9, 0.92)
    ),
    "max_abs": MeasureValue("max_abs", "Largest", 200.0, "levels", "lower", 1000, (28, 41), "H."),
    "psnr": MeasureValue("psnr", "PSNR", math.inf, "dB", "higher", 1000, help="H."),
}


@pytest.fixture
def jury(qtbot: QtBot, show: Callable[[QWidget, int, int], None]) -> JuryWindow:
    made = JuryWindow()
    show(made, 900, 700)
    made.show_measures(MEASURES, verdicts(MEASURES), [])
    return made


def index(jury: JuryWindow, name: str, column: int) -> QModelIndex:
    return jury.model.index(jury.model.row_of(name), column)


def texts(jury: JuryWindow, name: str) -> list[str]:
    return [str(index(jury, name, c).data()) for c in (VALUE, UNIT, INTERVAL, PIXELS)]


def click(jury: JuryWindow, qtbot: QtBot, name: str, column: int) -> None:
    where = index(jury, name, column)
    jury.table.scrollTo(where)
    at: QPoint = jury.table.visualRect(where).center()
    qtbot.mouseClick(jury.table.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_every_measure_has_a_row_under_its_heading(jury: JuryWindow) -> None:
    rows = [jury.model.line(jury.model.index(r, 0)) for r in range(jury.model.rowCount())]
    assert [x.entry.name for x in rows if x and x.entry] == list(entries())
    headings = [x.heading for x in rows if x and x.entry is None]
    assert headings == list(dict.fromkeys(e.group for e in entries().values()))


def test_numbers_intervals_verdicts_and_pixels(jury: JuryWindow) -> None:
    assert texts(jury, "ssim") == ["0.91", "", "0.9 … 0.92", "990"]
    assert texts(jury, "max_abs") == ["200", "levels at 41, 28", "", "1,000"]
    assert texts(jury, "psnr") == ["∞", "dB", "", "1,000"]
    word = index(jury, "ssim", VERDICT).data()
    assert word == verdicts(MEASURES)["ssim"].word


def test_what_was_not_made_can_be_asked_for(jury: JuryWindow, qtbot: QtBot) -> None:
    assert index(jury, "flip", VALUE).data() == COMPUTE
    with qtbot.waitSignal(jury.names_wanted) as told:
        click(jury, qtbot, "flip", VALUE)
    assert "flip" in told.args[0]
    with qtbot.assertNotEmitted(jury.names_wanted):
        click(jury, qtbot, "ssim", VALUE)
    with qtbot.waitSignal(jury.names_wanted) as told:
        qtbot.mouseClick(jury.all_button, Qt.MouseButton.LeftButton)
    assert told.args == [("all",)]


def test_maps_and_places_can_be_clicked(jury: JuryWindow, qtbot: QtBot) -> None:
    with qtbot.waitSignal(jury.map_chosen) as told:
        click(jury, qtbot, "ssim", MAP)
    assert told.args == [MapKind.SSIM]
    with qtbot.waitSignal(jury.place_clicked) as told:
        click(jury, qtbot, "max_abs", UNIT)
    assert told.args == [28, 41]
    with qtbot.assertNotEmitted(jury.map_chosen):
        click(jury, qtbot, "psnr", MAP)


def test_the_help_of_a_chosen_measure_and_its_settings_are_shown(
    jury: JuryWindow, qtbot: QtBot
) -> None:
    assert all(row.isHidden() for row in jury.rows.values())
    click(jury, qtbot, "ssim", MEASURE)
    assert jury.help.text() == entries()["ssim"].help
    click(jury, qtbot, "flip", MEASURE)
    assert jury.help.text() == entries()["flip"].help
    assert [n for n, row in jury.rows.items() if not row.isHidden()] == ["flip"]
    row = jury.rows["flip"]
    with qtbot.waitSignal(jury.params_changed) as told:
        row.params_changed.emit(row.kind(pixels_per_degree=40.0))
    assert told.args[0].pixels_per_degree == 40.0
    jury.show_settings(Settings([told.args[0]]))
    assert row.params == told.args[0]
    assert set(jury.rows) == {kind.name for kind in measure_params()}


def test_stale_numbers_are_pale_and_say_nothing_of_disagreement(jury: JuryWindow) -> None:
    said = Disagreement("They disagree.", "ssim", "psnr", MapKind.SSIM)
    jury.show_measures(MEASURES, {}, [said])
    assert not jury.disagreements.isHidden()
    jury.show_pending()
    assert jury.disagreements.isHidden()
    colour = index(jury, "ssim", VALUE).data(Qt.ItemDataRole.ForegroundRole)
    assert isinstance(colour, QColor)
    assert colour.alphaF() < 0.5
    jury.show_measures(MEASURES, {}, [])
    colour = index(jury, "ssim", VALUE).data(Qt.ItemDataRole.ForegroundRole)
    assert colour.alphaF() == 1
