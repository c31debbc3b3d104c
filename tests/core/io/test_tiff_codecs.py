"""TIFF codings, depths and colours that need tifffile, written by tifffile and imagecodecs."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
import tifffile
from skimage.color import lab2xyz

from core.errors import ReadError, TooLargeError
from core.io import Limits, open_image
from core.types import Alpha, Encoding

if TYPE_CHECKING:
    from pathlib import Path

RNG = np.random.default_rng(12)
SHAPE = (37, 83)


def noise(dtype: Any, channels: int = 1) -> np.ndarray[Any, Any]:
    shape = SHAPE if channels == 1 else (*SHAPE, channels)
    if np.dtype(dtype).kind == "f":
        return RNG.random(shape).astype(dtype)
    info = np.iinfo(dtype)
    return RNG.integers(info.min, info.max, shape, dtype, endpoint=True)


EXACT: dict[str, dict[str, Any]] = {
    "zstd": {}, "lzma": {}, "png": {}, "lerc": {}, "jpeg2000": {"reversible": True},
    "jpegxl": {"lossless": True}, "webp": {"lossless": True}, "jpegxr": {"level": 1.0},
}  # fmt: skip
NAMES = {"zstd": "Zstandard", "lzma": "LZMA", "png": "PNG", "lerc": "LERC", "webp": "WebP",
         "jpeg2000": "JPEG 2000", "jpegxl": "JPEG XL", "jpegxr": "JPEG XR"}  # fmt: skip
DEPTHS = {
    "zstd": ("u1", "u2", "u4", "i2", "i4", "f2", "f4", "f8"), "lzma": ("u1", "u2", "f4"),
    "png": ("u1", "u2"), "lerc": ("u1", "u2", "f4", "f8"), "jpeg2000": ("u1", "u2"),
    "jpegxl": ("u1", "u2", "f4"), "jpegxr": ("u1", "u2"), "webp": ("u1",),
}  # fmt: skip


@pytest.mark.parametrize("tile", [None, (32, 16)])
@pytest.mark.parametrize(("coding", "dtype"), [(c, t) for c, ts in DEPTHS.items() for t in ts])
def test_codings_without_loss_are_exact(
    tmp_path: Path, coding: str, dtype: str, tile: tuple[int, int] | None
) -> None:
    data = noise(dtype, 3)
    tifffile.imwrite(
        tmp_path / "a.tif", data, photometric="rgb", compression=coding, tile=tile,
        compressionargs=EXACT[coding],
    )  # fmt: skip
    picture = open_image(tmp_path / "a.tif")
    np.testing.assert_array_equal(picture.data, data)
    assert picture.data.dtype == dtype
    assert picture.meta["compression"] == NAMES[coding]
    everyday = dtype in {"u1", "u2"}
    assert picture.encoding is (Encoding.SRGB if everyday else Encoding.UNKNOWN)
    assert not picture.notices


@pytest.mark.parametrize(
    "layout",
    [
        {"planarconfig": "separate"}, {"predictor": 2}, {"bigtiff": True}, {"byteorder": ">"},
        {"rowsperstrip": 5}, {"planarconfig": "separate", "tile": (16, 48), "byteorder": ">"},
    ],
)  # fmt: skip
def test_layouts_of_zstandard(tmp_path: Path, layout: dict[str, Any]) -> None:
    data = noise(np.uint16, 3)
    stored = np.moveaxis(data, 2, 0) if "planarconfig" in layout else data
    tifffile.imwrite(tmp_path / "a.tif", stored, photometric="rgb", compression="zstd", **layout)
    np.testing.assert_array_equal(open_image(tmp_path / "a.tif").data, data)


def test_floating_point_predictor_of_zstandard(tmp_path: Path) -> None:
    data = noise(np.float32, 3)
    tifffile.imwrite(tmp_path / "a.tif", data, photometric="rgb", compression="zstd", predictor=3)
    np.testing.assert_array_equal(open_image(tmp_path / "a.tif").data, data)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_is_turned_upright(tmp_path: Path, orientation: int) -> None:
    data = noise(np.uint8, 3)
    for name, coding in (("a.tif", "zstd"), ("b.tif", "lzw")):
        tifffile.imwrite(
            tmp_path / name, data, photometric="rgb", compression=coding,
            extratags=[(274, 3, 1, orientation, False)],
        )  # fmt: skip
    a, b = open_image(tmp_path / "a.tif"), open_image(tmp_path / "b.tif")
    turned = {1: data, 3: data[::-1, ::-1], 6: np.rot90(data, -1), 8: np.rot90(data)}
    np.testing.assert_array_equal(a.data, b.data)
    np.testing.assert_array_equal(a.data, turned.get(orientation, b.data))


@pytest.mark.parametrize("coding", ["zstd", "lzw"])
def test_palettes_white_is_zero_and_cmyk_are_as_with_other_codings(
    tmp_path: Path, coding: str
) -> None:
    index, table = noise(np.uint8), RNG.integers(0, 65536, (3, 256), np.uint16)
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, index, photometric="palette", colormap=table, compression=coding)
    np.testing.assert_array_equal(open_image(path).data, (table >> 8).T[index])
    tifffile.imwrite(path, index, photometric="miniswhite", compression=coding)
    np.testing.assert_array_equal(open_image(path).data, 255 - index)
    ink = noise(np.uint8, 4)
    tifffile.imwrite(path, ink, photometric="separated", compression=coding)
    tifffile.imwrite(tmp_path / "b.tif", ink, photometric="separated")
    picture = open_image(path)
    np.testing.assert_array_equal(picture.data, open_image(tmp_path / "b.tif").data)
    assert [n.code for n in picture.notices] == ["converted"]


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("photometric", ["cielab", "icclab"])
def test_lab_becomes_srgb(tmp_path: Path, photometric: str, dtype: Any) -> None:
    rows, cols = np.mgrid[0:37, 0:83]
    lab = np.dstack([30 + rows, (cols - 41) / 3, (rows - 18) * 1.0])  # all inside of sRGB
    wide, shifted = dtype == np.uint16, photometric == "icclab"
    half = 256.0 if wide else 1.0
    scale = np.array([652.8 if wide and shifted else 655.35 if wide else 2.55, half, half])
    lab = np.rint(lab * scale) / scale  # what the file can hold
    shift = np.array([0, 128, 128]) * shifted
    stored = np.rint((lab + shift) * scale).astype(np.int32)
    stored = stored.astype(dtype)
    tifffile.imwrite(tmp_path / "a.tif", stored, photometric=photometric)
    picture = open_image(tmp_path / "a.tif")
    # XYZ under D50 to linear sRGB, adapted by Bradford.
    matrix = [[3.1338561, -1.6168667, -0.4906146], [-0.9787684, 1.9161415, 0.0334540],
              [0.0719453, -0.2289914, 1.4052427]]  # fmt: skip
    linear = lab2xyz(lab, illuminant="D50") @ np.transpose(matrix)
    expected = np.where(
        linear < 0.0031308, 12.92 * linear, 1.055 * abs(linear) ** (1 / 2.4) - 0.055
    )
    top = np.iinfo(dtype).max
    # Half a level of rounding and the steps of colour management's own tables: one level of 255;
    # in 16 bits the tables alone, two of a thousand.
    off = 1 if dtype == np.uint8 else top * 2 / 1000
    assert np.abs(picture.data - expected * top).max() <= off
    assert [n.code for n in picture.notices] == ["converted"]


@pytest.mark.parametrize("bits", [3, 6, 9, 11, 13, 15, 20, 24])
def test_any_number_of_bits(tmp_path: Path, bits: int) -> None:
    dtype = np.uint8 if bits <= 8 else np.uint16 if bits <= 16 else np.uint32
    data = RNG.integers(0, 1 << bits, SHAPE, dtype)
    tifffile.imwrite(tmp_path / "a.tif", data, bitspersample=bits)
    picture = open_image(tmp_path / "a.tif")
    np.testing.assert_array_equal(picture.data, data)
    assert (picture.bits, picture.peak) == (bits, 2.0**bits - 1)


def test_twelve_bits_of_jpeg(tmp_path: Path) -> None:
    rows, cols = np.mgrid[0:37, 0:83]
    data = (2000 + 15 * rows + 9 * cols).astype(np.uint16)
    tifffile.imwrite(
        tmp_path / "a.tif", data, compression="jpeg", bitspersample=12,
        compressionargs={"level": 99},
    )  # fmt: skip
    picture = open_image(tmp_path / "a.tif")
    assert (picture.bits, picture.peak) == (12, 4095.0)
    assert np.abs(picture.data.astype(int) - data).max() <= 8  # steps of a quality of 99, 12 bits


def test_alpha_of_zstandard(tmp_path: Path) -> None:
    data = noise(np.uint16, 4)
    for extra, alpha in (("unassalpha", Alpha.STRAIGHT), ("assocalpha", Alpha.PREMULTIPLIED)):
        tifffile.imwrite(
            tmp_path / f"{extra}.tif", data, photometric="rgb", compression="zstd",
            extrasamples=[extra],
        )  # fmt: skip
        picture = open_image(tmp_path / f"{extra}.tif")
        np.testing.assert_array_equal(picture.data, data)
        assert picture.alpha is alpha


def test_signed_bytes_are_widened(tmp_path: Path) -> None:
    data = noise(np.int8)
    tifffile.imwrite(tmp_path / "a.tif", data, compression="zstd")
    picture = open_image(tmp_path / "a.tif")
    np.testing.assert_array_equal(picture.data, data)
    assert (picture.data.dtype, picture.bits, picture.peak) == (np.int16, 8, 127.0)


def test_pages_of_zstandard(tmp_path: Path) -> None:
    pages = [noise(np.uint8), noise(np.uint16, 3)]
    with tifffile.TiffWriter(tmp_path / "a.tif") as writer:
        for page in pages:
            photometric = "rgb" if page.ndim == 3 else "minisblack"
            writer.write(page, compression="zstd", photometric=photometric)
    for i, page in enumerate(pages):
        np.testing.assert_array_equal(open_image(tmp_path / "a.tif", page=i).data, page)


def test_a_lying_size_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, noise(np.uint8), compression="zstd", rowsperstrip=37)
    data = bytearray(path.read_bytes())
    at = data.index(struct.pack("<HHI", 256, 4, 1)) + 8
    data[at : at + 4] = struct.pack("<I", 60_000)
    path.write_bytes(data)
    with pytest.raises(TooLargeError, match=r"60000 × 37 pixels"):
        open_image(path, limits=Limits(bytes=1_000_000))
    with pytest.raises(ReadError, match="is damaged or incomplete"):
        open_image(path)


@pytest.mark.parametrize("coding", sorted(EXACT))
def test_a_file_cut_off_is_damaged(tmp_path: Path, coding: str) -> None:
    path = tmp_path / "a.tif"
    tifffile.imwrite(
        path, noise(np.uint8, 3), photometric="rgb", compression=coding, rowsperstrip=8,
        compressionargs=EXACT[coding],
    )  # fmt: skip
    whole = path.read_bytes()
    for share in (0.3, 0.9, 0.999):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(ReadError, match="is damaged or incomplete"):
            open_image(path)


def test_pieces_left_out_are_zero_and_told(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    data = noise(np.uint8)
    tifffile.imwrite(path, data, compression="zstd", rowsperstrip=10)
    with tifffile.TiffFile(path, mode="r+b") as file:
        for name in ("StripOffsets", "StripByteCounts"):
            tag = file.pages[0].tags[name]  # type: ignore[union-attr]  # a page, not a frame
            tag.overwrite([v if i != 1 else 0 for i, v in enumerate(tag.value)])
    picture = open_image(path)
    expected = data.copy()
    expected[10:20] = 0
    np.testing.assert_array_equal(picture.data, expected)
    assert [n.code for n in picture.notices] == ["sparse"]


def test_a_volume_is_refused(tmp_path: Path) -> None:
    data = np.zeros((32, 37, 83), np.uint8)
    tifffile.imwrite(tmp_path / "a.tif", data, volumetric=True, tile=(16, 16, 16))
    with pytest.raises(ReadError, match="holds a volume"):
        open_image(tmp_path / "a.tif")


@pytest.mark.parametrize("coding", ["none", "lzw"])
def test_luma_and_chroma_become_rgb(tmp_path: Path, coding: str) -> None:
    rgb = noise(np.uint8, 3)
    stored = cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb)[..., [0, 2, 1]]
    tifffile.imwrite(
        tmp_path / "a.tif", stored, photometric="ycbcr", compression=coding, subsampling=(1, 1),
        extratags=[(532, 5, 6, (0, 1, 255, 1, 128, 1, 255, 1, 128, 1, 255, 1), False)],
    )  # fmt: skip
    picture = open_image(tmp_path / "a.tif")
    # Two roundings to whole levels, each half of one, times up to 1.8 (of Cb in blue).
    assert np.abs(picture.data.astype(int) - rgb).max() <= 2


def test_luma_and_chroma_of_zstandard_are_refused(tmp_path: Path) -> None:
    tifffile.imwrite(
        tmp_path / "a.tif", noise(np.uint8, 3), photometric="ycbcr", compression="zstd"
    )
    with pytest.raises(ReadError, match="has colours of an uncommon kind"):
        open_image(tmp_path / "a.tif")
