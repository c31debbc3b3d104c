from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.color import deltaE_ciede2000, rgb2lab

from core.measures._ciede import exact
from tests.core.measures.ciede_pairs import ciede2000

# Sharma, Wu, Dalal, 2005, table 1: L1 a1 b1, L2 a2 b2, ΔE00. Pairs 9 to 16 lie around the jump at
# opposite hues, 10 and 14 on it.
TABLE = np.array(
    [
        [50.0000, 2.6772, -79.7751, 50.0000, 0.0000, -82.7485, 2.0425],
        [50.0000, 3.1571, -77.2803, 50.0000, 0.0000, -82.7485, 2.8615],
        [50.0000, 2.8361, -74.0200, 50.0000, 0.0000, -82.7485, 3.4412],
        [50.0000, -1.3802, -84.2814, 50.0000, 0.0000, -82.7485, 1.0000],
        [50.0000, -1.1848, -84.8006, 50.0000, 0.0000, -82.7485, 1.0000],
        [50.0000, -0.9009, -85.5211, 50.0000, 0.0000, -82.7485, 1.0000],
        [50.0000, 0.0000, 0.0000, 50.0000, -1.0000, 2.0000, 2.3669],
        [50.0000, -1.0000, 2.0000, 50.0000, 0.0000, 0.0000, 2.3669],
        [50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0009, 7.1792],
        [50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0010, 7.1792],
        [50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0011, 7.2195],
        [50.0000, 2.4900, -0.0010, 50.0000, -2.4900, 0.0012, 7.2195],
        [50.0000, -0.0010, 2.4900, 50.0000, 0.0009, -2.4900, 4.8045],
        [50.0000, -0.0010, 2.4900, 50.0000, 0.0010, -2.4900, 4.8045],
        [50.0000, -0.0010, 2.4900, 50.0000, 0.0011, -2.4900, 4.7461],
        [50.0000, 2.5000, 0.0000, 50.0000, 0.0000, -2.5000, 4.3065],
        [50.0000, 2.5000, 0.0000, 73.0000, 25.0000, -18.0000, 27.1492],
        [50.0000, 2.5000, 0.0000, 61.0000, -5.0000, 29.0000, 22.8977],
        [50.0000, 2.5000, 0.0000, 56.0000, -27.0000, -3.0000, 31.9030],
        [50.0000, 2.5000, 0.0000, 58.0000, 24.0000, 15.0000, 19.4535],
        [50.0000, 2.5000, 0.0000, 50.0000, 3.1736, 0.5854, 1.0000],
        [50.0000, 2.5000, 0.0000, 50.0000, 3.2972, 0.0000, 1.0000],
        [50.0000, 2.5000, 0.0000, 50.0000, 1.8634, 0.5757, 1.0000],
        [50.0000, 2.5000, 0.0000, 50.0000, 3.2592, 0.3350, 1.0000],
        [60.2574, -34.0099, 36.2677, 60.4626, -34.1751, 39.4387, 1.2644],
        [63.0109, -31.0961, -5.8663, 62.8187, -29.7946, -4.0864, 1.2630],
        [61.2901, 3.7196, -5.3901, 61.4292, 2.2480, -4.9620, 1.8731],
        [35.0831, -44.1164, 3.7933, 35.0232, -40.0716, 1.5901, 1.8645],
        [22.7233, 20.0904, -46.6940, 23.0331, 14.9730, -42.5619, 2.0373],
        [36.4612, 47.8580, 18.3852, 36.2715, 50.5065, 21.2231, 1.4146],
        [90.8027, -2.0831, 1.4410, 91.1528, -1.6435, 0.0447, 1.4441],
        [90.9257, -0.5406, -0.9208, 88.6381, -0.8985, -0.7239, 1.5381],
        [6.7747, -0.2908, -2.4247, 5.8714, -0.0985, -2.2286, 0.6377],
        [2.0776, 0.0795, -1.1350, 0.9033, -0.0636, -0.5514, 0.9082],
    ]
)
A, B, PUBLISHED = TABLE[None, :, :3], TABLE[None, :, 3:6], TABLE[None, :, 6]


def colors(count, seed):
    """Lab of random sRGB colours, (7, count, 3) float64."""
    return rgb2lab(np.random.default_rng(seed).integers(0, 256, (7, count, 3), dtype=np.uint8))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("swapped", [False, True])
def test_the_published_pairs(dtype, swapped):
    a, b = (B, A) if swapped else (A, B)
    found = ciede2000(a.astype(dtype), b.astype(dtype))
    assert found.dtype == dtype
    # The table has four digits: 5e-5 is its own rounding.
    np.testing.assert_allclose(found, PUBLISHED, rtol=0, atol=1e-4)


def test_agrees_with_scikit_image_in_float64():
    a, b = colors(5001, 1), colors(5001, 2)
    np.testing.assert_allclose(exact(a, b), deltaE_ciede2000(a, b), rtol=0, atol=1e-9)
    np.testing.assert_allclose(exact(a, a + 0.5), deltaE_ciede2000(a, a + 0.5), rtol=0, atol=1e-9)


def test_quick_agrees_with_exact():
    # 7 x 9001 pixels: more than one tile, and no whole number of vectors.
    a, b = (colors(9001, seed).astype(np.float32) for seed in (3, 4))
    right = exact(a.astype(np.float64), b.astype(np.float64))
    error = np.abs(ciede2000(a, b) - right)
    # float32 holds a* to 4e-6; hues turned by nearly half a circle lose two digits of it.
    assert error.max() < 1e-3
    assert np.quantile(error, 0.99) < 1e-4
    close = (a + np.float32(0.25)).astype(np.float64)
    error = np.abs(ciede2000(a, close.astype(np.float32)) - exact(a.astype(np.float64), close))
    assert error.max() < 2e-5


def test_every_hue_of_the_rotation_term():
    # Blue is where it matters; chroma 100, where it is as strong as it gets.
    h = np.radians(np.linspace(0.0, 360.0, 7201))[None]
    a = np.stack([np.full_like(h, 40.0), 100 * np.cos(h), 100 * np.sin(h)], -1)
    b = np.stack([np.full_like(h, 40.0), 90 * np.cos(h + 0.1), 90 * np.sin(h + 0.1)], -1)
    found = ciede2000(a.astype(np.float32), b.astype(np.float32))
    np.testing.assert_allclose(found, exact(a, b), rtol=0, atol=5e-5)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_equal_colors_give_exactly_0(dtype):
    for count in (1, 31, 777, 5003):
        a = colors(count, count).astype(dtype)
        a[0, 0, 1:] = 0.0
        assert not ciede2000(a, a.copy()).any()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_swapping_changes_nothing(dtype):
    a, b = (colors(1003, seed).astype(dtype) for seed in (5, 6))
    np.testing.assert_allclose(ciede2000(a, b), ciede2000(b, a), rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_neutral_color_takes_the_hue_of_the_other(dtype):
    gray = np.zeros((1, 721, 3), dtype)
    gray[..., 0] = 30.0
    h = np.radians(np.arange(721) / 2)
    other = np.stack([np.full_like(h, 55.0), 40 * np.cos(h), 40 * np.sin(h)], -1)[None]
    right = deltaE_ciede2000(gray.astype(np.float64), other)
    np.testing.assert_allclose(ciede2000(gray, other.astype(dtype)), right, rtol=0, atol=2e-5)
    both = gray.copy()
    both[..., 0] = 80.0
    # (80 - 30) / SL at the mean lightness 55
    right = np.full((1, 721), 50.0 / (1 + 0.015 * 25 / np.sqrt(45.0)))
    np.testing.assert_allclose(ciede2000(gray, both), right, rtol=1e-6)


@given(st.floats(0, 179.99), st.floats(0.5, 90), st.floats(0.5, 90))
def test_of_opposite_hues_the_mean_is_half_the_sum(hue, one, other):
    h = np.radians(hue)
    a = np.array([[[50.0, one * np.cos(h), one * np.sin(h)]]])
    b = np.array([[[60.0, -other * np.cos(h), -other * np.sin(h)]]])
    # The side of the jump on which the sum of the hues is below 360°, as near as rounding allows.
    turn = np.radians(hue + 180.0 - 1e-7)
    near = np.array([[[60.0, other * np.cos(turn), other * np.sin(turn)]]])
    # a' stretches both by the same factor, so opposite stays opposite.
    np.testing.assert_allclose(exact(a, b), exact(a, near), rtol=0, atol=1e-5)
