"""The grid of blocks over a canvas: what sums are kept by, to say how sure a mean is.

Blocks are squares, about `BLOCKS` of them, the same for every strip of one canvas. A strip adds to
a block what the block and it have in common, so sums by block do not depend on how the canvas is
cut.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.types import Rect

BLOCKS: Final = 144
"""About how many: enough for a bootstrap, few enough that what neighbours share stays in one. Never
three times as many, whatever the shape."""
LEAST_SIDE: Final = 16


@dataclass(frozen=True, slots=True)
class Grid:
    """Blocks of `side` pixels, row by row; those at the right and bottom may be smaller."""

    side: int
    rows: int
    cols: int

    @property
    def count(self) -> int:
        """Number of blocks."""
        return self.rows * self.cols


@dataclass(frozen=True, slots=True)
class Cell:
    """What a block and a strip have in common.

    Attributes
    ----------
    index
        The block's number in the grid, row by row.
    where
        Slices that cut the common part out of an array over the strip.
    """

    index: int
    where: tuple[slice, slice]


def grid_of(shape: tuple[int, int]) -> Grid:
    """Return the grid of a canvas."""
    height, width = shape
    even, longest = math.sqrt(height * width / BLOCKS), max(height, width) / BLOCKS
    side = max(math.ceil(max(even, longest)), LEAST_SIDE)  # a narrow canvas may be one block wide
    return Grid(side, max(-(-height // side), 1), max(-(-width // side), 1))


def cells(rect: Rect, shape: tuple[int, int]) -> Iterator[Cell]:
    """Yield the parts of all blocks that lie in a strip, row by row."""
    if rect.empty:
        return
    side, count = (grid := grid_of(shape)).side, grid.cols
    down, across = _parts(rect.row, rect.bottom, side), _parts(rect.col, rect.right, side)
    for i, rows in down:
        for k, cols in across:
            yield Cell(i * count + k, (rows, cols))


def cells_of(rect: Rect, shape: tuple[int, int], *, apart: bool) -> tuple[Cell, ...]:
    """Return the parts of all blocks in a strip; one part for all of it when not `apart`."""
    if apart:
        return tuple(cells(rect, shape))
    return () if rect.empty else (Cell(0, (slice(0, rect.height), slice(0, rect.width))),)


def _parts(start: int, stop: int, side: int) -> list[tuple[int, slice]]:
    """Cut a stretch at multiples of `side`: number of each part, and where it lies in it."""
    return [
        (i, slice(max(i * side, start) - start, min((i + 1) * side, stop) - start))
        for i in range(start // side, (stop - 1) // side + 1)
    ]
