"""BMP files of every depth, put together by Microsoft's layout, of OpenCV and of Pillow."""

from __future__ import annotations

import struct
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from core.types import Alpha
from tests.core.io.formats._case import Case, Pixels, noise

if TYPE_CHECKING:
    from pathlib import Path

HEIGHT, WIDTH = 7, 23


def padded(rows: Pixels) -> bytes:
    """Fill each row of bytes to a multiple of four."""
    return np.pad(rows, ((0, 0), (0, -rows.shape[1] % 4))).tobytes()


def bitmap(bits: int, compression: int, body: bytes, *, palette: bytes = b"",
           masks: tuple[int, ...] = (), size: int = 40, top_down: bool = False,
           height: int = HEIGHT, width: int = WIDTH) -> bytes:  # fmt: skip
    """Return header, masks, palette and pixels: all of a bitmap but the header of a file."""
    h = -height if top_down else height
    head = struct.pack(
        "<IiiHHIIiiII", size, width, h, 1, bits, compression, len(body), 2835, 2835, 0, 0
    )
    fields = struct.pack(f"<{len(masks)}I", *masks)
    head += fields.ljust(size - 40, b"\0") if size > 40 else fields
    return head + palette + body


def as_file(dib: bytes, body: bytes) -> bytes:
    return b"BM" + struct.pack("<IHHI", 14 + len(dib), 0, 0, 14 + len(dib) - len(body)) + dib


def indexed(path: Path, bits: int, top_down: bool = False, gray: bool = False) -> Pixels:
    codes = noise(HEIGHT, WIDTH, top=(1 << bits) - 1)
    each = np.unpackbits(codes[..., None], axis=2)[:, :, 8 - bits :].reshape(HEIGHT, -1)
    rows = np.packbits(each, axis=1)
    palette = noise(1 << bits, 4)
    palette[:, 1:3] = palette[:, :1] if gray else palette[:, 1:3]
    body = padded(rows if top_down else rows[::-1])
    dib = bitmap(bits, 0, body, palette=palette.tobytes(), top_down=top_down)
    path.write_bytes(as_file(dib, body))
    return palette[codes][..., 0] if gray else palette[codes][..., 2::-1]


def os2(path: Path) -> Pixels:
    codes, palette = noise(HEIGHT, WIDTH), noise(256, 3)
    body = padded(codes[::-1])
    dib = struct.pack("<IHHHH", 12, WIDTH, HEIGHT, 1, 8) + palette.tobytes() + body
    path.write_bytes(as_file(dib, body))
    return palette[codes][..., ::-1]


def fields(path: Path, bits: int, compression: int, size: int, masks: tuple[int, ...]) -> Pixels:
    """Pack each channel where its mask says; the most of a field is white."""
    values = noise(HEIGHT, WIDTH, dtype=np.dtype(f"uint{bits}"))
    body = padded(values[::-1].astype(f"<u{bits // 8}").view(np.uint8).reshape(HEIGHT, -1))
    dib = bitmap(bits, compression, body, masks=masks if compression else (), size=size)
    path.write_bytes(as_file(dib, body))
    wanted = [m for m in masks if m]
    white = 255 if all(m.bit_count() <= 8 for m in wanted) else 65535
    planes = [np.rint((values & m) / m * white) for m in wanted]  # in place or shifted: the same
    return np.dstack(planes).astype(np.uint8 if white == 255 else np.uint16)


def plain(path: Path, mode: str) -> Pixels:
    data = noise(HEIGHT, WIDTH, {"L": 1, "RGB": 3, "RGBA": 4}[mode])
    data = data[..., 0] if mode == "L" else data
    Image.fromarray(data).save(path)
    return data


def runs(path: Path, bits: int) -> Pixels:
    """Write run lengths by hand: runs, a literal stretch, and ends of line; Pillow reads along."""
    codes = np.repeat(noise(HEIGHT, 6, top=(1 << bits) - 1), 4, axis=1)[:, :WIDTH]
    palette = noise(1 << bits, 4)
    body = b""
    for row in codes[::-1]:
        for start in range(0, WIDTH, 4):
            code, count = int(row[start]), min(4, WIDTH - start)
            body += bytes([count, code if bits == 8 else code << 4 | code])
        body += b"\0\0"
    body = body[:-2] + b"\0\1"
    dib = bitmap(bits, 1 if bits == 8 else 2, body, palette=palette.tobytes())
    path.write_bytes(as_file(dib, body))
    with Image.open(path) as oracle:
        np.testing.assert_array_equal(np.asarray(oracle.convert("RGB")), palette[codes][..., 2::-1])
    return palette[codes][..., 2::-1]


_FIELDS: tuple[tuple[str, str, int, int, int, tuple[int, ...]], ...] = (
    ("555", "RGB of 5 bits", 16, 0, 40, (0x7C00, 0x3E0, 0x1F)),
    ("565", "RGB of 5, 6, 5 bits", 16, 3, 40, (0xF800, 0x7E0, 0x1F)),
    ("4444", "RGBA of 4 bits", 16, 3, 108, (0xF00, 0xF0, 0xF, 0xF000)),
    ("1555", "RGBA of 5 and 1 bits", 16, 3, 124, (0x7C00, 0x3E0, 0x1F, 0x8000)),
    ("bgra", "RGBA by masks", 32, 3, 108, (0xFF0000, 0xFF00, 0xFF, 0xFF000000)),
    ("abgr", "RGBA, turned round", 32, 3, 108, (0xFF, 0xFF00, 0xFF0000, 0xFF000000)),
    ("rgbx", "RGB by masks", 32, 3, 40, (0xFF00, 0xFF0000, 0xFF000000)),
    ("2101010", "RGB of 10 bits", 32, 3, 56, (0x3FF00000, 0xFFC00, 0x3FF, 0)),
)


def _bmp(name: str, colour: str, make: Any, writer: str = "by the layout", **more: Any) -> Case:
    depth = more.pop("depth", "8 bit")
    return Case(f"bmp-{name}", "BMP", depth, colour, writer, make, ".bmp", **more)


CASES = (
    *(_bmp(f"palette-{n}{'-down' * down}", f"palette, {n} bit{', from above' * down}",
           partial(indexed, bits=n, top_down=down), depth="1–4 bit" if n < 8 else "8 bit")
      for n in (1, 2, 4, 8) for down in (False, True)),
    _bmp("palette-gray", "gray palette", partial(indexed, bits=8, gray=True)),
    _bmp("os2", "palette, OS/2", os2),
    _bmp("rle-8", "RLE of 8 bits", partial(runs, bits=8)),
    _bmp("rle-4", "RLE of 4 bits", partial(runs, bits=4), depth="1–4 bit"),
    *(_bmp(name, colour, partial(fields, bits=bits, compression=c, size=size, masks=masks),
           alpha=Alpha.STRAIGHT if "A" in colour else Alpha.NONE,
           depth="9–15 bit" if "10" in colour else "8 bit")
      for name, colour, bits, c, size, masks in _FIELDS),
    *(_bmp(mode.lower(), mode, partial(plain, mode=mode), "Pillow")
      for mode in ("L", "RGB", "RGBA")),
)  # fmt: skip
