"""How what is kept of a frame becomes bytes, and bytes become it again.

Thumbnails are JPEG, masks bilevel PNG, backgrounds PNG without loss, counts deflated uint32, words
JSON. Bytes that are damaged are as good as none: reading them returns None.
"""

from __future__ import annotations

import json
import math
import zlib
from dataclasses import astuple, dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from core.sequence.events import Event
from core.sequence.result import FrameResult
from core.sequence.tracks import Thing, Track
from core.sequence.types import Verdict
from core.types import Rect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from core.sequence.pixels import Picture
    from core.types import Mask

THUMB: Final = 512
"""The longest side of a thumbnail, in px."""
NUMBERS: Final = tuple(
    f.name for f in fields(FrameResult) if f.type == "float"
)  # time first; all that can be nan
_NEAR: Final = 3 * THUMB // 4
"""A halved frame whose longer side is at least this is a thumbnail as it is."""
_QUALITY: Final = 85
_LEVELS: Final = 256


@dataclass(frozen=True, slots=True)
class Look:
    """What a frame looks like.

    Attributes
    ----------
    thumbnail
        A JPEG file.
    channels
        Of the counts.
    counts
        Of each level, deflated.
    """

    thumbnail: bytes
    channels: int
    counts: bytes

    @staticmethod
    def of(picture: Picture) -> Look:
        """Make it of a frame."""
        small = smaller(picture.pixels)
        if small.ndim == 3:
            small = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2BGR), np.uint8)
        jpeg = _encoded(".jpg", small, cv2.IMWRITE_JPEG_QUALITY, _QUALITY)
        counts = np.ascontiguousarray(picture.counts, np.dtype("<u4"))
        return Look(jpeg, len(counts), zlib.compress(counts.tobytes(), 1))


def smaller(pixels: Mask, *, most: bool = False) -> Mask:
    """Return area averages of a frame at the size of its thumbnail.

    Parameters
    ----------
    pixels
        (H, W) or (H, W, 3) uint8.
    most
        Of a mask, 0 or 255: a place is set where any of its pixels is.
    """
    height, width = pixels.shape[:2]
    while max(height, width) > THUMB:
        longer = max(height, width)
        half = longer / 2
        scale = 0.5 if half >= THUMB or half >= _NEAR else THUMB / longer
        area = height * width
        height, width = (max(round(n * scale), 1) for n in (height, width))
        pixels = np.asarray(cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA))
        if most:  # in one of the places that share a pixel there is a quarter of it, or more
            least = 255 / 4 / (area / (height * width)) - 1
            pixels = np.asarray(cv2.threshold(pixels, least, 255, cv2.THRESH_BINARY)[1])
    return pixels


def thumbnail_of(data: bytes) -> Mask | None:
    """Return (h, w, 3) RGB."""
    pixels = _decoded(data, cv2.IMREAD_COLOR)
    return None if pixels is None else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB))


def tables_of(
    rows: Sequence[tuple[int, int, bytes]],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (N,) indices and (N, C, 256) counts of rows of index, channels and deflated counts.

    Rows that are damaged, or of another number of channels than the first one, are left out.
    """
    channels = rows[0][1] if rows else 1
    found = [(i, _counts(data, n)) for i, n, data in rows if n == channels]
    known = [(i, x) for i, x in found if x is not None]
    tables = np.array([x for _, x in known], np.int64).reshape(-1, channels, _LEVELS)
    return np.array([i for i, _ in known], np.int64), tables


def _counts(data: bytes, channels: int) -> NDArray[np.int64] | None:
    try:
        flat = np.frombuffer(zlib.decompress(data), np.dtype("<u4"))
    except (zlib.error, ValueError):
        return None
    return flat.astype(np.int64) if flat.size == channels * _LEVELS else None


def mask_bytes(mask: Mask) -> bytes:
    """Return a foreground at the size of the thumbnails, as a file."""
    bilevel = (cv2.IMWRITE_PNG_BILEVEL, 1, cv2.IMWRITE_PNG_COMPRESSION, 1)
    return _encoded(".png", smaller(mask, most=True), *bilevel)


def mask_of(data: bytes) -> Mask | None:
    """Return (h, w), 0 or 255."""
    return _decoded(data, cv2.IMREAD_GRAYSCALE)


def exact_bytes(pixels: Mask) -> bytes:
    """Return a picture without loss, as a file."""
    if pixels.ndim == 3:
        pixels = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), np.uint8)
    return _encoded(".png", pixels, cv2.IMWRITE_PNG_COMPRESSION, 1)


def exact_of(data: bytes) -> Mask | None:
    """Return (H, W) or (H, W, 3) uint8."""
    pixels = _decoded(data, cv2.IMREAD_UNCHANGED)
    if pixels is None or pixels.ndim == 2:
        return pixels
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8)


def row_of(result: FrameResult) -> tuple[int | float | str, ...]:
    """Return a result as its index, its numbers, and the rest in JSON."""
    tracks = [
        [t.number, list(astuple(t.thing.rect)), t.thing.area, list(t.thing.centre), t.born, t.seen,
         t.frames, list(t.speed)]
        for t in result.tracks
    ]  # fmt: skip
    words = [result.name, result.problem, [str(v) for v in result.verdicts], tracks]
    # Names may hold bytes that are no text: JSON in ASCII keeps them.
    return (result.index, *(getattr(result, n) for n in NUMBERS), json.dumps(words))


def result_of(row: Sequence[Any]) -> FrameResult:
    """Return the result of a row.

    Raises
    ------
    ValueError, TypeError, KeyError
        When it holds something else.
    """
    index, *numbers, words = row
    name, problem, verdicts, tracks = json.loads(words)
    known: dict[str, Any] = {n: number(x) for n, x in zip(NUMBERS, numbers, strict=True)}
    blank = FrameResult(index, known.pop("time"), name, problem=problem)
    said, things = tuple(Verdict(v) for v in verdicts), tuple(map(_track, tracks))
    return replace(blank, verdicts=said, tracks=things, **known)


def look_rows(looks: Mapping[int, Look] | None) -> list[tuple[Any, ...]]:
    """Return looks as their frame's index, the channels, the counts and the thumbnail."""
    return [(i, x.channels, x.counts, x.thumbnail) for i, x in (looks or {}).items()]


def event_row(e: Event) -> tuple[Any, ...]:
    """Return an event with its start and kind first."""
    return e.start, e.kind, e.end, e.start_time, e.end_time, e.frames, e.peak, e.what


def event_of(row: Sequence[Any]) -> Event:
    """Return the event of a row."""
    start, kind, end, start_time, end_time, frames, peak, what = row
    times = number(start_time), number(end_time)
    return Event(kind, start, end, *times, frames, number(peak), what)


def number(value: float | None) -> float:
    """Return nan for what SQL has for it: nothing."""
    return math.nan if value is None else value


def _track(values: list[Any]) -> Track:
    number, rect, area, (row, col), born, seen, frames, (rows, cols) = values
    thing = Thing(Rect(*rect), area, (row, col))
    return Track(number, thing, born, seen, frames, (rows, cols))


def _encoded(kind: str, pixels: Mask, *options: int) -> bytes:
    done, data = cv2.imencode(kind, pixels, options)
    assert done  # all that can go wrong is the memory
    return bytes(data.data)


def _decoded(data: bytes, how: int) -> Mask | None:
    if not data:
        return None
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), how)
    except cv2.error:
        return None
    return None if pixels is None else np.asarray(pixels, np.uint8)
