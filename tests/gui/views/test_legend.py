"""The colour bar: numbers, and a top that can be moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.views.legend import Legend, default_ticks, label, rounded
from tests.gui.views.scene import colour_at

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

RAMP = [(i, 0, 255 - i) for i in range(256)]


@pytest.fixture
def legend(qtbot: QtBot) -> Legend:
    made = Legend()
    qtbot.addWidget(made)
    made.show_scale(0, 64, RAMP, "levels")
    made.resize(made.sizeHint().width(), 300)
    made.show()
    return made


def wheel(widget: Legend, turn: int) -> None:
    at = QPointF(10, 100)
    event = QWheelEvent(
        at, widget.mapToGlobal(at), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def test_the_last_colour_is_on_top_and_the_first_at_the_bottom(legend: Legend) -> None:
    bar = legend.bar_rect().toRect()
    x = bar.center().x()
    top, bottom = (colour_at(legend, QPoint(x, y)) for y in (bar.top() + 3, bar.bottom() - 3))
    assert top[0] > 240
    assert top[2] < 15
    assert bottom[0] < 15
    assert bottom[2] > 240


def test_ticks_stand_at_the_ends_and_in_the_middle_or_at_zero() -> None:
    assert default_ticks(0, 64) == (0, 32, 64)
    assert default_ticks(-40, 40) == (-40, 0, 40)


def test_numbers_are_short_and_have_a_true_minus() -> None:
    assert [label(v) for v in (0, 32.0, -64, 0.125, 2000)] == ["0", "32", "−64", "0.125", "2000"]
    assert [rounded(v) for v in (63.7, 127.6, 0.01234, 0)] == [64, 130, 0.012, 0]


def test_dragging_up_raises_the_top_and_down_lowers_it(legend: Legend, qtbot: QtBot) -> None:
    told: list[float] = []
    legend.high_changed.connect(told.append)
    QTest.mousePress(legend, Qt.MouseButton.LeftButton, pos=QPoint(12, 150))
    QTest.mouseMove(legend, QPoint(12, 90))
    assert told[-1] == legend.high == 130  # 60 logical pixels double 64, shown with two digits
    QTest.mouseMove(legend, QPoint(12, 210))
    assert told[-1] == 32
    QTest.mouseRelease(legend, Qt.MouseButton.LeftButton, pos=QPoint(12, 210))
    QTest.mouseMove(legend, QPoint(12, 20))
    assert legend.high == 32


def test_the_wheel_changes_the_top_by_a_quarter_also_in_small_turns(legend: Legend) -> None:
    wheel(legend, 120)
    assert legend.high == 80
    for _ in range(8):
        wheel(legend, -15)
    assert legend.high == 64


def test_the_top_stays_within_its_limits(legend: Legend) -> None:
    for _ in range(40):
        wheel(legend, 120)
    assert legend.high == 255
    for _ in range(60):
        wheel(legend, -120)
    assert legend.high == 1


def test_a_map_with_two_directions_stays_even(legend: Legend) -> None:
    legend.show_scale(-40, 40, RAMP, "levels")
    wheel(legend, 120)
    assert legend.high == 50
    picture = legend.grab().toImage()
    legend.show_scale(-50, 50, RAMP, "levels")
    assert legend.grab().toImage() == picture


def test_the_ends_say_that_they_stand_for_what_is_beyond(legend: Legend) -> None:
    assert [legend.text_of(v) for v in (0, 32, 64)] == ["0", "32", "≥ 64"]
    legend.show_scale(-40, 40, RAMP, "levels")
    assert [legend.text_of(v) for v in (-40, 0, 40)] == ["≤ −40", "0", "≥ 40"]
    legend.show_scale(0, 255, RAMP, "levels")
    assert legend.text_of(255) == "255"
    legend.show_scale(0, 255, RAMP, "levels", beyond=True)
    assert legend.text_of(255) == "≥ 255"
