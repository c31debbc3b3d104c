"""One bad or odd file: how it is made, and what must become of it."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

HEIGHT, WIDTH = 23, 41


class Outcome(StrEnum):
    """What must become of a file; a crash, a hang or any other error is never allowed."""

    REFUSED = "refused"  # with one sentence
    RIGHT = "right"  # opens, with exactly the pixels of `Case.pixels`
    RIGHT_OR_REFUSED = "right or refused"  # damage that a decoder may repair or refuse
    ANY = "as its bytes say, or refused"  # nothing in the format tells damage from another picture


@dataclass(frozen=True)
class Case:
    """A bad or odd file.

    Attributes
    ----------
    name
        Of the file, unique.
    about
        What is odd about it, for the table.
    make
        Writes it at a path.
    outcome, pixels
        What must become of it.
    """

    name: str
    about: str
    make: Callable[[Path], Any]
    outcome: Outcome
    pixels: Callable[[], np.ndarray] | None = None


def of(data: bytes) -> Callable[[Path], Any]:
    """Return what writes these bytes."""
    return lambda path: path.write_bytes(data)


@cache
def scene() -> np.ndarray:
    """Return (H, W, 3) uint8 with every level in use, the same each time."""
    rng = np.random.default_rng(5)
    return rng.integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)


def encoded(kind: str, pixels: np.ndarray | None = None, **more: Any) -> bytes:
    """Return the scene, or other pixels, as a file written by Pillow."""
    stream = BytesIO()
    Image.fromarray(scene() if pixels is None else pixels).save(stream, kind, **more)
    return stream.getvalue()


def refused(items: Iterable[tuple[str, str, bytes]]) -> list[Case]:
    """Return cases that must be refused, of (name, about, bytes)."""
    return [Case(name, about, of(data), Outcome.REFUSED) for name, about, data in items]


def right(name: str, about: str, data: bytes, pixels: Callable[[], np.ndarray] = scene) -> Case:
    """Return a case that must open with exactly these pixels."""
    return Case(name, about, of(data), Outcome.RIGHT, pixels)


def perhaps(name: str, about: str, data: bytes, pixels: Callable[[], np.ndarray] = scene) -> Case:
    """Return a case that must open with exactly these pixels or be refused."""
    return Case(name, about, of(data), Outcome.RIGHT_OR_REFUSED, pixels)


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a PNG chunk with its length and check sum."""
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


def header(width: int, height: int, *rest: int) -> bytes:
    """Return an IHDR chunk; the rest is depth, colour, compression, filter, interlace."""
    return chunk(b"IHDR", struct.pack(">II5B", width, height, *(rest or (8, 2, 0, 0, 0))))


SIGNATURE = b"\x89PNG\r\n\x1a\n"
END = chunk(b"IEND", b"")


def png(*chunks: bytes) -> bytes:
    """Return a PNG file of these chunks."""
    return SIGNATURE + b"".join(chunks)


def rows(pixels: np.ndarray) -> bytes:
    """Return pixels as unfiltered PNG rows, compressed."""
    lines = pixels.reshape(pixels.shape[0], -1)
    return zlib.compress(np.pad(lines, ((0, 0), (1, 0))).tobytes())


def patched(data: bytes, at: int, new: bytes) -> bytes:
    """Return bytes with some of them replaced."""
    return data[:at] + new + data[at + len(new) :]
