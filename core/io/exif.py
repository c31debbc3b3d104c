"""What a camera wrote about a picture: Exif blocks (CIPA DC-008-2023), read without trust.

A block is a small TIFF file (TIFF 6.0). Whatever in it is cut off, points outside or makes no sense
is passed over: no Exif block keeps a picture from opening.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

ORIENTATION: Final = 0x0112
_EXIF_IFD: Final = 0x8769
_X_RESOLUTION: Final = 0x011A
_Y_RESOLUTION: Final = 0x011B
_RESOLUTION_UNIT: Final = 0x0128
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 8: 2, 9: 4, 10: 8, 129: 1}
_TEXT: Final = (2, 129)  # ASCII and, since Exif 3.0, UTF-8
_RATIONAL: Final = (5, 10)
_SIGNED: Final = (8, 9, 10)
_MOST_ENTRIES: Final = 500
_MOST_BYTES: Final = 4096
_MOST_TEXT: Final = 1000

_TEXTS: Final = {
    0x010E: "description", 0x010F: "camera_make", 0x0110: "camera", 0x0131: "software",
    0x013B: "artist", 0x8298: "copyright", 0xA434: "lens",
}  # fmt: skip
_NEVER: Final = ("", "0000-00-00 00:00:00")

Tags = dict[int, Any]
"""Number of a tag to text, to a number, or to (numerator, denominator)."""


def read(block: bytes) -> Tags:
    r"""Return what a block says, without the thumbnail's directory; never raises.

    Parameters
    ----------
    block
        From the byte order mark on; ``Exif\0\0`` may precede it, as in a JPEG marker segment.
    """
    at = block.find(b"Exif\0\0", 0, 16)
    block = block[at + 6 :] if at >= 0 else block
    order: Literal["little", "big"]
    if block[:4] == b"II*\0":
        order = "little"
    elif block[:4] == b"MM\0*":
        order = "big"
    else:
        return {}
    tags = _directory(block, int.from_bytes(block[4:8], order), order)
    inner = tags.get(_EXIF_IFD)
    if isinstance(inner, int):
        tags = _directory(block, inner, order) | tags
    return tags


def describe(tags: Tags) -> dict[str, str]:
    """Return what `read` found in the words of `ImageBuffer.meta`."""
    found = {name: tags[tag] for tag, name in _TEXTS.items() if isinstance(tags.get(tag), str)}
    found = {name: text.strip() for name, text in found.items()}
    found["exposure_time"] = exposure(tags.get(0x829A))
    found["aperture"] = _with_unit("f/{:.3g}", tags.get(0x829D))
    found["focal_length"] = _with_unit("{:.4g} mm", tags.get(0x920A))
    found["iso"] = str(tags[0x8827]) if isinstance(tags.get(0x8827), int) else ""
    found["taken"] = date(tags.get(0x9003) or tags.get(0x0132))
    found["dpi"] = _dpi(tags)
    return {name: text for name, text in found.items() if text not in _NEVER}


def described(block: bytes) -> dict[str, str]:
    """Return what a block says, in the words of `ImageBuffer.meta`."""
    return describe(read(block))


def exposure(value: Any) -> str:
    """Return an exposure time, a fraction or seconds, as people write it: ``"1/250 s"``."""
    seconds = number(value)
    if seconds <= 0:
        return ""
    if seconds < 0.3:
        return f"1/{1 / seconds:.0f} s"
    return f"{seconds:.3g} s"


def date(value: Any) -> str:
    """Return ``"2024-05-01 12:30:00"`` of Exif's ``"2024:05:01 12:30:00"``."""
    text = value.strip() if isinstance(value, str) else ""
    return re.sub(r"^(\d{4}):(\d\d):(\d\d)\b", r"\1-\2-\3", text)


def number(value: Any) -> float:
    """Return a number or a fraction as float; 0 where there is none or it is not finite."""
    if isinstance(value, tuple):
        top, bottom = value
        return top / bottom if bottom else 0.0
    if isinstance(value, int | float) and math.isfinite(value):
        return float(value)
    return 0.0


def dpi(across: float, down: float) -> str:
    """Return a resolution in pixels an inch: ``"300"``, or ``"300 × 150"``."""
    if not (0 < across < 1e6 and 0 < down < 1e6):
        return ""
    both = f"{round(across, 1):g}", f"{round(down, 1):g}"
    return both[0] if both[0] == both[1] else " × ".join(both)


def _dpi(tags: Mapping[int, Any]) -> str:
    inches = {2: 1.0, 3: 2.54}.get(tags.get(_RESOLUTION_UNIT, 2), 0.0)
    across = number(tags.get(_X_RESOLUTION))
    return dpi(inches * across, inches * (number(tags.get(_Y_RESOLUTION)) or across))


def _with_unit(form: str, value: Any) -> str:
    known = number(value)
    return form.format(known) if known > 0 else ""


def _directory(block: bytes, start: int, order: Literal["little", "big"]) -> Tags:
    tags: Tags = {}
    count = int.from_bytes(block[start : start + 2], order)
    for i in range(min(count, _MOST_ENTRIES)):
        entry = block[start + 2 + 12 * i : start + 14 + 12 * i]
        if len(entry) < 12:
            break
        kind = int.from_bytes(entry[2:4], order)
        size = _SIZES.get(kind, 0) * int.from_bytes(entry[4:8], order)
        if not 0 < size <= _MOST_BYTES:
            continue
        at = int.from_bytes(entry[8:12], order)
        data = entry[8 : 8 + size] if size <= 4 else block[at : at + size]
        if len(data) == size:
            tags[int.from_bytes(entry[:2], order)] = _value(data, kind, order)
    return tags


def _value(data: bytes, kind: int, order: Literal["little", "big"]) -> Any:
    """Return the text, or the first number: no tag that is asked for has more than one."""
    if kind in _TEXT:
        return data.split(b"\0")[0].decode("utf-8", "replace")[:_MOST_TEXT]
    signed = kind in _SIGNED
    if kind in _RATIONAL:
        top, bottom = (
            int.from_bytes(data[i : i + 4], order, signed=signed) for i in range(0, 8, 4)
        )
        return top, bottom
    return int.from_bytes(data[: _SIZES[kind]], order, signed=signed)
