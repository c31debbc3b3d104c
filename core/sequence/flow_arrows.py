"""Flow as arrows: one for each square of a grid, the median of what is trusted in it.

Movements that cannot be told from noise get none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from core.alignment.quiver import Quiver
from core.alignment.types import Arrow
from core.sequence.flow import NOISE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.sequence.flow import FlowField

ACROSS: Final = 24
"""Arrows along the longer side of the picture, about."""
SHORT: Final = 0.06
"""Of the longest: what is shorter would be a dot beside it, and is left out."""
SHARE: Final = 0.5
"""Of a square that must be trusted."""


def arrows(field: FlowField, across: int = ACROSS, *, onto_a: bool = False) -> Quiver:
    """Return the arrows of a flow: x, y from the edge of the full picture, dx, dy in its px.

    Parameters
    ----------
    field
        The flow.
    across
        Squares along the longer side, about.
    onto_a
        Whether they show how things came to their places in A from those in B, and end there; else
        where they went in B.
    """
    height, width = field.trusted.shape
    side = max(round(max(height, width) / across), 1)
    x, y = (_medians(field.vectors[..., i], field.trusted, side) for i in (1, 0))
    sign = -1.0 if onto_a else 1.0
    lengths = np.hypot(x, y)
    longest = np.max(lengths, where=np.isfinite(lengths), initial=0.0)
    kept = lengths >= max(NOISE * max(field.scale), SHORT * longest)  # never where it is nan
    down, right = field.scale
    found = tuple(
        Arrow(
            float((min((col + 0.5) * side, (col * side + width) / 2)) * right),
            float((min((row + 0.5) * side, (row * side + height) / 2)) * down),
            sign * float(x[row, col]),
            sign * float(y[row, col]),
        )
        for row, col in np.argwhere(kept)
    )
    some = lengths[kept]
    return Quiver(
        found,
        (),
        float(np.median(some)) if some.size else float("nan"),
        float(some.max()) if some.size else float("nan"),
        0,
        side * min(field.scale) if found else 0.0,
        onto_a,
    )


def _medians(values: NDArray[Any], trusted: NDArray[np.bool_], side: int) -> NDArray[np.float64]:
    """Return the median of each square of a plane; nan where too little of it is trusted."""
    rows, cols = (-(-n // side) for n in values.shape)
    beyond = [(0, n * side - m) for n, m in zip((rows, cols), values.shape, strict=True)]
    padded = np.pad(np.where(trusted, values, np.inf), beyond, constant_values=np.inf)
    there = np.pad(np.ones(values.shape, np.bool_), beyond)
    squares = np.sort(_squares(padded, rows, cols, side), axis=-1)
    known = np.isfinite(squares).sum(axis=-1)
    low, high = np.maximum(known - 1, 0) // 2, np.minimum(known // 2, squares.shape[-1] - 1)
    ends = [np.take_along_axis(squares, i[..., None], -1)[..., 0] for i in (low, high)]
    enough = known >= np.maximum(SHARE * _squares(there, rows, cols, side).sum(axis=-1), 1)
    middle = np.full((rows, cols), np.nan)
    middle[enough] = (ends[0][enough] + ends[1][enough]) / 2
    return middle


def _squares(plane: NDArray[Any], rows: int, cols: int, side: int) -> NDArray[Any]:
    """Return (rows, cols, side²) of a plane of rows · side by cols · side."""
    return plane.reshape(rows, side, cols, side).swapaxes(1, 2).reshape(rows, cols, side * side)
