"""DICOM: the files that come with pydicom, against its own decoders and against each other."""

from __future__ import annotations

import logging
import sys
import warnings
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pydicom.data
import pytest

from core.errors import ReadError, TooLargeError
from core.io import Address, Limits, open_image
from core.io.stills import read_still
from core.types import Alpha, Encoding

FOLDER = Path(pydicom.data.__file__).parent / "test_files"


logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)


def oracle(name: str) -> np.ndarray[Any, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pydicom.dcmread(FOLDER / name).pixel_array


@pytest.mark.parametrize(
    ("name", "bits", "peak", "encoding", "coding"),
    [
        ("CT_small.dcm", 16, 32767.0, Encoding.UNKNOWN, "none"),
        ("MR_small_bigendian.dcm", 16, 32767.0, Encoding.UNKNOWN, "none"),
        ("MR_small_implicit.dcm", 16, 32767.0, Encoding.UNKNOWN, "none"),
        ("MR_small_RLE.dcm", 16, 32767.0, Encoding.UNKNOWN, "RLE"),
        ("examples_overlay.dcm", 12, 4095.0, Encoding.UNKNOWN, "none"),
        ("693_J2KI.dcm", 14, 8191.0, Encoding.UNKNOWN, "JPEG 2000"),
        ("J2K_pixelrep_mismatch.dcm", 13, 4095.0, Encoding.UNKNOWN, "JPEG 2000"),
        ("image_dfl.dcm", 8, 255.0, Encoding.UNKNOWN, "Deflate"),
        ("rtdose_1frame.dcm", 32, 2.0**32 - 1, Encoding.UNKNOWN, "none"),
        ("examples_rgb_color.dcm", 8, 255.0, Encoding.SRGB, "none"),
        ("SC_ybr_full_422_uncompressed.dcm", 8, 255.0, Encoding.SRGB, "none"),
        ("SC_rgb_rle_16bit.dcm", 16, 65535.0, Encoding.SRGB, "RLE"),
        ("SC_rgb_jpeg.dcm", 8, 255.0, Encoding.SRGB, "JPEG"),
        ("SC_jpeg_no_color_transform.dcm", 8, 255.0, Encoding.SRGB, "JPEG"),
        ("SC_rgb_dcmtk_+eb+cy+s2.dcm", 8, 255.0, Encoding.SRGB, "JPEG"),
        ("examples_jpeg2k.dcm", 8, 255.0, Encoding.SRGB, "JPEG 2000"),
    ],
)
def test_stored_values_come_out(
    name: str, bits: int, peak: float, encoding: Encoding, coding: str
) -> None:
    picture = open_image(FOLDER / name)
    np.testing.assert_array_equal(picture.data, oracle(name))
    assert (picture.bits, picture.peak, picture.encoding) == (bits, peak, encoding)
    assert picture.meta["compression"] == coding
    assert picture.alpha is Alpha.NONE


@pytest.mark.parametrize("name", ["MR_small_jp2klossless.dcm", "MR_small_jpeg_ls_lossless.dcm"])
def test_codings_without_loss_agree_with_the_plain_file(name: str) -> None:
    np.testing.assert_array_equal(open_image(FOLDER / name).data, oracle("MR_small.dcm"))


def test_lossless_jpeg_is_what_other_codings_of_it_are() -> None:
    picture = open_image(FOLDER / "SC_rgb_jpeg_gdcm.dcm")
    np.testing.assert_array_equal(picture.data, oracle("SC_rgb_rle.dcm"))


def test_twelve_bits_of_jpeg() -> None:
    picture = open_image(FOLDER / "JPEG-lossy.dcm")
    assert (picture.data.dtype, picture.bits, picture.peak) == (np.uint16, 12, 4095.0)
    assert picture.data.max() <= 4095


@pytest.mark.parametrize("name", ["SC_rgb_rle_2frame.dcm", "rtdose.dcm", "examples_ybr_color.dcm"])
def test_frames_are_pages(name: str) -> None:
    frames = oracle(name)
    for i in (0, 1, len(frames) - 1):
        picture = open_image(FOLDER / name, page=i)
        np.testing.assert_array_equal(picture.data, frames[i])
        assert picture.contents.pages == len(frames)
    with pytest.raises(ReadError, match=f"has no page {len(frames) + 1}"):
        open_image(FOLDER / name, page=len(frames))


def test_a_palette_becomes_rgb() -> None:
    name = "examples_palette.dcm"
    expected = pydicom.pixels.apply_color_lut(oracle(name), pydicom.dcmread(FOLDER / name))
    picture = open_image(FOLDER / name)
    np.testing.assert_array_equal(picture.data, expected)
    assert (picture.data.dtype, picture.encoding) == (np.uint16, Encoding.SRGB)


def test_one_bit_is_black_and_white() -> None:
    picture = open_image(FOLDER / "liver_1frame.dcm")
    np.testing.assert_array_equal(picture.data, oracle("liver_1frame.dcm") * 255)
    assert (picture.bits, picture.peak) == (1, 255.0)


def test_rescale_is_said_and_not_applied() -> None:
    (notice,) = open_image(FOLDER / "CT_small.dcm").notices
    assert notice.code == "rescale"
    assert "its units are these minus 1024." in notice.text


@pytest.mark.parametrize(("signed", "bits"), [(0, 8), (0, 12), (1, 12), (1, 16)])
def test_white_is_zero_in_monochrome1(tmp_path: Path, signed: int, bits: int) -> None:
    low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if signed else (0, (1 << bits) - 1)
    size = 1 if bits == 8 else 2
    values = np.random.default_rng(2).integers(low, high, (7, 22), endpoint=True)
    data = pydicom.dcmread(FOLDER / "MR_small.dcm")
    data.Rows, data.Columns = 7, 22
    data.PixelRepresentation, data.BitsStored, data.HighBit = signed, bits, bits - 1
    data.BitsAllocated, data.PhotometricInterpretation = 8 * size, "MONOCHROME1"
    data["PixelData"].VR = "OW"
    data.PixelData = values.astype(f"<i{size}" if signed else f"<u{size}").tobytes()
    data.save_as(tmp_path / "a.dcm")
    picture = open_image(tmp_path / "a.dcm")
    np.testing.assert_array_equal(picture.data, low + high - values)
    assert (picture.bits, picture.peak) == (bits, float(high))


def test_nothing_of_a_person_is_told(tmp_path: Path) -> None:
    data = pydicom.dcmread(FOLDER / "CT_small.dcm")
    data.PatientName, data.PatientID, data.PatientBirthDate = "Doe^Jane", "ID-4711", "19700101"
    data.InstitutionName, data.ReferringPhysicianName = "Clinic 99", "House^Gregory"
    data.StudyDate, data.AccessionNumber = "20200229", "ACC-1234"
    data.save_as(tmp_path / "a.dcm")
    picture = open_image(tmp_path / "a.dcm")
    told = str(picture.meta) + str(picture.notices) + str(picture.info)
    for word in ("Doe", "Jane", "4711", "1970", "Clinic", "House", "2020", "ACC"):
        assert word not in told
    assert picture.meta["camera_make"] == "GE MEDICAL SYSTEMS"
    assert (picture.meta["camera"], picture.meta["description"]) == ("RHAPSODE", "CT")
    assert picture.meta["exposure_time"] == "1.6 s"


@pytest.mark.parametrize("name", ["MR_truncated.dcm", "badVR.dcm"])
def test_damage_is_said(name: str) -> None:
    with pytest.raises(ReadError, match="is damaged or incomplete"):
        open_image(FOLDER / name)


def test_a_file_without_a_picture_is_said() -> None:
    with pytest.raises(ReadError, match="holds no picture"):
        open_image(FOLDER / "rtplan.dcm")


def test_a_deflated_bomb_is_refused_before_it_is_inflated(tmp_path: Path) -> None:
    whole = (FOLDER / "image_dfl.dcm").read_bytes()
    start = 144 + int.from_bytes(whole[140:144], "little")
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = squeeze.compress(bytes(30_000_000)) + squeeze.flush()
    (tmp_path / "a.dcm").write_bytes(whole[:start] + bomb)
    with pytest.raises(TooLargeError, match=r"grows beyond 0\.01 GB"):
        open_image(tmp_path / "a.dcm", limits=Limits(bytes=10_000_000))


def test_a_lying_size_is_refused(tmp_path: Path) -> None:
    data = pydicom.dcmread(FOLDER / "MR_small.dcm")
    data.Rows = data.Columns = 60_000
    data.save_as(tmp_path / "a.dcm")
    with pytest.raises(TooLargeError, match="60000 × 60000"):
        open_image(tmp_path / "a.dcm")
    data.Rows = 200
    data.save_as(tmp_path / "a.dcm")
    with pytest.raises(ReadError, match="damaged or incomplete"):
        open_image(tmp_path / "a.dcm")


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pydicom", None)
    with pytest.raises(ReadError, match=r"needs the extra “dicom”; install pairlens\[dicom\]"):
        read_still(Address(str(FOLDER / "MR_small.dcm")))
