"""DICOM pictures: read by pydicom (an optional extra), decoded by imagecodecs.

Nothing that the file says of a person goes further than this module.
"""

from __future__ import annotations

import logging
import threading
import warnings
import zlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.errors import ReadError, TooLargeError
from core.io import exif
from core.io.decoded import Decoded, check_page, check_size
from core.types import Encoding, Notice, Pixels

if TYPE_CHECKING:
    from core.io.address import Part
    from core.io.files import PictureFile
    from core.io.kinds import Kind

# Transfer syntaxes: DICOM PS3.6, table A-1, after 1.2.840.10008.1.2.
_DEFLATED: Final = ".1.99"
_JPEG: Final = (".4.50", ".4.51")
_LOSSLESS_JPEG: Final = (".4.57", ".4.70")
_JPEG_LS: Final = (".4.80", ".4.81")
_JPEG_2000: Final = (".4.90", ".4.91", ".4.201", ".4.202", ".4.203")
_JPEG_XL: Final = (".4.110", ".4.111", ".4.112")
_PLAIN: Final = {"": "none", ".1": "none", ".2": "none", _DEFLATED: "Deflate", ".5": "RLE"}
_NAMES: Final = {
    **_PLAIN, **dict.fromkeys(_JPEG, "JPEG"), **dict.fromkeys(_LOSSLESS_JPEG, "JPEG lossless"),
    **dict.fromkeys(_JPEG_LS, "JPEG-LS"), **dict.fromkeys(_JPEG_2000, "JPEG 2000"),
    **dict.fromkeys(_JPEG_XL, "JPEG XL"),
}  # fmt: skip
_ROOT: Final = "1.2.840.10008.1.2"
_GROUP_LENGTH: Final = 140  # where the length of the file's own group stands (PS3.10, 7.1)
_ADOBE: Final = 14  # length of a whole Adobe marker (ITU-T T.872, 6.5.3)
_CHUNK: Final = 1 << 16
_ADVICE: Final = "save it as uncompressed DICOM or as TIFF and open that"
_GRAY: Final = ("MONOCHROME1", "MONOCHROME2")
_COLOUR: Final = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT", "YBR_ICT")
_silence = threading.Lock()


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Decode a frame of a DICOM file; its stored values are compared.

    Rescale slope, window and presentation are not applied, which a notice says. MONOCHROME1, where
    0 is white, is inverted within its range. Palettes and YBR become RGB. Bits above BitsStored are
    masked out; white is the largest value of BitsStored.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, without pixels or such a frame, of an unknown coding, or
        the extra is not installed.
    """
    try:
        import pydicom  # noqa: F401, PLC0415 - an optional extra, asked for before all else
    except ImportError as error:
        raise ReadError(
            f"The file {file.name} is a DICOM file, which needs the extra “dicom”; install "
            "pairlens[dicom], or export it as TIFF or PNG and open that."
        ) from error
    logging.getLogger("pydicom").setLevel(logging.CRITICAL + 1)
    try:
        # Filters of warnings belong to the whole program: one thread at a time changes them.
        with _silence, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(file, kind, part.page)
    except (ReadError, MemoryError):
        raise
    # Elements that lie and damaged frames end in any exception of pydicom, numpy or a codec.
    except Exception as error:
        raise file.damaged(kind.title) from error


def _read(file: PictureFile, kind: Kind, page: int) -> Decoded:
    import pydicom  # noqa: PLC0415 - an optional extra

    _check_inflated(file, kind)
    file.handle.seek(0)
    header = pydicom.dcmread(file.handle, stop_before_pixels=True)
    if "Rows" not in header or "Columns" not in header:
        raise file.unsupported(kind.title, "holds no picture", "choose another file of the series")
    syntax = str(header.file_meta.TransferSyntaxUID).removeprefix(_ROOT)
    model = str(header.PhotometricInterpretation)
    if syntax not in _NAMES or model not in {*_GRAY, *_COLOUR, "PALETTE COLOR"}:
        what = "coding" if syntax not in _NAMES else "kind of colours"
        raise file.unsupported(kind.title, f"has a {what} that cannot be read here", _ADVICE)
    pages = int(header.get("NumberOfFrames") or 1)
    check_page(file, page, pages)
    allocated, stored = int(header.BitsAllocated), int(header.get("BitsStored", 0))
    samples = int(header.SamplesPerPixel)
    check_size(file, header.Columns, header.Rows, samples, max(allocated // 8, 1))
    data = _pixels(file, header, syntax, page, pages)
    if data.shape[:2] != (header.Rows, header.Columns):
        raise file.damaged(kind.title)
    notices = _notices(file, header)
    meta = _meta(header) | {"compression": _NAMES[syntax]}
    if model == "PALETTE COLOR":
        painted = pydicom.pixels.apply_color_lut(data, header)
        return Decoded(painted, Encoding.SRGB, pages=pages, meta=meta, notices=notices)
    if data.dtype.kind == "f":
        return Decoded(data, Encoding.UNKNOWN, pages=pages, meta=meta, notices=notices)
    signed = bool(header.PixelRepresentation)
    data = _only_stored(data, stored, allocated, signed=signed)
    top = (1 << (stored - signed)) - 1
    if model == "MONOCHROME1":
        data = (-1 if signed else data.dtype.type(top)) - data
    if stored == 1:
        data, top = data * np.uint8(255), 255
    if data.dtype == np.int8:
        data = data.astype(np.int16)
    encoding = Encoding.UNKNOWN if model in _GRAY else Encoding.SRGB
    return Decoded(
        data, encoding, peak=float(top), bits=stored, pages=pages, meta=meta, notices=notices
    )


def _check_inflated(file: PictureFile, kind: Kind) -> None:
    """Refuse a deflated file that grows beyond the limits, before pydicom inflates it whole."""
    if f"{_ROOT}{_DEFLATED}".encode() not in file.head[:1024]:
        return
    at = _GROUP_LENGTH + 4 + int.from_bytes(file.head[_GROUP_LENGTH : _GROUP_LENGTH + 4], "little")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    rest, total = b"", 0
    while not inflater.eof:
        chunk = rest or file.read_at(at, _CHUNK)
        at += 0 if rest else len(chunk)
        if not chunk:
            raise file.damaged(kind.title)
        total += len(inflater.decompress(chunk, 1 << 20))
        rest = inflater.unconsumed_tail
        if total > file.limits.bytes:
            raise TooLargeError(
                f"The file {file.name} grows beyond {file.limits.bytes / 1e9:g} GB when it is "
                "unpacked; allow more, or get it uncompressed.",
                total,
            )


def _pixels(file: PictureFile, header: Any, syntax: str, page: int, pages: int) -> Pixels:
    """Return the values of a frame: (H, W) or RGB."""
    import pydicom  # noqa: PLC0415 - an optional extra

    file.handle.seek(0)
    if syntax in _PLAIN:
        index = page if pages > 1 else 0
        source = pydicom.dcmread(file.handle) if syntax == _DEFLATED else file.handle
        data: Pixels = pydicom.pixels.pixel_array(source, index=index)
        return data
    whole = pydicom.dcmread(file.handle)
    frame = pydicom.encaps.get_frame(whole.PixelData, page, number_of_frames=pages)
    return np.asarray(_decode(frame, syntax, str(header.PhotometricInterpretation)))


def _decode(frame: bytes, syntax: str, model: str) -> Any:
    import imagecodecs  # noqa: PLC0415 - few files need it

    if syntax in _JPEG:
        # Without a marker that says otherwise libjpeg takes three channels for YCbCr.
        space = "RGB" if model == "RGB" and not _says_model(frame) else None
        return imagecodecs.jpeg8_decode(
            frame, colorspace=space, outcolorspace=None if model in _GRAY else "RGB"
        )
    if syntax in _LOSSLESS_JPEG:
        return imagecodecs.jpegsof3_decode(frame)
    if syntax in _JPEG_LS:
        return imagecodecs.jpegls_decode(frame)
    if syntax in _JPEG_2000:
        return imagecodecs.jpeg2k_decode(frame)
    return imagecodecs.jpegxl_decode(frame)


def _says_model(frame: bytes) -> bool:
    """Whether a JPEG has a marker from which libjpeg knows its colours: JFIF's or Adobe's."""
    adobe = frame.find(b"Adobe", 0, 1024)
    whole = adobe >= 2 and int.from_bytes(frame[adobe - 2 : adobe], "big") >= _ADOBE
    return whole or b"JFIF" in frame[:1024]


def _only_stored(data: Pixels, stored: int, allocated: int, *, signed: bool) -> Pixels:
    """Return the lowest `stored` bits, with their sign: others may hold overlays (PS3.5, 8.1)."""
    size = {1: 1, 8: 1, 16: 2, 32: 4}[allocated]
    if not 1 <= stored <= 8 * size:
        raise ValueError(stored)
    wanted = np.dtype(f"{'i' if signed else 'u'}{size}")
    spare = 8 * size - stored
    if data.dtype == wanted and not spare:
        return data
    wide = data.astype(np.dtype(f"{data.dtype.kind}{size}"), copy=False).view(wanted)
    return (wide << spare) >> spare


def _notices(file: PictureFile, header: Any) -> list[Notice]:
    slope = float(header.get("RescaleSlope") or 1)
    offset = float(header.get("RescaleIntercept") or 0)
    if (slope, offset) == (1.0, 0.0):
        return []
    times = "" if slope == 1.0 else f"{slope:g} times "
    plus = f" {'plus' if offset > 0 else 'minus'} {abs(offset):g}" if offset else ""
    text = f"The stored values of {file.name} are compared; its units are {times}these{plus}."
    return [Notice("rescale", text)]


def _meta(header: Any) -> dict[str, str]:
    """Return what says nothing of a person: kind of examination, device and exposure."""
    milliseconds = exif.number(float(header.get("ExposureTime") or 0))
    found = {
        "description": str(header.get("Modality") or ""),
        "camera_make": str(header.get("Manufacturer") or ""),
        "camera": str(header.get("ManufacturerModelName") or ""),
        "exposure_time": exif.exposure(milliseconds / 1000),
    }
    return {name: text for name, text in found.items() if text}
