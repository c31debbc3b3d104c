"""A field of displacements: how B is bent after its matrix."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.types import Rect

    Plane = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Field:
    """Displacements at the nodes of a grid, bilinear between them and constant beyond them.

    The point p of the canvas shows B where the inverse of B's matrix takes p + shift(p).

    Attributes
    ----------
    shift
        (rows, cols, 2) of (dx, dy) in pixels of the full canvas; kept as a read-only float32 copy.
    step
        Distance of neighbouring nodes in pixels of the full canvas.
    origin
        Node (i, j) lies at x = origin + j * step, y = origin + i * step, pixel centres at
        integers; (step - 1) / 2 where nodes are the pixel centres of an overview.
    digest
        Of the shifts: what equality and hash go by, beside step and origin.

    Raises
    ------
    ValueError
        When there is no node, a shift is not finite, or the step is not positive.
    """

    shift: NDArray[np.float32]
    step: float
    origin: float
    digest: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Copy the shifts, so that nobody can change them."""
        shift = np.array(self.shift, np.float32, order="C", copy=True)
        if shift.ndim != 3 or shift.shape[2] != 2 or not shift.size or not self.step > 0.0:
            msg = "a field is (rows, cols, 2) of at least one node, a positive step apart"
            raise ValueError(f"{msg}, not {shift.shape} and {self.step}")
        if not np.isfinite(shift).all():
            raise ValueError("a field's displacements must be finite")
        shift += np.float32(0.0)  # -0.0 and 0.0 are the same displacement
        shift.setflags(write=False)
        object.__setattr__(self, "shift", shift)
        shape = repr(shift.shape).encode()
        object.__setattr__(self, "digest", hashlib.sha256(shape + shift.tobytes()).digest())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Field):
            return NotImplemented
        return self._identity == other._identity

    def __hash__(self) -> int:
        return hash(self._identity)

    @property
    def _identity(self) -> tuple[Any, ...]:
        return self.digest, float(self.step), float(self.origin)

    def over(self, rect: Rect, level: int = 0) -> tuple[Plane, Plane]:
        """Return dx and dy at the pixels of a rectangle of the canvas at a pyramid level.

        (h, w) float64, in pixels of that level. Each depends on its own place alone, bit for bit.
        """
        rows, part_y = self._between(rect.row, rect.bottom, level, 0)
        cols, part_x = self._between(rect.col, rect.right, level, 1)
        left, right = int(cols[0]), int(cols[-1]) + 2
        there, last = cols - left, self.shift.shape[0] - 1
        made = []
        for axis in (0, 1):
            near = self.shift[:, left:right, axis]
            tall = near[rows].astype(np.float64)
            tall += (near[np.minimum(rows + 1, last)] - tall) * part_y[:, None]
            tall /= float(1 << level)
            # Where there is one node only the next one is the same, and no part of it is taken.
            steps = np.diff(tall, axis=1, append=tall[:, -1:])
            plane = steps.take(there, axis=1)
            plane *= part_x
            plane += tall.take(there, axis=1)
            made.append(plane)
        return made[0], made[1]

    def bounds(self, rect: Rect, level: int = 0) -> tuple[float, float, float, float]:
        """Return the least and most dx, then dy, over a rectangle at a level (or a bit beyond)."""
        rows, _ = self._between(rect.row, rect.bottom, level, 0)
        cols, _ = self._between(rect.col, rect.right, level, 1)
        near = self.shift[rows[0] : rows[-1] + 2, cols[0] : cols[-1] + 2] / (1 << level)
        dx, dy = near[:, :, 0], near[:, :, 1]
        return float(dx.min()), float(dx.max()), float(dy.min()), float(dy.max())

    def _between(
        self, start: int, stop: int, level: int, axis: int
    ) -> tuple[NDArray[np.intp], Plane]:
        """Return which node is before each pixel of one direction, and how far after it."""
        scale = float(1 << level)
        full = (np.arange(start, stop) + 0.5) * scale - 0.5
        last = self.shift.shape[axis] - 1
        at = np.clip((full - self.origin) / self.step, 0.0, float(last))
        before = np.minimum(at.astype(np.intp), max(last - 1, 0))
        return before, at - before
