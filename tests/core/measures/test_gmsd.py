from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import minimum_filter
from scipy.signal import convolve2d

from core.measures.gmsd import MEASURE
from core.types import MapKind, Rect
from tests.core.measures.samples import mapped, noise, run, sample, speckled
from tests.make import exposed, photo, shifted, with_noise, with_patch

KIND = MapKind.GMSD


def gmsd(*args, **kwargs):
    return run(MEASURE, *args, **kwargs)["gmsd"].value


def similarity(a, b):
    """GMS of a whole picture in float64 as the paper has it, where the kernels stay within."""
    first, second = (strength(pooled(luma(x))) for x in (a, b))
    return (2 * first * second + 170) / (first**2 + second**2 + 170)


def luma(x):
    x = x.astype(np.float64)
    return x if x.ndim == 2 else x[:, :, :3] @ (0.2126, 0.7152, 0.0722)


def pooled(z):
    return convolve2d(z, np.full((2, 2), 0.25), "valid")[::2, ::2]


def strength(z):
    prewitt = np.array([[1, 0, -1]] * 3) / 3
    return np.hypot(convolve2d(z, prewitt, "valid"), convolve2d(z, prewitt.T, "valid"))


def scenes():
    a, gray = photo(141, 561, 3), photo(150, 400, 4, 1)
    return {
        "noise": (a, with_noise(a, 4.0)),
        "noise, gray": (gray, with_noise(gray, 4.0)),
        "patch": (a, with_patch(a, 60, 431, 30, 70)),
        "shift": shifted(0.6, -1.3, 150, 400, seed=5),
        "exposure": (a, exposed(a, 1.2, 12)),
        "unrelated": (noise(91, 301), noise(91, 301, seed=1)),
        "fractions": (gray.astype(np.float32), with_noise(gray.astype(np.float32), 0.5)),
        "float64": (gray.astype(np.float64) + 0.3, with_noise(gray.astype(np.float64), 2.0)),
        "bright": (gray.astype(np.float32) * 200, with_noise(gray.astype(np.float32), 2.0) * 200),
    }


SCENES = scenes()


@pytest.mark.parametrize("name", SCENES)
def test_agrees_with_a_script(name):
    a, b = SCENES[name]
    found = run(MEASURE, a, b)["gmsd"]
    expected = similarity(a, b)
    assert found.value == pytest.approx(expected.std(), abs=2e-7)  # float32 planes
    assert found.pixels == 4 * expected.size


@pytest.mark.parametrize("name", SCENES)
def test_strips_are_as_good_as_the_whole(name):
    a, b = SCENES[name]
    whole = run(MEASURE, a, b)["gmsd"]
    for cuts in ((37, 74, 111), (3, 5, 6, 90), range(1, a.shape[0])):
        cut = run(MEASURE, a, b, cuts=cuts, margin=cuts[0] % 3)["gmsd"]
        assert cut.value == pytest.approx(whole.value, abs=1e-7)
        assert cut.pixels == whole.pixels


def test_strips_that_do_not_reach_from_side_to_side_count_the_same_squares():
    a, b = SCENES["patch"]
    whole = MEASURE.partial(sample(a, b, None, Rect.of(a), 0, 0.0)).total
    parts = [
        MEASURE.partial(sample(a, b, None, Rect(row, col, 71, 187), 4, 0.0)).total
        for row in (0, 71) for col in (0, 187, 374)
    ]  # fmt: skip
    assert np.sum(parts, axis=0) == pytest.approx(np.array(whole), rel=1e-6)
    assert sum(p[2] for p in parts) == whole[2]


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.sampled_from([0.0, 255.0, -3e4, 1e30]), st.integers(1, 3))
def test_invalid_pixels_have_no_influence(seed, rubbish, channels):
    a, b = (noise(41, 97, channels, seed=s, dtype=np.float32) for s in (1, 2))
    valid = speckled(41, 97, seed, 0.01)
    clean = run(MEASURE, a, b, valid, cuts=(17,))["gmsd"]
    squares = minimum_filter(pooled((valid > 0).astype(float)) == 1, 3, mode="constant")[1:-1, 1:-1]
    gray = [x if channels != 2 else x.mean(axis=2) for x in (a, b)]
    assert clean.value == pytest.approx(similarity(*gray)[squares].std(), abs=2e-7)
    assert clean.pixels == 4 * np.count_nonzero(squares)
    a[valid == 0] = rubbish
    b[valid == 0] = -rubbish
    assert run(MEASURE, a, b, valid, cuts=(17,))["gmsd"] == clean


@given(st.integers(0, 2**32), st.integers(1, 3), st.sampled_from([np.uint8, np.float32]))
def test_a_picture_against_itself_is_exactly_0(seed, channels, dtype):
    a = noise(13, 29, channels, seed=seed, dtype=dtype)
    assert gmsd(a, a.copy(), cuts=(5,)) == 0.0


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_swapping_and_depth_change_nothing(seed):
    a, b = noise(19, 43, 3, seed=seed), noise(19, 43, 3, seed=seed + 1)
    assert gmsd(b, a) == gmsd(a, b)
    wide = [(x.astype(np.uint16) * 257).astype(np.float32) / np.float32(257) for x in (a, b)]
    assert gmsd(*wide) == gmsd(a, b)


def test_alpha_takes_no_part():
    a, b = photo(60, 200, 6, 4), photo(60, 200, 7, 4)
    b[:, :, 3] = noise(60, 200)
    expected = gmsd(a[:, :, :3].copy(), b[:, :, :3].copy())
    assert gmsd(a, b, alpha=True) == pytest.approx(expected, rel=1e-7)  # float32 luma


@pytest.mark.parametrize("shape", [(5, 300), (300, 5), (1, 1), (3, 3, 3)])
def test_pictures_without_a_whole_neighbourhood_give_nan(shape):
    value = run(MEASURE, noise(*shape), noise(*shape, seed=1), cuts=(2, 100))["gmsd"]
    assert math.isnan(value.value)
    assert value.pixels == 0


def test_one_square_gives_0_and_no_valid_pixel_nan():
    a, b = noise(6, 7), noise(6, 7, seed=1)
    assert gmsd(a, b) == 0.0  # one number does not deviate
    assert math.isnan(gmsd(a, b, np.zeros((6, 7), np.uint8)))


def test_has_an_interval_that_holds_the_value():
    a = photo(420, 640, 3)
    found = run(MEASURE, a, cv2.GaussianBlur(a, (0, 0), 1.5), cuts=(133,))["gmsd"]
    low, high = found.interval
    assert low < found.value < high < 3 * low


def test_the_map_is_1_less_the_similarity():
    a, b = SCENES["patch"]
    expected = 1 - similarity(a, b)
    found = mapped(MEASURE, KIND, a, b, cuts=(37, 74, 111))
    rows, cols = (n - n % 2 - 2 for n in a.shape[:2])
    for row, col in ((0, 0), (0, 1), (1, 0), (1, 1)):
        part = found[2 + row : rows : 2, 2 + col : cols : 2]
        assert part == pytest.approx(expected, abs=3e-6)  # float32 luma
    border = found.copy()
    border[2:rows, 2:cols] = 0
    assert border.max() == 0
    assert found[:, :420].max() == 0 < found[60, 431:500].max() <= 1


def test_the_map_of_equal_and_of_tiny_pictures_is_0():
    a, b = SCENES["noise"]
    assert mapped(MEASURE, KIND, a, a.copy(), cuts=(50,)).max() == 0
    assert mapped(MEASURE, KIND, a[:5, :300], b[:5, :300], cuts=(3,)).max() == 0
    valid = speckled(141, 561, 2)
    assert mapped(MEASURE, KIND, a, b, valid, cuts=(50,))[valid == 0].max() == 0
