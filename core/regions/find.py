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
of cells; labels that meet there are joined at the end.
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
    from collections.abc import Callable

    from numpy.typing import NDArray

    from core.types import Mask, Token

    Ints = NDArray[np.int64]

STRIP_PIXELS: Final = 1 << 20
"""Size of a strip; bounds the memory of everything but the labels."""
_PLACE: Final = 1 << 44
"""Peak and its place in one number: peak * _PLACE + (_PLACE - 1 - row * width - col)."""


@dataclass(frozen=True, slots=True, eq=False)
class _Labels:
    """What is known of each label; all (L,) int64."""

    area: Ints
    total: Ints
    peak: Ints  # see _PLACE
    top: Ints
    left: Ints
    bottom: Ints  # last row, inclusive
    right: Ints  # last column, inclusive

    @staticmethod
    def gather(number: Ints, count: int, parts: _Labels) -> _Labels:
        """Put the parts of each label together; `number` (N,) has values in 0...count - 1."""

        def add(values: Ints) -> Ints:
            out = np.zeros(count, np.int64)
            np.add.at(out, number, values)
            return out

        def low(values: Ints) -> Ints:
            out = np.full(count, np.iinfo(np.int64).max)
            np.minimum.at(out, number, values)
            return out

        def high(values: Ints) -> Ints:
            out = np.full(count, -1, np.int64)
            np.maximum.at(out, number, values)
            return out

        return _Labels(
            add(parts.area), add(parts.total), high(parts.peak),
            low(parts.top), low(parts.left), high(parts.bottom), high(parts.right),
        )  # fmt: skip


def find(
    magnitude: Mask, over: Mask, params: RegionParams, token: Token
) -> tuple[tuple[Region, ...], int]:
    """Return the regions of the changed pixels, and how many there are.

    Parameters
    ----------
    magnitude
        (H, W) uint8 codes of the difference: 0 only where it is exactly 0, else the magnitude
        rounded up to a whole level. `Region.peak` and `Region.mean` are taken from these codes, so
        they are exact for whole-numbered differences and else less than one level too high.
    over
        (H, W) uint8 mask of the changed pixels: 255 where the difference is over the tolerance and
        both pictures exist, else 0. A pixel there whose code is 0 does not count as changed.
    params
        The rule.
    token
        Checked at every strip.

    Returns
    -------
    regions
        Those with at least `params.min_area` changed pixels, by area from large to small, then by
        (row, col) of the rectangle; at most `MAX_LISTED`. Rectangles hug the changed pixels;
        `peak_at` is the first of the largest codes, row by row.
    count
        How many regions there are in all, however small.

    Raises
    ------
    Cancelled
        When the token is cancelled.
    """

    def load(rows: slice, out: Mask) -> None:
        np.bitwise_and(magnitude[rows], over[rows], out=out)

    return _find(magnitude.shape, load, params, token)


def find_above(
    magnitude: Mask, tolerance: float, params: RegionParams, token: Token
) -> tuple[tuple[Region, ...], int]:
    """Return the same as `find` for the pixels whose code is above `tolerance` (0...255).

    For a whole-numbered tolerance these are exactly the pixels whose difference is over it: what
    the window needs while the tolerance is dragged. A fractional one acts like the next lower
    whole number.
    """
    limit = int(tolerance)

    def load(rows: slice, out: Mask) -> None:
        cv2.threshold(magnitude[rows], limit, 0, cv2.THRESH_TOZERO, dst=out)

    return _find(magnitude.shape, load, params, token)


def _find(
    shape: tuple[int, ...],
    load: Callable[[slice, Mask], None],
    params: RegionParams,
    token: Token,
) -> tuple[tuple[Region, ...], int]:
    """Run over the strips; `load` writes the codes of some rows, 0 where nothing changed."""
    width, side = shape[1], max(params.gap, 1) + 1
    found: list[_Labels] = []
    pairs: list[Ints] = []
    count = 0
    step = min(max(STRIP_PIXELS // (width * side), 1), -(-shape[0] // side)) * side
    strip: Mask = np.zeros((step + side, width + -width % side), np.uint8)
    above: Ints | None = None  # labels of the row of cells that two strips share
    for start in range(0, shape[0], step):
        token.check()
        again = 0 if above is None else side  # rows seen before
        rows = slice(start - again, min(start + step, shape[0]))
        height = rows.stop - rows.start
        load(rows, strip[:height, :width])
        strip[height:] = 0
        if cv2.countNonZero(strip[again:height]) == 0:
            above = None
            continue
        cells = read(strip[: height + -height % side], side)
        grid, labels, joined = label(cells)
        pairs.append(joined + count)
        if above is not None:
            both = above >= 0
            pairs.append(np.stack([above[both], grid[0][both].astype(np.int64) + count]))
        found.append(_summed(cells, grid, labels, rows.start, side, width, again > 0))
        above = np.where(grid[-1] >= 0, grid[-1].astype(np.int64) + count, -1)
        count += labels
    if not found:
        return (), 0
    return _listed(found, _roots(count, np.concatenate(pairs, axis=1)), params, width)


def _summed(
    cells: Cells, grid: NDArray[np.int32], labels: int, row: int, side: int, width: int, again: bool
) -> _Labels:
    """Return what a strip from `row` on adds to its labels; `again`: without row 0."""
    new = slice(int(np.searchsorted(cells.row, 1)) if again else 0, None)
    r, c = cells.row[new], cells.col[new]
    at = (r, c)
    place = (r * side + row + cells.peak_row[new]) * width + c * side + cells.peak_col[new]
    parts = _Labels(
        cells.area[new], cells.total[new], cells.peak[new] * _PLACE + (_PLACE - 1 - place),
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


def _listed(
    found: list[_Labels], root: Ints, params: RegionParams, width: int
) -> tuple[tuple[Region, ...], int]:
    names = [f.name for f in fields(_Labels)]
    every = _Labels(*(np.concatenate([getattr(part, n) for part in found]) for n in names))
    kept, number = np.unique(root, return_inverse=True)
    all_regions = _Labels.gather(number, kept.size, every)
    a = all_regions
    order = np.lexsort((a.peak, a.left, a.top, -a.area))[:MAX_LISTED]
    order = order[a.area[order] >= params.min_area]
    columns = (getattr(a, n)[order].tolist() for n in names)
    regions: list[Region] = []
    for area, total, peak, top, left, bottom, right in zip(*columns, strict=True):
        code, place = divmod(peak, _PLACE)
        regions.append(
            Region(
                rect=Rect(top, left, bottom - top + 1, right - left + 1),
                area=area,
                peak=float(code),
                mean=total / area,
                peak_at=divmod(_PLACE - 1 - place, width),
            )
        )
    return tuple(regions), int(kept.size)
