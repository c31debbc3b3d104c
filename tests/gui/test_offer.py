"""What is made of the data of a clipboard or a drop."""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QMimeData, QUrl
from PySide6.QtGui import QColor, QImage

from gui.offer import NOT_FETCHED, NOTHING, Offer, offered, paths_in, png, welcome

if TYPE_CHECKING:
    from pathlib import Path

NAMES = (
    "/x/plain.png", "/x/with space.png", "/x/日本 é.png", "/x/two\nlines.png", "/x/100%25 #1.png",
    os.fsdecode(b"/x/caf\xe9.png"),
)  # fmt: skip


def encoded(path: str) -> str:
    """Return a file's address as file managers write it: its bytes, percent-encoded."""
    return "file://" + "".join(
        chr(c) if (chr(c).isalnum() and c < 128) or c == 47 else f"%{c:02X}"
        for c in os.fsencode(path)
    )


@pytest.mark.parametrize("name", NAMES)
def test_paths_of_addresses_are_the_bytes_of_the_names(name: str) -> None:
    data = QMimeData()
    data.setData("text/uri-list", QByteArray(encoded(name).encode() + b"\r\n"))
    assert welcome(data)
    assert offered(data) == Offer((name,))


def test_two_addresses_are_two_paths() -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(n) for n in NAMES[:2]])
    assert offered(data).paths == NAMES[:2]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("/x/a.png", ("/x/a.png",)),
        ("'/x/a b.png'\n", ("/x/a b.png",)),
        ("/x/a.png\n/x/b.png", ("/x/a.png", "/x/b.png")),
        ("x-special/nautilus-clipboard\ncopy\nfile:///x/a%20b.png\n", ("/x/a b.png",)),
        (r"C:\x\a.png", (r"C:\x\a.png",)),
        ("some words", ()),
        ("/x/a.png\nand words", ()),
        ("", ()),
    ],
)
def test_paths_in_a_text(text: str, paths: tuple[str, ...]) -> None:
    assert paths_in(text) == paths


def test_files_come_before_bytes_and_bytes_before_a_picture(qapp: object) -> None:
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(0)
    data = QMimeData()
    data.setImageData(image)
    assert offered(data).image == image
    data.setData("image/jpeg", QByteArray(b"jpeg"))
    data.setData("image/png", QByteArray(b"png"))
    assert offered(data) == Offer(content=b"png", suffix=".png")
    data.setUrls([QUrl("https://example.org/a.png")])  # a browser gives both
    assert offered(data) == Offer(content=b"png", suffix=".png")
    data.setUrls([QUrl.fromLocalFile("/x/a.png")])
    assert offered(data) == Offer(("/x/a.png",))


def test_nothing_is_fetched() -> None:
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/a.png"), QUrl("http://example.org/b.png")])
    assert welcome(data)  # so that the sentence is read
    assert offered(data) == Offer(sentence=NOT_FETCHED)


def test_a_picture_in_an_address_is_taken() -> None:
    data = QMimeData()
    data.setUrls([QUrl("data:image/png;base64," + base64.b64encode(b"\x89PNG bytes").decode())])
    assert offered(data) == Offer(content=b"\x89PNG bytes", suffix=".png")


def test_words_are_no_picture() -> None:
    data = QMimeData()
    data.setText("some words")
    assert not welcome(data)
    assert offered(data) == Offer(sentence=NOTHING)


def test_sixteen_bits_and_alpha_stay(tmp_path: Path) -> None:
    image = QImage(2, 1, QImage.Format.Format_RGBA64)
    colour = QColor.fromRgba64(1, 0x1234, 0xABCD, 0x8001)
    image.setPixelColor(0, 0, colour)
    image.setPixelColor(1, 0, QColor(9, 8, 7))
    path = tmp_path / "kept.png"
    path.write_bytes(png(image))
    read = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert read.dtype == np.uint16
    assert read[0, 0].tolist() == [0xABCD, 0x1234, 1, 0x8001]  # OpenCV's order is blue first
