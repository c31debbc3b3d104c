"""How estimators look at the two pictures: any rectangle, at any level, each picture by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.tiles import both
from core.types import Mask, Pixels, Rect

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOGETHER: Final = 4.0
"""Squares are cut from one reading of all around them where that is at most so many times their
own area: each reading costs as much as some thousand pixels."""
Side = Callable[[int, Rect, int], tuple[Pixels, Mask | None]]
"""``side(index, rect, level)``: float32 gray of A (0) or B (1) over a rectangle of the canvas, and
where the picture exists; the rectangle may reach outside the canvas."""
Heeded = Callable[[Rect, int], Mask | None]
"""``heeded(rect, level)``: where nothing of the canvas is ignored; None means everywhere."""


def swapped(side: Side) -> Side:
    """Return the view of the same pictures with A and B exchanged."""
    return lambda index, rect, level: side(1 - index, rect, level)


def heeding(side: Side, heeded: Heeded) -> Side:
    """Return the view of the same pictures in which A does not exist where it is ignored.

    What of B falls there has then nothing to be compared with, wherever B is laid.
    """

    def seen(index: int, rect: Rect, level: int) -> tuple[Pixels, Mask | None]:
        pixels, valid = side(index, rect, level)
        known = None if index else heeded(rect, level)
        if known is None:
            return pixels, valid
        # Filters reach a little beyond what exists: there, too, nothing is to be seen.
        return cv2.copyTo(pixels, known), both(valid, known)

    return seen


@dataclass(frozen=True, slots=True, eq=False)
class Atlas:
    """Square cuts of one picture below one another, so that one call works on all of them.

    Attributes
    ----------
    pixels
        (n * size, size) float32.
    corners
        (n, 2) int: x, y of each cut's first pixel on the canvas of the level.
    valid
        (n * size, size): where the picture exists; None: everywhere.
    """

    pixels: Pixels
    corners: NDArray[np.intp]
    valid: Mask | None
    size: int

    @property
    def stacked(self) -> Pixels:
        """The cuts as (n, size, size)."""
        return self.pixels.reshape(-1, self.size, self.size)


def cut(side: Side, index: int, corners: NDArray[np.intp], size: int, level: int) -> Atlas:
    """Read squares of a picture, whose first pixels (x, y) are given."""
    n = len(corners)
    side = _read_once(side, index, corners, size, level)
    pixels = np.zeros((n * size, size), np.float32)
    valid: Mask | None = None
    for i, (x, y) in enumerate(corners):
        rows = slice(i * size, (i + 1) * size)
        pixels[rows], known = side(index, Rect(int(y), int(x), size, size), level)
        if known is not None:
            if valid is None:
                valid = np.full(pixels.shape, 255, np.uint8)
            valid[rows] = known
    return Atlas(pixels, corners, valid, size)


def _read_once(
    side: Side, index: int, corners: NDArray[np.intp], size: int, level: int
) -> Side:  # fmt: skip
    """Return the view with what lies around all squares read already, where that is less work."""
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0) + size
    around = Rect(int(top), int(left), int(bottom - top), int(right - left))
    if around.area > TOGETHER * len(corners) * size * size:
        return side
    pixels, valid = side(index, around, level)

    def kept(_: int, rect: Rect, __: int) -> tuple[Pixels, Mask | None]:
        place = rect.within(around)
        return pixels[place], None if valid is None else valid[place]

    return kept
