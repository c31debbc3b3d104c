"""What stands out in a frame, as it is painted: on dark ground and on light, at every zoom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from core.geometry import IDENTITY
from core.sequence.standing import Followed, Standing, edges
from core.types import Rect
from gui.views.track_marks import MOST_WAYS, Drawn, paint_outline, paint_things

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("qapp")  # without one there are no letters


@pytest.fixture
def canvas() -> Iterator[tuple[QImage, QPainter]]:
    """Return a picture half black and half white, and a painter on it."""
    image = QImage(320, 120, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    painter.fillRect(160, 0, 160, 120, Qt.GlobalColor.white)
    yield image, painter
    painter.end()


def lightness(image: QImage, x: int, y: int) -> float:
    return image.pixelColor(x, y).lightnessF()


def contrast(image: QImage, x: int) -> float:
    column = [lightness(image, x, y) for y in range(56, 66)]
    return max(column) - min(column)


@pytest.mark.parametrize("left", [40, 200])  # on black, on white
def test_the_outline_has_a_light_and_a_dark_line_on_any_ground(canvas, left) -> None:
    image, painter = canvas
    mask = np.zeros((12, 32), np.uint8)
    mask[3:8, left // 10 : left // 10 + 6] = 255
    found = Standing(0, True, (120, 320), mask, edges(mask, (120, 320)), ())
    paint_outline(painter, found, QPointF(0, 0), 1.0, QRectF(0, 0, 320, 120))
    for x, y in ((left, 50), (left + 60, 50), (left + 30, 30), (left + 30, 80)):
        assert lightness(image, x, y) > 0.8
        beside = (x, y - 1) if y != 50 else (x - 1, y)
        assert lightness(image, *beside) < 0.2
    assert lightness(image, left + 30, 50) == (left > 160)  # nothing within


def test_an_outline_far_beyond_the_view_is_cut(canvas) -> None:
    image, painter = canvas
    mask = np.full((12, 32), 255, np.uint8)
    found = Standing(0, True, (12, 32), mask, edges(mask, (12, 32)), ())
    paint_outline(painter, found, QPointF(50, -50_000), 10_000.0, QRectF(0, 0, 320, 120))
    assert lightness(image, 50, 60) > 0.8
    assert lightness(image, 100, 60) == 0


@pytest.mark.parametrize("left", [40, 200])
def test_a_box_has_a_number_and_a_tail(canvas, left) -> None:
    image, painter = canvas
    tail = tuple((ago, (60.5, left + 20.5 - 1.5 * ago)) for ago in range(20, -1, -1))
    thing = Followed(7, Rect(50, left, 20, 40), tail)
    before = image.copy()
    paint_things(painter, (thing,), QPointF(0, 0), 1.0, QRectF(0, 0, 320, 120))
    assert image.pixelColor(left + 30, 49).red() > 180  # the upper line of the box
    assert image.pixelColor(left + 30, 49).green() < 160
    label = (left, 30, 14, 16)
    assert image.copy(*label) != before.copy(*label)
    new, old, none = (contrast(image, left + x) for x in (16, -8, -14))  # 3, 19 frames ago
    assert new > 0.35
    assert 0.05 < old < new / 2
    assert none == 0
    assert image.pixelColor(left + 30, 64) == before.pixelColor(left + 30, 64)  # within the box


def test_where_align_moved_a_the_marks_go_along() -> None:
    mask = np.zeros((4, 8), np.uint8)
    found = Standing(0, True, (4, 8), mask, (), ())
    moved = ((1.0, 0.0, 12.0), (0.0, 1.0, -3.0), (0.0, 0.0, 1.0))
    assert Drawn(found, moved).at == QPointF(12, -3)
    assert Drawn(found, IDENTITY).at == QPointF(0, 0)


@pytest.mark.parametrize("count", [1, 32, 128])
def test_of_many_things_ways_are_shorter(count) -> None:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.black)
    tail = tuple((ago, (100.5, 200.5 - 8 * ago)) for ago in range(20, -1, -1))
    things = [Followed(i, Rect(90, 190, 20, 20), tail) for i in range(count)]
    with QPainter(image) as painter:
        paint_things(painter, things, QPointF(0, 0), 1.0, QRectF(0, 0, 400, 300))
    seen = [x for x in range(180) if lightness(image, x, 100) > 0.1]
    assert min(seen) == pytest.approx(200 - 8 * min(20, MOST_WAYS // count), abs=2)
