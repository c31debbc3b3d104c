"""Everyday formats, decoded by libvips.

Files are handed over as descriptors, so that no name is ever parsed for options and nothing is
remembered by name, and every loader is chosen here, never by libvips.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyvips

from core.errors import ReadError
from core.io.decoded import Decoded, check_page, check_size
from core.io.kinds import GIF, HEIF, JPEG, PNG, WEBP
from core.types import Alpha, Encoding, Notice, Pixels

if TYPE_CHECKING:
    from core.io.address import Part
    from core.io.files import PictureFile
    from core.io.kinds import Kind

# What libvips has to say reaches a person through ReadError and Notice only.
logging.getLogger("pyvips").setLevel(logging.CRITICAL + 1)
# Remembered operations would keep pictures and descriptors alive; `core.cache` is there for that.
pyvips.cache_set_max(0)

_LOADERS: Final = {PNG: "pngload", JPEG: "jpegload", WEBP: "webpload", GIF: "gifload",
                   HEIF: "heifload"}  # fmt: skip
_PAGED: Final = ("webpload", "gifload", "heifload", "tiffload")
_DTYPES: Final = {
    "uchar": np.uint8, "char": np.int8, "ushort": np.uint16, "short": np.int16,
    "uint": np.uint32, "int": np.int32, "float": np.float32, "double": np.float64,
}  # fmt: skip
_FOREIGN: Final = ("cmyk", "lab", "labs", "labq", "xyz", "yxy", "lch", "cmc", "hsv")
_EXIF: Final = {
    "exif-ifd0-Model": "camera",
    "exif-ifd2-ExposureTime": "exposure_time",
    "exif-ifd2-ISOSpeedRatings": "iso",
    "exif-ifd0-Software": "software",
}
_TEXT: Final = re.compile(r"(.*) \(\1, ASCII, \d+ components, \d+ bytes\)", re.DOTALL)
_NUMBERS: Final = re.compile(r"(.*?) \(.*, \d+ components, \d+ bytes\)$", re.DOTALL)
_MISSING: Final = ("not configured", "not implemented", "nsupported", "not supported", "codec")


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Decode a PNG, JPEG, WebP, GIF, AVIF or HEIF file.

    PNG: palettes and samples below 8 bits are expanded to 8; `Decoded.bits` is then what the file
    says of them (its depth, or its sBIT chunk: PNG third edition, 11.3.2.4). AVIF of 10 and 12
    bits comes out as stored.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, without such a page, or of an unknown codec.
    """
    image = load(file, kind, _LOADERS[kind], part.page)
    decoded = decode(file, kind, image, _LOADERS[kind], part.page)
    if decoded.alpha is Alpha.NONE and kind is not JPEG and image.bands in {2, 4}:
        decoded.alpha = Alpha.STRAIGHT
    stored = _integer(image, "bits-per-sample")
    if kind is PNG:
        small = stored if stored < 8 and not _integer(image, "palette") else 0
        decoded.bits = _png_significant_bits(file.head) or small or None
    elif kind is HEIF and 8 < stored < 16:  # libvips moves the bits to the top of 16
        decoded.data >>= 16 - stored
        decoded.bits = stored
        decoded.peak = float((1 << stored) - 1)
    return decoded


def load(file: PictureFile, kind: Kind, loader: str, page: int, fail_on: str = "error") -> Any:
    """Return the libvips image of a file, its header read and its size checked."""
    file.handle.seek(0)
    source = pyvips.Source.new_from_descriptor(file.handle.fileno())
    options: dict[str, str | int] = {"access": "sequential", "fail_on": fail_on}
    try:
        if page and loader in _PAGED:
            options["page"] = page
        elif page:
            check_page(file, page, 1)
        image = pyvips.Operation.call(f"{loader}_source", source, **options)
    except pyvips.Error as error:
        if page:  # a page that is not there fails like damage: ask again without it
            check_page(file, page, _pages(load(file, kind, loader, 0), loader))
        raise _refusal(file, kind, error) from error
    if image.format not in _DTYPES:
        raise file.unsupported(
            kind.title, "holds complex numbers", "save their magnitude and open that"
        )
    itemsize = np.dtype(_DTYPES[image.format]).itemsize
    check_size(file, image.width, image.height, image.bands, itemsize)
    return image


def decode(file: PictureFile, kind: Kind, image: Any, loader: str, page: int) -> Decoded:
    """Return all pixels of an image from `load`, as stored, but colour as gray or RGB."""
    notices = []
    try:
        if loader == "jpegload":
            # Stray bytes are a warning to libjpeg, and so are rows that are missing.
            try:
                pixels, converted = _pixels(load(file, kind, loader, page, "warning"))
            except pyvips.Error as error:
                if "premature end" in str(error):  # rows are missing, not wrong
                    raise
                pixels, converted = _pixels(load(file, kind, loader, page))
                text = (
                    f"The JPEG data of {file.name} has errors: parts of the picture may be wrong."
                )
                notices.append(Notice("damaged", text, "warning"))
        else:
            pixels, converted = _pixels(image)
    except pyvips.Error as error:
        raise _refusal(file, kind, error) from error
    if converted:
        text = f"The {image.interpretation.upper()} colours of {file.name} were converted to sRGB."
        notices.append(Notice("converted", text))
    signed = pixels.dtype == np.int8
    if signed:
        pixels = pixels.astype(np.int16)
    everyday = pixels.dtype in (np.uint8, np.uint16)
    return Decoded(
        pixels,
        Encoding.SRGB if everyday else Encoding.UNKNOWN,
        peak=127.0 if signed else None,
        bits=8 if signed else None,
        orientation=_integer(image, "orientation") or 1,
        icc=b"" if converted else _profile(image),
        pages=_pages(image, loader),
        meta=_exif(image),
        notices=notices,
    )


def _pixels(image: Any) -> tuple[Pixels, bool]:
    converted = image.interpretation in _FOREIGN
    if converted:
        image = image.colourspace("rgb16" if image.format == "ushort" else "srgb")
    memory = image.write_to_memory()
    flat = np.frombuffer(memory, _DTYPES[image.format])
    shape = (image.height, image.width) + ((image.bands,) if image.bands > 1 else ())
    return flat.reshape(shape), converted


def _refusal(file: PictureFile, kind: Kind, error: Exception) -> ReadError:
    text = str(error)
    if "out of memory" in text:
        return file.no_memory()
    if any(word in text for word in _MISSING):
        return file.unsupported(
            kind.title,
            "is coded in a way that cannot be read here",
            "save it as PNG or as TIFF with LZW or Deflate compression and open that",
        )
    return file.damaged(kind.title)


def _integer(image: Any, name: str) -> int:
    return int(image.get(name)) if image.get_typeof(name) else 0


def _pages(image: Any, loader: str) -> int:
    return max(_integer(image, "n-pages"), 1) if loader in _PAGED else 1


def _profile(image: Any) -> bytes:
    name = "icc-profile-data"
    return bytes(image.get(name)) if image.get_typeof(name) else b""


def _exif(image: Any) -> dict[str, str]:
    """Return what `_EXIF` names; libvips writes ``value (value, type, count, size)``."""
    found = {}
    for name, key in _EXIF.items():
        if image.get_typeof(name):
            text = str(image.get(name))
            match = _TEXT.fullmatch(text) or _NUMBERS.match(text)
            value = match[1] if match else text
            found[key] = exposure(value) if key == "exposure_time" else value.strip()
    return found


def exposure(value: str) -> str:
    """Return an exposure time as people write it: ``"1/250 s"`` of ``"1 250"`` or ``"1/250"``."""
    numbers = re.fullmatch(r"(\d+)[ /](\d+)", value.strip())
    return f"{numbers[1]}/{numbers[2]} s" if numbers else value.strip()


def _png_significant_bits(head: bytes) -> int:
    """Return the largest number in the sBIT chunk's colours, or 0 when there is no such chunk."""
    at, colour = 8, head[25]
    while at + 8 <= len(head):
        size, name = int.from_bytes(head[at : at + 4], "big"), head[at + 4 : at + 8]
        if name in {b"PLTE", b"IDAT"}:
            break
        if name == b"sBIT":
            return max(head[at + 8 : at + 8 + (1 if colour in {0, 4} else 3)], default=0)
        at += size + 12
    return 0
