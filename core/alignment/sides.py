"""How estimators look at the two pictures: any rectangle, at any level, each picture by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.types import Mask, Pixels, Rect

if TYPE_CHECKING:
    from numpy.typing import NDArray

Side = Callable[[int, Rect, int], tuple[Pixels, Mask | None]]
"""``side(index, rect, level)``: float32 gray of A (0) or B (1) over a rectangle of the canvas, and
where the picture exists; the rectangle may reach outside the canvas."""


def swapped(side: Side) -> Side:
    """Return the view of the same pictures with A and B exchanged."""
    return lambda index, rect, level: side(1 - index, rect, level)


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
