"""PNG, JPEG, WebP, GIF and AVIF, written by other libraries."""

from __future__ import annotations

import json
import struct
import zlib
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
import pyvips
import tifffile
from PIL import Image, ImageOps
from PIL.TiffImagePlugin import IFDRational

from core.errors import ReadError
from core.io import open_image, vips
from core.io.files import PictureFile
from core.io.kinds import PNG
from core.types import Alpha, Encoding

if TYPE_CHECKING:
    from pathlib import Path


def noise(*shape: int, dtype: Any = np.uint8, seed: int = 1) -> np.ndarray[Any, Any]:
    top = np.iinfo(dtype).max
    return np.random.default_rng(seed).integers(0, top, shape, dtype, endpoint=True)


def codes(picture: Any) -> list[str]:
    return [n.code for n in picture.notices]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_png_values_come_out_as_stored(tmp_path: Path, dtype: Any, channels: int) -> None:
    data = noise(7, 23, channels, dtype=dtype)
    cv2.imwrite(str(tmp_path / "a.png"), data[..., [2, 1, 0, 3][:channels] if channels > 1 else 0])
    picture = open_image(tmp_path / "a.png")
    np.testing.assert_array_equal(picture.data, data[..., 0] if channels == 1 else data)
    assert picture.data.dtype == dtype
    assert picture.peak == np.iinfo(dtype).max
    assert picture.encoding is Encoding.SRGB
    assert picture.alpha is (Alpha.STRAIGHT if channels == 4 else Alpha.NONE)
    assert picture.info.bits == np.dtype(dtype).itemsize * 8
    assert not picture.data.flags.writeable
    assert picture.data.flags.c_contiguous


def test_gray_with_alpha_stays_gray(tmp_path: Path) -> None:
    data = noise(5, 9, 2)
    Image.merge("LA", [Image.fromarray(data[..., i]) for i in (0, 1)]).save(tmp_path / "a.png")
    picture = open_image(tmp_path / "a.png")
    np.testing.assert_array_equal(picture.data, data)
    assert picture.alpha is Alpha.STRAIGHT


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_an_opaque_alpha_is_found_and_one_bad_pixel_seen(tmp_path: Path, dtype: Any) -> None:
    data = noise(700, 901, 4, dtype=dtype)
    data[..., 3] = np.iinfo(dtype).max
    cv2.imwrite(str(tmp_path / "a.png"), data)
    assert open_image(tmp_path / "a.png").alpha is Alpha.OPAQUE
    data[699, 900, 3] -= 1
    cv2.imwrite(str(tmp_path / "b.png"), data)
    assert open_image(tmp_path / "b.png").alpha is Alpha.STRAIGHT


def test_palettes_and_bitmaps_are_expanded(tmp_path: Path) -> None:
    small = Image.fromarray(noise(7, 23, 3)).quantize(8)
    small.save(tmp_path / "palette.png")
    picture = open_image(tmp_path / "palette.png")
    np.testing.assert_array_equal(picture.data, np.asarray(small.convert("RGB")))
    assert (picture.bits, picture.alpha) == (8, Alpha.NONE)

    small.save(tmp_path / "clear.png", transparency=bytes([0, 128]))
    with Image.open(tmp_path / "clear.png") as oracle:
        truth = np.asarray(oracle.convert("RGBA"))
    np.testing.assert_array_equal(open_image(tmp_path / "clear.png").data, truth)

    one = noise(7, 23) > 99
    Image.fromarray(one).save(tmp_path / "one.png")
    picture = open_image(tmp_path / "one.png")
    np.testing.assert_array_equal(picture.data, one * np.uint8(255))
    assert (picture.bits, picture.peak) == (1, 255.0)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def raw_png(width: int, height: int, depth: int, colour: int, rows: bytes, *more: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = [chunk(b"IHDR", header), *more, chunk(b"IDAT", zlib.compress(rows))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def test_png_says_how_many_bits_are_significant(tmp_path: Path) -> None:
    rows = b"\0\x12\x34\xff\xf0"
    (tmp_path / "a.png").write_bytes(raw_png(2, 1, 16, 0, rows, chunk(b"sBIT", b"\x0c")))
    picture = open_image(tmp_path / "a.png")
    assert (picture.bits, picture.peak) == (12, 65535.0)  # samples are scaled up in the file
    np.testing.assert_array_equal(picture.data, [[0x1234, 0xFFF0]])
    (tmp_path / "b.png").write_bytes(raw_png(2, 1, 2, 0, b"\0\x60"))
    picture = open_image(tmp_path / "b.png")
    assert picture.bits == 2
    np.testing.assert_array_equal(picture.data, [[85, 170]])


def test_a_pixel_alone_keeps_its_shape(tmp_path: Path) -> None:
    Image.fromarray(np.array([[7]], np.uint8)).save(tmp_path / "gray.png")
    Image.fromarray(np.array([[[1, 2, 3]]], np.uint8)).save(tmp_path / "rgb.png")
    np.testing.assert_array_equal(open_image(tmp_path / "gray.png").data, [[7]])
    np.testing.assert_array_equal(open_image(tmp_path / "rgb.png").data, [[[1, 2, 3]]])


@pytest.mark.parametrize("options", [{}, {"progressive": True}, {"subsampling": 0}])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_jpeg_is_decoded_like_the_reference_library(
    tmp_path: Path, mode: str, options: dict[str, Any]
) -> None:
    smooth = cv2.GaussianBlur(noise(37, 90, 3), (0, 0), 3)
    Image.fromarray(smooth).convert(mode).save(tmp_path / "a.jpg", quality=90, **options)
    with Image.open(tmp_path / "a.jpg") as oracle:
        truth = np.asarray(oracle)
    picture = open_image(tmp_path / "a.jpg")
    np.testing.assert_array_equal(picture.data, truth)  # both decode with libjpeg-turbo
    assert picture.alpha is Alpha.NONE
    assert picture.meta["format"] == "JPEG"


def test_cmyk_becomes_srgb_and_says_so(tmp_path: Path) -> None:
    ink = np.zeros((6, 20, 4), np.uint8)
    ink[:, 10:] = (0, 0, 0, 255)
    Image.frombytes("CMYK", (20, 6), ink.tobytes()).save(tmp_path / "a.jpg", quality=100)
    picture = open_image(tmp_path / "a.jpg")
    assert picture.data.shape == (6, 20, 3)
    assert picture.data[3, 2].min() > 250  # paper
    assert picture.data[3, 17].max() < 60  # black ink is no perfect black
    assert codes(picture) == ["converted"]


@pytest.mark.parametrize("channels", [3, 4])
def test_webp_without_loss(tmp_path: Path, channels: int) -> None:
    data = noise(7, 23, channels)
    Image.fromarray(data).save(tmp_path / "a.webp", lossless=True, exact=True)
    np.testing.assert_array_equal(open_image(tmp_path / "a.webp").data, data)


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_an_animation_gives_its_first_frame_and_says_so(tmp_path: Path, suffix: str) -> None:
    frames = [Image.fromarray(noise(7, 23, 3, seed=s)).quantize(16) for s in (1, 2)]
    truth = [np.asarray(f.convert("RGB")) for f in frames]
    whole = frames if suffix == ".gif" else [f.convert("RGB") for f in frames]
    path = tmp_path / ("a" + suffix)
    whole[0].save(path, save_all=True, append_images=whole[1:], lossless=True)
    first, second = open_image(path), open_image(path, page=1)
    np.testing.assert_array_equal(first.data[..., :3], truth[0])
    np.testing.assert_array_equal(second.data[..., :3], truth[1])
    assert first.alpha in {Alpha.NONE, Alpha.OPAQUE}
    assert codes(first) == ["pages"]
    assert first.notices[0].text == f"“a{suffix}” holds 2 pictures; number 1 is compared."
    assert first.key != second.key
    with pytest.raises(ReadError, match="has no page 3; choose one from 1 to 2"):
        open_image(path, page=2)


def test_gif_of_one_frame(tmp_path: Path) -> None:
    small = Image.fromarray(noise(7, 23, 3)).quantize(16)
    small.save(tmp_path / "a.gif")
    picture = open_image(tmp_path / "a.gif")
    np.testing.assert_array_equal(picture.data, np.asarray(small.convert("RGB")))
    assert codes(picture) == []


def test_avif(tmp_path: Path) -> None:
    smooth = cv2.GaussianBlur(noise(40, 90, 3), (0, 0), 5)
    Image.fromarray(smooth).save(tmp_path / "a.avif", quality=100, subsampling="4:4:4")
    picture = open_image(tmp_path / "a.avif")
    # Lossy in YCbCr of 8 bits: rounding there and back is worth up to 3 levels.
    assert np.abs(picture.data.astype(int) - smooth).max() <= 3


@pytest.mark.parametrize("orientation", range(10))
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".tif"])
def test_every_orientation_comes_out_upright(tmp_path: Path, orientation: int, suffix: str) -> None:
    upright = np.zeros((6, 20), np.uint8) + np.linspace(0, 250, 20).astype(np.uint8)
    upright[:3] //= 2  # brighter below and to the right: no two orientations look alike
    stored = {
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.T,
        6: np.rot90(upright, 1),  # shown after a quarter turn clockwise
        7: upright[::-1, ::-1].T,
        8: np.rot90(upright, -1),
    }.get(orientation, upright)
    exif = Image.Exif()
    exif[0x0112] = orientation
    rgb = np.dstack([stored] * 3)
    options: dict[str, Any] = {"lossless": True} if suffix == ".webp" else {}
    options |= {"quality": 100, "subsampling": 0} if suffix == ".jpg" else {}
    path = tmp_path / ("a" + suffix)
    Image.fromarray(rgb).save(path, exif=exif, **options)
    picture = open_image(path)
    with Image.open(path) as image:
        np.testing.assert_array_equal(picture.data, np.asarray(ImageOps.exif_transpose(image)))
    assert picture.shape == (6, 20)
    assert picture.data.flags.c_contiguous
    error = np.abs(picture.data.astype(int) - upright[..., None])
    assert error.max() <= (3 if suffix == ".jpg" else 0)  # JPEG at quality 100 rounds twice
    assert picture.meta.get("orientation") == (str(orientation) if 2 <= orientation <= 8 else None)
    assert (picture.meta["width"], picture.meta["height"]) == tuple(map(str, stored.shape[::-1]))


def test_what_the_camera_says(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0110] = "EOS (R5), II"
    exif[0x0131] = "Dark, room 4"
    exif.get_ifd(0x8769).update({0x829A: IFDRational(1, 250), 0x8827: 400})
    Image.fromarray(noise(8, 24, 3)).save(tmp_path / "a.jpg", exif=exif)
    meta = open_image(tmp_path / "a.jpg").meta
    assert {k: v for k, v in meta.items() if k not in ("file_size", "modified")} == {
        "format": "JPEG", "width": "24", "height": "8", "camera": "EOS (R5), II",
        "software": "Dark, room 4", "exposure_time": "1/250 s", "iso": "400",
        "compression": "baseline", "subsampling": "4:2:0", "color": "as stored",
    }  # fmt: skip


@pytest.mark.parametrize("dtype", [np.uint8, np.float16])  # one for each decoder
def test_odd_bytes_in_the_description_are_made_printable(tmp_path: Path, dtype: Any) -> None:
    path = tmp_path / "a.tif"
    camera = [(272, "s", 0, "AXXXXB", True)]
    tifffile.imwrite(path, np.zeros((5, 9), dtype), extratags=camera, software="S")
    path.write_bytes(path.read_bytes().replace(b"XXXX", b"\xe9\n(\x80"))
    picture = open_image(path)
    assert picture.shape == (5, 9)
    json.dumps(dict(picture.meta), ensure_ascii=False).encode("utf-8")
    assert picture.meta.get("camera", "A\ufffd (\ufffdB") == "A\ufffd (\ufffdB"
    Image.fromarray(np.zeros((8, 24), np.uint8)).save(
        tmp_path / "a.jpg", exif=b"Exif\0\0" + exif_with(b"A\xe9\n(\x80B\0\0")
    )
    assert open_image(tmp_path / "a.jpg").meta["camera"] == "A\ufffd (\ufffdB"


def exif_with(camera: bytes) -> bytes:
    entry = struct.pack("<HHHII", 1, 0x0110, 2, len(camera), 26)
    return b"II*\0" + struct.pack("<I", 8) + entry + bytes(4) + camera


def test_a_jpeg_with_stray_bytes_is_shown_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    Image.fromarray(noise(64, 200, 3)).save(path, quality=95)
    data = path.read_bytes()
    scan = data.index(b"\xff\xda")
    path.write_bytes(data[:scan] + bytes(9) + data[scan:])
    picture = open_image(path)
    with Image.open(path) as oracle:
        np.testing.assert_array_equal(picture.data, np.asarray(oracle))
    assert [(n.code, n.severity) for n in picture.notices] == [("damaged", "warning")]


@pytest.mark.parametrize("missing", [20, 400, 4000])
def test_a_jpeg_whose_rows_end_early_is_refused(tmp_path: Path, missing: int) -> None:
    path = tmp_path / "a.jpg"
    Image.fromarray(noise(64, 200, 3)).save(path, quality=95)
    path.write_bytes(path.read_bytes()[:-missing] + b"\xff\xd9")
    with pytest.raises(ReadError, match="damaged or incomplete"):
        open_image(path)


def test_bytes_read_while_libvips_reads_are_those_of_their_place(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(noise(300, 400, 3)).save(path)
    with PictureFile(path) as file:
        image = vips.load(file, PNG, "pngload", 0)
        assert file.read_at(0, file.size) == path.read_bytes()
        decoded = vips.decode(file, PNG, image, "pngload", 0)
        assert file.read_at(7, 200_000) == path.read_bytes()[7:200_007]
    np.testing.assert_array_equal(decoded.data, noise(300, 400, 3))


def test_a_message_with_odd_bytes_is_not_printed(capfd: pytest.CaptureFixture[str]) -> None:
    words = pyvips.ffi.new("char[]", b"bad name: \xd2\xd2")
    pyvips._log_handler_callback(words, pyvips.GLogLevelFlags.LEVEL_WARNING, words, pyvips.ffi.NULL)
    assert capfd.readouterr().err == ""


def test_a_png_with_a_wrong_checksum_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    data = bytearray(raw_png(2, 1, 16, 0, b"\0\x12\x34\xff\xf0"))
    data[-20] ^= 1  # in the compressed data
    path.write_bytes(data)
    with pytest.raises(ReadError, match="damaged or incomplete"):
        open_image(path)
