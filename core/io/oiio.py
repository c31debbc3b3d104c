"""Film and science formats, decoded by OpenImageIO at their native depth."""

from __future__ import annotations

import contextlib
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import OpenImageIO

from core.io import exif
from core.io.decoded import Decoded, check_page, check_size
from core.io.kinds import CINEON, DDS, DPX, HDR, IFF, JXL, PFM, PSD, TARGA
from core.types import Alpha, Encoding, Notice, Pixels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.io.address import Part
    from core.io.files import PictureFile
    from core.io.kinds import Kind

_LINEAR: Final = (HDR,)
_UNKNOWN: Final = (PFM, DPX, CINEON)
_PREMULTIPLIED: Final = (IFF, PSD)
_META: Final = {
    "Make": "camera_make", "Model": "camera", "Exif:LensModel": "lens", "Software": "software",
    "Artist": "artist", "Copyright": "copyright", "ImageDescription": "description",
    "DateTime": "taken", "compression": "compression",
}  # fmt: skip
_ISO: Final = ("Exif:ISOSpeedRatings", "Exif:PhotographicSensitivity")
_PRIMARIES: Final = re.compile(rb"^PRIMARIES=[ \t]*((?:[\d.]+\s+){7}[\d.]+)", re.MULTILINE)
_TEXT_BYTES: Final = 4096
_MODES: Final = {4: "CMYK", 9: "Lab"}  # of Photoshop (its file format specification, header)
_MOST_PAGES: Final = 10_000


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Decode any file that OpenImageIO knows; OpenEXR has a reader of its own.

    10-, 12- and 14-bit samples come out as stored, in uint16. Straight alpha stays straight.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, volumetric, or without such a page.
    """
    with opened(file, kind) as source:
        pages = 1 if kind is PSD else count_pages(source)  # further ones are layers of the first
        check_page(file, part.page, pages)
        source.seek_subimage(part.page, 0)
        return _decode(file, kind, source, part, pages)


@contextlib.contextmanager
def opened(file: PictureFile, kind: Kind) -> Iterator[Any]:
    """Give OpenImageIO's reader of a file, and take all its errors in the end."""
    config = OpenImageIO.ImageSpec()
    # Photoshop lays colours over white; taken off again and divided by alpha they would overflow.
    config.attribute("oiio:UnassociatedAlpha", int(kind is not PSD))
    with _plain_name(file, kind) as name:
        source = OpenImageIO.ImageInput.open(name, config)
        error = _error(OpenImageIO)
        if source is None and "Subsampled" in error:
            raise file.unsupported(
                kind.title, "has subsampled channels", "save it as R, G, B and open that"
            )
        if kind is HDR and b"32-bit_rle_xyze" in file.head[:_TEXT_BYTES]:
            raise file.unsupported(
                kind.title, "holds XYZ values, not RGB", "convert it to RGB and open that"
            )
        if source is None:
            raise file.damaged(kind.title)
        try:
            yield source
        finally:
            _error(source)
            source.close()
            _error(OpenImageIO)


def count_pages(source: Any) -> int:
    """Return how many pictures there are."""
    pages = 1
    while pages < _MOST_PAGES and source.seek_subimage(pages, 0):
        pages += 1
    _error(source)  # to find the page that was one too many
    return pages


def check_flat(file: PictureFile, kind: Kind, spec: Any) -> None:
    """Raise ReadError for deep data and volumes."""
    if spec.deep:
        raise file.unsupported(kind.title, "holds deep data", "flatten it and open that")
    if spec.depth > 1:
        raise file.unsupported(kind.title, "holds a volume", "save a slice of it and open that")


def pixels(file: PictureFile, kind: Kind, source: Any, page: int, begin: int, end: int) -> Pixels:
    """Return the channels from `begin` to before `end`, (H, W, C), in one format that fits all."""
    spec = source.spec()
    form = _format(spec, begin, end)
    if form == "unknown":
        raise file.damaged(kind.title)
    itemsize = np.dtype({"half": "float16", "uint": "uint32"}.get(form, form)).itemsize
    check_size(file, spec.width, spec.height, end - begin, itemsize)
    data: Pixels | None = source.read_image(page, 0, begin, end, form)
    if _error(source) or data is None:
        raise file.damaged(kind.title)
    return data


def _error(where: Any) -> str:
    """Fetch the error of a reader or of the library: one left there is printed at the end."""
    try:
        return str(where.geterror())
    except UnicodeDecodeError:  # it quotes the damaged file
        return "unreadable"


def _decode(file: PictureFile, kind: Kind, source: Any, part: Part, pages: int) -> Decoded:
    spec = source.spec()
    check_flat(file, kind, spec)
    if kind is DDS and _masks_outside(file.head):
        raise file.unsupported(
            kind.title, "has masks that lie outside its pixels", "save it as PNG and open that"
        )
    count = spec.nchannels
    data = pixels(file, kind, source, part.page, 0, count)
    notices = _exposed(file, spec) + _photoshop(file, kind)
    alpha = _alpha(kind, spec, count)
    if data.shape[2] == 1:
        data = data[:, :, 0]
    bits = spec.get_int_attribute("oiio:BitsPerSample")
    decoded = Decoded(
        data, _encoding(kind, data), alpha, meta=meta(spec), notices=notices,
        pages=pages,
        # libjxl turns the picture by itself
        orientation=1 if kind is JXL else spec.get_int_attribute("Orientation", 1),
        icc=b"" if any(n.code == "converted" for n in notices) else _profile(spec),
        chromaticities=_primaries(file) if kind is HDR else (),
    )  # fmt: skip
    if data.dtype == np.uint16 and 8 < bits < 16:  # spread over 16 bits, lower bits repeated
        decoded.data = data >> (16 - bits)
        decoded.bits, decoded.peak = bits, float((1 << bits) - 1)
    elif kind in _LINEAR and data.dtype.kind == "f":
        decoded.peak = 1.0
        last = [name.rpartition(".")[2].upper() for name in spec.channelnames[:3]]
        if last == ["R", "G", "B"]:  # normals and the like are no colours
            decoded.chromaticities = tuple(spec.get("chromaticities") or ())
    return decoded


def _format(spec: Any, begin: int, end: int) -> str:
    """Return the one format of these channels, or float where they differ."""
    formats = {str(f) for f in spec.channelformats[begin:end]} or {str(spec.format)}
    return formats.pop() if len(formats) == 1 else "float"


def _alpha(kind: Kind, spec: Any, count: int) -> Alpha:
    if kind is TARGA and count == 2:  # OpenImageIO calls gray and alpha R and G
        return Alpha.STRAIGHT
    if count < 2 or spec.alpha_channel != count - 1:
        return Alpha.NONE
    return Alpha.PREMULTIPLIED if kind in _PREMULTIPLIED else Alpha.STRAIGHT


def _encoding(kind: Kind, data: Pixels) -> Encoding:
    if kind in _LINEAR and data.dtype.kind == "f":
        return Encoding.LINEAR
    everyday = data.dtype in (np.uint8, np.uint16) and kind not in _UNKNOWN
    return Encoding.SRGB if everyday else Encoding.UNKNOWN


def _exposed(file: PictureFile, spec: Any) -> list[Notice]:
    """Say by what a Radiance file's values were multiplied when it was made; it is not undone."""
    factor = exif.number(spec.get("hdr:exposure"))
    if factor in {0.0, 1.0}:
        return []
    text = f"The values of {file.name} were multiplied by {factor:g} when it was made, and stay so."
    return [Notice("exposure", text)]


def _primaries(file: PictureFile) -> tuple[float, ...]:
    """Return the chromaticities in a Radiance file's header (the Radiance reference, 2.6)."""
    found = _PRIMARIES.search(file.head[:_TEXT_BYTES])
    values = tuple(float(v) for v in found[1].split()) if found else ()
    return values if len(values) == 8 else ()


def _masks_outside(head: bytes) -> bool:
    """Whether a mask of an uncompressed DDS file reaches beyond a pixel's bits."""
    bits = int.from_bytes(head[88:92], "little")
    masks = (int.from_bytes(head[at : at + 4], "little") for at in range(92, 108, 4))
    return head[84:88] == bytes(4) and any(mask >> bits for mask in masks)


def _photoshop(file: PictureFile, kind: Kind) -> list[Notice]:
    """Say what colours OpenImageIO has turned into sRGB by itself."""
    mode = int.from_bytes(file.head[24:26], "big") if kind is PSD else 0
    if mode not in _MODES:
        return []
    text = f"The {_MODES[mode]} colours of {file.name} were converted to sRGB."
    return [Notice("converted", text)]


def _profile(spec: Any) -> bytes:
    profile = spec.get("ICCProfile")
    return b"" if profile is None else np.asarray(profile, np.uint8).tobytes()


def meta(spec: Any) -> dict[str, str]:
    """Return what a file says, under the names of `ImageBuffer.meta`."""
    found = {key: str(spec.get(name)) for name, key in _META.items() if spec.get(name) is not None}
    numbers = {
        "exposure_time": exif.exposure(_number(spec, "ExposureTime", "Exif:ExposureTime")),
        "aperture": f"f/{_number(spec, 'FNumber', 'Exif:FNumber'):.3g}",
        "focal_length": f"{_number(spec, 'Exif:FocalLength'):.4g} mm",
        "iso": f"{_number(spec, 'isoSpeed', *_ISO):g}",
    }
    found |= {key: text for key, text in numbers.items() if text not in {"", "f/0", "0 mm", "0"}}
    if "taken" in found:
        found["taken"] = exif.date(found["taken"])
    return {key: text for key, text in found.items() if text.strip()}


def _number(spec: Any, *names: str) -> float:
    values = (exif.number(spec.get(name)) for name in names)
    return next((value for value in values if value > 0), 0.0)


@contextlib.contextmanager
def _plain_name(file: PictureFile, kind: Kind) -> Iterator[str]:
    """Give a name that OpenImageIO takes: it goes by suffixes, UTF-8 and no question marks."""
    suffix = ".j2k" if file.head.startswith(b"\xff\x4f\xff\x51") else "." + kind.name
    path = Path(file.path)
    if path.suffix == suffix and file.path.isprintable() and "?" not in file.path:
        yield file.path
        return
    with tempfile.TemporaryDirectory(prefix="pairlens-") as folder:
        plain = Path(folder, "picture" + suffix)
        try:
            plain.symlink_to(path.resolve())
        except OSError:  # where links need a privilege
            shutil.copyfile(path, plain)
        yield str(plain)
