"""JPEG 2000, by imagecodecs (OpenJPEG); its boxes say the rest (ISO/IEC 15444-1:2019, Annex I)."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from core.io.decoded import Decoded, check_page, check_size
from core.io.iso_boxes import top_boxes
from core.types import Alpha, Encoding, Pixels

if TYPE_CHECKING:
    from core.io.address import Part
    from core.io.files import PictureFile
    from core.io.kinds import Kind

_BARE: Final = b"\xff\x4f\xff\x51"
_SIZ_BYTES: Final = 38 + 3 * 16384
_HEADER_BYTES: Final = 16 << 20
_MOST_BOXES: Final = 1000
_SYCC: Final = 18
_MOST_THREADS: Final = 8
_OPACITY: Final = {1: Alpha.STRAIGHT, 2: Alpha.PREMULTIPLIED}


class _Size(NamedTuple):
    """The SIZ marker (A.5.1): size, and depth, sign and sampling of each component."""

    width: int
    height: int
    bits: tuple[int, ...]
    signed: bool
    even: bool


class _Colour(NamedTuple):
    """What the header box says: an ICC profile, a colour space, a palette, what is opacity."""

    icc: bytes = b""
    space: int = 0
    palette: bool = False
    alpha: Alpha | None = None


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Decode a JPEG 2000 file or bare codestream, of 1 to 16 bits with or without sign.

    Values come out as stored. A second or fourth channel is alpha unless the file says otherwise.

    Raises
    ------
    ReadError
        Damaged, incomplete, or too large.
    """
    check_page(file, part.page, 1)
    start, colour = _boxes(file)
    size = _size(file, start)
    if size is None:
        raise file.damaged(kind.title)
    check_size(file, size.width, size.height, len(size.bits), (max(size.bits) + 7) // 8)
    if not size.even or colour.space == _SYCC or colour.palette:
        return _read_odd(file, kind, part)
    data = _decode(file, kind)
    bits = max(size.bits)
    if data.dtype == np.int8:
        data = data.astype(np.int16)
    decoded = Decoded(
        data, Encoding.UNKNOWN if size.signed else Encoding.SRGB, icc=colour.icc, bits=bits,
        peak=float((1 << (bits - size.signed)) - 1),
    )  # fmt: skip
    if data.ndim == 3 and data.shape[2] in {2, 4}:
        decoded.alpha = Alpha.STRAIGHT if colour.alpha is None else colour.alpha
    return decoded


def _read_odd(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Decode what needs its channels brought together: subsampling, sYCC, a palette."""
    from core.io import oiio  # noqa: PLC0415 - loads OpenImageIO, which few files need

    return oiio.read(file, kind, part)


def _decode(file: PictureFile, kind: Kind) -> Pixels:
    import imagecodecs  # noqa: PLC0415 - slow to load

    threads = min(os.cpu_count() or 1, _MOST_THREADS)
    try:
        data: Pixels = imagecodecs.jpeg2k_decode(
            file.read_at(0, file.size), planar=False, numthreads=threads
        )
    except (imagecodecs.DelayedImportError, RuntimeError, ValueError) as error:
        raise file.damaged(kind.title) from error
    return data


def _size(file: PictureFile, start: int) -> _Size | None:
    data = file.read_at(start, _SIZ_BYTES)

    def number(at: int, size: int = 4) -> int:
        return int.from_bytes(data[at : at + size], "big")

    count = number(40, 2)
    parts = [data[42 + 3 * i : 45 + 3 * i] for i in range(count)]
    if data[:4] != _BARE or not parts or len(parts[-1]) < 3:
        return None
    width, height = number(8) - number(16), number(12) - number(20)
    depths = tuple((p[0] & 127) + 1 for p in parts)
    alike = len({bytes(p) for p in parts}) == 1
    return _Size(
        width, height, depths, bool(parts[0][0] & 128),
        alike and parts[0][1:] == b"\1\1" and max(depths) <= 16,
    )  # fmt: skip


def _boxes(file: PictureFile) -> tuple[int, _Colour]:
    """Return where the codestream begins, and what the header box before it says."""
    colour = _Colour()
    most = 0 if file.head.startswith(_BARE) else _MOST_BOXES
    for name, start, size in top_boxes(file, most):
        if name == b"jp2c":
            return start, colour
        if name == b"jp2h":
            colour = _colour(file.read_at(start, min(size, _HEADER_BYTES)))
    return 0, colour


def _colour(boxes: bytes) -> _Colour:
    found = _Colour()
    at = 0
    while at + 8 <= len(boxes):
        size, name = int.from_bytes(boxes[at : at + 4], "big"), boxes[at + 4 : at + 8]
        body = boxes[at + 8 : at + size] if size else boxes[at + 8 :]
        if name == b"colr" and body[:1] == b"\1":
            found = found._replace(space=int.from_bytes(body[3:7], "big"))
        elif name == b"colr" and body[:1] in {b"\2", b"\3"} and not found.icc:
            found = found._replace(icc=body[3:])
        elif name == b"pclr":
            found = found._replace(palette=True)
        elif name == b"cdef":
            kinds = [int.from_bytes(body[i : i + 2], "big") for i in range(4, len(body), 6)]
            opaque = [_OPACITY[k] for k in kinds if k in _OPACITY]
            found = found._replace(alpha=opaque[0] if opaque else Alpha.NONE)
        if size < 8:
            break
        at += size
    return found
