"""Files of every kind that say what their colours mean, written by other libraries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
import OpenImageIO
import pytest
import tifffile
from PIL import Image

from core.errors import TooLargeError
from core.io import Limits, open_image
from core.io.address import Address
from core.io.color.manage import manage, transform_for
from core.io.decoded import Decoded
from core.io.files import PictureFile
from core.io.kinds import JXL, PNG, TIFF
from core.types import Alpha, Encoding, Notice
from tests.colored import GREEN, P3_GREEN, RGB, SHARE, png, told
from tests.make import photo
from tests.profiles import (
    DISPLAY_P3,
    SRGB,
    SRGB_PARA,
    build,
    gamma,
    gray_profile,
    matrix_profile,
    para,
    table_profile,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "name", ["a.png", "a.jpg", "a.webp", "a.tif", "a.avif", "a.jxl", "a.jp2", "half.tif", "16.tif"]
)
def test_a_profile_is_applied_and_can_be_turned_off(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name in {"half.tif", "16.tif"}:
        pixels = RGB * np.uint16(257) if name == "16.tif" else (RGB / 255).astype(np.float16)
        tifffile.imwrite(path, pixels, photometric="rgb", iccprofile=DISPLAY_P3)
    elif name in {"a.jxl", "a.jp2"}:
        spec = OpenImageIO.ImageSpec(64, 40, 3, "uint8")
        array = np.frombuffer(DISPLAY_P3, np.uint8)
        spec.attribute("ICCProfile", OpenImageIO.TypeDesc(f"uint8[{array.size}]"), array)
        writer = OpenImageIO.ImageOutput.create(str(path))
        assert writer.open(str(path), spec)
        assert writer.write_image(RGB)
        writer.close()
    else:
        Image.fromarray(RGB).save(path, icc_profile=DISPLAY_P3, lossless=True, quality=100)
    made, stored = open_image(path), open_image(path, managed=False)
    # JPEG, AVIF and JPEG 2000 of quality 100 move a level or two, which black's slope of 12.92 in
    # light and the negative values make five times as much.
    room = 0.05 if name in {"a.jpg", "a.avif", "a.jxl", "a.jp2"} else 2e-3
    assert made.data[GREEN] == pytest.approx(P3_GREEN, abs=room)
    assert (made.data.dtype, made.peak, made.encoding) == (np.float32, 1.0, Encoding.SRGB)
    assert made.bits == {"half.tif": 11, "16.tif": 16}.get(name, 8) == stored.bits
    assert made.meta["icc"] == stored.meta["icc"] == "Display P3"
    assert made.meta["color"] == "Display P3 converted to sRGB"
    assert told(made) == [("color", "info")]
    assert "from Display P3 to sRGB" in made.notices[0].text
    assert name in made.notices[0].text
    assert told(stored) == [("icc", "info")]
    assert stored.notices[0].text == (
        f"“{name}” has the colour profile “Display P3”, which is not applied: values are compared "
        "as stored."
    )
    assert stored.meta["color"] == "as stored: Display P3 not applied"
    assert made.key != stored.key
    # JPEG and its like again: two levels on the scale of the file.
    assert np.abs(stored.data[GREEN] / stored.peak - (0, 1, 0)).max() <= 3 / 255


def test_linear_light_of_srgb_primaries_is_taken_as_it_is(tmp_path: Path) -> None:
    """The working space for light itself: nothing is converted, so nothing is said."""
    for kind, pixels in (("rgb", RGB), ("gray", RGB[:, :, 0].copy())):
        linear = gamma(1.0)
        icc = matrix_profile(SRGB, linear) if kind == "rgb" else gray_profile(linear)
        picture = png(tmp_path / f"{kind}.png", icc=icc, pixels=pixels)
        assert (picture.encoding, picture.notices) == (Encoding.LINEAR, ())
        assert picture.meta["color"] == "linear sRGB"
        np.testing.assert_array_equal(picture.data, pixels)


def test_the_notice_is_one_sentence_with_the_share(tmp_path: Path) -> None:
    assert png(tmp_path / "a.png", icc=DISPLAY_P3).notices == (
        Notice(
            "color",
            "The colours of “a.png” were converted from Display P3 to sRGB; "
            f"{SHARE} of its pixels lie outside sRGB.",
        ),
    )
    gray = png(tmp_path / "g.png", icc=gray_profile(gamma(1.8)), pixels=RGB[:, :, 0].copy())
    assert gray.notices[0].text.endswith("; none of its pixels lies outside sRGB.")
    one = photo(60, 120) // 4 + 90
    one[7, 9] = 255, 0, 0
    picture = png(tmp_path / "1.png", icc=DISPLAY_P3, pixels=one)
    assert "fewer than 0.1 %" in picture.notices[0].text


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_srgb_stays_as_it_is(tmp_path: Path, dtype: type) -> None:
    pixels = photo(30, 50, dtype=dtype)
    for number, managed in enumerate((True, False)):
        path = tmp_path / f"{number}.tif"
        icc = matrix_profile(SRGB, para(3, *SRGB_PARA), name="mine")
        tifffile.imwrite(path, pixels, photometric="rgb", iccprofile=icc)
        picture = open_image(path, managed=managed)
        np.testing.assert_array_equal(picture.data, pixels)
        assert (picture.data.dtype, picture.notices) == (dtype, ())
        assert (picture.meta["color"], picture.meta["icc"]) == ("sRGB", "mine")
        assert picture.encoding is Encoding.SRGB


def test_light_of_srgb_stays_as_it_is(tmp_path: Path) -> None:
    pixels = photo(30, 50, dtype=np.uint16)
    icc = matrix_profile(SRGB, para(0, 1.0))
    tifffile.imwrite(tmp_path / "a.tif", pixels, photometric="rgb", iccprofile=icc)
    picture = open_image(tmp_path / "a.tif")
    np.testing.assert_array_equal(picture.data, pixels)
    assert (picture.encoding, picture.meta["color"]) == (Encoding.LINEAR, "linear sRGB")


@pytest.mark.parametrize(
    ("icc", "why"),
    [
        (DISPLAY_P3[:-30], "it is cut off"),
        (build({}, kind=b"link"), "it links two devices"),
        (gray_profile(gamma(2.2)), "it is for GRAY and the picture has 3 values a pixel"),
        (table_profile(b"CMYK", 3), "it is for CMYK and the picture has 3 values a pixel"),
        (build({b"A2B0": b"mft2" + bytes(60)}), "it cannot be used"),
    ],
)
def test_a_profile_that_cannot_be_used_is_not_applied(tmp_path: Path, icc: bytes, why: str) -> None:
    tifffile.imwrite(tmp_path / "a.tif", RGB, photometric="rgb", iccprofile=icc)
    picture = open_image(tmp_path / "a.tif")
    np.testing.assert_array_equal(picture.data, RGB)
    name = picture.meta["icc"]
    assert [(n.code, n.severity, n.text) for n in picture.notices] == [
        ("icc", "warning", f"The colour profile “{name}” of “a.tif” is not applied, because {why}: "
         "values are compared as stored.")
    ]  # fmt: skip


def test_a_profile_of_tables_is_applied(tmp_path: Path) -> None:
    picture = png(tmp_path / "a.png", icc=table_profile(name="print"))
    assert picture.meta["color"] == "print converted to sRGB"
    assert picture.data[GREEN][0] < -0.4
    assert picture.data.dtype == np.float32


def test_cmyk_is_what_little_cms_makes_of_it(tmp_path: Path) -> None:
    inks = np.random.default_rng(1).integers(0, 256, (24, 40, 4), np.uint8)
    icc = table_profile(b"CMYK", 5)
    tifffile.imwrite(tmp_path / "a.tif", inks, photometric="separated", iccprofile=icc)
    picture = open_image(tmp_path / "a.tif")
    wanted = imagecodecs.cms_transform(
        inks, icc, imagecodecs.cms_profile("srgb"), colorspace="cmyk", outcolorspace="rgb",
        outdtype="uint8", intent=1,
    )  # fmt: skip
    # Two releases of Little CMS, each of which may round the other way, twice.
    assert np.abs(picture.data - wanted.astype(float)).max() <= 2
    assert (picture.data.dtype, picture.meta["color"]) == (np.uint8, "CMYK converted to sRGB")


@pytest.mark.parametrize("suffix", ["jpg", "tif"])
@pytest.mark.parametrize(
    ("code", "index", "wanted"),
    [
        (1, None, "sRGB"), (2, None, "Adobe RGB (1998) converted to sRGB"),
        (65535, "R03", "Adobe RGB (1998) converted to sRGB"), (65535, "R98", "as stored"),
    ],
)  # fmt: skip
def test_exif_names_a_space(
    tmp_path: Path, suffix: str, code: int, index: str | None, wanted: str
) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[40961] = code
    if index:
        exif.get_ifd(0x8769)[40965] = {1: index}
    exif[0x8769] = exif.get_ifd(0x8769)  # else it is left out of a TIFF
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(RGB).save(path, exif=exif, quality=100, subsampling=0)
    picture = open_image(path)
    assert picture.meta["color"] == wanted
    if "converted" in wanted:
        assert picture.data[GREEN][0] < -0.3
        assert "icc" not in picture.meta


def test_code_points_of_avif_count(tmp_path: Path) -> None:
    for primaries, transfer, wanted in (
        (12, 13, "Display P3 converted to sRGB"),
        (1, 13, "sRGB"),
        (2, 2, "as stored"),
        (9, 18, "BT.2020, HLG converted to linear light of sRGB primaries"),
    ):
        data = imagecodecs.avif_encode(RGB, level=100, primaries=primaries, transfer=transfer)
        (tmp_path / "a.avif").write_bytes(data)
        assert open_image(tmp_path / "a.avif").meta["color"] == wanted


def test_a_crowded_file_is_refused_before_it_grows(tmp_path: Path) -> None:
    png(tmp_path / "a.png", icc=DISPLAY_P3)
    with pytest.raises(TooLargeError) as caught:
        open_image(tmp_path / "a.png", limits=Limits(bytes=RGB.nbytes * 3))
    assert caught.value.need == RGB.nbytes * 4
    stored = open_image(tmp_path / "a.png", managed=False, limits=Limits(bytes=RGB.nbytes))
    assert stored.data.dtype == np.uint8


def test_what_a_reader_has_converted_is_left_alone(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[40961] = 2  # Adobe RGB, of what was shown on the camera's display
    exif[0x8769] = exif.get_ifd(0x8769)
    Image.fromarray(RGB).save(tmp_path / "a.tif", exif=exif)
    with PictureFile(tmp_path / "a.tif") as file:
        for values in (
            {"meta": {"color": "developed to sRGB"}},
            {"notices": [Notice("converted", "The inks were converted.")]},
        ):
            given = Decoded(RGB, Encoding.SRGB, icc=DISPLAY_P3, **values)
            assert transform_for(file, TIFF, given) is None
            manage(file, TIFF, given, managed=True)
            assert given.data is RGB
            assert given.meta["color"] in {"developed to sRGB", "converted to sRGB"}


def test_a_transform_takes_any_part(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    whole = png(path, icc=DISPLAY_P3)
    with PictureFile(Address.parse(path)[0]) as file:
        given = Decoded(RGB[:1, :1], Encoding.SRGB, Alpha.NONE, icc=DISPLAY_P3)
        transform = transform_for(file, PNG, given)
        assert transform is not None
        assert transform.describe == "Display P3 converted to sRGB"
        part = transform.apply(RGB[7:19, 22:60])
        np.testing.assert_array_equal(part, whole.data[7:19, 22:60])
        room = np.zeros((12, 38, 3), np.float32)
        assert transform.convert(RGB[7:19, 22:60], room)[0] is room
        np.testing.assert_array_equal(room, part)
        given.icc = matrix_profile(SRGB, para(3, *SRGB_PARA))
        assert transform_for(file, JXL, given) is None
