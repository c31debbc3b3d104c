"""What must be refused, in which words; and names of every sort."""

from __future__ import annotations

import os
import socket
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import OpenImageIO
import pytest
from PIL import Image

from core.errors import ReadError
from core.io import open_image
from core.io.files import PictureFile, quoted

if TYPE_CHECKING:
    from collections.abc import Callable

RNG = np.random.default_rng(5)
RGB = RNG.integers(0, 256, (23, 41, 3), np.uint8)


def png_header(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body
    data = struct.pack(">I", zlib.crc32(body)) + b"\0\0\1\0IDAT"
    return start + data + zlib.compress(bytes(256), 0)[:256]


def missing(path: Path) -> None:
    assert not path.exists()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def link_to_pipe(path: Path) -> None:
    os.mkfifo(path.with_name("pipe"))
    path.symlink_to("pipe")


def unix_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(str(path))


def directory(path: Path) -> None:
    path.mkdir()


def dangling(path: Path) -> None:
    path.symlink_to("nowhere")


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def of(data: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(data)

    return write


def half_png(path: Path) -> None:
    cv2.imwrite(str(path), RGB)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def half_jpeg(path: Path) -> None:
    Image.fromarray(RGB).save(path, "JPEG")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def npy(array: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with path.open("wb") as file:
            np.save(file, array)

    return write


BAD = {
    "missing": (missing, "There is no file “x.png” at this place; check its name and folder."),
    "dangling": (dangling, "There is no file “x.png” at this place; check its name and folder."),
    "loop": (
        loop,
        "The file “x.png” cannot be opened (Too many levels of symbolic links); "
        "copy it elsewhere and try again.",
    ),
    "directory": (directory, "“x.png” is a folder, not a picture; open a picture in it."),
    "pipe": (pipe, "“x.png” is a pipe, not a file; save the picture to a file first."),
    "pipe link": (link_to_pipe, "“x.png” is a pipe, not a file; save the picture to a file first."),
    "socket": (unix_socket, "“x.png” is a socket, not a file; save the picture to a file first."),
    "device": (device, "“x.png” is a device, not a file; save the picture to a file first."),
    "empty": (of(b""), "The file “x.png” is empty; get a fresh copy and open that."),
    "text": (
        of("naïve text".encode()),
        "The file “x.png” is a text, not a picture; choose a picture file.",
    ),
    "noise": (
        of(b"\x00\x9c\xf1\x07" * 60),
        "The file “x.png” is not in a picture format that can be read; "
        "save it as PNG, TIFF or EXR and open that.",
    ),
    "pdf": (
        of(b"%PDF-1.7\n"),
        "The file “x.png” is a PDF document, not a picture; export its page as PNG and open that.",
    ),
    "video": (
        of(b"\0\0\0\x18ftypisom\0\0\2\0isomiso2"),
        "The file “x.png” is a video, not a still picture; save a frame as PNG and open that.",
    ),
    "half png": (
        half_png, "The PNG file “x.png” is damaged or incomplete; get a fresh copy and open that."
    ),
    "half jpeg": (
        half_jpeg, "The JPEG file “x.png” is damaged or incomplete; get a fresh copy and open that."
    ),
    "magic only": (
        of(b"\x89PNG\r\n\x1a\n"),
        "The PNG file “x.png” is damaged or incomplete; get a fresh copy and open that.",
    ),
    "huge png": (
        of(png_header(60_000, 50_000)),
        "The picture “x.png” is 60000 × 50000 pixels and would need 9.0 GB of memory, "
        "more than the 2 GB allowed; allow more, crop it, or make it smaller.",
    ),
    "huge pnm": (
        of(b"P6 60000 50000 255\n"),
        "The picture “x.png” is 60000 × 50000 pixels and would need 9.0 GB of memory, "
        "more than the 2 GB allowed; allow more, crop it, or make it smaller.",
    ),
    "zero png": (
        of(png_header(0, 7)),
        "The PNG file “x.png” is damaged or incomplete; get a fresh copy and open that.",
    ),
    "zero pnm": (
        of(b"P6 0 7 255\n"), "The picture “x.png” has no pixels; save it again and open that."
    ),
    "zero npy": (
        npy(np.zeros((0, 7), np.uint8)),
        "The picture “x.png” has no pixels; save it again and open that.",
    ),
    "objects": (
        npy(np.array([[None, 1]], object)),
        "The NumPy file “x.png” holds Python objects, not numbers; "
        "save a plain array and open that.",
    ),
    "line": (
        npy(np.zeros(7, np.uint8)),
        "The NumPy file “x.png” holds an array of shape (7,), not a picture; "
        "save one of shape (rows, columns) or (rows, columns, channels).",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_each_trouble_is_one_sentence_about_the_file(tmp_path: Path, what: str) -> None:
    make, sentence = BAD[what]
    make(tmp_path / "x.png")
    with pytest.raises(ReadError) as caught:
        open_image(tmp_path / "x.png")
    assert str(caught.value) == sentence


def test_a_forbidden_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "x.png").write_bytes(b"x")
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ReadError) as caught:
        PictureFile(tmp_path / "x.png")
    assert str(caught.value) == "The file “x.png” may not be read by you; change its permissions."


def test_a_null_character_is_no_name() -> None:
    with pytest.raises(ReadError, match="is not a file name"):
        open_image("a\0b.png")


@pytest.mark.parametrize(
    "name",
    [
        b"plain.png", b"with space.png", b"line\nbreak.png", b"caf\xc3\xa9.png", b"caf\xe9.png",
        b"options[page=2].png", b"a?b=c.png", b"%04d.png", b"-dash.png", b"quote\"'.png", b".png",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["png", "exr", "npy"])
def test_any_name_opens(tmp_path: Path, name: bytes, kind: str) -> None:
    name = name.replace(b"png", kind.encode())
    plain = tmp_path / f"plain.{kind}"
    if kind == "npy":
        np.save(plain, RGB)
    elif kind == "png":
        Image.fromarray(RGB).save(plain)
    else:
        spec = OpenImageIO.ImageSpec(41, 23, 3, "float")
        output = OpenImageIO.ImageOutput.create(str(plain))
        assert output.open(str(plain), spec)
        output.write_image(RGB.astype(np.float32))
        output.close()
    path = os.path.join(os.fsencode(tmp_path), name)  # noqa: PTH118 - Path takes no bytes
    os.rename(plain, path)  # noqa: PTH104 - as above
    picture = open_image(Path(os.fsdecode(path)))
    np.testing.assert_array_equal(picture.data, RGB)
    assert os.fsencode(picture.path) == path


def test_relative_paths_and_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.fromarray(RGB).save(tmp_path / "a.tga")
    (tmp_path / "link").symlink_to("a.tga")
    monkeypatch.chdir(tmp_path)
    np.testing.assert_array_equal(open_image("./a.tga").data, RGB)
    os.rename("a.tga", "a?.tga")  # noqa: PTH104 - short
    np.testing.assert_array_equal(open_image("a?.tga").data, RGB)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/a/b.png", "“b.png”"),
        ("/a/b/", "“b”"),
        ("/", "“/”"),
        ("/a/x\ny\t.png", r"“x\ny\t.png”"),
        ("/a/\udce9.png", r"“\xe9.png”"),
        ("/a/\u202eгнп.png", r"“\u202eгнп.png”"),
    ],
)
def test_names_are_shown_on_one_line(path: str, shown: str) -> None:
    assert quoted(path) == shown


def test_a_file_that_changes_meanwhile_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(RGB).save(path)
    with PictureFile(path) as file:
        file.check_unchanged()
        with path.open("ab") as handle:
            handle.write(b"more")
        with pytest.raises(ReadError, match="was changed while it was read; wait until"):
            file.check_unchanged()
        with pytest.raises(ReadError, match="was changed"):
            file.sha256()
    with PictureFile(path) as file:
        path.rename(tmp_path / "gone.png")
        with pytest.raises(ReadError, match="was changed"):
            file.check_unchanged()
