"""JPEG: 8 bits a sample by libvips, the rarer processes by imagecodecs; several pictures in one.

Markers and their fields are those of ITU-T T.81, Annex B; the index of several pictures is that of
CIPA DC-007, section 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from core.errors import ReadError
from core.io.decoded import Decoded, check_page, check_size
from core.types import Encoding, Notice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from core.io.address import Part
    from core.io.files import PictureFile
    from core.io.kinds import Kind

_SOS: Final = 0xDA
_END: Final = b"\xff\xd9"
_APP1: Final = 0xE1
_APP2: Final = 0xE2
_NO_LENGTH: Final = (0x01, *range(0xD0, 0xD9))
_LS: Final = 0xF7  # JPEG-LS, ITU-T T.87
_FRAMES: Final = {
    0xC0: "baseline", 0xC1: "extended", 0xC2: "progressive", 0xC3: "lossless",
    0xC9: "arithmetic", 0xCA: "arithmetic, progressive", 0xCB: "arithmetic, lossless",
    _LS: "JPEG-LS",
}  # fmt: skip
_LOSSLESS: Final = (0xC3, 0xCB, _LS)
_SUBSAMPLING: Final = {
    (1, 1): "4:4:4", (2, 1): "4:2:2", (2, 2): "4:2:0", (1, 2): "4:4:0", (4, 1): "4:1:1",
    (4, 2): "4:1:0",
}  # fmt: skip
_MP_ENTRIES: Final = 0xB002
_THUMBNAIL: Final = 0x01
_MOST_SEGMENTS: Final = 10_000


class _Frame(NamedTuple):
    """A frame header: process, bits a sample, size, and the sampling of each component."""

    process: int
    bits: int
    height: int
    width: int
    sampling: tuple[tuple[int, int], ...]


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Decode a picture of a JPEG file, at 2 to 16 bits a sample.

    What follows the picture (a film of the moment before it) is passed over. CMYK and YCCK become
    sRGB by the embedded profile, else by a general one for print; a notice says so.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, without such a picture, or of a process nobody reads.
    """
    places = _pictures(file)
    check_page(file, part.page, len(places))
    at, size = places[part.page]
    data = file.read_at(at, size) if part.page else None
    frame = _frame(file, at)
    if frame and (frame.bits != 8 or frame.process in _LOSSLESS):
        decoded = _read_rare(file, kind, frame, data)
    else:
        decoded = _read_everyday(file, kind, data)
    decoded.pages = len(places)
    if frame:
        decoded.meta |= _coding(frame)
    return decoded


def _read_everyday(file: PictureFile, kind: Kind, data: bytes | None) -> Decoded:
    from core.io import vips  # noqa: PLC0415 - the rare kinds do not need it

    notices = []
    # Stray bytes are a warning to libjpeg, and so are rows that are missing.
    try:
        image = vips.load(file, kind, "jpegload", 0, "warning", data)
        decoded = vips.decode(file, kind, image, "jpegload", 0)
    except ReadError as error:
        if "premature end" in str(error.__cause__):  # rows are missing, not wrong
            raise
        image = vips.load(file, kind, "jpegload", 0, "error", data)
        decoded = vips.decode(file, kind, image, "jpegload", 0)
        text = f"The JPEG data of {file.name} has errors: parts of the picture may be wrong."
        notices.append(Notice("damaged", text, "warning"))
    decoded.notices = (*decoded.notices, *notices)
    return decoded


def _read_rare(file: PictureFile, kind: Kind, frame: _Frame, data: bytes | None) -> Decoded:
    """Decode more than 8 bits, or without loss: film scans, medicine, raw data."""
    import imagecodecs  # noqa: PLC0415 - few files need it

    from core.io import exif  # noqa: PLC0415 - as above

    check_size(file, frame.width, frame.height, len(frame.sampling), 2)
    data = file.read_at(0, file.size) if data is None else data
    scan = next((at for marker, at, _ in _segments(file) if marker == _SOS), file.size)
    if data.find(_END, scan) < 0:  # missing rows are gray to the decoder, and no error
        raise file.damaged(kind.title)
    decode = imagecodecs.jpegls_decode if frame.process == _LS else imagecodecs.jpeg8_decode
    try:
        pixels = decode(data)
    except (imagecodecs.DelayedImportError, RuntimeError, ValueError) as error:
        raise file.damaged(kind.title) from error
    if pixels.ndim == 3 and pixels.shape[2] not in {1, 3}:
        raise file.unsupported(
            kind.title, "holds CMYK at more than 8 bits", "save it as RGB and open that"
        )
    tags = exif.read(_segment(file, _APP1, b"Exif\0\0"))
    orientation = tags.get(exif.ORIENTATION, 1)
    return Decoded(
        np.ascontiguousarray(pixels), Encoding.SRGB, bits=frame.bits,
        peak=float((1 << frame.bits) - 1), meta=exif.describe(tags), icc=_profile(file),
        orientation=orientation if isinstance(orientation, int) else 1,
    )  # fmt: skip


def _segments(file: PictureFile, start: int = 0) -> Iterator[tuple[int, int, int]]:
    """Yield marker, place and length of each segment's content up to the first scan."""
    at = start + 2
    for _ in range(_MOST_SEGMENTS):
        head = file.read_at(at, 4)
        if len(head) < 4 or head[0] != 0xFF:
            return
        if head[1] == 0xFF:  # a fill byte
            at += 1
        elif head[1] in _NO_LENGTH:
            at += 2
        else:
            length = int.from_bytes(head[2:4], "big")
            yield head[1], at + 4, max(length - 2, 0)
            if head[1] == _SOS:
                return
            at += 2 + length


def _segment(file: PictureFile, marker: int, start: bytes) -> bytes:
    """Return what the first such segment holds after its name; empty when there is none."""
    for found, at, size in _segments(file):
        if found == marker and file.read_at(at, len(start)) == start:
            return file.read_at(at + len(start), size - len(start))
    return b""


def _profile(file: PictureFile) -> bytes:
    """Return the ICC profile, put together from its numbered parts (ICC.1:2022, B.4)."""
    name = b"ICC_PROFILE\0"
    parts = {}
    for marker, at, size in _segments(file):
        body = file.read_at(at, size) if marker == _APP2 else b""
        if body.startswith(name) and len(body) > len(name) + 2:
            parts[body[len(name)]] = body[len(name) + 2 :]
    return b"".join(parts[number] for number in sorted(parts))


def _frame(file: PictureFile, start: int) -> _Frame | None:
    for marker, at, size in _segments(file, start):
        if marker in _FRAMES and size >= 6:
            head = file.read_at(at, size)
            if len(head) < size:
                return None
            count = min(head[5], (size - 6) // 3)
            pairs = tuple((head[7 + 3 * i] >> 4, head[7 + 3 * i] & 15) for i in range(count))
            height, width = (int.from_bytes(head[i : i + 2], "big") for i in (1, 3))
            return _Frame(marker, head[0], height, width, pairs)
    return None


def _coding(frame: _Frame) -> dict[str, str]:
    meta = {"compression": _FRAMES[frame.process]}
    if len(frame.sampling) >= 3 and frame.process not in _LOSSLESS:
        (h, v), *others = frame.sampling[:3]
        if others[0] == others[1] and all(others[0]):
            meta["subsampling"] = _SUBSAMPLING.get((h // others[0][0], v // others[0][1]), "")
    return {name: text for name, text in meta.items() if text}


def _pictures(file: PictureFile) -> list[tuple[int, int]]:
    """Return place and size of each full-size picture; one, unless an index lists more."""
    first = (0, file.size)
    for marker, at, size in _segments(file):
        if marker == _APP2 and file.read_at(at, 4) == b"MPF\0":
            base = at + 4
            index = file.read_at(base, size - 4)
            rest = [p for p in _index(index, base)[1:] if _is_jpeg(file, *p)]
            return [first, *rest]
    return [first]


def _index(index: bytes, base: int) -> list[tuple[int, int]]:
    """Return the places that an index names; thumbnails are left out."""
    order: Literal["little", "big"] = "little" if index[:2] == b"II" else "big"

    def number(at: int, size: int = 4) -> int:
        return int.from_bytes(index[at : at + size], order)

    start = number(4)
    for i in range(min(number(start, 2), 100)):
        entry = start + 2 + 12 * i
        if number(entry, 2) == _MP_ENTRIES:
            table, count = number(entry + 8), min(number(entry + 4) // 16, 1000)
            rows = range(table, table + 16 * count, 16)
            kept = [r for r in rows if number(r) >> 16 & 0xFF != _THUMBNAIL and number(r + 4)]
            return [(base + number(r + 8), number(r + 4)) for r in kept]
    return []


def _is_jpeg(file: PictureFile, at: int, size: int) -> bool:
    return at + size <= file.size and file.read_at(at, 3) == b"\xff\xd8\xff"
