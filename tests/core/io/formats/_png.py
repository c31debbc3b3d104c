"""PNG files of imagecodecs, Pillow and libvips, and chunks put together by the standard."""

from __future__ import annotations

import struct
import zlib
from functools import partial
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
import pyvips
from PIL import Image, ImageSequence

from core.types import Alpha
from tests.core.io.formats._case import Case, Pixels, noise

if TYPE_CHECKING:
    from pathlib import Path

COLOURS = {"gray": 1, "gray + alpha": 2, "RGB": 3, "RGBA": 4}


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def raw_png(width: int, height: int, depth: int, colour: int, rows: bytes, *more: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = [chunk(b"IHDR", header), *more, chunk(b"IDAT", zlib.compress(rows))]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")


def codec(path: Path, channels: int, dtype: str) -> Pixels:
    """Write with imagecodecs, which hands the values to libpng as they are."""
    data = noise(7, 23, *((channels,) if channels > 1 else ()), dtype=np.dtype(dtype))
    path.write_bytes(imagecodecs.png_encode(data))
    return data


def small(path: Path, bits: int) -> Pixels:
    """Write gray of fewer than 8 bits; white is white at any depth (PNG 13.12)."""
    data = noise(7, 24, top=(1 << bits) - 1)
    each = np.unpackbits(data[..., None], axis=2)[:, :, 8 - bits :].reshape(7, -1)
    rows = b"".join(b"\0" + np.packbits(row).tobytes() for row in each)
    path.write_bytes(raw_png(24, 7, bits, 0, rows))
    with Image.open(path) as oracle:  # it reads 2 bits as 8 too
        np.testing.assert_array_equal(
            np.asarray(oracle.convert("L")), data * (255 // ((1 << bits) - 1))
        )
    return data * np.uint8(255 // ((1 << bits) - 1))


def palette(path: Path, bits: int, clear: bool) -> Pixels:
    picture = Image.fromarray(noise(7, 23, 3)).quantize(1 << bits)
    options: dict[str, Any] = {"transparency": bytes([0, 128])} if clear else {}
    picture.save(path, bits=bits, **options)
    with Image.open(path) as oracle:
        return np.asarray(oracle.convert("RGBA" if clear else "RGB"))


def one_clear(path: Path, mode: str) -> Pixels:
    """Make one colour transparent by a tRNS chunk."""
    data = noise(7, 23, *((3,) if mode == "RGB" else ()), top=3)
    picture = Image.fromarray(data)
    picture.save(path, transparency=(1, 2, 3) if mode == "RGB" else 2)
    clear = (data == (1, 2, 3)).all(axis=2) if mode == "RGB" else data == 2
    assert clear.any()
    return np.dstack([data, np.where(clear, 0, 255).astype(np.uint8)])


def one_clear_16(path: Path) -> Pixels:
    data = noise(7, 23, dtype=np.uint16)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in data)
    key = struct.pack(">H", data[2, 5])
    path.write_bytes(raw_png(23, 7, 16, 0, rows, chunk(b"tRNS", key)))
    return np.dstack([data, np.where(data == data[2, 5], 0, 65535).astype(np.uint16)])


def interlaced(path: Path, dtype: str) -> Pixels:
    data = noise(17, 43, 3, dtype=np.dtype(dtype))
    pyvips.Image.new_from_array(data).pngsave(str(path), interlace=True)
    assert path.read_bytes()[28] == 1
    if dtype == "uint8":
        with Image.open(path) as oracle:
            np.testing.assert_array_equal(np.asarray(oracle), data)
    return data


def sprites(count: int = 4) -> list[Image.Image]:
    """Return RGBA frames of which each changes a part of another place."""
    frames = []
    for i in range(count):
        frame = np.zeros((24, 40, 4), np.uint8)
        frame[..., :3] = noise(3, seed=50 + i)
        frame[4 : 14 + i, 3 + 5 * i : 15 + 5 * i, 3] = 255
        frame[6 + i : 8 + i, 20:25, :3] = 7
        frames.append(Image.fromarray(frame))
    return frames


def animation(
    path: Path, dispose: int, blend: int, mode: str = "RGBA", **more: Any
) -> list[Pixels]:
    frames = [f.convert(mode) for f in sprites()]
    frames[0].save(
        path, save_all=True, append_images=frames[1:], disposal=dispose, blend=blend, **more
    )
    with Image.open(path) as oracle:
        shown = [np.asarray(f.convert(mode)) for f in ImageSequence.Iterator(oracle)]
    if (dispose, blend) == (2, 1):
        # Undone to the empty canvas, each is shown alone; Pillow reads them on top of each other.
        shown = [np.asarray(f) for f in frames]
    # Laid over, a clear pixel has no colour of its own (PNG 13.16); Pillow keeps one.
    return [np.where(s[..., 3:] > 0, s, 0) for s in shown] if blend and mode == "RGBA" else shown


def _case(name: str, depth: str, colour: str, writer: str, make: Any, **more: Any) -> Case:
    clear = "alpha" in colour or "RGBA" in colour or "clear" in colour
    alpha = Alpha.STRAIGHT if clear else Alpha.NONE
    return Case(
        f"png-{name}", "PNG", depth, colour, writer, make, ".png", **{"alpha": alpha, **more}
    )


_DISPOSE = ("kept", "cleared", "undone")

CASES = (
    *(_case(f"gray-{n}", "1–4 bit", f"gray, {n} bit", "by the standard", partial(small, bits=n),
            bits=n) for n in (1, 2, 4)),
    *(_case(f"palette-{n}", "1–4 bit", f"palette, {n} bit", "Pillow",
            partial(palette, bits=n, clear=False), bits=8) for n in (1, 2, 4)),
    *(_case(f"{colour.lower().replace(' + ', '-')}-{bits}", f"{bits} bit", colour, "imagecodecs",
            partial(codec, channels=n, dtype=f"uint{bits}"), bits=bits)
      for bits in (8, 16) for colour, n in COLOURS.items()),
    _case("palette-8", "8 bit", "palette", "Pillow", partial(palette, bits=8, clear=False)),
    _case("palette-clear", "8 bit", "palette, clear", "Pillow",
          partial(palette, bits=8, clear=True)),
    _case("gray-clear", "8 bit", "gray, one clear", "Pillow", partial(one_clear, mode="L")),
    _case("rgb-clear", "8 bit", "RGB, one clear", "Pillow", partial(one_clear, mode="RGB")),
    _case("gray-clear-16", "16 bit", "gray, one clear", "by the standard", one_clear_16),
    _case("interlaced-8", "8 bit", "RGB, interlaced", "libvips",
          partial(interlaced, dtype="uint8")),
    _case("interlaced-16", "16 bit", "RGB, interlaced", "libvips",
          partial(interlaced, dtype="uint16")),
    *(_case(f"animated-{_DISPOSE[d]}-{('replaced', 'over')[b]}", "8 bit",
            f"RGBA, {_DISPOSE[d]}, {('replaced', 'over')[b]}", "Pillow",
            partial(animation, dispose=d, blend=b), pages=4)
      for d in range(3) for b in range(2)),
    _case("animated-rgb", "8 bit", "RGB", "Pillow",
          partial(animation, dispose=0, blend=0, mode="RGB"), pages=4),
)  # fmt: skip
