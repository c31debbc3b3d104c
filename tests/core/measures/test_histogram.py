from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.measures import Totals
from core.measures.histogram import MEASURE, SMOOTHING
from tests.core.measures.distances import ALIKE, BOTH, EMD, KL, finish, near, numbers, script
from tests.core.measures.samples import counts, noise, run, speckled
from tests.make import exposed, photo

SPARSE = arrays(np.int64, 256, elements=st.integers(0, 1000), fill=st.just(0)).filter(np.any)


@pytest.mark.parametrize("channels", [1, 3])
def test_agree_with_scipy_and_opencv(channels):
    a = photo(90, 160, 3, channels)
    b = exposed(a, 1.1, 5)
    each = [script(x, y) for x, y in zip(counts(a, None), counts(b, None), strict=True)]
    values = run(MEASURE, a, b)
    assert numbers(values) == near(np.mean(each, axis=0))
    higher = [v.name for v in values.values() if v.better == "higher"]
    assert higher == ["hist_correlation", "hist_intersection"]


@given(SPARSE)
def test_identical_histograms_are_exactly_alike(count):
    assert finish(count, count.copy()) == ALIKE


@given(st.integers(1, 10**9))
def test_flat_histograms_are_alike_too(height):
    assert finish(np.full(256, height), np.full(256, height)) == ALIKE


def test_correlation_with_a_flat_histogram_is_0():
    one = np.zeros(256, np.int64)
    one[77] = 256
    assert finish(np.ones(256, np.int64), one)[3] == 0.0
    assert finish(one, np.ones(256, np.int64))[3] == 0.0


@given(SPARSE, SPARSE)
def test_bounds_hold_and_swapping_changes_only_kl(a, b):
    one, other = finish(a, b), finish(b, a)
    assert one[:KL] + one[BOTH:] == other[:KL] + other[BOTH:]
    assert one[BOTH] == one[KL] + other[KL]
    slack = 1e-12  # of sums of 256 rounded shares
    most = math.log(1 + 1 / SMOOTHING)
    top = [2, math.sqrt(2), 2, 1, 1, 1, math.log(2), most, 2 * most, 255]
    for value, low, high in zip(one, [0, 0, 0, -1, 0, 0, 0, 0, 0, 0], top, strict=True):
        assert low - slack <= value <= high + slack


def test_kl_takes_p_from_a_and_q_from_b():
    a, b = np.zeros((2, 256), np.int64)
    a[[10, 20]] = 500, 500
    b[[10, 20]] = 900, 100
    # Smoothing gives 256e-8 of the shares away to empty bins.
    assert finish(a, b)[KL] == pytest.approx(0.5 * math.log(0.5 / 0.9 * 0.5 / 0.1), rel=3e-6)
    assert finish(b, a)[KL] == pytest.approx(0.9 * math.log(1.8) + 0.1 * math.log(0.2), rel=3e-6)


def test_histograms_with_nothing_in_common():
    a, b = np.zeros((2, 256), np.int64)
    a[3], b[203] = 50, 50
    l1, l2, chi2, correlation, intersection, hellinger, js, kl, both, emd = finish(a, b)
    assert (l1, chi2, intersection, hellinger, emd) == (2.0, 2.0, 0.0, 1.0, 200.0)
    assert l2 == math.sqrt(2)
    assert correlation == pytest.approx(-1 / 255)  # of two unit vectors, each less its mean
    assert js == pytest.approx(math.log(2))
    assert kl == pytest.approx(math.log(1 / SMOOTHING), rel=3e-6)  # as above
    assert both == 2 * kl


def test_channels_are_averaged():
    a, b = np.zeros((2, 3, 256), np.int64)
    a[:, 10], b[:, 10] = 90, 90
    b[1] = np.roll(b[1], 30)  # only the second channel moves
    assert finish(a, b)[EMD] == 10.0
    assert finish(a, b)[4] == pytest.approx(2 / 3)


@given(st.integers(2, 9))
def test_size_of_the_pictures_does_not_matter(times):
    a, b = photo(45, 80, 1, 1), photo(45, 80, 2, 1)
    one, many = (
        finish(counts(a, None) * k, counts(b, None) * k) for k in (1, times)
    )  # the same shares: only their last bit may differ
    assert many == pytest.approx(one, rel=1e-12)


def test_same_pixels_elsewhere_are_not_seen():
    a = photo(45, 80, 1)
    assert numbers(run(MEASURE, a, np.ascontiguousarray(a[::-1, ::-1]))) == ALIKE


def test_invalid_pixels_have_no_influence():
    a, b = noise(31, 57, 3), noise(31, 57, 3, seed=1)
    valid = speckled(31, 57, 2)
    clean = run(MEASURE, a, b, valid, cuts=(11,))
    b[valid == 0] = 255
    assert run(MEASURE, a, b, valid, cuts=(11,)) == clean
    assert clean["hist_emd"].pixels == np.count_nonzero(valid)


def test_no_valid_pixel_gives_nan():
    a = noise(5, 11)
    values = run(MEASURE, a, a, np.zeros((5, 11), np.uint8))
    assert all(math.isnan(v.value) and v.pixels == 0 for v in values.values())


def test_missing_histograms_are_an_error_that_says_so():
    with pytest.raises(ValueError, match=r"Totals\.histograms"):
        MEASURE.finish([], Totals(5, 1, 255.0, 0.0, None))
