"""The curve of changed pixels and regions over the tolerance."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.histograms import Histograms
from core.threshold import RegionPoint, changed, knee, otsu
from gui.panels.histograms import HistogramsPanel

X = np.arange(256)
NOISE = 40_000 * np.exp(-0.5 * (X / 4.0) ** 2)
SPOT = 9000 * np.exp(-0.5 * ((X - 120) / 9.0) ** 2)
COUNTS = np.rint(NOISE + SPOT).astype(np.int64)
PIXELS = int(COUNTS.sum())
GRAY = Histograms(("gray",), COUNTS[None], COUNTS[None], COUNTS)


@pytest.fixture
def panel(show: Callable[[QWidget, int, int], None]) -> HistogramsPanel:
    made = HistogramsPanel()
    show(made, 1000, 240)
    made.show_histograms(GRAY, PIXELS)
    made.show_curve(True)
    return made


def test_the_curve_takes_the_place_of_the_histogram_and_back(
    panel: HistogramsPanel, qtbot: QtBot
) -> None:
    assert panel.difference.isHidden()
    assert not panel.curve.isHidden()
    assert panel.difference_header.title.text() == "Changed over the tolerance"
    with qtbot.waitSignal(panel.curve_shown) as told:
        next(a for a in panel.curve_link.menu().actions() if a.text() == "histogram").trigger()
    assert told.args == [False]
    assert panel.curve.isHidden()


def test_it_is_the_exact_number_over_each_tolerance(panel: HistogramsPanel) -> None:
    _, y = panel.curve.curves()[0].getData()
    np.testing.assert_allclose(y, np.log10(1.0 + changed(GRAY)))
    panel.show_tolerance(7)
    over = int(COUNTS[8:].sum())
    assert panel.curve.label.text().startswith(f"tolerance 7 · {over:,} px (")
    panel.curve.hovered.emit(7)
    assert panel.difference_header.note.text() == f"over 7:  {over:,} px"


def test_the_line_is_the_same_in_both(panel: HistogramsPanel) -> None:
    panel.show_tolerance(33)
    assert panel.curve.line.value() == panel.difference.line.value() == 33


def test_proposals_are_marked_and_a_click_takes_one(panel: HistogramsPanel, qtbot: QtBot) -> None:
    expected = {n: t for n, t in (("knee", knee(GRAY)), ("Otsu", otsu(GRAY))) if t is not None}
    assert panel.curve.proposals == expected
    assert expected
    at = next(iter(expected.values()))
    plot = panel.curve
    place = QPoint(round(plot.x_of(at)), plot.height() // 2)
    with qtbot.waitSignal(panel.tolerance_set) as told:
        qtbot.mouseClick(plot.widget.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told.args == [float(at)]


def test_regions_are_dots_and_stand_in_the_label(panel: HistogramsPanel) -> None:
    panel.show_tolerance(7)
    assert "region" not in panel.curve.label.text()
    panel.curve.add_point(RegionPoint(11, 2, 60, 50))
    panel.curve.add_point(RegionPoint(7, 31, 90, 50))
    assert panel.curve.label.text().endswith("· 31 regions")
    x, y = panel.curve._dots.getData()
    assert x.tolist() == [7, 11]
    np.testing.assert_allclose(y, np.log10([32.0, 3.0]))
    panel.show_pending()
    assert "region" not in panel.curve.label.text()
    panel.show_histograms(GRAY, PIXELS)
    assert "region" not in panel.curve.label.text()  # those were of another difference
    panel.show_nothing()
    assert panel.curve.proposals == {}
