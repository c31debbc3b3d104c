"""Details are asked for when they are lacking, and not twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSizeF

from core.render import Picture, Side
from core.types import Rect
from gui.camera import Camera
from gui.views.detail import DetailWatch, with_margin
from gui.views.layer import Layer, visible_rect
from tests.gui.views.scene import CANVAS, picture

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

VIEW = QSizeF(100, 60)
Asked = tuple[Side, Rect, int]


class Bench:
    def __init__(self) -> None:
        self.camera = Camera()
        self.camera.set_canvas(*CANVAS)
        self.layers = {side: Layer(side) for side in Side}
        self.watch = DetailWatch(self.camera, self.layers)
        self.asked: list[Asked] = []
        self.watch.wanted.connect(lambda *what: self.asked.append(what))

    def look(self, *sides: Side) -> None:
        self.watch.look(sides, VIEW)


@given(
    row=st.integers(0, 119), col=st.integers(0, 299), h=st.integers(1, 60), w=st.integers(1, 90),
    level=st.integers(0, 4),
)  # fmt: skip
def test_what_is_asked_covers_the_view_and_lies_on_the_level(
    row: int, col: int, h: int, w: int, level: int
) -> None:
    canvas = Rect(0, 0, 120, 300)
    visible = Rect(row, col, h, w).intersect(canvas)
    asked = with_margin(visible, level, canvas)
    assert asked.intersect(visible) == visible
    assert asked.intersect(canvas) == asked
    step = 1 << level
    assert asked.row % step == asked.col % step == 0
    assert asked.bottom % step == 0 or asked.bottom == 120
    assert asked.right % step == 0 or asked.right == 300


def test_margin_is_a_quarter_on_each_side() -> None:
    asked = with_margin(Rect(40, 100, 20, 40), 0, Rect(0, 0, 120, 300))
    assert asked == Rect(35, 90, 30, 60)


def test_an_empty_layer_and_a_layer_that_serves_ask_nothing(qtbot: QtBot) -> None:
    bench = Bench()
    bench.camera.look_at(150, 60, 1.0)
    bench.layers[Side.B].put(picture(Side.B), detail=False)
    bench.look(Side.A, Side.B)
    assert bench.asked == []


def test_a_coarse_overview_asks_for_the_visible_part(qtbot: QtBot) -> None:
    bench = Bench()
    bench.layers[Side.A].put(picture(Side.A, 2), detail=False)
    bench.camera.look_at(150, 60, 1.0)
    bench.look(Side.A)
    visible = visible_rect(bench.camera, VIEW)
    assert bench.asked == [(Side.A, with_margin(visible, 0, Rect(0, 0, *CANVAS)), 0)]


def test_the_same_is_not_asked_twice_unless_forgotten(qtbot: QtBot) -> None:
    bench = Bench()
    bench.layers[Side.A].put(picture(Side.A, 2), detail=False)
    bench.camera.look_at(150, 60, 1.0)
    bench.look(Side.A)
    bench.camera.pan(5, 3)  # less than the margin
    bench.look(Side.A)
    qtbot.wait(150)  # more than two intervals of the throttle
    assert len(bench.asked) == 1
    bench.watch.forget(Side.A)
    bench.look(Side.A)
    qtbot.waitUntil(lambda: len(bench.asked) == 2, timeout=2000)


def test_many_moves_ask_at_once_and_for_the_last_place(qtbot: QtBot) -> None:
    bench = Bench()
    bench.layers[Side.A].put(picture(Side.A, 2), detail=False)
    for x in range(60, 240, 3):
        bench.camera.look_at(x, 60, 2.0)
        bench.look(Side.A)
    assert len(bench.asked) == 1
    qtbot.waitUntil(lambda: len(bench.asked) >= 2, timeout=2000)
    visible = visible_rect(bench.camera, VIEW)
    assert bench.asked[-1][1].intersect(visible) == visible
    assert len(bench.asked) == 2


def test_a_detail_that_came_is_enough_until_the_view_leaves_it(qtbot: QtBot) -> None:
    bench = Bench()
    bench.layers[Side.A].put(picture(Side.A, 2), detail=False)
    bench.camera.look_at(150, 60, 1.0)
    bench.look(Side.A)
    rect = bench.asked[0][1]
    rgb = np.zeros((rect.height, rect.width, 3), np.uint8)
    bench.layers[Side.A].put(Picture(Side.A, rgb, rect, 0, True), detail=True)
    bench.camera.pan(-60, 0)  # 60 pixels to the right; the margin is 25
    bench.look(Side.A)
    qtbot.waitUntil(lambda: len(bench.asked) == 2, timeout=2000)
    assert bench.asked[1][1].right > rect.right
