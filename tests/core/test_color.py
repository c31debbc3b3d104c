"""From file values to working values, gray and Lab."""

from __future__ import annotations

import numpy as np
import pytest
import skimage.color
from hypothesis import given
from hypothesis import strategies as st

from core.color import LUMA_709, Conversion, GrayMethod, finite, to_gray
from core.lab import to_lab
from core.types import Alpha
from tests.make import photo


def conversion(**changes):
    given_ = {
        "divisor": 1.0, "gray": None, "alpha": Alpha.NONE, "keep_alpha": False, "channels": 3,
        "wide": False,
    }  # fmt: skip
    return Conversion(**{**given_, **changes})


def numpy_gray(array):
    return array.astype(np.float64).mean(axis=2)


@given(st.integers(0, 2**32 - 1), st.integers(2, 7))
def test_the_plain_mean_is_numpys_to_the_last_bit(seed, channels):
    rng = np.random.default_rng(seed)
    pixels = rng.random((5, 11, channels)) * 10.0 ** rng.integers(-3, 6)
    np.testing.assert_array_equal(to_gray(pixels, GrayMethod.MEAN), pixels.mean(axis=2))
    whole = rng.integers(0, 256, (5, 11, channels), dtype=np.uint8)
    convert = conversion(gray=GrayMethod.MEAN, channels=1, wide=True)
    np.testing.assert_array_equal(convert(whole), numpy_gray(whole))


def test_luma_is_the_weighted_sum_of_three_channels():
    pixels = photo(20, 51, 4).astype(np.float64)
    # Three products in float64, added in another order.
    np.testing.assert_allclose(
        to_gray(pixels, GrayMethod.REC709), pixels @ np.array(LUMA_709), rtol=1e-15
    )
    assert sum(LUMA_709) == pytest.approx(1.0, abs=1e-15)
    five = np.random.default_rng(0).random((4, 9, 5))
    np.testing.assert_array_equal(to_gray(five, GrayMethod.REC709), five.mean(axis=2))
    gray = pixels[:, :, 0]
    assert to_gray(gray, GrayMethod.REC709) is gray


def test_lab_is_that_of_scikit_image():
    rng = np.random.default_rng(5)
    pixels = rng.integers(0, 256, (40, 90, 3)).astype(np.uint8)
    pixels[0, :8] = [[0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 255, 0], [0, 0, 255],
                     [1, 1, 1], [9, 9, 9], [128, 128, 128]]  # fmt: skip
    right = skimage.color.rgb2lab(pixels)
    for dtype in (np.uint8, np.float32, np.float64):
        lab, _ = to_lab(pixels.astype(dtype), pixels.astype(dtype))
        # The white of scikit-image is not that of its matrix; test_lab.py has the formulas.
        np.testing.assert_allclose(lab, right, rtol=0, atol=0.03)


def test_values_that_are_not_finite_become_zero():
    array = np.array([[1.5, np.nan, np.inf, -np.inf]], np.float32)
    np.testing.assert_array_equal(finite(array), [[1.5, 0, 0, 0]])
    good = np.ones((2, 3))
    assert finite(good) is good
    whole = np.ones((2, 3), np.int16)
    assert finite(whole) is whole


def test_bytes_stay_bytes_where_nothing_is_lost():
    pixels = photo(9, 21, 1)
    assert conversion()(pixels) is pixels
    assert conversion(channels=1)(pixels[:, :, 0].copy()).dtype == np.uint8
    repeated = conversion()(np.ascontiguousarray(pixels[:, :, 0]))
    assert repeated.dtype == np.uint8
    np.testing.assert_array_equal(repeated, np.dstack([pixels[:, :, 0]] * 3))
    assert conversion(wide=True)(pixels).dtype == np.float64
    assert conversion(gray=GrayMethod.REC709, channels=1)(pixels).dtype == np.float32


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize(
    "dtype", ["uint8", "uint16", "uint32", "int16", "int32", "float16", "float32", "float64"]
)
def test_every_dtype_is_put_on_the_scale(dtype, wide):
    for channels in (None, 3, 5):
        rng = np.random.default_rng(3)
        kind = np.dtype(dtype)
        shape = (6, 17) if channels is None else (6, 17, channels)
        low, high = (-1.0, 1.0) if kind.kind == "f" else (np.iinfo(kind).min, np.iinfo(kind).max)
        pixels = (low + rng.random(shape) * (float(high) - low)).astype(kind)
        peak = float(high)
        out = conversion(divisor=peak / 255.0, channels=channels or 1, wide=wide)(pixels)
        expected = pixels.astype(np.float64) / peak * 255.0
        assert out.shape == shape
        if dtype == "uint8" and not wide:
            np.testing.assert_array_equal(out, pixels)
            continue
        assert out.dtype == (np.float64 if wide else np.float32)
        # Two roundings (of the value and of the quotient), each by half a unit in the last place.
        rtol = 2.0**-51 if wide else 2.0**-22
        np.testing.assert_allclose(out, expected, rtol=rtol)


def test_sixteen_bits_of_eight_bit_levels_are_exact():
    levels = np.arange(256, dtype=np.uint16).reshape(2, 128)
    out = conversion(divisor=65535.0 / 255.0, channels=1)(levels * 257)
    np.testing.assert_array_equal(out, levels)


@pytest.mark.parametrize("gray", [None, GrayMethod.MEAN])
@pytest.mark.parametrize("channels", [2, 4])
@pytest.mark.parametrize("peak", [255, 65535])
def test_straight_alpha_is_multiplied_and_kept(channels, gray, peak):
    rng = np.random.default_rng(7)
    dtype = np.uint8 if peak == 255 else np.uint16
    pixels = rng.integers(0, peak, (5, 12, channels), dtype, endpoint=True)
    colours = 1 if gray or channels == 2 else 3
    convert = conversion(
        divisor=peak / 255.0, alpha=Alpha.STRAIGHT, keep_alpha=True, channels=colours, gray=gray,
        wide=True,
    )  # fmt: skip
    out = convert(pixels)
    assert out.shape == (5, 12, colours + 1)
    whole = pixels.astype(np.float64)
    colour = whole[:, :, :-1]
    if gray:
        colour = colour.mean(axis=2, keepdims=True)
    share = whole[:, :, -1:] / peak
    # Three roundings in float64 at most.
    np.testing.assert_allclose(out[:, :, :-1], colour * share / peak * 255, rtol=1e-15, atol=0)
    np.testing.assert_allclose(out[:, :, -1:], share * 255, rtol=1e-15)


@pytest.mark.parametrize("kind", [Alpha.OPAQUE, Alpha.PREMULTIPLIED])
def test_other_alpha_is_kept_but_not_multiplied(kind):
    pixels = photo(5, 12, 4, channels=4)
    out = conversion(alpha=kind, keep_alpha=True)(pixels)
    np.testing.assert_array_equal(out, pixels)
    assert out.dtype == np.uint8
    dropped = conversion(alpha=kind)(pixels)
    np.testing.assert_array_equal(dropped, pixels[:, :, :3])


def test_a_picture_without_alpha_is_opaque():
    pixels = photo(5, 12, 4)
    out = conversion(keep_alpha=True)(pixels)
    np.testing.assert_array_equal(out[:, :, :3], pixels)
    assert np.all(out[:, :, 3] == 255)
    gray = conversion(keep_alpha=True, channels=1)(np.ascontiguousarray(pixels[:, :, 0]))
    assert gray.shape == (5, 12, 2)


def test_gray_with_alpha_becomes_colour_with_alpha():
    pixels = np.zeros((2, 5, 2), np.uint8)
    pixels[1, 3] = (200, 51)
    out = conversion(alpha=Alpha.STRAIGHT, keep_alpha=True)(pixels)
    assert out.shape == (2, 5, 4)
    np.testing.assert_allclose(out[1, 3], [40, 40, 40, 51], rtol=1e-6)  # float32
    dropped = conversion(alpha=Alpha.STRAIGHT)(pixels)
    assert dropped.dtype == np.uint8
    np.testing.assert_array_equal(dropped[1, 3], [200, 200, 200])


def test_the_pixels_given_are_never_written_to():
    for dtype in (np.uint8, np.float32, np.float64):
        pixels = np.full((3, 4, 4), 100, dtype)
        pixels.setflags(write=False)
        for wide in (True, False):
            for keep in (True, False):
                conversion(divisor=2.0, alpha=Alpha.STRAIGHT, keep_alpha=keep, wide=wide)(pixels)
        assert np.all(pixels == 100)
