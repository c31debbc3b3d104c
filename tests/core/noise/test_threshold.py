"""The threshold, against Benjamini and Hochberg's procedure on sorted p-values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, norm

from core.noise import threshold
from core.noise.curve import Curves
from core.noise.params import NoiseParams
from core.noise.threshold import NONE, Tail, chosen
from core.noise.zscore import least

SHARE = np.concatenate([[1.0], 2 * norm.sf(least(np.arange(1, 256)))])


def counts_of(codes):
    return np.bincount(codes, minlength=256).astype(np.int64)


@given(
    st.lists(st.integers(0, 255), min_size=1, max_size=60),
    st.integers(0, 3000),
    st.sampled_from([0.001, 0.05, 0.3]),
)
def test_discovery_is_benjamini_and_hochberg(some, zeros, rate):
    codes = np.array(some + [0] * zeros)
    found = chosen(NoiseParams(rate=rate), SHARE, counts_of(codes))
    rejected = false_discovery_control(SHARE[codes]) <= rate
    rejected &= codes > 0  # code 0 says nothing
    assert found.found == np.count_nonzero(rejected)
    assert found.found == np.count_nonzero(codes >= found.code)
    assert found.expected_false == pytest.approx(len(codes) * SHARE[found.code])


def test_pixels_takes_the_share_that_is_nearest():
    counts = counts_of(np.zeros(1000, int))
    for share in (1e-2, 1e-4, 1e-6):
        found = chosen(NoiseParams(control="pixels", false_pixels=share), SHARE, counts)
        assert SHARE[found.code] == pytest.approx(share, rel=0.11)  # half a step of codes
    steps = np.where(np.arange(256) < 90, 1.0, 0.0015)
    found = chosen(NoiseParams(control="pixels", false_pixels=0.001), steps, counts)
    assert found.code == NONE  # half as many again is too many
    steps = np.where(np.arange(256) < 90, 1.0, 0.0013)
    assert chosen(NoiseParams(control="pixels", false_pixels=0.001), steps, counts).code == 90


def test_nothing_beyond_anything():
    found = chosen(NoiseParams(rate=0.0001), np.ones(256), counts_of(np.zeros(50, int)))
    assert (found.code, found.found, found.expected_false) == (NONE, 0, 0.0)


def curves(sigma):
    one = np.ones((1, 256))
    return Curves(
        difference=one * sigma, a=one, b=one, weights=one / 256, capped=0.0, quiet=False,
        floor=False, offset=0.0, pixels=1, whole=True,
    )  # fmt: skip


@pytest.mark.parametrize("sigma", [1.0, 2.5, 40.0])
def test_whole_levels_make_a_staircase(sigma):
    found = threshold.stepped(SHARE, curves(sigma))
    for code in (20, 60, 100):
        level = np.ceil(least(code) * sigma - 1e-4)
        assert found[code] == pytest.approx(2 * norm.sf((level - 0.5) / sigma), rel=1e-3)
    assert (np.diff(found) <= 0).all()


def test_the_tail_is_that_of_the_calm_blocks():
    rng = np.random.default_rng(1)
    made = rng.poisson(50, (600, 2)) / 1024
    real = rng.poisson(60, (900, 2)) / 1024
    real[::4] += 0.4  # a quarter has changed
    same = threshold.tail(made, made, (50, 90), SHARE, SHARE)
    assert same.ratio == (1, 1)
    found = threshold.tail(real, made, (50, 90), SHARE, SHARE)
    assert found.ratio == pytest.approx((1.2, 1.2), rel=0.08)
    assert found.uneven == pytest.approx(1.0, abs=0.3)
    patchy = np.concatenate([rng.poisson(20, (300, 2)), rng.poisson(60, (600, 2))]) / 1024
    assert threshold.tail(patchy, made, (50, 90), SHARE, SHARE).uneven > 2
    few = threshold.tail(real[:30], made, (50, 90), SHARE, SHARE)
    assert (few.ratio, few.measured) == ((1, 1), False)


def test_a_fat_tail_grows_on_and_a_thin_one_does_not_shrink_on():
    t = np.array([1.0, 2.0, 2.5, 3.0, 4.0, 50.0])
    fat = Tail((2.0, 3.0), (1.0, 2.0), measured=True).factor(t)
    assert fat == pytest.approx([1, 1, 2**0.5, 2, 4, 30])
    thin = Tail((2.0, 3.0), (1.0, 0.8), measured=True).factor(t)
    assert thin == pytest.approx([1, 1, 0.8**0.5, 0.8, 0.8, 0.8])
