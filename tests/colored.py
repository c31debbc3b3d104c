"""A small picture with a green that no sRGB display shows, and PNG files of it."""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING, Any

from PIL import Image

from core.io import open_image
from tests.make import photo

if TYPE_CHECKING:
    from pathlib import Path

    from core.buffer import ImageBuffer

RGB = photo(40, 64) // 4 + 90  # dull colours
RGB[5:15, 20:44] = 0, 255, 0
SHARE = "9.4 %"  # 240 of 2560, green as no sRGB display shows it
GREEN = (10, 30)
P3_GREEN = (-0.5116, 1.0183, -0.3107)
"""What Display P3 makes of it, extended sRGB; computed by Little CMS in `test_transform`."""


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(path: Path, *chunks: bytes, icc: bytes | None = None, pixels: Any = RGB) -> ImageBuffer:
    """Write a PNG with Pillow, put chunks behind its header, and open it."""
    Image.fromarray(pixels).save(path, icc_profile=icc)
    data = path.read_bytes()
    path.write_bytes(data[:33] + b"".join(chunks) + data[33:])
    return open_image(path)


def told(picture: ImageBuffer) -> list[tuple[str, str]]:
    return [(n.code, n.severity) for n in picture.notices]
