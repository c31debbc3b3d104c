from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measures._distances import bin_of_level, centres, rebinned
from core.measures.histogram import (
    KL_LIMIT,
    MEASURE,
    MOST_CELLS,
    MOST_CHANNELS,
    Direction,
    HistogramParams,
)
from tests.core.measures.distances import (
    ALIKE,
    BOTH,
    EMD,
    KL,
    finish,
    near,
    numbers,
    script,
    set_to,
)
from tests.core.measures.samples import counts, noise, run, speckled
from tests.make import exposed, photo


def test_which_way_round_is_set_and_said():
    a, b = counts(photo(45, 80, 1), None), counts(photo(45, 80, 2), None)
    one, other = finish(a, b), finish(a, b, direction="b_to_a")
    assert other[KL] == finish(b, a)[KL] != one[KL]
    assert other[:KL] + other[BOTH:] == one[:KL] + one[BOTH:]
    picture = photo(45, 80, 1)
    for direction, p, q in ((Direction.A_TO_B, "A", "B"), (Direction.B_TO_A, "B", "A")):
        value = run(MEASURE, picture, picture, settings=set_to(direction=direction))["hist_kl"]
        assert value.label == f"Histogram, Kullback–Leibler {p}‖{q}"
        assert value.help.startswith(f"KL({p}‖{q}): how much {p}'s values would surprise")
        assert f"expects {q}'s, with 1e-08 added" in value.help
        assert f"over {KL_LIMIT:g} counts as a corrupted frame" in value.help
    assert KL_LIMIT == 0.2


@pytest.mark.parametrize("smoothing", [1e-12, 1e-4, 0.01])
def test_smoothing_is_as_it_says(smoothing):
    a, b = (np.random.default_rng(s).integers(0, 3, 256) for s in (1, 2))
    found = finish(a, b, smoothing=smoothing)
    assert found == near(script(a, b, smoothing=smoothing))
    assert found[KL] != finish(a, b)[KL]


@given(st.integers(2, 256))
def test_fewer_bins_take_up_the_levels_of_the_rule(bins):
    where = [k * bins // 256 for k in range(256)]
    assert bin_of_level(bins).tolist() == where
    assert sorted(set(where)) == list(range(bins))
    rng = np.random.default_rng(bins)
    many = rng.integers(0, 50, (2, 256))
    expected = [[sum(row[k] for k in range(256) if where[k] == i) for i in range(bins)]
                for row in many]  # fmt: skip
    assert rebinned(many, bins).tolist() == expected
    means = [np.mean([k for k in range(256) if where[k] == i]) for i in range(bins)]
    assert centres(bins) == pytest.approx(means, rel=1e-15)


@pytest.mark.parametrize("bins", [2, 7, 64, 100, 255])
def test_fewer_bins_agree_with_scipy(bins):
    a, b = photo(90, 160, 3), exposed(photo(90, 160, 3), 1.1, 5)
    each = [
        script(*rebinned(np.stack([x, y]), bins), centres(bins))
        for x, y in zip(counts(a, None), counts(b, None), strict=True)
    ]
    assert numbers(run(MEASURE, a, b, settings=set_to(bins=bins))) == near(np.mean(each, axis=0))


def test_flat_histograms_of_any_number_of_bins():
    one = np.zeros(256, np.int64)
    one[77] = 256
    for bins in (2, 4, 32, 128):  # so many levels in each
        assert finish(np.ones(256, np.int64), one, bins=bins)[3] == 0.0


def cells(picture, valid, bins):
    """Counts of the combinations of levels, from numpy."""
    seen = np.atleast_3d(picture)[np.full(picture.shape[:2], True) if valid is None else valid > 0]
    levels = np.clip(np.rint(seen), 0, 255).astype(np.int64) * bins // 256
    edges = [np.arange(bins + 1) - 0.5] * levels.shape[1]
    return np.histogramdd(levels, edges)[0].ravel()


@pytest.mark.parametrize(("bins", "used"), [(256, 32), (32, 32), (7, 7), (2, 2)])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
@pytest.mark.parametrize("masked", [False, True])
def test_joint_histograms_agree_with_scipy(bins, used, dtype, masked):
    a = photo(90, 160, 3).astype(dtype)
    b = exposed(photo(90, 160, 3), 1.1, 5).astype(dtype)
    valid = speckled(90, 160, 2) if masked else None
    values = run(MEASURE, a, b, valid, cuts=(13, 55), settings=set_to(bins=bins, joint=True))
    expected = script(*(cells(x, valid, used) for x in (a, b)))
    single = run(MEASURE, a, b, valid, settings=set_to(bins=bins))
    expected[EMD] = single["hist_emd"].value  # bins of three channels do not stand in a row
    assert numbers(values) == near(expected)
    assert values["hist_l1"].label == "Joint histogram, Manhattan"
    assert values["hist_emd"] == single["hist_emd"]


def test_only_a_joint_histogram_sees_colours_that_changed_partners():
    a, b = np.zeros((2, 20, 50, 3), np.uint8)
    a[:, :25] = 200, 0, 0
    a[:, 25:] = 0, 200, 0
    b[:, :25] = 200, 200, 0
    assert numbers(run(MEASURE, a, b)) == ALIKE
    values = run(MEASURE, a, b, settings=set_to(joint=True))
    assert values["hist_l1"].value == 2.0
    assert values["hist_emd"].value == 0.0


def test_alpha_takes_no_part_in_a_joint_histogram():
    a, b = photo(45, 80, 1), photo(45, 80, 2)
    clear, half = (np.dstack([x, np.full((45, 80), v, np.uint8)]) for x, v in ((a, 0), (b, 128)))
    plain = run(MEASURE, a, b, settings=set_to(joint=True))
    with_alpha = run(MEASURE, clear, half, settings=set_to(joint=True), alpha=True)
    assert numbers(with_alpha)[:EMD] == numbers(plain)[:EMD]


@pytest.mark.parametrize("bins", [256, 20])
def test_a_joint_histogram_of_gray_is_the_ordinary_one(bins):
    a, b = photo(45, 80, 1, 1), photo(45, 80, 2, 1)
    joint = run(MEASURE, a, b, settings=set_to(joint=True, bins=bins), cuts=(20,))
    assert numbers(joint) == numbers(run(MEASURE, a, b, settings=set_to(bins=bins)))


@given(st.integers(1, MOST_CHANNELS), st.integers(2, 256))
def test_a_joint_histogram_has_a_limited_number_of_cells(channels, bins):
    used = HistogramParams(bins=bins).joint_bins(channels)
    assert 2 <= used <= bins
    assert used**channels <= MOST_CELLS
    assert used == bins or (used + 1) ** channels > MOST_CELLS


def test_of_very_many_channels_there_is_no_joint_histogram():
    a, b = noise(20, 50, 11), noise(20, 50, 11, seed=1)
    for channels, title in ((10, "Joint histogram"), (11, "Histogram")):
        x, y = (np.ascontiguousarray(p[:, :, :channels]) for p in (a, b))
        values = run(MEASURE, x, y, settings=set_to(joint=True))
        assert values["hist_l1"].label == f"{title}, Manhattan"
    assert values == run(MEASURE, a, b)


@given(st.integers(0, 2**32), st.booleans())
def test_identical_and_swapped_joint_histograms(seed, masked):
    a, b = noise(31, 57, 3, seed=seed), noise(31, 57, 3, seed=seed + 1)
    valid = speckled(31, 57, 2) if masked else None
    settings = set_to(joint=True, bins=8)
    assert numbers(run(MEASURE, a, a.copy(), valid, settings=settings)) == ALIKE
    one, other = (numbers(run(MEASURE, *p, valid, settings=settings)) for p in ((a, b), (b, a)))
    assert one[:KL] + one[BOTH:] == other[:KL] + other[BOTH:]
    a[speckled(31, 57, 2) == 0] = 255
    if masked:
        assert numbers(run(MEASURE, a, b, valid, settings=settings)) == one


def test_joint_without_a_valid_pixel_gives_nan():
    a = noise(5, 11, 3)
    nothing = np.zeros((5, 11), np.uint8)
    values = run(MEASURE, a, a, nothing, settings=set_to(joint=True))
    assert all(math.isnan(v.value) for v in values.values())
