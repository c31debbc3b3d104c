from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.color import deltaE_ciede2000, rgb2lab, rgb2xyz, xyz2lab
from skimage.color.colorconv import xyz_from_rgb, xyz_tristimulus_values

from core import ImageBuffer, compare
from core.light import decode
from core.map_kinds import KINDS
from core.measures._bootstrap import interval
from core.measures.color import JND, MEASURE
from core.types import MapKind
from tests.core.measures.samples import mapped, noise, run, speckled
from tests.make import photo, with_noise

KIND = MapKind.DELTA_E_2000
painted = partial(mapped, MEASURE, KIND)
MEAN, MEDIAN, P95, OVER_1, OVER_2_3 = MEASURE.names


def numbers(values):
    return [values[name].value for name in MEASURE.names]


def same_white(picture):
    """Lab by scikit-image, whose D65 differs from the white of its own sRGB in the fifth digit."""
    white = xyz_tristimulus_values(illuminant="D65", observer="2")
    return xyz2lab(rgb2xyz(picture) * (white / xyz_from_rgb.sum(axis=1)))


def decided(a, b):
    """Where hues are not opposite up to rounding: there the formula jumps."""
    u, v = (x[..., 1] + 1j * x[..., 2] for x in (a, b))
    return np.abs(np.abs(np.angle(u * v.conj())) - np.pi) > 1e-6


def nearly(a, seed):
    step = np.random.default_rng(seed).integers(-3, 4, a.shape)
    return np.clip(a + step, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("alike", [False, True])
def test_the_whole_chain_agrees_with_scikit_image(dtype, alike):
    a = noise(301, 503, 3)
    b = nearly(a, 1) if alike else noise(301, 503, 3, seed=1)
    found = painted(a.astype(dtype), b.astype(dtype))
    lab = same_white(a), same_white(b)
    error = np.abs(found - deltaE_ciede2000(*lab))[decided(*lab)]
    # float32 holds a* to 4e-6, and of dark colours scikit-image's 7.787 is not exact either.
    assert error.max() < (4e-4 if alike else 1e-3)
    # With its own white gray is not neutral for scikit-image, which moves hues of near-grays.
    mean = deltaE_ciede2000(rgb2lab(a), rgb2lab(b)).mean()
    assert run(MEASURE, a.astype(dtype), b.astype(dtype))[MEAN].value == pytest.approx(
        mean, abs=5e-4
    )


def test_numbers_are_those_of_the_map():
    a = photo(181, 307, 3)
    b = with_noise(a, 5.0)
    d = painted(a, b).astype(np.float64)
    values = run(MEASURE, a, b, cuts=(33, 140))
    assert values[MEAN].value == pytest.approx(d.mean(), rel=1e-9)
    # Quantiles are off by less than a bin, 1/128.
    assert values[MEDIAN].value == pytest.approx(np.median(d), abs=1 / 128)
    assert values[P95].value == pytest.approx(np.quantile(d, 0.95), abs=1 / 128)
    assert values[OVER_1].value == np.count_nonzero(d > 1) / d.size
    assert values[OVER_2_3].value == np.count_nonzero(d > JND) / d.size
    assert 0 < values[OVER_2_3].value < values[OVER_1].value < 1
    assert [v.unit for v in values.values()] == ["ΔE", "ΔE", "ΔE", "share", "share"]
    assert all(v.pixels == d.size and v.better == "lower" for v in values.values())


def test_known_colors():
    # sRGB red, green and blue; white and black are 100 apart in L*, and SL is 1 at L* 50.
    red, green, blue = [255, 0, 0], [0, 255, 0], [0, 0, 255]
    a = np.array([[red, red, green, [255] * 3]], np.uint8)
    b = np.array([[green, blue, blue, [0] * 3]], np.uint8)
    right = [[86.6082, 52.8787, 83.1859, 100.0]]  # with the white of scikit-image
    np.testing.assert_allclose(painted(a, b), right, rtol=0, atol=0.005)


@given(st.integers(0, 2**32), st.integers(1, 4), st.sampled_from([np.uint8, np.float32]))
def test_a_picture_against_itself_is_exactly_0(seed, channels, dtype):
    a = noise(7, 19, channels, seed=seed, dtype=dtype)
    b = a.copy()
    b[3, 11] = 255 - b[3, 11]  # one pixel that differs, so that the others are looked at
    d = painted(a, b)
    d[3, 11] = 0
    assert not d.any()
    assert numbers(run(MEASURE, a, a.copy())) == [0.0] * 5


@given(st.integers(0, 2**32))
def test_swapping_changes_nothing(seed):
    a, b = noise(9, 23, 3, seed=seed), noise(9, 23, 3, seed=seed + 1)
    one, other = (numbers(run(MEASURE, *pair)) for pair in ((a, b), (b, a)))
    assert one == pytest.approx(other, rel=1e-9)


@given(st.lists(st.integers(1, 60)), st.sampled_from([np.uint8, np.float32]), st.booleans())
@settings(max_examples=30)
def test_strips_are_as_good_as_the_whole(cuts, dtype, masked):
    a, b = noise(61, 97, 3, dtype=dtype), noise(61, 97, 3, seed=1, dtype=dtype)
    valid = speckled(61, 97, 2) if masked else None
    np.testing.assert_array_equal(painted(a, b, valid, cuts=cuts), painted(a, b, valid))
    whole, cut = (run(MEASURE, a, b, valid, cuts=c) for c in ((), cuts))
    assert cut[MEAN].value == pytest.approx(whole[MEAN].value, rel=1e-12)
    assert numbers(cut)[1:] == numbers(whole)[1:]  # counts


def test_the_place_of_a_pixel_does_not_matter():
    # Wider than a tile, and with neighbours that the strip does not have.
    a, b = noise(3, 40_001, 3), noise(3, 40_001, 3, seed=1)
    whole = painted(a, b)
    np.testing.assert_array_equal(painted(a[:, 17:, :], b[:, 17:, :]), whole[:, 17:])
    np.testing.assert_array_equal(painted(a[1:2, 39_990:], b[1:2, 39_990:]), whole[1:2, 39_990:])
    inside = run(MEASURE, a, b, cuts=(1, 2), margin=1)
    assert numbers(inside)[1:] == numbers(run(MEASURE, a, b))[1:]


@pytest.mark.parametrize("alike", [False, True])
def test_depth_changes_nothing(alike):
    a = noise(83, 127, 3)
    b = nearly(a, 2) if alike else noise(83, 127, 3, seed=2)
    wide = [(x.astype(np.uint16) * 257).astype(np.float32) / np.float32(257) for x in (a, b)]
    # The sRGB curve is a table for bytes and float32 otherwise, whose 1e-7 is 5e-5 in a*.
    np.testing.assert_allclose(painted(*wide), painted(a, b), rtol=0, atol=5e-4)
    assert run(MEASURE, *wide)[MEAN].value == pytest.approx(
        run(MEASURE, a, b)[MEAN].value, abs=1e-6
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_linear_light_is_taken_as_it_is(dtype):
    a, b = noise(31, 127, 3), noise(31, 127, 3, seed=1)
    light = [decode(x.astype(np.float64)).astype(dtype) for x in (a, b)]
    np.testing.assert_allclose(painted(*light, linear=True), painted(a, b), rtol=0, atol=1e-3)
    as_bytes = painted(a, b, linear=True)
    np.testing.assert_allclose(
        painted(a.astype(dtype), b.astype(dtype), linear=True), as_bytes, rtol=0, atol=1e-3
    )
    assert np.abs(as_bytes - painted(a, b)).max() > 1


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
@pytest.mark.parametrize("linear", [False, True])
def test_gray_is_neutral_color(dtype, linear):
    a, b = noise(31, 57, dtype=dtype), noise(31, 57, seed=1, dtype=dtype)
    rgb = [np.repeat(x[:, :, None], 3, axis=2) for x in (a, b)]
    gray = painted(a, b, linear=linear)
    np.testing.assert_allclose(gray, painted(*rgb, linear=linear), rtol=1e-6)
    if dtype is np.uint8 and not linear:
        right = deltaE_ciede2000(*(same_white(x) for x in rgb))
        np.testing.assert_allclose(gray, right, rtol=0, atol=1e-4)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32])
@pytest.mark.parametrize("channels", [2, 4])
def test_alpha_is_left_out(dtype, channels):
    a, b = (noise(31, 57, channels, seed=s, dtype=dtype) for s in (1, 2))
    color = [x[..., 0] if channels == 2 else np.ascontiguousarray(x[..., :3]) for x in (a, b)]
    np.testing.assert_array_equal(painted(a, b, alpha=True), painted(*color))
    b[..., :-1] = a[..., :-1]
    assert not painted(a, b, alpha=True).any()


def test_of_more_channels_the_first_three_are_colors():
    a, b = (noise(31, 57, 6, seed=s) for s in (1, 2))
    np.testing.assert_array_equal(painted(a, b), painted(a[..., :3], b[..., :3]))


@pytest.mark.parametrize("linear", [False, True])
def test_values_beyond_the_display_are_clipped(linear):
    a = np.array([[[300, 255, 1e30], [0, -5, 10], [99, 400, 7]]], np.float64)
    b = np.array([[[255, 999, 255], [-1, 0, 10], [99, 255, 7]]], np.float64)
    assert not painted(a, b, linear=linear).any()
    assert not painted(a.astype(np.float32), b.astype(np.float32), linear=linear).any()


@given(st.integers(0, 2**32), st.sampled_from([0.0, 255.0, -1e30, 1e300]))
@settings(max_examples=20)
def test_invalid_pixels_have_no_influence(seed, rubbish):
    a, b = (noise(31, 57, 3, seed=s, dtype=np.float64) for s in (1, 2))
    valid = speckled(31, 57, seed)
    clean, d = run(MEASURE, a, b, valid), painted(a, b, valid)
    assert clean[MEAN].value == pytest.approx(d[valid > 0].mean(dtype=np.float64), rel=1e-9)
    assert clean[OVER_1].pixels == np.count_nonzero(valid)
    b[valid == 0] = rubbish
    assert run(MEASURE, a, b, valid) == clean
    np.testing.assert_array_equal(painted(a, b, valid), d)
    assert not d[valid == 0].any()


def test_invalid_pixels_are_no_zeros():
    a, b = np.zeros((6, 11, 3), np.uint8), np.full((6, 11, 3), 90, np.uint8)
    valid = np.zeros((6, 11), np.uint8)
    valid[2, 3:5] = 255
    values = run(MEASURE, a, b, valid)
    assert values[MEDIAN].value == pytest.approx(values[MEAN].value, abs=1 / 128)
    assert values[OVER_1].value == 1


def test_no_valid_pixel_gives_nan():
    a = noise(5, 11, 3)
    values = run(MEASURE, a, a, np.zeros((5, 11), np.uint8))
    assert all(math.isnan(v.value) and v.pixels == 0 for v in values.values())


def test_what_is_no_color_gives_nan():
    a, b = noise(5, 11, 3), noise(5, 11, 3, seed=1)
    values = run(MEASURE, a, b, seen=False)
    assert all(math.isnan(v.value) and v.pixels == 0 for v in values.values())
    assert not painted(a, b, seen=False).any()


def test_dark_opposite_hues_are_on_the_published_side_of_the_jump():
    # Dark magenta and green of the same proportions: exactly opposite, and float32 cannot tell.
    a = np.array([[[9, 5, 9], [7, 6, 7], [4, 2, 4], [8, 3, 8]]], np.uint8)
    b = np.array([[[3, 7, 3], [5, 8, 5], [2, 4, 2], [1, 6, 1]]], np.uint8)
    light = [np.asarray(x, np.float64) / 255 / 12.92 for x in (a, b)]
    weights = xyz_from_rgb / xyz_from_rgb.sum(axis=1, keepdims=True)
    f = [x @ weights.T * (29 / 6) ** 2 / 3 for x in light]  # the straight part of CIE Lab
    lab = [
        np.stack(
            [116 * x[..., 1], 500 * (x[..., 0] - x[..., 1]), 200 * (x[..., 1] - x[..., 2])], -1
        )
        for x in f
    ]
    # A millionth nearer to one another hues are not opposite, and their mean is half the sum.
    turn = np.exp(1e-6j * np.sign(lab[1][..., 2]))
    z = (lab[1][..., 1] + 1j * lab[1][..., 2]) * turn
    near = np.stack([lab[1][..., 0], z.real, z.imag], -1)
    beyond = np.stack([lab[1][..., 0], (z / turn**2).real, (z / turn**2).imag], -1)
    right, wrong = deltaE_ciede2000(lab[0], near), deltaE_ciede2000(lab[0], beyond)
    assert (np.abs(right - wrong) > 0.01).all()
    np.testing.assert_allclose(painted(a, b), right, rtol=0, atol=1e-4)


def test_the_scale_of_the_map_holds_every_pair():
    # Among the most different colours there are.
    a, b = np.array([[[143, 255, 0]]], np.uint8), np.array([[[0, 0, 110]]], np.uint8)
    assert 119 < painted(a, b)[0, 0] < KINDS[KIND].high


def test_intervals_are_those_of_the_blocks():
    a = photo(128, 288, 3)
    b = with_noise(a, 4.0)
    values, d = run(MEASURE, a, b, cuts=(50,)), painted(a, b).astype(np.float64)
    blocks = d.reshape(8, 16, 18, 16).swapaxes(1, 2).reshape(144, 256)
    size = np.full(144, 256.0)
    right = interval(blocks.sum(axis=1), size)
    assert values[MEAN].interval == pytest.approx(right, rel=1e-9)
    assert values[OVER_1].interval == pytest.approx(interval((blocks > 1).sum(axis=1), size))
    low, high = values[OVER_2_3].interval
    assert low < values[OVER_2_3].value < high
    assert values[MEDIAN].interval is None


def test_an_unknown_map_is_refused():
    with pytest.raises(ValueError, match="flip"):
        mapped(MEASURE, MapKind.FLIP, noise(2, 3, 3), noise(2, 3, 3))


def test_is_among_the_usual_measures():
    a = photo(60, 110, 3)
    b = with_noise(a, 3.0)
    found = compare(ImageBuffer.from_array(a), ImageBuffer.from_array(b)).measures
    expected = run(MEASURE, a, b)
    for name in MEASURE.names:
        assert found[name].value == pytest.approx(expected[name].value, rel=1e-9)
