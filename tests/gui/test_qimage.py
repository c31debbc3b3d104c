"""Arrays become images, and stay alive as long as those."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from gui.qimage import lut_image, to_qimage, to_screen


def scene() -> np.ndarray:
    rgb = np.zeros((5, 7, 3), np.uint8)  # rows of 21 bytes: not a multiple of 4
    rgb[1, 6] = (200, 100, 50)
    return rgb


def test_row_and_column_are_not_swapped_nor_red_and_blue() -> None:
    image = to_qimage(scene())
    assert (image.width(), image.height()) == (7, 5)
    assert image.pixelColor(6, 1) == QColor(200, 100, 50)
    assert image.pixelColor(1, 4) == QColor(0, 0, 0)


def test_no_copy_is_made_and_the_array_lives_with_the_image() -> None:
    rgb = scene().copy()
    alive = weakref.ref(rgb)
    image = to_qimage(rgb)
    rgb[3, 2] = (1, 2, 3)
    assert image.pixelColor(2, 3) == QColor(1, 2, 3)
    del rgb
    gc.collect()
    assert alive() is not None
    del image
    gc.collect()
    assert alive() is None


def test_the_screen_copy_stands_on_its_own() -> None:
    rgb = scene()
    image = to_screen(rgb)
    rgb[:] = 9
    assert image.format() == QImage.Format.Format_RGB32
    assert image.pixelColor(6, 1) == QColor(200, 100, 50)


def test_read_only_pixels_will_do() -> None:
    rgb = scene()
    rgb.setflags(write=False)
    image = to_qimage(rgb[1:4])
    assert (image.width(), image.height()) == (7, 3)
    assert image.pixelColor(6, 0) == QColor(200, 100, 50)


@pytest.mark.parametrize(
    "bad",
    [
        np.zeros((4, 5), np.uint8),
        np.zeros((4, 5, 4), np.uint8),
        np.zeros((4, 5, 3), np.float32),
        np.zeros((4, 5, 3), np.uint8)[:, 1:],
        np.zeros((4, 5, 3), np.uint8)[::-1],
    ],
)
def test_other_arrays_are_refused(bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"picture"):
        to_qimage(bad)


def test_the_last_colour_of_a_map_is_on_top() -> None:
    image = lut_image([(0, 0, 0), (10, 20, 30), (255, 200, 100)])
    assert (image.width(), image.height()) == (1, 3)
    assert image.pixelColor(0, 0) == QColor(255, 200, 100)
    assert image.pixelColor(0, 2) == QColor(0, 0, 0)
