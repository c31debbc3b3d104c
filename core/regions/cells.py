"""One strip of changed pixels as a grid of cells, and which of its cells belong together.

A cell is a square of `side` = gap + 1 pixels: any two pixels of it are linked (see
`core.regions.finder`), and a link never reaches past the next cell.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.types import Mask, Pixels

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Labels = NDArray[np.int32]
    Grid = np.ndarray[Any, np.dtype[np.int16]]

BATCH: Final = 1 << 20
"""Pixels of cells that are looked at in one go; bounds the temporaries."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of a strip that hold changed pixels, row by row.

    Attributes
    ----------
    row, col
        (N,) place in the grid.
    area, total
        (N,) number of changed pixels, and the sum of their differences.
    peak, peak_row, peak_col
        (N,) largest difference, and where in the cell it first is, row by row.
    top, left, bottom, right
        (Hc, Wc) int16: first and last row and column of the cell that hold a changed pixel; in an
        empty cell first is `side` and last is -1, so that it is near to nothing.
    blocks
        (Hc, side, Wc, side) uint8: not 0 where a pixel is changed.
    """

    row: Ints
    col: Ints
    area: Ints
    total: Floats
    peak: Floats
    peak_row: Ints
    peak_col: Ints
    top: Grid
    left: Grid
    bottom: Grid
    right: Grid
    blocks: Mask


def read(values: Pixels, side: int) -> Cells:
    """Look at every cell of a strip.

    `values` is (h, w) uint8, float32 or float64: the differences, 0 where nothing changed, never
    negative; h and w are multiples of `side`. Sums are made in float64.
    """
    shape = -1, side, values.shape[1] // side, side
    sizes = values.reshape(shape)
    exact = values.dtype == np.uint8
    blocks: Mask = sizes if exact else np.greater(values, 0).view(np.uint8).reshape(shape)
    grid = blocks.shape[0], blocks.shape[2]
    band = blocks.max(axis=1)  # (Hc, Wc, side): columns that hold a changed pixel
    row, col = np.nonzero(_row_max(band).reshape(grid))
    ends = [np.full(grid, v, np.int16) for v in (side, -1, side, -1)]
    parts: list[tuple[Ints | Floats, ...]] = []
    batch = max(BATCH // (side * side), 1)
    for start in range(0, row.size, batch):
        r, c = row[start : start + batch], col[start : start + batch]
        patches = blocks[r, :, c, :]  # (n, side, side)
        used = patches.reshape(r.size, -1)
        flat = used if exact else sizes[r, :, c, :].reshape(r.size, -1)
        at = flat.argmax(axis=1)
        in_rows, in_cols = _row_max(patches).reshape(-1, side), band[r, c]
        for edge, value in zip(ends, (*_first_last(in_rows), *_first_last(in_cols)), strict=True):
            edge[r, c] = value
        parts.append((
            _sums(np.minimum(used, 1)).astype(np.int64), _sums(flat),
            flat[np.arange(r.size), at].astype(np.float64), at // side, at % side,
        ))  # fmt: skip
    area, total, peak, peak_row, peak_col = (np.concatenate(p) for p in zip(*parts, strict=True))
    top, bottom, left, right = ends
    return Cells(row, col, area, total, peak, peak_row, peak_col, top, left, bottom, right, blocks)


def label(cells: Cells) -> tuple[Labels, int, Ints]:
    """Number the groups of cells that belong together.

    Returns
    -------
    grid
        (Hc, Wc) int32: labels from 0; -1 in empty cells.
    count
        Number of labels.
    pairs
        (2, P) labels that are one group all the same, joined only across a corner.
    """
    # Cells stand at even places of a maze; the doors between them are open where they are linked.
    height, width = cells.top.shape
    maze = np.zeros((2 * height - 1, 2 * width - 1), np.uint8)
    maze[::2, ::2] = cells.bottom >= 0
    maze[::2, 1::2] = cells.left[:, 1:] < cells.right[:, :-1]
    maze[1::2, ::2] = cells.top[1:] < cells.bottom[:-1]
    count, labels = cv2.connectedComponents(maze, connectivity=4, ltype=cv2.CV_32S)
    grid: Labels = labels[::2, ::2].astype(np.int32) - np.int32(1)
    pairs = [_across_corners(cells, grid, down_right) for down_right in (True, False)]
    return grid, count - 1, np.concatenate(pairs, axis=1)


def _across_corners(cells: Cells, grid: Labels, down_right: bool) -> Ints:
    """Return (2, P) labels of cells that are linked across a corner and have different labels."""
    left, right = slice(None, -1), slice(1, None)
    here = left, left if down_right else right
    there = right, right if down_right else left
    near = cells.top[there] < cells.bottom[here]
    if down_right:
        near &= cells.left[there] < cells.right[here]
    else:
        near &= cells.left[here] < cells.right[there]
    near &= grid[here] != grid[there]
    row, col = np.nonzero(near)
    upper, lower = (row, col + (not down_right)), (row + 1, col + down_right)
    linked = np.zeros(row.size, np.bool_)
    side = cells.blocks.shape[1]
    batch = max(BATCH // (side * side), 1)
    for start in range(0, row.size, batch):
        part = slice(start, start + batch)
        a = cells.blocks[upper[0][part], :, upper[1][part], :]
        b = cells.blocks[lower[0][part], :, lower[1][part], :]
        linked[part] = (
            _corner_linked(a, b) if down_right else _corner_linked(a[..., ::-1], b[..., ::-1])
        )
    return np.stack([
        grid[upper][linked].astype(np.int64), grid[lower][linked].astype(np.int64)
    ])  # fmt: skip


def _corner_linked(upper: Mask, lower: Mask) -> NDArray[np.bool_]:
    """Return for each pair of (n, side, side) cells, `lower` down right, whether they are linked.

    With the same rows and columns in both, a pixel of `upper` is at most side - 1 from one of
    `lower` exactly when it stands in a larger row and in a larger column.
    """
    side = upper.shape[1]
    column = np.arange(side, dtype=np.int16)
    last = np.where(upper, column, np.int16(-1)).max(axis=2)  # of each row of `upper`
    first = np.where(lower, column, np.int16(side)).min(axis=2)
    above = np.minimum.accumulate(first, axis=1)  # of each row of `lower` and those above it
    linked: NDArray[np.bool_] = (above[:, :-1] < last[:, 1:]).any(axis=1)
    return linked


def _first_last(used: Mask) -> tuple[Ints, Ints]:
    """Return where each row of (n, side) first and last is not 0; no row is all 0."""
    first = (used != 0).argmax(axis=1)
    last = used.shape[1] - 1 - (used[:, ::-1] != 0).argmax(axis=1)
    return first, last


def _row_max(rows: Mask) -> Mask:
    """Return the largest of each row along the last axis, flattened."""
    flat = cv2.reduce(rows.reshape(-1, rows.shape[-1]), 1, cv2.REDUCE_MAX)
    return flat.astype(np.uint8, copy=False)


def _sums(rows: Pixels) -> Floats:
    depth = cv2.CV_32S if rows.dtype == np.uint8 else cv2.CV_64F
    return cv2.reduce(rows, 1, cv2.REDUCE_SUM, dtype=depth).ravel().astype(np.float64)
