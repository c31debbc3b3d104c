"""From a point on the canvas to the point of a picture that lies there, and back.

Points of the canvas are those of its plane: pixel (row, col) covers x in [col, col + 1) and y in
[row, row + 1). Points of a picture count pixel centres at integers, as pins do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.alignment.models import mapped
from core.alignment.overlap import inner_rect
from core.geometry import inverse

if TYPE_CHECKING:
    from core.alignment.types import Alignment
    from core.geometry import Matrix
    from core.types import Rect

Point = tuple[float, float]
_HALF = 0.5


def on_picture(matrix: Matrix, at: Point, shape: tuple[int, int]) -> Point | None:
    """Return the point (x, y) of a picture that lies at a point of the canvas.

    Parameters
    ----------
    matrix
        How the picture is laid: `Placement.a` or `Placement.b`.
    at
        (x, y) on the plane of the canvas.
    shape
        (height, width) of the picture.

    Returns
    -------
    point
        None when none of its pixels is there.
    """
    try:
        found = _mapped(inverse(matrix), (at[0] - _HALF, at[1] - _HALF))
    except ValueError:
        return None
    inside = (
        -_HALF <= found[0] <= shape[1] - _HALF and -_HALF <= found[1] <= shape[0] - _HALF
    )  # fmt: skip
    return found if inside else None


def on_canvas(matrix: Matrix, point: Point) -> Point | None:
    """Return where a point (x, y) of a picture lies on the plane of the canvas.

    None when that is nowhere: behind the camera of a homography.
    """
    found = _mapped(matrix, point)
    return (found[0] + _HALF, found[1] + _HALF) if np.isfinite(found).all() else None


def common(alignment: Alignment) -> Rect:
    """Return a large rectangle of the canvas that both pictures cover; empty when there is none."""
    found = inner_rect(alignment.overlap)
    across, down = (round(v) for v in alignment.origin)
    return found if found.empty else found.shift(down, across)


def _mapped(matrix: Matrix, point: Point) -> Point:
    there = mapped(np.asarray(matrix, np.float64), np.array([point], np.float64))[0]
    return float(there[0]), float(there[1])
