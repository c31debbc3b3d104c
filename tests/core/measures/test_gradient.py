from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import minimum_filter
from scipy.signal import convolve2d

from core.measures.gradient import MEASURE
from core.types import MapKind, Rect
from tests.core.measures.samples import mapped, noise, run, sample, speckled
from tests.make import exposed, photo, shifted, with_noise, with_patch

KIND = MapKind.GRADIENT


def gradient(*args, **kwargs):
    return run(MEASURE, *args, **kwargs)["gradient_mae"].value


def script(a, b):
    """Lengths of the difference of two gradients in float64, where the kernels stay within."""
    scharr = np.outer([3, 10, 3], [1, 0, -1]) / 32
    x, y = (
        convolve2d(luma(a), k, "valid") - convolve2d(luma(b), k, "valid")
        for k in (scharr, scharr.T)
    )
    return np.hypot(x, y)


def luma(x):
    x = x.astype(np.float64)
    return x if x.ndim == 2 else x[:, :, :3] @ (0.2126, 0.7152, 0.0722)


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
    found = run(MEASURE, a, b)["gradient_mae"]
    expected = script(a, b)
    assert found.value == pytest.approx(expected.mean(), rel=1e-6)  # float32 planes
    assert found.pixels == expected.size
    assert found.unit == "levels"


@pytest.mark.parametrize("name", SCENES)
def test_strips_are_as_good_as_the_whole(name):
    a, b = SCENES[name]
    whole = run(MEASURE, a, b)["gradient_mae"]
    for cuts in ((37, 74, 111), (3, 5, 6, 90), range(1, a.shape[0])):
        cut = run(MEASURE, a, b, cuts=cuts, margin=cuts[0] % 3)["gradient_mae"]
        assert cut.value == pytest.approx(whole.value, rel=1e-6)
        assert cut.pixels == whole.pixels


def test_strips_that_do_not_reach_from_side_to_side_count_the_same_pixels():
    a, b = SCENES["patch"]
    whole = MEASURE.partial(sample(a, b, None, Rect.of(a), 0, 0.0)).total
    parts = [
        MEASURE.partial(sample(a, b, None, Rect(row, col, 47, 187), 1, 0.0)).total
        for row in (0, 47, 94) for col in (0, 187, 374)
    ]  # fmt: skip
    assert np.sum(parts, axis=0) == pytest.approx(np.array(whole), rel=1e-6)


def test_a_ramp_of_one_level_a_pixel_has_a_gradient_of_one_level():
    rows, cols = np.indices((40, 90)).astype(np.float32)
    flat = np.full((40, 90), 60, np.float32)
    assert gradient(flat + cols, flat) == pytest.approx(1.0, abs=1e-6)
    assert gradient(flat + 0.6 * rows + 0.8 * cols, flat) == pytest.approx(1.0, abs=1e-5)
    assert gradient(flat + rows, flat + cols) == pytest.approx(math.sqrt(2), abs=1e-6)  # turned
    assert gradient(flat + cols, flat - cols) == pytest.approx(2.0, abs=1e-5)  # the other way round


def test_brightness_alone_does_not_count():
    a = photo(60, 200, 3, 1) // 2
    assert gradient(a, a + np.uint8(90)) == 0.0


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.sampled_from([0.0, 255.0, -3e4, 1e30]), st.sampled_from([1, 3]))
def test_invalid_pixels_have_no_influence(seed, rubbish, channels):
    a, b = (noise(41, 97, channels, seed=s, dtype=np.float32) for s in (1, 2))
    valid = speckled(41, 97, seed, 0.01)
    clean = run(MEASURE, a, b, valid, cuts=(17,))["gradient_mae"]
    whole = minimum_filter(valid > 0, 3, mode="constant")[1:-1, 1:-1]
    assert clean.value == pytest.approx(script(a, b)[whole].mean(), rel=1e-6)
    assert clean.pixels == np.count_nonzero(whole)
    a[valid == 0] = rubbish
    b[valid == 0] = -rubbish
    assert run(MEASURE, a, b, valid, cuts=(17,))["gradient_mae"] == clean


@given(st.integers(0, 2**32), st.integers(1, 3), st.sampled_from([np.uint8, np.float32]))
def test_a_picture_against_itself_is_exactly_0(seed, channels, dtype):
    a = noise(13, 29, channels, seed=seed, dtype=dtype)
    assert gradient(a, a.copy(), cuts=(5,)) == 0.0


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_swapping_and_depth_change_nothing(seed):
    a, b = noise(19, 43, 3, seed=seed), noise(19, 43, 3, seed=seed + 1)
    assert gradient(b, a) == gradient(a, b)
    wide = [(x.astype(np.uint16) * 257).astype(np.float32) / np.float32(257) for x in (a, b)]
    assert gradient(*wide) == gradient(a, b)


def test_alpha_takes_no_part():
    a, b = photo(60, 200, 6, 4), photo(60, 200, 7, 4)
    b[:, :, 3] = noise(60, 200)
    expected = gradient(a[:, :, :3].copy(), b[:, :, :3].copy())
    assert gradient(a, b, alpha=True) == pytest.approx(expected, rel=1e-7)  # float32 luma


@pytest.mark.parametrize("shape", [(2, 300), (300, 2), (1, 1), (2, 2, 3)])
def test_pictures_without_a_whole_neighbourhood_give_nan(shape):
    value = run(MEASURE, noise(*shape), noise(*shape, seed=1), cuts=(1, 100))["gradient_mae"]
    assert math.isnan(value.value)
    assert value.pixels == 0


def test_no_valid_pixel_gives_nan():
    assert math.isnan(gradient(noise(9, 9), noise(9, 9, seed=1), np.zeros((9, 9), np.uint8)))


def test_has_an_interval_that_holds_the_value():
    found = run(MEASURE, *SCENES["shift"], cuts=(33,))["gradient_mae"]
    low, high = found.interval
    assert low < found.value < high < 2 * low


def test_the_map_is_the_length_of_the_difference():
    a, b = SCENES["patch"]
    found = mapped(MEASURE, KIND, a, b, cuts=(37, 74, 111))
    assert found[1:-1, 1:-1] == pytest.approx(script(a, b), abs=1e-4)
    assert found[:, :428].max() == 0 < found[60, 431:500].max()
    found[1:-1, 1:-1] = 0
    assert found.max() == 0


def test_the_map_of_equal_and_of_invalid_pixels_is_0():
    a, b = SCENES["noise"]
    assert mapped(MEASURE, KIND, a, a.copy(), cuts=(50,)).max() == 0
    assert mapped(MEASURE, KIND, a[:2], b[:2], cuts=(1,)).max() == 0
    valid = speckled(141, 561, 2)
    assert mapped(MEASURE, KIND, a, b, valid, cuts=(50,))[valid == 0].max() == 0
