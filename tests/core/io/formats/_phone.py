"""AVIF files of imagecodecs and Pillow, HEIC files of pillow-heif."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
from PIL import Image, ImageOps

from core.types import Alpha
from tests.core.io.formats._case import Case, Pixels, smooth

if TYPE_CHECKING:
    from pathlib import Path

    from tests.core.io.formats._case import Sequence

COLOURS = {"gray": 1, "RGB": 3, "RGBA": 4}
_TOPS = {8: "8 bit", 10: "9–15 bit", 12: "9–15 bit"}


def avif(path: Path, bits: int, channels: int, form: str) -> Pixels:
    dtype = np.dtype(np.uint8 if bits == 8 else np.uint16)
    shape = (40, 90, channels) if channels > 1 else (40, 90)
    data = smooth(*shape, dtype=dtype, top=(1 << bits) - 1)
    path.write_bytes(imagecodecs.avif_encode(data, bitspersample=bits, pixelformat=form, speed=8))
    return np.asarray(imagecodecs.avif_decode(path.read_bytes()))


def avif_frames(path: Path) -> Sequence[Pixels]:
    frames = np.stack([smooth(40, 90, 3), 255 - smooth(40, 90, 3), smooth(40, 90, 3) // 2])
    images = [Image.fromarray(f) for f in frames]
    images[0].save(path, save_all=True, append_images=images[1:], quality=90)
    with Image.open(path) as oracle:
        shown = []
        for index in range(3):
            oracle.seek(index)
            shown.append(np.asarray(oracle.convert("RGB")))
    return shown


def avif_turned(path: Path, orientation: int) -> Pixels:
    """Write the turn as irot and imir boxes, which Pillow makes of the Exif orientation."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(smooth(40, 90, 3)).save(path, exif=exif, quality=90, subsampling="4:4:4")
    stored = path.read_bytes()
    assert b"irot" in stored or b"imir" in stored
    with Image.open(path) as oracle:
        return np.asarray(ImageOps.exif_transpose(oracle))


def heic(path: Path, bits: int, mode: str) -> Pixels:
    import pillow_heif

    channels = {"L": 1, "RGB": 3, "RGBA": 4}[mode]
    shape = (40, 90, channels) if channels > 1 else (40, 90)
    data = smooth(*shape, dtype=np.uint16)
    before = pillow_heif.options.SAVE_HDR_TO_12_BIT
    pillow_heif.options.SAVE_HDR_TO_12_BIT = bits == 12
    try:
        if bits == 8:
            data >>= 8
            file = pillow_heif.from_bytes(mode, (90, 40), data.astype(np.uint8).tobytes())
        else:
            form = f"{mode};16" if mode != "L" else "I;16"
            file = pillow_heif.from_bytes(form, (90, 40), data.tobytes())
            data >>= 16 - bits
        file.save(path, quality=-1, chroma=444)
    finally:
        pillow_heif.options.SAVE_HDR_TO_12_BIT = before
    return data.astype(np.uint8) if bits == 8 else data


def heic_pages(path: Path) -> Sequence[Pixels]:
    import pillow_heif

    pages = [smooth(40, 90, 3), 255 - smooth(32, 80, 3)]
    file = pillow_heif.HeifFile()
    for page in pages:
        file.add_frombytes("RGB", page.shape[1::-1], page.tobytes())
    file.save(path, quality=-1, chroma=444)
    return pages


def heic_second_first(path: Path) -> Sequence[Pixels]:
    """Write a file whose second picture is the primary one: it is shown first."""
    import pillow_heif

    pages = [smooth(40, 90, 3), 255 - smooth(32, 80, 3)]
    file = pillow_heif.HeifFile()
    for page in pages:
        file.add_frombytes("RGB", page.shape[1::-1], page.tobytes())
    file.save(path, quality=-1, chroma=444, primary_index=1)
    return pages[::-1]


_ROUND = "libheif and libavif round differently when they make RGB of YCbCr"
_YUV = "colour is kept as YCbCr of as many bits: rounding there and back"


def _avif(name: str, depth: str, colour: str, make: Any, **more: Any) -> Case:
    writer = more.pop("writer", "imagecodecs")
    return Case(f"avif-{name}", "AVIF", depth, colour, writer, make, ".avif", **more)


CASES = (
    *(_avif(f"{colour.lower()}-{bits}", _TOPS[bits], f"{colour}, {bits} bit",
            partial(avif, bits=bits, channels=n, form="400" if n == 1 else "444"), bits=bits,
            alpha=Alpha.STRAIGHT if n == 4 else Alpha.NONE)
      for bits in _TOPS for colour, n in COLOURS.items()),
    *(_avif(f"orientation-{o}", "8 bit", f"turned, {o}", partial(avif_turned, orientation=o),
            writer="Pillow", off=1, why=_ROUND) for o in range(2, 9)),
    _avif("sequence", "8 bit", "RGB", avif_frames, writer="Pillow", pages=3),
    *(Case(f"heic-{mode.lower()}-{bits}", "HEIC", _TOPS[bits], f"{mode}, {bits} bit", "pillow-heif",
           partial(heic, bits=bits, mode=mode), ".heic", bits=bits, off=2, why=_YUV,
           alpha=Alpha.STRAIGHT if mode == "RGBA" else Alpha.NONE)
      for bits in _TOPS for mode in ("L", "RGB", "RGBA")),
    Case("heic-pages", "HEIC", "8 bit", "RGB", "pillow-heif", heic_pages, ".heic", pages=2, off=2,
         why=_YUV),
    Case("heic-primary", "HEIC", "8 bit", "RGB, primary last", "pillow-heif", heic_second_first,
         ".heic", pages=2, off=2, why=_YUV),
)  # fmt: skip
