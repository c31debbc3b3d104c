"""A and B are exchanged where that means something; elsewhere the command is gray and says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from gui.enabling import NO_PICTURE, ONE_SEQUENCE
from tests.cli.shots import film
from tests.make import write_png

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QAction

    from tests.gui.sequence.conftest import Projector

TIP = "Exchange the two pictures (X)"


def swap(projector: Projector) -> QAction:
    action: QAction = projector.window.actions_by_id["swap"]
    return action


def test_without_a_picture_there_is_nothing_to_exchange(
    projector: Projector, pair: tuple[Path, Path]
) -> None:
    assert not swap(projector).isEnabled()
    assert swap(projector).toolTip() == NO_PICTURE
    projector.driver.open(*pair)
    assert swap(projector).isEnabled()
    assert swap(projector).toolTip() == TIP


def test_of_one_sequence_the_command_is_gray_and_says_why(
    projector: Projector, movie: Path
) -> None:
    projector.open(movie)
    projector.rest()
    projector.sequences.viewing.go_to(7)
    projector.at(7)
    assert not swap(projector).isEnabled()
    assert swap(projector).toolTip() == ONE_SEQUENCE
    buttons = projector.window.top_bar.findChildren(QToolButton)
    (button,) = (b for b in buttons if b.defaultAction() is swap(projector))
    assert not button.isEnabled()
    assert button.toolTip() == ONE_SEQUENCE
    before = projector.window.controller.session
    QTest.keyClick(projector.window, Qt.Key.Key_X)
    projector.rest()
    assert projector.window.controller.session == before
    assert projector.errors() == []


def test_what_is_compared_with_a_picture_is_not_exchanged_either(
    projector: Projector, movie: Path, tmp_path: Path
) -> None:
    projector.open(movie)
    first = projector.at(0).data
    projector.sequences.use_reference(str(write_png(tmp_path / "reference.png", first)))
    projector.rest()
    assert projector.window.controller.session.complete
    assert not swap(projector).isEnabled()
    assert swap(projector).toolTip() == ONE_SEQUENCE


def test_it_comes_back_with_a_second_sequence_and_when_the_sequence_is_closed(
    projector: Projector, movie: Path, tmp_path: Path
) -> None:
    other = film(tmp_path / "other.mkv", range(5, 45))
    projector.open(movie)
    assert not swap(projector).isEnabled()
    projector.open(movie, other, offset=-5)
    projector.rest()
    assert swap(projector).isEnabled()
    assert swap(projector).toolTip() == TIP
    projector.open(movie)
    projector.rest()
    assert not swap(projector).isEnabled()
    projector.sequences.viewing.go_to(9)
    projector.at(9)
    projector.window.actions_by_id["close_sequence"].trigger()
    assert swap(projector).isEnabled()
    a, b = (projector.window.controller.session.a, projector.window.controller.session.b)
    swap(projector).trigger()  # the two frames that stay are pictures
    session = projector.window.controller.session
    assert (session.a, session.b) == (b, a)
