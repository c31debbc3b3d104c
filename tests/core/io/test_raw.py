"""Camera raw files: a sensor's mosaic in a DNG written by tifffile, developed by LibRaw."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tifffile

from core.errors import ReadError
from core.io import open_image
from core.types import Encoding

if TYPE_CHECKING:
    from pathlib import Path

BLACK, WHITE = 64, 4095
NEUTRAL = (0.5, 1.0, 0.8)  # what the camera's red, green and blue see of gray
# XYZ of linear sRGB (IEC 61966-2-1): a camera that sees exactly those primaries.
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def dng(path: Path, light: float | np.ndarray[Any, Any], *more: Any) -> Path:
    """A gray scene of so much light, seen through an RGGB mosaic."""
    cfa = np.zeros((48, 80), np.uint16)
    for (row, col), k in {(0, 0): 0, (0, 1): 1, (1, 0): 1, (1, 1): 2}.items():
        here = light if np.isscalar(light) else light[row::2, col::2]  # type: ignore[index]
        value = np.minimum(BLACK + here * NEUTRAL[k] * (WHITE - BLACK), WHITE)
        cfa[row::2, col::2] = np.rint(value)

    def ratios(values: Any) -> tuple[int, ...]:
        return tuple(int(n) for v in values for n in (round(v * 10_000), 10_000))

    tags = [
        (271, 2, None, "Maker", False), (272, 2, None, "Model One", False),
        (33421, 3, 2, (2, 2), False), (33422, 1, 4, bytes([0, 1, 1, 2]), False),
        (50706, 1, 4, bytes([1, 4, 0, 0]), False), (50708, 2, None, "Maker Model One", False),
        (50714, 3, 1, BLACK, False), (50717, 3, 1, WHITE, False),
        (50721, 10, 9, ratios(np.linalg.inv(TO_XYZ).ravel()), False),
        (50778, 3, 1, 21, False), *more,
    ]  # fmt: skip
    if not any(tag[0] == 50728 for tag in more):
        tags.append((50728, 5, 3, ratios(NEUTRAL), False))
    tifffile.imwrite(path, cfa, photometric=32803, extratags=tags, metadata=None)
    return path


def srgb(light: float) -> float:
    return float((1.055 * light ** (1 / 2.4) - 0.055) * 65535)


@pytest.mark.parametrize("name", ["a.dng", "a.tif", "a"])
def test_gray_is_gray_and_exposure_is_kept(tmp_path: Path, name: str) -> None:
    picture = open_image(dng(tmp_path / name, 0.2))
    assert (picture.data.dtype, picture.bits, picture.encoding) == (np.uint16, 16, Encoding.SRGB)
    assert picture.shape == (48, 80)
    # The sensor rounds to whole levels: half of one, over the slope of the curve (0.69 here) and
    # over what blue sees, is 19 of 65535; LibRaw cuts off fractions in two steps.
    assert np.abs(picture.data.astype(int) - srgb(0.2)).max() <= 25
    assert [n.code for n in picture.notices] == ["developed"]
    assert "white balance of the camera" in picture.notices[0].text
    assert picture.meta["camera_make"] == "Maker"
    assert picture.meta["camera"] == "Model One"
    assert picture.meta["format"] == "Camera raw"


def test_development_does_not_depend_on_the_picture(tmp_path: Path) -> None:
    flat = open_image(dng(tmp_path / "a.dng", 0.2))
    scene = np.full((48, 80), 0.2)
    scene[:, 60:] = 0.9  # neither brightening nor white level may follow it
    other = open_image(dng(tmp_path / "b.dng", scene))
    np.testing.assert_array_equal(other.data[:, :50], flat.data[:, :50])


def test_it_is_turned_upright(tmp_path: Path) -> None:
    scene = np.full((48, 80), 0.1)
    scene[:10] = 0.5
    picture = open_image(dng(tmp_path / "a.dng", scene, (274, 3, 1, 6, False)))
    assert picture.shape == (80, 48)  # turned clockwise: the top is at the right
    assert picture.data[40, 44, 1] > picture.data[40, 10, 1] + 10_000


def test_a_raw_file_cut_off_is_damaged(tmp_path: Path, capfd: Any) -> None:
    path = dng(tmp_path / "a.dng", 0.2)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(ReadError, match=r"Camera raw file “a\.dng” is damaged or incomplete"):
        open_image(path)
    capfd.readouterr()  # LibRaw writes to the standard error


def test_what_libraw_does_not_know_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.raf").write_bytes(b"FUJIFILMCCD-RAW " + bytes(3000))
    with pytest.raises(ReadError, match=r"“a\.raf” (is of a kind|is damaged)"):
        open_image(tmp_path / "a.raf")


def test_without_the_extra_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = dng(tmp_path / "a.dng", 0.2)
    monkeypatch.setitem(sys.modules, "rawpy", None)
    with pytest.raises(ReadError, match=r"needs the extra “raw”; install pairlens\[raw\]"):
        open_image(path, isolated=False)
