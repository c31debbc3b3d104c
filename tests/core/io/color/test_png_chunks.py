"""What the chunks of a PNG say of its colours, in the order in which they count."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.io import open_image
from tests.colored import GREEN, P3_GREEN, RGB, chunk, png, told
from tests.profiles import DISPLAY_P3, P3, SRGB, gamma, matrix_profile

if TYPE_CHECKING:
    from pathlib import Path


def cicp(*codes: int) -> bytes:
    return chunk(b"cICP", bytes(codes))


def gama(value: int) -> bytes:
    return chunk(b"gAMA", struct.pack(">I", value))


def chrm(xy: tuple[float, ...]) -> bytes:
    return chunk(b"cHRM", struct.pack(">8I", *(round(v * 1e5) for v in (*xy[6:], *xy[:6]))))


def test_chunks_of_png_come_in_order(tmp_path: Path) -> None:
    srgb = chunk(b"sRGB", b"\0")
    cases: list[tuple[list[bytes], bytes | None, str]] = [
        ([cicp(12, 13, 0, 1)], matrix_profile(P3, gamma(1.8)), "Display P3 converted to sRGB"),
        ([cicp(1, 13, 0, 1)], DISPLAY_P3, "sRGB"),
        ([cicp(2, 2, 0, 1)], DISPLAY_P3, "Display P3 converted to sRGB"),
        ([cicp(77, 13, 0, 1)], DISPLAY_P3, "Display P3 converted to sRGB"),
        ([srgb, gama(55555), chrm(P3)], None, "sRGB"),
        ([gama(45455)], None, "sRGB"),
        ([gama(45300), chrm(SRGB)], None, "sRGB"),
        ([gama(55556)], None, "gamma 1.8 converted to sRGB"),
        ([gama(45455), chrm(P3)], None, "sRGB curve, own primaries converted to sRGB"),
        ([gama(100000)], None, "linear sRGB"),
        ([gama(100000), chrm(P3)], None,
         "linear light, own primaries converted to linear light of sRGB primaries"),
        ([cicp(9, 16, 0, 1)], None, "BT.2020, PQ converted to linear light of sRGB primaries"),
        ([], None, "as stored"),
    ]  # fmt: skip
    for number, (chunks, icc, wanted) in enumerate(cases):
        picture = png(tmp_path / f"{number}.png", *chunks, icc=icc)
        assert picture.meta["color"] == wanted
        converted = "converted" in wanted
        assert [n.code for n in picture.notices] == (["color"] if converted else [])
        assert picture.data.dtype == (np.float32 if converted else np.uint8)
        stored = open_image(tmp_path / f"{number}.png", managed=False)
        np.testing.assert_array_equal(stored.data, RGB)


def test_cicp_gives_what_the_profile_gives(tmp_path: Path) -> None:
    by_codes = png(tmp_path / "a.png", cicp(12, 13, 0, 1))
    by_profile = png(tmp_path / "b.png", icc=DISPLAY_P3)
    by_numbers = png(tmp_path / "c.png", gama(45455), chrm(P3))
    assert by_codes.data[GREEN] == pytest.approx(P3_GREEN, abs=2e-3)
    # Primaries in the profile are rounded to 1/65536, near black 13 times that.
    assert np.abs(by_codes.data - by_profile.data).max() < 4 * 13 / 65536
    np.testing.assert_array_equal(by_codes.data, by_numbers.data)


@pytest.mark.parametrize(
    ("chunks", "why"),
    [
        ([cicp(77, 13, 0, 1)], "its primaries have the unknown number 77"),
        ([cicp(1, 99, 0, 1)], "its transfer function has the unknown number 99"),
        ([cicp(9, 16, 9, 1)], "it asks for a colour matrix"),
        ([cicp(9, 16, 0, 0)], "it asks for a narrow range"),
        ([chrm((0.3,) * 8)], "its primaries lie on one line"),
        (
            [chrm((0.64, 0, 0.3, 0.6, 0.15, 0.06, 0.31, 0.33))],
            "one of its chromaticities has a y of 0",
        ),
        ([gama(0)], "its gamma makes no sense"),
    ],
)
def test_what_makes_no_sense_is_not_applied(tmp_path: Path, chunks: list[bytes], why: str) -> None:
    picture = png(tmp_path / "a.png", *chunks)
    np.testing.assert_array_equal(picture.data, RGB)
    assert told(picture) == [("icc", "warning")]
    assert picture.notices[0].text == (
        f"The colour description of “a.png” is not applied, because {why}: values are compared as "
        "stored."
    )
    assert picture.meta["color"].endswith("not applied")
