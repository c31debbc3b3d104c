"""Pixels into the working space: against Little CMS, and what must hold for every picture."""

from __future__ import annotations

from typing import Any

import imagecodecs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.io.color.cicp import cicp_space
from core.io.color.curves import srgb_encode
from core.io.color.encode import encode
from core.io.color.lcms import TableTransform
from core.io.color.spaces import P3_D65, from_chromaticities
from core.io.color.transform import MatrixTransform
from core.io.icc import read_profile
from core.types import Alpha, Encoding
from tests.profiles import (
    ADOBE,
    BT2020,
    DISPLAY_P3,
    P3,
    PROPHOTO,
    SRGB,
    SRGB_PARA,
    curv,
    gamma,
    gray_profile,
    matrix_profile,
    para,
    table_profile,
)

LIGHT = imagecodecs.cms_profile("rgb", whitepoint=SRGB[6:], primaries=SRGB[:6], gamma=1.0)
SHAPE = (23, 41)
BT709_PARA = (1 / 0.45, 1 / 1.099, 0.099 / 1.099, 1 / 4.5, 0.081)
SWAPPED = matrix_profile(SRGB, para(3, *SRGB_PARA), order=(1, 2, 0))
PROFILES = {
    "Display P3": DISPLAY_P3,
    "Adobe RGB, version 2": matrix_profile(ADOBE, gamma(563 / 256), version=2),
    "ProPhoto": matrix_profile(PROPHOTO, gamma(1.8), version=2),
    "Rec. 2020": matrix_profile(BT2020, para(3, *BT709_PARA)),
    "swapped": SWAPPED,
    "sampled": matrix_profile(ADOBE, curv(np.rint(65535 * np.linspace(0, 1, 512) ** 2.2))),
    "linear P3": matrix_profile(P3, para(0, 1.0)),
}


def noise(dtype: str, channels: int = 3) -> NDArray[Any]:
    rng = np.random.default_rng(3)
    shape = (*SHAPE, channels) if channels > 1 else SHAPE
    if dtype[0] == "f":
        return rng.random(shape).astype(dtype)
    return rng.integers(0, np.iinfo(dtype).max + 1, shape, dtype)


def white(dtype: str) -> float:
    return 1.0 if dtype[0] == "f" else float(np.iinfo(dtype).max)


def transform(profile: bytes, peak: float, alpha: Alpha = Alpha.NONE) -> MatrixTransform:
    space = read_profile(profile).space
    assert space is not None
    return MatrixTransform("it", space.linear, peak, alpha, space)


def by_lcms(pixels: NDArray[Any], profile: bytes) -> NDArray[Any]:
    return imagecodecs.cms_transform(
        pixels, profile, LIGHT, colorspace="rgb", outcolorspace="rgb", outdtype="float32", intent=1
    )


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize("name", PROFILES)
def test_light_is_that_of_little_cms(name: str, dtype: str) -> None:
    pixels = noise(dtype)
    made = transform(PROFILES[name], white(dtype)).apply(pixels).astype(np.float64)
    if name != "linear P3":
        size = np.abs(made)
        steep = ((size + 0.055) / 1.055) ** 2.4
        made = np.copysign(np.where(size <= 0.04045, size / 12.92, steep), made)
    # Little CMS goes through a profile whose primaries are rounded to 1/65536 and inverted: for
    # light up to 1 that is an error of 3 × 3 / 65536 at most, half of it from our side.
    assert np.abs(made - by_lcms(pixels, PROFILES[name])).max() < 9 / 65536


@pytest.mark.parametrize("dtype", ["uint32", "int16", "float16", "float64"])
def test_other_depths_come_to_the_same(dtype: str) -> None:
    pixels = noise("uint8")
    same = (pixels / 255 * white(dtype)).astype(dtype)
    made = transform(DISPLAY_P3, white(dtype)).apply(same)
    wanted = transform(DISPLAY_P3, 255.0).apply(pixels)
    assert (made.dtype, made.shape) == (np.float32, pixels.shape)
    # A half float and 15 bits hold a value to 1/4096 and 1/65536; slopes reach 12.92 / 2 there.
    room = {"float16": 4e-3, "int16": 4e-4}.get(dtype, 1e-5)
    assert np.abs(made - wanted).max() < room


def test_swapped_channels_look_right() -> None:
    """Red of the file is green of the picture: a pure red pixel must come out green."""
    colors = np.zeros((1, 4, 3), np.uint8)
    colors[0, 0, 0] = colors[0, 1, 1] = colors[0, 2, 2] = 255
    colors[0, 3] = 10, 100, 200
    made = transform(SWAPPED, 255.0).apply(colors)
    wanted = np.array([[0, 1, 0], [0, 0, 1], [1, 0, 0], [200 / 255, 10 / 255, 100 / 255]])
    # Primaries are stored to 1/65536, which the steep start of the curve makes 13 times larger.
    assert np.abs(made[0] - wanted).max() < 4 * 13 / 65536


def test_what_is_outside_stays_apart_and_is_counted() -> None:
    pixels = np.full((9, 30, 3), 128, np.uint8)
    pixels[2:4, 5:11] = 0, 255, 0
    pixels[6, 20:24] = 0, 240, 0
    made, outside = transform(DISPLAY_P3, 255.0).convert(pixels)
    assert outside == 2 * 6 + 4
    assert made[2, 5, 0] < -0.4
    assert np.abs(made[2, 5] - made[6, 20]).max() > 0.02
    np.testing.assert_allclose(made[0, 0], 128 / 255, atol=1e-4)


@pytest.mark.parametrize("name", PROFILES)
def test_neutral_stays_neutral_and_order_stays(name: str) -> None:
    gray = np.repeat(np.arange(256, dtype=np.uint8), 3).reshape(1, 256, 3)
    made = transform(PROFILES[name], 255.0).apply(gray)[0]
    assert np.abs(made - made[:, 1:2]).max() <= 1e-6
    assert (np.diff(made, axis=0) > 0).all()
    np.testing.assert_allclose(made[[0, 255]], [[0] * 3, [1] * 3], atol=1e-4)


def test_there_and_back_again() -> None:
    pixels = noise("float32")
    there = transform(PROFILES["linear P3"], 1.0).apply(pixels)
    back = there @ np.linalg.inv(from_chromaticities(P3_D65)).T
    # The profile's primaries are rounded to 1/65536, ours are not.
    assert np.abs(back - pixels).max() < 9 / 65536


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_gray_follows_its_curve(dtype: str) -> None:
    profile = gray_profile(gamma(1.8))
    pixels = noise(dtype, 1)
    made, outside = transform(profile, white(dtype)).convert(pixels)
    light = (pixels / white(dtype)) ** (round(1.8 * 256) / 256)
    assert (made.dtype, outside) == (np.float32, 0)
    # 0.0005 of an 8-bit level is what encoding may miss.
    assert np.abs(made - srgb_encode(light)).max() < 0.0005 / 255


def test_alpha_is_not_a_colour() -> None:
    pixels = noise("uint8", 4)
    pixels[3, 7:19, 3] = 0
    share = pixels[:, :, 3:] / 255
    straight = transform(DISPLAY_P3, 255.0, Alpha.STRAIGHT).apply(pixels)
    plain = transform(DISPLAY_P3, 255.0).apply(pixels[:, :, :3])
    np.testing.assert_allclose(straight[:, :, 3:], share, atol=1e-7)
    np.testing.assert_array_equal(straight[:, :, :3], plain)
    stored = np.where(share > 0, pixels[:, :, :3] / 255 * share, pixels[:, :, :3] / 255)
    multiplied = np.dstack([stored, share]).astype(np.float32)
    made = transform(DISPLAY_P3, 1.0, Alpha.PREMULTIPLIED).apply(multiplied)
    wanted = np.where(share > 0, plain * share, plain)
    np.testing.assert_allclose(made[:, :, :3], wanted, atol=2e-6)
    gray = np.dstack([noise("uint8", 1), pixels[:, :, 3]])
    made = transform(gray_profile(gamma(1.8)), 255.0, Alpha.STRAIGHT).apply(gray)
    wanted = transform(gray_profile(gamma(1.8)), 255.0).apply(gray[:, :, 0])
    np.testing.assert_allclose(made[:, :, 0], wanted, atol=2e-6)
    np.testing.assert_allclose(made[:, :, 1], pixels[:, :, 3] / 255, atol=1e-7)


def test_a_table_is_applied_by_little_cms_and_not_clipped() -> None:
    profile = table_profile()
    levels = noise("uint8")
    for pixels, peak in ((levels, 255.0), (levels / np.float32(255), 1.0), (levels * 4.0, 1020.0)):
        made, outside = TableTransform("it", False, peak, Alpha.NONE, profile).convert(pixels)
        wanted = srgb_encode(by_lcms(levels, profile))
        # Tables of 16 bits, interpolated in another order for floats: to 1/2048 of light.
        assert np.abs(made - wanted).max() < 12.92 / 2048
        assert outside > 50
        assert made.min() < -0.1


@given(st.floats(-4, 4, width=32), st.integers(1, 7))
@settings(max_examples=60)
def test_encoding_is_the_formula(value: float, channels: int) -> None:
    light = np.full((2, 3, channels), value, np.float32)
    light[0, 0], light[1, 1], light[1, 2] = 0, 1, np.nan
    out = np.empty_like(light)
    encode(light, out)
    # 0.0005 of a level, and a float's own steps for values to 2.
    np.testing.assert_allclose(out, srgb_encode(light), atol=0.0005 / 255 + 2**-22)
    assert (out[0, 0] == 0).all()
    assert (out[1, 1] == 1).all()


def test_light_that_is_very_bright_is_encoded_by_the_formula() -> None:
    light = np.array([[0.5, 900.0, -3e4, np.inf, np.nan]], np.float32)
    out = np.empty_like(light)
    encode(light, out)
    np.testing.assert_allclose(out, srgb_encode(light), rtol=1e-6)


def test_pq_and_hlg_meet_their_standards() -> None:
    # BT.2100: PQ 0.5807 is 203 cd/m² and 1 is 10,000; HLG 0.75 is 203 and 1 is 1000 (BT.2408).
    for transfer, codes, shown in ((16, [0.5807, 1.0], [1, 10_000 / 203]),
                                   (18, [0.75, 1.0], [1, 1000 / 203])):  # fmt: skip
        space = cicp_space(9, transfer)
        assert space is not None
        values = np.repeat(np.array([codes], np.float32)[:, :, None], 3, axis=2)
        for pixels in (values, values[:, :, 0]):
            made = MatrixTransform("it", True, 1.0, Alpha.NONE, space)
            assert made.encoding is Encoding.LINEAR
            light = made.apply(np.ascontiguousarray(pixels)).reshape(1, 2, -1)
            # BT.2408 gives the codes to four and to two digits.
            np.testing.assert_allclose(
                light, np.array(shown).reshape(1, 2, 1) + 0 * light, rtol=5e-3
            )
