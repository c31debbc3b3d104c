"""The densest window of a mask that is seen strip by strip.

Windows that lie in one strip are looked at there. For the others each strip hands on the rows and
columns along its sides that windows across them can reach, one bit a pixel; they are put together
when all strips are done. So the answer is exact however the canvas was cut, as long as the strips
tile it in rows of equal height (`core.tiles.strip_rects`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.measures._changed import changed
from core.types import Rect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.types import Mask

Bits = NDArray[np.uint8]
Shape = tuple[int, int]


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A window: how many pixels of it are in the mask, and minus its first row and column.

    The largest spot is the densest, and of several such the first, row by row.
    """

    count: int
    minus_row: int = 0
    minus_col: int = 0

    @property
    def at(self) -> tuple[int, int]:
        """(row, col) of its top left pixel."""
        return -self.minus_row, -self.minus_col


NOWHERE = Spot(0)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one strip knows.

    Attributes
    ----------
    rect
        The strip on the canvas.
    best
        The densest window within it.
    sides
        What windows across its sides can reach, without what is empty: places on the canvas, and
        their rows packed by `np.packbits`.
    """

    rect: Rect
    best: Spot
    sides: tuple[tuple[Rect, Bits], ...]


def part_of(mask: Mask, rect: Rect, window: Shape, canvas: Shape) -> Part:
    """Look at one strip.

    Parameters
    ----------
    mask
        (h, w), anything but 0 where it counts.
    rect
        Where it lies on the canvas.
    window, canvas
        (height, width) of the window, at most that of the canvas, and of the canvas.
    """
    box = changed(mask)
    if box is None:
        return Part(rect, NOWHERE, ())
    sides = []
    for side in _sides(rect, window, canvas):
        bits: Any = mask[side.within(rect)]
        if bits.any():
            sides.append((side, np.packbits(bits, axis=1)))
    near = box.grow(max(window) - 1).intersect(Rect.of(mask))  # holds every window with a pixel
    ones = np.minimum(mask[near.slices], np.uint8(1))
    best = densest(ones, near.shift(rect.row, rect.col), window)
    return Part(rect, best, tuple(sides))


def densest(mask: Any, rect: Rect, window: Shape) -> Spot:
    """Return the densest window within a mask of 0 and 1 that lies at `rect` on the canvas."""
    if rect.height < window[0] or rect.width < window[1]:
        return NOWHERE
    # Windows over the right or lower border count 0 there. They come after the one that is moved
    # inwards, which holds all their pixels: the first largest is never one of them.
    sums = cv2.boxFilter(
        mask, cv2.CV_16U, window[::-1], anchor=(0, 0), normalize=False,
        borderType=cv2.BORDER_CONSTANT,
    )  # fmt: skip
    first = int(np.argmax(sums))
    row, col = divmod(first, rect.width)
    count = int(sums[row, col])
    return Spot(count, -(rect.row + row), -(rect.col + col)) if count else NOWHERE


def joined(parts: Sequence[Part], window: Shape, canvas: Shape) -> Spot:
    """Return the densest window of all, those across the sides of strips included."""
    best = max((p.best for p in parts), default=NOWHERE)
    for area, near in _seams(parts, window, canvas):
        mask = np.zeros((area.height, area.width), np.uint8)
        found = False
        for side, bits in (s for p in near for s in p.sides):
            common = side.intersect(area)
            if not common.empty:
                rows, cols = common.within(side)
                mask[common.within(area)] = np.unpackbits(bits[rows], 1, count=side.width)[:, cols]
                found = True
        if found:
            best = max(best, densest(mask, area, window))
    return best


def _sides(rect: Rect, window: Shape, canvas: Shape) -> set[Rect]:
    """Return the parts of a strip that windows across its sides reach."""
    rows, cols = min(window[0] - 1, rect.height), min(window[1] - 1, rect.width)
    found = []
    if rect.row > 0:
        found.append(Rect(rect.row, rect.col, rows, rect.width))
    if rect.bottom < canvas[0]:
        found.append(Rect(rect.bottom - rows, rect.col, rows, rect.width))
    if rect.col > 0:
        found.append(Rect(rect.row, rect.col, rect.height, cols))
    if rect.right < canvas[1]:
        found.append(Rect(rect.row, rect.right - cols, rect.height, cols))
    return {side for side in found if not side.empty}


def _seams(
    parts: Sequence[Part], window: Shape, canvas: Shape
) -> Iterator[tuple[Rect, list[Part]]]:
    """Yield areas that hold every window across a side of a strip, and the strips near them."""
    high, wide = window[0] - 1, window[1] - 1
    whole = Rect(0, 0, *canvas)
    bands: dict[int, list[Part]] = {}
    for part in parts:
        bands.setdefault(part.rect.row, []).append(part)
    for row, band in bands.items():
        if row > 0 and high > 0:
            area = Rect(row - high, 0, 2 * high, canvas[1]).intersect(whole)
            reach = [b for b in bands.values() if _meets(b[0].rect, area)]
            yield area, [p for b in reach for p in b]
        for col in (p.rect.col for p in band if p.rect.col > 0 and wide > 0):
            area = Rect(row, col - wide, band[0].rect.height, 2 * wide).intersect(whole)
            yield area, band


def _meets(rect: Rect, area: Rect) -> bool:
    return rect.row < area.bottom and rect.bottom > area.row
