from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from scipy.stats import entropy, pearsonr
from skimage.metrics import normalized_mutual_information, normalized_root_mse

from core import ImageBuffer, Settings, compare
from core.color import LUMA_709
from core.difference import DifferenceParams, Space
from core.measures.statistics import MEASURE, shared
from tests.core.measures.samples import noise, run, speckled
from tests.make import exposed, photo, with_noise

DTYPES = pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])


def numbers(values):
    return [values[name].value for name in MEASURE.names]


def pair(channels=3, dtype=np.uint8, height=90, width=160):
    """A photograph and a brighter, noisy one, with 0 and 255 in both."""
    a = photo(height, width, 3, channels)
    b = with_noise(exposed(a, 1.1, 5), 3.0, seed=2)
    for x in (a, b):
        x[1, 7], x[5, 100] = 0, 255
    return a.astype(dtype), b.astype(dtype)


def script(a, b):
    """The first two in plain float64, about the means."""
    x, y = a.astype(np.float64).ravel(), b.astype(np.float64).ravel()
    u, v = x - x.mean(), y - y.mean()
    return [
        math.sqrt(((x - y) ** 2).sum() / (x**2).sum()),
        (u * v).sum() / math.sqrt((u**2).sum() * (v**2).sum()),
    ]


@DTYPES
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_agree_with_scikit_image_and_scipy(channels, dtype):
    a, b = pair(channels, dtype)
    wide = [x.astype(np.float64) for x in (a, b)]
    values = run(MEASURE, a, b, cuts=(13, 55))
    assert values["nrmse"].value == pytest.approx(normalized_root_mse(*wide), rel=1e-12)
    assert values["ncc"].value == pytest.approx(
        pearsonr(wide[0].ravel(), wide[1].ravel()).statistic, rel=1e-12
    )
    assert numbers(values)[:2] == pytest.approx(script(a, b), rel=1e-12)
    assert [v.unit for v in values.values()] == ["", "", "bits", ""]
    assert [v.better for v in values.values()] == ["lower", "higher", "higher", "higher"]


@DTYPES
def test_information_of_gray_agrees_with_scikit_image(dtype):
    a, b = pair(1, dtype)
    values = run(MEASURE, a, b, cuts=(40,))
    # Its 256 bins reach from the smallest to the largest value: here from 0 to 255, one level each.
    assert values["nmi"].value == pytest.approx(
        normalized_mutual_information(a, b, bins=256), rel=1e-12
    )
    counts = np.histogram2d(a.ravel(), b.ravel(), 256, [[0, 256], [0, 256]])[0]
    alone = sum(entropy(counts.sum(axis=k), base=2) for k in (0, 1))
    assert values["mutual_information"].value == pytest.approx(
        alone - entropy(counts.ravel(), base=2), rel=1e-11
    )


def test_information_of_colour_is_that_of_its_luma():
    a, b = pair(3)
    weights = np.rint(np.array(LUMA_709) * 10000).astype(np.int64)
    gray = [((x @ weights + 5000) // 10000).astype(np.uint8) for x in (a, b)]  # halves up
    colour, luma = (numbers(run(MEASURE, *p))[2:] for p in ((a, b), gray))
    assert colour == luma
    floats = [(x / 255).astype(np.float32) * np.float32(255) for x in (a, b)]
    assert numbers(run(MEASURE, *floats))[2:] == luma
    opaque = [np.dstack([x, np.full(x.shape[:2], 255, np.uint8)]) for x in (a, b)]
    assert numbers(run(MEASURE, *opaque, alpha=True))[2:] == colour


def test_values_outside_the_scale_fall_into_the_end_bins():
    a = np.linspace(-90, 400, 37 * 53).reshape(37, 53).astype(np.float32)
    clipped = a.clip(0, 255)
    one, other = (numbers(run(MEASURE, x, clipped[::-1].copy()))[2:] for x in (a, clipped))
    assert one == other


@given(
    st.integers(0, 2**32), st.integers(1, 4), st.sampled_from([np.uint8, np.float32, np.float64])
)
def test_a_picture_against_itself(seed, channels, dtype):
    a = noise(17, 29, channels, seed=seed, dtype=dtype)
    nrmse, ncc, information, normalised = numbers(run(MEASURE, a, a.copy(), cuts=(5,)))
    assert (nrmse, ncc, normalised) == (0.0, 1.0, 2.0)
    if channels == 1:  # all that there is to know: its own entropy
        own = np.unique(np.floor(a + 0.5), return_counts=True)[1]  # halves go up
        assert information == pytest.approx(entropy(own, base=2), rel=1e-12)


@given(st.integers(0, 2**32), st.sampled_from([np.uint8, np.float32]))
def test_swapping_changes_nrmse_alone(seed, dtype):
    a, b = noise(9, 23, 3, seed=seed, dtype=dtype), noise(9, 23, 3, seed=seed + 1, dtype=dtype)
    b[:] = b * 0.5
    one, other = run(MEASURE, a, b), run(MEASURE, b, a)
    assert numbers(one)[1:] == numbers(other)[1:]
    assert one["ncc"].interval == other["ncc"].interval
    # The numerator is the same, the norm is that of the first.
    norms = [np.linalg.norm(x.astype(np.float64)) for x in (a, b)]
    ratio = other["nrmse"].value / one["nrmse"].value
    assert ratio == pytest.approx(norms[0] / norms[1], rel=1e-12)


@given(st.integers(0, 2**32))
def test_depth_changes_nothing(seed):
    a, b = noise(9, 23, 3, seed=seed), noise(9, 23, 3, seed=seed + 1)
    wide = [(x.astype(np.uint16) * 257).astype(np.float32) / np.float32(257) for x in (a, b)]
    assert numbers(run(MEASURE, *wide)) == pytest.approx(numbers(run(MEASURE, a, b)), rel=1e-12)


@hypothesis_settings(max_examples=30)
@given(st.lists(st.integers(1, 129)), st.sampled_from([np.uint8, np.float32]), st.booleans())
def test_strips_are_as_good_as_the_whole(cuts, dtype, masked):
    a, b = pair(3, dtype, 130, 210)
    valid = speckled(130, 210, 2) if masked else None
    whole, cut = run(MEASURE, a, b, valid), run(MEASURE, a, b, valid, cuts=cuts)
    assert numbers(cut) == pytest.approx(numbers(whole), rel=1e-12)
    for name in ("nrmse", "ncc"):
        low, high = whole[name].interval
        assert cut[name].interval == pytest.approx((low, high), rel=1e-9)
        assert low < whole[name].value < high


@given(
    st.integers(0, 2**32),
    st.sampled_from([0.0, 255.0, 1e30]),
    st.sampled_from([np.uint8, np.float32, np.float64]),
)
def test_invalid_pixels_have_no_influence(seed, rubbish, dtype):
    a, b = (noise(31, 57, 3, seed=s, dtype=dtype) for s in (1, 2))
    valid = speckled(31, 57, seed)
    clean = run(MEASURE, a, b, valid, cuts=(12,))
    assert numbers(clean)[:2] == pytest.approx(script(a[valid > 0], b[valid > 0]), rel=1e-9)
    assert clean["nrmse"].pixels == np.count_nonzero(valid)
    a[valid == 0] = min(rubbish, 255) if dtype is np.uint8 else rubbish
    b[valid == 0] = 7
    assert run(MEASURE, a, b, valid, cuts=(12,)) == clean


@pytest.mark.parametrize("level", [1e-3, 1.0, 254.0, 60000.0])
def test_a_faint_pattern_on_a_bright_ground_keeps_its_digits(level):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((130, 210))
    y = x + rng.standard_normal((130, 210))
    a, b = ((level * (1 + 3e-7 * v)).astype(np.float32) for v in (x, y))
    assert np.unique(a).size < 100  # a few steps of float32 are all the pattern there is
    # Summed up without taking the ground off first, nothing of a variance of 1e-13 were left.
    assert run(MEASURE, a, b, cuts=(40,))["ncc"].value == pytest.approx(script(a, b)[1], rel=1e-6)


def test_one_level_in_one_byte_of_many():
    a, b = np.full((2, 1000, 1700, 3), 255, np.uint8)
    a[700, 20, 1] -= 1
    b[3, 1600, 2] -= 1
    n = a.size
    # Two indicators of one of n values each: correlation -1 / (n - 1).
    assert run(MEASURE, a, b, cuts=(333,))["ncc"].value == pytest.approx(-1 / (n - 1), rel=1e-6)


def test_correlation_does_not_see_gain_and_offset_and_sees_inversion():
    a = noise(33, 70, 1, dtype=np.float32)
    assert run(MEASURE, a, a / 4 + 20)["ncc"].value == pytest.approx(1, abs=1e-12)
    values = run(MEASURE, a, 255 - a)
    assert values["ncc"].value == pytest.approx(-1, abs=1e-12)
    assert run(MEASURE, np.rint(a), 255 - np.rint(a))["nmi"].value == 2.0


@DTYPES
def test_constant_pictures(dtype):
    a, b = np.full((90, 160, 3), 100, dtype), np.full((90, 160, 3), 101, dtype)
    pattern = noise(90, 160, 3, dtype=dtype)
    valid = speckled(90, 160, 3)
    for mask in (None, valid):
        same = run(MEASURE, a, a.copy(), mask, cuts=(31,))
        assert numbers(same) == [0.0, 1.0, 0.0, 2.0]
        assert same["ncc"].interval is None
        other = run(MEASURE, a, b, mask, cuts=(31,))
        assert numbers(other) == [pytest.approx(0.01, rel=1e-14), 0.0, 0.0, 2.0]
        for two in ((a, pattern), (pattern, a)):
            nrmse, ncc, information, normalised = numbers(run(MEASURE, *two, mask, cuts=(31,)))
            assert (ncc, information, normalised) == (0.0, 0.0, 1.0)
            assert nrmse > 0.1


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(level=st.floats(1e-3, 1e5))
def test_constants_that_binary_numbers_do_not_hold(dtype, level):
    a = np.full((50, 70), level, dtype)
    values = run(MEASURE, a, a.copy(), speckled(50, 70, 1), cuts=(20, 37))
    assert numbers(values) == [0.0, 1.0, 0.0, 2.0]
    b = noise(50, 70, dtype=dtype)
    assert run(MEASURE, a, b)["ncc"].value == 0.0


def test_relative_error_of_a_black_reference():
    black, other = np.zeros((40, 70), np.uint8), noise(40, 70)
    assert run(MEASURE, black, black)["nrmse"].value == 0.0
    assert run(MEASURE, black, other)["nrmse"].value == math.inf
    assert run(MEASURE, other, black)["nrmse"].value == 1.0


def test_very_large_values_do_not_overflow():
    a = noise(40, 70, dtype=np.float32) * np.float32(1e30)
    values = run(MEASURE, a, a[::-1].copy())
    assert numbers(values)[:2] == pytest.approx(script(a, a[::-1]), rel=1e-6)


def test_information_of_known_tables():
    independent = np.outer([1, 3], [2, 2])
    assert shared(independent) == (pytest.approx(0, abs=1e-15), pytest.approx(1, abs=1e-15))
    information, normalised = shared(np.array([[1, 1], [0, 2]]))
    # H(A) = 1, H(B) = 0.25 log2(4) + 0.75 log2(4/3), H(A, B) = 1.5 bits
    b = 0.5 + 0.75 * math.log2(4 / 3)
    assert (information, normalised) == pytest.approx((b - 0.5, (1 + b) / 1.5), rel=1e-14)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (3, 1)])
def test_tiny_pictures(shape):
    a = np.arange(shape[0] * shape[1], dtype=np.uint8).reshape(shape)
    values = run(MEASURE, a, a.copy())
    assert [v.value for n, v in values.items() if n != "mutual_information"] == [0.0, 1.0, 2.0]
    assert all(v.interval is None for v in values.values())


def test_no_valid_pixel_gives_nan():
    a = noise(5, 11)
    values = run(MEASURE, a, a, np.zeros((5, 11), np.uint8))
    assert all(math.isnan(v.value) and v.pixels == 0 for v in values.values())


@pytest.mark.parametrize("space", list(Space))
def test_asked_for_in_the_public_way(space):
    a, b = pair()
    settings = Settings([DifferenceParams(space=space)])
    deep = [x.astype(np.uint16) * np.uint16(257) for x in (a, b)]
    for two in ((a, b), deep):
        pictures = (ImageBuffer.from_array(x) for x in two)
        result = compare(*pictures, settings, measures=MEASURE.names)
        # Of the pictures as they are, also when the difference is taken in Lab.
        found = [result.measures[name].value for name in MEASURE.names]
        assert found == pytest.approx(numbers(run(MEASURE, a, b)), rel=1e-12)
        low, high = result.measures["ncc"].interval
        assert low < result.measures["ncc"].value < high
