from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.histograms import Histograms
from gui.panels.histograms import HistogramsPanel

X = np.arange(256)
DIFFERENCE = np.where(X == 0, 900_000, 1000 - 3 * X).astype(np.int64)
PIXELS = int(DIFFERENCE.sum())
RGB = Histograms(
    ("R", "G", "B"),
    np.stack([7 * X, 3 * X + 1, 255 - X]).astype(np.int64),
    np.stack([7 * X + 2, 3 * X + 5, 266 - X]).astype(np.int64),
    DIFFERENCE,
)
GRAY = Histograms(("gray",), RGB.a[:1], RGB.b[:1], DIFFERENCE)


@pytest.fixture
def panel(show: Callable[[QWidget, int, int], None]) -> HistogramsPanel:
    made = HistogramsPanel()
    show(made, 1000, 180)
    made.show_histograms(RGB, PIXELS)
    return made


def over(tolerance: int) -> int:
    return sum(int(DIFFERENCE[k]) for k in range(256) if k > tolerance)


def test_the_label_counts_exactly(panel: HistogramsPanel) -> None:
    for tolerance in (0, 1, 36, 200, 254, 255):
        panel.show_tolerance(tolerance)
        text = panel.difference.label.text()
        assert text.startswith(f"tolerance {tolerance} · {over(tolerance):,} px (")
        share = float(text.partition("(")[2].partition(" %")[0].replace("e−", "e-"))
        expected = 100 * over(tolerance) / PIXELS
        assert share == pytest.approx(expected, rel=1e-5)  # six digits are shown


def test_no_count_is_invented_between_whole_numbers(panel: HistogramsPanel) -> None:
    panel.show_tolerance(36.5)
    assert panel.difference.label.text() == "tolerance ≈ 36.5"


def test_no_stale_count_while_computing(panel: HistogramsPanel) -> None:
    panel.show_tolerance(36)
    panel.show_pending()
    assert panel.difference.label.text() == "tolerance 36"
    assert all(curve.opacity() < 0.5 for curve in panel.difference.curves())
    panel.show_histograms(RGB, PIXELS)
    assert f"{over(36):,} px" in panel.difference.label.text()
    assert all(curve.opacity() == 1 for curve in panel.difference.curves())


@pytest.mark.parametrize("width", [1000, 620])
def test_the_label_never_leaves_the_plot(panel: HistogramsPanel, qtbot: QtBot, width: int) -> None:
    plot, label = panel.difference, panel.difference.label
    panel.resize(width, 180)
    for tolerance in (0, 100, 128, 180, 254.5, 255):
        panel.show_tolerance(tolerance)
        qtbot.waitUntil(lambda: plot.rect().contains(label.geometry()))
        line, box = plot.x_of(tolerance), label.geometry()
        if label.width() * 2 < plot.width() - 40:  # else there is room on neither side
            assert box.left() > line or box.right() < line


def drag(panel: HistogramsPanel, qtbot: QtBot, start: float, *stops: float) -> None:
    plot = panel.difference
    port, y = plot.widget.viewport(), plot.height() // 2
    qtbot.mouseMove(port, QPoint(round(plot.x_of(start)), y))
    at = QPoint(round(plot.x_of(start)), y)
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=at)
    for stop in stops:
        at = QPoint(round(plot.x_of(stop)), y)
        qtbot.mouseMove(port, at)
        qtbot.wait(20)  # pyqtgraph takes moves that follow faster as one
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=at)


def test_dragging_tells_whole_numbers_and_the_last_when_let_go(
    panel: HistogramsPanel, qtbot: QtBot
) -> None:
    panel.show_tolerance(36)
    dragged: list[float] = []
    done: list[float] = []
    panel.tolerance_dragged.connect(dragged.append)
    panel.tolerance_set.connect(done.append)
    drag(panel, qtbot, 36, 60, 90, 120)
    assert len(dragged) >= 2
    assert all(t == int(t) for t in dragged)
    assert dragged == sorted(set(dragged))
    assert done == [dragged[-1]]
    assert abs(done[0] - 120) <= 2  # a pixel of the plot is half a level wide, the start likewise
    assert panel.difference.label.text().startswith(f"tolerance {done[0]:.0f} · ")


def test_showing_a_tolerance_emits_nothing(panel: HistogramsPanel, qtbot: QtBot) -> None:
    with (
        qtbot.assertNotEmitted(panel.tolerance_dragged),
        qtbot.assertNotEmitted(panel.tolerance_set),
    ):
        panel.show_tolerance(77)
    assert panel.difference.line.value() == 77


def test_the_arrow_keys_move_the_line(panel: HistogramsPanel, qtbot: QtBot) -> None:
    right, left = Qt.Key.Key_Right, Qt.Key.Key_Left
    steps = ((36, right, 37), (36, left, 35), (36.5, right, 37), (36.5, left, 36))
    for start, key, end in (*steps, (0, left, 0), (255, right, 255)):
        panel.show_tolerance(start)
        with qtbot.waitSignal(panel.tolerance_set) as told:
            qtbot.keyClick(panel.difference.widget, key)
        assert told.args == [end]


def test_a_curve_for_each_channel_of_each_picture(panel: HistogramsPanel) -> None:
    curves = panel.pair.curves()
    assert len(curves) == 6
    solid = [c.opts["pen"].style() == Qt.PenStyle.SolidLine for c in curves]
    assert solid == [True] * 3 + [False] * 3  # A solid, B dashed
    panel.show_histograms(GRAY, PIXELS)
    assert len(panel.pair.curves()) == 2


def test_curves_are_drawn_to_scale(panel: HistogramsPanel) -> None:
    _, y = panel.pair.curves()[0].getData()
    np.testing.assert_array_equal(y, np.log10(1.0 + RGB.a[0]))
    next(a for a in panel.pair_scale.menu().actions() if a.text() == "linear").trigger()
    assert panel.pair_scale.text() == "linear ▾"
    x, y = panel.pair.curves()[4].getData()
    np.testing.assert_array_equal(y, RGB.b[1])
    np.testing.assert_array_equal(x, X)
    top = max(RGB.a.max(), RGB.b.max())
    assert panel.pair.view.viewRange()[1][1] >= top


def test_the_wheel_changes_nothing(panel: HistogramsPanel) -> None:
    before = panel.pair.view.viewRange()
    port = panel.pair.widget.viewport()
    place = QPointF(port.rect().center())
    event = QWheelEvent(
        place,
        QPointF(port.mapToGlobal(place.toPoint())),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(port, event)
    assert panel.pair.view.viewRange() == before


def test_counts_under_the_mouse_are_read_out(panel: HistogramsPanel, qtbot: QtBot) -> None:
    plot = panel.pair
    qtbot.mouseMove(plot.widget.viewport(), QPoint(round(plot.x_of(100)), 40))
    note = panel.pair_header.note.text()
    value = int(note.partition(":")[0])
    assert abs(value - 100) <= 1
    assert f"R {7 * value} | {7 * value + 2}" in note
    panel.pair.hovered.emit(-1)
    assert panel.pair_header.note.text() == ""


def test_no_other_panel_loads_the_plots() -> None:
    code = (
        "import sys, gui.panels.pipeline, gui.panels.measures, gui.panels.regions,"
        " gui.panels.notices; assert 'pyqtgraph' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_is_beyond_the_axis_is_counted_and_said(panel: HistogramsPanel) -> None:
    wide = replace(RGB, beyond=17, below=True, above=True)
    for histograms, count, ends, last in (
        (wide, 17, ("≤ 0", "≥ 255"), "≥ 255"),
        (RGB, 0, ("0", "255"), "255"),
    ):
        panel.show_histograms(histograms, PIXELS)
        panel.show_tolerance(255)
        assert panel.difference.label.text().startswith(f"tolerance 255 · {count} px")
        for plot, low, high in ((panel.pair, *ends), (panel.difference, "0", last)):
            (ticks,) = plot.item.getAxis("bottom")._tickLevels
            assert (ticks[0][1], ticks[-1][1]) == (low, high)
        panel.difference.hovered.emit(255)
        assert panel.difference_header.note.text().startswith(f"{last}: ")


def test_what_else_decides_is_said_for_its_tolerance_alone(panel: HistogramsPanel) -> None:
    panel.show_tolerance(36)
    panel.show_histograms(RGB, PIXELS, "276 px count")
    for plot in (panel.difference, panel.curve):
        assert plot.label.text().endswith(" · 276 px count")
    panel.show_tolerance(40)
    assert "count" not in panel.difference.label.text()
    panel.show_histograms(RGB, PIXELS)
    panel.show_tolerance(36)
    assert "count" not in panel.difference.label.text()
