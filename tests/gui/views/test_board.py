"""Panes that share a camera: places, details, legend, and their end."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtWidgets import QApplication

from core.render import Side
from core.types import Rect
from gui.views.compare_view import CompareView
from gui.views.modes import Mode
from tests.gui.views.scene import CANVAS, GROUND, RED, SQUARE, colour_at, picture, spot, wheel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

Maker = Callable[..., CompareView]


def test_side_by_side_shows_three_sides_at_the_same_place(make_view: Maker) -> None:
    view = make_view()
    assert len(view.panes) == 3
    for pane, side in zip(view.panes, Side, strict=True):
        assert colour_at(pane, spot(view, 40, 220)) == RED
        assert colour_at(pane, spot(view, 40, 195)) == GROUND[side]
        assert colour_at(pane, spot(view, 80, 220)) == GROUND[side]


def test_go_to_centres_and_shows_a_third_of_the_view(make_view: Maker) -> None:
    view = make_view()
    view.go_to(SQUARE)
    assert (view.camera.centre.x(), view.camera.centre.y()) == (220, 40)
    assert view.camera.zoom == pytest.approx(view.panes[0].width() / 40 / 3)
    view.go_to(Rect(90, 10, 1, 1))
    assert view.zoom_text() == "1600 %"


def test_a_resized_view_still_shows_the_whole(make_view: Maker) -> None:
    view = make_view()
    view.resize(700, 220)
    assert view.camera.zoom == pytest.approx(view.panes[0].width() / CANVAS[1])
    view.one_to_one()
    view.resize(900, 260)
    assert view.camera.zoom == 1


def test_a_coarse_overview_asks_for_detail_of_each_side(make_view: Maker, qtbot: QtBot) -> None:
    view = make_view(filled=False)
    asked: dict[Side, int] = {}
    view.detail_wanted.connect(lambda *what: asked.update({what[0]: what[2]}))
    for side in Side:
        view.show_picture(side, picture(side, 2), False)
    qtbot.waitUntil(lambda: set(asked) == set(Side), timeout=2000)
    assert set(asked.values()) == {0}  # fitted, the canvas is shown at 134 %


def test_busy_dims_only_the_difference_and_not_at_once(make_view: Maker, qtbot: QtBot) -> None:
    view = make_view()
    at = spot(view, 40, 220)
    view.set_busy(True)
    assert colour_at(view.panes[2], at) == RED
    qtbot.waitUntil(lambda: colour_at(view.panes[2], at) != RED, timeout=2000)
    assert colour_at(view.panes[0], at) == RED
    view.set_busy(False)
    assert colour_at(view.panes[2], at) == RED


def test_the_legend_stands_in_the_pane_of_the_difference(make_view: Maker, qtbot: QtBot) -> None:
    view = make_view()
    assert not view.legend.isVisible()
    view.show_legend(0, 64, [(i, i, i) for i in range(256)], "levels")
    assert view.legend.isVisible()
    assert view.panes[2].geometry().contains(view.legend.geometry())
    with qtbot.waitSignal(view.high_changed) as told:
        wheel(view.legend, QPoint(10, 50), 120)
    assert told.args == [80.0]
    view.set_mode(Mode.SWIPE)
    assert not view.legend.isVisible()
    view.set_mode(Mode.DIFFERENCE)
    assert view.panes[0].geometry().contains(view.legend.geometry())
    view.clear(Side.DIFFERENCE)
    assert not view.legend.isVisible()


def test_a_cleared_side_is_gone(make_view: Maker) -> None:
    view = make_view()
    view.clear(Side.B)
    assert colour_at(view.panes[1], spot(view, 40, 220)) != RED
    assert colour_at(view.panes[0], spot(view, 40, 220)) == RED


def test_the_view_and_its_pictures_die(qtbot: QtBot) -> None:
    view = CompareView()
    view.set_canvas(*CANVAS)
    shown = picture(Side.A)
    pixels, alive = weakref.ref(shown.rgb), weakref.ref(view)
    view.show_picture(Side.A, shown, False)
    del shown
    assert pixels() is None  # the pane keeps its own 32-bit copy
    view.deleteLater()
    del view
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert alive() is None
