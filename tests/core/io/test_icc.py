"""Profiles: of both versions, made by others, and made to do harm."""

from __future__ import annotations

import struct

import imagecodecs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageCms

from core.io.icc import ProfileError, profile_name, read_profile
from tests.profiles import (
    ADOBE,
    DISPLAY_P3,
    P3,
    SRGB,
    SRGB_PARA,
    build,
    curv,
    gamma,
    gray_profile,
    matrix_profile,
    para,
    table_profile,
    xyz,
)

SRGB_PROFILE = matrix_profile(SRGB, para(3, *SRGB_PARA), name="anything")


@pytest.mark.parametrize("version", [2, 4])
def test_both_forms_of_a_name_are_read(version: int) -> None:
    assert profile_name(build({}, name="Display P3", version=version)) == "Display P3"
    assert profile_name(build({}, name="two\nlines\0", version=version)) == "two lines"


@given(st.binary(max_size=300))
def test_any_bytes_have_some_name(data: bytes) -> None:
    assert profile_name(data)
    table = struct.pack(">I4sII", 1, b"desc", 144, 99)
    assert profile_name(bytes(128) + table + data).isprintable()


def test_srgb_is_known_by_its_numbers() -> None:
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    levels = np.arange(1024) / 1023
    light = np.where(levels <= 0.04045, levels / 12.92, ((levels + 0.055) / 1.055) ** 2.4)
    sampled = matrix_profile(SRGB, curv(np.rint(65535 * light)), version=2)
    for profile in (made, imagecodecs.cms_profile("srgb"), SRGB_PROFILE, sampled):
        assert read_profile(profile).is_srgb
    gray = read_profile(gray_profile(para(3, *SRGB_PARA)))
    assert (gray.is_srgb, gray.model) == (True, "GRAY")
    near = matrix_profile(SRGB, gamma(2.2), name="sRGB")  # a name is not enough
    for other in (near, DISPLAY_P3, matrix_profile(ADOBE, gamma(2.2), name="sRGB")):
        assert not read_profile(other).is_srgb


def test_light_of_srgb_is_known() -> None:
    for curve in (para(0, 1.0), curv([]), gamma(1.0), curv([0, 65535])):
        profile = read_profile(matrix_profile(SRGB, curve))
        assert (profile.is_linear_srgb, profile.is_srgb) == (True, False)
    assert not read_profile(matrix_profile(P3, para(0, 1.0))).is_linear_srgb


@pytest.mark.parametrize("kind", range(5))
def test_every_parametric_curve_is_that_of_the_standard(kind: int) -> None:
    g, a, b, c, d, e, f = 2.4, 0.9, 0.1, 0.2, 0.2, 0.05, 0.02
    values = [(g,), (g, a, -b), (g, a, -b, c), (g, a, b, c, d), (g, a, b, c, d, e, f)][kind]
    space = read_profile(matrix_profile(SRGB, para(kind, *values))).space
    assert space is not None
    x = np.linspace(0, 1, 101)
    steep = (a * x + (-b if kind < 3 else b)).clip(0) ** g
    # ICC.1:2022, table 68, written out.
    wanted = [
        x**g,
        np.where(x >= b / a, steep, 0),
        np.where(x >= b / a, steep + c, c),
        np.where(x >= d, steep, c * x),
        np.where(x >= d, steep + e, c * x + f),
    ][kind]
    # Its numbers are stored in steps of 1/65536, and their slopes here are below 3.
    assert np.abs(space.curves[0](x) - wanted).max() < 3 / 65536


def test_a_profile_of_high_range_is_taken_by_its_code_points() -> None:
    table = build({b"A2B0": b"mft2" + bytes(60), b"cicp": b"cicp" + bytes(4) + b"\x09\x10\0\1"})
    space = read_profile(table).space
    assert space is not None
    assert (space.linear, space.name) == (True, "test")
    assert float(space.curves[0](np.array([1.0]))[0]) == pytest.approx(10_000 / 203)
    for codes in (b"\x01\x0d\0\1", b"\x09\x10\0\0", b"\x4d\x10\0\1"):  # sRGB, narrow, unknown
        tags = {b"A2B0": b"mft2" + bytes(60), b"cicp": b"cicp" + bytes(4) + codes}
        assert read_profile(build(tags)).space is None


def broken() -> dict[str, bytes]:
    """Profiles that must not be applied, by what is wrong with them."""
    good = DISPLAY_P3
    first = 132 + 12 * 2  # the entry of rXYZ
    count, wide = bytearray(good), bytearray(good)
    count[128:132] = b"\xff\xff\xff\xff"
    wide[first + 4 : first + 12] = struct.pack(">II", 0xFFFFFFF0, 0xFF)
    flat = build(dict.fromkeys((b"rXYZ", b"gXYZ", b"bXYZ"), xyz((0, 0, 0))))
    line = build(dict.fromkeys((b"rXYZ", b"gXYZ", b"bXYZ"), xyz((0.32, 0.33, 0.27))))
    p3 = matrix_profile
    return {
        "empty": b"\0",
        "text": b"not a profile" * 40,
        "cut": good[:-40],
        "count": bytes(count),
        "outside": bytes(wide),
        "huge": good + bytes(33 << 20),
        "link": build({}, kind=b"link"),
        "named": build({}, kind=b"nmcl"),
        "class": build({}, kind=b"????"),
        "model": build({}, model=b"6CLR"),
        "no primaries": build(dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), gamma(2.2))),
        "zero primaries": flat,
        "one line": line,
        "falls": p3(P3, curv([0, 30000, 20000, 65535])),
        "inverted": p3(P3, curv([65535, 0])),
        "constant": p3(P3, curv([7, 7, 7])),
        "many samples": p3(P3, b"curv" + bytes(4) + b"\xff\xff\xff\xff" + bytes(64)),
        "no slope": p3(P3, para(1, 2.4, 0.0, 0.5)),
        "negative gamma": p3(P3, para(0, -2.2)),
        "overflow": p3(P3, para(3, 32767.0, 32767.0, 0, 0, 0)),
        "unknown curve": p3(P3, b"para" + bytes(4) + b"\0\x09\0\0" + bytes(40)),
        "no curve": build({t: xyz((0.3, 0.3, 0.3)) for t in (b"rXYZ", b"gXYZ", b"bXYZ")}),
        "no table": build({}, model=b"CMYK"),
    }


@pytest.mark.parametrize("what", broken())
def test_a_bad_profile_is_refused_with_a_reason(what: str) -> None:
    with pytest.raises(ProfileError, match=r"^it[s]? |^parts "):
        read_profile(broken()[what])


def test_a_table_of_colours_comes_before_primaries() -> None:
    profile = read_profile(table_profile())
    assert (profile.model, profile.space) == ("RGB", None)
    assert read_profile(table_profile(b"CMYK", grid=3)).channels == 4


@given(st.data())
def test_a_changed_profile_is_read_or_refused(data: st.DataObject) -> None:
    changed = bytearray(DISPLAY_P3)
    places = st.integers(0, len(changed) - 1)
    for at, value in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=8)):
        changed[at] = value
    try:
        profile = read_profile(bytes(changed[: data.draw(st.integers(0, len(changed)))]))
    except ProfileError:
        return
    if profile.space is not None:
        assert np.isfinite(profile.space.matrix).all()
