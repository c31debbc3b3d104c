"""Pixels for the eye: nothing that differs is hidden, nothing that is missing is invented."""

from __future__ import annotations

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.cache import Cache
from core.colormaps import NAMES, is_diverging, lut
from core.difference import DifferenceParams
from core.engine import compare, preview
from core.map_kinds import KINDS
from core.maps import DifferenceMap
from core.pyramid import level_shape
from core.render import (
    Look,
    Side,
    heat,
    heat_level,
    overview,
    paint,
    painted,
    preview_pictures,
)
from core.result import Request
from core.settings import Settings
from core.types import MapKind, Rect, Token
from tests.make import photo, with_patch

HATCH = {58, 70}
RANGES = [(kind, KINDS[kind].low, KINDS[kind].high) for kind in MapKind]


def is_hatch(rgb):
    """Where the colour is one of the hatch, and gray."""
    gray = (rgb[..., 0] == rgb[..., 1]) & (rgb[..., 1] == rgb[..., 2])
    return gray & np.isin(rgb[..., 0], list(HATCH))


# -- painted codes


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("kind", "low", "top"), RANGES, ids=list(MapKind))
def test_zero_has_the_colour_of_zero_and_nothing_else_has(kind, low, top, name):
    for high in (0.5, 1.0, 64.0, 255.0, 65025.0):
        table = painted(kind, low, top, Look(name, high))
        assert table.shape == (256, 3)
        zero_code = 128 if kind is MapKind.SIGNED else 0
        zero_colour = lut(name)[128 if is_diverging(name) else 0]
        np.testing.assert_array_equal(table[zero_code], zero_colour)
        same = (table == zero_colour).all(axis=1)
        assert np.flatnonzero(same).tolist() == [zero_code]


@pytest.mark.parametrize("name", NAMES)
def test_the_last_colour_is_that_of_high_and_more(name):
    for high in (16.0, 64.0, 255.0):
        table = painted(MapKind.ABSOLUTE, 0.0, 255.0, Look(name, high))
        assert np.all(table[int(high) :] == lut(name)[255])
        assert not np.array_equal(table[int(high) - 8], lut(name)[255])


@pytest.mark.parametrize("name", [n for n in NAMES if not is_diverging(n)])
def test_a_larger_difference_is_no_darker(name):
    table = painted(MapKind.ABSOLUTE, 0.0, 255.0, Look(name, 100.0))
    index = [np.flatnonzero((lut(name) == c).all(axis=1))[0] for c in table]
    assert np.all(np.diff(index) >= 0)


@pytest.mark.parametrize("name", NAMES)
def test_a_signed_map_is_symmetric(name):
    for high in (5.0, 64.0, 255.0):
        low, top = KINDS[MapKind.SIGNED].low, KINDS[MapKind.SIGNED].high
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
    low, top = KINDS[MapKind.SIGNED].low, KINDS[MapKind.SIGNED].high
    hidden = (painted(MapKind.SIGNED, low, top, look, tolerance) == zero).all(axis=1)
    np.testing.assert_array_equal(hidden, np.abs(codes - 128) * 255 / 127 <= tolerance)
    hidden = (painted(MapKind.SQUARED, 0.0, 65025.0, look, tolerance) == zero).all(axis=1)
    np.testing.assert_array_equal(hidden, np.sqrt(codes * 255.0) <= tolerance)


def test_what_is_beyond_the_last_code_is_never_hidden():
    look = Look("inferno", 64.0, dim=True)
    for kind, ends in ((MapKind.ABSOLUTE, [255]), (MapKind.SIGNED, [1, 255])):
        low, top = KINDS[kind].low, KINDS[kind].high
        table = painted(kind, low, top, look, 255.0, beyond=True)
        shown = (table != lut("inferno")[0]).any(axis=1)
        assert np.flatnonzero(shown[1:]).tolist() == [e - 1 for e in ends]


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
    own = kind in (MapKind.ABSOLUTE, MapKind.SIGNED, MapKind.SQUARED, MapKind.RELATIVE)
    # A measure decides itself what is a difference, and says nothing of narrow pictures.
    bad = np.argwhere((made.magnitude if own else made.levels[0]) > 0)
    assert len(bad) or not own
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
    a, b = np.zeros((300, 700), np.uint8), np.ones((270, 601), np.uint8)
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
    far = (MapKind.SSIM, MapKind.MS_SSIM, MapKind.GMSD, MapKind.GRADIENT, MapKind.FLIP)
    if kind in far:  # they look at what is around a pixel
        assert not zero[:35].all() or kind is MapKind.MS_SSIM  # too small for its scales
        return
    assert zero[:35].sum() == 35 * 90 - 8 * 20
    assert not zero[10:18, 50:70].any()


@pytest.mark.parametrize("side", list(Side))
def test_an_overview_holds_the_whole_canvas(side):
    a = np.random.default_rng(0).integers(0, 256, (333, 777), dtype=np.uint8)
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
