from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage.metrics import mean_squared_error, peak_signal_noise_ratio

from core.measures.error import MEASURE, psnr
from tests.core.measures.samples import noise, run, speckled
from tests.make import photo, with_noise, with_patch


def numbers(values):
    return [values[name].value for name in MEASURE.names]


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_agree_with_scikit_image(channels, dtype):
    a = photo(90, 160, 3, channels)
    b = with_noise(a, 3.0)
    wide = [x.astype(np.float64) for x in (a, b)]
    mse = mean_squared_error(*wide)
    expected = [
        np.abs(wide[0] - wide[1]).mean(),
        mse,
        math.sqrt(mse),
        peak_signal_noise_ratio(*wide, data_range=255),
        np.abs(wide[0] - wide[1]).max(),
    ]
    values = run(MEASURE, a.astype(dtype), b.astype(dtype), cuts=(13, 55))
    # Both are float64 sums, in another order.
    assert numbers(values) == pytest.approx(expected, rel=1e-12)
    assert [v.unit for v in values.values()] == ["levels", "levels²", "levels", "dB", "levels"]
    assert [v.name for v in values.values() if v.better == "higher"] == ["psnr"]


def test_psnr_goes_by_the_peak_it_is_told():
    a, b = noise(9, 23), noise(9, 23, seed=1)
    wide = [x.astype(np.float64) for x in (a, b)]
    value = run(MEASURE, a, b, peak=100.0)["psnr"]
    # Logarithms of the peak and the mse are subtracted here, one of their ratio is taken there.
    assert value.value == pytest.approx(peak_signal_noise_ratio(*wide, data_range=100), rel=1e-13)
    assert "(100)" in value.help


def test_psnr_at_the_ends():
    assert psnr(0.0, 255.0) == math.inf
    assert psnr(math.inf, 255.0) == -math.inf
    assert psnr(255.0**2, 255.0) == pytest.approx(0.0, abs=1e-13)


@given(st.integers(0, 2**32), st.integers(1, 3), st.sampled_from([np.uint8, np.float32]))
def test_a_picture_against_itself(seed, channels, dtype):
    a = noise(7, 19, channels, seed=seed, dtype=dtype)
    values = run(MEASURE, a, a.copy())
    assert numbers(values) == [0.0, 0.0, 0.0, math.inf, 0.0]
    assert values["max_abs"].at is None


@given(st.integers(0, 2**32))
def test_swapping_changes_nothing(seed):
    a, b = noise(9, 23, 3, seed=seed), noise(9, 23, 3, seed=seed + 1)
    assert run(MEASURE, a, b) == run(MEASURE, b, a)


@given(st.integers(0, 2**32))
def test_depth_changes_nothing(seed):
    a, b = noise(9, 23, 3, seed=seed), noise(9, 23, 3, seed=seed + 1)
    wide = [(x.astype(np.uint16) * 257).astype(np.float32) / np.float32(257) for x in (a, b)]
    byte, real = run(MEASURE, a, b), run(MEASURE, *wide)
    for name, m in byte.items():
        # OpenCV may take a root of the squares of floats on the way: the last bit of three.
        assert real[name].value == pytest.approx(m.value, rel=1e-15), name
        assert (real[name].pixels, real[name].at) == (m.pixels, m.at)


@given(st.lists(st.integers(1, 60)), st.sampled_from([np.uint8, np.float32]), st.booleans())
def test_strips_are_as_good_as_the_whole(cuts, dtype, masked):
    a, b = noise(61, 97, 3, dtype=dtype), noise(61, 97, 3, seed=1, dtype=dtype)
    valid = speckled(61, 97, 2) if masked else None
    whole, cut = run(MEASURE, a, b, valid), run(MEASURE, a, b, valid, cuts=cuts)
    assert cut["max_abs"] == whole["max_abs"]
    if dtype is np.uint8:
        assert cut == whole  # sums of integers
    else:
        assert numbers(cut) == pytest.approx(numbers(whole), rel=1e-12)


@given(st.integers(0, 2**32), st.sampled_from([0.0, 255.0, 1e30]))
def test_invalid_pixels_have_no_influence(seed, rubbish):
    a, b = (noise(31, 57, 3, seed=s, dtype=np.float32) for s in (1, 2))
    valid = speckled(31, 57, seed)
    clean = run(MEASURE, a, b, valid)
    d = np.abs(a.astype(np.float64) - b)[valid > 0]
    assert numbers(clean)[:2] == pytest.approx([d.mean(), (d * d).mean()], rel=1e-12)
    b[valid == 0] = rubbish
    assert run(MEASURE, a, b, valid) == clean


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 56)), min_size=1, max_size=8),
    st.lists(st.integers(1, 30)),
    st.sampled_from([np.uint8, np.float32, np.float64]),
)
def test_place_of_the_largest_is_the_first_in_row_major_order(places, cuts, dtype):
    a = np.full((31, 57, 3), 90, dtype)
    b = a.copy()
    for k, (row, col) in enumerate(places):
        b[row, col, k % 3] = 110 if k % 2 else 70
    value = run(MEASURE, a, b, cuts=cuts)["max_abs"]
    assert value.value == 20
    assert value.at == min(places)


def test_place_is_on_the_canvas_and_off_the_diagonal():
    a = photo(60, 200)
    value = run(MEASURE, a, with_patch(a, 47, 171, by=33), cuts=(20, 40))["max_abs"]
    assert (value.value, value.at) == (33.0, (47, 171))


def test_no_valid_pixel_gives_nan():
    a = noise(5, 11)
    values = run(MEASURE, a, a, np.zeros((5, 11), np.uint8))
    assert all(math.isnan(v.value) and v.pixels == 0 and v.at is None for v in values.values())
