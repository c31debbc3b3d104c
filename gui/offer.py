"""What a clipboard or a drop offers: files, the bytes of a picture, or a picture."""

from __future__ import annotations

import os
import re
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes, urlsplit

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QUrl
from PySide6.QtGui import QImage, QImageWriter

NOT_FETCHED: Final = (
    "Pairlens fetches nothing from the net: save the picture to a file and open that, or drag or"
    " copy the picture itself."
)
NOTHING: Final = "There is no picture and no file to open in what was pasted or dropped."
_SUFFIXES: Final = {
    "image/png": ".png",
    "image/tiff": ".tif",
    "image/webp": ".webp",
    "image/avif": ".avif",
    "image/heif": ".heic",
    "image/heic": ".heic",
    "image/jxl": ".jxl",
    "image/jp2": ".jp2",
    "image/x-exr": ".exr",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/bmp": ".bmp",
    "image/svg+xml": ".svg",
}
"""Types whose bytes are taken as they are, the most exact ones first."""
_FILE_LISTS: Final = ("x-special/nautilus-clipboard", "copy", "cut")
_PATH: Final = re.compile(r"/[^\0]+|[A-Za-z]:[\\/][^\0]+|\\\\[^\0]+")


class Offer(NamedTuple):
    """What was offered.

    Attributes
    ----------
    paths
        Of files; nobody has looked whether they are there.
    content, suffix
        Bytes of a picture file, and how its name should end.
    image
        A picture without a file's bytes.
    sentence
        Why there is nothing to open.
    """

    paths: tuple[str, ...] = ()
    content: bytes = b""
    suffix: str = ""
    image: QImage | None = None
    sentence: str = ""


def welcome(data: QMimeData) -> bool:
    """Whether a drop of this is taken; asks for no data, which may be slow to come."""
    return data.hasUrls() or data.hasImage() or any(data.hasFormat(f) for f in _SUFFIXES)


def offered(data: QMimeData) -> Offer:
    """Return what is to be opened: files first, then bytes as they are, then a picture."""
    urls = data.urls()
    paths = tuple(local_path(url) for url in urls if url.scheme() == "file")
    if not paths and data.hasText() and not urls:
        paths = paths_in(data.text())
    if paths:
        return Offer(paths)
    for name, suffix in _SUFFIXES.items():
        if data.hasFormat(name) and (content := bytes(data.data(name).data())):
            return Offer(content=content, suffix=suffix)
    for url in urls:
        if url.scheme() == "data":
            return _in_address(bytes(url.toEncoded().data()))
    if data.hasImage():
        image = data.imageData()
        if isinstance(image, QImage) and not image.isNull():
            return Offer(image=image, suffix=".png")
    return Offer(sentence=NOT_FETCHED if urls else NOTHING)


def local_path(url: QUrl) -> str:
    """Return the path of a file's address, whatever bytes its name has."""
    if os.name == "nt":
        return url.toLocalFile()
    # Qt takes names for UTF-8 and loses other bytes.
    return os.fsdecode(unquote_to_bytes(urlsplit(bytes(url.toEncoded().data())).path))


def paths_in(text: str) -> tuple[str, ...]:
    """Return the paths that a text consists of: one a line, as file managers and shells copy them.

    None when any line is something else.
    """
    lines = [line.strip().strip("\"'") for line in text.strip().splitlines()]
    found = []
    for line in lines:
        if line.startswith("file:"):
            found.append(local_path(QUrl(line)))
        elif _PATH.fullmatch(line):
            found.append(line)
        elif line not in _FILE_LISTS:
            return ()
    return tuple(found)


def png(image: QImage) -> bytes:
    """Return a picture as a PNG file without loss: 16 bits stay 16 bits, alpha stays."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def _in_address(encoded: bytes) -> Offer:
    """Return the bytes of a ``data:`` address (RFC 2397)."""
    from base64 import b64decode  # noqa: PLC0415 - rare

    head, _, body = encoded.removeprefix(b"data:").partition(b",")
    name, *words = head.decode("ascii", "replace").split(";")
    content = unquote_to_bytes(body)
    if "base64" in words:
        try:
            content = b64decode(content, validate=False)
        except ValueError:
            return Offer(sentence=NOTHING)
    return Offer(content=content, suffix=_SUFFIXES.get(name, ""))
