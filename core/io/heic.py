"""HEIC (ISO/IEC 23008-12 with HEVC), by pillow-heif, which is an extra: its decoder is large."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.io import exif
from core.io.decoded import Decoded, check_page, check_size
from core.types import Alpha, Encoding

if TYPE_CHECKING:
    from core.io.address import Part
    from core.io.files import PictureFile
    from core.io.kinds import Kind

_SUBSAMPLING: Final = {420: "4:2:0", 422: "4:2:2", 444: "4:4:4"}
# What libheif's Python side raises for files that make no sense.
_FAILURES: Final = (RuntimeError, ValueError, EOFError, SyntaxError, OSError, IndexError, KeyError)


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Decode a picture of a HEIC file; the primary one is the first page.

    10 and 12 bits come out as stored. The file's own turns and mirrorings are applied.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, without such a picture, or pillow-heif is missing.
    """
    try:
        import pillow_heif  # noqa: PLC0415 - an extra, and slow to load
    except ImportError as error:
        raise file.unsupported(
            kind.title,
            "needs a decoder that is not installed",
            'run pip install "pairlens[heic]" and open it again',
        ) from error
    try:
        source = pillow_heif.open_heif(
            io.BytesIO(file.read_at(0, file.size)), convert_hdr_to_8bit=False
        )
        pictures = [*source]
        primary = source.primary_index
    except _FAILURES as error:
        raise file.damaged(kind.title) from error
    check_page(file, part.page, len(pictures))
    pictures.insert(0, pictures.pop(primary))
    picture = pictures[part.page]
    width, height = picture.size
    bits = int(picture.info.get("bit_depth") or 8)
    check_size(file, width, height, 4, 2 if bits > 8 else 1)
    try:
        data = np.array(picture)
    except _FAILURES as error:
        raise file.damaged(kind.title) from error
    return _decoded(picture, data, bits, len(pictures))


def _decoded(picture: Any, data: np.ndarray[Any, Any], bits: int, pages: int) -> Decoded:
    meta = exif.described(picture.info.get("exif") or b"")
    meta["compression"] = "HEVC"
    chroma = _SUBSAMPLING.get(picture.info.get("chroma", 0))
    if chroma and data.ndim == 3:
        meta["subsampling"] = chroma
    alpha = Alpha.NONE
    if data.ndim == 3 and data.shape[2] in {2, 4}:
        alpha = Alpha.PREMULTIPLIED if "a" in picture.mode.split(";")[0] else Alpha.STRAIGHT
    decoded = Decoded(
        data, Encoding.SRGB, alpha, pages=pages, meta=meta,
        icc=picture.info.get("icc_profile") or b"",
    )  # fmt: skip
    if data.dtype == np.uint16:  # the bits lie at the top of 16
        decoded.data = data >> (16 - bits)
        decoded.bits, decoded.peak = bits, float((1 << bits) - 1)
    return decoded
