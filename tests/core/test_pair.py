"""Two pictures in working values on one canvas: channels, alpha, dtypes, and where they exist."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.color import AlphaMode, GrayMethod, GrayParams
from core.difference import DifferenceParams
from core.errors import CompareError
from core.geometry import Kernel, Placement, scaling, translation
from core.pair import Pair
from core.settings import Settings
from core.types import Alpha, Rect
from tests.make import photo

SHAPE = (12, 31)
WHOLE = Rect(0, 0, *SHAPE)
GRAY = GrayParams(enabled=True, method=GrayMethod.MEAN)
IGNORE = DifferenceParams(alpha=AlphaMode.IGNORE)


def picture(channels, dtype=np.uint8, seed=0, **more):
    rng = np.random.default_rng(seed)
    shape = SHAPE if channels == 1 else (*SHAPE, channels)
    kind = np.dtype(dtype)
    if kind.kind == "f":
        return ImageBuffer.from_array(rng.random(shape).astype(kind), **more)
    top = np.iinfo(kind).max
    return ImageBuffer.from_array(rng.integers(0, top, shape, kind, endpoint=True), **more)


def tile(a, b, *params, wide=False, placement=None):
    pair = Pair(a, b, Settings(params), wide=wide)
    return pair.fetch(WHOLE, 0, placement or Placement(SHAPE)), pair


@pytest.mark.parametrize(
    ("a", "b", "names", "gray_names"),
    [
        (1, 1, ("gray",), ("gray",)),
        (1, 3, ("R", "G", "B"), ("gray",)),
        (3, 3, ("R", "G", "B"), ("gray",)),
        (2, 1, ("gray", "alpha"), ("gray", "alpha")),
        (2, 2, ("gray", "alpha"), ("gray", "alpha")),
        (2, 3, ("R", "G", "B", "alpha"), ("gray", "alpha")),
        (4, 1, ("R", "G", "B", "alpha"), ("gray", "alpha")),
        (4, 2, ("R", "G", "B", "alpha"), ("gray", "alpha")),
        (4, 3, ("R", "G", "B", "alpha"), ("gray", "alpha")),
        (4, 4, ("R", "G", "B", "alpha"), ("gray", "alpha")),
        (5, 5, ("0", "1", "2", "3", "4"), ("gray",)),
        (5, 1, ("0", "1", "2", "3", "4"), ("gray",)),
    ],
)
def test_channels_of_two_pictures_are_made_alike(a, b, names, gray_names):
    for dtype in ("uint8", "uint16", "float32"):
        for first, second in ((a, b), (b, a)):
            for params, wanted in (((), names), ((GRAY,), gray_names)):
                got, pair = tile(picture(first, dtype), picture(second, dtype, 1), *params)
                assert pair.channel_names == wanted
                channels = 1 if got.a.ndim == 2 else got.a.shape[2]
                assert channels == len(wanted)
                assert got.a.shape == got.b.shape
                assert got.a.dtype == got.b.dtype
                assert got.valid is None


@pytest.mark.parametrize(("a", "b"), [(3, 5), (5, 3), (4, 5), (2, 5)])
def test_channels_that_do_not_go_together_are_refused_unless_gray(a, b):
    first, second = picture(a, name="x/one.tif"), picture(b, name="y/two.tif", seed=1)
    colours = [n - (n in (2, 4)) for n in (a, b)]
    if 1 in colours:
        tile(first, second)
        return
    with pytest.raises(CompareError) as caught:
        tile(first, second)
    assert str(caught.value) == (
        "“one.tif” and “two.tif” have different numbers of channels"
        f" ({colours[0]} and {colours[1]}), so they cannot be subtracted; switch Gray on to"
        " compare their brightness."
    )
    got, _ = tile(first, second, GRAY)
    assert got.a.shape[:2] == SHAPE


def test_each_side_can_be_had_alone_whatever_the_other_is():
    a, b = picture(3), picture(5, seed=1)
    pair = Pair(a, b, Settings(), wide=False)
    for i, p in enumerate((a, b)):
        pixels, valid = pair.side(i, WHOLE, 0, Placement(SHAPE))
        np.testing.assert_array_equal(pixels, p.data)
        assert valid is None


def test_a_byte_beside_a_word_or_a_float_is_the_same_value():
    rng = np.random.default_rng(4)
    levels = rng.integers(0, 256, SHAPE, dtype=np.uint8)
    byte, word = (ImageBuffer.from_array(x) for x in (levels, levels.astype(np.uint16) * 257))
    got, _ = tile(byte, word)
    assert got.a.dtype == got.b.dtype == np.float32
    np.testing.assert_array_equal(got.a, got.b)
    real = ImageBuffer.from_array((levels / 255).astype(np.float32))
    got, _ = tile(byte, real)
    assert np.abs(got.a - got.b).max() < 3e-5  # k / 255 in float32


def test_two_floats_share_the_larger_white():
    a = ImageBuffer.from_array(np.full(SHAPE, 0.5, np.float32))
    b = ImageBuffer.from_array(np.full(SHAPE, 200.0, np.float32))
    assert (a.peak, b.peak) == (1.0, 255.0)
    got, _ = tile(a, b)
    assert (got.a[0, 0], got.b[0, 0]) == (0.5, 200.0)


@pytest.mark.parametrize("wide", [True, False])
def test_the_working_dtype(wide):
    byte, word = picture(3), picture(3, np.uint16)
    real = np.float64 if wide else np.float32
    assert tile(byte, byte, wide=wide)[0].a.dtype == (np.float64 if wide else np.uint8)
    assert tile(byte, word, wide=wide)[0].a.dtype == real
    assert tile(byte, byte, GRAY, wide=wide)[0].a.dtype == real


def test_alpha_on_one_side_only():
    rgba = photo(*SHAPE, channels=4)
    rgba[3:5, 20:25, 3] = 0
    a, b = ImageBuffer.from_array(rgba), ImageBuffer.from_array(rgba[:, :, :3])
    got, _ = tile(a, b)
    apart = got.a != got.b
    assert np.all(apart[3:5, 20:25, 3])
    assert not apart[:, :, 3].sum() - 10
    same, pair = tile(a, b, IGNORE)
    np.testing.assert_array_equal(same.a, same.b)
    assert not pair.keep_alpha


def test_opaque_alpha_takes_no_part():
    rgba = photo(*SHAPE, channels=4)
    a = ImageBuffer.from_array(rgba, alpha=Alpha.OPAQUE)
    got, pair = tile(a, ImageBuffer.from_array(rgba[:, :, :3]))
    assert pair.channel_names == ("R", "G", "B")
    assert got.a.dtype == np.uint8
    np.testing.assert_array_equal(got.a, got.b)


def test_straight_and_premultiplied_alpha_are_compared_alike():
    rng = np.random.default_rng(2)
    straight = rng.integers(0, 65536, (*SHAPE, 4), dtype=np.uint16)
    multiplied = straight.astype(np.float64)
    multiplied[:, :, :3] *= multiplied[:, :, 3:] / 65535.0
    a = ImageBuffer.from_array(straight)
    b = ImageBuffer.from_array(multiplied / 65535.0, alpha=Alpha.PREMULTIPLIED)
    got, _ = tile(a, b, wide=True)
    np.testing.assert_allclose(got.a, got.b, rtol=1e-14)


def test_pixels_that_are_not_finite_are_invalid_and_harmless():
    array = np.random.default_rng(0).random((*SHAPE, 3)).astype(np.float32)
    bad = array.copy()
    bad[4, 17, 1], bad[9, 2] = np.nan, np.inf
    got, _ = tile(ImageBuffer.from_array(array), ImageBuffer.from_array(bad))
    assert np.argwhere(got.valid == 0).tolist() == [[4, 17], [9, 2]]
    assert np.isfinite(got.b).all()


@pytest.mark.parametrize("kernel", list(Kernel))
@pytest.mark.parametrize("move", ["shift", "grow", "shrink"])
def test_a_bad_pixel_spoils_no_pixel_that_stays_valid(kernel, move):
    clean = np.random.default_rng(1).random((40, 71)).astype(np.float32)
    spoilt = clean.copy()
    spoilt[15, 25] = np.nan
    matrix = {
        "shift": translation(0.37, -2.61), "grow": scaling(1.7, 1.3), "shrink": scaling(0.6, 0.8),
    }[move]  # fmt: skip
    placement = Placement((30, 55), b=matrix, kernel=kernel)
    rect = Rect(0, 0, 30, 55)
    a = ImageBuffer.from_array(np.zeros((30, 55), np.float32))
    good, bad = (
        Pair(a, ImageBuffer.from_array(x), Settings(), wide=False).fetch(rect, 0, placement)
        for x in (clean, spoilt)
    )
    inside = np.full(rect_shape(rect), 255, np.uint8) if good.valid is None else good.valid
    lost = (inside > 0) & (bad.valid == 0)
    assert lost.any()
    assert lost.sum() < 150
    kept = (inside > 0) & (bad.valid > 0)
    # The mask grants what a share of 0.01 / 255 of a bad pixel of up to 255 adds.
    np.testing.assert_allclose(bad.b[kept], good.b[kept], rtol=0, atol=0.0101)


def rect_shape(rect):
    return rect.height, rect.width


def test_own_values_are_the_files_to_the_last_digit():
    for dtype in ("uint8", "uint16", "uint32", "int32", "float32", "float64"):
        for channels in (1, 2, 3, 4, 5):
            p = picture(channels, dtype)
            pair = Pair(p, p, Settings(), wide=False)
            pixels, valid = pair.own(1, WHOLE, 0, Placement(SHAPE))
            np.testing.assert_array_equal(pixels, p.data.astype(np.float64))
            assert valid is None


def test_overviews_of_a_pair_are_area_averages():
    a = ImageBuffer.from_array(photo(64, 160, 3))
    pair = Pair(a, a, Settings(), wide=False)
    got = pair.fetch(Rect(0, 0, 16, 40), 2, Placement((64, 160)))
    area = cv2.resize(a.data.astype(np.float64), (40, 16), interpolation=cv2.INTER_AREA)
    assert np.abs(got.a - area).max() <= 1.0  # two halvings round by a half each
