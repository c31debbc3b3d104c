"""Animated PNG: each frame as the animation shows it (PNG third edition, 11.3.6 and 13.12).

A frame is made a PNG file of its own in memory and decoded like any other.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from core.io import png, vips
from core.io.decoded import check_page, check_size
from core.types import Alpha, Pixels

if TYPE_CHECKING:
    from core.io.address import Part
    from core.io.decoded import Decoded
    from core.io.files import PictureFile
    from core.io.kinds import Kind

_NONE, _BACKGROUND, _PREVIOUS = range(3)  # what is done with a frame's place after it was shown
_OVER: Final = 1
_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_OWN: Final = (b"acTL", b"fcTL", b"fdAT", b"IDAT", b"IEND", b"IHDR")
_STEP_BYTES: Final = 1 << 20


class _Frame(NamedTuple):
    """Where a frame lies on the canvas, what happens to it, and the chunks of its pixels."""

    row: int
    col: int
    height: int
    width: int
    dispose: int
    blend: int
    data: list[png.Chunk]

    def covers(self, height: int, width: int) -> bool:
        return (self.row, self.col, self.height, self.width) == (0, 0, height, width)


def read(file: PictureFile, kind: Kind, part: Part) -> Decoded | None:
    """Decode what an animation shows at one of its frames; None when it has no frame.

    A still picture that is not part of the animation counts as the first page.

    Raises
    ------
    ReadError
        Damaged, incomplete, too large, or without such a frame.
    """
    width, height = (int.from_bytes(file.head[i : i + 4], "big") for i in (16, 20))
    first, frames = _frames(file, height, width)
    if not frames:
        return None
    check_page(file, part.page, len(frames))
    check_size(file, width, height, 4, 2 if file.head[24] == 16 else 1)
    start = _start(frames, part.page, height, width)
    canvas: Pixels | None = None
    for index in range(start, part.page + 1):
        frame = frames[index]
        decoded = _decode(file, kind, first, frame)
        pixels = _with_alpha(decoded.data)
        if canvas is None:
            canvas = np.zeros((height, width, pixels.shape[2]), pixels.dtype)
        area = canvas[
            frame.row : frame.row + frame.height, frame.col : frame.col + frame.width
        ]  # a view
        before = area.copy()
        if frame.blend == _OVER:
            _lay_over(area, pixels)
        else:
            area[...] = pixels
        if index < part.page and frame.dispose == _PREVIOUS and index:
            area[...] = before
        elif index < part.page and frame.dispose != _NONE:
            area[...] = 0
    assert canvas is not None  # the loop ran at least once
    decoded.pages = len(frames)
    decoded.data, decoded.alpha = _without_alpha(canvas, had=decoded.alpha is not Alpha.NONE)
    return decoded


def _frames(file: PictureFile, height: int, width: int) -> tuple[list[png.Chunk], list[_Frame]]:
    """Return the chunks that all frames share, and the frames whose pixels are all there."""
    first: list[png.Chunk] = []
    frames: list[_Frame] = []
    still = _Frame(0, 0, height, width, _NONE, 0, [])
    frame = still  # pixels before the first frame control belong to a picture of their own
    for chunk in png.chunks(file):
        if chunk.name == b"fcTL" and chunk.size == 26:
            frames += [frame] if frame.data else []
            frame = _control(file, file.read_at(chunk.at, 26), height, width)
        elif chunk.name == b"IDAT":
            frame.data.append(chunk)
        elif chunk.name == b"fdAT" and chunk.size > 4:
            frame.data.append(png.Chunk(chunk.name, chunk.at + 4, chunk.size - 4))
        elif not still.data and not frame.data and chunk.name not in _OWN:
            first.append(chunk)
    frames += [frame] if frame.data else []
    return first, frames


def _control(file: PictureFile, body: bytes, height: int, width: int) -> _Frame:
    w, h, col, row = (int.from_bytes(body[i : i + 4], "big") for i in range(4, 20, 4))
    if not (w and h and row + h <= height and col + w <= width and body[24] <= _PREVIOUS):
        raise file.damaged("PNG")
    return _Frame(row, col, h, w, body[24], body[25], [])


def _start(frames: list[_Frame], page: int, height: int, width: int) -> int:
    """Return the last frame from which on what was shown before does not matter."""
    for index in range(page, 0, -1):
        frame = frames[index]
        whole = frame.blend != _OVER and frame.covers(height, width)
        if whole and (index == page or frame.dispose != _PREVIOUS):
            return index
    return 0


def _decode(file: PictureFile, kind: Kind, first: list[png.Chunk], frame: _Frame) -> Decoded:
    size = frame.width.to_bytes(4, "big") + frame.height.to_bytes(4, "big")
    parts = [_SIGNATURE, _chunk(b"IHDR", size + file.head[24:29])]
    parts += [_chunk(c.name, file.read_at(c.at, c.size)) for c in first]
    parts += [_chunk(b"IDAT", file.read_at(c.at, c.size)) for c in frame.data]
    parts.append(_chunk(b"IEND", b""))
    image = vips.load(file, kind, "pngload", 0, data=b"".join(parts))
    decoded = vips.decode(file, kind, image, "pngload", 0)
    decoded.alpha = Alpha.STRAIGHT if image.bands in {2, 4} else Alpha.NONE
    decoded.meta |= png.texts(image)
    return decoded


def _chunk(name: bytes, body: bytes) -> bytes:
    check = zlib.crc32(name + body).to_bytes(4, "big")
    return len(body).to_bytes(4, "big") + name + body + check


def _with_alpha(data: Pixels) -> Pixels:
    colour = data[:, :, None] if data.ndim == 2 else data
    if colour.shape[2] in {2, 4}:
        return colour
    opaque = np.full((*colour.shape[:2], 1), np.iinfo(data.dtype).max, data.dtype)
    return np.concatenate([colour, opaque], axis=2)


def _without_alpha(canvas: Pixels, *, had: bool) -> tuple[Pixels, Alpha]:
    """Return the canvas without the alpha channel where it got it only to be composed."""
    if had or not (canvas[:, :, -1] == np.iinfo(canvas.dtype).max).all():
        return canvas, Alpha.STRAIGHT
    colour = canvas[:, :, :-1]
    return np.ascontiguousarray(colour[:, :, 0] if colour.shape[2] == 1 else colour), Alpha.NONE


def _lay_over(below: Pixels, above: Pixels) -> None:
    """Lay straight pixels over others in place, by stored values (PNG third edition, 13.16)."""
    white = float(np.iinfo(below.dtype).max)
    rows = max(_STEP_BYTES // max(above[:1].nbytes, 1), 1)
    for row in range(0, len(above), rows):
        source = above[row : row + rows].astype(np.float64)
        target = below[row : row + rows]
        share = source[:, :, -1:] / white
        rest = (1 - share) * (target[:, :, -1:] / white)
        alpha = share + rest
        colour = source[:, :, :-1] * share + target[:, :, :-1] * rest
        mixed = np.divide(colour, alpha, out=np.zeros_like(colour), where=alpha > 0)
        target[:, :, :-1] = np.rint(mixed)
        target[:, :, -1:] = np.rint(alpha * white)
