"""Film and science formats, decoded by OpenImageIO at their native depth."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import OpenImageIO

from core.io.decoded import Decoded, check_page, check_size
from core.io.kinds import BMP, CINEON, DPX, EXR, FITS, HDR, IFF, JXL, PFM, PSD
from core.types import Alpha, Encoding, Notice, Pixels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.io.address import Part
    from core.io.files import PictureFile
    from core.io.kinds import Kind

_LINEAR: Final = (EXR, HDR)
_UNKNOWN: Final = (PFM, FITS, DPX, CINEON)
_PREMULTIPLIED: Final = (EXR, IFF)
_LAYERS: Final = (("R", "G", "B", "A"), ("R", "G", "B"), ("Y", "A"), ("Y",))
_META: Final = {"Model": "camera", "Software": "software", "Exif:ISOSpeedRatings": "iso",
                "Exif:PhotographicSensitivity": "iso"}  # fmt: skip


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Decode any file that OpenImageIO knows.

    10-, 12- and 14-bit samples come out as stored, in uint16. Straight alpha stays straight. Of an
    OpenEXR file the first layer is read, laid into the display window; other layers are named in a
    notice. A BMP whose fourth byte is 0 everywhere has no alpha.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, deep, volumetric, or without such a page.
    """
    config = OpenImageIO.ImageSpec()
    config.attribute("oiio:UnassociatedAlpha", 1)
    with _plain_name(file, kind) as name:
        source = OpenImageIO.ImageInput.open(name, config)
        _failed(OpenImageIO)
        if source is None:
            raise file.damaged(kind.title)
        try:
            pages = 1
            while source.seek_subimage(pages, 0):
                pages += 1
            check_page(file, part.page, pages)
            _failed(source)  # to find the page that was one too many
            source.seek_subimage(part.page, 0)
            return _decode(file, kind, source, part, pages)
        finally:
            _failed(source)
            source.close()
            _failed(OpenImageIO)


def _failed(where: Any) -> bool:
    """Fetch the error of a reader or of the library: one left there is printed at the end."""
    try:
        return bool(where.geterror())
    except UnicodeDecodeError:  # it quotes the damaged file
        return True


def _decode(file: PictureFile, kind: Kind, source: Any, part: Part, pages: int) -> Decoded:
    spec = source.spec()
    if spec.deep:
        raise file.unsupported(kind.title, "holds deep data", "flatten it and open that")
    if spec.depth > 1:
        raise file.unsupported(kind.title, "holds a volume", "save a slice of it and open that")
    count = _first_layer(spec.channelnames) if kind is EXR else spec.nchannels
    form = _format(spec, count)
    if form == "unknown":
        raise file.damaged(kind.title)
    itemsize = np.dtype({"half": "float16"}.get(form, form)).itemsize
    check_size(file, spec.width, spec.height, count, itemsize)
    data: Pixels | None = source.read_image(part.page, 0, 0, count, form)
    if _failed(source) or data is None:
        raise file.damaged(kind.title)
    notices = []
    if count < spec.nchannels:
        others = ", ".join(spec.channelnames[count:])
        text = (
            f"Only {', '.join(spec.channelnames[:count])} of {file.name} is compared, not {others}."
        )
        notices.append(Notice("channels", text))
    if kind is EXR:
        data, moved = _display_window(file, data, spec)
        notices += moved
    alpha = _alpha(kind, spec, count)
    if kind is BMP and count == 4 and not data[:, :, 3].any():
        data, alpha = np.ascontiguousarray(data[:, :, :3]), Alpha.NONE
    elif data.shape[2] == 1:
        data = data[:, :, 0]
    bits = spec.get_int_attribute("oiio:BitsPerSample")
    decoded = Decoded(
        data, _encoding(kind, data), alpha, meta=_meta(spec), notices=notices,
        pages=1 if kind is PSD else pages,  # the further ones are layers of the first
        # libjxl turns the picture by itself
        orientation=1 if kind is JXL else spec.get_int_attribute("Orientation", 1),
        icc=_profile(spec),
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


def _first_layer(names: tuple[str, ...]) -> int:
    """Return how many channels at the start make up the first layer's colour and alpha."""
    layer = names[0].rpartition(".")[0]
    own = [n.rpartition(".")[2].upper() for n in names if n.rpartition(".")[0] == layer]
    for wanted in _LAYERS:
        if tuple(own[: len(wanted)]) == wanted:
            return len(wanted)
    same = [n.rpartition(".")[0] == layer for n in names]
    return same.index(False) if False in same else len(names)


def _format(spec: Any, count: int) -> str:
    """Return the one format of the first channels, or float where they differ."""
    formats = {str(f) for f in spec.channelformats[:count]} or {str(spec.format)}
    return formats.pop() if len(formats) == 1 else "float"


def _alpha(kind: Kind, spec: Any, count: int) -> Alpha:
    if count < 2 or spec.alpha_channel != count - 1:
        return Alpha.NONE
    return Alpha.PREMULTIPLIED if kind in _PREMULTIPLIED else Alpha.STRAIGHT


def _encoding(kind: Kind, data: Pixels) -> Encoding:
    if kind in _LINEAR and data.dtype.kind == "f":
        return Encoding.LINEAR
    everyday = data.dtype in (np.uint8, np.uint16) and kind not in _UNKNOWN
    return Encoding.SRGB if everyday else Encoding.UNKNOWN


def _display_window(file: PictureFile, data: Pixels, spec: Any) -> tuple[Pixels, list[Notice]]:
    """Lay the data window into the display window, so that crops of one frame fit each other."""
    full_h, full_w = spec.full_height, spec.full_width
    row, col = spec.y - spec.full_y, spec.x - spec.full_x
    if (row, col, spec.height, spec.width) == (0, 0, full_h, full_w) or not full_h or not full_w:
        return data, []
    check_size(file, full_w, full_h, data.shape[2], data.dtype.itemsize)
    canvas = np.zeros((full_h, full_w, data.shape[2]), data.dtype)
    top, left = max(row, 0), max(col, 0)
    bottom, right = min(row + spec.height, full_h), min(col + spec.width, full_w)
    if top < bottom and left < right:
        canvas[top:bottom, left:right] = data[top - row : bottom - row, left - col : right - col]
    text = (
        f"The pixels of {file.name} ({spec.width} × {spec.height} at {col}, {row}) were laid into "
        f"its display window of {full_w} × {full_h}; what lies outside is not compared."
    )
    return canvas, [Notice("window", text)]


def _profile(spec: Any) -> bytes:
    profile = spec.get("ICCProfile")
    return b"" if profile is None else np.asarray(profile, np.uint8).tobytes()


def _meta(spec: Any) -> dict[str, str]:
    meta = {key: str(spec.get(name)) for name, key in _META.items() if spec.get(name) is not None}
    seconds = spec.get_float_attribute("ExposureTime")
    if seconds > 0:
        meta["exposure_time"] = f"1/{1 / seconds:.0f} s" if seconds < 0.3 else f"{seconds:g} s"
    return meta


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
