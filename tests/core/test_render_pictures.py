"""A and B for the eye: as they are, with a hatch where there is nothing."""

from __future__ import annotations

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.cache import Cache
from core.color import AlphaMode, GrayParams
from core.difference import DifferenceParams
from core.errors import CompareError
from core.pipeline import Pipeline
from core.render import (
    Side,
    originals,
    picture,
)
from core.screen import CHECK, checks, rgb8
from core.settings import Settings
from core.stages.align import AlignParams
from core.stages.blur import BlurParams
from core.stages.edges import EdgesParams
from core.stages.fit import Anchor, FitMethod, FitParams
from core.stages.normalize import NormalizeParams
from core.types import Rect
from tests.make import photo

CHECKS = {168, 208}
HATCH = {58, 70}


def pipeline(a, b, *params, cache=None):
    made = [ImageBuffer.from_array(x) for x in (a, b)]
    return Pipeline(*made, Settings(params), cache or Cache())


def is_hatch(rgb):
    """Where the colour is one of the hatch, and gray."""
    gray = (rgb[..., 0] == rgb[..., 1]) & (rgb[..., 1] == rgb[..., 2])
    return gray & np.isin(rgb[..., 0], list(HATCH))


# -- the pictures


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_is_shown_as_it_is(channels, dtype):
    levels = photo(40, 90, 1, channels)
    a = levels if dtype is np.uint8 else (levels.astype(np.float64) / 255)
    a = (a * 65535).astype(np.uint16) if dtype is np.uint16 else a.astype(dtype)
    got = picture(pipeline(a, a), Side.A, Rect(3, 11, 20, 60), 0)
    assert got.rgb.flags.c_contiguous
    assert got.rgb.dtype == np.uint8
    right = levels[3:23, 11:71]
    right = right if channels == 3 else np.dstack([right] * 3)
    np.testing.assert_array_equal(got.rgb, right)
    assert (got.side, got.rect, got.level, got.exact) == (Side.A, Rect(3, 11, 20, 60), 0, True)


def test_each_side_shows_its_own_after_the_stages():
    a, b = photo(40, 90, 1), photo(40, 90, 2)
    pipe = pipeline(a, b, BlurParams(enabled=True, sigma=2.0))
    whole = Rect(0, 0, 40, 90)
    tile = pipe.tile(whole, 0)
    for side, pixels in ((Side.A, tile.a), (Side.B, tile.b)):
        np.testing.assert_array_equal(picture(pipe, side, whole, 0).rgb, np.rint(pixels))
    assert not picture(pipe, Side.A, whole, 0, exact=False).exact


@pytest.mark.parametrize("params", [[], [BlurParams(enabled=True)]], ids=["plain", "blur"])
def test_where_a_picture_is_missing_there_is_a_hatch_and_the_other_is_shown(params):
    a = photo(40, 90, 1)
    b = np.zeros((30, 70, 3), np.uint8)
    pipe = pipeline(a, b, *params)
    whole = Rect(0, 0, 40, 90)
    outside = np.ones((40, 90), bool)
    outside[:30, :70] = False
    np.testing.assert_array_equal(is_hatch(picture(pipe, Side.B, whole, 0).rgb), outside)
    shown = picture(pipe, Side.A, whole, 0).rgb
    if not params:
        np.testing.assert_array_equal(shown, a)
    larger = picture(pipe, Side.A, Rect(-5, -7, 60, 120), 0).rgb
    np.testing.assert_array_equal(larger[5:45, 7:97], shown)
    border = np.ones((60, 120), bool)
    border[5:45, 7:97] = False
    assert is_hatch(larger)[border].all()


@pytest.mark.parametrize(
    "params",
    [
        [],
        [FitParams(method=FitMethod.RESIZE)],
        [FitParams(anchor=Anchor.CENTER)],
        [BlurParams(enabled=True), EdgesParams(enabled=True)],
        [NormalizeParams(enabled=True)],
        [EdgesParams(enabled=True, method="canny")],
    ],
    ids=["plain", "resize", "centre", "blur", "normalize", "canny"],
)
def test_far_outside_there_is_only_hatch(params):
    for rect in (Rect(500, 3, 9, 13), Rect(-90, -70, 9, 13), Rect(7, 7, 0, 5)):
        pipe = pipeline(photo(40, 90, 1), photo(30, 70, 2), *params)
        for level in (0, 1):
            for side in (Side.A, Side.B):
                got = picture(pipe, side, rect, level).rgb
                assert got.shape == (rect.height, rect.width, 3)
                assert is_hatch(got).all()


def test_transparency_is_shown_over_a_checkerboard_that_stays_in_place():
    rgba = np.zeros((40, 90, 4), np.uint8)
    rgba[..., :3] = (200, 100, 50)
    rgba[:, 30:60, 3] = 255
    rgba[:, 60:, 3] = 51
    pipe = pipeline(rgba, rgba)
    got = picture(pipe, Side.A, Rect(0, 0, 40, 90), 0).rgb
    board = checks(Rect(0, 0, 40, 90), 168, 208)
    assert set(np.unique(board)) == CHECKS
    np.testing.assert_array_equal(got[:, :30], np.dstack([board[:, :30]] * 3))
    assert np.all(got[:, 30:60] == (200, 100, 50))
    mixed = np.array([40, 20, 10]) + 0.8 * board[:, 60:, None]
    assert np.abs(got[:, 60:] - mixed).max() <= 1.0  # both parts are rounded
    part = picture(pipe, Side.A, Rect(5, 3, 20, 50), 0).rgb
    np.testing.assert_array_equal(part, got[5:25, 3:53])
    assert board[0, 0] != board[0, CHECK] != board[CHECK, CHECK]
    assert board[0, 0] == board[CHECK, CHECK]


def test_ignored_transparency_shows_the_colour_under_it():
    rgba = np.zeros((40, 90, 4), np.uint8)
    rgba[..., :3] = (200, 100, 50)
    pipe = pipeline(rgba, rgba, DifferenceParams(alpha=AlphaMode.IGNORE))
    assert np.all(picture(pipe, Side.A, Rect(0, 0, 40, 90), 0).rgb == (200, 100, 50))


@pytest.mark.parametrize("channels", [2, 4])
@pytest.mark.parametrize("method", ["sobel", "canny"])
def test_edges_of_a_transparent_picture_are_not_covered_by_a_checkerboard(channels, method):
    a = photo(40, 90, 1, channels=channels)
    a[..., -1] = 128
    pipe = pipeline(a, a, EdgesParams(enabled=True, method=method))
    whole = Rect(0, 0, 40, 90)
    colours = pipe.tile(whole, 0).a[..., :-1]
    got = picture(pipe, Side.A, whole, 0).rgb
    np.testing.assert_array_equal(got, np.broadcast_to(np.rint(colours), got.shape))


@pytest.mark.parametrize(("channels", "shown"), [(2, (0, 1, 1)), (5, (0, 1, 2))])
def test_unusual_numbers_of_channels(channels, shown):
    pixels = np.random.default_rng(0).integers(0, 256, (9, 21, channels), dtype=np.uint8)
    got = rgb8(pixels, Rect(0, 0, 9, 21), alpha=False)
    np.testing.assert_array_equal(got, pixels[..., shown])
    real = rgb8(pixels + np.float32(0.3), Rect(0, 0, 9, 21), alpha=False)
    np.testing.assert_array_equal(real, got)


def test_values_out_of_range_are_clipped():
    pixels = np.array([[-30.0, 0.4, 254.6, 900.0]])
    assert rgb8(pixels, Rect(0, 0, 1, 4), alpha=False)[0, :, 0].tolist() == [0, 0, 255, 255]


def test_originals_only_lay_b_on_a():
    settings = Settings(
        [FitParams(method=FitMethod.CROP), AlignParams(enabled=True), BlurParams(enabled=True),
         GrayParams(enabled=True), DifferenceParams(tolerance=3)]
    )  # fmt: skip
    plain = originals(settings)
    assert plain == Settings([FitParams(method=FitMethod.CROP), AlignParams(enabled=True)])


def test_originals_are_shown_though_they_can_only_be_compared_in_gray():
    rng = np.random.default_rng(0)
    a, b = (rng.integers(0, 256, (40, 90, n), dtype=np.uint8) for n in (3, 5))
    pipe = pipeline(a, b)
    whole = Rect(0, 0, 40, 90)
    np.testing.assert_array_equal(picture(pipe, Side.A, whole, 0).rgb, a)
    np.testing.assert_array_equal(picture(pipe, Side.B, whole, 0).rgb, b[..., :3])
    with pytest.raises(CompareError, match="switch Gray on"):
        pipe.prepare()
