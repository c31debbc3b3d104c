"""The view modes, by the pixels that they show."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core.render import Side
from gui.views.compare_view import CompareView
from gui.views.modes import Mode
from tests.gui.views.scene import GROUND, SQUARE, colour_at, spot

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

Maker = Callable[..., CompareView]


@pytest.mark.parametrize("flat", [False, True])
def test_swipe_follows_the_mouse_without_a_click(make_view: Maker, flat: bool) -> None:
    view = make_view()
    view.set_mode(Mode.SWIPE)
    if flat:
        view.set_swipe_orientation(Qt.Orientation.Horizontal)
    (pane,) = view.panes
    at = spot(view, 60, 100)
    QTest.mouseMove(pane, at)
    away = QPoint(0, 12) if flat else QPoint(12, 0)
    assert colour_at(pane, at - away) == GROUND[Side.A]
    assert colour_at(pane, at + away) == GROUND[Side.B]
    QTest.mouseMove(pane, at + 2 * away)
    assert colour_at(pane, at + away) == GROUND[Side.A]


def test_blend_mixes_by_the_slider(make_view: Maker) -> None:
    view = make_view()
    view.set_mode(Mode.BLEND)
    view.set_blend(0.25)
    mixed = colour_at(view.panes[0], spot(view, 80, 100))
    # one level for each of Qt's two 8-bit roundings (of the opacity and of the mix)
    for value, a, b in zip(mixed, GROUND[Side.A], GROUND[Side.B], strict=True):
        assert abs(value - (0.75 * a + 0.25 * b)) <= 2
    view.set_blend(1.0)
    assert colour_at(view.panes[0], spot(view, 80, 100)) == GROUND[Side.B]


def test_blink_takes_turns_pauses_and_starts_with_a(make_view: Maker, qtbot: QtBot) -> None:
    view = make_view()
    view.set_blink_interval(1)  # below the least, which is 100 ms
    view.set_mode(Mode.BLINK)
    at = spot(view, 80, 100)
    assert colour_at(view.panes[0], at) == GROUND[Side.A]
    qtbot.waitUntil(lambda: colour_at(view.panes[0], at) == GROUND[Side.B], timeout=3000)
    qtbot.waitUntil(lambda: colour_at(view.panes[0], at) == GROUND[Side.A], timeout=3000)
    view.toggle_blink()
    qtbot.wait(300)  # three intervals, in which nothing may change
    assert colour_at(view.panes[0], at) == GROUND[Side.A]
    view.toggle_blink()
    qtbot.waitUntil(lambda: colour_at(view.panes[0], at) == GROUND[Side.B], timeout=3000)


def test_hold_shows_a_side_in_place_and_lets_go(make_view: Maker) -> None:
    view = make_view()
    view.set_mode(Mode.A)
    at = spot(view, 80, 100)
    view.hold(Side.B)
    assert colour_at(view.panes[0], at) == GROUND[Side.B]
    view.hold(None)
    assert colour_at(view.panes[0], at) == GROUND[Side.A]


def test_every_mode_keeps_the_camera(make_view: Maker) -> None:
    view = make_view()
    view.go_to(SQUARE)
    centre, zoom = view.camera.centre, view.camera.zoom
    told: list[Mode] = []
    view.mode_changed.connect(told.append)
    for mode in [*list(Mode)[1:], Mode.SIDE_BY_SIDE]:
        view.set_mode(mode)
        assert (view.camera.centre, view.camera.zoom) == (centre, zoom)
    assert told == [*list(Mode)[1:], Mode.SIDE_BY_SIDE]
