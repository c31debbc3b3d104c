from __future__ import annotations

import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.blocks import cells, grid_of
from core.measures import _bootstrap
from core.measures._bootstrap import (
    DRAWS,
    FEWEST,
    BlockSums,
    gathered,
    interval,
    interval_of,
    mean_sums,
)
from core.measures.error import MEASURE as ERROR
from core.measures.norms import MEASURE as NORMS
from core.types import Rect
from tests.core.measures.samples import noise, run, sample, speckled
from tests.make import photo, with_noise, with_patch

SHAPE = (192, 320)
SPREAD = 2.0


def correlated(seed):
    """Gaussian noise of deviation 1 whose neighbours are alike (blurred by 2 px), no border."""
    pad = 12
    rng = np.random.default_rng(seed)
    white = rng.standard_normal((SHAPE[0] + 2 * pad, SHAPE[1] + 2 * pad))
    kernel = cv2.getGaussianKernel(2 * pad + 1, SPREAD, cv2.CV_64F)
    blurred = cv2.sepFilter2D(white, cv2.CV_64F, kernel, kernel)[pad:-pad, pad:-pad]
    return blurred / (kernel**2).sum()


def block_sums(values):
    """Sums by block of an array over the whole canvas, and pixels."""
    out = np.zeros((grid_of(values.shape).count, 2))
    for cell in cells(Rect.of(values), values.shape):
        out[cell.index] = values[cell.where].sum(), values[cell.where].size
    return out


def test_the_true_mean_lies_in_95_of_100_intervals():
    truth = math.sqrt(2 / math.pi)  # mean of |x| for a normal x
    inside = alone = 0
    times = 300
    for seed in range(times):
        values = np.abs(correlated(seed))
        low, high = interval(*block_sums(values).T)
        inside += low <= truth <= high
        alone += abs(values.mean() - truth) <= 1.96 * values.std() / math.sqrt(values.size)
    assert 0.90 <= inside / times <= 0.99
    assert alone / times < 0.5  # as if pixels were independent: what blocks are for


def test_the_interval_is_that_of_draws_of_whole_blocks():
    sums, weights = np.random.default_rng(3).random((2, 60)) + 0.5
    rng = np.random.default_rng(4)
    drawn = rng.integers(0, 60, (20000, 60))
    means = sums[drawn].sum(axis=1) / weights[drawn].sum(axis=1)
    low, high = interval(sums, weights)
    # Both ends are quantiles of random draws: 1000 of them know theirs to within 0.1 deviations.
    assert [low, high] == pytest.approx(np.percentile(means, [2.5, 97.5]), abs=0.25 * means.std())
    assert low < sums.sum() / weights.sum() < high


def test_the_same_sums_give_the_same_interval():
    sums, weights = np.random.default_rng(1).random((2, 80))
    first = interval(sums, weights)
    _bootstrap._draws.cache_clear()
    assert interval(sums, weights) == first


@given(st.integers(0, FEWEST + 3))
def test_too_few_blocks_give_none(count):
    sums, weights = np.ones(90), np.zeros(90)
    weights[np.arange(count) * 3] = 5.0  # blocks without weight do not count
    found = interval(sums, weights)
    assert found is None if count < FEWEST else found == (0.2, 0.2)


def test_blocks_without_weight_take_no_part():
    sums, weights = np.random.default_rng(2).random((2, 40))
    more = interval(np.append(sums, [7.0, 9.0]), np.append(weights, [0.0, 0.0]))
    assert more == interval(sums, weights)


def test_equal_pictures_have_an_infinite_psnr_and_so_has_its_interval():
    a = photo(90, 160, 1)
    values = run(ERROR, a, a.copy())
    assert values["psnr"].interval == (math.inf, math.inf)
    assert values["mse"].interval == (0.0, 0.0)


def test_one_differing_block_is_missed_by_some_draws():
    a = photo(90, 160, 1)
    values = run(ERROR, a, with_patch(a, 47, 141, by=33))
    low, high = values["psnr"].interval
    assert math.isfinite(low)
    assert high == math.inf
    assert low < values["psnr"].value
    assert values["mse"].interval[0] == 0.0


def test_what_has_no_number_in_a_draw_has_no_interval():
    assert interval_of(np.zeros((30, 1)), np.ones(30), lambda t: t[:, 0] / t[:, 0]) is None


def test_a_number_of_several_sums():
    sums = np.random.default_rng(5).random((50, 3)) + 0.1
    low, high = interval_of(sums, np.ones(50), lambda t: t[:, 0] * t[:, 1] / t[:, 2] ** 2)
    value = float(np.prod(sums.sum(axis=0)[:2]) / sums.sum(axis=0)[2] ** 2)
    assert low < value < high
    same = interval_of(sums, np.ones(50), lambda t: t[:, 0] / t[:, 2])
    assert same == interval(sums[:, 0], sums[:, 2])


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
@pytest.mark.parametrize("masked", [False, True])
def test_interval_and_value_are_of_the_same_sums(dtype, masked):
    a = noise(130, 210, 3, dtype=dtype)
    b = noise(130, 210, 3, seed=1, dtype=dtype)
    valid = speckled(130, 210, 2) if masked else None
    norms, errors = (run(m, a, b, valid, cuts=(33, 70)) for m in (NORMS, ERROR))
    for values, names in (
        (norms, ("l1_per_pixel", "l0_per_pixel")),
        (errors, ("mae", "mse", "rmse", "psnr")),
    ):
        for name in names:
            low, high = values[name].interval
            assert low <= values[name].value <= high
    # Of one family and of the other; per channel and per pixel; and through a formula.
    assert errors["mae"].interval == pytest.approx(
        [x / 3 for x in norms["l1_per_pixel"].interval], rel=1e-12
    )
    low, high = errors["mse"].interval
    assert errors["rmse"].interval == pytest.approx((math.sqrt(low), math.sqrt(high)), rel=1e-12)
    assert errors["psnr"].interval == pytest.approx(
        [20 * math.log10(255) - 10 * math.log10(x) for x in (high, low)], rel=1e-12
    )


def test_numbers_that_are_no_means_have_no_interval():
    a = photo(90, 160, 3)
    values = run(NORMS, a, with_noise(a, 3.0)) | run(ERROR, a, with_noise(a, 3.0))
    assert [n for n, v in values.items() if v.interval is None] == ["l1", "l0", "l2", "max_abs"]


@settings(max_examples=30)
@given(st.lists(st.integers(1, 129)))
def test_strips_have_the_interval_of_the_whole(cuts):
    a, b = noise(130, 210, 3), noise(130, 210, 3, seed=1)
    assert run(ERROR, a, b, cuts=cuts) == run(ERROR, a, b)


def test_sums_of_strips_add_up_by_block():
    values = np.random.default_rng(0).random((70, 130)).astype(np.float32)
    counted = speckled(70, 130, 3)
    values[counted == 0] = 0
    whole = block_sums(values.astype(np.float64))
    for mask, pixels in ((None, whole[:, 1]), (counted, block_sums(counted / 255.0)[:, 0])):
        parts = []
        for rect in (Rect(0, 0, 41, 130), Rect(41, 0, 29, 57), Rect(41, 57, 29, 73)):
            seen = sample(values, values, mask, rect, 0, 0.0)
            kept = None if mask is None else mask[rect.slices]
            parts.append(BlockSums.made(seen, mean_sums(values[rect.slices], kept)))
        found = gathered(parts, grid_of(values.shape).count)
        np.testing.assert_allclose(found[:, 0], whole[:, 0], rtol=1e-12)
        assert found[:, 1].tolist() == pytest.approx(pixels.tolist(), abs=1e-9)
        assert sum(p.total[0] for p in parts) == pytest.approx(whole[:, 0].sum(), rel=1e-12)


def test_an_empty_strip_adds_nothing():
    a = noise(40, 60)
    seen = sample(a, a, None, Rect.of(a), 0, 0.0)
    empty = replace(seen, rect=Rect(9, 5, 0, 20))
    none, some = (BlockSums.made(s, lambda _: (1.0, 2.0, 3.0)) for s in (empty, seen))
    assert none.index.size == 0
    count = grid_of((40, 60)).count
    assert gathered([none, some, none], count).tolist() == [[1.0, 2.0, 3.0]] * count
    assert gathered([none], count).tolist() == [[0.0]] * count


def test_draws_are_of_as_many_blocks_as_there_are():
    drawn = _bootstrap._draws(37)
    assert drawn.shape == (DRAWS, 37)
    assert (drawn.sum(axis=1) == 37).all()
    assert not drawn.flags.writeable
