"""Values of a picture at positions between its pixels: the work on one block of positions.

Everything is done one element at a time, so a value depends on its own position and on the pixels
around it alone, never on the block that it is made in: separate products and sums, because a sum
that is fused with its product is rounded once or twice depending on where in an array it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from core.kernels import SUPPORT, planes, widened
from core.types import Rect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.geometry import Kernel
    from core.kernels import Plane
    from core.types import Mask, Pixels

WHOLE: Final = 1e-9
"""A position this close to a pixel's centre is on it: what rounding in products leaves."""
BLOCK: Final = 1 << 16
"""Positions of one block. In smaller ones, whose planes would stay in the cache, threads spend more
time on waiting for each other between short calls."""
RIM: Final = 16
"""Pixels beyond the kernel's reach that the edges of a picture are repeated for."""


@dataclass(frozen=True, slots=True)
class Taps:
    """How a kernel looks at the pixels around a position.

    Attributes
    ----------
    kernel
        Its weights.
    widen
        How many times as wide it is, to antialias; 1 when nothing shrinks.
    """

    kernel: Kernel
    widen: float = 1.0

    @property
    def half(self) -> int:
        """Half width of the kernel before it is widened: what validity is decided by."""
        return SUPPORT[self.kernel]

    @property
    def reach(self) -> float:
        """Half width of the footprint in source pixels."""
        return self.half * self.widen

    @property
    def count(self) -> int:
        """How many taps there are in one direction."""
        return int(np.ceil(2.0 * self.reach))

    def split(self, at: NDArray[np.float64], dtype: np.dtype[Any]) -> tuple[Plane, list[Plane]]:
        """Return the first taps (whole, float64) of positions in one direction, and all weights."""
        if self.widen == 1.0:
            first = np.floor(at + WHOLE)
            fraction = cv2.threshold(at - first, WHOLE, 0.0, cv2.THRESH_TOZERO)[1]
            first -= self.half - 1.0
            return first, planes(self.kernel, fraction.astype(dtype, copy=False))
        first = np.floor(at - self.reach)
        first += 1.0
        offset = (first - at).astype(dtype, copy=False)
        return first, widened(self.kernel, offset, self.count, self.widen)


def inside(at: NDArray[np.float64], length: int, half: int) -> Mask | None:
    """Return where a kernel's footprint lies in 0...length - 1; None when it does everywhere.

    On a pixel's centre the kernel looks at that pixel alone. Not finite is outside.
    """
    low, high = half - 1.0 - WHOLE, length - half + WHOLE
    if at.min() >= low and at.max() <= high:
        return None
    near = np.rint(at)
    with np.errstate(invalid="ignore"):  # infinity minus itself
        centred = (np.abs(at - near) <= WHOLE) & (near >= 0.0) & (near <= length - 1.0)
    good = centred | ((at >= low) & (at <= high))
    return None if good.all() else good.view(np.uint8) * np.uint8(255)


def block(
    pixels: Pixels, area: Rect, shape: tuple[int, int], u: NDArray[np.float64],
    v: NDArray[np.float64], taps: Taps, out: Pixels,
) -> Mask | None:  # fmt: skip
    """Fill `out` with a picture's values at one block of positions; return where they are valid.

    Parameters
    ----------
    pixels
        What was read of the picture; finite.
    area
        Where that lies in the picture; it holds every tap that is in the picture at all.
    shape
        (height, width) of the picture.
    u, v
        (h, w) positions: columns and rows of the picture; anything, also not finite.
    taps
        The kernel.
    out
        (h, w) or (h, w, C) float32 or float64.

    Returns
    -------
    Mask | None
        255 where the whole footprint (of the kernel before it is widened) lies in the picture; None
        when it does everywhere. Near the picture the rest holds repeated edges, else 0.
    """
    valid_u, valid_v = inside(u, shape[1], taps.half), inside(v, shape[0], taps.half)
    far: NDArray[np.bool_] | None = None
    if valid_u is not None or valid_v is not None:
        reach = taps.reach + RIM
        far = ~((np.abs(u - (shape[1] - 1) / 2) <= (shape[1] - 1) / 2 + reach)
                & (np.abs(v - (shape[0] - 1) / 2) <= (shape[0] - 1) / 2 + reach))  # fmt: skip
        if far.all():
            out[...] = 0
            return np.zeros(u.shape, np.uint8)
        near = int(np.argmin(far))  # what is far looks where another pixel of the block does
        u, v = np.where(far, u.flat[near], u), np.where(far, v.flat[near], v)
    real = out.dtype
    cols, weights_x = taps.split(u.reshape(1, -1), real)
    rows, weights_y = taps.split(v.reshape(1, -1), real)
    seen = Rect(int(rows.min()), int(cols.min()), 0, 0)
    seen = Rect(
        seen.row, seen.col,
        int(rows.max()) - seen.row + taps.count, int(cols.max()) - seen.col + taps.count,
    )  # fmt: skip
    channels = _channels(pixels, area, seen, real)
    width = float(seen.width)
    # Whole numbers far below 2**53: exact.
    start = cv2.addWeighted(rows, width, cols, 1.0, -(seen.row * width + seen.col))
    made = _weighed(channels, seen.width, start.ravel().astype(np.intp), weights_x, weights_y)
    _put(made, out)
    if far is not None and far.any():
        out[far] = 0
    if valid_u is None or valid_v is None:
        return valid_v if valid_u is None else valid_u
    return np.bitwise_and(valid_u, valid_v)


def _channels(pixels: Pixels, area: Rect, seen: Rect, real: np.dtype[Any]) -> Pixels:
    """Return (C, h * w) real values of a part of a picture, its edges repeated."""
    if seen.intersect(area) == seen:
        part = pixels[seen.within(area)]
    else:
        rows = np.clip(np.arange(seen.row, seen.bottom), area.row, area.bottom - 1) - area.row
        cols = np.clip(np.arange(seen.col, seen.right), area.col, area.right - 1) - area.col
        part = pixels[np.ix_(rows, cols)]
    if part.ndim == 2:
        return part.astype(real).reshape(1, -1)
    made = np.empty((part.shape[2], *part.shape[:2]), real)
    known = part.dtype in (np.uint8, np.uint16, np.float32, np.float64)
    split = cv2.split(part) if known else [part[:, :, i] for i in range(part.shape[2])]
    for plane, channel in zip(made, split, strict=True):
        plane[...] = channel
    return made.reshape(part.shape[2], -1)


def _weighed(
    channels: Pixels, width: int, start: NDArray[np.intp], weights_x: list[Plane],
    weights_y: list[Plane],
) -> Pixels:  # fmt: skip
    """Return (C, n) sums of the taps: along rows first, then over the rows."""
    size = len(channels), start.size
    total, line, taken = (np.empty(size, channels.dtype) for _ in range(3))
    for i, weight_y in enumerate(weights_y):
        for j, weight_x in enumerate(weights_x):
            into = taken if j else line
            for channel, values in enumerate(channels):
                # The same places, moved by whole rows and columns of taps; none is outside.
                values[i * width + j :].take(start, out=into[channel], mode="clip")
            np.multiply(into, weight_x, out=into)
            if j:
                np.add(line, taken, out=line)
        if i:
            np.multiply(line, weight_y, out=line)
            np.add(total, line, out=total)
        else:
            np.multiply(line, weight_y, out=total)
    return total


def _put(channels: Pixels, out: Pixels) -> None:
    """Write (C, h * w) channels into (h, w) or (h, w, C)."""
    shape = out.shape[:2]
    if out.ndim == 2:
        out[...] = channels[0].reshape(shape)
    else:
        cv2.merge([c.reshape(shape) for c in channels], out)
