from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.metrics import structural_similarity

from core.measures.structure import MEASURE
from core.types import MapKind, Rect
from tests.core.measures.samples import mapped, noise, run, sample, speckled
from tests.make import exposed, photo, shifted, with_noise, with_patch

KIND = MapKind.SSIM


def reference(a, b, *, full=False):
    """scikit-image with the settings of the paper, in float64."""
    return structural_similarity(
        a.astype(np.float64), b.astype(np.float64), gaussian_weights=True, sigma=1.5,
        use_sample_covariance=False, data_range=255, full=full,
        channel_axis=2 if a.ndim == 3 else None,
    )  # fmt: skip


def ssim(*args, **kwargs):
    return run(MEASURE, *args, **kwargs)["ssim"].value


def checker(low, high, shape=(150, 700), size=50):
    rows, cols = np.indices(shape)
    return np.where((rows // size + cols // size) % 2, high, low).astype(np.uint8)


def faint():
    a = photo(150, 300, 4, 1).astype(np.float32)
    return a, with_noise(a, 2.0)


def scenes():
    a = photo(140, 560, 3)
    gray = photo(150, 700, 4, 1)
    flat = np.full((150, 700), 250, np.uint8)
    return {
        "noise": (a, with_noise(a, 4.0)),
        "noise, gray": (gray, with_noise(gray, 4.0)),
        "patch": (a, with_patch(a, 60, 431, 30, 70)),
        "shift": shifted(0.6, -1.3, 150, 400, seed=5),
        "exposure": (a, exposed(a, 1.2, 12)),
        "inverted": (gray, 255 - gray),
        "unrelated": (noise(90, 300), noise(90, 300, seed=1)),
        "alpha": (photo(60, 200, 6, 4), photo(60, 200, 7, 4)),
        # Flat parts far from the mean of their surroundings are the worst for float32.
        "flat step": (flat, flat - 60),
        "flat bright fields": (flat, checker(250, 190)),
        "flat fields": (flat, checker(250, 120)),
        "flat, black and white": (checker(0, 255), checker(255, 0)),
        "flat, faint": (checker(249, 250), flat),
        "fractions": (gray.astype(np.float32), with_noise(gray.astype(np.float32), 0.05)),
        "float64": (gray.astype(np.float64) + 0.3, with_noise(gray.astype(np.float64), 2.0)),
        "out of range": (gray.astype(np.float32) * 3 - 200, gray.astype(np.float32)),
        # In float32 the variance of the dark half would drown in that of both halves' means.
        "bright half": tuple(np.hstack([x, x * 200]) for x in faint()),
    }


SCENES = scenes()


@pytest.mark.parametrize("name", SCENES)
def test_agrees_with_scikit_image(name):
    a, b = SCENES[name]
    assert ssim(a, b) == pytest.approx(reference(a, b), abs=1e-6)  # float32 blurs


@pytest.mark.parametrize("name", SCENES)
def test_strips_are_as_good_as_the_whole(name):
    a, b = SCENES[name]
    whole = ssim(a, b)
    for cuts in ((37, 74, 111), (3, 5, 6, 90), range(1, a.shape[0])):
        assert ssim(a, b, cuts=cuts) == pytest.approx(whole, abs=1e-6)


@settings(max_examples=30)
@given(
    cuts=st.lists(st.integers(1, 40)), margin=st.integers(0, 9), masked=st.booleans(),
    height=st.integers(11, 41), width=st.integers(11, 60),
)  # fmt: skip
def test_any_cut_counts_the_same_pixels(cuts, margin, masked, height, width):
    a, b = noise(height, width, 3), noise(height, width, 3, seed=1)
    valid = speckled(height, width, 2, 0.005) if masked else None
    whole = run(MEASURE, a, b, valid)["ssim"]
    cut = run(MEASURE, a, b, valid, cuts=cuts, margin=margin)["ssim"]
    assert cut.pixels == whole.pixels
    assert cut.value == pytest.approx(whole.value, abs=1e-6, nan_ok=True)
    if not masked:
        assert whole.pixels == (height - 10) * (width - 10)
        assert whole.value == pytest.approx(reference(a, b), abs=1e-6)


@given(st.integers(0, 2**32), st.integers(1, 4), st.sampled_from([np.uint8, np.float32]))
def test_a_picture_against_itself_is_exactly_1(seed, channels, dtype):
    a = noise(13, 29, channels, seed=seed, dtype=dtype)
    assert ssim(a, a.copy()) == 1.0


def test_equal_channels_and_equal_surroundings_are_exactly_1():
    """Blurs run over tiles that hold a difference somewhere, so the equal rest takes part."""
    a = photo(60, 200)
    b = with_patch(a, 20, 171, by=9)
    valid = np.full((60, 200), 255, np.uint8)
    valid[20, 171] = 0
    assert ssim(a, b) < 1.0
    assert ssim(a, b, valid) == 1.0
    assert ssim(a[:, :150], b[:, :150]) == 1.0


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_swapping_changes_nothing(seed):
    a, b = noise(19, 43, 3, seed=seed), noise(19, 43, 3, seed=seed + 1)
    assert ssim(a, b) == ssim(b, a)


@settings(max_examples=30)
@given(st.integers(0, 2**32))
def test_depth_changes_nothing(seed):
    a, b = noise(19, 43, 3, seed=seed), noise(19, 43, 3, seed=seed + 1)
    wide = [(x.astype(np.uint16) * 257).astype(np.float32) / np.float32(257) for x in (a, b)]
    assert ssim(*wide) == ssim(a, b)


@settings(max_examples=30)
@given(st.integers(0, 2**32), st.sampled_from([0.0, 255.0, -3e4, 1e30]), st.integers(1, 3))
def test_invalid_pixels_have_no_influence(seed, rubbish, channels):
    a, b = (noise(41, 97, channels, seed=s, dtype=np.float32) for s in (1, 2))
    valid = speckled(41, 97, seed, 0.003)
    clean = run(MEASURE, a, b, valid, cuts=(17,))["ssim"]
    a[valid == 0] = rubbish
    b[valid == 0] = -rubbish
    assert run(MEASURE, a, b, valid, cuts=(17,))["ssim"] == clean


@pytest.mark.parametrize("channels", [1, 3])
def test_stands_on_the_pixels_whose_whole_window_is_valid(channels):
    a = photo(90, 260, 3, channels)
    b = with_noise(a, 6.0)
    valid = speckled(90, 260, 4, 0.001)
    _, values = reference(a, b, full=True)
    whole = cv2.erode(valid, np.ones((11, 11), np.uint8), borderType=cv2.BORDER_CONSTANT,
                      borderValue=0) > 0  # fmt: skip
    value = run(MEASURE, a, b, valid, cuts=(30,))["ssim"]
    assert value.pixels == np.count_nonzero(whole) > 1000
    assert value.value == pytest.approx(values[whole].mean(), abs=1e-6)


@pytest.mark.parametrize(("name", "off"), [("noise", 1e-6), ("patch", 2.5e-6)])
def test_strips_that_do_not_reach_from_side_to_side_count_the_same_pixels(name, off):
    a, b = SCENES[name]
    whole = MEASURE.partial(sample(a, b, None, Rect.of(a), 0, 0.0)).total
    parts = [
        MEASURE.partial(sample(a, b, None, Rect(row, col, 70, 280), 5 + row % 3, 0.0)).total
        for row in (0, 70) for col in (0, 280)
    ]  # fmt: skip
    # Only what is around a patch is looked at, which is cut otherwise: some 4e-8 a pixel more.
    assert np.sum(parts, axis=0) == pytest.approx(np.array(whole), rel=off)
    assert sum(p[1] for p in parts) == whole[1] == 130 * 550


@pytest.mark.parametrize("name", ["noise", "patch", "alpha", "fractions", "flat step"])
def test_the_map_is_1_less_ssim(name):
    a, b = SCENES[name]
    _, values = reference(a, b, full=True)
    expected = np.atleast_3d(1 - values).mean(axis=2)
    found = mapped(MEASURE, KIND, a, b, cuts=(37, 40, 111))
    # float32 blurs: a variance is off by some 4e-8 m², m ≤ 255, against the 117 it is divided by.
    assert found[5:-5, 5:-5] == pytest.approx(expected[5:-5, 5:-5], abs=2e-5)
    found[5:-5, 5:-5] = 0
    assert found.max() == 0


def test_the_map_is_0_where_nothing_differs():
    """Also where the mean of a tile's differences, which is subtracted from it, is not 0."""
    a = photo(150, 500, 3)
    b = a.copy()
    b[:, 300:] = exposed(a, 0.6, 12)[:, 300:]
    found = mapped(MEASURE, KIND, a, b, cuts=(70,))
    assert found[:, :295].max() == 0 < found[5:-5, 295:-5].min()
    assert mapped(MEASURE, KIND, a, a.copy(), cuts=(70,)).max() == 0
    assert mapped(MEASURE, KIND, a[:10], b[:10]).max() == 0
    valid = np.full((150, 500), 255, np.uint8)
    valid[75, 400] = 0
    masked = mapped(MEASURE, KIND, a, b, valid, cuts=(70,))
    assert masked[70:81, 395:406].max() == 0 < masked[69, 394]
    masked[70:81, 395:406] = found[70:81, 395:406]
    assert masked == pytest.approx(found, abs=1e-6)


def test_the_map_of_opposites_is_up_to_2():
    a = checker(0, 255, (60, 140), 1)
    found = mapped(MEASURE, KIND, a, 255 - a)
    assert found.max() == pytest.approx(1 - reference(a, 255 - a, full=True)[1].min(), abs=1e-5)
    assert 1.9 < found.max() <= 2


def test_has_an_interval_that_holds_the_value():
    a = photo(240, 640, 3)
    found = run(MEASURE, a, with_noise(a, 9.0), cuts=(133,))["ssim"]
    low, high = found.interval
    assert low < found.value < high < 1
    assert run(MEASURE, a[:40, :90], a[9:49, :90])["ssim"].interval is None  # too few blocks


def test_differences_may_begin_in_any_tile():
    a = photo(290, 1301, 3)
    b = with_patch(with_patch(a, 30, 1290, 9, 9), 200, 600, 40, 50)
    assert ssim(a, b) == pytest.approx(reference(a, b), abs=1e-7)
    assert ssim(a[:, ::-1], b[:, ::-1]) == pytest.approx(reference(a, b), abs=1e-7)


def test_one_bad_pixel_in_a_large_picture_is_not_lost():
    a = np.full((700, 1500), 128, np.uint8)
    value = ssim(a, with_patch(a, 600, 1333, by=100), cuts=(350,))
    assert value == pytest.approx(reference(a, with_patch(a, 600, 1333, by=100)), abs=1e-9)
    assert value < 1.0


@pytest.mark.parametrize("shape", [(10, 300), (300, 10), (1, 1), (10, 10, 3)])
def test_pictures_without_a_whole_window_give_nan(shape):
    a = np.zeros(shape, np.uint8)
    value = run(MEASURE, a, a + np.uint8(1), cuts=(4, 100))["ssim"]
    assert math.isnan(value.value)
    assert value.pixels == 0
    assert "nan" in value.help


def test_no_valid_pixel_gives_nan():
    a = noise(50, 90)
    value = run(MEASURE, a, a, np.zeros((50, 90), np.uint8))["ssim"]
    assert math.isnan(value.value)
    assert value.pixels == 0


def test_threads_do_not_disturb_each_other():
    pairs = [(noise(140, 530, seed=s), noise(140, 530, seed=s + 50)) for s in range(8)]
    alone = [ssim(a, b) for a, b in pairs]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(lambda pair: ssim(*pair), pairs)) == alone
