"""The colour profile of a file reaches whoever turns its colours, from every format."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import imagecodecs
import pytest
import pyvips
from PIL import Image

from core.io.files import PictureFile
from core.io.kinds import AVIF, BMP, HEIC, JP2, JPEG, PNG, WEBP, Kind
from tests.core.io.formats._bitmaps import as_file, bitmap, padded
from tests.core.io.formats._case import noise

if TYPE_CHECKING:
    from pathlib import Path

PROFILE = bytes(pyvips.Operation.call("profile_load", "p3"))
RGB = noise(7, 23, 3)


def by_pillow(path: Path, **options: Any) -> None:
    Image.fromarray(RGB).save(path, icc_profile=PROFILE, **options)


def animated(path: Path) -> None:
    more = [Image.fromarray(255 - RGB)]
    by_pillow(path, save_all=True, append_images=more)


def heic(path: Path) -> None:
    import pillow_heif

    pillow_heif.from_bytes("RGB", (23, 7), RGB.tobytes()).save(path, icc_profile=PROFILE)


def deep_jpeg(path: Path) -> None:
    """Put the segment that Pillow writes into a file of 12 bits."""
    by_pillow(path.with_suffix(".jpg"))
    plain = path.with_suffix(".jpg").read_bytes()
    at = plain.index(b"\xff\xe2")
    segment = plain[at : at + 2 + int.from_bytes(plain[at + 2 : at + 4], "big")]
    data = imagecodecs.jpeg8_encode(noise(7, 23, 3, dtype="uint16", top=4095), bitspersample=12)
    path.write_bytes(data[:2] + segment + data[2:])


def jp2(path: Path) -> None:
    data = imagecodecs.jpeg2k_encode(RGB, codecformat="jp2", reversible=True, level=0)
    at = data.index(b"colr") - 4
    old = int.from_bytes(data[at : at + 4], "big")
    box = struct.pack(">I4s3B", 11 + len(PROFILE), b"colr", 2, 0, 0) + PROFILE
    head = data.index(b"jp2h") - 4
    size = int.from_bytes(data[head : head + 4], "big") - old + len(box)
    whole = data[:at] + box + data[at + old :]
    path.write_bytes(whole[:head] + size.to_bytes(4, "big") + whole[head + 4 :])


def bmp(path: Path) -> None:
    body = padded(RGB[::-1, :, ::-1].reshape(7, -1))
    dib = bytearray(bitmap(24, 0, body, size=124, masks=(0,)))
    dib[56:60] = b"DEBM"
    dib[112:120] = struct.pack("<II", len(dib), len(PROFILE))
    whole = as_file(bytes(dib), body)
    path.write_bytes(whole + PROFILE)


@pytest.mark.parametrize(
    ("make", "kind", "name"),
    [
        (by_pillow, PNG, "a.png"), (animated, PNG, "a.png"), (by_pillow, JPEG, "a.jpg"),
        (deep_jpeg, JPEG, "b.jpeg"), (by_pillow, WEBP, "a.webp"), (animated, WEBP, "a.webp"),
        (by_pillow, AVIF, "a.avif"), (heic, HEIC, "a.heic"), (jp2, JP2, "a.jp2"),
        (bmp, BMP, "a.bmp"),
    ],
)  # fmt: skip
def test_the_profile_is_handed_on(tmp_path: Path, make: Any, kind: Kind, name: str) -> None:
    import importlib

    from core.io.address import Part

    make(tmp_path / name)
    reader = importlib.import_module(f"core.io.{kind.reader}")
    with PictureFile(tmp_path / name) as file:
        decoded = reader.read(file, kind, Part())
    assert decoded.icc == PROFILE
    assert decoded.data.shape == (7, 23, 3)
