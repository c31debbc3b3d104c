"""Drawings: their size, their ground, and that nothing they refer to is opened."""

from __future__ import annotations

import base64
import gzip
import socket
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from core.errors import ReadError, TooLargeError
from core.io import Limits, open_image
from core.types import Alpha

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' "
BOX = "<rect x='10' y='5' width='20' height='10' fill='#4080c0'/>"
PLAIN = f"{HEAD}width='60' height='40'>{BOX}</svg>"


def drawn(path: Path, text: str, **part: int) -> np.ndarray:
    path.write_text(text, encoding="utf-8")
    return open_image(path, **part).data


@pytest.mark.parametrize("scale", [1, 3])
def test_a_drawing_has_its_own_size_or_the_one_asked_for(tmp_path: Path, scale: int) -> None:
    (tmp_path / "a.svg").write_text(PLAIN, encoding="utf-8")
    picture = open_image(f"{tmp_path / 'a.svg'}" + (f"#width={60 * scale}" if scale > 1 else ""))
    truth = np.zeros((40 * scale, 60 * scale, 4), np.uint8)
    truth[5 * scale : 15 * scale, 10 * scale : 30 * scale] = (0x40, 0x80, 0xC0, 255)
    np.testing.assert_array_equal(picture.data, truth)
    assert picture.alpha is Alpha.STRAIGHT
    size = f"{60 * scale} × {40 * scale} pixels"
    assert picture.meta["drawn"].startswith(size)
    (notice,) = picture.notices
    own = ", the size it gives itself" if scale == 1 else ""
    assert (notice.code, notice.text) == (
        "drawn", f"“a.svg” is a drawing; it was drawn at {size}{own}.",
    )  # fmt: skip


def test_a_drawing_compressed_with_gzip_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.svgz").write_bytes(gzip.compress(PLAIN.encode()))
    truth = drawn(tmp_path / "a.svg", PLAIN)
    np.testing.assert_array_equal(open_image(tmp_path / "a.svgz").data, truth)
    (tmp_path / "a.svgz").write_bytes(gzip.compress(PLAIN.encode())[:-12])
    with pytest.raises(ReadError, match="damaged or incomplete"):
        open_image(tmp_path / "a.svgz")


def test_a_drawing_that_says_no_size_has_that_of_its_view(tmp_path: Path) -> None:
    text = f"<?xml version='1.0'?><!-- made by hand -->{HEAD}viewBox='0 0 60 40'>{BOX}</svg>"
    assert drawn(tmp_path / "a.svg", text).shape == (40, 60, 4)


@pytest.mark.parametrize("width", [10_000, 999_999])
def test_a_drawing_may_not_be_drawn_larger_than_the_limit(tmp_path: Path, width: int) -> None:
    (tmp_path / "a.svg").write_text(PLAIN, encoding="utf-8")
    with pytest.raises(ReadError) as caught:
        open_image(tmp_path / "a.svg", width=width, limits=Limits(bytes=1_000_000))
    assert isinstance(caught.value, TooLargeError)


@pytest.mark.parametrize(
    "what",
    [
        "<image width='60' height='40' xlink:href='{file}'/>",
        "<image width='60' height='40' xlink:href='b.png'/>",
        "<image width='60' height='40' href='file:///etc/passwd'/>",
        "<image width='60' height='40' xlink:href='{net}'/>",
        "<use xlink:href='{net}#a'/>",
        "<filter id='f'><feImage xlink:href='{file}'/></filter>"
        "<rect width='60' height='40' fill='none' filter='url(#f)'/>",
        "<style>@import url('{net}');</style>",
    ],
)  # fmt: skip
def test_nothing_that_a_drawing_refers_to_is_opened(tmp_path: Path, what: str) -> None:
    Image.new("RGB", (60, 40), "red").save(tmp_path / "b.png")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        net = f"http://127.0.0.1:{server.getsockname()[1]}/b.png"
        inside = what.format(file=(tmp_path / "b.png").as_uri(), net=net)
        text = PLAIN.replace(BOX, BOX + inside)
        shown = drawn(tmp_path / "a.svg", text)
        with pytest.raises(BlockingIOError):  # nobody has called
            server.accept()
    np.testing.assert_array_equal(shown, drawn(tmp_path / "plain.svg", PLAIN))


def test_a_picture_inside_the_drawing_is_shown(tmp_path: Path) -> None:
    Image.new("RGB", (60, 40), "red").save(tmp_path / "b.png")
    inside = base64.b64encode((tmp_path / "b.png").read_bytes()).decode()
    image = f"<image width='60' height='40' xlink:href='data:image/png;base64,{inside}'/>"
    shown = drawn(tmp_path / "a.svg", PLAIN.replace(BOX, image))
    assert (shown == (255, 0, 0, 255)).all()


def test_an_entity_does_not_bring_a_file_in(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("<rect width='60' height='40' fill='red'/>")
    kind = f"<!DOCTYPE svg [<!ENTITY x SYSTEM '{(tmp_path / 'secret').as_uri()}'>]>"
    (tmp_path / "a.svg").write_text(kind + PLAIN.replace(BOX, BOX + "&x;"))
    try:
        shown = open_image(tmp_path / "a.svg").data
    except ReadError:
        return  # refused as a whole: just as good
    np.testing.assert_array_equal(shown, drawn(tmp_path / "plain.svg", PLAIN))


@pytest.mark.parametrize("width", [7, 61, 100, 333, 1201])
def test_a_drawing_is_exactly_as_wide_as_asked(tmp_path: Path, width: int) -> None:
    text = f"{HEAD}width='97' height='31'>{BOX}</svg>"
    assert drawn(tmp_path / "a.svg", text, width=width).shape[1] == width


def test_a_drawing_may_be_too_flat_for_a_width(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="less than a pixel high at a width of 1; choose a larger"):
        drawn(tmp_path / "a.svg", PLAIN, width=1)


@pytest.mark.parametrize("text", ["<svg/>", "<svg width='4'/>", f"{HEAD}width='60'><rect"])
def test_what_cannot_be_drawn_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ReadError):
        drawn(tmp_path / "a.svg", text)


def test_a_drawing_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.svgz").write_bytes(gzip.compress(PLAIN.encode() + b" " * (40 << 20)))
    with pytest.raises(ReadError, match="more than 32 MB of text; export it as PNG"):
        open_image(tmp_path / "a.svgz")
