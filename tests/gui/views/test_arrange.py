"""Panes share the room evenly."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QRect, QSize

from gui.views.arrange import arrange


@pytest.mark.parametrize("width", [900, 901, 902, 1228])
def test_panes_have_one_size_and_reach_from_edge_to_edge(width: int) -> None:
    places = arrange(3, QSize(width, 500), 300, 400)
    assert len({(p.width(), p.height()) for p in places}) == 1
    assert places[0].left() == 0
    assert places[-1].right() == width - 1
    gaps = [b.left() - a.right() - 1 for a, b in pairwise(places)]
    assert all(1 <= gap <= 2 for gap in gaps)


def test_one_pane_takes_all() -> None:
    assert arrange(1, QSize(801, 333), 10, 99) == [QRect(0, 0, 801, 333)]


def test_the_shape_of_the_canvas_decides() -> None:
    panorama = arrange(3, QSize(1200, 700), 500, 5000)
    assert [p.left() for p in panorama] == [0, 0, 0]
    assert panorama[-1].bottom() == 699
    portrait = arrange(3, QSize(1200, 700), 6000, 4000)
    assert [p.top() for p in portrait] == [0, 0, 0]


def test_a_wide_photograph_gets_two_panes_above_a_wide_one() -> None:
    a, b, difference = arrange(3, QSize(1228, 780), 720, 1280)
    assert a.top() == b.top() == 0
    assert a.size() == b.size()
    assert a.right() < b.left()
    assert b.right() == difference.right() == 1227
    assert difference.left() == 0
    assert difference.height() == a.height()
    assert difference.top() > a.bottom()
    assert difference.bottom() == 779


def test_no_room_still_gives_rectangles() -> None:
    assert all(p.width() >= 1 and p.height() >= 1 for p in arrange(3, QSize(0, 0), 0, 0))
