"""Edges against scikit-image in float64, and the properties of a stage."""

from __future__ import annotations

import itertools
import math

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from skimage import filters

from core.errors import Cancelled
from core.stages.edges import PARAMS, STAGE, EdgesParams, Method
from core.types import Rect, Tile, Token
from tests.core.stages.pairs import Pair, noise
from tests.make import photo

LOCAL = [m for m in Method if m is not Method.CANNY]
PEAK = {"sobel": math.sqrt(20), "prewitt": math.sqrt(10), "scharr": math.sqrt(356)}


def edges(picture, params, valid=None):
    pair = Pair(picture, picture, valid)
    state = STAGE.prepare(pair, params, Token())
    return STAGE.apply(pair.tile(Rect.of(picture)), params, state).a


@pytest.mark.parametrize("method", ["sobel", "prewitt", "scharr"])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_gradients_are_those_of_scikit_image_on_our_scale(method, dtype):
    picture = noise(50, 123)
    rows, cols = (
        getattr(filters, method)(picture.astype(float), axis=k, mode="mirror") for k in (0, 1)
    )
    weight = {"sobel": 4, "prewitt": 3, "scharr": 16}[method]  # theirs sum to 1
    expected = np.hypot(rows, cols) * weight / PEAK[method]
    found = edges(picture.astype(dtype), EdgesParams(method=method))
    assert found.dtype == (np.float64 if dtype == np.float64 else np.float32)
    # Whole numbers are exact in float32 up to the root and the division.
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9)


def test_laplacian_is_the_absolute_sum_of_second_differences():
    picture = noise(50, 123)
    kernel = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
    expected = np.abs(ndimage.convolve(picture.astype(float), kernel, mode="mirror")) / 4
    np.testing.assert_array_equal(edges(picture, EdgesParams(method="laplacian")), expected)


@pytest.mark.parametrize("method", LOCAL)
def test_the_largest_magnitude_of_any_patch_is_exactly_white(method):
    patches = np.array(list(itertools.product((0, 255), repeat=9)), np.uint8).reshape(-1, 3, 3)
    found = [edges(p, EdgesParams(method=method))[1, 1] for p in patches]
    assert max(found) == pytest.approx(255, rel=1e-6)


@pytest.mark.parametrize(
    ("method", "height"), [("sobel", 228.08), ("prewitt", 241.91), ("scharr", 216.24)]
)
def test_a_straight_step_has_the_stated_height(method, height):
    step = np.zeros((20, 60), np.uint8)
    step[:, 33:] = 255
    for picture, at in ((step, (11, 33)), (np.ascontiguousarray(step.T), (33, 11))):
        found = edges(picture, EdgesParams(method=method))
        assert found[at] == pytest.approx(height, abs=0.005)
        assert np.count_nonzero(found) == 2 * 20


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("channels", [1, 3, 5])
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_strips_equal_the_whole(method, channels, dtype):
    picture = noise(120, 181, channels, 1).astype(dtype)
    other = noise(120, 181, channels).astype(dtype)
    params = EdgesParams(method=method, threshold=7)
    pair = Pair(picture, other)
    state = STAGE.prepare(pair, params, Token())
    whole = STAGE.apply(pair.tile(Rect.of(picture)), params, state)
    halo = STAGE.halo(params, 0)
    for rect in (Rect(0, 0, 31, 181), Rect(31, 41, 69, 107), Rect(100, 90, 20, 91)):
        outer = rect.grow(halo).intersect(Rect.of(picture))
        part = STAGE.apply(pair.tile(outer), params, state)
        np.testing.assert_array_equal(part.a[rect.within(outer)], whole.a[rect.slices])
        np.testing.assert_array_equal(part.b[rect.within(outer)], whole.b[rect.slices])
    assert whole.a.shape == picture.shape


@pytest.mark.parametrize("method", Method)
@pytest.mark.parametrize("channels", [1, 3])
def test_bytes_floats_and_doubles_agree_and_swapping_swaps(method, channels):
    a, b = noise(40, 75, channels, 1), photo(40, 75, channels=channels)
    params = EdgesParams(method=method, threshold=20)
    found = [edges(a.astype(t), params) for t in (np.uint8, np.float32, np.float64)]
    np.testing.assert_array_equal(found[0], found[1])
    np.testing.assert_allclose(found[0], found[2], rtol=1e-6)  # float32 against float64 rounding
    pair = Pair(b, a)
    state = STAGE.prepare(pair, params, Token())
    back = STAGE.apply(pair.tile(Rect.of(a)), params, state)
    np.testing.assert_array_equal(back.b, found[0])
    np.testing.assert_array_equal(back.a, edges(b, params))


@settings(max_examples=40, deadline=None)
@given(threshold=st.floats(0.1, 255), method=st.sampled_from(LOCAL))
def test_threshold_keeps_what_reaches_it(threshold, method):
    picture = noise(30, 71)
    plain = edges(picture, EdgesParams(method=method))
    kept = edges(picture, EdgesParams(method=method, threshold=threshold))
    np.testing.assert_array_equal(kept, np.where(plain >= np.float32(threshold), plain, 0))


def test_threshold_keeps_what_equals_it():
    picture = np.zeros((9, 31), np.uint8)
    picture[4, 20] = 100
    found = edges(picture, EdgesParams(method="laplacian", threshold=100))
    assert found[4, 20] == 100
    assert np.count_nonzero(found) == 1


@pytest.mark.parametrize("threshold", [0.0, 30.0, 200.0])
def test_canny_is_that_of_the_whole_picture(threshold):
    picture = photo(150, 260, channels=1)
    high = (threshold or 50.0) * PEAK["sobel"]
    expected = cv2.Canny(
        cv2.Sobel(picture, cv2.CV_16S, 1, 0, borderType=cv2.BORDER_REFLECT_101),
        cv2.Sobel(picture, cv2.CV_16S, 0, 1, borderType=cv2.BORDER_REFLECT_101),
        0.4 * high, high, L2gradient=True,
    )  # fmt: skip
    found = edges(picture, EdgesParams(method="canny", threshold=threshold))
    np.testing.assert_array_equal(found, expected)


def test_canny_follows_a_faint_line_through_many_strips():
    """A line that starts strong and stays faint is one line, however far it goes."""
    params = EdgesParams(method="canny", threshold=60)
    picture = np.zeros((300, 90), np.uint8)
    # A step from 100 down to 40 levels; Sobel makes 0.894 of it, so its end is between 24 and 60.
    picture[:, 41:] = np.maximum(100 - np.arange(300), 40)[:, None]
    assert np.all(edges(picture, params)[1:-1, 40:42].max(axis=1) == 255)
    assert not edges(np.ascontiguousarray(picture[60:]), params).any()


def test_canny_of_colour_writes_all_channels_alike():
    found = edges(photo(80, 130), EdgesParams(method="canny"))
    assert found.dtype == np.uint8
    assert set(np.unique(found)) == {0, 255}
    np.testing.assert_array_equal(found[..., 0], found[..., 2])


def test_canny_sees_nothing_of_what_is_not_valid():
    valid = np.full((80, 130), 255, np.uint8)
    valid[:, 70:] = 0
    first, second = photo(80, 130, channels=1), photo(80, 130, channels=1)
    second[:, 70:] = noise(80, 60)
    params = EdgesParams(method="canny", threshold=20)
    one, two = edges(first, params, valid), edges(second, params, valid)
    np.testing.assert_array_equal(one, two)
    assert one[:, :69].any()
    assert not one[:, 69:].any()


def test_canny_outside_the_canvas_is_empty_and_at_another_level_local():
    picture = photo(60, 110, channels=1)
    params = EdgesParams(method="canny", threshold=20)
    state = STAGE.prepare(Pair(picture, picture), params, Token())
    beyond = Rect(-4, -6, 70, 125)
    larger = np.pad(picture, ((4, 6), (6, 9)))
    found = STAGE.apply(Tile(larger, larger, None, beyond), params, state).a
    np.testing.assert_array_equal(found[4:64, 6:116], edges(picture, params))
    assert not found[:4].any()
    assert not found[:, 116:].any()
    small = STAGE.apply(Tile(picture, picture, None, Rect.of(picture), 1), params, state).a
    np.testing.assert_array_equal(small, edges(picture, params))


def test_canny_stops_when_no_longer_wanted():
    token = Token()
    token.cancel()
    with pytest.raises(Cancelled):
        STAGE.prepare(Pair(noise(), noise()), EdgesParams(method="canny"), token)


def test_says_what_it_does():
    assert STAGE.summary(EdgesParams(), None) == ""
    assert STAGE.summary(EdgesParams(threshold=8), None) == "from 8 levels"
    assert STAGE.summary(EdgesParams(method="canny"), None) == "from 50, down to 20 levels"
    assert STAGE.prepare(Pair(noise(), noise()), EdgesParams(), Token()) is None
    assert STAGE.notices(EdgesParams(), None) == ()
    assert PARAMS.primary() == "method"
    assert not PARAMS().enabled
    assert all(u.help.endswith(".") for u in PARAMS.ui_fields().values())
