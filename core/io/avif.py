"""AVIF (AV1 Image File Format 1.1): pixels by imagecodecs, what the file says by libvips.

libavif decodes several times faster than libheif, which libvips uses; but only the latter knows
files of several pictures, and turns and crops the picture as the file asks for.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from core.io import vips
from core.io.decoded import Decoded, check_page, check_size
from core.types import Alpha, Pixels

if TYPE_CHECKING:
    from core.io.address import Part
    from core.io.files import PictureFile
    from core.io.kinds import Kind

_LOADER: Final = "heifload"
_TURNS: Final = (b"irot", b"imir", b"clap")
_MOST_THREADS: Final = 8
_MOST_BOXES: Final = 1000
_MOST_BYTES: Final = 64 << 20
_MOST_FRAMES: Final = 1 << 20
_SUBSAMPLING: Final = {0: "4:4:4", 2: "4:2:2", 3: "4:2:0"}


class _Coding(NamedTuple):
    """What the AV1 configurations of a file say: no colour in any of them, and subsampling."""

    gray: bool
    subsampling: str


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded:
    """Decode a picture of an AVIF file, or a frame of a sequence.

    10 and 12 bits come out as stored. The file's own turns and mirrorings are applied. Pictures
    without colour come out gray.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, or without such a picture.
    """
    frames = _frames(file)
    meta = _box(file, b"meta")
    image = vips.load(file, kind, _LOADER, 0 if frames > 1 else part.page)
    bits = vips.integer(image, "bits-per-sample")
    decoded = vips.header(image, _LOADER)
    if frames > 1:
        check_page(file, part.page, frames)
        check_size(file, image.width, image.height, 4 * frames, 2 if bits > 8 else 1)
        decoded.data = _pixels(file, kind)[part.page]
        decoded.pages = frames
    elif decoded.pages == 1 and not any(name in meta for name in _TURNS):
        decoded.data = _pixels(file, kind)
    else:
        decoded = vips.decode(file, kind, image, _LOADER, part.page)
        if 8 < bits < 16:  # libvips moves the bits to the top of 16
            decoded.data = decoded.data >> (16 - bits)
    decoded.data = np.ascontiguousarray(decoded.data)
    decoded.orientation = 1  # applied already; what Exif says of it is a copy
    coding = _coding(meta)
    data = decoded.data
    if coding.gray and data.ndim == 3 and data.shape[2] >= 3:
        kept = data[:, :, 0] if data.shape[2] == 3 else data[:, :, [0, 3]]
        decoded.data = np.ascontiguousarray(kept)
    if decoded.data.ndim == 3 and decoded.data.shape[2] in {2, 4}:
        decoded.alpha = Alpha.STRAIGHT
    if 8 < bits < 16:
        decoded.bits, decoded.peak = bits, float((1 << bits) - 1)
    decoded.meta["compression"] = "AV1"
    if coding.subsampling:
        decoded.meta["subsampling"] = coding.subsampling
    return decoded


def _pixels(file: PictureFile, kind: Kind) -> Pixels:
    """Return the pixels, or all frames of a sequence at once: asked for one, it crashes."""
    import imagecodecs  # noqa: PLC0415 - slow to load

    threads = min(os.cpu_count() or 1, _MOST_THREADS)
    try:
        data: Pixels = imagecodecs.avif_decode(file.read_at(0, file.size), numthreads=threads)
    except (imagecodecs.DelayedImportError, RuntimeError, ValueError) as error:
        raise file.damaged(kind.title) from error
    return data


def _frames(file: PictureFile) -> int:
    """Return how many frames a sequence has: the samples of its first track; 0 for a still."""
    size = min(int.from_bytes(file.head[:4], "big"), 256)
    if b"avis" not in file.head[8:size]:
        return 0
    moov = _box(file, b"moov")
    place = moov.find(b"stsz")
    count = int.from_bytes(moov[place + 12 : place + 16], "big") if place > 0 else 0
    return min(count, _MOST_FRAMES)


def _box(file: PictureFile, name: bytes) -> bytes:
    """Return the first box of a name at the top of the file (ISO/IEC 14496-12, 4.2)."""
    at = 0
    for _ in range(_MOST_BOXES):
        head = file.read_at(at, 16)
        size = int.from_bytes(head[:4], "big")
        size = int.from_bytes(head[8:16], "big") if size == 1 else size or file.size - at
        if len(head) < 8 or size < 8:
            break
        if head[4:8] == name:
            return file.read_at(at, min(size, _MOST_BYTES))
        at += size
    return b""


def _coding(boxes: bytes) -> _Coding:
    """Return what the av1C boxes (AV1-ISOBMFF 1.3, 2.3.3) say; alpha has one without colour."""
    found = []
    at = boxes.find(b"av1C")
    while at >= 0 and at + 7 <= len(boxes):
        found.append(boxes[at + 6])
        at = boxes.find(b"av1C", at + 4)
    colours = [flags >> 2 & 3 for flags in found if not flags & 16]
    return _Coding(bool(found) and not colours, _SUBSAMPLING.get(colours[0], "") if colours else "")
