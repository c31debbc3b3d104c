from __future__ import annotations

import math
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from core import compare
from core.buffer import ImageBuffer
from core.errors import SettingsError
from core.measures import Totals
from core.measures.density import MEASURE, DensityParams
from core.settings import Settings
from core.tiles import strip_rects
from core.types import Rect
from tests.core.measures.samples import run, sample, speckled


def chosen(window):
    return Settings([DensityParams(window=window)])


def pair(changed, value=255):
    """Return a black picture, and one that differs where `changed` says so."""
    return np.zeros(changed.shape, np.uint8), np.where(changed, value, 0).astype(np.uint8)


def scattered(height, width, share, seed=0):
    return np.random.default_rng(seed).random((height, width)) < share


def script(changed, window):
    """Share, count and middle of the first densest window, all windows looked at."""
    high, wide = min(window, changed.shape[0]), min(window, changed.shape[1])
    sums = sliding_window_view(changed, (high, wide)).sum(axis=(2, 3))
    row, col = np.unravel_index(sums.argmax(), sums.shape)
    middle = (row + (high - 1) // 2, col + (wide - 1) // 2) if sums.any() else None
    return sums.max() / (high * wide), sums.max(), middle


def answer(values):
    share, count = values["densest_window"], values["densest_count"]
    assert share.at == count.at
    return share.value, count.value, share.at


def in_rects(changed, window, rects, valid=None):
    """As `run`, for strips that need not reach from side to side."""
    a, b = pair(changed)
    settings = chosen(window)
    samples = [sample(a, b, valid, r, 0, 0.0, settings=settings) for r in rects]
    totals = Totals(
        sum(s.pixels for s in samples), 1, 255.0, 0.0, None, settings=settings, canvas=a.shape
    )
    return {v.name: v for v in MEASURE.finish([MEASURE.partial(s) for s in samples], totals)}


def grid(shape, rows, cols):
    """Cut a canvas at rows and columns."""
    edges = [
        [0, *sorted({c for c in cuts if 0 < c < n}), n]
        for cuts, n in ((rows, shape[0]), (cols, shape[1]))
    ]
    return [Rect(r, c, s - r, t - c) for (r, s), (c, t) in product(*map(pairwise, edges))]


@given(
    st.integers(0, 2**32),
    st.sampled_from([0.0, 0.003, 0.05, 0.4, 0.97, 1.0]),
    st.sampled_from([3, 5, 9, 15, 41, 101]),
    st.lists(st.integers(1, 45), max_size=6),
    st.lists(st.integers(1, 90), max_size=4),
)
def test_is_the_first_densest_window_however_the_canvas_is_cut(seed, share, window, rows, cols):
    changed = scattered(46, 91, share, seed)
    expected = script(changed, window)
    assert answer(run(MEASURE, *pair(changed), settings=chosen(window))) == expected
    assert answer(run(MEASURE, *pair(changed), settings=chosen(window), cuts=rows)) == expected
    assert answer(in_rects(changed, window, grid(changed.shape, rows, cols))) == expected


@pytest.mark.parametrize("row", range(12, 22))
@pytest.mark.parametrize("col", [0, 37, 60])
def test_a_spot_across_a_corner_of_four_strips_is_found(row, col):
    changed = np.zeros((40, 64), bool)
    changed[row : row + 4, col : col + 4] = True
    found = answer(in_rects(changed, 5, grid(changed.shape, (16,), (39,))))
    assert found == script(changed, 5)
    assert found[1] == 16


@pytest.mark.parametrize("shape", [(1, 40), (30, 1), (1, 1), (4, 7), (7, 200)])
def test_on_a_small_canvas_the_window_is_as_large_as_that(shape):
    changed = scattered(*shape, 0.5, 3)
    changed[0, 0] = True
    rects = grid(shape, (2, 5), (3, 90))
    assert answer(in_rects(changed, 9, rects)) == script(changed, 9)


def test_the_strips_of_a_wide_canvas_are_joined():
    shape = (300, 20000)
    rects = strip_rects(shape)
    assert len({r.col for r in rects}) > 1
    assert len({r.row for r in rects}) > 1
    changed = scattered(*shape, 0.001)
    seam = rects[1].col, next(r.row for r in rects if r.row)
    changed[seam[1] - 3 : seam[1] + 2, seam[0] - 2 : seam[0] + 3] = True
    share, count, at = answer(in_rects(changed, 9, rects))
    assert (share, count) == (
        count / 81,
        changed[at[0] - 4 : at[0] + 5, at[1] - 4 : at[1] + 5].sum(),
    )
    assert 25 <= count <= 27
    assert abs(at[0] - seam[1]) <= 6
    assert abs(at[1] - seam[0]) <= 6


@pytest.mark.parametrize("seed", range(3))
def test_noise_stays_low_and_a_spot_does_not(seed):
    noisy = scattered(1500, 2000, 0.01, seed)
    assert answer(run(MEASURE, *pair(noisy)))[0] < 10.5 / 81
    noisy[700:705, 1201:1206] = True
    share, count, at = answer(run(MEASURE, *pair(noisy), cuts=(701, 703)))
    assert count >= 25
    assert share == count / 81
    assert abs(at[0] - 702) <= 2
    assert abs(at[1] - 1203) <= 2


def test_only_what_is_over_the_tolerance_and_valid_counts():
    changed = np.zeros((30, 70), bool)
    changed[10:15, 20:25] = True
    a, b = pair(changed, 40)
    b[20:23, 50:53] = 90
    assert answer(run(MEASURE, a, b))[1:] == (25, (10, 20))
    assert answer(run(MEASURE, a, b, tolerance=40.0))[1:] == (9, (18, 48))
    valid = np.full_like(a, 255)
    valid[10:15, 20:23] = 0
    assert answer(run(MEASURE, a, b, valid))[1:] == (10, (10, 20))


def test_nothing_changed_and_nothing_valid():
    a, b = pair(speckled(20, 50, 1) == 0)
    assert answer(run(MEASURE, a, a)) == (0, 0, None)
    values = run(MEASURE, a, b, np.zeros_like(a))
    assert all(math.isnan(v.value) and v.at is None for v in values.values())


def test_the_window_has_a_middle():
    with pytest.raises(SettingsError, match="odd number, not 8"):
        DensityParams(window=8)
    assert "9 × 9" in run(MEASURE, *pair(scattered(20, 50, 0.1)))["densest_window"].help


@pytest.mark.parametrize("window", [9, 101])
def test_through_the_engine(window):
    changed = scattered(700, 900, 0.02, 5)
    changed[340:360, 500:530] |= scattered(20, 30, 0.6)
    found = compare(*map(ImageBuffer.from_array, pair(changed)), chosen(window)).measures
    assert answer(found) == answer(run(MEASURE, *pair(changed), settings=chosen(window)))
    assert found["densest_window"].pixels == 700 * 900
