"""Cutting, padding and masking of tiles."""

from __future__ import annotations

import dataclasses
import math
from typing import Any, Final

import cv2
import numpy as np

from core.numbers import usable
from core.types import Mask, Pixels, Rect, Tile

STRIP_PIXELS: Final = 1 << 20
"""Pixels of a strip: few enough to stay near the processor, enough to make a call worth while."""

FEWEST_PIXELS: Final = 1 << 17
"""Pixels of a strip of a small canvas."""
WIDEST: Final = 1 << 14
"""Strips of canvases up to this width reach from side to side."""
HUGE: Final = 1 << 27
"""Those of canvases of more pixels do not."""
BLOCK: Final = 1 << 12
"""Width of strips that do not."""
PREPARED_PIXELS: Final = 1 << 18
"""Pixels of a strip while states are prepared: fewer, because stages look at them in float64, and
a cancelled question is noticed only between them."""


def strip_rects(shape: tuple[int, int], pixels: int = STRIP_PIXELS) -> list[Rect]:
    """Cut a canvas into strips of even height, row by row; depends on the shape alone.

    A small canvas is cut into smaller strips, so that there is work for several threads. A strip of
    a wide or huge canvas does not reach from side to side: it would be so low that its halo were
    most of it. Its place and size are then multiples of 64, and of 256 with `STRIP_PIXELS`.
    """
    height, width = shape
    if width > WIDEST or height * width > HUGE:
        rows, cols = max(pixels // BLOCK, 64), BLOCK
    else:
        pixels = min(pixels, max(height * width // 8, FEWEST_PIXELS))
        rows, cols = max(pixels // max(width, 1) // 2 * 2, 16), max(width, 1)
    return [
        Rect(r, c, min(rows, height - r), min(cols, width - c))
        for r in range(0, height, rows)
        for c in range(0, width, cols)
    ]


def both(first: Mask | None, second: Mask | None) -> Mask | None:
    """Return where both masks say yes; None means everywhere."""
    if first is None or second is None:
        return second if first is None else first
    return np.bitwise_and(first, second)


def eroded(valid: Mask | None, halo: int) -> Mask | None:
    """Take `halo` pixels around each invalid one out of a mask; the outside does not count."""
    if valid is None or halo == 0:
        return valid
    size = 2 * halo + 1
    return np.asarray(cv2.erode(valid, np.ones((size, size), np.uint8)), dtype=np.uint8)


def cut(tile: Tile, rect: Rect) -> Tile:
    """Return the part of a tile over a rectangle inside it; views, no copies."""
    if tile.rect == rect:
        return tile
    where = rect.within(tile.rect)
    valid = None if tile.valid is None else tile.valid[where]
    return Tile(tile.a[where], tile.b[where], valid, rect, tile.level)


def padded(tile: Tile, rect: Rect) -> Tile:
    """Return a tile over a larger rectangle; what is new is 0 and invalid."""
    inner = tile.rect.within(rect)

    def grown(pixels: Pixels) -> Pixels:
        out = np.zeros((rect.height, rect.width, *pixels.shape[2:]), pixels.dtype)
        out[inner] = pixels
        return out

    everywhere = np.full(tile.a.shape[:2], 255, np.uint8)
    valid = grown(everywhere if tile.valid is None else tile.valid)
    return Tile(grown(tile.a), grown(tile.b), valid, rect, tile.level)


def finite_mask(pixels: Pixels, limit: float = math.inf) -> Pixels:
    """Return 255.0 where every channel is finite and within a limit, else 0.0.

    float32, so that it can be resampled.
    """
    good = usable(pixels, limit)
    return np.where(good if good.ndim == 2 else good.all(axis=2), 255.0, 0.0).astype(np.float32)


def array_bytes(thing: Any) -> int:
    """Return the bytes of the arrays that a tile or a state holds."""
    if isinstance(thing, np.ndarray):
        return thing.nbytes
    if isinstance(thing, tuple | list):
        return sum(array_bytes(x) for x in thing)
    if dataclasses.is_dataclass(thing):
        return sum(array_bytes(getattr(thing, f.name)) for f in dataclasses.fields(thing))
    return 0
