"""Pixels for the eye: nothing that differs is hidden, nothing that is missing is invented."""

from __future__ import annotations

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.cache import Cache
from core.color import AlphaMode, GrayParams
from core.colormaps import NAMES, is_diverging, lut
from core.difference import DifferenceParams, map_range
from core.engine import compare, preview
from core.errors import CompareError
from core.maps import DifferenceMap
from core.pipeline import Pipeline
from core.pyramid import level_shape
from core.render import (
    CHECK,
    Look,
    Side,
    checks,
    heat,
    heat_level,
    originals,
    overview,
    paint,
    painted,
    picture,
    preview_pictures,
    rgb8,
)
from core.result import Request
from core.settings import Settings
from core.stages.align import AlignParams
from core.stages.blur import BlurParams
from core.stages.edges import EdgesParams
from core.stages.fit import Anchor, FitMethod, FitParams
from core.stages.normalize import NormalizeParams
from core.types import MapKind, Rect, Token
from tests.make import photo, with_patch

CHECKS = {168, 208}
HATCH = {58, 70}
RANGES = [(kind, *map_range(kind)[:2]) for kind in MapKind]


def pipeline(a, b, *params, cache=None):
    made = [ImageBuffer.from_array(x) for x in (a, b)]
    return Pipeline(*made, Settings(params), cache or Cache())


def is_hatch(rgb):
    """Where the colour is one of the hatch, and gray."""
    gray = (rgb[..., 0] == rgb[..., 1]) & (rgb[..., 1] == rgb[..., 2])
    return gray & np.isin(rgb[..., 0], list(HATCH))


# -- painted codes


@pytest.mark.parametrize("high", [0.5, 1.0, 64.0, 255.0, 65025.0])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("kind", "low", "top"), RANGES, ids=list(MapKind))
def test_zero_has_the_colour_of_zero_and_nothing_else_has(kind, low, top, name, high):
    table = painted(kind, low, top, Look(name, high))
    assert table.shape == (256, 3)
    zero_code = 128 if kind is MapKind.SIGNED else 0
    zero_colour = lut(name)[128 if is_diverging(name) else 0]
    np.testing.assert_array_equal(table[zero_code], zero_colour)
    same = (table == zero_colour).all(axis=1)
    assert np.flatnonzero(same).tolist() == [zero_code]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("high", [16.0, 64.0, 255.0])
def test_the_last_colour_is_that_of_high_and_more(name, high):
    table = painted(MapKind.ABSOLUTE, 0.0, 255.0, Look(name, high))
    assert np.all(table[int(high) :] == lut(name)[255])
    assert not np.array_equal(table[int(high) - 8], lut(name)[255])


@pytest.mark.parametrize("name", [n for n in NAMES if not is_diverging(n)])
def test_a_larger_difference_is_no_darker(name):
    table = painted(MapKind.ABSOLUTE, 0.0, 255.0, Look(name, 100.0))
    index = [np.flatnonzero((lut(name) == c).all(axis=1))[0] for c in table]
    assert np.all(np.diff(index) >= 0)


@pytest.mark.parametrize("high", [5.0, 64.0, 255.0])
@pytest.mark.parametrize("name", NAMES)
def test_a_signed_map_is_symmetric(name, high):
    low, top, _ = map_range(MapKind.SIGNED)
    table = painted(MapKind.SIGNED, low, top, Look(name, high))
    colours = lut(name)
    for step in range(1, 128):
        up, down = table[128 + step], table[128 - step]
        if not is_diverging(name):
            np.testing.assert_array_equal(up, down)
            continue
        places = [np.flatnonzero((colours == c).all(axis=1)) for c in (up, down)]
        assert 256 - places[0][0] in places[1] or 256 - places[0][-1] in places[1]


@pytest.mark.parametrize("tolerance", [0.0, 4.0, 4.5, 200.0])
@pytest.mark.parametrize("name", ["inferno", "blue-orange"])
def test_dim_paints_only_what_is_over_the_tolerance(name, tolerance):
    look = Look(name, 64.0, dim=True)
    zero = lut(name)[128 if is_diverging(name) else 0]
    codes = np.arange(256)
    hidden = (painted(MapKind.ABSOLUTE, 0.0, 255.0, look, tolerance) == zero).all(axis=1)
    np.testing.assert_array_equal(hidden, codes <= tolerance)
    low, top, _ = map_range(MapKind.SIGNED)
    hidden = (painted(MapKind.SIGNED, low, top, look, tolerance) == zero).all(axis=1)
    np.testing.assert_array_equal(hidden, np.abs(codes - 128) * 255 / 127 <= tolerance)
    hidden = (painted(MapKind.SQUARED, 0.0, 65025.0, look, tolerance) == zero).all(axis=1)
    np.testing.assert_array_equal(hidden, np.sqrt(codes * 255.0) <= tolerance)


def test_painting_looks_every_code_up():
    codes = np.random.default_rng(0).integers(0, 256, (13, 29), dtype=np.uint8)
    table = painted(MapKind.ABSOLUTE, 0.0, 255.0, Look())
    np.testing.assert_array_equal(paint(codes, table), table[codes])
    assert paint(codes[:0], table).shape == (0, 29, 3)


# -- the map


def random_map(shape, kind, seed=0):
    rng = np.random.default_rng(seed)
    a = rng.integers(0, 256, (*shape, 3), dtype=np.uint8)
    b = np.where(rng.random(shape)[..., None] < 0.05, a ^ 64, a).astype(np.uint8)
    real = b.astype(np.float32) / 255
    real[rng.random(shape) < 0.3] = np.nan
    params = DifferenceParams(map=kind)
    a = ImageBuffer.from_array(a.astype(np.float32) / 255)
    return compare(a, ImageBuffer.from_array(real), Settings([params]), measures=["l0"]).map


@pytest.mark.parametrize("kind", list(MapKind))
@pytest.mark.parametrize("shape", [(257, 515), (301, 999), (1, 700), (700, 1), (513, 1031)])
def test_no_difference_is_hidden_at_any_level(shape, kind):
    made = random_map(shape, kind)
    assert len(made.levels) > 1
    look = Look("blue-orange", 64.0)
    zero = lut("blue-orange")[128]
    bad = np.argwhere(made.magnitude > 0)
    assert len(bad)
    for level in range(len(made.levels)):
        found, whole = heat_level(made, level)
        assert found == level
        got = heat(made, whole, level, look, 0.0)
        assert got.rgb.shape == (whole.height, whole.width, 3)
        assert (got.side, got.level, got.exact, got.rect) == (Side.DIFFERENCE, level, True, whole)
        shown = got.rgb[bad[:, 0] >> level, bad[:, 1] >> level]
        assert not is_hatch(shown).any()
        assert not (shown == zero).all(axis=1).any()


def test_where_there_is_nothing_to_compare_there_is_a_hatch():
    a, b = photo(300, 700), photo(270, 601)
    made = compare(*(ImageBuffer.from_array(x) for x in (a, b)), measures=["l0"]).map
    for level in (0, 1):
        got = heat(made, heat_level(made, level)[1], level, Look(), 0.0).rgb
        rows, cols = (2**level * np.arange(n) for n in got.shape[:2])
        missing = (rows[:, None] >= 270) | (cols[None, :] >= 601)
        np.testing.assert_array_equal(is_hatch(got), missing)


def test_a_part_of_the_map_is_the_part_of_the_whole():
    made = random_map((301, 999), MapKind.SIGNED)
    look = Look("blue-orange", 64.0)
    for level, rect in ((0, Rect(30, 401, 50, 77)), (1, Rect(100, 333, 51, 167))):
        whole = heat(made, heat_level(made, level)[1], level, look, 3.0).rgb
        np.testing.assert_array_equal(heat(made, rect, level, look, 3.0).rgb, whole[rect.slices])


def test_beyond_the_smallest_level_the_smallest_is_given():
    made = random_map((257, 515), MapKind.ABSOLUTE)
    level, whole = heat_level(made, 9)
    assert level == len(made.levels) - 1
    assert (whole.height, whole.width) == made.levels[-1].shape
    assert heat(made, whole, 9, Look(), 0.0).level == level
    assert isinstance(made, DifferenceMap)
    assert made.at_level(9) is made.levels[-1]


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


@pytest.mark.parametrize("rect", [Rect(500, 3, 9, 13), Rect(-90, -70, 9, 13), Rect(7, 7, 0, 5)])
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
def test_far_outside_there_is_only_hatch(params, rect):
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


# -- previews and overviews


@pytest.mark.parametrize("kind", list(MapKind))
def test_a_preview_is_marked_as_such(kind):
    a = photo(40, 90, 1)
    b = with_patch(a[:35], 10, 50, 8, 20)
    buffers = [ImageBuffer.from_array(x) for x in (a, b)]
    request = Request(*buffers, Settings([DifferenceParams(map=kind)]))
    made = preview_pictures(preview(request, Token(), Cache()), Look("inferno"), alpha=False)
    assert set(made) == set(Side)
    assert not any(p.exact for p in made.values())
    assert all(p.rect == Rect(0, 0, 40, 90) and p.level == 0 for p in made.values())
    np.testing.assert_array_equal(made[Side.A].rgb, a)
    rgb = made[Side.DIFFERENCE].rgb
    zero = (rgb == lut("inferno")[0]).all(axis=2)
    assert is_hatch(rgb)[35:].all()
    assert zero[:35].sum() == 35 * 90 - 8 * 20
    assert not zero[10:18, 50:70].any()


@pytest.mark.parametrize("side", list(Side))
def test_an_overview_holds_the_whole_canvas(side):
    a = photo(333, 777, 1)
    request = Request(*(ImageBuffer.from_array(x) for x in (a, with_patch(a, 99, 707))))
    result = compare(request.a, request.b)
    for pixels in (10_000, 100_000, 10**6):
        got = overview(request, result, side, Look(), pixels)
        assert got.side is side
        assert (got.rect.height, got.rect.width) == level_shape((333, 777), got.level)
        assert got.rgb.shape == (got.rect.height, got.rect.width, 3)
        if side is Side.DIFFERENCE:
            lit = (got.rgb != lut("inferno")[0]).any(axis=2)
            assert np.argwhere(lit).tolist() == [[99 >> got.level, 707 >> got.level]]
