"""Finds regions: connected groups of changed pixels.

The rule. Two changed pixels are linked when their Chebyshev distance, ``max(|Δrow|, |Δcol|)``, is
at most ``gap`` (at least 1); a region is a set of changed pixels connected by links. So the rule is
symmetric, does not depend on where the pixels lie, and is monotone: raising the tolerance only
takes pixels and links away, so every region at the higher tolerance lies inside one at the lower,
and the total area never grows.

How it is made fast, and still exact. The picture is cut into cells of ``gap + 1`` pixels on a side:
pixels of one cell are always linked, and a link never reaches past the next cell. Two cells side by
side are linked exactly when the last used column of the left one and the first used column of the
right one are at most `gap` apart (their rows never matter), likewise for cells above one another;
only cells that meet at a corner and are not joined otherwise need a look at their pixels. What is
left is labelling on a grid `gap + 1` times smaller each way. It runs in strips that share one row
of cells, from top to bottom. A group without a cell in a strip's last row is complete: it is
counted, and forgotten unless it is among the largest. So the memory needed does not grow with the
height of the picture, nor with the number of regions.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.regions.cells import Cells, label, read
from core.regions.rule import MAX_LISTED, RegionParams
from core.types import Rect, Region

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import DTypeLike, NDArray

    from core.types import Pixels, Token

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

STRIP_PIXELS: Final = 1 << 20
"""Size of a strip; bounds the memory."""


@dataclass(frozen=True, slots=True, eq=False)
class _Labels:
    """What is known of each label; all (L,), int64 but for total and peak."""

    area: Ints
    total: Floats
    peak: Floats
    place: Ints  # of the first of the largest: row * width + col
    top: Ints
    left: Ints
    bottom: Ints  # last row, inclusive
    right: Ints  # last column, inclusive

    @staticmethod
    def none() -> _Labels:
        """Return no labels."""
        nothing, real = np.zeros(0, np.int64), np.zeros(0)
        return _Labels(nothing, real, real, nothing, nothing, nothing, nothing, nothing)

    def taken(self, which: Ints | NDArray[np.bool_]) -> _Labels:
        """Return some of them."""
        return _Labels(*(getattr(self, f.name)[which] for f in fields(_Labels)))

    def followed_by(self, more: _Labels) -> _Labels:
        """Return these and then those."""
        names = [f.name for f in fields(_Labels)]
        return _Labels(*(np.concatenate([getattr(x, n) for x in (self, more)]) for n in names))

    @staticmethod
    def gather(number: Ints, count: int, parts: _Labels) -> _Labels:
        """Put the parts of each label together; `number` (N,) has values in 0...count - 1."""

        def add(values: Pixels) -> Pixels:
            out = np.zeros(count, values.dtype)
            np.add.at(out, number, values)
            return out

        def low(values: Ints, whose: Ints) -> Ints:
            out = np.full(count, np.iinfo(np.int64).max)
            np.minimum.at(out, whose, values)
            return out

        def high(values: Pixels) -> Pixels:
            out = np.full(count, -1, values.dtype)
            np.maximum.at(out, number, values)
            return out

        peak = high(parts.peak)
        first = parts.peak == peak[number]
        return _Labels(
            add(parts.area), add(parts.total), peak, low(parts.place[first], number[first]),
            low(parts.top, number), low(parts.left, number), high(parts.bottom), high(parts.right),
        )  # fmt: skip


class Finder:
    """Finds the regions of a picture that comes in rows, from top to bottom.

    Parameters
    ----------
    shape
        (height, width) of the picture.
    params
        The rule.
    token
        Checked at every strip.
    dtype
        Of the differences: uint8, float32 or float64. Peaks are exact in each; sums are made in
        float64.
    """

    def __init__(
        self, shape: tuple[int, ...], params: RegionParams, token: Token,
        dtype: DTypeLike = np.uint8,
    ) -> None:  # fmt: skip
        height, self._width = shape[:2]
        self._params, self._token = params, token
        self._side = side = max(params.gap, 1) + 1
        self.step = min(max(STRIP_PIXELS // (self._width * side), 1), -(-height // side)) * side
        """As many rows are worked on at once."""
        # The first row of cells is the last one of the strip before.
        padded = self._width + -self._width % side
        self._strip: Pixels = np.zeros((side + self.step, padded), dtype)
        self._row = self._filled = 0
        self._open, self._best = _Labels.none(), _Labels.none()
        self._above: Ints | None = None  # numbers of the open ones in the row of cells above
        self._count = 0

    def add(self, values: Pixels) -> None:
        """Take the next rows: (h, w) differences, 0 where nothing changed."""
        while values.shape[0]:
            fits = min(self.step - self._filled, values.shape[0])
            top = self._side + self._filled
            place = self._strip[top : top + fits, : self._width]
            np.copyto(place, values[:fits], casting="safe")  # no part of a number is lost
            self._filled += fits
            values = values[fits:]
            if self._filled == self.step:
                self._work()

    def finish(self) -> tuple[tuple[Region, ...], int]:
        """Return what `core.regions.find.find_above` does, after the last row."""
        if self._filled:
            self._work()
        self._close(self._open)
        listed = self._best.taken(self._best.area >= self._params.min_area)
        return tuple(_regions(listed, self._width)), self._count

    def _work(self) -> None:
        self._token.check()
        side, rows = self._side, self._filled
        self._strip[side + rows :] = 0
        if cv2.countNonZero(self._strip[side:]) == 0:
            self._close(self._open)
            self._open, self._above = _Labels.none(), None
        else:
            self._join(rows)
        self._strip[:side] = self._strip[rows : rows + side]
        self._row += rows
        self._filled = 0

    def _join(self, rows: int) -> None:
        """Number the groups of a strip, put them together with the open ones, close some."""
        side, above = self._side, self._above
        again = 0 if above is None else side  # rows seen before
        cells = read(self._strip[side - again : side + rows + -rows % side], side)
        grid, labels, joined = label(cells)
        before = self._open.area.size
        pairs = [joined + before]
        if above is not None:
            both = above >= 0
            pairs.append(np.stack([above[both], grid[0][both].astype(np.int64) + before]))
        new = _summed(cells, grid, labels, self._row - again, side, self._width, again > 0)
        roots = _roots(before + labels, np.concatenate(pairs, axis=1))
        kept, number = np.unique(roots, return_inverse=True)
        every = _Labels.gather(number, kept.size, self._open.followed_by(new))
        last = grid[-1].astype(np.int64)
        used = last >= 0
        alive = np.zeros(kept.size, np.bool_)
        alive[number[last[used] + before]] = True
        self._close(every.taken(~alive))
        self._open = every.taken(alive)
        place = np.cumsum(alive) - 1
        self._above = np.full(last.size, -1, np.int64)
        self._above[used] = place[number[last[used] + before]]

    def _close(self, done: _Labels) -> None:
        self._count += done.area.size
        if done.area.size:
            a = self._best.followed_by(done)
            order = np.lexsort((a.place, a.peak, a.left, a.top, -a.area))
            self._best = a.taken(order[:MAX_LISTED])


def _summed(
    cells: Cells, grid: NDArray[np.int32], labels: int, row: int, side: int, width: int, again: bool
) -> _Labels:
    """Return what a strip from `row` on adds to its labels; `again`: without row 0."""
    new = slice(int(np.searchsorted(cells.row, 1)) if again else 0, None)
    r, c = cells.row[new], cells.col[new]
    at = (r, c)
    place = (r * side + row + cells.peak_row[new]) * width + c * side + cells.peak_col[new]
    parts = _Labels(
        cells.area[new], cells.total[new], cells.peak[new], place,
        r * side + row + cells.top[at], c * side + cells.left[at],
        r * side + row + cells.bottom[at], c * side + cells.right[at],
    )  # fmt: skip
    return _Labels.gather(grid[at].astype(np.int64), labels, parts)


def _roots(count: int, pairs: Ints) -> Ints:
    """Return for each label the smallest label it is joined with by any number of pairs.

    Every root that has a smaller neighbour is hung onto it, then all chains are shortened; at
    least half of the roots that can go are gone after each round.
    """
    root = np.arange(count, dtype=np.int64)
    while True:
        a, b = root[pairs[0]], root[pairs[1]]
        if np.array_equal(a, b):
            return root
        np.minimum.at(root, np.maximum(a, b), np.minimum(a, b))
        shorter = root[root]
        while not np.array_equal(shorter, root):
            root, shorter = shorter, shorter[shorter]


def _regions(a: _Labels, width: int) -> Iterator[Region]:
    columns = (getattr(a, f.name).tolist() for f in fields(_Labels))
    for area, total, peak, place, top, left, bottom, right in zip(*columns, strict=True):
        yield Region(
            rect=Rect(top, left, bottom - top + 1, right - left + 1),
            area=area,
            peak=peak,
            mean=total / area,
            peak_at=divmod(place, width),
        )
