"""Linear light and sRGB encoding: the curves, Lab, and what is compared with what."""

from __future__ import annotations

import numpy as np
import pytest
import skimage.color
from hypothesis import given
from hypothesis import strategies as st

from core.buffer import ImageBuffer
from core.color import GrayParams
from core.difference import DifferenceParams
from core.engine import compare
from core.lab import to_lab
from core.light import LightParams, Values, byte_table, decode, encode, wanted
from core.settings import Settings
from core.types import Encoding
from tests.make import photo, with_noise

LINEAR, ENCODED, FILE = (LightParams(values=v) for v in ("linear", "encoded", "file"))


def buffer(array, encoding=Encoding.SRGB, **more):
    return ImageBuffer.from_array(array, encoding=encoding, **more)


def as_light(array):
    """The light, 0...1, of 8-bit levels, by another library's float64."""
    xyz = skimage.color.rgb2xyz(array)
    return np.clip(np.linalg.solve(skimage.color.colorconv.xyz_from_rgb, xyz.reshape(-1, 3).T), 0, 1
                   ).T.reshape(array.shape)  # fmt: skip


def numbers(result):
    return {n: m.value for n, m in result.measures.items()}


@given(st.floats(-1e6, 1e6))
def test_encoding_is_undone_by_decoding_and_mirrored_about_black(value):
    x = np.array([[value]])
    there = encode(x)
    # The two straight parts meet the curve only to seven digits, so says the standard itself.
    np.testing.assert_allclose(decode(there), x, rtol=1e-6, atol=1e-12)
    np.testing.assert_array_equal(encode(-x), -there)
    single = encode(x.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, there, rtol=2e-6, atol=1e-30)


def test_the_curve_is_that_of_scikit_image_and_goes_on_above_white():
    levels = np.arange(256, dtype=np.uint8)[None, :, None].repeat(3, axis=2)
    light = decode(levels.astype(np.float64)) / 255
    # Its matrices have seven digits.
    np.testing.assert_allclose(light, as_light(levels), rtol=0, atol=1e-6)
    high = np.array([[255.0, 510.0, 255.0 * 50]])
    np.testing.assert_allclose(
        encode(high), 255 * (1.055 * (high / 255) ** (1 / 2.4) - 0.055), rtol=1e-14
    )


def test_bytes_become_light_by_a_table_as_words_and_floats_do_by_the_curve():
    levels = np.arange(256, dtype=np.uint8).reshape(4, 64)
    pictures = [levels, levels.astype(np.uint16) * 257, levels / 255.0]
    light = [
        compare(buffer(p), buffer(pictures[0]), Settings([LINEAR]), measures=["max_abs"])
        for p in pictures
    ]
    # k / 255 in float64, taken back on the scale, is k to 15 digits; the rest is float32.
    assert [r.measures["max_abs"].value for r in light] == pytest.approx([0, 0, 0], abs=1e-4)
    table = byte_table(Encoding.LINEAR, wide=True)
    np.testing.assert_array_equal(table, decode(np.arange(256.0)))


@pytest.mark.parametrize("linear", [False, True])
@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
def test_lab_of_light_is_the_lab_of_what_it_encodes(linear, dtype):
    pixels = photo(20, 45, 3)
    right = skimage.color.rgb2lab(pixels)
    if linear and dtype == "uint8":
        pixels = np.rint(decode(pixels.astype(np.float64))).astype(np.uint8)
        right = skimage.color.rgb2lab(encode(pixels.astype(np.float64)) / 255)
    elif linear:
        pixels = decode(pixels.astype(np.float64))
    # The white of scikit-image is not that of its matrix; tests/core/test_lab.py has the formulas.
    lab, _ = to_lab(pixels.astype(dtype), pixels.astype(dtype), linear=linear)
    np.testing.assert_allclose(lab, right, rtol=0, atol=0.03)


def test_lab_measures_are_the_same_in_light_and_encoded():
    a, b = photo(60, 107, 2), with_noise(photo(60, 107, 2), 6)
    lab = DifferenceParams(space="lab")
    encoded, light = (
        numbers(compare(buffer(a), buffer(b), Settings([lab, p]), measures=["mae", "max_abs"]))
        for p in (FILE, LINEAR)
    )
    # Both are made from the same light; float32 keeps seven digits of it.
    assert light == pytest.approx(encoded, rel=1e-4)


def test_every_encoding_is_brought_to_what_is_wanted():
    e = Encoding
    table = {
        (Values.FILE, e.LINEAR, e.SRGB): e.SRGB,
        (Values.FILE, e.SRGB, e.LINEAR): None,
        (Values.FILE, e.LINEAR, e.LINEAR): None,
        (Values.FILE, e.LINEAR, e.UNKNOWN): None,
        (Values.FILE, e.UNKNOWN, e.LINEAR): None,
        (Values.FILE, e.UNKNOWN, e.SRGB): None,
        (Values.ENCODED, e.LINEAR, e.LINEAR): e.SRGB,
        (Values.ENCODED, e.SRGB, e.LINEAR): None,
        (Values.ENCODED, e.UNKNOWN, e.LINEAR): None,
        (Values.LINEAR, e.LINEAR, e.SRGB): None,
        (Values.LINEAR, e.SRGB, e.SRGB): e.LINEAR,
        (Values.LINEAR, e.UNKNOWN, e.SRGB): e.LINEAR,
    }
    assert {key: wanted(*key) for key in table} == table


@pytest.mark.parametrize("params", [FILE, ENCODED, LINEAR])
@pytest.mark.parametrize("swap", [False, True])
def test_linear_light_is_never_compared_with_encoded_values(params, swap):
    levels = photo(31, 58, 1)
    light = buffer((decode(levels.astype(np.float64)) / 255).astype(np.float32), Encoding.LINEAR)
    pair = (light, buffer(levels))[:: -1 if swap else 1]
    result = compare(*pair, Settings([params]), measures=["max_abs", "l1"])
    assert result.measures["max_abs"].value < 1e-3  # float32 light, encoded: 2e-6 of 255
    assert result.values == ("linear light" if params is LINEAR else "sRGB-encoded")
    codes = [n.code for n in result.notices]
    assert ("light_encoded" in codes) == (params is FILE)
    assert result.to_dict()["values"] == result.values
    assert result.summaries.get("light") == ("encoded" if params is FILE else None)


def test_light_differs_by_what_light_differs():
    a, b = (np.full((4, 9), v, np.uint8) for v in (200, 100))
    right = {
        FILE: 100.0, ENCODED: 100.0,
        LINEAR: float(np.ptp(decode(np.array([[100.0, 200.0]])))),
    }  # fmt: skip
    for params, apart in right.items():
        got = compare(buffer(a), buffer(b), Settings([params]), measures=["max_abs"])
        assert got.measures["max_abs"].value == pytest.approx(apart, rel=1e-6)


def test_gray_is_made_of_the_converted_channels():
    pixels = photo(20, 45, 3)
    light = decode(pixels.astype(np.float64))
    luminance = light @ [0.2126, 0.7152, 0.0722]
    zero = buffer(np.zeros_like(pixels))
    gray = GrayParams(enabled=True)
    result = compare(buffer(pixels), zero, Settings([gray, LINEAR]), measures=["l1"])
    assert result.measures["l1"].value == pytest.approx(luminance.sum(), rel=1e-5)
    gray_codes = compare(buffer(pixels), zero, Settings([gray]), measures=["l1"])
    assert gray_codes.measures["l1"].value != pytest.approx(luminance.sum(), rel=0.05)


def test_an_unknown_encoding_is_spoken_of_only_when_it_matters():
    a, b = (buffer(photo(12, 31, s), Encoding.UNKNOWN, name=f"{s}.tif") for s in (1, 2))
    linear = buffer(photo(12, 31, 3, dtype=np.float32), Encoding.LINEAR, name="3.exr")

    def said(*pair, params):
        result = compare(*pair, Settings([params]), measures=["l1"])
        return [n.text for n in result.notices if n.code == "light_unknown"], result.values

    assert said(a, b, params=FILE) == ([], "")
    (text,), words = said(a, b, params=LINEAR)
    assert text.startswith("“1.tif” and “2.tif” do not say")
    assert words == "linear light"
    (text,), words = said(linear, a, params=FILE)
    assert "compared as they are" in text
    assert words == "linear light"
    assert said(linear, linear, params=FILE) == ([], "linear light")


def test_linear_pictures_have_their_white_at_one_however_bright_they_get():
    a = buffer(np.full((5, 9), 50.0, np.float32), Encoding.LINEAR)
    b = buffer(np.full((5, 9), 0.5, np.float32), Encoding.LINEAR)
    assert (a.peak, b.peak) == (1.0, 1.0)
    result = compare(a, b, measures=["max_abs"])
    assert result.measures["max_abs"].value == pytest.approx(49.5 * 255)
    assert a.key != buffer(a.data, Encoding.UNKNOWN, peak=1.0).key


def test_bytes_stay_bytes_with_the_defaults():
    from core.pair import Pair

    a = buffer(photo(12, 31, 1))
    for params in (FILE, ENCODED):
        assert all(c.plain for c in Pair(a, a, Settings([params]), wide=False).conversions)
    assert not any(c.plain for c in Pair(a, a, Settings([LINEAR]), wide=False).conversions)
