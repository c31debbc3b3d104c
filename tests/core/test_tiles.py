"""Cutting, padding and masking of tiles."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.tiles import (
    STRIP_PIXELS,
    array_bytes,
    both,
    cut,
    eroded,
    finite_mask,
    padded,
    strip_rects,
)
from core.types import Rect, Tile

NO, YES = np.uint8(0), np.uint8(255)


def tile(rect, channels=None, valid=True):
    rng = np.random.default_rng(2)
    shape = (rect.height, rect.width) if channels is None else (rect.height, rect.width, channels)
    a, b = (rng.integers(1, 256, shape, dtype=np.uint8) for _ in "ab")
    mask = rng.choice([NO, YES], shape[:2]) if valid else None
    return Tile(a, b, mask, rect, 2)


@given(st.integers(1, 5000), st.integers(1, 9000), st.integers(1, 4_000_000))
def test_strips_cover_a_canvas_once_from_top_to_bottom(height, width, pixels):
    strips = strip_rects((height, width), pixels)
    assert strips[0].row == 0
    assert strips[-1].bottom == height
    for above, below in pairwise(strips):
        assert above.bottom == below.row
        assert above.height % 2 == 0
    assert all((s.col, s.width) == (0, width) for s in strips)
    assert all(s.area <= max(pixels, 16 * width) for s in strips)


def test_a_strip_of_a_large_canvas_is_a_megapixel():
    assert {s.area for s in strip_rects((4000, 6000))[:-1]} == {STRIP_PIXELS // 12000 * 12000}


@pytest.mark.parametrize(("shape", "count"), [((427, 640), 3), ((720, 1280), 8), ((100, 200), 1)])
def test_a_small_canvas_is_work_for_several_threads(shape, count):
    assert len(strip_rects(shape)) == count


def test_both_masks():
    first, second = (np.array([m], np.uint8) for m in ([0, 0, 255, 255], [0, 255, 0, 255]))
    np.testing.assert_array_equal(both(first, second), [[0, 0, 0, 255]])
    assert both(None, None) is None
    assert both(first, None) is first
    assert both(None, second) is second


@given(
    st.tuples(st.integers(1, 9), st.integers(1, 14)).flatmap(
        lambda shape: arrays(np.uint8, shape, elements=st.sampled_from([NO, YES]))
    ),
    st.integers(0, 4),
)
def test_erosion_takes_the_neighbours_of_invalid_pixels_but_not_the_border(mask, halo):
    expected = np.full_like(mask, YES)
    for row, col in np.argwhere(mask == 0):
        expected[max(row - halo, 0) : row + halo + 1, max(col - halo, 0) : col + halo + 1] = NO
    np.testing.assert_array_equal(eroded(mask, halo), expected)


def test_erosion_of_everything_valid():
    assert eroded(None, 5) is None
    mask = np.full((3, 7), YES)
    np.testing.assert_array_equal(eroded(mask, 4), mask)


@pytest.mark.parametrize("channels", [None, 3, 5])
@pytest.mark.parametrize("valid", [True, False])
def test_cutting_gives_views_of_the_part(channels, valid):
    whole = tile(Rect(10, 20, 8, 13), channels, valid)
    assert cut(whole, whole.rect) is whole
    part = cut(whole, Rect(12, 25, 3, 8))
    assert (part.rect, part.level) == (Rect(12, 25, 3, 8), 2)
    np.testing.assert_array_equal(part.a, whole.a[2:5, 5:13])
    np.testing.assert_array_equal(part.b, whole.b[2:5, 5:13])
    assert np.shares_memory(part.a, whole.a)
    if valid:
        np.testing.assert_array_equal(part.valid, whole.valid[2:5, 5:13])
    else:
        assert part.valid is None


@pytest.mark.parametrize("channels", [None, 3, 5])
@pytest.mark.parametrize("valid", [True, False])
def test_padding_adds_what_is_zero_and_invalid(channels, valid):
    inner = tile(Rect(0, 4, 5, 9), channels, valid)
    large = padded(inner, Rect(-3, 1, 9, 20))
    assert (large.rect, large.level) == (Rect(-3, 1, 9, 20), 2)
    assert large.a.dtype == np.uint8
    back = cut(large, inner.rect)
    np.testing.assert_array_equal(back.a, inner.a)
    np.testing.assert_array_equal(back.b, inner.b)
    expected = inner.valid if valid else np.full((5, 9), YES)
    np.testing.assert_array_equal(back.valid, expected)
    for pixels, was in ((large.a, inner.a), (large.b, inner.b), (large.valid, expected)):
        assert pixels.sum(dtype=np.int64) == was.sum(dtype=np.int64)


def test_finite_pixels_are_finite_in_every_channel():
    gray = np.array([[1, np.nan], [-np.inf, 3e38]], np.float32)
    np.testing.assert_array_equal(finite_mask(gray), [[255, 0], [0, 255]])
    colour = np.zeros((1, 3, 3), np.float64)
    colour[0, 1, 2] = np.inf
    np.testing.assert_array_equal(finite_mask(colour), [[255, 0, 255]])
    assert finite_mask(colour).dtype == np.float32


def test_bytes_of_arrays_however_deep():
    part = tile(Rect(0, 0, 4, 5), 3)
    assert array_bytes(part) == 2 * 60 + 20
    assert array_bytes((part, [part.a, None], "word", 3)) == 140 + 60
    assert array_bytes(object()) == 0
