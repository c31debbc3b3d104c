"""The curve of changed pixels, and what is marked on it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.filters import threshold_otsu

from core.buffer import ImageBuffer
from core.difference import SLACK, codes_of
from core.engine import compare
from core.histograms import Histograms
from core.threshold import changed, knee, otsu
from core.threshold.counts import ONE_LUMP
from tests.make import photo, with_noise, with_patch

NOTHING = np.zeros((1, 256), np.int64)


def of_counts(difference, beyond=0):
    return Histograms(("gray",), NOTHING, NOTHING, np.asarray(difference, np.int64), beyond)


def of_levels(levels):
    """Histograms of whole magnitudes."""
    levels = np.asarray(levels)
    counts = np.bincount(np.minimum(levels, 255), minlength=256)
    return of_counts(counts, int((levels > 255).sum()))


def compared(a, b):
    pair = [ImageBuffer.from_array(x) for x in (a, b)]
    return compare(*pair, measures=[]).histograms


@st.composite
def counts_of_bins(draw):
    """256 counts over many orders of magnitude, few or many of them filled."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    counts = 10 ** rng.uniform(0, draw(st.sampled_from([1, 4, 7])), 256)
    filled = rng.random(256) < draw(st.sampled_from([0.0, 0.01, 0.1, 1.0]))
    last = draw(st.sampled_from([3, 20, 256]))
    return np.where(filled & (np.arange(256) < last), counts, 0).astype(np.int64)


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32 - 1), dtype=st.sampled_from([np.float32, np.float64]))
def test_the_counts_are_those_of_the_magnitudes(seed, dtype):
    rng = np.random.default_rng(seed)
    magnitude = (10.0 ** rng.uniform(-3, 2.7, (23, 57))).astype(dtype)  # up to 500
    magnitude[rng.random(magnitude.shape) < 0.2] = 0
    # Nearer to the slack than float32 rounds m + 0.499, a byte may fall to either side.
    whole = magnitude.astype(np.float64) - SLACK
    magnitude[np.abs(whole - np.rint(whole)) < 1e-4] = 0.5
    codes = np.bincount(codes_of(magnitude).ravel(), minlength=256)
    found = changed(of_counts(codes, int((magnitude > 255 + SLACK).sum())))
    exact = magnitude.astype(np.float64)
    naive = [np.count_nonzero(exact > (t + SLACK if t else 0)) for t in range(256)]
    assert found.dtype == np.int64
    assert found.tolist() == naive


@given(counts=counts_of_bins())
def test_the_curve_never_rises_and_agrees_with_the_histogram(counts):
    made = of_counts(counts, beyond=counts[255] // 3)
    found = changed(made)
    assert (np.diff(found) <= 0).all()
    assert found.tolist() == [made.over(t) for t in range(256)]


def between(counts, t):
    """Variance between the classes of the filled bins but 0, by the definition, and in all."""
    levels = np.arange(1, 256, dtype=np.float64)
    weights = np.asarray(counts[1:], np.float64)
    low, high = levels <= t, levels > t
    if not weights[low].sum() or not weights[high].sum():
        return -math.inf
    share = [weights[c].sum() / weights.sum() for c in (low, high)]
    mean = [np.average(levels[c], weights=weights[c]) for c in (low, high)]
    return share[0] * share[1] * (mean[0] - mean[1]) ** 2


@settings(max_examples=60)
@given(counts=counts_of_bins(), equal=st.integers(0, 10**9))
def test_otsu_is_where_the_classes_lie_furthest_apart(counts, equal):
    counts[0] = equal
    found = otsu(of_counts(counts))
    every = [between(counts, t) for t in range(1, 255)]
    best = max(every)
    levels = np.arange(1, 256)
    total = 0.0
    if counts[1:].any():
        mean = np.average(levels, weights=counts[1:])
        total = np.average((levels - mean) ** 2, weights=counts[1:]) + 1 / 12
    if math.isinf(best) or best < (1 - 1e-9) * ONE_LUMP * total:
        assert found is None
    elif best > (1 + 1e-9) * ONE_LUMP * total:
        assert between(counts, found) == pytest.approx(best, rel=1e-9)
        assert found == otsu(of_counts([7, *counts[1:]]))  # equal pixels take no part


def test_otsu_is_that_of_scikit_image():
    rng = np.random.default_rng(4)
    levels = np.concatenate([
        rng.normal(20, 6, 9000), rng.normal(90, 20, 2500)
    ]).round().clip(1, 255).astype(int)  # fmt: skip
    counts = np.bincount(levels, minlength=256)
    # Its threshold is the last level of the lower class, too.
    assert otsu(of_counts(counts)) == threshold_otsu(hist=(counts[1:], np.arange(1, 256)))


def test_otsu_of_two_sizes_is_in_the_middle():
    assert otsu(of_levels([10] * 500 + [61] * 20)) == 35


@pytest.mark.parametrize(
    "levels", [[0] * 90, [0] * 90 + [7] * 9, [300] * 5, [1] * 800 + [2] * 190 + [3] * 10]
)
def test_there_is_nothing_to_separate(levels):
    assert otsu(of_levels(levels)) is None
    assert knee(of_levels(levels)) is None


def test_the_knee_of_two_straight_lines_is_where_they_meet():
    heights = np.concatenate([np.linspace(6, 3, 11), np.linspace(3, 2.5, 41)[1:], [0.0]])
    over = np.rint(10.0**heights - 1).astype(np.int64)
    counts = np.zeros(256, np.int64)
    counts[1 : over.size] = -np.diff(over)
    assert changed(of_counts(counts))[: over.size].tolist() == over.tolist()
    assert knee(of_counts(counts)) == 10


def test_a_change_alone_has_no_knee():
    assert knee(of_levels([0] * 5000 + [60] * 40)) is None


@pytest.mark.parametrize("kind", ["gauss", "exponential", "uniform"])
def test_noise_alone_is_one_lump(kind):
    rng = np.random.default_rng(11)
    draw = {
        "gauss": lambda: np.abs(rng.normal(0, 6, 40_000)),
        "exponential": lambda: rng.exponential(2, 40_000),
        "uniform": lambda: rng.uniform(0, 30, 40_000),
    }[kind]
    made = [of_levels(np.rint(draw()).astype(int)) for _ in range(20)]
    assert [otsu(m) for m in made] == [None] * 20
    if kind != "exponential":  # its last pixel often stands far out, and that is a knee
        assert [knee(m) for m in made].count(None) >= 19


@pytest.mark.parametrize("sigma", [1.0, 3.0, 5.0])
@pytest.mark.parametrize("share", [0.01, 0.05])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_both_part_noise_from_a_change(sigma, share, dtype):
    """Of three channels the largest; the change is 90 levels, so most of it stays above 90 − 5 σ.

    The more pixels change, the sooner the logarithmic curve is flat: a little before 3 σ.
    """
    a = photo(200, 330, seed=2, dtype=np.float64)
    side = round(math.sqrt(share * 200 * 330 / 2))
    changed_b = with_patch(a, 31, 120, side, 2 * side, by=90 / 255)
    b = with_noise(changed_b, sigma / 255, seed=5)
    unit = 1.0 if dtype == np.float32 else np.iinfo(dtype).max
    pair = [(np.clip(x, 0, 1) * unit).astype(dtype) for x in (a, b)]
    made = compared(*pair)
    for found in (knee(made), otsu(made)):
        assert 2.7 * sigma <= found < 90 - 5 * sigma


def test_the_knee_finds_few_pixels_where_otsu_does_not():
    a = photo(300, 500, seed=3)
    b = with_patch(with_noise(a, 3.0), 200, 431, 2, 5, by=100)
    made = compared(a, b)
    assert otsu(made) is None
    assert 9 <= knee(made) < 85
    assert changed(made)[knee(made)] < 40


def test_otsu_finds_a_change_of_most_of_the_picture():
    a = photo(200, 330, seed=2)
    b = with_noise(with_patch(a, 0, 0, 200, 200, by=90), 3.0)
    assert 9 <= otsu(compared(a, b)) < 80


@settings(max_examples=60)
@given(counts=counts_of_bins(), beyond=st.booleans())
def test_both_are_tolerances_that_split_the_pixels(counts, beyond):
    made = of_counts(counts, counts[255] if beyond else 0)
    over = changed(made)
    for found in (otsu(made), knee(made)):
        if found is not None:
            assert isinstance(found, int)
            assert 1 <= found <= 254
            assert over[0] > over[found]
