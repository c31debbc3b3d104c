"""The part of A that B covers: a polygon, its share of A, and a large rectangle in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.types import Rect

if TYPE_CHECKING:
    from core.alignment.models import Floats
    from core.geometry import Matrix

Points = tuple[tuple[float, float], ...]
_NEAR = 1e-6
"""Px within which the side of a pixel counts as lying on a side of a polygon."""


def overlap(matrix: Matrix, shape_a: tuple[int, int], shape_b: tuple[int, int]) -> Points:
    """Return the corners (x, y) of the polygon that A and B, laid on it, both cover.

    Parameters
    ----------
    matrix
        3x3, B to A, pixel centres at integers.
    shape_a, shape_b
        (height, width).

    Returns
    -------
    points
        In pixels of A, clockwise as seen; edges are those of the outermost pixels' outer sides.
        Empty when there is nothing in common, or B lies partly behind the camera.
    """
    m = np.asarray(matrix, np.float64)
    there = _corners(shape_b) @ m[:, :2].T + m[:, 2]
    if not (there[:, 2] > 1e-9).all():
        return ()
    points = [(float(x), float(y)) for x, y in there[:, :2] / there[:, 2:]]
    (left, top), _, (right, bottom), _ = _corners(shape_a)
    for axis, limit, keep in ((0, left, 1.0), (1, top, 1.0), (0, right, -1.0), (1, bottom, -1.0)):
        points = _cut(points, axis, float(limit), keep)
    points = [p for p, after in zip(points, [*points[1:], *points[:1]], strict=True) if p != after]
    signed = _signed_area(tuple(points))
    if not abs(signed) > 0.0:
        return ()
    return tuple(points) if signed > 0.0 else tuple(reversed(points))


def area(polygon: Points) -> float:
    """Return how many pixels a polygon is large; 0 for an empty one."""
    return abs(_signed_area(polygon))


def share_of(polygon: Points, shape: tuple[int, int]) -> float:
    """Return which share of a picture of (height, width) a polygon of `overlap` is, 0...1."""
    return min(area(polygon) / max(shape[0] * shape[1], 1), 1.0)


def _corners(shape: tuple[int, int]) -> Floats:
    height, width = shape
    left, top, right, bottom = -0.5, -0.5, width - 0.5, height - 0.5
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)


def _cut(
    points: list[tuple[float, float]], axis: int, limit: float, keep: float
) -> list[tuple[float, float]]:
    """Return the part of a convex polygon on one side of a line x = limit, or y = limit.

    One step of Sutherland & Hodgman, Reentrant polygon clipping, 1974.
    """
    made = []
    for before, now in zip([*points[-1:], *points[:-1]], points, strict=True):
        was, here = keep * (before[axis] - limit), keep * (now[axis] - limit)
        if (was < 0.0) != (here < 0.0):
            share = was / (was - here)
            at = before[1 - axis] + share * (now[1 - axis] - before[1 - axis])
            made.append((limit, at) if axis == 0 else (at, limit))
        if here >= 0.0:
            made.append(now)
    return made


def _signed_area(polygon: Points) -> float:
    """Return the area of a polygon; positive when it runs clockwise as seen (y points down)."""
    if len(polygon) < 3:
        return 0.0
    x, y = (np.asarray(polygon, np.float64) - polygon[0]).T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) / 2.0


def inner_rect(polygon: Points, cells: int = 256) -> Rect:
    """Return a large rectangle of whole pixels inside a convex polygon of `overlap`.

    Among rectangles whose upper and lower sides are two of about `cells` lines spread over the
    polygon, it is the one of largest area; empty when none fits.
    """
    nothing = Rect(0, 0, 0, 0)
    if len(polygon) < 3:
        return nothing
    points = np.asarray(polygon, np.float64)
    first = np.ceil(points[:, 1].min() + 0.5 - _NEAR)
    last = np.floor(points[:, 1].max() + 0.5 + _NEAR)
    if last <= first:
        return nothing
    lines = np.unique(np.round(np.linspace(first, last, min(cells, int(last - first) + 1))))
    lefts, rights = np.array([_span(points, y - 0.5) for y in lines]).T
    best, found = 0.0, nothing
    for i in range(len(lines) - 1):
        # In a convex polygon a rectangle is inside when its upper and its lower side are.
        starts = np.ceil(np.maximum(lefts[i], lefts[i + 1 :]) + 0.5 - _NEAR)
        ends = np.floor(np.minimum(rights[i], rights[i + 1 :]) + 0.5 + _NEAR)
        areas = np.maximum(ends - starts, 0.0) * (lines[i + 1 :] - lines[i])
        k = int(areas.argmax())
        if areas[k] > best:
            best, height = float(areas[k]), lines[i + 1 + k] - lines[i]
            found = Rect(int(lines[i]), int(starts[k]), int(height), int(ends[k] - starts[k]))
    return found


def _span(points: Floats, y: float) -> tuple[float, float]:
    """Return the left and right end of a convex polygon at a height of it."""
    y = min(max(y, float(points[:, 1].min())), float(points[:, 1].max()))
    crossed = []
    for (x0, y0), (x1, y1) in zip(points, np.roll(points, -1, axis=0), strict=True):
        if min(y0, y1) <= y <= max(y0, y1):
            crossed += [x0, x1] if y0 == y1 else [x0 + (y - y0) / (y1 - y0) * (x1 - x0)]
    return float(min(crossed)), float(max(crossed))
