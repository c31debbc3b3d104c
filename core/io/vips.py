"""Everyday formats, decoded by libvips.

Files are handed over as descriptors, so that no name is ever parsed for options and nothing is
remembered by name, and every loader is chosen here, never by libvips.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyvips

from core.errors import ReadError
from core.io import exif
from core.io.decoded import Decoded, check_page, check_size
from core.io.icc import profile_name
from core.io.kinds import GIF, WEBP
from core.io.shared import empty
from core.types import Alpha, Encoding, Notice, Pixels

if TYPE_CHECKING:
    from core.io.address import Part
    from core.io.files import PictureFile
    from core.io.kinds import Kind

# What libvips has to say reaches a person through ReadError and Notice only.
logging.getLogger("pyvips").setLevel(logging.CRITICAL + 1)
# Remembered operations would keep pictures and descriptors alive; `core.cache` is there for that.
pyvips.cache_set_max(0)
# Its handler of messages would fail on one that quotes bytes of a damaged file; none is shown.
pyvips._to_string = lambda _: ""

_LOADERS: Final = {WEBP: "webpload", GIF: "gifload"}
_PAGED: Final = ("webpload", "gifload", "heifload", "tiffload")
_DTYPES: Final = {
    "uchar": np.uint8, "char": np.int8, "ushort": np.uint16, "short": np.int16,
    "uint": np.uint32, "int": np.int32, "float": np.float32, "double": np.float64,
}  # fmt: skip
_FOREIGN: Final = ("cmyk", "lab", "labs", "labq", "xyz", "yxy", "lch", "cmc", "hsv")
_MISSING: Final = ("not configured", "not implemented", "nsupported", "not supported", "codec")
_MM_PER_INCH: Final = 25.4
_FAILURES: Final = (pyvips.Error, UnicodeDecodeError)  # the second: it quotes the damaged file
_NO_PIXELS: Final = np.empty((0, 0), np.uint8)


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Decode a WebP or GIF file; frames of an animation come out as it shows them.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, or without such a frame.
    """
    image = load(file, kind, _LOADERS[kind], part.page)
    if kind is WEBP and _pages(image, _LOADERS[kind]) == 1:
        decoded = header(image, _LOADERS[kind])
        decoded.data = _webp_pixels(file, kind, image)
    else:
        decoded = decode(file, kind, image, _LOADERS[kind], part.page)
    if image.bands in {2, 4}:
        decoded.alpha = Alpha.STRAIGHT
    if kind is WEBP:
        decoded.meta |= _webp(file)
    return decoded


def load(
    file: PictureFile,
    kind: Kind,
    loader: str,
    page: int,
    fail_on: str = "error",
    data: bytes | None = None,
    **more: float,
) -> Any:
    """Return the libvips image of a file, its header read and its size checked.

    Parameters
    ----------
    file, kind
        What is read, for its name and its limits.
    loader
        Of libvips.
    page
        Counted from 0.
    fail_on
        From which trouble on there is no picture: ``"error"``, or ``"warning"``.
    data
        What is read instead of the file; kept alive by the image.
    more
        Other options of the loader.
    """
    if data is None:
        # libvips keeps a copy, and moves its position: `file.handle` must not share it.
        with file.again() as handle:
            source = pyvips.Source.new_from_descriptor(handle.fileno())
    else:
        source = pyvips.Source.new_from_memory(data)
    options: dict[str, Any] = {"access": "sequential", "fail_on": fail_on, **more}
    try:
        if page and loader in _PAGED:
            options["page"] = page
        elif page:
            check_page(file, page, 1)
        image = pyvips.Operation.call(f"{loader}_source", source, **options)
    except _FAILURES as error:
        if page:  # a page that is not there fails like damage: ask again without it
            check_page(file, page, _pages(load(file, kind, loader, 0, data=data), loader))
        raise _refusal(file, kind, error) from error
    if image.format not in _DTYPES:
        raise file.unsupported(
            kind.title, "holds complex numbers", "save their magnitude and open that"
        )
    image._references.append(data)  # libvips reads from it, but does not hold it
    itemsize = np.dtype(_DTYPES[image.format]).itemsize
    check_size(file, image.width, image.height, image.bands, itemsize)
    return image


def decode(file: PictureFile, kind: Kind, image: Any, loader: str, page: int) -> Decoded:  # noqa: ARG001 - the image is of one page; kept for callers that name it
    """Return all pixels of an image from `load`, as stored, but colour as gray or RGB."""
    decoded = header(image, loader)
    try:
        pixels, converted = _pixels(image)
    except _FAILURES as error:
        raise _refusal(file, kind, error) from error
    if converted:
        model = image.interpretation.upper()
        text = f"The {model} colours of {file.name} were converted to sRGB."
        decoded.notices = (Notice("converted", text),)
        decoded.meta["color"] = f"{model} converted to sRGB"
        if decoded.icc:
            decoded.meta["icc"] = profile_name(decoded.icc)
        decoded.icc = b""  # it belongs to values that are no longer there
    if pixels.dtype == np.int8:
        pixels = pixels.astype(np.int16)
        decoded.peak, decoded.bits = 127.0, 8
    decoded.data = pixels
    if pixels.dtype not in (np.uint8, np.uint16):
        decoded.encoding = Encoding.UNKNOWN
    return decoded


def header(image: Any, loader: str) -> Decoded:
    """Return what the file says of an image from `load`; it has no pixels yet."""
    return Decoded(
        _NO_PIXELS,
        Encoding.SRGB,
        orientation=integer(image, "orientation") or 1,
        icc=blob(image, "icc-profile-data"),
        pages=_pages(image, loader),
        meta=described(image),
    )


def _pixels(image: Any) -> tuple[Pixels, bool]:
    converted = image.interpretation in _FOREIGN
    if image.interpretation == "cmyk":
        # The embedded profile, else a general one for print; libvips undoes Adobe's inversion.
        image = image.icc_transform(
            "srgb", embedded=True, input_profile="cmyk", intent="relative",
            depth=16 if image.format == "ushort" else 8,
        )  # fmt: skip
    elif converted:
        image = image.colourspace("rgb16" if image.format == "ushort" else "srgb")
    shape = (image.height, image.width) + ((image.bands,) if image.bands > 1 else ())
    pixels = empty(shape, np.dtype(_DTYPES[image.format]))
    # An image over foreign memory is filled in place, as vips_image_write_to_memory does it.
    image.write(
        pyvips.Image.new_from_memory(
            pixels.data, image.width, image.height, image.bands, image.format
        )
    )
    return pixels, converted


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


def integer(image: Any, name: str) -> int:
    """Return a number that libvips found in the file, or 0."""
    return int(image.get(name)) if image.get_typeof(name) else 0


def blob(image: Any, name: str) -> bytes:
    """Return bytes that libvips found in the file; empty when there are none."""
    return bytes(image.get(name)) if image.get_typeof(name) else b""


def described(image: Any) -> dict[str, str]:
    """Return what the file's Exif block says, else the resolution that its header has."""
    meta = exif.described(blob(image, "exif-data"))
    if image.get_typeof("resolution-unit") and "dpi" not in meta:
        meta["dpi"] = exif.dpi(image.xres * _MM_PER_INCH, image.yres * _MM_PER_INCH)
    return {name: text for name, text in meta.items() if text}


def _pages(image: Any, loader: str) -> int:
    return max(integer(image, "n-pages"), 1) if loader in _PAGED else 1


def _webp_pixels(file: PictureFile, kind: Kind, image: Any) -> Pixels:
    """Return the pixels of a still, by imagecodecs: it decodes in two threads, libvips in one."""
    import imagecodecs  # noqa: PLC0415 - slow to load

    try:
        out = empty((image.height, image.width, image.bands), np.uint8)
        data: Pixels = imagecodecs.webp_decode(file.read_at(0, file.size), out=out)
    except (imagecodecs.DelayedImportError, RuntimeError, ValueError) as error:
        raise file.damaged(kind.title) from error
    return data


def _webp(file: PictureFile) -> dict[str, str]:
    """Return how the first picture is compressed: the chunk it is in (RFC 9649, 2.5 to 2.7)."""
    places = {name: file.head.find(name) for name in (b"VP8 ", b"VP8L")}
    found = {name: at for name, at in places.items() if at >= 0}
    if not found:
        return {}
    if min(found, key=lambda name: found[name]) == b"VP8L":
        return {"compression": "lossless"}
    return {"compression": "lossy", "subsampling": "4:2:0"}
