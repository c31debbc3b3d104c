"""Gain, bias and histogram matching: how B is bent to A."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.exposure import match_histograms

from core.stages.normalize import STAGE, Method, NormalizeParams
from tests.core.stages.pairs import codes, noise, normalized, right_half
from tests.make import photo

# -- gain and bias


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize(("gain", "bias"), [(1.08, 6.0), (0.7, 40.0), (2.5, -30.0), (1.0, 12.0)])
@pytest.mark.parametrize("share", [0.0, 0.3])
def test_gain_and_bias_are_found_whatever_a_part_of_the_picture_does(channels, gain, bias, share):
    b = photo(120, 301, channels=channels).astype(np.float64)
    a = b * gain + bias
    b = b.copy()
    b[:, : int(301 * share)] = noise(120, int(301 * share), channels, low=0, high=250)
    found_a, found_b, state = normalized(a, b, Method.GAINBIAS, rows=37)
    # A changed pixel that happens to lie on the line adds nothing to the error: sums in float64.
    np.testing.assert_allclose(state.b.mul, gain, rtol=1e-7)
    np.testing.assert_allclose(state.b.add, bias, atol=1e-5)
    assert len(state.b.mul) == channels
    np.testing.assert_array_equal(found_a, a)
    np.testing.assert_allclose(found_b, b * gain + bias, atol=1e-4)


def test_noise_and_rounding_leave_gain_and_bias_nearly_right():
    rng = np.random.default_rng(3)
    b = photo(200, 401, channels=1).astype(np.float64)
    a = np.rint(b * 1.08 + 6 + rng.normal(0, 2, b.shape))
    a[40:120, 60:200] = rng.integers(0, 256, (80, 140))
    _, _, state = normalized(a, b, Method.GAINBIAS)
    # 0.014 of the pixels are changed ones within reach of the line; the rest err by 2 / sqrt(N).
    assert state.b.mul[0] == pytest.approx(1.08, abs=0.003)
    assert state.b.add[0] == pytest.approx(6, abs=0.3)
    assert STAGE.summary(NormalizeParams(), state).startswith("gain 1.0")


@pytest.mark.parametrize("share", [0.0, 0.2])
def test_equal_but_for_a_part_gives_exactly_one_and_nothing(share):
    a = photo(120, 301)
    b = a.copy()
    b[:, : int(301 * share)] = 255 - b[:, : int(301 * share)]
    _, found, state = normalized(a, b, Method.GAINBIAS)
    assert (state.b.mul, state.b.add) == ((1.0, 1.0, 1.0), (0.0, 0.0, 0.0))
    np.testing.assert_array_equal(found, b)
    assert state.summary == "gain 1 1 1, bias +0.0 +0.0 +0.0"


def test_a_black_ground_does_not_hide_the_gain():
    b = photo(120, 301, channels=1).astype(np.float64)
    b[:, :200] = 0  # two thirds fit any gain
    _, _, state = normalized(b * 1.3, b, Method.GAINBIAS)
    assert state.b.mul[0] == pytest.approx(1.3, rel=1e-9)


def test_gain_looks_only_at_valid_pixels():
    b = photo(120, 301, channels=1).astype(np.float64)
    a = b * 1.2 + 3
    a[:, :150] = 7 * b[:, :150]
    _, _, state = normalized(a, b, Method.GAINBIAS, right_half(a.shape), rows=17)
    assert (state.b.mul[0], state.b.add[0]) == pytest.approx((1.2, 3.0), abs=1e-5)


def test_unrelated_and_negative_pictures_are_told():
    a = photo(120, 301, channels=1).astype(np.float64)
    state = normalized(a, 255 - a, Method.GAINBIAS)[2]
    assert codes(state) != []
    state = normalized(a, np.full_like(a, 9.0), Method.GAINBIAS)[2]
    assert codes(state) == ["normalize_gain_refused"]
    assert (state.b.mul, state.b.add) == ((1.0,), (0.0,))


# -- histogram matching


@pytest.mark.parametrize("channels", [1, 3])
def test_histogram_matching_is_that_of_scikit_image(channels):
    a, b = photo(90, 201, seed=1, channels=channels), photo(90, 201, seed=2, channels=channels)
    axis = None if channels == 1 else 2
    _, found, _ = normalized(a.astype(np.float64), b.astype(np.float64), Method.HISTOGRAM, rows=31)
    expected = match_histograms(b, a, channel_axis=axis)
    # scikit-image rounds to bytes at the end.
    np.testing.assert_allclose(found, expected, atol=1.0)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 99), scale=st.sampled_from([1.0, 0.01, 30.0]))
def test_histogram_table_rises_and_makes_float_distributions_alike(seed, scale):
    rng = np.random.default_rng(seed)
    a = rng.normal(100, 20, (50, 121)) * scale
    b = (rng.random((50, 121)) * 120 + 10) * scale
    _, found, state = normalized(a, b, Method.HISTOGRAM)
    order = np.argsort(b, axis=None)
    assert np.all(np.diff(found.ravel()[order]) >= -1e-9 * scale)
    # Rank by rank the values are A's, to a bin (1 / 65535 of the span), where A is dense; in the
    # tails the straight line between two of A's values is followed instead.
    middle = slice(300, -300)
    gap = np.abs(np.sort(found, axis=None) - np.sort(a, axis=None))[middle]
    span = max(a.max(), b.max()) - min(a.min(), b.min())
    dense = np.diff(np.sort(a, axis=None)).max()
    assert gap.max() <= dense + span / 1000
    assert state.a(a) is a


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_equal_distributions_are_left_exactly(dtype):
    a = photo(60, 131).astype(dtype)
    if dtype != np.uint8:
        a *= dtype(0.7)
    _, found, state = normalized(a, a[:, ::-1].copy(), Method.HISTOGRAM)
    np.testing.assert_array_equal(found, a[:, ::-1].astype(np.float64))
    assert codes(state) == []
