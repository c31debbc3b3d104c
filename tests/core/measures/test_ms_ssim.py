from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import correlate1d, minimum_filter

from core.buffer import ImageBuffer
from core.difference import DifferenceParams
from core.engine import compare
from core.measures.ms_ssim import MEASURE, WEIGHTS
from core.settings import Settings
from core.types import MapKind, Rect
from tests.core.measures.samples import mapped, noise, run, sample, speckled
from tests.make import exposed, photo, shifted, with_noise, with_patch

KIND = MapKind.MS_SSIM


def ms_ssim(*args, **kwargs):
    return run(MEASURE, *args, **kwargs)["ms_ssim"].value


def script(a, b, valid=None):
    """MS-SSIM of a whole picture in float64, straight from the two papers."""
    planes = [np.moveaxis(np.atleast_3d(x.astype(np.float64)), 2, 0) for x in (a, b)]
    mask = np.full(a.shape[:2], True) if valid is None else valid > 0
    return float(np.mean([script_of_one(x, y, mask) for x, y in zip(*planes, strict=True)]))


def script_of_one(x, y, mask):
    product = 1.0
    for scale, weight in enumerate(WEIGHTS):
        cs, luminance = factors(np.where(mask, x, 0), np.where(mask, y, 0))
        whole = minimum_filter(mask, 11, mode="constant", cval=False)[5:-5, 5:-5]
        values = cs * luminance if scale == len(WEIGHTS) - 1 else cs
        product *= max(values[whole].mean(), 0.0) ** weight
        x, y = pooled(x), pooled(y)
        mask = pooled(mask.astype(float)) == 1.0
    return product


def factors(x, y):
    weights = np.exp(-(np.arange(-5.0, 6.0) ** 2) / (2 * 1.5**2))
    weights /= weights.sum()

    def mean(z):
        return correlate1d(correlate1d(z, weights, 0), weights, 1)[5:-5, 5:-5]

    mx, my = mean(x), mean(y)
    vx, vy, cov = mean(x * x) - mx * mx, mean(y * y) - my * my, mean(x * y) - mx * my
    c1, c2 = 2.55**2, 7.65**2
    return (2 * cov + c2) / (vx + vy + c2), (2 * mx * my + c1) / (mx * mx + my * my + c1)


def pooled(z):
    z = z[: z.shape[0] // 2 * 2, : z.shape[1] // 2 * 2]
    return (z[::2, ::2] + z[1::2, ::2] + z[::2, 1::2] + z[1::2, 1::2]) / 4


def scenes():
    a, gray = photo(205, 470, 3), photo(190, 333, 4, 1)
    return {
        "noise": (a, with_noise(a, 6.0)),
        "noise, gray": (gray, with_noise(gray, 6.0)),
        "patch": (a, with_patch(a, 60, 331, 50, 90, by=70)),
        "shift": shifted(0.6, -1.3, 190, 400, seed=5),
        "exposure": (a, exposed(a, 1.2, 12)),
        "unrelated": (noise(190, 300), noise(190, 300, seed=1)),
        "alpha": (photo(180, 250, 6, 4), photo(180, 250, 7, 4)),
        "fractions": (gray.astype(np.float32), with_noise(gray.astype(np.float32), 0.05)),
        "float64": (gray.astype(np.float64) + 0.3, with_noise(gray.astype(np.float64), 2.0)),
        "out of range": (gray.astype(np.float32) * 3 - 200, gray.astype(np.float32)),
        "bright": (gray.astype(np.float32) * 200, with_noise(gray.astype(np.float32), 2.0) * 200),
    }


SCENES = scenes()


@pytest.mark.parametrize("name", SCENES)
def test_agrees_with_a_script(name):
    a, b = SCENES[name]
    assert ms_ssim(a, b) == pytest.approx(script(a, b), abs=1e-6)  # float32 blurs


@pytest.mark.parametrize("name", ["noise", "shift", "alpha", "fractions"])
def test_strips_are_as_good_as_the_whole(name):
    a, b = SCENES[name]
    whole = run(MEASURE, a, b)["ms_ssim"]
    for cuts in ((37, 74, 111), (3, 5, 6, 90, 171), range(7, a.shape[0], 23)):
        cut = run(MEASURE, a, b, cuts=cuts, margin=cuts[0] % 3)["ms_ssim"]
        assert cut.value == pytest.approx(whole.value, abs=1e-6)
        assert cut.pixels == whole.pixels == (a.shape[0] - 10) * (a.shape[1] - 10)


def test_strips_that_do_not_reach_from_side_to_side_count_the_same_windows():
    a, b = SCENES["patch"]
    whole = MEASURE.partial(sample(a, b, None, Rect.of(a), 0, 0.0)).total
    parts = []
    for row, bottom in ((0, 77), (77, 205)):
        for col, right in ((0, 203), (203, 330), (330, 470)):
            rect = Rect(row, col, bottom - row, right - col)
            parts.append(MEASURE.partial(sample(a, b, None, rect, 96, 0.0)).total)
    assert np.sum(parts, axis=0) == pytest.approx(np.array(whole), rel=1e-4)
    assert np.sum(parts, axis=0)[::4].tolist() == list(whole)[::4]  # the windows of each scale


def test_invalid_pixels_make_coarse_ones_invalid():
    a = photo(230, 480, 3)
    b = with_noise(a, 9.0)
    valid = np.full((230, 480), 255, np.uint8)
    valid[31, 47] = valid[200:, 301] = 0
    clean = run(MEASURE, a, b, valid, cuts=(100,))["ms_ssim"]
    assert clean.value == pytest.approx(script(a, b, valid), abs=1e-6)
    assert clean.pixels < (230 - 10) * (480 - 10)
    for rubbish in (0, 255):
        x, y = a.copy(), b.copy()
        x[valid == 0], y[valid == 0] = rubbish, 255 - rubbish
        assert run(MEASURE, x, y, valid, cuts=(100,))["ms_ssim"] == clean


@settings(max_examples=10)
@given(st.integers(0, 2**32), st.integers(1, 3), st.sampled_from([np.uint8, np.float32]))
def test_a_picture_against_itself_is_exactly_1(seed, channels, dtype):
    a = noise(177, 190, channels, seed=seed, dtype=dtype)
    assert ms_ssim(a, a.copy(), cuts=(50,)) == 1.0


@settings(max_examples=10)
@given(st.integers(0, 2**32))
def test_swapping_and_depth_change_nothing(seed):
    a, b = (noise(178, 200, 3, seed=s) for s in (seed, seed + 1))
    value = ms_ssim(a, b)
    assert ms_ssim(b, a) == value
    wide = [(x.astype(np.uint16) * 257).astype(np.float32) / np.float32(257) for x in (a, b)]
    assert ms_ssim(*wide) == value


def test_a_negative_counts_as_0():
    a = photo(180, 300, 4, 1)
    assert ms_ssim(a, 255 - a) == script(a, 255 - a) == 0.0


@pytest.mark.parametrize("shape", [(175, 400), (400, 175), (9, 9), (1, 1, 3)])
def test_pictures_below_176_pixels_give_nan(shape):
    a = np.zeros(shape, np.uint8)
    value = run(MEASURE, a, a + np.uint8(1), cuts=(4, 100))["ms_ssim"]
    assert math.isnan(value.value)
    assert value.pixels == 0
    assert "176" in value.help


def test_176_pixels_are_enough():
    a = photo(176, 177, 1)
    b = with_noise(a, 5.0)
    assert ms_ssim(a, b) == pytest.approx(script(a, b), abs=1e-6)


def test_holes_everywhere_and_no_valid_pixel_give_nan():
    a, b = noise(200, 300), noise(200, 300, seed=1)
    assert math.isnan(ms_ssim(a, b, speckled(200, 300, 1)))
    assert math.isnan(ms_ssim(a, b, np.zeros((200, 300), np.uint8)))


def test_has_an_interval_that_holds_the_value():
    a = photo(420, 640, 3)
    found = run(MEASURE, a, with_noise(a, 12.0), cuts=(133,))["ms_ssim"]
    low, high = found.interval
    assert low < found.value < high
    assert high - low < 0.1


def test_the_map_is_the_product_at_each_pixel():
    a, b = SCENES["noise, gray"]
    found = mapped(MEASURE, KIND, a, b, cuts=(61, 66, 150))
    for row, col in ((95, 160), (96, 175), (91, 147), (8, 200), (185, 12)):
        assert found[row, col] == pytest.approx(1 - product_at(a, b, row, col), abs=1e-5)


def product_at(a, b, row, col):
    x, y, product = a.astype(np.float64), b.astype(np.float64), 1.0
    for scale, weight in enumerate(WEIGHTS):
        r, c = row >> scale, col >> scale
        if 5 <= r < x.shape[0] - 5 and 5 <= c < x.shape[1] - 5:
            cs, luminance = (f[r - 5, c - 5] for f in factors(x, y))
            product *= max(cs * luminance if scale == 4 else cs, 0.0) ** weight
        x, y = pooled(x), pooled(y)
    return product


def test_the_map_is_0_where_nothing_differs_and_shows_what_does():
    a = photo(230, 500, 3)
    b = a.copy()
    b[20:50, 400:450] = noise(30, 50, 3)
    found = mapped(MEASURE, KIND, a, b, cuts=(110,))
    assert found[:, :300].max() == 0
    assert found[35, 425] > 0.2
    assert found.max() <= 1
    assert mapped(MEASURE, KIND, a, a.copy(), cuts=(110,)).max() == 0
    assert mapped(MEASURE, KIND, a[:9, :9], b[:9, :9]).max() == 0


def test_can_be_asked_for_and_painted():
    a = photo(200, 320, 3)
    b = with_patch(a, 60, 200, 40, 60, by=90)
    pair = [ImageBuffer.from_array(x) for x in (a, b)]
    painted = Settings([DifferenceParams(map=KIND)])
    result = compare(*pair, painted, measures=["ms_ssim"])
    assert result.measures["ms_ssim"].value == pytest.approx(ms_ssim(a, b), abs=1e-6)
    assert result.map.at_level(0)[80, 230] > result.map.at_level(0)[180, 20] == 0
    assert "ms_ssim" not in compare(*pair).measures
