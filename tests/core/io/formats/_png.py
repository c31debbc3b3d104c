"""PNG files of libpng (through Pillow and OpenCV) and of imagecodecs, and chunks put together."""

from __future__ import annotations

import struct
import zlib
from functools import partial
from typing import TYPE_CHECKING

import imagecodecs
import numpy as np

from core.types import Alpha
from tests.core.io.formats._case import Case, Pixels, noise

if TYPE_CHECKING:
    from pathlib import Path


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def codec(path: Path, channels: int, dtype: str) -> Pixels:
    """Write with imagecodecs, which hands the values to libpng as they are."""
    data = noise(7, 23, *((channels,) if channels > 1 else ()), dtype=np.dtype(dtype))
    path.write_bytes(imagecodecs.png_encode(data))
    return data


def _case(name: str, depth: str, colour: str, make: partial[Pixels], writer: str) -> Case:
    alpha = Alpha.STRAIGHT if "alpha" in colour or colour == "RGBA" else Alpha.NONE
    return Case(f"png-{name}", "PNG", depth, colour, writer, make, ".png", alpha=alpha)


COLOURS = {"gray": 1, "gray + alpha": 2, "RGB": 3, "RGBA": 4}

CASES = tuple(
    _case(f"{colour.lower().replace(' + ', '-')}-{bits}", f"{bits} bit", colour,
          partial(codec, channels=n, dtype=f"uint{bits}"), "imagecodecs")
    for bits in (8, 16) for colour, n in COLOURS.items()
)  # fmt: skip
