"""Overviews: averages of pictures, extremes of differences, for any size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.pyramid import halve_max, halve_mean, halve_signed, level_shape, preview_level

SHAPES = st.tuples(st.integers(1, 19), st.integers(1, 33))
codes = SHAPES.flatmap(lambda shape: arrays(np.uint8, shape))


def blocks(array):
    """Yield (row, col) of a halved picture and the up to 2 x 2 pixels that are behind it."""
    for r in range(-(-array.shape[0] // 2)):
        for c in range(-(-array.shape[1] // 2)):
            yield (r, c), array[2 * r : 2 * r + 2, 2 * c : 2 * c + 2]


@given(SHAPES, st.integers(0, 7))
def test_sizes_round_up(shape, level):
    assert level_shape(shape, level) == tuple(-(-n // 2**level) for n in shape)
    for _ in range(level):
        shape = tuple((n + 1) // 2 for n in shape)
    assert level_shape(shape, 0) == shape


@given(st.integers(1, 5000), st.integers(1, 9000), st.integers(1, 100_000))
def test_a_preview_is_the_largest_that_is_small_enough(height, width, pixels):
    level = preview_level((height, width), pixels)
    h, w = level_shape((height, width), level)
    assert h * w <= pixels
    if level:
        h, w = level_shape((height, width), level - 1)
        assert h * w > pixels


def test_a_preview_of_a_megapixel_is_the_picture_itself():
    assert preview_level((1000, 1000)) == 0
    assert preview_level((1000, 1001)) == 1


@given(codes)
def test_the_largest_of_each_block_is_kept(array):
    small = halve_max(array)
    assert small.shape == level_shape(array.shape, 1)
    assert small.dtype == np.uint8
    for at, block in blocks(array):
        assert small[at] == block.max()


@given(codes)
def test_of_a_signed_block_the_farthest_from_the_middle_is_kept(array):
    small = halve_signed(array)
    assert small.shape == level_shape(array.shape, 1)
    assert small.dtype == np.uint8
    for at, block in blocks(array):
        far = block.astype(int).ravel() - 128
        assert int(small[at]) - 128 == max(far, key=lambda d: (abs(d), d))


@pytest.mark.parametrize("shape", [(1, 1), (1, 255), (77, 1), (9, 515), (333, 7)])
def test_one_defect_is_seen_at_every_level(shape):
    for row, col in {(0, 0), (shape[0] - 1, shape[1] - 1), (shape[0] // 2, shape[1] // 3)}:
        for halve, zero, value in ((halve_max, 0, 1), (halve_signed, 128, 127)):
            level = np.full(shape, zero, np.uint8)
            level[row, col] = value
            for k in range(1, 10):
                level = halve(level)
                assert level[row >> k, col >> k] == value
                assert np.count_nonzero(level != zero) == 1


@pytest.mark.parametrize(
    "dtype",
    ["uint8", "uint16", "uint32", "int16", "int32", "float16", "float32", "float64"],
)
def test_pictures_are_averaged_in_their_own_dtype(dtype):
    for shape in ((8, 26), (7, 25), (1, 9), (9, 1), (7, 25, 2), (6, 25, 5)):
        rng = np.random.default_rng(1)
        kind = np.dtype(dtype)
        low, high = (0, 1) if kind.kind == "f" else (np.iinfo(kind).min, np.iinfo(kind).max)
        array = (low + rng.random(shape) * (float(high) - low)).astype(kind)
        small = halve_mean(array)
        assert small.dtype == kind
        assert small.shape == (*level_shape(shape[:2], 1), *shape[2:])
        # Whole numbers round by a half; floats keep 11, 24 or 53 bits of values up to 1.
        slack = {"float16": 2.0**-11, "float32": 2.0**-23, "float64": 2.0**-52}.get(dtype, 0.5)
        # uint32 and int32 are averaged in float64, exactly, then rounded.
        for at, block in blocks(array):
            mean = block.astype(np.float64).mean(axis=(0, 1))
            assert np.all(np.abs(small[at].astype(np.float64) - mean) <= slack)


def test_a_constant_stays_itself():
    for dtype, value in (("uint8", 255), ("uint32", 2**32 - 1), ("int32", -(2**31)), ("f4", 0.1)):
        array = np.full((5, 11), value, dtype)
        np.testing.assert_array_equal(halve_mean(array), array[:3, :6])
