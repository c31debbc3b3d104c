"""TIFF in its many forms, written by tifffile."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
import tifffile

from core.errors import ReadError
from core.io import open_image
from core.types import Alpha, Encoding

if TYPE_CHECKING:
    from pathlib import Path


def noise(*shape: int, dtype: Any = np.uint8, top: int | None = None) -> np.ndarray[Any, Any]:
    rng = np.random.default_rng(3)
    if np.dtype(dtype).kind == "f":
        return rng.random(shape).astype(dtype)
    limits = np.iinfo(dtype)
    return rng.integers(limits.min, top or limits.max, shape, dtype, endpoint=True)


@pytest.mark.parametrize(
    ("dtype", "bits", "peak", "encoding"),
    [
        ("uint8", 8, 255.0, Encoding.SRGB),
        ("uint16", 16, 65535.0, Encoding.SRGB),
        ("uint32", 32, 4294967295.0, Encoding.UNKNOWN),
        ("int16", 16, 32767.0, Encoding.UNKNOWN),
        ("int32", 32, 2147483647.0, Encoding.UNKNOWN),
        ("float16", 11, 1.0, Encoding.UNKNOWN),
        ("float32", 24, 1.0, Encoding.UNKNOWN),
        ("float64", 53, 1.0, Encoding.UNKNOWN),
    ],
)
@pytest.mark.parametrize("channels", [1, 3])
def test_native_depth_is_kept(
    tmp_path: Path, dtype: str, bits: int, peak: float, encoding: Encoding, channels: int
) -> None:
    data = noise(7, 23, channels, dtype=dtype)
    data = data[..., 0] if channels == 1 else data
    tifffile.imwrite(tmp_path / "a.tif", data, photometric="rgb" if channels == 3 else "minisblack")
    picture = open_image(tmp_path / "a.tif")
    assert picture.data.dtype == dtype
    np.testing.assert_array_equal(picture.data, data)
    assert (picture.bits, picture.peak, picture.encoding) == (bits, peak, encoding)


def test_signed_bytes_are_widened(tmp_path: Path) -> None:
    data = noise(7, 23, dtype="int8")
    tifffile.imwrite(tmp_path / "a.tif", data)
    picture = open_image(tmp_path / "a.tif")
    np.testing.assert_array_equal(picture.data, data)
    assert (picture.data.dtype, picture.bits, picture.peak) == (np.int16, 8, 127.0)


def test_floats_that_hold_levels_get_their_white_from_the_values(tmp_path: Path) -> None:
    data = noise(7, 23).astype(np.float32)
    tifffile.imwrite(tmp_path / "a.tif", data)
    assert open_image(tmp_path / "a.tif").peak == 255.0


def packed(data: np.ndarray[Any, Any], bits: int) -> bytes:
    """Rows of samples of `bits` bits, each row starting at a byte."""
    lines = []
    for row in data.reshape(data.shape[0], -1):
        flags = (row[:, None] >> np.arange(bits - 1, -1, -1)) & 1
        lines.append(np.packbits(flags.astype(np.uint8)).tobytes())
    return b"".join(lines)


def raw_tiff(tags: dict[int, tuple[int, int]], pixels: bytes, order: str = "<") -> bytes:
    """A TIFF of one strip; tags are (type, value)."""
    entries = {**tags, 273: (4, 8), 279: (4, len(pixels)), 278: (4, tags[257][1])}
    body = struct.pack(order + "H", len(entries))
    for tag, (kind, value) in sorted(entries.items()):
        field = struct.pack(order + ("HH" if kind == 3 else "I"), *([value, 0][: 4 - kind + 1]))
        body += struct.pack(order + "HHI", tag, kind, 1) + field
    start = 8 + len(pixels) + len(pixels) % 2
    mark = b"II*\0" if order == "<" else b"MM\0*"
    head = mark + struct.pack(order + "I", start)
    return head + pixels + b"\0" * (len(pixels) % 2) + body + struct.pack(order + "I", 0)


def gray_tags(width: int, height: int, bits: int, **more: tuple[int, int]) -> dict[int, Any]:
    tags = {256: (3, width), 257: (3, height), 258: (3, bits), 259: (3, 1), 262: (3, 1),
            277: (3, 1)}  # fmt: skip
    return tags | {int(name[1:]): value for name, value in more.items()}


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("bits", [10, 12, 14])
def test_packed_samples_come_out_as_stored(tmp_path: Path, bits: int, order: str) -> None:
    data = noise(7, 22, dtype="uint16", top=(1 << bits) - 1)
    (tmp_path / "a.tif").write_bytes(raw_tiff(gray_tags(22, 7, bits), packed(data, bits), order))
    picture = open_image(tmp_path / "a.tif")
    np.testing.assert_array_equal(picture.data, data)
    assert (picture.data.dtype, picture.bits, picture.peak) == (np.uint16, bits, 2.0**bits - 1)


@pytest.mark.parametrize(("bits", "step"), [(1, 255), (2, 85), (4, 17)])
def test_small_samples_are_expanded_to_bytes(tmp_path: Path, bits: int, step: int) -> None:
    data = noise(7, 22, top=(1 << bits) - 1)
    (tmp_path / "a.tif").write_bytes(raw_tiff(gray_tags(22, 7, bits), packed(data, bits)))
    picture = open_image(tmp_path / "a.tif")
    np.testing.assert_array_equal(picture.data, data * step)
    assert (picture.bits, picture.peak) == (bits, 255.0)


@pytest.mark.parametrize(("top", "bits"), [(4095, 12), (16383, 14), (3000, 16), (65535, 16)])
def test_a_stated_maximum_tells_significant_bits(tmp_path: Path, top: int, bits: int) -> None:
    data = noise(7, 22, dtype="uint16", top=1000)
    tags = gray_tags(22, 7, 16, t281=(3, top))
    (tmp_path / "a.tif").write_bytes(raw_tiff(tags, data.astype("<u2").tobytes()))
    picture = open_image(tmp_path / "a.tif")
    np.testing.assert_array_equal(picture.data, data)
    assert (picture.bits, picture.peak) == (bits, 2.0**bits - 1)


def test_white_may_be_zero(tmp_path: Path) -> None:
    data = noise(7, 23, dtype="uint16")
    tifffile.imwrite(tmp_path / "a.tif", data, photometric="miniswhite")
    np.testing.assert_array_equal(open_image(tmp_path / "a.tif").data, 65535 - data)


@pytest.mark.parametrize(
    ("extra", "alpha"),
    [
        ("unassalpha", Alpha.STRAIGHT),
        ("assocalpha", Alpha.PREMULTIPLIED),
        ("unspecified", Alpha.NONE),
    ],
)
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
def test_alpha_is_what_the_file_says(tmp_path: Path, extra: str, alpha: Alpha, dtype: str) -> None:
    data = noise(7, 23, 4, dtype=dtype)
    tifffile.imwrite(tmp_path / "a.tif", data, photometric="rgb", extrasamples=[extra])
    picture = open_image(tmp_path / "a.tif")
    np.testing.assert_array_equal(picture.data, data)  # never divided by alpha
    assert picture.alpha is alpha
    data[..., 3] = 1 if dtype == "float32" else np.iinfo(dtype).max
    tifffile.imwrite(tmp_path / "b.tif", data, photometric="rgb", extrasamples=[extra])
    expected = Alpha.NONE if alpha is Alpha.NONE else Alpha.OPAQUE
    assert open_image(tmp_path / "b.tif").alpha is expected


def test_a_fourth_channel_that_is_not_explained_is_alpha(tmp_path: Path) -> None:
    data = noise(7, 23, 4)
    cv2.imwrite(str(tmp_path / "a.tif"), data)
    picture = open_image(tmp_path / "a.tif")
    np.testing.assert_array_equal(picture.data, data[..., [2, 1, 0, 3]])
    assert picture.alpha is Alpha.STRAIGHT


@pytest.mark.parametrize("channels", [2, 5, 7])
def test_any_number_of_channels(tmp_path: Path, channels: int) -> None:
    data = noise(7, 23, channels, dtype="uint16")
    options: dict[str, Any] = {"photometric": "minisblack", "planarconfig": "contig"}
    tifffile.imwrite(tmp_path / "a.tif", data, **options)
    picture = open_image(tmp_path / "a.tif")
    np.testing.assert_array_equal(picture.data, data)
    assert picture.alpha is Alpha.NONE


@pytest.mark.parametrize(
    "layout",
    [
        {"tile": (16, 16), "compression": "zlib", "predictor": True},
        {"planarconfig": "separate"},
        {"bigtiff": True},
        {"byteorder": ">"},
        {"rowsperstrip": 2},
    ],
)
def test_layouts(tmp_path: Path, layout: dict[str, Any]) -> None:
    data = noise(33, 70, 3, dtype="uint16")
    stored = np.moveaxis(data, 2, 0) if "planarconfig" in layout else data
    tifffile.imwrite(tmp_path / "a.tif", stored, photometric="rgb", **layout)
    np.testing.assert_array_equal(open_image(tmp_path / "a.tif").data, data)


@pytest.mark.parametrize("dtype", ["uint16", "float64"])  # one for each decoder
@pytest.mark.parametrize("bigtiff", [False, True])
def test_pages(tmp_path: Path, dtype: str, bigtiff: bool) -> None:
    pages = [noise(7, 23, dtype=dtype), noise(9, 11, dtype=dtype)]
    with tifffile.TiffWriter(tmp_path / "a.tif", bigtiff=bigtiff) as writer:
        for page in pages:
            writer.write(page)
    for i, page in enumerate(pages):
        picture = open_image(tmp_path / "a.tif", page=i)
        np.testing.assert_array_equal(picture.data, page)
        assert [n.code for n in picture.notices] == ["pages"]
        assert (picture.meta["page"], picture.meta["pages"]) == (str(i + 1), "2")
    with pytest.raises(ReadError, match=r"has no page 3; choose one from 1 to 2\."):
        open_image(tmp_path / "a.tif", page=2)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (np.zeros((4, 9), np.complex64), "holds complex numbers"),
        (np.zeros((4, 9), np.uint64), "holds 64-bit integers"),
    ],
)
def test_values_that_are_no_pixels_are_named(
    tmp_path: Path, data: np.ndarray[Any, Any], words: str
) -> None:
    tifffile.imwrite(tmp_path / "a.tif", data)
    with pytest.raises(ReadError, match=words):
        open_image(tmp_path / "a.tif")


@pytest.mark.parametrize(
    ("code", "name"), [(34661, "JBIG"), (34676, "LogLuv"), (60123, "coding number 60123")]
)
def test_an_unknown_compression_is_named(tmp_path: Path, code: int, name: str) -> None:
    tags = gray_tags(22, 7, 8) | {259: (3, code)}
    (tmp_path / "a.tif").write_bytes(raw_tiff(tags, bytes(154)))
    with pytest.raises(ReadError, match=f"is compressed with {name}, which"):
        open_image(tmp_path / "a.tif")


@pytest.mark.parametrize("dtype", ["uint8", "float16"])
def test_a_directory_that_points_at_itself_ends(tmp_path: Path, dtype: str) -> None:
    tifffile.imwrite(tmp_path / "a.tif", noise(7, 23, dtype=dtype))
    data = bytearray((tmp_path / "a.tif").read_bytes())
    start = struct.unpack("<I", data[4:8])[0]
    count = struct.unpack("<H", data[start : start + 2])[0]
    at = start + 2 + 12 * count
    data[at : at + 4] = struct.pack("<I", start)
    (tmp_path / "a.tif").write_bytes(data)
    assert open_image(tmp_path / "a.tif").shape == (7, 23)
    with pytest.raises(ReadError, match="has no page 2"):
        open_image(tmp_path / "a.tif", page=1)


def test_an_offset_of_64_bits_that_no_system_takes(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(b"II+\0\x08\0\0\0" + b"\x10" + bytes(7) + b"\1" + bytes(7)
                     + b"\x02\1\4\0" + b"\xff" * 16 + bytes(8))  # fmt: skip
    with pytest.raises(ReadError, match="damaged or incomplete"):
        open_image(path)
