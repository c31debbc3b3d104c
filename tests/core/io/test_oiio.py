"""Film and science formats, written by OpenImageIO, OpenCV, Pillow and by hand."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import OpenImageIO
import pytest
from PIL import Image

from core.errors import ReadError
from core.io import open_image
from core.types import Alpha, Encoding

if TYPE_CHECKING:
    from pathlib import Path

RNG = np.random.default_rng(9)
FLOATS = RNG.random((7, 23, 4)).astype(np.float32) * 4
BYTES = RNG.integers(0, 256, (7, 23, 4), np.uint8)


def write(path: Path, data: np.ndarray[Any, Any], form: str, **attributes: Any) -> Path:
    spec = OpenImageIO.ImageSpec(data.shape[1], data.shape[0], data.shape[2], form)
    names = attributes.pop("names", None)
    if names:
        spec.channelnames = names
        spec.alpha_channel = names.index("A") if "A" in names else -1
    for name, value in attributes.pop("window", {}).items():
        setattr(spec, name, value)
    for name, value in attributes.items():
        spec.attribute(name.replace("__", ":"), value)
    output = OpenImageIO.ImageOutput.create(str(path))
    assert output.open(str(path), spec), output.geterror()
    assert output.write_image(np.ascontiguousarray(data)), output.geterror()
    output.close()
    return path


@pytest.mark.parametrize(("form", "dtype"), [("half", np.float16), ("float", np.float32)])
@pytest.mark.parametrize("compression", ["none", "zip", "piz"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_exr_is_linear_and_exact(
    tmp_path: Path, form: str, dtype: Any, compression: str, channels: int
) -> None:
    data = FLOATS[..., :channels].astype(dtype)
    names = {1: ("Y",), 3: ("R", "G", "B"), 4: ("R", "G", "B", "A")}[channels]
    write(tmp_path / "a.exr", data, form, compression=compression, names=names)
    picture = open_image(tmp_path / "a.exr")
    np.testing.assert_array_equal(picture.data, data[..., 0] if channels == 1 else data)
    assert picture.data.dtype == dtype
    assert (picture.encoding, picture.peak) == (Encoding.LINEAR, 1.0)
    assert picture.alpha is (Alpha.PREMULTIPLIED if channels == 4 else Alpha.NONE)
    data = FLOATS[..., :channels].astype(dtype)
    data[..., -1] = 1
    write(tmp_path / "b.exr", data, form, names=names)
    assert open_image(tmp_path / "b.exr").alpha is (Alpha.OPAQUE if channels == 4 else Alpha.NONE)


def test_values_far_above_white_do_not_move_it(tmp_path: Path) -> None:
    write(tmp_path / "a.exr", FLOATS[..., :3] * 10_000, "float")
    assert open_image(tmp_path / "a.exr").peak == 1.0


@pytest.mark.parametrize(
    ("names", "kept"),
    [
        (("R", "G", "B", "A", "Z", "normal.X"), 4),
        (("R", "G", "B", "Z", "N.x", "N.y"), 3),
        (("diffuse.R", "diffuse.G", "diffuse.B", "spec.R", "spec.G", "spec.B"), 3),
    ],
)
def test_other_layers_are_left_out_and_named(
    tmp_path: Path, names: tuple[str, ...], kept: int
) -> None:
    data = RNG.random((7, 23, 6)).astype(np.float32)
    write(tmp_path / "a.exr", data, "float", names=names)
    picture = open_image(tmp_path / "a.exr")
    np.testing.assert_array_equal(picture.data, data[..., :kept])
    (notice,) = picture.notices
    assert notice.code == "channels"
    assert notice.text.endswith(f"not {', '.join(names[kept:])}.")


def test_a_crop_lies_where_its_window_says(tmp_path: Path) -> None:
    window = {"x": 3, "y": -2, "full_width": 20, "full_height": 9}
    write(tmp_path / "a.exr", FLOATS, "float", names=("R", "G", "B", "A"), window=window)
    picture = open_image(tmp_path / "a.exr")
    expected = np.zeros((9, 20, 4), np.float32)
    expected[:5, 3:] = FLOATS[2:, :17]
    np.testing.assert_array_equal(picture.data, expected)
    assert [n.code for n in picture.notices] == ["window"]


def test_radiance_is_linear(tmp_path: Path) -> None:
    data = FLOATS[..., :3] * 100
    cv2.imwrite(str(tmp_path / "a.hdr"), data[..., ::-1])
    picture = open_image(tmp_path / "a.hdr")
    assert (picture.encoding, picture.peak) == (Encoding.LINEAR, 1.0)
    # 8 bits of mantissa shared with the largest channel, cut off or rounded: one step at most.
    step = 2.0 ** np.ceil(np.log2(data.max(axis=2, keepdims=True))) / 256
    assert (np.abs(picture.data - data) <= step).all()
    oracle = cv2.imread(str(tmp_path / "a.hdr"), cv2.IMREAD_UNCHANGED)[..., ::-1]
    # Decoders differ in whether they add half a step.
    assert (np.abs(picture.data - oracle) <= step / 2).all()


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
def test_dpx_comes_out_at_its_own_depth(tmp_path: Path, bits: int) -> None:
    data = RNG.integers(0, 1 << bits, (7, 23, 3), np.uint16)
    stored = (data << (16 - bits)) if bits > 8 else data.astype(np.uint8)
    form = "uint16" if bits > 8 else "uint8"
    write(tmp_path / "a.dpx", stored, form, oiio__BitsPerSample=bits)
    picture = open_image(tmp_path / "a.dpx")
    np.testing.assert_array_equal(picture.data, data)
    assert (picture.bits, picture.peak) == (bits, 2.0**bits - 1)
    assert picture.encoding is Encoding.UNKNOWN


@pytest.mark.parametrize("suffix", [".tga", ".dds", ".bmp"])
def test_straight_alpha_stays_straight(tmp_path: Path, suffix: str) -> None:
    Image.fromarray(BYTES).save(tmp_path / ("a" + suffix))
    picture = open_image(tmp_path / ("a" + suffix))
    np.testing.assert_array_equal(picture.data, BYTES)
    assert picture.alpha is Alpha.STRAIGHT


@pytest.mark.parametrize("suffix", [".tga", ".bmp", ".sgi", ".jp2", ".jxl"])
@pytest.mark.parametrize("gray", [False, True])
def test_everyday_values_of_rarer_formats(tmp_path: Path, suffix: str, gray: bool) -> None:
    data = BYTES[..., 0] if gray else BYTES[..., :3]
    path = tmp_path / ("a" + suffix)
    if suffix == ".jxl":
        write(path, data.reshape(7, 23, -1), "uint8", compression="jpegxl:100")
    else:
        options = {"irreversible": False} if suffix == ".jp2" else {}
        Image.fromarray(data).save(path, **options)
    picture = open_image(path)
    np.testing.assert_array_equal(picture.data, data)
    assert picture.encoding is Encoding.SRGB


def test_jpeg_2000_of_16_bits(tmp_path: Path) -> None:
    data = RNG.integers(0, 65536, (17, 43), np.uint16)
    Image.fromarray(data).save(tmp_path / "a.jp2", irreversible=False)
    picture = open_image(tmp_path / "a.jp2")
    np.testing.assert_array_equal(picture.data, data)
    assert (picture.bits, picture.peak) == (16, 65535.0)


def bmp(pixels: np.ndarray[Any, Any]) -> bytes:
    """A plain 32-bit BMP, whose fourth byte Windows leaves at 0."""
    rows = pixels[::-1, :, [2, 1, 0, 3]].tobytes()
    h, w = pixels.shape[:2]
    info = struct.pack("<IiiHHIIiiII", 40, w, h, 1, 32, 0, len(rows), 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(rows), 0, 0, 54) + info + rows


def test_a_bmp_with_an_unused_fourth_byte_has_no_alpha(tmp_path: Path) -> None:
    data = BYTES.copy()
    (tmp_path / "alpha.bmp").write_bytes(bmp(data))
    np.testing.assert_array_equal(open_image(tmp_path / "alpha.bmp").data, data)
    data[..., 3] = 0
    (tmp_path / "plain.bmp").write_bytes(bmp(data))
    picture = open_image(tmp_path / "plain.bmp")
    np.testing.assert_array_equal(picture.data, data[..., :3])
    assert picture.alpha is Alpha.NONE


@pytest.mark.parametrize("channels", [1, 3])
def test_pfm_runs_from_bottom_to_top(tmp_path: Path, channels: int) -> None:
    data = FLOATS[..., :channels]
    header = b"%s\n23 7\n-1.0\n" % (b"PF" if channels == 3 else b"Pf")
    (tmp_path / "a.pfm").write_bytes(header + data[::-1].astype("<f4").tobytes())
    picture = open_image(tmp_path / "a.pfm")
    np.testing.assert_array_equal(picture.data, data if channels == 3 else data[..., 0])
    assert picture.encoding is Encoding.UNKNOWN


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_half_float_tiff_is_turned_too(tmp_path: Path, orientation: int) -> None:
    data = FLOATS[..., :3].astype(np.float16)
    write(tmp_path / "a.tif", data, "half", Orientation=orientation)
    turned = {1: data, 3: data[::-1, ::-1], 6: np.rot90(data, -1), 8: np.rot90(data, 1)}
    np.testing.assert_array_equal(open_image(tmp_path / "a.tif").data, turned[orientation])


def test_parts_of_an_exr_are_pages(tmp_path: Path) -> None:
    parts = [FLOATS[..., :3], FLOATS[..., 1:]]
    specs = []
    for i, part in enumerate(parts):
        spec = OpenImageIO.ImageSpec(23, 7, 3, "float")
        spec.attribute("oiio:subimagename", f"part{i}")
        specs.append((spec, np.ascontiguousarray(part)))
    path = str(tmp_path / "a.exr")
    output = OpenImageIO.ImageOutput.create(path)
    assert output.open(path, tuple(spec for spec, _ in specs))
    for i, (spec, part) in enumerate(specs):
        assert i == 0 or output.open(path, spec, "AppendSubimage")
        assert output.write_image(part)
    output.close()
    for i, part in enumerate(parts):
        picture = open_image(path, page=i)
        np.testing.assert_array_equal(picture.data, part)
        assert [n.code for n in picture.notices] == ["part", "pages"]
        assert f"is named “part{i}”" in picture.notices[0].text
    with pytest.raises(ReadError, match="has no page 3"):
        open_image(path, page=2)


def test_dds_masks_outside_of_a_pixel_are_refused(tmp_path: Path) -> None:
    Image.fromarray(BYTES[..., 0]).save(tmp_path / "a.dds")  # Pillow's mask: the fourth byte
    with pytest.raises(ReadError, match="has masks that lie outside its pixels"):
        open_image(tmp_path / "a.dds")


def photoshop(pixels: np.ndarray[Any, Any], mode: int, transparent: bool = False) -> bytes:
    """A composite alone, or beside one empty layer that says its alpha is transparency."""
    h, w, channels = pixels.shape
    head = struct.pack(">4sH6xHIIHH", b"8BPS", 1, channels, h, w, 8, mode)
    empty = struct.pack(">iiiiH", 0, 0, 0, 0, 0) + b"8BIMnorm" + bytes([255, 0, 0, 0])
    empty += struct.pack(">I", 12) + bytes(12)
    info = struct.pack(">h", -1) + empty if transparent else b""
    layers = struct.pack(">I", len(info)) + info + bytes(4) if transparent else b""
    sections = bytes(8) + struct.pack(">I", len(layers)) + layers + b"\0\0"
    return head + sections + np.moveaxis(pixels, 2, 0).tobytes()


def test_photoshop_takes_white_from_behind_what_is_transparent(tmp_path: Path) -> None:
    alpha = BYTES[..., 3:].astype(int)
    colours = BYTES[..., :3] * alpha // 255  # premultiplied
    over_white = np.dstack([colours + 255 - alpha, alpha]).astype(np.uint8)
    (tmp_path / "a.psd").write_bytes(photoshop(over_white, 3, transparent=True))
    picture = open_image(tmp_path / "a.psd")
    assert picture.alpha is Alpha.PREMULTIPLIED
    np.testing.assert_array_equal(picture.data, np.dstack([colours, alpha]))


def test_cmyk_of_photoshop_is_said_to_be_converted(tmp_path: Path) -> None:
    (tmp_path / "a.psd").write_bytes(photoshop(BYTES, 4))
    picture = open_image(tmp_path / "a.psd")
    assert [n.code for n in picture.notices] == ["converted"]
    ink = 255 - BYTES.astype(float)  # kept the other way round: 255 is no ink
    expected = (255 - ink[..., :3]) * (255 - ink[..., 3:]) / 255
    assert np.abs(picture.data - expected).max() <= 1  # rounded, or cut off


def radiance(header: bytes) -> bytes:
    return b"#?RADIANCE\n" + header + b"\n-Y 7 +X 23\n" + BYTES.tobytes()


def test_what_a_radiance_header_says(tmp_path: Path) -> None:
    form = b"FORMAT=32-bit_rle_rgbe\n"
    (tmp_path / "a.hdr").write_bytes(radiance(form + b"EXPOSURE=2.5\n"))
    (notice,) = open_image(tmp_path / "a.hdr").notices
    assert notice.code == "exposure"
    assert "were multiplied by 2.5 when it was made, and stay so." in notice.text
    (tmp_path / "b.hdr").write_bytes(radiance(b"FORMAT=32-bit_rle_xyze\n"))
    with pytest.raises(ReadError, match="holds XYZ values, not RGB"):
        open_image(tmp_path / "b.hdr")
