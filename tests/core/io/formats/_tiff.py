"""TIFF files of tifffile, each coding and depth; what has loss is compared with imagecodecs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import tifffile
from PIL import Image

from core.types import Alpha
from tests.core.io.formats._case import Case, Pixels, noise, smooth

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {
    "u1": "8 bit", "i1": "8 bit", "u2": "16 bit", "i2": "16 bit", "u4": "32 bit", "i4": "32 bit",
    "f2": "half", "f4": "float", "f8": "double",
}  # fmt: skip
COLOURS = {1: "gray", 3: "RGB", 4: "RGBA"}
WITHOUT_LOSS: dict[str, tuple[str, ...]] = {
    "none": ("u1", "i1", "u2", "i2", "u4", "i4", "f2", "f4", "f8"),
    "lzw": ("u1", "u2", "f4"), "deflate": ("u1", "u2", "f2", "f4", "f8"), "packbits": ("u1", "u2"),
    "zstd": ("u1", "u2", "u4", "f2", "f4", "f8"), "lzma": ("u1", "u2", "f4"),
    "png": ("u1", "u2"), "lerc": ("u1", "u2", "f4"), "jpeg2000": ("u1", "u2"),
    "jpegxl": ("u1", "u2", "f4"), "jpegxr": ("u1", "u2"), "webp": ("u1",),
}  # fmt: skip
OPTIONS: dict[str, dict[str, Any]] = {
    "jpeg2000": {"reversible": True}, "jpegxl": {"lossless": True}, "webp": {"lossless": True},
    "jpegxr": {"level": 1.0},
}  # fmt: skip


def values(dtype: str, channels: int) -> Pixels:
    shape = (37, 83) if channels == 1 else (37, 83, channels)
    if dtype[0] == "f":
        return np.random.default_rng(5).random(shape).astype(dtype)
    data = noise(*shape, dtype=np.dtype(f"u{dtype[1]}"))
    return data.view(dtype)


def write(path: Path, dtype: str, channels: int, coding: str, **more: Any) -> Pixels:
    data = values(dtype, channels)
    tifffile.imwrite(
        path,
        np.moveaxis(data, 2, 0) if more.get("planarconfig") == "separate" else data,
        photometric="rgb" if channels > 1 else "minisblack",
        compression={"deflate": "zlib"}.get(coding, coding),
        compressionargs=OPTIONS.get(coding),
        **({"extrasamples": ["unassalpha"]} if channels == 4 else {}),
        **more,
    )
    return data.astype(np.int16) if dtype == "i1" else data


def bits(path: Path, count: int) -> Pixels:
    dtype = np.uint8 if count <= 8 else np.uint16 if count <= 16 else np.uint32
    data = noise(37, 83, dtype=dtype, top=(1 << count) - 1)
    tifffile.imwrite(path, data, bitspersample=count)
    return data


def bilevel(path: Path, coding: str | None) -> Pixels:
    data = noise(37, 83) > 127
    tifffile.imwrite(path, data, compression=coding, photometric="minisblack")
    return data * np.uint8(255)


def fax(path: Path, coding: str) -> Pixels:
    """Codings of fax machines, written by libtiff through Pillow."""
    rows, cols = np.mgrid[0:37, 0:83]
    data = (rows // 3 + cols // 7) % 2 == 0
    Image.fromarray(data).save(path, compression=coding)
    return data * np.uint8(255)


def jpeg(path: Path, mode: str) -> Pixels:
    """JPEG of libtiff through Pillow, against what Pillow itself reads."""
    data = smooth(37, 83, 3) if mode == "RGB" else smooth(37, 83)
    Image.fromarray(data).convert(mode).save(path, compression="jpeg", quality=90)
    with Image.open(path) as file:
        return np.asarray(file.convert("RGB" if mode == "YCbCr" else mode))


def palette(path: Path, coding: str | None) -> Pixels:
    index, table = noise(37, 83), noise(3, 256, dtype=np.uint16)
    tifffile.imwrite(path, index, photometric="palette", colormap=table, compression=coding)
    return (table >> 8).astype(np.uint8).T[index]


def inverted(path: Path, dtype: str) -> Pixels:
    data = values(dtype, 1)
    tifffile.imwrite(path, data, photometric="miniswhite")
    return np.iinfo(data.dtype).max - data


def pages(path: Path, bigtiff: bool) -> list[Pixels]:
    found = [noise(9 + i, 31, dtype=np.uint16, seed=i) for i in range(3)]
    with tifffile.TiffWriter(path, bigtiff=bigtiff) as writer:
        for page in found:
            writer.write(page, photometric="minisblack")
    return found


def with_reduced(path: Path) -> list[Pixels]:
    """Two pictures, each with a copy of half its size, one behind it and one in a SubIFD."""
    found = [noise(20, 44, seed=i) for i in range(2)]
    with tifffile.TiffWriter(path) as writer:
        for page in found:
            writer.write(page, subifds=1)
            writer.write(page[::2, ::2], subfiletype=1)
            writer.write(page[::4, ::4], subfiletype=1)
    return found


def stack(path: Path, first_only: bool) -> list[Pixels]:
    data = noise(5, 21, 43, dtype=np.uint16)
    tifffile.imwrite(path, data, imagej=True)
    if first_only:  # as ImageJ writes where a classic TIFF has no room for more directories
        whole = bytearray(path.read_bytes())
        with tifffile.TiffFile(path) as file:
            at = file.pages[0].offset  # type: ignore[union-attr]  # a page, not a frame
        order = "little" if whole[:2] == b"II" else "big"
        count = int.from_bytes(whole[at : at + 2], order)  # type: ignore[arg-type]  # a literal
        whole[at + 2 + 12 * count : at + 6 + 12 * count] = bytes(4)
        path.write_bytes(whole)
    return list(data)


def ome(path: Path) -> list[Pixels]:
    data = noise(2, 3, 21, 43, dtype=np.uint16)
    tifffile.imwrite(path, data, ome=True, metadata={"axes": "CZYX"}, photometric="minisblack")
    return list(data.reshape(6, 21, 43))


def _case(
    name: str, depth: str, colour: str, make: Any, writer: str = "tifffile", **more: Any
) -> Case:
    return Case(f"tiff-{name}", "TIFF", depth, colour, writer, make, ".tif", **more)


LAYOUTS: dict[str, dict[str, Any]] = {
    "tiles": {"tile": (16, 32)}, "planes": {"planarconfig": "separate"},
    "big-endian": {"byteorder": ">"}, "bigtiff": {"bigtiff": True}, "strips": {"rowsperstrip": 3},
    "predictor": {"predictor": 2}, "tiled-planes": {"planarconfig": "separate", "tile": (16, 16)},
}  # fmt: skip

CASES = (
    *(_case(f"{coding}-{dtype}", NAMES[dtype],
            f"{'signed ' if dtype[0] == 'i' else ''}RGB, {coding}",
            partial(write, dtype=dtype, channels=3, coding=coding))
      for coding, dtypes in WITHOUT_LOSS.items() for dtype in dtypes),
    *(_case(f"{COLOURS[n].lower()}-{dtype}", NAMES[dtype], COLOURS[n],
            partial(write, dtype=dtype, channels=n, coding="lzw"),
            alpha=Alpha.STRAIGHT if n == 4 else Alpha.NONE)
      for n in (1, 4) for dtype in ("u1", "u2", "f4")),
    *(_case(f"{name}-{coding}", "16 bit", f"RGB, {name.replace('-', ' ')}, {coding}",
            partial(write, dtype="u2", channels=3, coding=coding, **layout))
      for coding in ("deflate", "zstd") for name, layout in LAYOUTS.items()),
    *(_case(f"float-predictor-{t}-{coding}", NAMES[t], f"RGB, predictor 3, {coding}",
            partial(write, dtype=t, channels=3, coding=coding, predictor=3))
      for coding in ("deflate", "zstd") for t in ("f2", "f4", "f8")),
    *(_case(f"gray-{n}-bits", "1–4 bit" if n < 5 else "8 bit" if n < 9 else "9–15 bit" if n < 16
            else "32 bit", f"gray, {n} bit", partial(bits, count=n), bits=n)
      for n in (3, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 20, 24)),
    *(_case(f"bilevel-{c or 'none'}", "1–4 bit", f"gray, 1 bit, {c or 'none'}",
            partial(bilevel, coding=c), bits=1) for c in (None, "packbits", "lzw", "zstd")),
    *(_case(f"palette-{c or 'none'}", "8 bit", f"palette, {c or 'none'}",
            partial(palette, coding=c)) for c in (None, "lzw", "zstd")),
    *(_case(f"inverted-{t}", NAMES[t], "white is 0", partial(inverted, dtype=t))
      for t in ("u1", "u2")),
    *(_case(f"bilevel-{c}", "1–4 bit", f"gray, 1 bit, {c}", partial(fax, coding=c), "Pillow",
            bits=1)
      for c in ("tiff_ccitt", "group3", "group4")),
    *(_case(f"jpeg-{m.lower()}", "8 bit", f"{m}, JPEG", partial(jpeg, mode=m), "Pillow",
            off=1, why="decoders round the inverse transform their own way")
      for m in ("L", "RGB")),
    _case("pages", "16 bit", "gray", partial(pages, bigtiff=False), pages=3),
    _case("bigtiff-pages", "16 bit", "gray, BigTIFF", partial(pages, bigtiff=True), pages=3),
    _case("reduced", "8 bit", "gray, with smaller copies", with_reduced, pages=2),
    _case("imagej", "16 bit", "ImageJ planes", partial(stack, first_only=False), pages=5),
    _case("imagej-one", "16 bit", "ImageJ planes, one directory", partial(stack, first_only=True),
          pages=5),
    _case("ome", "16 bit", "OME planes", ome, pages=6),
)  # fmt: skip
