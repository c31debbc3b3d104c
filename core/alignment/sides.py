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
    whole
        (n,) bool: whether the picture exists in all of the cut.
    """

    pixels: Pixels
    corners: NDArray[np.intp]
    whole: NDArray[np.bool_]
    size: int

    @property
    def stacked(self) -> Pixels:
        """The cuts as (n, size, size)."""
        return self.pixels.reshape(-1, self.size, self.size)


def cut(
    side: Side, index: int, corners: NDArray[np.intp], size: int, level: int, core: int = 0
) -> Atlas:
    """Read squares of a picture.

    Parameters
    ----------
    corners
        (n, 2) x, y of the first pixels.
    size
        Width and height.
    core
        So much of each border may be missing from the picture: it is not asked for in `whole`.
    """
    n = len(corners)
    pixels = np.zeros((n * size, size), np.float32)
    whole = np.ones(n, np.bool_)
    for i, (x, y) in enumerate(corners):
        values, valid = side(index, Rect(int(y), int(x), size, size), level)
        pixels[i * size : (i + 1) * size] = values
        if valid is not None:
            inner = valid[core : size - core, core : size - core]
            whole[i] = bool(inner.all())
    return Atlas(pixels, corners, whole, size)
