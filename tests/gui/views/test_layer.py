"""What a layer paints, where, and from which level."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QColor, QImage, QPainter

from core.render import Picture, Side
from core.types import Rect
from gui.camera import Camera
from gui.views.layer import Layer, level_for, visible_rect
from tests.gui.views.scene import CANVAS, GROUND, RED, picture

VIEW = QSizeF(200, 90)
WHITE = (255, 255, 255)


def camera(x: float, y: float, zoom: float) -> Camera:
    made = Camera()
    made.set_canvas(*CANVAS)
    made.look_at(x, y, zoom)
    return made


def painted(layer: Layer, cam: Camera) -> QImage:
    image = QImage(200, 90, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    with QPainter(image) as painter:
        layer.paint(painter, cam, VIEW)
    return image


def at(image: QImage, x: int, y: int) -> tuple[int, int, int]:
    c = image.pixelColor(x, y)
    return c.red(), c.green(), c.blue()


@pytest.mark.parametrize(
    ("zoom", "picture_level", "difference_level"),
    [(64, 0, 0), (1, 0, 0), (0.9, 0, 1), (0.5, 1, 1), (0.4, 1, 2), (0.25, 2, 2), (1 / 64, 6, 6)],
)
def test_pictures_are_shrunk_and_differences_never(
    zoom: float, picture_level: int, difference_level: int
) -> None:
    assert level_for(Side.A, zoom) == level_for(Side.B, zoom) == picture_level
    assert level_for(Side.DIFFERENCE, zoom) == difference_level


@pytest.mark.parametrize("zoom", [1.0, 2.0, 3.0, 7.0])
def test_the_square_has_sharp_edges_at_the_right_pixels(zoom: float) -> None:
    layer = Layer(Side.A)
    layer.put(picture(Side.A), detail=False)
    cam = camera(200, 30, zoom)  # the top left corner of the square is the middle of the view
    image = painted(layer, cam)
    assert at(image, 100, 45) == RED
    assert at(image, 99, 45) == GROUND[Side.A]
    assert at(image, 100, 44) == GROUND[Side.A]


def test_an_overview_of_any_level_covers_the_same_canvas() -> None:
    layer = Layer(Side.DIFFERENCE)
    layer.put(picture(Side.DIFFERENCE, 1), detail=False)
    image = painted(layer, camera(200, 30, 1.0))
    assert at(image, 100, 45) == RED
    assert at(image, 99, 45) == GROUND[Side.DIFFERENCE]
    assert at(image, 139, 64) == RED
    assert at(image, 140, 64) == GROUND[Side.DIFFERENCE]


def test_a_defect_of_one_pixel_is_seen_at_every_zoom() -> None:
    rgb = np.zeros((120, 300, 3), np.uint8)
    rgb[77, 131] = RED
    for zoom in (0.93, 0.71, 0.52):
        level = level_for(Side.DIFFERENCE, zoom)
        step = 1 << level
        small = rgb.reshape(120 // step, step, 300 // step, step, 3).max((1, 3))
        layer = Layer(Side.DIFFERENCE)
        layer.put(Picture(Side.DIFFERENCE, small, Rect.of(small), level, True), detail=False)
        image = painted(layer, camera(150, 60, zoom))
        reds = [
            (x, y) for y in range(90) for x in range(200) if image.pixelColor(x, y).red() == 250
        ]
        assert reds, f"lost at zoom {zoom}"


def test_a_detail_lies_on_top_where_it_belongs() -> None:
    layer = Layer(Side.A)
    layer.put(picture(Side.A), detail=False)
    rgb = np.full((10, 20, 3), 255, np.uint8)
    layer.put(Picture(Side.A, rgb, Rect(40, 150, 10, 20), 0, True), detail=True)
    image = painted(layer, camera(150, 45, 1.0))  # canvas (row, col) = view (y, x + 50)
    assert at(image, 100, 40) == WHITE
    assert at(image, 119, 49) == WHITE
    assert at(image, 120, 49) == GROUND[Side.A]
    assert at(image, 100, 39) == GROUND[Side.A]


def test_a_new_overview_drops_the_old_detail() -> None:
    layer = Layer(Side.A)
    layer.put(picture(Side.A), detail=True)
    layer.put(picture(Side.A, 1), detail=False)
    assert not layer.serves(Rect(0, 0, 10, 10), 0)
    assert layer.serves(Rect(0, 0, 120, 300), 1)


def test_serves_only_what_is_covered_at_that_level() -> None:
    layer = Layer(Side.A)
    rgb = np.zeros((10, 20, 3), np.uint8)
    layer.put(Picture(Side.A, rgb, Rect(5, 30, 10, 20), 1, True), detail=True)
    assert layer.serves(Rect(10, 60, 20, 40), 1)
    assert not layer.serves(Rect(10, 60, 20, 40), 0)
    assert not layer.serves(Rect(9, 60, 20, 40), 1)
    assert not layer.serves(Rect(10, 61, 20, 40), 1)


def test_a_preview_is_not_exact() -> None:
    layer = Layer(Side.A)
    layer.put(picture(Side.A, exact=False), detail=False)
    assert not layer.exact
    layer.put(picture(Side.A), detail=False)
    assert layer.exact


def test_visible_rect_holds_every_pixel_that_is_partly_seen() -> None:
    cam = camera(150.5, 60, 4.0)
    assert visible_rect(cam, VIEW) == Rect(48, 125, 24, 51)
    assert visible_rect(Camera(), VIEW).empty
