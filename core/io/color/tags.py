"""What PNG chunks and EXIF tags say of colour. Whatever does not make sense is passed over."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

import numpy as np

from core.io.color.curves import SRGB_CURVE, Parametric
from core.io.color.spaces import (
    ADOBE_RGB,
    SRGB,
    Chromaticities,
    Space,
    from_chromaticities,
    same_chromaticities,
)  # fmt: skip

if TYPE_CHECKING:
    from typing import Literal

    from core.io.files import PictureFile

_MOST_CHUNKS: Final = 512
_MOST_MARKERS: Final = 64
_MOST_ENTRIES: Final = 512
_SRGB_GAMMA: Final = 45455
_GAMMA_ROOM: Final = 0.01
"""A gAMA this near to that of sRGB means sRGB itself: every encoder writes 45455 for it."""
EXIF_POINTER, INTEROP_POINTER = 34665, 40965
COLOR_SPACE, INTEROP_INDEX = 40961, 1
_EXIF_SRGB: Final = 1
_EXIF_ADOBE: Final = 2  # beside the standard, but written by cameras
ADOBE_GAMMA: Final = 563 / 256
"""Adobe RGB (1998) Color Image Encoding, version 2005-05, 4.3.4.2."""
_PNG_START: Final = 8
_WANTED: Final = (b"cICP", b"sRGB", b"gAMA", b"cHRM")


def srgb_space() -> Space:
    """Return sRGB itself."""
    return Space("sRGB", (SRGB_CURVE,), np.eye(3))


def adobe_rgb() -> Space:
    """Return Adobe RGB (1998), which EXIF names and does not describe."""
    curve = Parametric(ADOBE_GAMMA)
    return Space("Adobe RGB (1998)", (curve,), from_chromaticities(ADOBE_RGB))


def png_chunks(file: PictureFile) -> dict[bytes, bytes]:
    """Return the chunks about colour that stand before the pixels: PNG third edition, 11.3.2.

    Only their first 32 bytes, which is all that those have; iCCP is the decoder's affair.
    """
    found: dict[bytes, bytes] = {}
    at = _PNG_START
    for _ in range(_MOST_CHUNKS):
        start = _at(file, at, 40)
        name = start[4:8]
        if len(start) < 12 or name in {b"IDAT", b"IEND"}:
            break
        size = int.from_bytes(start[:4], "big")
        if name in _WANTED:
            found.setdefault(name, start[8 : 8 + min(size, 32)])
        at += size + 12
    return found


def gamma_space(chunks: dict[bytes, bytes]) -> Space | None:
    """Return what gAMA and cHRM say (PNG third edition, 11.3.2.1 and 11.3.2.2); None: nothing.

    A gamma within 1 % of 1/2.2 with the primaries of sRGB, or with none, is sRGB itself.
    Primaries without a gamma are taken with the curve of sRGB.

    Raises
    ------
    ValueError
        When the numbers make no sense.
    """
    gamma = 0
    if b"gAMA" in chunks:
        gamma = int.from_bytes(chunks[b"gAMA"][:4], "big")
        if not 0 < gamma < 1_000_000:
            raise ValueError("its gamma makes no sense")
    xy = _chromaticities(chunks.get(b"cHRM", b""))
    if not gamma and not xy:
        return None
    own = bool(xy) and not same_chromaticities(xy, SRGB)
    matrix = from_chromaticities(xy) if own else np.eye(3)
    curve = SRGB_CURVE
    title = "sRGB curve"
    if gamma and abs(gamma / _SRGB_GAMMA - 1.0) > _GAMMA_ROOM:
        curve = Parametric(100_000 / gamma)
        title = f"gamma {100_000 / gamma:.2f}".rstrip("0").rstrip(".")
    elif not own:
        return srgb_space()
    linear = abs(gamma / 100_000 - 1.0) < 1e-4
    title = "linear light" if linear else title
    return Space(f"{title}, own primaries" if own else title, (curve,), matrix, linear=linear)


def _chromaticities(chunk: bytes) -> Chromaticities:
    if len(chunk) < 32:
        return ()
    white_x, white_y, *primaries = (n / 100_000 for n in struct.unpack(">8I", chunk[:32]))
    return (*primaries, white_x, white_y)


def radiance_primaries(head: bytes) -> Chromaticities:
    """Return what the PRIMARIES line in the header of a Radiance picture says, or nothing.

    ("Radiance File Formats", G. Ward: red, green, blue and white; the last such line counts.)
    """
    found: Chromaticities = ()
    for line in head.split(b"\n\n", 1)[0].split(b"\n"):
        if line.startswith(b"PRIMARIES="):
            try:
                found = tuple(float(word) for word in line[10:].split())
            except ValueError:
                found = ()
    return found if len(found) == 8 else ()


def jpeg_exif(file: PictureFile) -> int:
    """Return where the TIFF structure of a JPEG's EXIF starts (CIPA DC-008, 4.7.2), or 0."""
    at = 2
    for _ in range(_MOST_MARKERS):
        start = _at(file, at, 10)
        if len(start) < 10 or start[0] != 0xFF or start[1] in {0xDA, 0xD9}:
            break
        if start[1] == 0xFF:  # padding
            at += 1
            continue
        if start[1] == 0xE1 and start[4:10] == b"Exif\0\0":
            return at + 10
        at += 2 + int.from_bytes(start[2:4], "big")
    return 0


def exif_space(file: PictureFile, base: int) -> Space | None:
    """Return the colour space that EXIF names, or None (CIPA DC-008, 4.6.6.3 and 4.6.3.3).

    Parameters
    ----------
    base
        Where its TIFF structure starts in the file; BigTIFF is passed over.
    """
    head = _at(file, base, 8)
    order: Literal["little", "big"] = "little" if head[:2] == b"II" else "big"
    if head[:4] not in {b"II*\0", b"MM\0*"}:
        return None
    first = _directory(file, base, int.from_bytes(head[4:8], order), order)
    exif = _directory(file, base, _number(first.get(EXIF_POINTER), order), order)
    code = _number(exif.get(COLOR_SPACE), order)
    if code == _EXIF_SRGB:
        return srgb_space()
    interop = _directory(file, base, _number(exif.get(INTEROP_POINTER), order), order)
    if code == _EXIF_ADOBE or interop.get(INTEROP_INDEX, b"")[4:7] == b"R03":
        return adobe_rgb()
    return None


def _directory(
    file: PictureFile, base: int, offset: int, order: Literal["little", "big"]
) -> dict[int, bytes]:
    """Return tag -> its type, padded to four bytes, and the four bytes of its value or offset."""
    if offset < 8:
        return {}
    count = min(int.from_bytes(_at(file, base + offset, 2), order), _MOST_ENTRIES)
    table = _at(file, base + offset + 2, 12 * count)
    rows = (table[at : at + 12] for at in range(0, len(table) - 11, 12))
    return {int.from_bytes(r[:2], order): r[2:4] + bytes(2) + r[8:12] for r in rows}


def _number(entry: bytes | None, order: Literal["little", "big"]) -> int:
    """Return a SHORT or LONG, 0 for anything else."""
    if entry is None:
        return 0
    size = {3: 2, 4: 4}.get(int.from_bytes(entry[:2], order), 0)
    return int.from_bytes(entry[4 : 4 + size], order)


def _at(file: PictureFile, offset: int, count: int) -> bytes:
    """Return bytes of the file, out of its head where they lie there."""
    if offset + count <= len(file.head):
        return file.head[offset : offset + count]
    return file.read_at(offset, count) if offset < file.size else b""
