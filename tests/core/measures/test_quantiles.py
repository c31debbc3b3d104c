from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measures._quantiles import BINS, Counts, Quantiles

PER_UNIT = 64.0


def quantiles(*strips):
    return Quantiles([Counts.made(s, s.size, PER_UNIT) for s in strips], PER_UNIT)


@given(
    st.integers(0, 2**32), st.floats(0, 1), st.sampled_from([0.5, 20.0, 200.0]), st.floats(0, 0.9)
)
def test_agree_with_numpy_within_a_bin(seed, share, scale, zeros):
    rng = np.random.default_rng(seed)
    values = (rng.random((13, 29)) * scale).astype(np.float32)
    values[rng.random(values.shape) < zeros] = 0
    found, right = quantiles(values).at(share), float(np.quantile(values.astype(float), share))
    assert found == pytest.approx(right, abs=1 / PER_UNIT)
    assert quantiles(values[:4], values[4:]).at(share) == found


def test_zeros_are_exactly_0_and_small_values_are_not():
    values = np.zeros((3, 7), np.float32)
    values[2, :] = 1e-6
    found = quantiles(values)
    assert found.at(0.5) == 0.0
    assert 0 < found.at(0.95) < 1 / PER_UNIT


def test_what_does_not_count_is_left_out():
    values = np.zeros((4, 5), np.float32)
    values[1, 2:4] = 3.0
    assert Quantiles([Counts.made(values, 2, PER_UNIT)], PER_UNIT).at(0.1) == pytest.approx(
        3.0, abs=1 / PER_UNIT
    )


def test_what_is_beyond_the_bins_is_in_the_last():
    values = np.full((2, 3), 1e9, np.float32)
    assert quantiles(values).at(0.5) == pytest.approx(BINS / PER_UNIT, abs=1 / PER_UNIT)


def test_of_nothing_is_nan():
    assert math.isnan(Quantiles([], PER_UNIT).at(0.5))
    nothing = Counts.made(np.zeros((2, 3), np.float32), 0, PER_UNIT)
    assert math.isnan(Quantiles([nothing], PER_UNIT).at(0.5))


def test_more_values_than_float32_can_count():
    values = np.full((4100, 4100), 0.25, np.float32)  # over 2**24 in one bin
    made = Counts.made(values, values.size, PER_UNIT)
    assert made.counts.tolist() == [4100 * 4100]
    assert made.bins.tolist() == [16]
