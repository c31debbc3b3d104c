"""The brightness bar: what it says, and that it follows without an echo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from core.tone import Curve, Tone
from gui.views.tone_bar import ToneBar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[ToneBar]:
    host = QWidget()
    qtbot.addWidget(host)
    host.resize(900, 60)
    made = ToneBar(host)
    made.resize(900, 40)
    host.show()
    yield made
    host.close()


def test_each_control_changes_its_part_alone(bar: ToneBar) -> None:
    heard: list[Tone] = []
    bar.tone_changed.connect(heard.append)
    bar.exposure.spin.setValue(2.5)
    bar.gamma.spin.setValue(1.5)
    bar.curve.setCurrentIndex(bar.curve.findData("filmic"))
    QTest.mouseClick(bar.mark, Qt.MouseButton.LeftButton, pos=bar.mark.rect().center() / 4)
    wanted = Tone(exposure_ev=2.5)
    assert heard == [
        wanted,
        Tone(exposure_ev=2.5, gamma=1.5),
        Tone(exposure_ev=2.5, gamma=1.5, curve=Curve.FILMIC),
        Tone(exposure_ev=2.5, gamma=1.5, curve=Curve.FILMIC, mark=True),
    ]
    assert bar.reset.isEnabled()
    QTest.mouseClick(bar.reset, Qt.MouseButton.LeftButton)
    assert heard[-1] == bar.tone == Tone()
    assert not bar.reset.isEnabled()
    assert (bar.exposure.value(), bar.gamma.value(), bar.mark.isChecked()) == (0.0, 1.0, False)


def test_what_is_shown_from_outside_is_not_said_again(bar: ToneBar) -> None:
    heard: list[Tone] = []
    bar.tone_changed.connect(heard.append)
    tone = Tone(exposure_ev=-3.0, gamma=2.0, curve=Curve.LOG, mark=True)
    bar.show_tone(tone)
    assert heard == []
    assert (bar.exposure.value(), bar.gamma.value()) == (-3.0, 2.0)
    assert (bar.curve.value(), bar.mark.isChecked()) == ("log", True)
    bar.exposure.spin.setValue(-2.0)
    assert heard == [Tone(exposure_ev=-2.0, gamma=2.0, curve=Curve.LOG, mark=True)]


def test_the_other_buttons_ask(bar: ToneBar) -> None:
    asked: list[str] = []
    bar.auto_wanted.connect(lambda: asked.append("auto"))
    bar.closed.connect(lambda: asked.append("close"))
    for button in (bar.auto, bar.close_button):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == ["auto", "close"]


def test_every_control_has_a_tip_and_fits_into_a_narrow_window(bar: ToneBar) -> None:
    for part in (bar.exposure, bar.auto, bar.curve, bar.gamma, bar.mark, bar.reset):
        assert part.toolTip()
    assert bar.minimumSizeHint().width() <= 880  # beside the panels in a window of 1280
