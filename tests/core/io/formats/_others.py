"""JPEG XL and JPEG 2000 of imagecodecs, BMP, Targa and icons of Pillow and by their layouts."""

from __future__ import annotations

import struct
from functools import partial
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
from PIL import Image

from core.types import Alpha
from tests.core.io.formats._case import Case, Pixels, noise, smooth

if TYPE_CHECKING:
    from pathlib import Path

    from tests.core.io.formats._case import Sequence

COLOURS = {"gray": 1, "gray + alpha": 2, "RGB": 3, "RGBA": 4}


def _shape(channels: int) -> tuple[int, ...]:
    return (7, 23, channels) if channels > 1 else (7, 23)


def jxl(path: Path, kind: str, bits: int, channels: int) -> Pixels:
    if kind.startswith("float"):
        data = (noise(*_shape(channels), dtype=np.uint16) / 32768).astype(kind)
    else:
        data = noise(*_shape(channels), dtype=np.dtype(kind), top=(1 << bits) - 1)
    path.write_bytes(imagecodecs.jpegxl_encode(data, lossless=True, bitspersample=bits))
    return data


def jxl_lossy(path: Path) -> Pixels:
    path.write_bytes(imagecodecs.jpegxl_encode(smooth(40, 90, 3), distance=1.0))
    return np.asarray(imagecodecs.jpegxl_decode(path.read_bytes()))


def jxl_frames(path: Path, count: int) -> Sequence[Pixels]:
    frames = noise(count, 7, 23, 3)
    path.write_bytes(imagecodecs.jpegxl_encode(frames, lossless=True))
    return list(frames)


def jxl_container(path: Path) -> Pixels:
    data = noise(7, 23, 4)
    path.write_bytes(imagecodecs.jpegxl_encode(data, lossless=True, usecontainer=True))
    assert path.read_bytes()[4:8] == b"JXL "
    return data


def jp2(path: Path, kind: str, bits: int, channels: int) -> Pixels:
    signed = kind.startswith("int")
    data = noise(*_shape(channels), dtype=np.uint16, top=(1 << bits) - 1)
    stored = data.astype(int) - ((1 << bits - 1) if signed else 0)
    stored = stored.astype(kind)
    path.write_bytes(
        imagecodecs.jpeg2k_encode(
            stored, codecformat=path.suffix[1:], reversible=True, level=0, bitspersample=bits
        )
    )
    return stored.astype(np.int16) if kind == "int8" else stored


def jp2_lossy(path: Path) -> Pixels:
    Image.fromarray(smooth(40, 90, 3)).save(path, quality_layers=[20])
    with Image.open(path) as oracle:
        return np.asarray(oracle)


def jp2_palette(path: Path) -> Pixels:
    """Put a palette (ISO/IEC 15444-1, I.5.3.4 and I.5.3.5) into the header of a gray file."""
    codes, colours = noise(7, 23), noise(256, 3)
    data = imagecodecs.jpeg2k_encode(codes, codecformat="jp2", reversible=True, level=0)
    at = data.index(b"jp2h") - 4
    size = int.from_bytes(data[at : at + 4], "big")
    palette = struct.pack(">I4sHB3B", 8 + 6 + 768, b"pclr", 256, 3, 7, 7, 7)
    mapping = struct.pack(">I4s", 20, b"cmap")
    mapping += b"".join(struct.pack(">HBB", 0, 1, i) for i in range(3))
    more = palette + colours.tobytes() + mapping
    header = data[at : at + size].replace(struct.pack(">I", 17), struct.pack(">I", 16))
    inside = (size + len(more)).to_bytes(4, "big") + header[4:] + more
    path.write_bytes(data[:at] + inside + data[at + size :])
    with Image.open(path) as oracle:
        np.testing.assert_array_equal(np.asarray(oracle.convert("RGB")), colours[codes])
    return colours[codes]


def targa(path: Path, mode: str, rle: bool, up: bool) -> Pixels:
    picture = Image.fromarray(np.repeat(noise(7, 6, 4), 4, axis=1))  # runs for the run lengths
    picture = picture.convert("RGB").quantize(16) if mode == "P" else picture.convert(mode)
    picture.save(path, compression="tga_rle" if rle else None, orientation=-1 if up else 1)
    return np.asarray(picture.convert("RGB") if mode == "P" else picture)


def targa_16(path: Path) -> Pixels:
    data = noise(7, 23, dtype=np.uint16)
    header = struct.pack("<BBBHHBHHHHBB", 0, 0, 2, 0, 0, 0, 0, 0, 23, 7, 16, 0x20)
    path.write_bytes(header + data.astype("<u2").tobytes())
    fields = [(data >> shift) & 31 for shift in (10, 5, 0)]
    return np.dstack([(f << 3 | f >> 2).astype(np.uint8) for f in fields])


def icon(path: Path, form: str) -> Sequence[Pixels]:
    pictures = [noise(n, n, 4, seed=n) for n in (48, 32, 16)]
    images = [Image.fromarray(p) for p in pictures]
    images[0].save(path, sizes=[i.size for i in images], append_images=images[1:],
                   bitmap_format=form)  # fmt: skip
    return pictures


_JXL = (("uint8", 8, "8 bit"), ("uint16", 10, "9–15 bit"), ("uint16", 12, "9–15 bit"),
        ("uint16", 16, "16 bit"), ("float16", 16, "half"), ("float32", 32, "float"))  # fmt: skip
_JP2 = (("uint8", 8, "8 bit"), ("uint16", 12, "9–15 bit"), ("uint16", 16, "16 bit"),
        ("int8", 8, "8 bit"), ("int16", 12, "9–15 bit"), ("int16", 16, "16 bit"))  # fmt: skip


def _alpha(channels: int) -> Alpha:
    return Alpha.NONE if channels in {1, 3} else Alpha.STRAIGHT


def _word(colour: str) -> str:
    return colour.lower().replace(" + ", "-")


def _wide(kind: str, bits: int, colour: str) -> str:
    sign = "signed " if kind.startswith("int") else ""
    return f"{sign}{colour}, {bits} bit" if bits in {10, 12} else f"{sign}{colour}"


JXL = (
    *(Case(f"jxl-{_word(colour)}-{kind}-{bits}", "JPEG XL", depth, _wide(kind, bits, colour),
           "imagecodecs", partial(jxl, kind=kind, bits=bits, channels=n), ".jxl",
           bits=None if kind[0] == "f" else bits, alpha=_alpha(n))
      for kind, bits, depth in _JXL for colour, n in COLOURS.items()),
    Case("jxl-lossy", "JPEG XL", "8 bit", "lossy RGB", "imagecodecs", jxl_lossy, ".jxl", off=1,
         why="two versions of libjxl round differently"),
    Case("jxl-container", "JPEG XL", "8 bit", "RGBA in boxes", "imagecodecs", jxl_container,
         ".jxl", alpha=Alpha.STRAIGHT),
    *(Case(f"jxl-frames-{n}", "JPEG XL", "8 bit", "RGB", "imagecodecs",
           partial(jxl_frames, count=n), ".jxl", pages=n) for n in (2, 3, 4, 7)),
)  # fmt: skip
JP2 = (
    *(Case(f"jp2-{_word(colour)}-{kind}-{bits}", "JPEG 2000", depth, _wide(kind, bits, colour),
           "imagecodecs", partial(jp2, kind=kind, bits=bits, channels=n), ".jp2", bits=bits,
           alpha=_alpha(n))
      for kind, bits, depth in _JP2 for colour, n in COLOURS.items()),
    *(Case(f"j2k-{_word(colour)}-12", "JPEG 2000", "9–15 bit", f"{colour}, bare, 12 bit",
           "imagecodecs", partial(jp2, kind="uint16", bits=12, channels=n), ".j2k", bits=12)
      for colour, n in COLOURS.items()),
    Case("jp2-lossy", "JPEG 2000", "8 bit", "lossy RGB", "Pillow", jp2_lossy, ".jp2"),
    Case("jp2-palette", "JPEG 2000", "8 bit", "palette", "imagecodecs", jp2_palette, ".jp2"),
)  # fmt: skip
TARGA = (
    *(Case(f"tga-{mode.lower()}{'-rle' * rle}{'-up' * up}", "Targa", "8 bit",
           f"{name}{', RLE' * rle}{', from below' * up}", "Pillow",
           partial(targa, mode=mode, rle=rle, up=up), ".tga",
           alpha=Alpha.STRAIGHT if mode.endswith("A") else Alpha.NONE)
      for mode, name in (("L", "gray"), ("LA", "gray + alpha"), ("P", "palette"), ("RGB", "RGB"),
                         ("RGBA", "RGBA"))
      for rle in (False, True) for up in (False, True)),
    Case("tga-16", "Targa", "8 bit", "RGB of 5 bits", "by the layout", targa_16, ".tga"),
)  # fmt: skip
ICONS = tuple(
    Case(f"ico-{form}", "icon", "8 bit", f"RGBA as {form.upper()}", "Pillow",
         partial(icon, form=form), ".ico", pages=3, alpha=Alpha.STRAIGHT)
    for form in ("png", "bmp")
)  # fmt: skip

CASES: tuple[Any, ...] = (*JXL, *JP2, *TARGA, *ICONS)
