"""FITS, the format of astronomy: 80-character cards, then big-endian values (FITS Standard 4.0)."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from core.io.decoded import Decoded, check_page, check_size
from core.types import Encoding, Notice, Pixels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.io.address import Part
    from core.io.files import PictureFile
    from core.io.kinds import Kind

_BLOCK: Final = 2880
_CARD: Final = 80
_MOST_BLOCKS: Final = 1000  # of one header
_MOST_UNITS: Final = 1000
_MOST_AXES: Final = 999
_DTYPES: Final = {8: ">u1", 16: ">i2", 32: ">i4", 64: ">i8", -32: ">f4", -64: ">f8"}
_UNSIGNED: Final = {8: -128.0, 16: 2.0**15, 32: 2.0**31}  # BZERO, section 5.3
_RGB: Final = 3
_VALUE: Final = re.compile(r"^([A-Z0-9_-]{1,8}) *= *(?:'((?:[^']|'')*)'|([^/]*))")
_META: Final = {"INSTRUME": "camera", "DATE-OBS": "taken", "CREATOR": "software",
                "OBSERVER": "artist", "OBJECT": "description"}  # fmt: skip


class Plane(NamedTuple):
    """One picture of a file.

    Attributes
    ----------
    header
        The cards of its unit.
    start
        Where its values start in the file.
    shape
        (H, W), or (3, H, W) of colour planes.
    """

    header: Mapping[str, str]
    start: int
    shape: tuple[int, ...]


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Decode a picture of a FITS file; rows, which the file counts from below, from the top.

    Pages are the units that hold pictures, and the planes of their third axis and further ones;
    three planes are red, green and blue. Integers come out as stored, unsigned ones by the
    standard's BZERO; other BZERO and BSCALE are applied, in float64 for 32 bits, else float32.
    Values equal to BLANK are then NaN.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, without a picture or such a page.
    """
    planes = _planes(file, kind)
    if not planes:
        raise file.unsupported(
            kind.title, "holds tables or packed pictures only", "save a picture as an IMAGE unit"
        )
    check_page(file, part.page, len(planes))
    header, start, shape = planes[part.page]
    dtype = np.dtype(_DTYPES[int(header["BITPIX"])])
    channels = shape[0] if len(shape) == 3 else 1
    check_size(file, shape[-1], shape[-2], channels, dtype.itemsize)
    size = math.prod(shape) * dtype.itemsize
    raw = file.read_at(start, size)
    if len(raw) != size:
        raise file.damaged(kind.title)
    try:
        values, notices = _scaled(file, header, np.frombuffer(raw, dtype).reshape(shape))
    except ValueError as error:
        raise file.damaged(kind.title) from error
    if values.dtype.itemsize == 8 and values.dtype.kind == "i":
        raise file.unsupported(
            kind.title, "holds 64-bit integers", "save it as 64-bit float and open that"
        )
    data = values[..., ::-1, :]
    if data.ndim == 3:
        data = np.moveaxis(data, 0, 2)
    signed_byte = data.dtype == np.int8
    data = data.astype(np.int16 if signed_byte else data.dtype)
    meta = {name: header[key].strip() for key, name in _META.items() if header.get(key)}
    if "taken" in meta:
        meta["taken"] = meta["taken"].replace("T", " ")
    return Decoded(
        np.ascontiguousarray(data),
        Encoding.UNKNOWN,
        peak=127.0 if signed_byte else None,
        bits=8 if signed_byte else None,
        pages=len(planes),
        meta=meta | {"compression": "none"},
        notices=notices,
    )


def _planes(file: PictureFile, kind: Kind) -> list[Plane]:
    found: list[Plane] = []
    at = 0
    for _ in range(_MOST_UNITS):
        if at >= file.size:
            break
        header, start = _header(file, kind, at)
        if not {"SIMPLE", "XTENSION"} & set(header):
            break  # what follows the last unit has no meaning (section 3.5)
        try:
            bits = int(header["BITPIX"])
            axes = [int(header[f"NAXIS{i + 1}"]) for i in range(int(header["NAXIS"]))]
            more, groups = int(header.get("PCOUNT", 0)), int(header.get("GCOUNT", 1))
        except (KeyError, ValueError) as error:
            raise file.damaged(kind.title) from error
        if bits not in _DTYPES or len(axes) > _MOST_AXES or min([more, groups, *axes]) < 0:
            raise file.damaged(kind.title)
        count: int = math.prod(axes) if axes else 0
        size = abs(bits) // 8 * groups * (more + count) if axes else 0
        is_image = header.get("XTENSION", "IMAGE").strip() == "IMAGE"
        if is_image and len(axes) >= 2 and count:
            found += _cut(header, start, bits, axes)
        at = start + -(-size // _BLOCK) * _BLOCK
    return found


def _cut(header: Mapping[str, str], start: int, bits: int, axes: list[int]) -> list[Plane]:
    width, height, *further = axes
    if further and further[0] == _RGB and math.prod(further) == _RGB:
        return [Plane(header, start, (_RGB, height, width))]
    size = width * height * abs(bits) // 8
    count = min(math.prod(further), 1 << 20)
    return [Plane(header, start + i * size, (height, width)) for i in range(count)]


def _header(file: PictureFile, kind: Kind, at: int) -> tuple[dict[str, str], int]:
    """Return the values of a unit's cards and where its data start (section 4)."""
    cards: dict[str, str] = {}
    for _ in range(_MOST_BLOCKS):
        block = file.read_at(at, _BLOCK).decode("latin-1")
        at += _BLOCK
        for i in range(0, len(block), _CARD):
            card = block[i : i + _CARD]
            if card[:8].rstrip() == "END":
                return cards, at
            match = _VALUE.match(card)
            if match and match[1] not in cards:
                cards[match[1]] = (match[2] if match[2] is not None else match[3]).strip()
        if len(block) < _BLOCK:
            break
    if cards.keys() & {"SIMPLE", "XTENSION"}:
        raise file.damaged(kind.title)
    return cards, at


def _number(text: str) -> float:
    return float(text.replace("D", "E"))  # Fortran's exponent


def _scaled(
    file: PictureFile, header: Mapping[str, str], raw: Pixels
) -> tuple[Pixels, list[Notice]]:
    """Apply BZERO and BSCALE (section 4.4.2.5)."""
    zero, scale = _number(header.get("BZERO", "0")), _number(header.get("BSCALE", "1"))
    native = raw.astype(raw.dtype.newbyteorder("="))
    bits = raw.dtype.itemsize * 8
    is_integer = raw.dtype.kind in "iu"
    if (zero, scale) == (0.0, 1.0):
        return native, []
    if is_integer and scale == 1.0 and zero == _UNSIGNED.get(bits):
        other = np.dtype(f"{'i' if bits == 8 else 'u'}{bits // 8}")
        top = other.type(1 << (bits - 1)) if bits > 8 else np.uint8(128)
        return (native.view(other) ^ top if bits > 8 else (native ^ top).view(other)), []
    if not (math.isfinite(zero) and math.isfinite(scale)):
        raise ValueError(zero, scale)
    wide = np.float64 if (bits >= 32 and raw.dtype.kind == "i") or bits == 64 else np.float32
    values = (native.astype(np.float64) * scale + zero).astype(wide)
    if is_integer and "BLANK" in header:
        values[native == int(header["BLANK"])] = np.nan
    text = f"The values of {file.name} were multiplied by {scale:g} and {zero:g} was added."
    return values, [Notice("rescale", text)]
