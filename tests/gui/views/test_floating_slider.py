"""The slider that floats on a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from gui.views.floating_slider import FloatingSlider

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def slider(qtbot: QtBot) -> FloatingSlider:
    made = FloatingSlider()
    qtbot.addWidget(made)
    made.setRange(0, 100)
    made.show()
    return made


def test_a_click_goes_there_and_dragging_follows_to_both_ends(slider: FloatingSlider) -> None:
    slider.show_ends(("A", QColor("red")), ("B", QColor("blue")))
    groove = slider.groove()
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=groove.center().toPoint())
    assert slider.value() in (49, 50, 51)  # a logical pixel of the groove is 0.6 %
    QTest.mouseMove(slider, QPoint(slider.width() - 1, 5))
    assert slider.value() == 100
    QTest.mouseMove(slider, QPoint(0, 30))
    assert slider.value() == 0
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(0, 30))
    QTest.mouseMove(slider, groove.center().toPoint())
    assert slider.value() == 0


def test_keys_move_it(slider: FloatingSlider) -> None:
    slider.setValue(40)
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert slider.value() == 41
    QTest.keyClick(slider, Qt.Key.Key_Home)
    assert slider.value() == 0


def test_the_button_tells_and_moves_nothing(slider: FloatingSlider, qtbot: QtBot) -> None:
    slider.show_playing(True)
    slider.setValue(70)
    with qtbot.waitSignal(slider.toggled):
        QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(18, 18))
    assert slider.value() == 70


def test_play_and_pause_look_different(slider: FloatingSlider) -> None:
    slider.show_playing(True)
    playing = slider.grab().toImage()
    slider.show_playing(False)
    assert slider.grab().toImage() != playing
