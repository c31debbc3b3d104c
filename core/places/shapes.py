"""Shapes on the canvas, and which pixels lie in them.

A shape lies on the plane of the canvas at full resolution, in A's frame after fit: pixel (r, c) is
the square from (r, c) to (r + 1, c + 1), its centre at (r + 0.5, c + 0.5). A pixel belongs to a
shape when its centre is inside, so ``rect 2,1 3x4`` is exactly the columns 2 to 4 of the rows 1 to
4. Whether a pixel belongs never depends on the rectangle that was asked for.

At a pyramid level above 0, which is for the eye alone, a pixel belongs when any of the centres that
it stands for does; where it stands for more than 4 x 4 pixels, 4 x 4 points stand for all of them,
so that what is thinner than a quarter of its width may be missed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.errors import SettingsError
from core.types import SCALE, Mask, Rect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

FARTHEST: Final = 2.0**31
"""How far from the origin a point may lie; no canvas is larger."""
_POINTS: Final = 4
"""Points along each side of a pixel of an overview at which shapes are looked for."""


class Kind(StrEnum):
    """What a shape is."""

    RECT = "rect"
    ELLIPSE = "ellipse"
    POLYGON = "polygon"


@dataclass(frozen=True, slots=True)
class Shape:
    """One shape, with what is said about it.

    Attributes
    ----------
    kind
        What it is.
    points
        (row, col) of corners. RECT: top left and bottom right. ELLIPSE: those of the rectangle that
        it touches on four sides. POLYGON: three or more; the last is joined with the first, and
        where its sides cross, what an odd number of times lies inside them is inside.
    name
        What a person calls it; may be empty.
    tolerance
        What counts as different in it, 0...255; None for what counts elsewhere.
    """

    kind: Kind
    points: tuple[tuple[float, float], ...]
    name: str = ""
    tolerance: float | None = None

    def __post_init__(self) -> None:
        if not all(math.isfinite(v) and abs(v) <= FARTHEST for point in self.points for v in point):
            raise SettingsError(f"A {self.kind} must lie within {FARTHEST:.0f} px of the corner.")
        points = tuple((round(row, 3) + 0.0, round(col, 3) + 0.0) for row, col in self.points)
        object.__setattr__(self, "points", points)
        if self.kind is Kind.POLYGON:
            if len(self.points) < 3:
                raise SettingsError("A polygon needs three points or more.")
        elif not all(low < high for low, high in zip(*self.points, strict=True)):
            raise SettingsError(f"The width and height of a {self.kind} must be above 0.")
        if '"' in self.name:
            raise SettingsError("The name of a place cannot have a quotation mark.")
        if self.tolerance is not None and not 0.0 <= self.tolerance <= SCALE:
            raise SettingsError(
                f"The tolerance of a place must lie between 0 and 255, not {self.tolerance:g}."
            )

    @property
    def rect(self) -> Rect:
        """The smallest rectangle of whole pixels that holds all of it."""
        rows, cols = zip(*self.points, strict=True)
        top, left = math.floor(min(rows)), math.floor(min(cols))
        return Rect(top, left, math.ceil(max(rows)) - top, math.ceil(max(cols)) - left)


class Shapes(tuple[Shape, ...]):
    """Several shapes; knows quickly which of them are near a rectangle, as masks have thousands."""

    @cached_property
    def _bounds(self) -> NDArray[np.int64]:
        """(N, 4): top, left, bottom and right of each."""
        rects = [shape.rect for shape in self]
        made = [(r.row, r.col, r.bottom, r.right) for r in rects]
        return np.array(made, np.int64).reshape(-1, 4)

    def near(self, rect: Rect, level: int) -> list[Shape]:
        """Return those that may have a pixel in a rectangle at a pyramid level, in their order."""
        top, left, bottom, right = self._bounds.T
        hit = (top < rect.bottom << level) & (bottom > rect.row << level)
        hit &= (left < rect.right << level) & (right > rect.col << level)
        return [self[i] for i in np.flatnonzero(hit).tolist()]


def covered(shapes: Sequence[Shape], rect: Rect, level: int = 0) -> Mask | None:
    """Return the mask of the pixels in any of the shapes; None when there is none.

    Parameters
    ----------
    shapes
        May lie anywhere.
    rect, level
        Which pixels are asked about: a rectangle of the canvas at a pyramid level.
    """
    out: Mask | None = None
    known = shapes if isinstance(shapes, Shapes) else Shapes(shapes)
    for shape in known.near(rect, level):
        found = _covered(shape, rect, level)
        if found is not None:
            where, mask = found
            if out is None:
                out = np.zeros((rect.height, rect.width), np.uint8)
            part = out[where.within(rect)]
            np.bitwise_or(part, mask, out=part)
    return out if out is not None and out.any() else None


def outside(shapes: Sequence[Shape], rect: Rect, level: int = 0) -> Mask | None:
    """Return the mask of the pixels in none of the shapes; None when that is all of them."""
    mask = covered(shapes, rect, level)
    return None if mask is None else np.bitwise_not(mask)


def inside(shapes: Sequence[Shape], rect: Rect, level: int = 0) -> Mask | None:
    """Return the mask of the pixels in any of the shapes; None when that is all of them."""
    mask = covered(shapes, rect, level)
    if mask is None:
        return np.zeros((rect.height, rect.width), np.uint8)
    return None if cv2.countNonZero(mask) == mask.size else mask


def hull(shapes: Sequence[Shape]) -> Rect:
    """Return the smallest rectangle that holds all shapes; empty when there is none."""
    rects = [shape.rect for shape in shapes]
    if not rects:
        return Rect(0, 0, 0, 0)
    top, left = min(r.row for r in rects), min(r.col for r in rects)
    bottom, right = max(r.bottom for r in rects), max(r.right for r in rects)
    return Rect(top, left, bottom - top, right - left)


def _covered(shape: Shape, rect: Rect, level: int) -> tuple[Rect, Mask] | None:
    """Return a part of the rectangle, and the mask of the shape over it; outside it is 0."""
    side = 1 << level
    hold = shape.rect
    top, left = hold.row >> level, hold.col >> level
    where = Rect(
        top, left, -(-hold.bottom >> level) - top, -(-hold.right >> level) - left
    ).intersect(rect)  # fmt: skip
    if where.empty:
        return None
    points = min(side, _POINTS)
    step = side / points
    rows = _centres(where.row * points, where.bottom * points, step)
    cols = _centres(where.col * points, where.right * points, step)
    made = _FILL[shape.kind](shape.points, rows, cols)
    if points > 1:
        made = np.logical_or.reduce([made[i::points] for i in range(points)])
        made = np.logical_or.reduce([made[:, i::points] for i in range(points)])
    return where, made.view(np.uint8) * np.uint8(255)


def _centres(start: int, stop: int, step: float) -> NDArray[np.float64]:
    return (np.arange(start, stop, dtype=np.float64) + 0.5) * step


def _rect(
    points: Sequence[tuple[float, float]], rows: NDArray[np.float64], cols: NDArray[np.float64]
) -> NDArray[np.bool_]:
    (top, left), (bottom, right) = points
    made: NDArray[np.bool_] = np.logical_and.outer(
        (rows >= top) & (rows < bottom), (cols >= left) & (cols < right)
    )
    return made


def _ellipse(
    points: Sequence[tuple[float, float]], rows: NDArray[np.float64], cols: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Centres at which ((r - r0) / h)² + ((c - c0) / w)² is at most 1, for half axes h and w."""
    (top, left), (bottom, right) = points
    down = (2.0 * rows - (top + bottom)) / (bottom - top)
    across = (2.0 * cols - (left + right)) / (right - left)
    made: NDArray[np.bool_] = np.less_equal.outer(np.square(down), 1.0 - np.square(across))
    return made


def _polygon(
    points: Sequence[tuple[float, float]], rows: NDArray[np.float64], cols: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Even-odd rule: from the left, each side that is crossed changes between out and in.

    Where a row of centres and a side meet at one column, the centre at that column and those to the
    right of it have crossed it. A side has its upper end and not its lower one.
    """
    start = np.asarray(points, np.float64)
    end = np.roll(start, -1, axis=0)
    upper = np.minimum(start[:, 0], end[:, 0])
    lower = np.maximum(start[:, 0], end[:, 0])
    turns = np.zeros((rows.size, cols.size + 1), np.bool_)
    for i in np.flatnonzero((upper <= rows[-1]) & (lower > rows[0])).tolist():
        first, last = np.searchsorted(rows, (upper[i], lower[i]))
        if first == last:
            continue
        # From the upper end to the lower one, so that a side is the same line for both its shapes.
        (r0, c0), (r1, c1) = sorted((points[i], points[(i + 1) % len(points)]))
        at = c0 + (rows[first:last] - r0) * ((c1 - c0) / (r1 - r0))
        turns[np.arange(first, last), np.searchsorted(cols, at)] ^= True
    made: NDArray[np.bool_] = np.logical_xor.accumulate(turns[:, :-1], axis=1)
    return made


_FILL: Final = {Kind.RECT: _rect, Kind.ELLIPSE: _ellipse, Kind.POLYGON: _polygon}
