"""The general resampler's values, against direct sums and pictures that are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.field import Field
from core.geometry import (
    IDENTITY,
    Kernel,
    as_matrix,
    at_level,
    inverse,
    multiply,
    scaling,
    translation,
)
from core.resample import fetch
from core.types import Rect
from core.warp import sampled
from tests.make import photo
from tests.warping import MAPS, SHEAR, direct, looked_at, turned, warp

KERNELS = list(Kernel)
PHOTO = photo(90, 160, seed=3)
GRAY = photo(90, 160, seed=4, channels=1)
WHOLE = Rect(0, 0, 90, 160)
RNG = np.random.default_rng(8)
BENT = Field(RNG.uniform(-3, 3, (13, 21, 2)), 8, 3.5)
# Positions and weights rounded to 6e-8 of 255 levels in up to 36 terms, and the sums of these.
CLOSE = 2e-4


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("name", MAPS)
def test_values_are_the_weighted_sums(name, kernel):
    rect = Rect(21, 37, 40, 66)
    u, v, _ = looked_at(MAPS[name], rect)
    expected = direct(PHOTO, u, v, kernel)
    values, valid = warp(PHOTO, MAPS[name], rect, kernel)
    good = valid > 0 if valid is not None else np.ones((40, 66), bool)
    assert good.mean() > 0.2
    assert values.dtype == np.float32
    assert np.abs(values - expected)[good].max() < CLOSE
    values, _ = warp(PHOTO.astype(np.float64), MAPS[name], rect, kernel)
    assert values.dtype == np.float64
    assert np.abs(values - expected)[good].max() < 1e-9


def test_cubic_reproduces_quadratic_pictures_under_an_affine_map():
    def quadratic(x, y):
        return 120 + 0.31 * x - 0.4 * y + 0.004 * x * x - 0.003 * x * y + 0.002 * y * y

    y, x = np.mgrid[0:90, 0:160].astype(np.float64)
    values, valid = warp(quadratic(x, y), SHEAR, WHOLE, Kernel.CUBIC)
    u, v, _ = looked_at(SHEAR, WHOLE)
    good = valid > 0
    assert good.mean() > 0.5
    assert np.abs(values - quadratic(u, v))[good].max() < 1e-9
    linear, _ = warp(quadratic(x, y), SHEAR, WHOLE, Kernel.LINEAR)
    assert np.abs(linear - quadratic(u, v))[good].max() > 1e-4  # which is not exact for it


@pytest.mark.parametrize("kernel", KERNELS)
def test_whole_shifts_leave_values_unchanged(kernel):
    values, valid = warp(PHOTO, translation(7, -5), WHOLE, kernel)
    expected = np.zeros((90, 160), np.uint8)
    expected[:85, 7:] = 255
    assert np.array_equal(values[:85, 7:], PHOTO[5:, :153])
    assert np.array_equal(valid, expected)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("quarter", [1, 2, 3])
def test_quarter_turns_permute_the_pixels(quarter, kernel):
    expected = np.rot90(PHOTO, -quarter)
    height, width = expected.shape[:2]
    shift = {1: (89, 0), 2: (159, 89), 3: (0, 159)}[quarter]
    matrix = multiply(translation(*shift), turned(90 * quarter, about=(0, 0)))
    assert matrix[0][0] not in (0.0, 1.0)  # cosines are not exactly 0
    values, valid = warp(PHOTO, matrix, Rect(0, 0, height, width), kernel)
    assert np.array_equal(values, expected)
    assert valid is None


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
def test_a_shift_by_a_fraction_is_that_of_the_other_way(dtype, kernel):
    source, matrix = PHOTO.astype(dtype), translation(0.3, -7.7)
    rect = Rect(-6, -8, 100, 180)

    def read(area, level):
        return source[area.slices]

    one, one_valid = fetch(read, (90, 160), matrix, rect, 0, kernel)
    other, other_valid = warp(source, matrix, rect, kernel)
    assert np.array_equal(one_valid, other_valid)
    good = one_valid > 0
    assert np.abs(one - other)[good].max() < (CLOSE if dtype == np.uint8 else 1e-9)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(KERNELS),
    st.sampled_from([*MAPS.values(), turned(5, 0.6), turned(60, 1.2, tilt=(9e-3, -4e-3))]),
    st.sampled_from([None, BENT]),
    st.tuples(st.integers(-50, 120), st.integers(-60, 190), st.integers(1, 60), st.integers(1, 70)),
    st.sampled_from([np.uint8, np.float64]),
)
def test_any_piece_equals_the_whole_bit_for_bit(kernel, matrix, field, piece, dtype):
    source = PHOTO.astype(dtype)
    around, rect = Rect(-50, -60, 231, 321), Rect(*piece)
    whole, whole_valid = warp(source, matrix, around, kernel, field=field)
    part, part_valid = warp(source, matrix, rect, kernel, field=field)
    cut = rect.within(around)
    assert np.array_equal(part, whole[cut])
    everywhere = np.full(part.shape[:2], 255, np.uint8)
    assert np.array_equal(everywhere if part_valid is None else part_valid, whole_valid[cut])
    assert np.isfinite(whole).all()


@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_every_channel_is_moved_alike(channels, dtype):
    source = np.dstack([np.roll(GRAY, 9 * i, axis=1) for i in range(channels)]).astype(dtype)
    source = source[:, :, 0] if channels == 1 else source
    values, valid = warp(source, MAPS["homography"], WHOLE, Kernel.CUBIC)
    assert values.shape == source.shape
    for i in range(channels):
        plane = source if channels == 1 else np.ascontiguousarray(source[:, :, i])
        alone, alone_valid = warp(plane, MAPS["homography"], WHOLE, Kernel.CUBIC)
        assert np.array_equal(values if channels == 1 else values[:, :, i], alone)
        assert np.array_equal(valid, alone_valid)


def test_levels_relate_the_same_points():
    matrix, rect = MAPS["homography"], Rect(3, 9, 30, 60)
    one, _ = warp(GRAY, matrix, rect, Kernel.CUBIC, level=1, field=BENT)
    half = Field(BENT.shift / 2, BENT.step / 2, (BENT.origin + 0.5) / 2 - 0.5)
    other, _ = warp(GRAY, at_level(matrix, 1), rect, Kernel.CUBIC, field=half)
    assert np.abs(one - other).max() < CLOSE
    plain, _ = warp(GRAY, matrix, rect, Kernel.CUBIC, level=1)
    assert np.abs(one - plain).max() > 1.0


def test_there_and_back_again():
    source = photo(240, 400, seed=5, channels=1, dtype=np.float32) * np.float32(255)
    matrix = turned(6, 1.05, about=(199.5, 119.5), tilt=(1e-4, -2e-4))
    there, _ = warp(source, matrix, Rect(-60, -60, 360, 520), Kernel.LANCZOS)
    back = multiply(inverse(matrix), translation(-60, -60))
    again, _ = warp(there, back, Rect(0, 0, 240, 400), Kernel.LANCZOS)
    inner = np.s_[20:-20, 20:-20]
    # Two resamplings blur a little; taken the wrong way round it is another picture.
    assert np.sqrt(np.mean((again - source)[inner] ** 2)) < 1.5
    wrong, _ = warp(there, multiply(matrix, translation(-60, -60)), Rect(0, 0, 240, 400),
                    Kernel.LANCZOS)  # fmt: skip
    assert np.sqrt(np.mean((wrong - source)[inner] ** 2)) > 15


@pytest.mark.parametrize("kernel", KERNELS)
def test_what_shrinks_is_antialiased(kernel):
    matrix, rect = turned(20, 0.4), Rect(35, 60, 18, 36)
    for scales in ((0.4, 1.5), (1.5, 0.4)):  # by what it shrinks in the one direction
        squeezed = multiply(turned(20), scaling(*scales))
        u, v, _ = looked_at(squeezed, Rect(25, 45, 5, 6))
        values, _ = warp(GRAY, squeezed, Rect(25, 45, 5, 6), kernel)
        assert np.abs(values - direct(GRAY, u, v, kernel, 1 / 0.4)).max() < CLOSE
    u, v, _ = looked_at(matrix, rect)
    values, valid = warp(GRAY, matrix, rect, kernel)
    assert valid is None
    assert np.abs(values - direct(GRAY, u, v, kernel, 1 / 0.4)).max() < CLOSE
    assert np.abs(values - direct(GRAY, u, v, kernel)).max() > 5


def test_a_rounding_error_or_a_hundredth_shrinks_nothing():
    rect = Rect(20, 30, 50, 100)
    for scale in (1 - 1e-12, 0.9905):
        matrix = turned(3, scale)
        u, v, _ = looked_at(matrix, rect)
        values, _ = warp(GRAY, matrix, rect, Kernel.CUBIC)
        assert np.abs(values - direct(GRAY, u, v, Kernel.CUBIC)).max() < CLOSE


def test_a_constant_stays_constant():
    flat = np.full((90, 160, 3), 200, np.uint8)
    for kernel in KERNELS:
        for matrix in (*MAPS.values(), turned(20, 0.3)):
            values, valid = warp(flat, matrix, Rect(30, 50, 30, 60), kernel)
            good = np.ones((30, 60), bool) if valid is None else valid > 0
            assert np.abs(values[good] - 200).max(initial=0) < 1e-4


def test_positions_far_from_the_origin_are_as_exact():
    far = translation(2.0**20, -(2.0**19))
    rect = Rect(30, 40, 40, 70)
    near, _ = warp(GRAY.astype(float), MAPS["shear"], rect, Kernel.CUBIC)
    there, _ = warp(GRAY.astype(float), multiply(far, MAPS["shear"]),
                    rect.shift(-(2**19), 2**20), Kernel.CUBIC)  # fmt: skip
    assert np.abs(near - there).max() < 255 * 1e-8  # positions of 1e6 in float64


def test_a_singular_matrix_is_refused():
    with pytest.raises(ValueError, match="cannot be inverted"):
        warp(GRAY, as_matrix(np.array([[1, 2, 0], [2, 4, 0], [0, 0, 1]], float)), WHOLE,
             Kernel.CUBIC)  # fmt: skip


# -- samples at any positions


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("source", [GRAY, PHOTO])
def test_samples_are_the_weighted_sums(source, kernel):
    y, x = np.mgrid[0:50, 0:70].astype(np.float64)
    u, v = 40.3 + 1.02 * x - 0.3 * y, 31.7 + 0.2 * x + 0.8 * y
    expected = direct(source, u, v, kernel)
    values, _ = sampled(source, u, v, kernel)
    assert values.dtype == np.float32
    assert np.abs(values - expected).max() < CLOSE
    values, _ = sampled(source.astype(np.float64), u, v, kernel)
    assert values.dtype == np.float64
    assert np.abs(values - expected).max() < 1e-9


@pytest.mark.parametrize("kernel", KERNELS)
def test_samples_on_pixel_centres_are_the_pixels(kernel):
    y, x = np.mgrid[0:90, 0:160].astype(np.float64)
    for nudge in (0.0, 4e-10, -4e-10):
        for source in (GRAY, GRAY.astype(np.float64)):
            values, inside = sampled(source, x + nudge, y - nudge, kernel)
            assert np.array_equal(values, source)
            assert inside is None


@pytest.mark.parametrize("kernel", KERNELS)
def test_positions_need_not_be_finite_or_near(kernel):
    u = np.array([[np.nan, np.inf, -np.inf, 1e300, -1e18, 50.5, 50.5, 50.5]])
    v = np.array([[40.5, 40.5, 40.5, 40.5, 40.5, np.nan, 1e9, 40.5]])
    values, inside = sampled(PHOTO, u, v, kernel)
    assert np.isfinite(values).all()
    assert inside.tolist() == [[0, 0, 0, 0, 0, 0, 0, 255]]
    assert np.abs(values[0, 7] - direct(PHOTO, u[:, 7:], v[:, 7:], kernel)[0, 0]).max() < CLOSE


def test_sampling_at_the_pixels_of_a_map_is_warping_by_it():
    u, v, _ = looked_at(MAPS["shear"], WHOLE)
    values, inside = sampled(GRAY, u, v, Kernel.CUBIC)
    expected, valid = warp(GRAY, MAPS["shear"], WHOLE, Kernel.CUBIC)
    assert np.abs(values - expected).max() < CLOSE
    assert np.array_equal(inside, valid)
    assert np.array_equal(sampled(GRAY, *np.meshgrid(np.arange(4.0), [0.0]), Kernel.CUBIC)[0],
                          warp(GRAY, IDENTITY, Rect(0, 0, 1, 4), Kernel.CUBIC)[0])  # fmt: skip
