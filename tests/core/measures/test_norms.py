from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.measures.norms import MEASURE
from core.types import Rect
from tests.core.measures.samples import noise, run, sample, speckled
from tests.make import classic_script, photo, with_noise

KINDS = pytest.mark.parametrize(
    ("channels", "dtype"),
    [
        (1, np.uint8),
        (3, np.uint8),
        (4, np.float32),
        (1, np.float64),
        (3, np.float64),
        (6, np.uint8),
    ],
)


def script(a, b, tolerance=0.0, valid=None):
    """The five norms in plain NumPy float64."""
    d = np.atleast_3d(np.abs(a.astype(np.float64) - b.astype(np.float64)))
    d = d if valid is None else d[valid > 0][:, None, :]
    n = d.shape[0] * d.shape[1]
    l0 = np.count_nonzero(d.max(axis=2) > tolerance)
    return [d.sum(), d.sum() / n, l0, l0 / n, math.sqrt((d * d).sum())]


def numbers(values):
    return [values[name].value for name in MEASURE.names]


@KINDS
def test_agree_with_a_plain_script(channels, dtype):
    a, b = noise(83, 211, channels, dtype=dtype), noise(83, 211, channels, seed=1, dtype=dtype)
    values = run(MEASURE, a, b, tolerance=40.0)
    # Both are float64 sums, in another order.
    assert numbers(values) == pytest.approx(script(a, b, 40.0), rel=1e-12)
    assert [v.unit for v in values.values()] == ["levels", "levels", "px", "share", "levels"]
    assert all(v.pixels == 83 * 211 and v.better == "lower" for v in values.values())
    assert "(40)" in values["l0"].help


def test_8_bit_sums_are_exact_integers():
    a, b = noise(601, 1201, 3), noise(601, 1201, 3, seed=1)
    d = np.abs(a.astype(np.int64) - b)
    values = run(MEASURE, a, b, cuts=(100, 350))
    assert values["l1"].value == d.sum()
    assert values["l2"].value == math.sqrt((d * d).sum())


@pytest.mark.parametrize("shape", [(1000, 4000, 4), (1500, 2000), (2, 3)])
def test_sums_of_a_strip_are_exact_and_do_not_overflow(shape):
    a, b = np.zeros(shape, np.uint8), np.full(shape, 255, np.uint8)
    pixels = shape[0] * shape[1]
    part = MEASURE.partial(sample(a, b, None, Rect.of(a), 0, 0.0))
    assert part.total == (a.size * 255, a.size * 255**2, pixels, pixels)


@pytest.mark.parametrize("channels", [1, 3])
def test_classic_recipe(channels):
    a = photo(90, 160, 3, channels)
    b = with_noise(a, 3.0)
    stretched = []
    for picture in (a, b):
        x = picture.astype(np.float64)
        x = x.mean(axis=2) if x.ndim == 3 else x
        stretched.append((x - x.min()) * 255.0 / (x.max() - x.min()))
    assert numbers(run(MEASURE, *stretched))[:4] == pytest.approx(classic_script(a, b), rel=1e-9)


@given(st.integers(0, 2**32), st.integers(1, 3), st.sampled_from([np.uint8, np.float32]))
def test_a_picture_against_itself_is_exactly_0(seed, channels, dtype):
    a = noise(7, 19, channels, seed=seed, dtype=dtype)
    assert numbers(run(MEASURE, a, a.copy())) == [0.0] * 5


@given(st.integers(0, 2**32), st.floats(0, 255))
def test_swapping_changes_nothing(seed, tolerance):
    a, b = noise(9, 23, 3, seed=seed), noise(9, 23, 3, seed=seed + 1)
    one, other = (run(MEASURE, *pair, tolerance=tolerance) for pair in ((a, b), (b, a)))
    assert one == other


@given(st.integers(0, 2**32))
def test_depth_changes_nothing(seed):
    a, b = noise(9, 23, 3, seed=seed), noise(9, 23, 3, seed=seed + 1)
    wide = [(x.astype(np.uint16) * 257).astype(np.float32) / np.float32(257) for x in (a, b)]
    byte, real = run(MEASURE, a, b), run(MEASURE, *wide)
    for name, m in byte.items():
        # OpenCV may take a root of the squares of floats on the way: the last bit of three.
        assert real[name].value == pytest.approx(m.value, rel=1e-15), name
        assert (real[name].pixels, real[name].at) == (m.pixels, m.at)


@given(st.lists(st.integers(1, 60)), st.sampled_from([np.uint8, np.float32]), st.booleans())
def test_strips_are_as_good_as_the_whole(cuts, dtype, masked):
    a, b = noise(61, 97, 3, dtype=dtype), noise(61, 97, 3, seed=1, dtype=dtype)
    valid = speckled(61, 97, 2) if masked else None
    whole = numbers(run(MEASURE, a, b, valid))
    cut = numbers(run(MEASURE, a, b, valid, cuts=cuts))
    if dtype is np.uint8:
        assert cut == whole  # sums of integers
    else:
        assert cut == pytest.approx(whole, rel=1e-12)


@given(st.integers(0, 2**32), st.sampled_from([0.0, 255.0, 1e30]))
def test_invalid_pixels_have_no_influence(seed, rubbish):
    a, b = (noise(31, 57, 3, seed=s, dtype=np.float32) for s in (1, 2))
    valid = speckled(31, 57, seed)
    clean = run(MEASURE, a, b, valid)
    assert numbers(clean) == pytest.approx(script(a, b, valid=valid), rel=1e-12)
    b[valid == 0] = rubbish
    assert run(MEASURE, a, b, valid) == clean
    assert clean["l1"].pixels == np.count_nonzero(valid)


def test_darker_and_brighter_count_alike_and_do_not_cancel():
    a = np.full((5, 11), 100, np.uint8)
    b = a.copy()
    b[1, 9], b[4, 2] = 130, 70
    assert numbers(run(MEASURE, a, b)) == [60.0, 60 / 55, 2.0, 2 / 55, math.sqrt(1800)]


def test_one_pixel_counts_once_however_many_channels_differ():
    a = np.zeros((5, 11, 3), np.float32)
    b = a.copy()
    b[1, 9] = (1e-6, 0, 0)
    b[4, 2] = (7, 8, 9)
    assert run(MEASURE, a, b)["l0"].value == 2
    assert run(MEASURE, a, b, tolerance=8.0)["l0"].value == 1
    assert run(MEASURE, a, b, tolerance=9.0)["l0"].value == 0  # over, not at, the tolerance


def test_no_valid_pixel_gives_nan():
    a = noise(5, 11)
    values = run(MEASURE, a, a, np.zeros((5, 11), np.uint8))
    assert all(math.isnan(v.value) and v.pixels == 0 for v in values.values())
