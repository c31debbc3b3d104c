"""The criterion of places with a tolerance of their own."""

from __future__ import annotations

import numpy as np
import pytest

from core.difference import DifferenceParams, difference
from core.places.text import shapes_of
from core.places.tolerance import OwnTolerances
from core.types import Rect, Tile

STRIP = Rect(40, 100, 30, 70)


def decided(text, dtype=np.uint8, halo=3, tolerance=1.0, valid=None):
    """Return magnitudes over STRIP, which of them counted before, and which do now."""
    rng = np.random.default_rng(2)
    outer = STRIP.grow(halo)
    a = rng.integers(0, 200, (outer.height, outer.width, 3)).astype(dtype)
    b = a + rng.integers(0, 9, a.shape).astype(dtype)
    inner = STRIP.within(outer)
    tile = Tile(a, b, valid, outer)
    d = difference(tile, inner, DifferenceParams(tolerance=tolerance))
    before = d.over.copy()
    over = OwnTolerances(shapes_of(text)).over(tile, inner, d)
    np.testing.assert_array_equal(d.over, before)  # others may hold it
    return d.magnitude, before, over


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("own", [0, 3, 4.5, 255])
def test_in_the_place_its_own_tolerance_counts(dtype, own):
    magnitude, before, over = decided(f"rect 130,50 25x9 tolerance={own}", dtype)
    expected = before > 0
    place = slice(10, 19), slice(30, 55)
    expected[place] = magnitude[place] > own
    np.testing.assert_array_equal(over, expected * np.uint8(255))


def test_the_last_of_overlapping_places_counts():
    text = "rect 0,0 400x400 tolerance=8; rect 130,50 25x9 tolerance=0"
    magnitude, _, over = decided(text)
    expected = magnitude > 8
    expected[10:19, 30:55] = magnitude[10:19, 30:55] > 0
    np.testing.assert_array_equal(over > 0, expected)


def test_a_place_elsewhere_changes_nothing():
    _, before, over = decided("rect 0,0 100x400 tolerance=0; ellipse 170,40 9x9 tolerance=0")
    np.testing.assert_array_equal(over, before)


def test_what_is_not_valid_never_counts():
    valid = np.full((36, 76), 255, np.uint8)
    valid[20:] = 0
    _, _, over = decided("rect 0,0 400x400 tolerance=0", valid=valid)
    assert over[:17].any()
    assert not over[17:].any()
