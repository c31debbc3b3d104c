"""Normalize against ten-line scripts and scikit-image, and the properties of a stage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.exposure import match_histograms

from core.errors import Cancelled
from core.stages.normalize import PARAMS, STAGE, Method, NormalizeParams
from core.types import Rect, Tile, Token
from tests.make import photo


@dataclass
class Pair:
    """The whole pair as a stage's `prepare` sees it, in strips of some rows."""

    a: np.ndarray
    b: np.ndarray
    valid: np.ndarray | None = None
    rows: int = 10**6
    level: int = 0

    @property
    def shape(self) -> tuple[int, int]:
        return self.a.shape[:2]

    def tile(self, rect: Rect, level: int | None = None) -> Tile:
        assert level in (None, self.level)
        valid = None if self.valid is None else self.valid[rect.slices]
        return Tile(self.a[rect.slices], self.b[rect.slices], valid, rect, self.level)

    def strips(self) -> Iterator[Tile]:
        for row in range(0, self.shape[0], self.rows):
            yield self.tile(Rect(row, 0, min(self.rows, self.shape[0] - row), self.shape[1]))


def normalized(a, b, method, valid=None, rows=10**6, **more):
    """Return both pictures after the stage, and its state."""
    params = NormalizeParams(method=method, **more)
    pair = Pair(a, b, valid, rows)
    state = STAGE.prepare(pair, params, Token())
    done = STAGE.apply(pair.tile(Rect.of(a)), params, state)
    return done.a, done.b, state


def noise(height=60, width=141, channels=1, seed=0, low=3, high=240):
    shape = (height, width) if channels == 1 else (height, width, channels)
    return np.random.default_rng(seed).integers(low, high, shape).astype(np.uint8)


def codes(state):
    return [n.code for n in state.notices]


def right_half(shape):
    valid = np.zeros(shape, np.uint8)
    valid[:, shape[1] // 2 :] = 255
    return valid


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
