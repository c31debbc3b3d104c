"""Drawing a rectangle on the pictures, and the outlines of places."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core.places.shapes import Kind, Shape
from core.types import Rect
from gui.views.compare_view import CompareView
from gui.views.place_marks import Mark, Role
from tests.gui.views.scene import CANVAS, GROUND, colour_at, spot

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

Maker = Callable[..., CompareView]
LEFT = Qt.MouseButton.LeftButton


def drag(view: CompareView, start: QPoint, end: QPoint, pane: int = 0, button=LEFT) -> None:
    where = view.panes[pane]
    QTest.mousePress(where, button, pos=start)
    QTest.mouseMove(where, (start + end) / 2)
    QTest.mouseMove(where, end)
    QTest.mouseRelease(where, button, pos=end)


def test_a_drag_draws_whole_pixels_in_any_direction(make_view: Maker) -> None:
    view = make_view()
    view.camera.look_at(150, 60, 2.0)
    view.set_marking(True)
    drawn: list[Rect] = []
    view.drawn.connect(drawn.append)
    start, end = spot(view, 40.5, 120.5), spot(view, 70.5, 200.5)
    drag(view, start, end)
    drag(view, end, start, pane=1)
    assert drawn == [Rect(40, 120, 31, 81)] * 2


def test_drawing_does_not_move_the_picture_but_the_middle_button_does(make_view: Maker) -> None:
    view = make_view()
    view.camera.look_at(150, 60, 2.0)
    before = view.camera.centre
    view.set_marking(True)
    drag(view, spot(view, 40.5, 120.5), spot(view, 70.5, 180.5))
    assert view.camera.centre == before
    drag(view, spot(view, 60.5, 150.5), spot(view, 70.5, 160.5), button=Qt.MouseButton.MiddleButton)
    assert view.camera.centre != before
    view.set_marking(False)
    moved = view.camera.centre
    drag(view, spot(view, 60.5, 150.5), spot(view, 70.5, 160.5))
    assert view.camera.centre != moved


def test_what_is_drawn_ends_at_the_edge_of_the_canvas(make_view: Maker, qtbot: QtBot) -> None:
    view = make_view()
    view.set_marking(True)
    drawn: list[Rect] = []
    view.drawn.connect(drawn.append)
    height, width = CANVAS
    view.camera.look_at(width - 10, height - 20, 2.0)
    drag(view, spot(view, height - 9.5, width - 19.5), spot(view, height + 30, width + 30))
    assert drawn == [Rect(height - 10, width - 20, 10, 20)]
    outside = spot(view, -20, 10)
    with qtbot.assertNotEmitted(view.drawn):
        drag(view, outside, outside + QPoint(30, 0))


def test_the_rectangle_is_seen_while_it_is_drawn(make_view: Maker) -> None:
    view = make_view()
    view.set_marking(True)
    pane, inside = view.panes[0], spot(view, 60.5, 100.5)
    QTest.mousePress(pane, LEFT, pos=spot(view, 40.5, 60.5))
    QTest.mouseMove(pane, spot(view, 90.5, 160.5))
    assert colour_at(pane, inside) != GROUND[pane.parts[0].side]
    QTest.mouseRelease(pane, LEFT, pos=spot(view, 90.5, 160.5))
    assert colour_at(pane, inside) == GROUND[pane.parts[0].side]


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("role", list(Role))
def test_places_are_outlined_on_every_picture(make_view: Maker, kind: Kind, role: Role) -> None:
    view = make_view()
    plain = [pane.grab().toImage() for pane in view.panes]
    corners = ((20.0, 40.0), (100.0, 160.0))
    points = (*corners, (100.0, 40.0)) if kind is Kind.POLYGON else corners
    view.show_marks([Mark(Shape(kind, points), role, "clock")])
    marked = [pane.grab().toImage() for pane in view.panes]
    assert all(a != b for a, b in zip(plain, marked, strict=True))
    view.show_marks([])
    assert [pane.grab().toImage() for pane in view.panes] == plain
