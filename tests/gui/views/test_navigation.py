"""Wheel, drag and double click move the camera of all panes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core.render import Side
from gui.views.compare_view import CompareView
from tests.gui.views.scene import GROUND, RED, colour_at, spot, wheel

Maker = Callable[..., CompareView]


def test_the_wheel_zooms_about_the_cursor_in_all_panes(make_view: Maker) -> None:
    view = make_view()
    corner = spot(view, 30, 200)
    for _ in range(5):
        wheel(view.panes[1], corner, 120)
    assert view.camera.zoom == 6
    for pane, side in zip(view.panes, Side, strict=True):
        # The corner of the square is still there, to within a canvas pixel (6 on the screen).
        assert colour_at(pane, corner + QPoint(7, 7)) == RED
        assert colour_at(pane, corner + QPoint(-7, 7)) == GROUND[side]
        assert colour_at(pane, corner + QPoint(7, -7)) == GROUND[side]


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton])
def test_dragging_pans_by_as_much(make_view: Maker, button: Qt.MouseButton) -> None:
    view = make_view()
    view.one_to_one()
    pane, before = view.panes[0], spot(view, 30, 200)
    QTest.mousePress(pane, button, pos=QPoint(200, 200))
    QTest.mouseMove(pane, QPoint(180, 230))
    QTest.mouseMove(pane, QPoint(163, 241))
    QTest.mouseRelease(pane, button, pos=QPoint(163, 241))
    QTest.mouseMove(pane, QPoint(10, 10))
    assert spot(view, 30, 200) == before + QPoint(-37, 41)


def test_double_click_goes_to_one_to_one_there_and_back(make_view: Maker) -> None:
    view = make_view()
    fitted, at = view.camera.zoom, spot(view, 70, 100)
    QTest.mouseDClick(view.panes[0], Qt.MouseButton.LeftButton, pos=at)
    assert view.camera.zoom == 1
    moved = spot(view, 70, 100) - at
    assert abs(moved.x()) <= 1  # rounding to whole pixels, twice
    assert abs(moved.y()) <= 1
    QTest.mouseDClick(view.panes[0], Qt.MouseButton.LeftButton, pos=at)
    assert view.camera.zoom == fitted
