"""JPEG: what its markers say, several pictures in one file, print colours with a profile."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
import pytest
import pyvips
from PIL import Image, ImageCms

from core.errors import ReadError, TooLargeError
from core.io import Limits, open_image
from tests.core.io.formats._case import noise, smooth
from tests.core.io.formats._web import several

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("options", "compression", "subsampling"),
    [
        ({"subsampling": "4:4:4"}, "baseline", "4:4:4"),
        ({"subsampling": "4:2:2"}, "baseline", "4:2:2"),
        ({"subsampling": "4:2:0", "progressive": True}, "progressive", "4:2:0"),
    ],
)
def test_how_it_is_coded(
    tmp_path: Path, options: dict[str, Any], compression: str, subsampling: str
) -> None:
    Image.fromarray(noise(16, 40, 3)).save(tmp_path / "a.jpg", dpi=(300, 300), **options)
    meta = open_image(tmp_path / "a.jpg").meta
    assert (meta["compression"], meta["subsampling"], meta["dpi"]) == (
        compression, subsampling, "300",
    )  # fmt: skip


def test_gray_has_no_subsampling(tmp_path: Path) -> None:
    Image.fromarray(noise(16, 40)).save(tmp_path / "a.jpg")
    assert "subsampling" not in open_image(tmp_path / "a.jpg").meta


@pytest.mark.parametrize("bits", [8, 12, 16])
def test_what_is_rare_is_checked_and_refused_like_the_rest(tmp_path: Path, bits: int) -> None:
    data = noise(23, 40, dtype=np.uint16 if bits > 8 else np.uint8, top=(1 << bits) - 1)
    whole = imagecodecs.jpeg8_encode(data, lossless=True, bitspersample=bits)
    path = tmp_path / "a.jpg"
    path.write_bytes(whole)
    assert open_image(path).meta["compression"] == "lossless"
    with pytest.raises(TooLargeError, match="40 × 23 pixels"):
        open_image(path, limits=Limits(bytes=1000))
    for cut in range(4, len(whole) - 2, len(whole) // 15):
        path.write_bytes(whole[:cut])
        with pytest.raises(ReadError, match="damaged or incomplete"):
            open_image(path)


def test_an_index_that_lies_gives_the_first_picture_only(tmp_path: Path) -> None:
    first, _ = several(tmp_path / "a.mpo")
    whole = (tmp_path / "a.mpo").read_bytes()
    at = whole.index(b"MPF\0")
    offset = whole.index(struct.pack("<H", 0xB002), at)
    for place, value in ((offset + 4, 2**31), (offset + 8, 2**31), (at + 8, 2**32 - 1)):
        changed = whole[:place] + struct.pack("<I", value) + whole[place + 4 :]
        (tmp_path / "b.mpo").write_bytes(changed)
        picture = open_image(tmp_path / "b.mpo")
        np.testing.assert_array_equal(picture.data, first)
    (tmp_path / "b.mpo").write_bytes(whole[: whole.rindex(b"\xff\xd8\xff") + 40])
    picture = open_image(tmp_path / "b.mpo")  # the second one is cut off
    np.testing.assert_array_equal(picture.data, first)
    assert picture.contents.pages == 1


def test_print_colours_are_turned_by_their_own_profile(tmp_path: Path) -> None:
    ink = Image.frombytes("CMYK", (90, 37), smooth(37, 90, 4).tobytes())
    profile = bytes(pyvips.Operation.call("profile_load", "cmyk"))
    ink.save(tmp_path / "a.jpg", quality=95, icc_profile=profile)
    with Image.open(tmp_path / "a.jpg") as oracle:
        turned = ImageCms.profileToProfile(
            oracle, ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB"),
            ImageCms.Intent.RELATIVE_COLORIMETRIC, "RGB",
        )  # fmt: skip
    picture = open_image(tmp_path / "a.jpg")
    # Both ask LittleCMS, with other tables in between: up to 3 levels.
    assert np.abs(picture.data.astype(int) - np.asarray(turned)).max() <= 3
    assert [n.code for n in picture.notices] == ["converted"]
    assert picture.meta["icc"]
    assert picture.meta["color"] == "CMYK converted to sRGB"
