"""TIFF codings, depths and colour models that libvips and OpenImageIO do not know.

tifffile finds the pieces and decodes them, with imagecodecs, on several threads.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import tifffile

from core.errors import ReadError
from core.io.decoded import Decoded, check_size
from core.types import Encoding, Notice, Pixels

if TYPE_CHECKING:
    from core.io.files import PictureFile
    from core.io.kinds import Kind

# What is wrong with a file reaches a person through ReadError only.
logging.getLogger("tifffile").setLevel(logging.CRITICAL + 1)

WHITE_IS_ZERO, PALETTE, SEPARATED, YCBCR, CIELAB, ICCLAB = 0, 3, 5, 6, 8, 9
_JPEG: Final = (6, 7, 34892, 33007)  # whose decoder gives RGB
_COLOURS: Final = {0, 1, 2, 3, 5, 6, 8, 9}
_CMYK: Final = 1
_INK_SET: Final = 332
_ICC: Final = 34675
_DTYPES: Final = ("u1", "u2", "u4", "i2", "i4", "f2", "f4", "f8")
_ADVICE: Final = "save it with LZW or Deflate compression and open that"


def read(file: PictureFile, kind: Kind, start: int) -> Decoded:
    """Decode the page whose directory starts at `start`.

    Samples come out as stored: those of 1, 2 and 4 bits spread over 0 to 255, of any other number
    of bits up to 32 in the next larger integer, with white at 2**bits - 1; 24-bit floats become
    32-bit ones. Palettes become RGB, CMYK and Lab are converted to sRGB with a notice. Strips and
    tiles that a sparse file leaves out are 0, with a notice.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, or of an unknown coding or colour model.
    """
    try:
        file.handle.seek(0)
        with tifffile.TiffFile(file.handle, name=file.path) as source:
            source.filehandle.seek(start)
            page = tifffile.TiffPage(source, 0)
            notices = _check(file, kind, page)
            data = page.asarray(maxworkers=min(os.cpu_count() or 1, 8))
            return _finish(file, kind, page, data, notices)
    except (ReadError, MemoryError):
        raise
    except NotImplementedError as error:
        raise file.unsupported(
            kind.title, "is coded in a way that cannot be read here", _ADVICE
        ) from error
    # Tags that lie and damaged pieces end in any exception of tifffile, numpy or a codec.
    except Exception as error:
        if "not supported" in str(error) or "requires the" in str(error):
            raise file.unsupported(
                kind.title, "is coded in a way that cannot be read here", _ADVICE
            ) from error
        raise file.damaged(kind.title) from error


def _check(file: PictureFile, kind: Kind, page: Any) -> list[Notice]:
    """Refuse what is no picture, does not fit, or lies outside the file."""
    raw_ycbcr = page.photometric == YCBCR and page.compression not in _JPEG
    if raw_ycbcr or page.photometric not in _COLOURS or page.tags.valueof(_INK_SET, _CMYK) != _CMYK:
        raise file.unsupported(
            kind.title, "has colours of an uncommon kind", "save it as RGB and open that"
        )
    if page.dtype is None or page.axes not in {"YX", "YXS", "SYX"}:
        raise file.damaged(kind.title)
    check_size(file, page.imagewidth, page.imagelength, page.samplesperpixel, page.dtype.itemsize)
    offsets, counts = page.dataoffsets, page.databytecounts
    if len(offsets) != len(counts) or any(
        offset + count > file.size for offset, count in zip(offsets, counts, strict=True)
    ):
        raise file.damaged(kind.title)
    if len(offsets) < int(np.prod(page.chunked)):
        raise file.damaged(kind.title)
    missing = sum(count == 0 for count in counts)
    if missing:
        text = f"{missing} of {len(counts)} pieces of {file.name} are left out and read as 0."
        return [Notice("sparse", text, "warning")]
    return []


def _finish(
    file: PictureFile, kind: Kind, page: Any, data: Pixels, notices: list[Notice]
) -> Decoded:
    data = np.moveaxis(data, 0, 2) if page.axes == "SYX" else data
    bits = page.bitspersample
    profile = bytes(page.tags.valueof(_ICC, b""))
    if page.photometric == PALETTE:
        return Decoded(_painted(page, data), Encoding.SRGB, icc=profile, notices=notices)
    if page.photometric in {CIELAB, ICCLAB}:
        return _from_lab(file, page, data, notices)
    if page.photometric == SEPARATED:
        return _from_cmyk(file, kind, data, profile, notices)
    data = np.ascontiguousarray(data)
    signed = data.dtype == np.int8
    if data.dtype == np.bool_ or bits in {2, 4}:
        data = data.astype(np.uint8) * np.uint8(255 // ((1 << bits) - 1))
        top = 255.0
    else:
        data = data.astype(np.int16) if signed else data
        top = float((1 << (bits - (data.dtype.kind == "i"))) - 1)
    if data.dtype.str[1:] not in _DTYPES:
        raise file.unsupported(
            kind.title, f"holds values of type {data.dtype}", "save it as 32-bit float"
        )
    if page.photometric == WHITE_IS_ZERO and data.dtype.kind == "u":
        data = data.dtype.type(top) - data
    everyday = data.dtype in (np.uint8, np.uint16)
    return Decoded(
        data,
        Encoding.SRGB if everyday else Encoding.UNKNOWN,
        peak=None if data.dtype.kind == "f" else top,
        bits=None if data.dtype.kind == "f" else bits,
        icc=profile,
        notices=notices,
    )


def _painted(page: Any, index: Pixels) -> Pixels:
    """Return RGB of a palette's 16-bit entries: 8 bits of them, unless there are more than 256.

    Some writers keep 8-bit values in them: none is then above 255 (as libtiff takes it).
    """
    table = np.ascontiguousarray(np.asarray(page.colormap, np.uint16).T)
    if len(table) <= 256:
        table = (table >> 8 if table.max() > 255 else table).astype(np.uint8)
    return table[index]


def _converted(file: PictureFile, name: str) -> Notice:
    return Notice("converted", f"The {name} colours of {file.name} were converted to sRGB.")


def _from_cmyk(
    file: PictureFile, kind: Kind, data: Pixels, profile: bytes, notices: list[Notice]
) -> Decoded:
    """Convert as those files are that libvips decodes by itself."""
    import pyvips  # noqa: PLC0415 - needed for few files

    from core.io import vips  # noqa: PLC0415 - as above

    if data.ndim != 3 or data.shape[2] not in {4, 5} or data.dtype not in (np.uint8, np.uint16):
        raise file.unsupported(
            kind.title, "has colours of an uncommon kind", "save it as RGB and open that"
        )
    image = _vips_image(data).copy(interpretation="cmyk")
    if profile:
        image = image.copy()
        image.set_type(pyvips.GValue.blob_type, "icc-profile-data", profile)
    decoded = vips.decode(file, kind, image, "tiffload", 0)
    decoded.notices = (*notices, *decoded.notices)
    return decoded


def _from_lab(file: PictureFile, page: Any, data: Pixels, notices: list[Notice]) -> Decoded:
    """Convert CIE L*a*b* under D50, as colour management takes it, to sRGB (relative intent).

    Photometric 8 keeps a* and b* as signed numbers (TIFF 6.0, section 23), 9 shifted by half their
    range as ICC profiles do (Adobe Photoshop TIFF Technical Notes, 2002).
    """
    wide = data.dtype.itemsize == 2
    if data.dtype.kind == "f":
        lab = data[..., :3].astype(np.float32)
    else:
        step = 256.0 if wide else 1.0
        lab = np.empty((*data.shape[:2], 3), np.float32)
        shifted = page.photometric == ICCLAB
        lab[..., 0] = data[..., 0] * (
            100 / (65280 if wide and shifted else 255 * (257 if wide else 1))
        )
        for i in (1, 2):
            half = data[..., i].astype(np.float32) / step
            lab[..., i] = half - 128 if shifted else np.where(half < 128, half, half - 256)
    image = _vips_image(lab).copy(interpretation="lab")
    depth = 8 if data.dtype == np.uint8 else 16
    rgb = image.icc_export(output_profile="srgb", pcs="lab", intent="relative", depth=depth)
    dtype = np.uint8 if depth == 8 else np.uint16
    pixels = np.frombuffer(rgb.write_to_memory(), dtype).reshape(lab.shape)
    if data.shape[2] > 3:
        pixels = np.dstack([pixels, data[..., 3:].astype(dtype)])
    return Decoded(pixels, Encoding.SRGB, notices=[*notices, _converted(file, "Lab")])


def _vips_image(data: Pixels) -> Any:
    import pyvips  # noqa: PLC0415 - as above

    form = {np.uint8: "uchar", np.uint16: "ushort", np.float32: "float"}[data.dtype.type]
    height, width, bands = data.shape
    whole = np.ascontiguousarray(data)
    return pyvips.Image.new_from_memory(whole.data, width, height, bands, form)
