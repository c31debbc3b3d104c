"""FITS: units, planes, depths and scales; files put together card by card after the standard.

OpenImageIO reads the plain ones too, and serves as the oracle of their row order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import OpenImageIO
import pytest

from core.errors import ReadError, TooLargeError
from core.io import open_image
from core.types import Encoding

if TYPE_CHECKING:
    from pathlib import Path

RNG = np.random.default_rng(11)
CODES = {">u1": 8, ">i2": 16, ">i4": 32, ">f4": -32, ">f8": -64}


def card(name: str, value: Any) -> bytes:
    shown = f"'{value:<8}'" if isinstance(value, str) and value not in {"T", "F"} else str(value)
    return f"{name:<8}= {shown:>20} / a comment".ljust(80).encode()


def unit(first: bytes, data: np.ndarray[Any, Any] | None, **more: Any) -> bytes:
    shape = () if data is None else data.shape
    code = 8 if data is None else CODES[data.dtype.str.replace("|", ">")]
    cards = [first, card("BITPIX", code), card("NAXIS", len(shape))]
    cards += [card(f"NAXIS{i + 1}", n) for i, n in enumerate(shape[::-1])]
    cards += [card(name.replace("_", "-"), value) for name, value in more.items()]
    head = b"".join([*cards, b"COMMENT = 'none of this'".ljust(80), b"END".ljust(80)])
    body = b"" if data is None else data.tobytes()
    return head.ljust(-(-len(head) // 2880) * 2880) + body + bytes(-len(body) % 2880)


SIMPLE = card("SIMPLE", "T")
IMAGE = card("XTENSION", "IMAGE")


@pytest.mark.parametrize("form", list(CODES))
def test_rows_are_counted_from_below(tmp_path: Path, form: str) -> None:
    data = (RNG.random((7, 22)) * 200).astype(form)
    path = tmp_path / "a.fits"
    path.write_bytes(unit(SIMPLE, data))
    picture = open_image(path)
    np.testing.assert_array_equal(picture.data, data[::-1])
    assert picture.data.dtype == data.dtype.newbyteorder("=")
    assert picture.encoding is Encoding.UNKNOWN
    oracle = OpenImageIO.ImageBuf(str(path)).get_pixels(OpenImageIO.FLOAT)[..., 0]
    scale = {">u1": 255.0, ">i2": 32767.0, ">i4": 2.0**31 - 1}.get(form, 1.0)
    # OpenImageIO gives shares of the largest value as float: 24 bits of it.
    np.testing.assert_allclose(picture.data, oracle * scale, rtol=1e-6)


@pytest.mark.parametrize(
    ("form", "zero", "dtype"),
    [(">i2", 32768, "uint16"), (">i4", 2**31, "uint32"), (">u1", -128, "int16")],
)
def test_the_other_sign_is_a_shift(tmp_path: Path, form: str, zero: int, dtype: str) -> None:
    low, high = (-128, 127) if zero < 0 else (0, 2 * zero - 1)
    values = RNG.integers(low, high, (7, 22), endpoint=True)
    stored = (values - zero).astype(form)
    (tmp_path / "a.fits").write_bytes(unit(SIMPLE, stored, BZERO=float(zero), BSCALE=1))
    picture = open_image(tmp_path / "a.fits")
    np.testing.assert_array_equal(picture.data, values[::-1])
    assert picture.data.dtype == dtype
    assert picture.peak == high
    assert not picture.notices


def test_other_scales_are_applied_and_said(tmp_path: Path) -> None:
    stored = RNG.integers(-500, 500, (7, 22)).astype(">i2")
    stored[2, 5] = -999
    data = unit(SIMPLE, stored, BZERO="1.5D1".strip("'"), BSCALE=0.25, BLANK=-999)
    (tmp_path / "a.fits").write_bytes(data.replace(b"'1.5D1   '", b"    1.5D1 "))
    picture = open_image(tmp_path / "a.fits")
    expected = (stored[::-1] * 0.25 + 15).astype(np.float32)
    expected[4, 5] = np.nan
    np.testing.assert_array_equal(picture.data, expected)
    assert [n.code for n in picture.notices] == ["rescale"]
    assert picture.nonfinite == 1


def test_units_and_planes_are_pages(tmp_path: Path) -> None:
    first = RNG.random((2, 5, 9)).astype(">f4")
    second = RNG.integers(0, 99, (3, 8, 12)).astype(">i2")
    table = unit(card("XTENSION", "BINTABLE"), np.zeros((4, 20), ">u1"), PCOUNT=30, GCOUNT=1)
    table += bytes(0)
    data = unit(SIMPLE, None, EXTEND="T") + unit(IMAGE, first, PCOUNT=0, GCOUNT=1)
    data += table + unit(IMAGE, second, PCOUNT=0, GCOUNT=1)
    (tmp_path / "a.fits").write_bytes(data)
    for page, expected in enumerate([first[0, ::-1], first[1, ::-1]]):
        picture = open_image(tmp_path / "a.fits", page=page)
        np.testing.assert_array_equal(picture.data, expected)
        assert picture.contents.pages == 3
    colour = open_image(tmp_path / "a.fits", page=2)
    np.testing.assert_array_equal(colour.data, np.moveaxis(second, 0, 2)[::-1])
    with pytest.raises(ReadError, match="has no page 4; choose one from 1 to 3"):
        open_image(tmp_path / "a.fits", page=3)


def test_what_the_header_says(tmp_path: Path) -> None:
    data = np.zeros((4, 9), ">u1")
    told = unit(SIMPLE, data, INSTRUME="CAM 2", DATE_OBS="2024-05-01T12:30:00", OBJECT="M 31")
    (tmp_path / "a.fits").write_bytes(told)
    meta = open_image(tmp_path / "a.fits").meta
    assert (meta["camera"], meta["description"]) == ("CAM 2", "M 31")
    assert meta["taken"] == "2024-05-01 12:30:00"


def test_what_is_no_picture_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.fits"
    path.write_bytes(unit(SIMPLE, None))
    with pytest.raises(ReadError, match="holds tables or packed pictures only"):
        open_image(path)
    whole = unit(SIMPLE, np.zeros((40, 90), ">f4"))
    for cut in (100, 2880, 9000):
        path.write_bytes(whole[:cut])
        with pytest.raises(ReadError, match="is damaged or incomplete"):
            open_image(path)
    path.write_bytes(whole.replace(b"  90 /", b"9000000000 /"[:6]))
    with pytest.raises(ReadError):
        open_image(path)
    huge = unit(SIMPLE, np.zeros((4, 9), ">f4")).replace(b"     9 /", b"900000 /", 1)
    path.write_bytes(huge.replace(b"     4 /", b"900000 /", 1))
    with pytest.raises(TooLargeError, match="900000 × 900000"):
        open_image(path)
