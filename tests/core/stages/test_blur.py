"""Blur against SciPy in float64, and the properties of a stage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from core.stages.blur import PARAMS, STAGE, BlurParams, Method
from core.types import Rect, Tile

CASES = [
    BlurParams(sigma=0.6),
    BlurParams(sigma=1.5),
    BlurParams(sigma=4.0),
    BlurParams(sigma=11.0),
    BlurParams(method=Method.MEDIAN, radius=1),
    BlurParams(method=Method.MEDIAN, radius=2),
    BlurParams(method=Method.MEDIAN, radius=3),
    BlurParams(method=Method.BILATERAL, radius=2, sigma_color=20),
    BlurParams(method=Method.BILATERAL, radius=4, sigma_color=60),
]


def ids(params):
    return f"{params.method}-{params.sigma:g}-{params.radius}"


def tile_of(a, b=None, level=0):
    return Tile(a, a if b is None else b, None, Rect.of(a), level)


def blurred(pixels, params, level=0):
    return STAGE.apply(tile_of(pixels, level=level), params, None).a


def noise(height=40, width=97, channels=1, seed=0):
    shape = (height, width) if channels == 1 else (height, width, channels)
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


@pytest.mark.parametrize("sigma", [0.1, 0.3, 0.5, 1.0, 2.0, 5.0, 9.9, 10.0, 17.3, 50.0])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_gaussian_is_the_sampled_bell(sigma, dtype):
    picture = noise(220, 301)
    expected = ndimage.gaussian_filter(picture.astype(float), sigma, mode="mirror", truncate=9)
    # The stated error: the tail beyond 4 sigmas, or neighbours left out below sigma 0.2.
    assert np.abs(blurred(picture.astype(dtype), BlurParams(sigma=sigma)) - expected).max() < 0.016


@pytest.mark.parametrize("radius", [1, 2, 3, 4])
@pytest.mark.parametrize("channels", [1, 2, 3, 5])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_median_is_exact(radius, channels, dtype):
    picture = noise(21, 43, channels).astype(dtype)
    if dtype != np.uint8:
        picture += np.float32(0.25)  # a value that float32 holds exactly
    size = (2 * radius + 1, 2 * radius + 1, 1)[: picture.ndim]
    expected = ndimage.median_filter(picture, size=size, mode="mirror")
    found = blurred(picture, BlurParams(method=Method.MEDIAN, radius=radius))
    assert found.dtype == dtype
    np.testing.assert_array_equal(found, expected)


def bilateral_oracle(picture, radius, sigma):
    """Weigh every neighbour in the disc, pixel by pixel shift, in float64."""
    grown = np.pad(picture.astype(float), radius, mode="reflect")
    height, width = picture.shape
    top, weights = np.zeros(picture.shape), np.zeros(picture.shape)
    for r in range(-radius, radius + 1):
        for c in range(-radius, radius + 1):
            if r * r + c * c > radius * radius:
                continue
            near = grown[radius + r :][:height, radius + c :][:, :width]
            weight = np.exp(-(r * r + c * c) / (2 * (radius / 2) ** 2))
            weight = weight * np.exp(-((near - picture) ** 2) / (2 * sigma**2))
            top, weights = top + weight * near, weights + weight
    return top / weights


@pytest.mark.parametrize("radius", [1, 2, 3, 4])
@pytest.mark.parametrize("sigma", [5.0, 30.0, 200.0])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_bilateral_weighs_the_disc(radius, sigma, dtype):
    picture = noise(35, 83)
    params = BlurParams(method=Method.BILATERAL, radius=radius, sigma_color=sigma)
    found = blurred(picture.astype(dtype), params)
    # OpenCV interpolates its weights in a table of 4096 places: within 0.01 levels.
    assert np.abs(found - bilateral_oracle(picture.astype(float), radius, sigma)).max() < 0.01


@pytest.mark.parametrize("params", CASES, ids=ids)
@pytest.mark.parametrize("channels", [1, 3, 5])
def test_strips_equal_the_whole(params, channels):
    picture = noise(150, 181, channels).astype(np.float32)
    whole = blurred(picture, params)
    halo = STAGE.halo(params, 0)
    for top, bottom, left, right in ((0, 31, 0, 181), (31, 100, 40, 150), (100, 150, 90, 181)):
        rect = Rect(top, left, bottom - top, right - left)
        outer = rect.grow(halo).intersect(Rect.of(picture))
        cut = np.ascontiguousarray(picture[outer.slices])
        part = STAGE.apply(Tile(cut, cut, None, outer), params, None).a[rect.within(outer)]
        # float32 sums in another order; the bilateral table is the same by construction.
        np.testing.assert_allclose(part, whole[rect.slices], rtol=1e-6, atol=1e-4)


@pytest.mark.parametrize("params", CASES, ids=ids)
@pytest.mark.parametrize("channels", [1, 3])
def test_bytes_floats_and_doubles_agree(params, channels):
    picture = noise(60, 91, channels)
    found = [blurred(picture.astype(t), params) for t in (np.uint8, np.float32, np.float64)]
    kept = params.method is Method.MEDIAN
    assert [f.dtype for f in found] == [np.uint8 if kept else np.float32, np.float32, np.float64]
    for other in found[1:]:
        # float32 rounding of sums of up to 2 * 89 products of 255
        np.testing.assert_allclose(found[0], other, rtol=0, atol=1e-3)


@pytest.mark.parametrize("params", CASES, ids=ids)
def test_equal_pictures_stay_equal_and_swapping_swaps(params):
    a, b = noise(50, 77, 3, 1), noise(50, 77, 3, 2)
    forth = STAGE.apply(tile_of(a, b), params, None)
    back = STAGE.apply(tile_of(b, a), params, None)
    np.testing.assert_array_equal(forth.a, back.b)
    np.testing.assert_array_equal(forth.b, back.a)
    np.testing.assert_array_equal(STAGE.apply(tile_of(a, a.copy()), params, None).b, forth.a)


@pytest.mark.parametrize("params", CASES, ids=ids)
def test_a_flat_picture_stays_flat_and_the_tile_is_not_written(params):
    flat = np.full((30, 55), 255, np.uint8)
    flat.setflags(write=False)
    # The weights sum to 1 but for the rounding of float32.
    np.testing.assert_allclose(blurred(flat, params), 255.0, rtol=1e-6)


@settings(max_examples=30, deadline=None)
@given(height=st.integers(1, 9), width=st.integers(1, 9), case=st.sampled_from(CASES))
def test_pictures_smaller_than_the_filter_work(height, width, case):
    for dtype in (np.uint8, np.float32):
        picture = noise(height, width, seed=height * 10 + width).astype(dtype)
        found = blurred(picture, case)
        assert found.shape == picture.shape
        assert picture.min() - 1e-3 <= found.min() <= found.max() <= picture.max() + 1e-3


def test_lengths_mean_pixels_of_full_resolution():
    picture = noise(60, 120)
    gaussian, median = BlurParams(sigma=4.0), BlurParams(method=Method.MEDIAN, radius=4)
    np.testing.assert_array_equal(
        blurred(picture, gaussian, level=1), blurred(picture, BlurParams(sigma=2.0))
    )
    np.testing.assert_array_equal(
        blurred(picture, median, level=2), blurred(picture, median.replace(radius=1))
    )
    assert [STAGE.halo(gaussian, k) for k in (0, 1, 2, 9)] == [16, 8, 4, 0]
    assert [STAGE.halo(median, k) for k in (0, 1, 2, 3, 4)] == [4, 2, 1, 1, 0]
    assert blurred(picture, gaussian, level=9) is picture
    assert blurred(picture, median, level=4) is picture


def test_values_outside_the_scale_are_blurred_too():
    wild = noise(40, 70).astype(np.float32) * 9 - 700
    params = BlurParams(method=Method.BILATERAL, radius=2, sigma_color=100)
    expected = bilateral_oracle(wild.astype(float), 2, 100.0)
    # A range nine times as wide makes the steps of the table nine times as wide.
    assert np.abs(blurred(wild, params) - expected).max() < 0.1


def test_says_what_it_does():
    assert STAGE.summary(BlurParams(sigma=1.5), None) == "σ 1.5 px"
    assert STAGE.summary(BlurParams(method=Method.MEDIAN, radius=2), None) == "5 × 5 px"
    assert STAGE.notices(BlurParams(), None) == ()
    assert PARAMS.primary() == "method"
    assert not PARAMS().enabled
    assert all(u.help.endswith(".") for u in PARAMS.ui_fields().values())
