"""From a point on the canvas to the point of a picture that lies there, and back.

Points of the canvas are those of its plane: pixel (row, col) covers x in [col, col + 1) and y in
[row, row + 1). Points of a picture count pixel centres at integers, as pins do.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from core.alignment.models import mapped
from core.alignment.overlap import inner_rect
from core.geometry import inverse
from core.types import Rect

if TYPE_CHECKING:
    from core.alignment.types import Alignment
    from core.field import Field
    from core.geometry import Matrix

Point = tuple[float, float]
_HALF: Final = 0.5
_TURNS: Final = 20


def on_picture(
    matrix: Matrix, at: Point, shape: tuple[int, int], field: Field | None = None
) -> Point | None:
    """Return the point (x, y) of a picture that lies at a point of the canvas.

    Parameters
    ----------
    matrix
        How the picture is laid: `Placement.a` or `Placement.b`.
    at
        (x, y) on the plane of the canvas.
    shape
        (height, width) of the picture.
    field
        How it is bent besides: `Placement.field`, for B.

    Returns
    -------
    point
        None when none of its pixels is there.
    """
    try:
        back = inverse(matrix)
    except ValueError:
        return None
    x, y = at[0] - _HALF, at[1] - _HALF
    dx, dy = _shift(field, (x, y))
    found = _mapped(back, (x + dx, y + dy))
    inside = (
        -_HALF <= found[0] <= shape[1] - _HALF and -_HALF <= found[1] <= shape[0] - _HALF
    )  # fmt: skip
    return found if inside else None


def on_canvas(matrix: Matrix, point: Point, field: Field | None = None) -> Point | None:
    """Return where a point (x, y) of a picture lies on the plane of the canvas; see `on_picture`.

    None when that is nowhere: behind the camera of a homography.
    """
    there = _mapped(matrix, point)
    if not np.isfinite(there).all():
        return None
    x, y = there
    for _ in range(_TURNS if field is not None else 0):  # each is closer: a field bends gently
        dx, dy = _shift(field, (x, y))
        x, y = there[0] - dx, there[1] - dy
    return x + _HALF, y + _HALF


def common(alignment: Alignment) -> Rect:
    """Return a large rectangle of the canvas that both pictures cover; empty when there is none."""
    found = inner_rect(alignment.overlap)
    across, down = (round(v) for v in alignment.origin)
    return found if found.empty else found.shift(down, across)


def _shift(field: Field | None, at: Point) -> Point:
    """Return the displacement of a field at a point of the canvas, pixel centres at integers."""
    if field is None:
        return 0.0, 0.0
    col, row = math.floor(at[0]), math.floor(at[1])
    part_x, part_y = at[0] - col, at[1] - row
    weights = np.outer((1.0 - part_y, part_y), (1.0 - part_x, part_x))
    dx, dy = ((plane * weights).sum() for plane in field.over(Rect(row, col, 2, 2)))
    return float(dx), float(dy)


def _mapped(matrix: Matrix, point: Point) -> Point:
    there = mapped(np.asarray(matrix, np.float64), np.array([point], np.float64))[0]
    return float(there[0]), float(there[1])
