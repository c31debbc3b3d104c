"""The boxes of ISO/IEC 14496-12: found in order, and no further than they make sense."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.io.color.boxes import nclx_space
from core.io.files import PictureFile
from core.io.iso_boxes import Box, top_boxes

if TYPE_CHECKING:
    from pathlib import Path


def box(name: bytes, body: bytes) -> bytes:
    return (8 + len(body)).to_bytes(4, "big") + name + body


def long_box(name: bytes, body: bytes) -> bytes:
    return b"\0\0\0\1" + name + (16 + len(body)).to_bytes(8, "big") + body


def written(path: Path, data: bytes) -> PictureFile:
    path.write_bytes(data)
    return PictureFile(path)


@pytest.mark.parametrize("last", [box(b"mdat", b"12345"), b"\0\0\0\0mdat12345"])
def test_boxes_come_in_order_with_the_places_of_their_contents(tmp_path: Path, last: bytes) -> None:
    data = box(b"ftyp", b"avif") + box(b"free", b"") + long_box(b"meta", b"abc") + last
    with written(tmp_path / "a.avif", data) as file:
        found = list(top_boxes(file, 9))
        assert found == [
            Box(b"ftyp", 8, 4), Box(b"free", 20, 0), Box(b"meta", 36, 3), Box(b"mdat", 47, 5),
        ]  # fmt: skip
        assert list(top_boxes(file, 2)) == found[:2]


@pytest.mark.parametrize("bad", [b"\0\0\0\7mdat", b"\0\0\0\1mdat" + bytes(7) + b"\x09", b"\0\0\0"])
def test_a_broken_box_is_the_end(tmp_path: Path, bad: bytes) -> None:
    with written(tmp_path / "a.avif", box(b"ftyp", b"avif") + bad) as file:
        assert list(top_boxes(file, 9)) == [Box(b"ftyp", 8, 4)]


def test_an_empty_box_hides_no_colour_behind_it(tmp_path: Path) -> None:
    colour = box(b"colr", b"nclx" + bytes([0, 12, 0, 13, 0, 0, 128]))
    meta = box(b"meta", bytes(4) + box(b"iprp", box(b"ipco", colour)))
    for name, between in (("a.avif", b""), ("b.avif", box(b"free", b""))):
        with written(tmp_path / name, box(b"ftyp", b"avif") + between + meta) as file:
            space = nclx_space(file)
        assert space is not None
        assert space.name == "Display P3"
