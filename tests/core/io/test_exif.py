"""What the camera says, written by Pillow and pillow-heif; and blocks that make no sense."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PIL.TiffImagePlugin import IFDRational

from core.io import exif, open_image
from tests.core.io.formats._case import noise

if TYPE_CHECKING:
    from pathlib import Path

SAID = {
    "description": "A wide scene", "camera_make": "Ferrum", "camera": "F-9", "software": "Dark 4",
    "artist": "Zoë Ångström", "copyright": "© Zoë", "lens": "24-70 mm F2.8",
    "exposure_time": "1/250 s", "aperture": "f/2.8", "focal_length": "50 mm", "iso": "400",
    "taken": "2024-05-01 12:30:00", "dpi": "300",
}  # fmt: skip


def block() -> bytes:
    made = Image.Exif()
    for tag, value in {
        0x010E: "A wide scene", 0x010F: "Ferrum", 0x0110: "F-9", 0x0131: "Dark 4",
        0x013B: "Zoë Ångström".encode(), 0x8298: "© Zoë".encode(), 0x011A: IFDRational(300),
        0x011B: IFDRational(300), 0x0128: 2, 0x0132: "2025:01:01 00:00:00",
    }.items():  # fmt: skip
        made[tag] = value
    made.get_ifd(0x8769).update({
        0x829A: IFDRational(1, 250), 0x829D: IFDRational(28, 10), 0x8827: 400,
        0x920A: IFDRational(50), 0x9003: "2024:05:01 12:30:00", 0xA434: "24-70 mm F2.8",
    })  # fmt: skip
    return bytes(made.tobytes())


def said(path: Path) -> dict[str, str]:
    meta = open_image(path, managed=False).meta
    return {name: meta[name] for name in SAID if name in meta}


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".avif"])
def test_all_that_the_camera_says_is_there(tmp_path: Path, suffix: str) -> None:
    Image.fromarray(noise(16, 40, 3)).save(tmp_path / f"a{suffix}", exif=block())
    assert said(tmp_path / f"a{suffix}") == SAID


def test_heic_says_it_too(tmp_path: Path) -> None:
    import pillow_heif

    file = pillow_heif.from_pillow(Image.fromarray(noise(16, 40, 3)))
    file.save(tmp_path / "a.heic", exif=block())
    assert said(tmp_path / "a.heic") == SAID


def test_jpeg_xl_says_it_in_a_box(tmp_path: Path) -> None:
    data = imagecodecs.jpegxl_encode(noise(7, 23, 3), lossless=True, usecontainer=True)
    at = data.index(b"ftyp") - 4
    end = at + int.from_bytes(data[at : at + 4], "big")
    body = bytes(4) + block().removeprefix(b"Exif\0\0")
    box = struct.pack(">I4s", 8 + len(body), b"Exif") + body
    (tmp_path / "a.jxl").write_bytes(data[:end] + box + data[end:])
    assert said(tmp_path / "a.jxl") == SAID


def test_a_png_says_it_in_words(tmp_path: Path) -> None:
    info = PngInfo()
    info.add_text("Title", "A wide scene")
    info.add_text("Author", "Zoe")
    info.add_text("Software", "Dark 4", zip=True)
    info.add_itxt("Copyright", "© Zoë")
    info.add_text("Other", "nobody asks")
    Image.fromarray(noise(7, 23, 3)).save(tmp_path / "a.png", pnginfo=info, dpi=(150, 72))
    found = said(tmp_path / "a.png")
    assert found == {
        "description": "A wide scene", "artist": "Zoe", "software": "Dark 4",
        "copyright": "© Zoë", "dpi": "150 × 72",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ((1, 250), "1/250 s"), ((10, 2500), "1/250 s"), ((1, 3), "0.333 s"), ((30, 1), "30 s"),
        ((1, 0), ""), (None, ""), (0, ""), ("soon", ""), (-1, ""),
    ],
)  # fmt: skip
def test_exposure_times_are_written_as_people_write_them(value: Any, text: str) -> None:
    assert exif.exposure(value) == text


@given(st.binary(max_size=200), st.integers(0, 400), st.sampled_from([b"II*\0", b"MM\0*"]))
def test_no_block_of_bytes_is_an_error(junk: bytes, at: int, mark: bytes) -> None:
    whole = block()
    for data in (mark + junk, whole[:at] + junk + whole[at + len(junk) :], whole[:at]):
        for text in exif.described(data).values():
            assert isinstance(text, str)


@given(st.binary(min_size=1, max_size=40), st.integers(6, 300))
def test_big_endian_and_little_endian_say_the_same(junk: bytes, at: int) -> None:
    entry = struct.pack("<HHII", 0x8827, 3, 1, at)
    little = b"II*\0" + struct.pack("<IH", 8, 1) + entry + bytes(4) + junk
    big = b"MM\0*" + struct.pack(">IH", 8, 1) + struct.pack(">HHIHH", 0x8827, 3, 1, at, 0) + junk
    assert exif.described(little) == exif.described(big) == {"iso": str(at)}


def test_a_broken_block_does_not_keep_the_picture_from_opening(tmp_path: Path) -> None:
    data = noise(7, 23, 3)
    broken = block()[:60] + b"\xff" * 60
    for suffix in (".png", ".jpg", ".webp"):
        options: dict[str, Any] = {"lossless": True} if suffix == ".webp" else {}
        Image.fromarray(data).save(tmp_path / f"a{suffix}", exif=broken, **options)
        picture = open_image(tmp_path / f"a{suffix}", managed=False)
        assert picture.shape == (7, 23)
        if suffix != ".jpg":
            np.testing.assert_array_equal(picture.data, data)
