"""What a rectangle of the canvas sees of a picture under a projective map."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core._gather import RIM, Taps
from core.geometry import at_level, inverse
from core.pyramid import level_shape
from core.types import Rect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.field import Field
    from core.geometry import Kernel, Matrix

    Plane = NDArray[np.float64]

SHRINKS: Final = 0.08
"""A map that shrinks by less than this is not antialiased: what would alias is less than this share
of all frequencies, and the kernel stays the one that is exact for quadratic pictures."""
WIDEST: Final = 4.0
"""A kernel is made at most this many times as wide; beyond that, an overview of the picture is
read, so that the work on one pixel has a limit."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """How the canvas at one pyramid level looks back at a picture.

    Attributes
    ----------
    back
        Canvas to picture, homogeneous; the third number is positive in front of the camera.
    shape
        (height, width) of the picture at the level that is read.
    level
        Of the canvas.
    deeper
        So many levels above that of the canvas the picture is read.
    taps
        The kernel, as wide as antialiasing wants it all over the canvas.
    density
        Pixels of the picture to one of the canvas, about.
    field
        Displacements that come before `back`.
    """

    back: Plane
    shape: tuple[int, int]
    level: int
    deeper: int
    taps: Taps
    density: float
    field: Field | None

    def positions(self, rect: Rect) -> tuple[Plane, Plane]:
        """Return where in the picture (columns, rows) the pixels of a rectangle look; (h, w) each.

        NaN behind the camera. Each depends on its own place alone, bit for bit.
        """
        x = np.arange(rect.col, rect.right, dtype=np.float64)
        y = np.arange(rect.row, rect.bottom, dtype=np.float64)[:, None]
        if self.field is None:
            u, v, w = ((r[0] * x) + (r[1] * y + r[2]) for r in self.back)
        else:
            dx, dy = self.field.over(rect, self.level)
            dx += x
            dy += y
            u, v, w = ((r[0] * dx) + (r[1] * dy + r[2]) for r in self.back)
        if not self.back[2, :2].any():
            if self.back[2, 2] != 1.0:
                u /= self.back[2, 2]
                v /= self.back[2, 2]
            return u, v
        if w.min() <= 0.0:
            w[w <= 0.0] = np.nan
        with np.errstate(over="ignore"):  # beside the horizon
            np.divide(u, w, out=u)
            np.divide(v, w, out=v)
        return u, v

    def needs(self, rect: Rect) -> Rect | None:
        """Return the part of the picture that a rectangle of the canvas sees; None for nothing.

        The rectangle is cut, in homogeneous coordinates, by the edges of the picture as far as
        they are repeated; so nothing is divided by what is near 0 at the horizon.
        """
        left, right, top, bottom = rect.col, rect.right - 1, rect.row, rect.bottom - 1
        moved = (0.0, 0.0, 0.0, 0.0) if self.field is None else self.field.bounds(rect, self.level)
        xs, ys = (left + moved[0], right + moved[1]), (top + moved[2], bottom + moved[3])
        corners = [(xs[0], ys[0]), (xs[1], ys[0]), (xs[1], ys[1]), (xs[0], ys[1])]
        polygon = [self.back @ (x, y, 1.0) for x, y in corners]
        margin = self.taps.reach + RIM + 1.0
        height, width = self.shape
        for edge in (
            (1.0, 0.0, margin), (-1.0, 0.0, width - 1.0 + margin),
            (0.0, 1.0, margin), (0.0, -1.0, height - 1.0 + margin),
        ):  # fmt: skip
            polygon = _cut(polygon, np.array(edge))
        seen = [(p[0] / p[2], p[1] / p[2]) for p in polygon if p[2] > 0.0]
        if not seen:
            return None
        # A pixel more: positions are rounded, and this is not the very way that they are made.
        reach = self.taps.reach + 1.0
        spans = [
            _span(min(p[i] for p in seen) - reach, max(p[i] for p in seen) + reach, length)
            for i, length in ((1, height), (0, width))
        ]
        (row, tall), (col, wide) = spans
        return Rect(row, col, tall, wide)


def view(
    source_shape: tuple[int, int], matrix: Matrix, level: int, kernel: Kernel,
    field: Field | None = None,
) -> View:  # fmt: skip
    """Return how the canvas looks back at a picture.

    Raises
    ------
    ValueError
        When the matrix is singular.
    """
    forward = np.asarray(matrix, np.float64)
    jacobian, w = _slope(forward, source_shape)
    if w < 0.0:  # the same map; the middle of the picture is in front
        forward = -forward
    shrink = 1.0 / max(float(np.linalg.svd(jacobian, compute_uv=False)[-1]), 1e-9)
    widen = shrink if shrink > 1.0 + SHRINKS else 1.0
    deepest = max(source_shape).bit_length()
    # Just over a power of two, by rounding, is that power.
    deeper = min(max(math.ceil(math.log2(widen / WIDEST) - 1e-6), 0), max(deepest - level, 0))
    small = 1.0 / (1 << deeper)
    half = (small - 1.0) / 2.0
    down = np.array([[small, 0.0, half], [0.0, small, half], [0.0, 0.0, 1.0]])
    rows = tuple(tuple(float(n) for n in row) for row in forward)
    back = down @ np.asarray(inverse(at_level(rows, level)))  # type: ignore[arg-type]  # three of three
    density = small * small / max(abs(float(np.linalg.det(jacobian))), 1e-12)
    taps = Taps(kernel, min(max(widen * small, 1.0), WIDEST))
    shape = level_shape(source_shape, level + deeper)
    return View(back, shape, level, deeper, taps, density, field)


def _slope(forward: Plane, shape: tuple[int, int]) -> tuple[Plane, float]:
    """Return the Jacobian of a map in the middle of a picture, and its third number there."""
    middle = np.array([(shape[1] - 1) / 2.0, (shape[0] - 1) / 2.0, 1.0])
    x, y, w = forward @ middle
    w = w if abs(w) > 1e-300 else 1e-300
    there = np.array([[x], [y]]) / w
    return (forward[:2, :2] - there * forward[2, :2]) / w, float(w)


def _cut(polygon: list[Plane], edge: Plane) -> list[Plane]:
    """Return the part of a polygon at which `edge` times a point is not negative."""
    kept = []
    for one, other in zip(polygon, [*polygon[1:], *polygon[:1]], strict=True):
        a, b = float(edge @ one), float(edge @ other)
        if a >= 0.0:
            kept.append(one)
        if (a < 0.0) != (b < 0.0):
            kept.append(one + (other - one) * (a / (a - b)))
    return kept


def _span(low: float, high: float, length: int) -> tuple[int, int]:
    """Return first and count of the pixels from `low` to `high` that there are; at least one."""
    first = min(max(math.floor(low), 0), length - 1)
    return first, max(min(math.ceil(high) + 1, length), first + 1) - first
