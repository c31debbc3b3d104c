"""Normalize against ten-line scripts and scikit-image, and the properties of a stage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Cancelled
from core.stages.normalize import PARAMS, STAGE, Method, NormalizeParams
from core.types import Token
from tests.core.stages.pairs import Pair, codes, noise, normalized, right_half
from tests.make import photo

# -- min-max


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("fraction", [0.0, 1 / 3])
def test_minmax_is_bit_for_bit_the_script(channels, dtype, fraction):
    a, b = (noise(channels=channels, seed=s).astype(dtype) for s in (1, 2))
    if dtype != np.uint8:
        a, b = a - dtype(fraction), b * dtype(0.4) + dtype(fraction)
    found = normalized(a, b, Method.MINMAX, rows=7)
    for picture, result in ((a, found[0]), (b, found[1])):
        x = picture.astype(np.float64)
        assert result.dtype == np.float64
        np.testing.assert_array_equal(result, (x - x.min()) * 255 / (x.max() - x.min()))


def test_minmax_looks_only_at_valid_pixels():
    a, b = noise(seed=1, low=50, high=90), noise(seed=2, low=50, high=90)
    a[3, 5] = 255  # in the half that does not exist
    valid = right_half(a.shape)
    x = a.astype(np.float64)
    kept = x[valid > 0]
    found, _, state = normalized(a, b, Method.MINMAX, valid, rows=13)
    np.testing.assert_array_equal(found, (x - kept.min()) * 255 / (kept.max() - kept.min()))
    assert codes(state) == []


def test_one_bright_pixel_on_a_dark_picture_is_told_and_percentile_named():
    dark = noise(100, 300, low=0, high=40)
    dark[77, 201] = 255
    _, _, state = normalized(dark, noise(100, 300), Method.MINMAX)
    assert codes(state) == ["normalize_outlier"]
    (notice,) = STAGE.notices(NormalizeParams(), state)
    assert notice.severity == "warning"
    for word in ("picture A", "0…39", "from 0 to 255", "percentile"):
        assert word in notice.text
    assert codes(normalized(dark, dark, Method.PERCENTILE)[2]) == []


@pytest.mark.parametrize(("top", "told"), [(79, False), (80, True)])
def test_outliers_are_told_when_they_more_than_double_the_range(top, told):
    """99.8 % lie in 0...39; half of 0...78 is 39."""
    picture = np.tile(np.arange(40, dtype=np.uint8), (100, 25))
    picture[50, 17] = top - 1
    assert ("normalize_outlier" in codes(normalized(picture, picture, Method.MINMAX)[2])) == told


# -- percentile


@pytest.mark.parametrize("kind", ["bytes", "sixteen bits", "floats", "narrow", "wild"])
@pytest.mark.parametrize(("low", "high"), [(0.5, 99.5), (0.0, 100.0), (10.0, 75.0)])
def test_percentile_stretches_between_those_of_numpy(kind, low, high):
    rng = np.random.default_rng(5)
    a = rng.gamma(2.0, 20.0, (90, 201)).clip(0, 255)
    picture = {
        "bytes": np.rint(a),
        "sixteen bits": np.rint(a * 257) / 257,
        "floats": a,
        "narrow": a / 5000,
        "wild": np.where(rng.random(a.shape) < 1e-3, 1e9, a - 40),
    }[kind]
    found, _, _ = normalized(picture, picture[::-1].copy(), Method.PERCENTILE, low=low, high=high)
    first, last = np.percentile(picture, [low, high], method="inverted_cdf")
    expected = np.clip((picture - first) * 255 / (last - first), 0, 255)
    # 0.04 is the stated error of the bins; 8 and 16 bits hit them exactly.
    exact = kind in ("bytes", "sixteen bits")
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-9 if exact else 0.04)


# -- mean and deviation


@settings(max_examples=30, deadline=None)
@given(gain=st.floats(0.3, 1.0), bias=st.floats(-3, 30), channels=st.sampled_from([1, 3]))
def test_mean_and_deviation_become_fixed(gain, bias, channels):
    a = photo(60, 131, channels=channels).astype(np.float64)
    valid = right_half(a.shape[:2])
    found_a, found_b, _ = normalized(a, a * gain + bias, Method.MEANSTD, valid, rows=11)
    for found in (found_a, found_b):
        kept = found[valid > 0]
        assert kept.mean() == pytest.approx(127.5, abs=1e-9)
        assert kept.std() == pytest.approx(50, abs=1e-9)
    np.testing.assert_allclose(found_a, found_b, atol=1e-8)  # one is a gain and bias of the other


# -- all methods


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_equal_pictures_stay_equal_in_float64(method, channels, dtype):
    a = noise(channels=channels).astype(dtype)
    found_a, found_b, _ = normalized(a, a.copy(), method)
    assert found_a.dtype == found_b.dtype == np.float64
    assert found_a.shape == a.shape
    np.testing.assert_array_equal(found_a, found_b)


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("channels", [1, 3])
def test_bytes_floats_and_doubles_agree_and_strips_do_not_matter(method, channels):
    a, b = photo(60, 131, seed=1, channels=channels), photo(60, 131, seed=2, channels=channels)
    whole = normalized(a, b, method)
    for dtype in (np.float32, np.float64):
        other = normalized(a.astype(dtype), b.astype(dtype), method, rows=11)
        for k in (0, 1):
            # Sums in another order: float64 rounding of up to 24,000 terms, times a gain.
            np.testing.assert_allclose(other[k], whole[k], rtol=0, atol=1e-9)


@pytest.mark.parametrize("method", [Method.MINMAX, Method.PERCENTILE, Method.MEANSTD])
def test_swapping_swaps_where_each_picture_stands_alone(method):
    a, b = noise(seed=1), photo(60, 141, channels=1)
    forth, back = normalized(a, b, method), normalized(b, a, method)
    np.testing.assert_array_equal(forth[0], back[1])
    np.testing.assert_array_equal(forth[1], back[0])


@pytest.mark.parametrize("method", Method)
def test_a_flat_picture_is_left_and_told(method):
    flat, other = np.full((40, 90), 77, np.uint8), noise(40, 90)
    found, _, state = normalized(flat, other, method)
    np.testing.assert_array_equal(found, np.full((40, 90), 77.0))
    expected = "normalize_gain_refused" if method is Method.GAINBIAS else "normalize_flat"
    assert codes(state) == [expected]


@pytest.mark.parametrize("method", Method)
def test_no_valid_pixel_leaves_both(method):
    a, b = noise(seed=1), noise(seed=2)
    found_a, found_b, _ = normalized(a, b, method, np.zeros(a.shape, np.uint8))
    np.testing.assert_array_equal(found_a, a)
    np.testing.assert_array_equal(found_b, b)


@pytest.mark.parametrize("method", Method)
def test_stops_when_no_longer_wanted_and_writes_to_no_tile(method):
    a, b = noise(seed=1).astype(np.float64), noise(seed=2).astype(np.float64)
    a.setflags(write=False)
    b.setflags(write=False)
    normalized(a, b, method)
    token = Token()
    token.cancel()
    with pytest.raises(Cancelled):
        STAGE.prepare(Pair(a, b), NormalizeParams(method=method), token)


def test_asks_for_doubles_and_explains_every_field():
    assert STAGE.wide
    assert STAGE.halo(NormalizeParams(), 0) == 0
    assert PARAMS.primary() == "method"
    assert not PARAMS().enabled
    assert all(u.help.endswith(".") for u in PARAMS.ui_fields().values())
