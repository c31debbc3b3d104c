"""How values are mapped: along a straight line, or by a table. Bytes are looked up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from core.stages._levels import TOP
from core.types import SCALE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.types import Pixels

    Floats = NDArray[np.float64]
    Span = tuple[float, float]

WIDE: Final = np.dtype(np.float64)


@dataclass(frozen=True, slots=True)
class Line:
    """``(x - sub) * mul / div + add``, in that order, in float64.

    One number for all channels, or one for each.
    """

    sub: tuple[float, ...] = (0.0,)
    mul: tuple[float, ...] = (1.0,)
    div: tuple[float, ...] = (1.0,)
    add: tuple[float, ...] = (0.0,)
    clip: bool = False

    def __call__(self, pixels: Pixels, real: np.dtype[Any] = WIDE) -> Pixels:
        """Return pixels of a float dtype; the same ones when nothing is to be done."""
        if self == Line():
            return pixels.astype(real, copy=False)
        if _many_bytes(pixels):
            return _looked_up(self, pixels, real)
        wide: Pixels = pixels.astype(real)
        flat = wide.reshape(wide.shape[0], -1)  # a channel axis of 3 would make each step slow
        for step, values, idle in (
            (np.subtract, self.sub, 0.0), (np.multiply, self.mul, 1.0),
            (np.divide, self.div, 1.0), (np.add, self.add, 0.0),
        ):  # fmt: skip
            if any(v != idle for v in values):
                row = np.asarray(values if len(values) == 1 else np.tile(values, pixels.shape[1]))
                step(flat, row.astype(real), out=flat)
        return np.clip(wide, 0.0, SCALE, out=wide) if self.clip else wide


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """What is added to each value: (C, 65536) levels over a span, straight lines in between."""

    delta: Floats
    span: Span

    def __call__(self, pixels: Pixels, real: np.dtype[Any] = WIDE) -> Pixels:
        """Return new pixels of a float dtype; values outside the span get what its ends get."""
        if _many_bytes(pixels):
            return _looked_up(self, pixels, real)
        planes = [pixels] if pixels.ndim == 2 else cv2.split(pixels)
        done = [self._plane(p, d, real) for p, d in zip(planes, self.delta, strict=True)]
        return done[0] if pixels.ndim == 2 else cv2.merge(done)

    def _plane(self, plane: Pixels, delta: Floats, real: np.dtype[Any]) -> Pixels:
        low, high = self.span
        out: Pixels = plane.astype(real)
        place = np.clip((out - low) * (TOP / (high - low)), 0, TOP)
        index = place.astype(np.int32)
        place -= index
        place *= np.diff(delta, append=delta[-1])[index]
        out += delta[index]
        out += place
        return out


def _many_bytes(pixels: Pixels) -> bool:
    return pixels.dtype == np.uint8 and pixels.shape[0] * pixels.shape[1] > 256


def _looked_up(mapping: Line | Table, pixels: Pixels, real: np.dtype[Any]) -> Pixels:
    """Map each of the 256 levels once, and look them up."""
    levels = np.arange(256, dtype=np.uint8).reshape(1, 256)
    table = mapping(levels if pixels.ndim == 2 else cv2.merge([levels] * pixels.shape[2]), real)
    return cv2.LUT(pixels, table)
