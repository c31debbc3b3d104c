"""Rectangles of a mask picture are its pixels exactly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.buffer import ImageBuffer
from core.errors import SettingsError
from core.places.shapes import covered
from core.places.text import shapes_of, text_of
from core.places.tracing import MOST, marked, rectangles
from core.types import Rect


def rasterised(shapes, shape):
    found = covered(shapes_of(text_of(shapes)), Rect(0, 0, *shape))
    return np.zeros(shape, np.uint8) if found is None else found


@given(arrays(np.bool_, st.tuples(st.integers(1, 20), st.integers(1, 30))))
def test_what_is_rasterised_is_the_mask(mask):
    made = rectangles(mask.view(np.uint8) * np.uint8(255))
    np.testing.assert_array_equal(rasterised(made, mask.shape), mask * np.uint8(255))
    assert sum(s.rect.area for s in made) == mask.sum()  # none lies on another


def test_round_and_hollow_masks():
    row, col = np.mgrid[:200, :333]
    away = np.hypot(row - 90.3, col - 230.8)
    mask = np.where((away < 80) & (away > 31) | (col < 20), 255, 0).astype(np.uint8)
    made = rectangles(mask)
    np.testing.assert_array_equal(rasterised(made, mask.shape), mask)
    assert len(made) < 2 * 160 + 2


def test_rows_alike_are_one_rectangle():
    mask = np.zeros((50, 90), np.uint8)
    mask[7:31, 60:75] = 255
    assert [s.rect for s in rectangles(mask)] == [Rect(7, 60, 24, 15)]


def test_a_ragged_mask_is_refused():
    mask = np.zeros((2 * 60, 2 * (MOST // 60 + 2)), np.uint8)
    mask[::2, ::2] = 255
    with pytest.raises(SettingsError, match="too ragged"):
        rectangles(mask)


@pytest.mark.parametrize(
    ("dtype", "white"), [(np.uint8, 255), (np.uint16, 65535), (np.float32, 1.0)]
)
def test_half_white_is_marked(dtype, white):
    picture = np.zeros((3, 4), dtype)
    picture[1, 2] = white
    picture[0, 3] = 128 if dtype is np.uint8 else white / 2 + white / 512
    picture[2, 0] = 127 if dtype is np.uint8 else white / 2 - white / 512
    found = marked(ImageBuffer.from_array(picture, peak=float(white)))
    assert np.argwhere(found).tolist() == [[0, 3], [1, 2]]
    assert set(np.unique(found)) == {0, 255}


def test_colour_and_transparency_mark_nothing():
    picture = np.full((1, 4, 4), 255, np.uint8)
    picture[0, 1, 2] = 0  # yellow
    picture[0, 2, 3] = 100  # not opaque
    assert marked(ImageBuffer.from_array(picture)).tolist() == [[255, 0, 0, 255]]
    bad = np.array([[np.nan, np.inf, 1.0]], np.float32)
    assert marked(ImageBuffer.from_array(bad, peak=1.0)).tolist() == [[0, 255, 255]]
