from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.jury import Disagreement, verdicts
from core.types import MapKind, MeasureValue
from gui.panels.measure_table import LABEL, UNIT, VALUE, verdict_colour
from gui.panels.measures import MeasuresPanel

PIXELS = 273_280


def value(
    name: str,
    number: float,
    unit: str = "",
    pixels: int = PIXELS,
    at: tuple[int, int] | None = None,
) -> MeasureValue:
    return MeasureValue(name, name.upper(), number, unit, "lower", pixels, at, f"About {name}.")


MEASURES = {
    m.name: m
    for m in (
        value("l1", 1234567.25, "levels"),
        value("l1_per_pixel", 0.84, "levels"),
        value("l0_per_pixel", 0.25, "share"),
        value("psnr", math.inf, "dB"),
        value("max_abs", 212.0, "levels", at=(288, 417)),
        value("ssim", 0.97123, pixels=270_112),
        value("hist_kl", math.nan, "bits"),
    )
}


@pytest.fixture
def panel(qtbot: QtBot, show: Callable[[QWidget, int, int], None]) -> MeasuresPanel:
    made = MeasuresPanel()
    show(made, 372, 500)
    return made


def cell(panel: MeasuresPanel, name: str, column: int) -> str:
    for row in range(panel.model.rowCount()):
        index = panel.model.index(row, column)
        measure = panel.model.measure(index)
        if measure is not None and measure.name == name:
            return str(index.data())
    raise AssertionError(name)


def click(panel: MeasuresPanel, qtbot: QtBot, name: str, button: Qt.MouseButton) -> None:
    rows = [panel.model.measure(panel.model.index(r, 0)) for r in range(panel.model.rowCount())]
    row = next(i for i, m in enumerate(rows) if m is not None and m.name == name)
    place = panel.table.visualRect(panel.model.index(row, VALUE)).center()
    qtbot.mouseClick(panel.table.viewport(), button, pos=place)


def test_numbers_stand_as_every_report_prints_them(panel: MeasuresPanel) -> None:
    panel.show_measures(MEASURES, "exact, 273,280 px")
    assert cell(panel, "l1_per_pixel", LABEL) == "L1_PER_PIXEL"
    assert [cell(panel, "l1_per_pixel", c) for c in (VALUE, UNIT)] == ["0.84", "levels"]
    assert [cell(panel, "l0_per_pixel", c) for c in (VALUE, UNIT)] == ["25", "%"]
    assert [cell(panel, "psnr", c) for c in (VALUE, UNIT)] == ["∞", "dB"]
    assert [cell(panel, "hist_kl", c) for c in (VALUE, UNIT)] == ["–", ""]
    assert panel.header.note.text() == "exact, 273,280 px"


def test_other_pixels_than_the_usual_are_said(panel: MeasuresPanel) -> None:
    panel.show_measures(MEASURES)
    assert cell(panel, "ssim", UNIT) == "of 270,112 px"


def test_what_was_asked_for_stands_below_the_short_list(panel: MeasuresPanel, qtbot: QtBot) -> None:
    panel.show_measures(MEASURES)
    assert panel.model.rowCount() == 6
    low = panel.table.height()
    panel.show_also(["l1", "ssim", "unknown"])
    assert panel.model.rowCount() == 7
    assert cell(panel, "l1", VALUE) == "1,234,567.25"
    assert panel.table.height() > low
    with qtbot.waitSignal(panel.all_wanted):
        qtbot.mouseClick(panel.all_link, Qt.MouseButton.LeftButton)


def test_a_verdict_is_a_dot_a_tooltip_and_a_word_for_screen_readers(panel: MeasuresPanel) -> None:
    words = verdicts({"ssim": MEASURES["ssim"], "psnr": MEASURES["psnr"]})
    panel.show_measures(MEASURES, "", words)
    names = [m.name for m in (panel.model.measure(panel.model.index(r, 0)) for r in range(6)) if m]
    for name in ("ssim", "psnr"):
        row = names.index(name)
        dot = panel.model.index(row, LABEL).data(Qt.ItemDataRole.DecorationRole)
        middle = dot.toImage().pixelColor(dot.width() // 2 - 2, dot.height() // 2)
        assert middle == verdict_colour(words[name].level)
        tip = panel.model.index(row, LABEL).data(Qt.ItemDataRole.ToolTipRole)
        assert f"Verdict: {words[name].word}." in tip
        spoken = panel.model.index(row, VALUE).data(Qt.ItemDataRole.AccessibleTextRole)
        assert spoken.endswith(f", {words[name].word}")
    other = panel.model.index(names.index("l1_per_pixel"), LABEL)
    empty = other.data(Qt.ItemDataRole.DecorationRole).toImage()
    assert empty.pixelColor(empty.width() // 2 - 2, empty.height() // 2).alpha() == 0


def test_disagreements_stand_below_with_the_map_that_shows_where(
    panel: MeasuresPanel, qtbot: QtBot
) -> None:
    said = Disagreement("SSIM is calm, ΔE is not.", "ssim", "delta_e_2000_p95", MapKind.SSIM)
    panel.show_measures(MEASURES, "", {}, [said])
    row = panel.disagreements.rows[0]
    assert row.sentence.text() == said.text
    with qtbot.waitSignal(panel.map_chosen) as told:
        qtbot.mouseClick(row.link, Qt.MouseButton.LeftButton)
    assert told.args == [MapKind.SSIM]
    panel.show_pending()
    assert panel.disagreements.isHidden()  # what is said answers the question before


def test_an_interval_is_in_the_tooltip(panel: MeasuresPanel) -> None:
    sure = replace(MEASURES["ssim"], interval=(0.96, 0.98))
    panel.show_measures({"ssim": sure})
    tip = panel.model.index(0, LABEL).data(Qt.ItemDataRole.ToolTipRole)
    assert "from 0.96 to 0.98 (95 %)" in tip


def test_the_whole_table_is_as_high_as_its_rows(panel: MeasuresPanel) -> None:
    panel.show_measures(MEASURES)
    last = panel.table.visualRect(panel.model.index(panel.model.rowCount() - 1, 0))
    assert last.bottom() < panel.table.viewport().height() <= last.bottom() + 2


def ink(panel: MeasuresPanel) -> QColor:
    colour = panel.model.index(0, VALUE).data(Qt.ItemDataRole.ForegroundRole)
    assert isinstance(colour, QColor)
    return colour


def test_a_stale_number_never_looks_current(panel: MeasuresPanel) -> None:
    panel.show_measures(MEASURES, "exact")
    assert ink(panel).alphaF() == 1
    panel.show_pending()
    assert ink(panel).alphaF() < 0.5
    assert panel.header.note.text() == "computing…"
    assert not panel.copy_link.isEnabled()
    spoken = panel.model.index(0, VALUE).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "L1_PER_PIXEL: computing"
    panel.show_measures(MEASURES, "exact")
    assert ink(panel).alphaF() == 1
    assert panel.header.note.text() == "exact"


def test_copying_all_takes_names_values_units_and_pixels(
    panel: MeasuresPanel, qtbot: QtBot
) -> None:
    panel.show_measures(MEASURES)
    qtbot.mouseClick(panel.copy_link, Qt.MouseButton.LeftButton)
    lines = [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]
    assert lines[0] == ["measure", "value", "unit", "pixels"]
    assert lines[1] == ["l1", "1234567.25", "levels", "273280"]
    assert ["ssim", "0.97123", "", "270112"] in lines
    assert len(lines) == 1 + len(MEASURES)


def test_nothing_is_copied_while_computing(panel: MeasuresPanel) -> None:
    QGuiApplication.clipboard().setText("before")
    panel.show_measures(MEASURES)
    panel.show_pending()
    panel.copy_all()
    assert QGuiApplication.clipboard().text() == "before"


def test_copy_key_takes_the_row(panel: MeasuresPanel, qtbot: QtBot) -> None:
    panel.show_measures(MEASURES)
    click(panel, qtbot, "l0_per_pixel", Qt.MouseButton.LeftButton)
    qtbot.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "l0_per_pixel\t0.25\tshare\t273280"


def test_a_click_on_the_largest_difference_tells_its_place(
    panel: MeasuresPanel, qtbot: QtBot
) -> None:
    panel.show_measures(MEASURES)
    assert cell(panel, "max_abs", UNIT) == "at 417, 288"  # (x, y) for people
    with qtbot.waitSignal(panel.place_clicked) as told:
        click(panel, qtbot, "max_abs", Qt.MouseButton.LeftButton)
    assert told.args == [288, 417]  # (row, col) for the program
    with qtbot.assertNotEmitted(panel.place_clicked):
        click(panel, qtbot, "ssim", Qt.MouseButton.LeftButton)


def test_help_is_the_tooltip(panel: MeasuresPanel) -> None:
    panel.show_measures(MEASURES)
    tip = str(panel.model.index(0, LABEL).data(Qt.ItemDataRole.ToolTipRole))
    assert "About l1_per_pixel." in tip
    assert "over 273,280 px" in tip


def test_without_a_pair_there_is_nothing(panel: MeasuresPanel) -> None:
    panel.show_measures(MEASURES, "exact")
    panel.show_nothing()
    assert panel.model.rowCount() == 0
    assert panel.header.note.text() == ""
    assert panel.copy_link.isHidden()
