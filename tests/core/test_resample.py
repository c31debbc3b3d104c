from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.field import Field
from core.geometry import IDENTITY, Kernel, as_matrix, multiply, scaling, translation
from core.kernels import weight
from core.resample import fetch, straight
from core.types import Rect
from tests.make import photo
from tests.warping import warp

KERNELS = list(Kernel)
HALF = {Kernel.LINEAR: 1, Kernel.CUBIC: 2, Kernel.LANCZOS: 3}
PHOTO = photo(90, 160, seed=3)
GRAY = photo(90, 160, seed=4, channels=1)


def get(source, matrix, rect=None, kernel=Kernel.CUBIC, level=0):
    rect = Rect.of(source) if rect is None else rect
    return fetch(lambda r, _: source[r.slices], source.shape[:2], matrix, rect, level, kernel)


def oracle(source, matrix, rect, kernel):
    """Return the sum over every source pixel, one output pixel at a time; edges repeated."""
    (sx, _, tx), (_, sy, ty), _ = matrix
    out = np.empty((rect.height, rect.width))
    pad = 24
    padded = np.pad(source.astype(np.float64), pad, mode="edge")

    def weights(positions, at, scale):
        w = weight(kernel, (positions - at) / max(1.0, 1.0 / scale))
        return w / w.sum()

    rows, cols = np.arange(padded.shape[0]) - pad, np.arange(padded.shape[1]) - pad
    for i in range(rect.height):
        wy = weights(rows, (rect.row + i - ty) / sy, sy)
        for j in range(rect.width):
            wx = weights(cols, (rect.col + j - tx) / sx, sx)
            out[i, j] = wy @ padded @ wx
    return out


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("source", [GRAY, PHOTO, PHOTO.astype(np.float64) / 3])
def test_identity_is_the_source_itself(source, kernel):
    pixels, valid = get(source, IDENTITY, kernel=kernel)
    assert np.shares_memory(pixels, source)
    assert pixels.dtype == source.dtype
    assert pixels.shape == source.shape
    assert valid is None


@pytest.mark.parametrize("kernel", KERNELS)
def test_whole_shifts_move_values_unchanged(kernel):
    pixels, valid = get(PHOTO, translation(7, -5), kernel=kernel)
    assert pixels.dtype == np.uint8
    assert np.array_equal(pixels[:85, 7:], PHOTO[5:, :153])
    expected = np.zeros((90, 160), np.uint8)
    expected[:85, 7:] = 255
    assert np.array_equal(valid, expected)


def test_whole_shifts_inside_the_source_are_views():
    pixels, valid = get(PHOTO, translation(7, -5), Rect(3, 40, 20, 30))
    assert np.shares_memory(pixels, PHOTO)
    assert valid is None


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize(
    "matrix",
    [
        translation(0.3, -0.7),
        translation(-12.25, 3),
        scaling(1.37, 1.37),
        scaling(0.31, 0.55),
        scaling(1.25, 1.0),
        multiply(translation(2.4, -1.1), scaling(0.8, 1.3)),
    ],
)
def test_values_are_the_weighted_sums(matrix, kernel):
    rect = Rect(6, 9, 7, 9)
    source = GRAY[:30, :44]
    pixels, _ = get(source, matrix, rect, kernel)
    assert pixels.dtype == np.float32
    # float32 sums of a dozen terms up to 255.
    assert np.abs(pixels - oracle(source, matrix, rect, kernel)).max() < 2e-4
    wide, _ = get(source.astype(np.float64), matrix, rect, kernel)
    assert wide.dtype == np.float64
    assert np.abs(wide - oracle(source, matrix, rect, kernel)).max() < 1e-10


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_shift_is_exact_where_warp_affine_rounds(kernel):
    ramp = np.tile(4.0 * np.arange(120, dtype=np.float32), (40, 1))
    inner = Rect(10, 10, 20, 100)
    pixels, _ = get(ramp, translation(1 / 67, 0), inner, kernel)
    expected = ramp[inner.slices] - 4 / 67
    # Three lobes of Lanczos reproduce a slope to about 1 %; the others are exact on it.
    tolerance = 0.06 if kernel is Kernel.LANCZOS else 1e-4
    assert np.abs(pixels - expected).max() < tolerance


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(KERNELS),
    st.sampled_from([1.0, 0.37, 1.6]),
    st.floats(-9, 9),
    st.floats(-9, 9),
    st.tuples(st.integers(-8, 60), st.integers(-8, 100), st.integers(1, 40), st.integers(1, 60)),
)
def test_a_piece_equals_the_whole(kernel, scale, dx, dy, piece):
    matrix = multiply(translation(dx, dy), scaling(scale, scale))
    whole_rect, rect = Rect(-10, -10, 130, 190), Rect(*piece)
    whole, whole_valid = get(PHOTO, matrix, whole_rect, kernel)
    part, part_valid = get(PHOTO, matrix, rect, kernel)
    cut = rect.within(whole_rect)
    expected_valid = whole_valid[cut] if whole_valid is not None else np.full(part.shape[:2], 255)
    valid = part_valid if part_valid is not None else np.full(part.shape[:2], 255)
    assert np.array_equal(valid, expected_valid)
    good = valid > 0
    # One unit in the last place of 255 in float32 is 1.5e-5: sums may only differ in rounding.
    assert np.abs(whole[cut][good].astype(np.float64) - part[good]).max(initial=0) < 4e-5
    assert np.isfinite(part).all()


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_fractional_shift_needs_its_whole_footprint(kernel):
    # Canvas column x reads source x - 0.5: taps from x - half to x - 1 + half.
    _, valid = get(GRAY, translation(0.5, 0.0), Rect(0, -5, 90, 170), kernel)
    half = HALF[kernel]
    good = np.flatnonzero(valid[45]) - 5
    assert (good[0], good[-1]) == (half, 160 - half)
    assert (valid.min(axis=0) == valid.max(axis=0)).all()


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("shape", [(90, 160), (33, 200), (200, 70), (90, 71)])
def test_resizing_maps_the_full_extent_onto_the_full_extent(kernel, shape):
    matrix = scaling(shape[1] / 160, shape[0] / 90)
    pixels, valid = get(GRAY, matrix, Rect(0, 0, *shape), kernel)
    assert valid is None
    assert pixels.shape == shape
    _, outside = get(GRAY, matrix, Rect(-1, -1, shape[0] + 2, shape[1] + 2), kernel)
    assert np.array_equal(outside, np.pad(np.full(shape, 255, np.uint8), 1))


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("matrix", [translation(0.4, 0.6), scaling(0.3, 1.7), scaling(2.2, 0.9)])
def test_a_constant_stays_constant(kernel, matrix):
    flat = np.full((90, 160, 3), 200, np.uint8)
    pixels, _ = get(flat, matrix, Rect(-4, -4, 60, 90), kernel)
    # Weights sum to 1 but for their rounding to float32.
    assert np.abs(pixels - 200).max() < 1e-4


def test_shrinking_averages_instead_of_skipping():
    stripes = np.tile(np.array([0, 255], np.uint8), (90, 80))
    pixels, _ = get(stripes, scaling(0.25, 0.25), Rect(2, 4, 12, 30))
    assert np.abs(pixels - 127.5).max() < 1.5  # what cubic, four times as wide, leaves of stripes


def test_levels_scale_the_shift():
    small = PHOTO[::2, ::2]
    pixels, valid = fetch(
        lambda r, _: small[r.slices], (90, 160), translation(6, -4), Rect(0, 3, 40, 50), 1,
        Kernel.CUBIC,
    )  # fmt: skip
    assert np.array_equal(pixels, small[2:42, :50])
    assert valid is None


@pytest.mark.parametrize("matrix", [translation(5000, 0), translation(0.5, -9000.25)])
def test_nothing_of_the_source_in_reach(matrix):
    pixels, valid = get(PHOTO, matrix)
    assert pixels.shape == PHOTO.shape
    assert not pixels.any()
    assert not valid.any()


def test_any_number_of_channels():
    five = np.dstack([PHOTO, PHOTO[:, :, :2]])
    for matrix in (translation(0.3, 0.2), scaling(0.7, 1.4)):
        both, _ = get(five, matrix)
        one, _ = get(np.ascontiguousarray(five[:, :, 4]), matrix)
        assert np.array_equal(both[:, :, 4], one)


@pytest.mark.parametrize(
    "rows",
    [
        [[0.9, 0.1, 0], [-0.1, 0.9, 0], [0, 0, 1]],
        [[1, 0, 0], [0, 1, 0], [1e-4, 0, 1]],
        [[-1, 0, 159], [0, 1, 0], [0, 0, 1]],
        [[2, 0, 7], [0, 2, 4], [0, 0, 2]],
    ],
)
def test_other_matrices_are_warped(rows):
    matrix = as_matrix(np.array(rows, float))
    assert not straight(matrix)
    pixels, valid = get(PHOTO, matrix)
    expected, expected_valid = warp(PHOTO, matrix, Rect(0, 0, 90, 160), Kernel.CUBIC)
    assert np.array_equal(pixels, expected)
    assert (valid is expected_valid is None) or np.array_equal(valid, expected_valid)


def test_a_field_is_heeded_by_every_matrix():
    field = Field(np.full((2, 3, 2), (4.0, -2.0)), 50, 0)
    assert straight(IDENTITY)
    pixels, _ = fetch(lambda r, _: PHOTO[r.slices], (90, 160), IDENTITY, Rect(0, 0, 90, 160), 0,
                      Kernel.CUBIC, field)  # fmt: skip
    assert np.array_equal(pixels[2:, :156], PHOTO[:88, 4:])
