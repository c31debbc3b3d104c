"""The part of A that B covers: a polygon, and the largest rectangle in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from core.types import Rect

if TYPE_CHECKING:
    from core.alignment.models import Floats
    from core.geometry import Matrix

Points = tuple[tuple[float, float], ...]


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
    area, common = cv2.intersectConvexConvex(
        _corners(shape_a).astype(np.float32), (there[:, :2] / there[:, 2:]).astype(np.float32)
    )
    if area <= 0.0 or common is None:
        return ()
    return tuple((float(x), float(y)) for x, y in common.reshape(-1, 2))


def _corners(shape: tuple[int, int]) -> Floats:
    height, width = shape
    left, top, right, bottom = -0.5, -0.5, width - 0.5, height - 0.5
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float64)


def inner_rect(polygon: Points, cells: int = 256) -> Rect:
    """Return a large rectangle of whole pixels inside a convex polygon of `overlap`.

    Among rectangles whose corners lie on a grid of about `cells` lines in each direction, it is the
    one of largest area; empty when none fits.
    """
    if len(polygon) < 3:
        return Rect(0, 0, 0, 0)
    points = np.asarray(polygon, np.float64)
    top, bottom = points[:, 1].min(), points[:, 1].max()
    ys = np.unique(np.round(np.linspace(top, bottom, cells) + 0.5))
    spans = np.array([_span(points, y - 0.5) for y in ys])
    best, found = 0.0, Rect(0, 0, 0, 0)
    for i in range(len(ys)):
        # In a convex polygon a rectangle is inside when its upper and its lower side are.
        lefts = np.ceil(np.maximum(spans[i, 0], spans[i + 1 :, 0]) + 0.5 - 1e-6)
        rights = np.floor(np.minimum(spans[i, 1], spans[i + 1 :, 1]) + 0.5 + 1e-6)
        areas = (rights - lefts) * (ys[i + 1 :] - ys[i])
        if areas.size and not np.isnan(areas).all() and np.nanmax(areas) > best:
            k = int(np.nanargmax(areas))
            best = float(areas[k])
            found = Rect(int(ys[i]), int(lefts[k]), int(ys[i + 1 + k] - ys[i]),
                         int(rights[k] - lefts[k]))  # fmt: skip
    return found


def _span(points: Floats, y: float) -> tuple[
    float, float
]:  # fmt: skip
    """Return the left and right end of a convex polygon at a height; nan where it is not."""
    crossed = []
    for (x0, y0), (x1, y1) in zip(points, np.roll(points, -1, axis=0), strict=True):
        if min(y0, y1) - 1e-6 <= y <= max(y0, y1) + 1e-6:
            share = 0.0 if y1 == y0 else min(max((y - y0) / (y1 - y0), 0.0), 1.0)
            crossed += [x0 + share * (x1 - x0)] if y1 != y0 else [x0, x1]
    return (min(crossed), max(crossed)) if crossed else (float("nan"), float("nan"))
