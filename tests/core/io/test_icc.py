"""Profile names, from profiles of both versions."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from core.io import open_image
from core.io.icc import is_srgb, profile_name

if TYPE_CHECKING:
    from pathlib import Path


WORDS = tuple(int.from_bytes(w, "big") for w in (b"mntr", b"RGB ", b"XYZ "))


def profile(kind: bytes, name: str) -> bytes:
    """A profile with nothing but a description."""
    if kind == b"desc":
        text = name.encode("latin-1") + b"\0"
        tag = b"desc" + bytes(4) + struct.pack(">I", len(text)) + text
    else:
        text = name.encode("utf-16-be")
        tag = b"mluc" + bytes(4) + struct.pack(">II4sII", 1, 12, b"enUS", len(text), 28) + text
    size = 144 + len(tag)
    header = struct.pack(">IIIIII", size, 0, 0x02400000, *WORDS) + bytes(12) + b"acsp"
    header = header.ljust(68, b"\0") + struct.pack(">III", 0xF6D6, 0x10000, 0xD32D)  # D50
    return header.ljust(128, b"\0") + struct.pack(">I4sII", 1, b"desc", 144, len(tag)) + tag


@pytest.mark.parametrize("kind", [b"desc", b"mluc"])
def test_both_forms_are_read(kind: bytes) -> None:
    assert profile_name(profile(kind, "Display P3")) == "Display P3"
    assert profile_name(profile(kind, "two\nlines\0")) == "two lines"


def test_a_profile_made_by_another_library() -> None:
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    assert profile_name(made.tobytes()) == made.profile.profile_description
    assert is_srgb(profile_name(made.tobytes()))


@given(st.binary(max_size=300))
def test_any_bytes_have_some_name(data: bytes) -> None:
    assert profile_name(data)
    table = struct.pack(">I4sII", 1, b"desc", 144, 99)
    assert profile_name(bytes(128) + table + data).isprintable()


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("sRGB IEC61966-2.1", True), ("sRGB built-in", True), ("RGB_D65_SRG_Rel_SRG", True),
        ("Gra_D65_Rel_SRG", True), ("RGB_D65_SRG_Rel_Lin", False), ("Linear sRGB", False),
        ("Display P3", False), ("Adobe RGB (1998)", False), ("Dot Gain 20%", False),
    ],
)  # fmt: skip
def test_which_names_mean_srgb(name: str, same: bool) -> None:
    assert is_srgb(name) is same


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.tif", "half.tif"])
def test_a_foreign_profile_is_named_and_not_applied(tmp_path: Path, name: str) -> None:
    data = np.full((8, 24, 3), 200, np.uint8)
    for text, told in (("Display P3", ["icc"]), ("sRGB mine", [])):
        icc = profile(b"mluc", text)
        path = tmp_path / (str(len(told)) + name)
        if name == "half.tif":
            half = data.astype(np.float16)
            tifffile.imwrite(path, half, photometric="rgb", iccprofile=icc)
        else:
            Image.fromarray(data).save(path, icc_profile=icc, lossless=True)
        picture = open_image(path)
        # JPEG: one flat colour, rounded to YCbCr and back, is off by one level at most.
        assert np.abs(picture.data.astype(float) - 200).max() <= (1 if name == "a.jpg" else 0)
        assert picture.meta["icc"] == text
        assert [n.code for n in picture.notices] == told
        for notice in picture.notices:
            assert notice.text == (
                f"“{path.name}” has the colour profile “Display P3”, which is not applied: "
                "values are compared as stored."
            )
