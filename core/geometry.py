"""How B is laid on A: a canvas, one matrix a picture, and what must be said about it.

A matrix maps the pixel centre (x, y, 1) of a source to the same point of the canvas, pixel centres
at integers. Stages that move a picture only multiply matrices; `core.resample` reads the pixels
once, at the end.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from core.alignment.types import Alignment
    from core.field import Field
    from core.types import Notice

Matrix = tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]
"""3x3 rows of Python floats: can be compared and hashed exactly."""

IDENTITY: Final[Matrix] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))

_WHOLE: Final = 1e-9
"""A shift this little off a whole number of pixels is one."""


class Kernel(StrEnum):
    """How values between pixel centres are found."""

    LINEAR = "linear"
    CUBIC = "cubic"
    LANCZOS = "lanczos"


@dataclass(frozen=True)
class Placement:
    """Where both pictures lie on the canvas.

    Attributes
    ----------
    shape
        (height, width) of the canvas at full resolution.
    a, b
        Source to canvas; `a` is an integer translation, so A's values are never changed.
    kernel
        How B is resampled where it is not moved by whole pixels alone.
    notices
        What a person must be told.
    alignment
        What align found; None when it is off.
    size_mismatch
        Whether the pictures have different sizes.
    summaries
        Name of a Params group -> a few words for beside its toggle. Takes no part in equality and
        hash: it follows from the rest.
    field
        How B is bent beside `b`: the canvas at p shows B where the inverse of `b` takes
        p + shift(p). None where it is not bent.
    """

    shape: tuple[int, int]
    a: Matrix = IDENTITY
    b: Matrix = IDENTITY
    kernel: Kernel = Kernel.CUBIC
    notices: tuple[Notice, ...] = ()
    alignment: Alignment | None = None
    size_mismatch: bool = False
    summaries: Mapping[str, str] = dataclasses.field(default_factory=dict, compare=False)
    field: Field | None = None

    def replace(self, **changes: Any) -> Placement:
        """Return a copy with some fields changed."""
        return replace(self, **changes)


def is_whole(matrix: Matrix) -> bool:
    """Return whether a picture is moved by whole pixels alone, so that its values stay."""
    (sx, xy, tx), (yx, sy, ty), last = matrix
    if (sx, xy, yx, sy) != (1.0, 0.0, 0.0, 1.0) or last != (0.0, 0.0, 1.0):
        return False
    return all(abs(t - round(t)) < _WHOLE for t in (tx, ty))


def translation(dx: float, dy: float) -> Matrix:
    """Return the matrix that moves a picture `dx` px to the right and `dy` px down."""
    return (1.0, 0.0, float(dx)), (0.0, 1.0, float(dy)), (0.0, 0.0, 1.0)


def scaling(sx: float, sy: float) -> Matrix:
    """Return the matrix that scales a picture so that its outer edges stay on the scaled edges.

    Pixel centres are at integers, edges at half-integers: x' + 0.5 = sx (x + 0.5).
    """
    return (
        (float(sx), 0.0, (sx - 1.0) / 2.0),
        (0.0, float(sy), (sy - 1.0) / 2.0),
        (0.0, 0.0, 1.0),
    )


def as_matrix(array: NDArray[np.float64]) -> Matrix:
    """Return a 3x3 array as a hashable Matrix; -0.0 becomes 0.0."""
    rows = [[float(v) + 0.0 for v in row] for row in array]
    return (
        (rows[0][0], rows[0][1], rows[0][2]),
        (rows[1][0], rows[1][1], rows[1][2]),
        (rows[2][0], rows[2][1], rows[2][2]),
    )


def multiply(second: Matrix, first: Matrix) -> Matrix:
    """Return the matrix that applies `first`, then `second`."""
    return as_matrix(np.asarray(second, np.float64) @ np.asarray(first, np.float64))


def inverse(matrix: Matrix) -> Matrix:
    """Return the matrix that undoes another.

    Raises
    ------
    ValueError
        When the matrix is singular.
    """
    try:
        return as_matrix(np.linalg.inv(np.asarray(matrix, np.float64)))
    except np.linalg.LinAlgError:
        raise ValueError(f"the matrix {matrix} cannot be inverted") from None


def at_level(matrix: Matrix, level: int) -> Matrix:
    """Return the matrix that relates pixel centres of pyramid level `level`.

    Pixel x of the full picture lies at (x + 0.5) / 2**level - 0.5 of the level, because a level's
    pixel covers 2**level pixels of the full one.
    """
    if level == 0:
        return matrix
    step = float(1 << level)
    half = (1.0 / step - 1.0) / 2.0
    down: Matrix = ((1.0 / step, 0.0, half), (0.0, 1.0 / step, half), (0.0, 0.0, 1.0))
    up: Matrix = (
        (step, 0.0, (step - 1.0) / 2.0),
        (0.0, step, (step - 1.0) / 2.0),
        (0.0, 0.0, 1.0),
    )
    return multiply(down, multiply(matrix, up))
