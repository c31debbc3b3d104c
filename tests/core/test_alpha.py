"""What each way to treat transparency means."""

from __future__ import annotations

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.cache import Cache
from core.color import AlphaMode, Conversion, GrayParams
from core.difference import DifferenceParams
from core.engine import compare
from core.geometry import Kernel, Placement, scaling, translation
from core.light import LightParams, decode, encode
from core.pair import Pair
from core.pipeline import Pipeline
from core.probe import probe
from core.settings import Settings
from core.stages.blur import BlurParams
from core.types import Alpha, Encoding, Rect
from tests.make import photo

SHAPE = (41, 93)
MODES = list(AlphaMode)
BACKGROUNDS = ["black", "white", "gray", "level"]
VALUES = ["file", "encoded", "linear"]


def straight(seed=0, top=65535):
    """Colour 0...1 with every alpha, 0 and 1 among them, in steps of 1 / top, float64."""
    rgba = photo(*SHAPE, seed, channels=4, dtype=np.float64)
    rgba[..., 3] = np.clip(np.linspace(-0.3, 1.3, SHAPE[1]), 0, 1)
    return np.rint(rgba * top) / top


def multiplied(rgba):
    return np.dstack([rgba[..., :3] * rgba[..., 3:], rgba[..., 3]])


def buffer(array, alpha=Alpha.STRAIGHT, encoding=Encoding.SRGB):
    return ImageBuffer.from_array(array, alpha=alpha, encoding=encoding, peak=None)


def settings(mode="premultiplied", values="file", **more):
    return Settings([DifferenceParams(alpha=mode, **more), LightParams(values=values)])


def tile(a, b, chosen, *, wide=True):
    return Pair(a, b, chosen, wide=wide).fetch(Rect(0, 0, *SHAPE), 0, Placement(SHAPE))


def every_way():
    for mode in MODES:
        for values in VALUES:
            if mode is AlphaMode.OVER:
                yield from ((settings(mode, values, background=b)) for b in BACKGROUNDS)
            else:
                yield settings(mode, values)


def named(chosen):
    params = chosen[DifferenceParams]
    return f"{params.alpha}-{params.background}-{chosen[LightParams].values}"


@pytest.mark.parametrize("mode", MODES)
def test_what_each_mode_compares(mode):
    rgba = straight()
    whole = rgba * 255
    color, share = whole[..., :3], rgba[..., 3:]
    right = {
        AlphaMode.PREMULTIPLIED: np.dstack([color * share, share * 255]),
        AlphaMode.STRAIGHT: whole,
        AlphaMode.OVER: color * share + 128 * (1 - share),
        AlphaMode.IGNORE: color,
    }[mode]
    got = tile(*[buffer(rgba)] * 2, settings(mode, background="gray"))
    np.testing.assert_allclose(got.a, right, rtol=1e-12, atol=1e-12)


def test_a_background_is_an_encoded_level_also_in_light():
    clear = np.zeros((*SHAPE, 4))
    for background, level in (("black", 0), ("white", 255), ("gray", 128), ("level", 77)):
        more = {"background": background, "background_level": 77}
        got = tile(*[buffer(clear)] * 2, settings("over", **more))
        np.testing.assert_array_equal(got.a, level)
        got = tile(*[buffer(clear)] * 2, settings("over", "linear", **more))
        np.testing.assert_allclose(got.a, decode(np.array([float(level)]))[0], rtol=1e-15)


@pytest.mark.parametrize("gray", [False, True])
@pytest.mark.parametrize("linear", [False, True])
def test_a_premultiplied_file_is_its_straight_twin_in_every_way(linear, gray):
    rgba = straight()
    rgba[rgba[..., 3] == 0] = 0  # what is hidden there is lost in the premultiplied file
    encoding = Encoding.LINEAR if linear else Encoding.SRGB
    pair = buffer(rgba, encoding=encoding), buffer(multiplied(rgba), Alpha.PREMULTIPLIED, encoding)
    for chosen in every_way():
        chosen_too = chosen.replacing(GrayParams(enabled=gray))
        got = tile(*pair, chosen_too)
        # Multiplied and divided again: two roundings in float64, and what the curve makes of them.
        np.testing.assert_allclose(got.a, got.b, rtol=1e-12, atol=1e-10)


def test_a_linear_premultiplied_rendering_is_its_encoded_straight_twin():
    rgba = straight(3)
    rgba[rgba[..., 3] == 0] = 0
    light = np.dstack([decode(rgba[..., :3] * 255) / 255, rgba[..., 3]])
    exr = buffer(multiplied(light).astype(np.float32), Alpha.PREMULTIPLIED, Encoding.LINEAR)
    for chosen in every_way():
        got = tile(exr, buffer(rgba), chosen)
        # The rendering is stored in float32: relative 6e-8 of light, up to 13 times that encoded.
        np.testing.assert_allclose(got.a, got.b, rtol=2e-6, atol=2e-5)


@pytest.mark.parametrize("mode", MODES)
def test_a_glow_without_alpha_stays_finite_and_is_seen(mode):
    glow = np.zeros((*SHAPE, 4), np.float32)
    glow[10:20, 30:50, :3] = 3.0  # light that covers nothing
    glow[25, 60] = (1e4, 2.0, 1e-8, 1e-8)  # next to no alpha
    dark = np.zeros_like(glow)
    a, b = (buffer(x, Alpha.PREMULTIPLIED, Encoding.LINEAR) for x in (glow, dark))
    for values in VALUES:
        got = tile(a, b, settings(mode, values), wide=False)
        assert np.isfinite(got.a).all()
        light = 3.0 * 255
        seen = light if values != "encoded" else encode(np.array([light]))[0]
        np.testing.assert_allclose(got.a[10:20, 30:50, :3], seen, rtol=1e-6)
        assert compare(a, b, settings(mode, values), measures=["l0"]).measures["l0"].value == 201


def test_opaque_pictures_do_not_know_the_background():
    opaque = straight(1)
    opaque[..., 3] = 1
    other = straight(2)[..., :3]
    pair = buffer(opaque, Alpha.OPAQUE), buffer(other, Alpha.NONE)
    results = [
        compare(*pair, settings("over", background=b), regions=False).measures for b in BACKGROUNDS
    ]
    assert all(r == results[0] for r in results)
    assert results[0]["l1"].value > 0
    byte = ImageBuffer.from_array(np.full((*SHAPE, 3), 7, np.uint8))
    assert tile(byte, byte, settings("over", background="white"), wide=False).a.dtype == np.uint8


@pytest.mark.parametrize("chosen", list(every_way()), ids=named)
def test_nothing_differs_from_itself_and_swapping_changes_nothing(chosen):
    a = buffer(straight(1).astype(np.float32))
    b = buffer(multiplied(straight(2)).astype(np.float32), Alpha.PREMULTIPLIED, Encoding.LINEAR)
    left_out = chosen.replacing(chosen[DifferenceParams].replace(transparent="leave-out"))
    for each in (chosen, left_out):
        for one in (a, b):
            same = compare(one, one, each)
            assert not same.differs
            assert same.measures["l1"].value == same.measures["max_abs"].value == 0
        there, back = compare(a, b, each), compare(b, a, each)
        assert there.pixels == back.pixels
        for name in ("l1", "l0", "l2", "max_abs"):
            assert there.measures[name].value == back.measures[name].value


@pytest.mark.parametrize("chosen", list(every_way()), ids=named)
def test_bytes_words_and_floats_are_the_same_in_every_way(chosen):
    a, b = (np.rint(straight(s) * 255).astype(np.uint8) for s in (1, 2))
    found = []
    for make in (lambda x: x, lambda x: x.astype(np.uint16) * 257, lambda x: x / 255.0):
        result = compare(buffer(make(a)), buffer(make(b)), chosen, measures=["l1", "max_abs"])
        found.append([m.value for m in result.measures.values()])
    # Sums of float32 products and of the curve's seven digits.
    np.testing.assert_allclose(found[1:], [found[0]] * 2, rtol=1e-5)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("values", VALUES)
def test_strips_are_the_whole(mode, values):
    a, b = (buffer(straight(s).astype(np.float32)) for s in (1, 2))
    chosen = settings(mode, values, background="white", transparent="leave-out")
    pair = Pair(a, b, chosen, wide=False)
    placement = Placement(SHAPE, b=translation(0.4, -0.7))
    whole = pair.fetch(Rect(0, 0, *SHAPE), 0, placement)
    for top in range(0, SHAPE[0], 8):
        rect = Rect(top, 0, min(8, SHAPE[0] - top), SHAPE[1])
        part = pair.fetch(rect, 0, placement)
        masks = [
            np.full(t.a.shape[:2], 255, np.uint8) if t.valid is None else t.valid
            for t in (part, whole)
        ]
        np.testing.assert_array_equal(masks[0], masks[1][rect.slices])
        counts = masks[0] > 0
        np.testing.assert_array_equal(part.a[counts], whole.a[rect.slices][counts])
        np.testing.assert_array_equal(part.b[counts], whole.b[rect.slices][counts])
        assert counts.mean() > 0.5 or top == 40


def test_pixels_of_which_nothing_is_seen_can_be_left_out():
    a, b = straight(1), straight(2)
    a[:, :10, 3] = b[:, :14, 3] = 0
    a[:, 10:, 3] = b[:, 14:, 3] = 0.5
    clear = SHAPE[0] * 10
    counted = compare(buffer(a), buffer(b), settings())
    left = compare(buffer(a), buffer(b), settings(transparent="leave-out"))
    assert (counted.pixels, left.pixels) == (SHAPE[0] * SHAPE[1], SHAPE[0] * SHAPE[1] - clear)
    assert {m.pixels for m in left.measures.values()} <= {left.pixels, *_ssim_pixels(left)}
    assert left.measures["l1"].value == pytest.approx(counted.measures["l1"].value, rel=1e-12)
    texts = [n.text for n in left.notices if n.code == "transparent"]
    assert texts == [
        f"{clear} pixels that are fully transparent in both pictures are left out of every number."
    ]
    assert not [n for n in counted.notices if n.code == "transparent"]
    assert left.map.valid is not None
    assert not left.map.valid[:, :10].any()
    assert left.map.valid[:, 10:].all()
    pipeline = Pipeline(buffer(a), buffer(b), settings(transparent="leave-out"), Cache())
    assert probe(pipeline, 5, 5).magnitude is None
    assert probe(pipeline, 5, 12).magnitude is not None


def _ssim_pixels(result):
    return [m.pixels for n, m in result.measures.items() if "ssim" in n]


def test_a_blur_keeps_away_from_what_is_left_out():
    a = straight(1)
    a[:, :10, 3], a[:, 10:, 3] = 0, 1
    blur = BlurParams(enabled=True, method="median", radius=2)
    chosen = settings(transparent="leave-out").replacing(blur)
    result = compare(buffer(a), buffer(a), chosen, measures=["l1"])
    assert result.pixels == SHAPE[0] * (SHAPE[1] - 12)


def test_beside_a_picture_without_alpha_every_pixel_counts():
    a, b = straight(1), straight(2)[..., :3]
    result = compare(
        buffer(a), buffer(b, Alpha.NONE), settings(transparent="leave-out"), measures=["l1"]
    )
    assert result.pixels == SHAPE[0] * SHAPE[1]


@pytest.mark.parametrize("kernel", list(Kernel))
def test_resampled_transparency_is_left_out_where_nothing_of_a_pixel_is_seen(kernel):
    rgba = straight(1)
    rgba[..., 3] = 0
    rgba[20, 40, 3] = 1
    one = buffer(rgba)
    pair = Pair(one, one, settings(transparent="leave-out"), wide=False)
    placement = Placement((82, 186), a=scaling(2, 2), b=scaling(2, 2), kernel=kernel)
    got = pair.fetch(Rect(0, 0, 82, 186), 0, placement)
    assert got.valid is not None
    rows, cols = np.nonzero(got.valid)
    reach = {Kernel.LINEAR: 2, Kernel.CUBIC: 4, Kernel.LANCZOS: 6}[kernel]
    assert abs(rows - 40.5).max() < reach
    assert abs(cols - 80.5).max() < reach
    assert len(rows) >= (2 * reach - 2) ** 2 // 2


def test_ignored_alpha_of_a_premultiplied_file_is_divided_out():
    convert = Conversion(1.0, None, Alpha.PREMULTIPLIED, False, 3, True, mode=AlphaMode.IGNORE)
    pixels = np.array([[[50.0, 0, 10, 127.5], [7, 7, 7, 0], [300, -5, 0, 255]]])
    np.testing.assert_array_equal(convert(pixels)[0], [[100, 0, 20], [7, 7, 7], [300, -5, 0]])
