"""Reads a rectangle of the canvas out of a source picture, resampling it once and only if need be.

Weights are exact (float64, applied in float32, or in float64 to float64 pixels) and depend only on
the absolute canvas coordinate, so strips equal the whole. `cv2.warpAffine` and `cv2.remap` round
positions to 1/32 px, which shows as differences at every edge; they are not used.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from core.geometry import IDENTITY, Kernel, Matrix, at_level
from core.kernels import SUPPORT, weight
from core.pyramid import level_shape
from core.types import Mask, Pixels, Rect
from core.warp import warped

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from core.field import Field

_WHOLE: Final = 1e-9
"""A shift this close to a whole number of pixels is one: what rounding in products leaves."""
_CHUNK: Final = 1 << 18
"""Values of one piece of work when scaling: three buffers of it stay in the cache."""


@dataclass(frozen=True, slots=True)
class _Axis:
    """One direction of an axis-aligned map at a level: canvas = scale * source + shift."""

    scale: float
    shift: float
    length: int  # of the source
    kernel: Kernel

    @property
    def whole(self) -> int | None:
        """The shift when this direction only moves by whole pixels, else None."""
        near = round(self.shift)
        return near if self.scale == 1.0 and abs(self.shift - near) < _WHOLE else None

    @property
    def reach(self) -> float:
        """Half width of the footprint in source pixels; wider when shrinking (antialias)."""
        return SUPPORT[self.kernel] * max(1.0, 1.0 / self.scale)

    def valid(self) -> tuple[int, int]:
        """Return the first canvas coordinate that is valid and the first after the last."""
        if self.whole is not None:
            return self.whole, self.whole + self.length
        if self.scale == 1.0:
            # u = x - shift lies strictly between pixels and needs `taps / 2` on each side.
            margin = SUPPORT[self.kernel] - 1
            low, high = margin + self.shift, self.length - 1 - margin + self.shift
            return math.ceil(low), math.floor(high) + 1
        low = self.scale * -0.5 + self.shift
        high = self.scale * (self.length - 0.5) + self.shift
        return math.ceil(low - _WHOLE), math.floor(high + _WHOLE) + 1

    def needs(self, start: int, stop: int) -> tuple[int, int]:
        """Return the source range [first, last) behind canvas [start, stop), inside the source."""
        if self.whole is not None:
            first, last = start - self.whole, stop - self.whole
        else:
            reach = self.reach
            first = math.floor((start - self.shift) / self.scale - reach)
            last = math.ceil((stop - 1 - self.shift) / self.scale + reach) + 1
        return min(max(first, 0), self.length - 1), max(min(last, self.length), 1)

    def filter(self) -> tuple[NDArray[np.float64], int, int]:
        """Return the taps of a pure shift, the tap that stands on the anchor, and the whole part.

        Value at canvas x = sum of taps[j] * source[x + base + j - anchor].
        """
        whole = self.whole
        if whole is not None:
            return np.ones(1), 0, -whole
        base = math.floor(-self.shift)
        fraction = -self.shift - base
        half = SUPPORT[self.kernel]
        taps = weight(self.kernel, np.arange(1 - half, half + 1) - fraction)
        return taps / taps.sum(), half - 1, base

    def gather(self, start: int, stop: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return source indices and weights, both (stop - start, taps), of canvas coordinates.

        Beyond its edge the source goes on with its last pixel.
        """
        u = (np.arange(start, stop, dtype=np.float64) - self.shift) / self.scale
        reach, widen = self.reach, max(1.0, 1.0 / self.scale)
        # All whole positions strictly within the reach; at the reach itself a weight is 0.
        first = np.floor(u - reach) + 1.0
        positions: NDArray[np.float64] = first[:, None] + np.arange(math.ceil(2.0 * reach))
        weights = weight(self.kernel, (positions - u[:, None]) / widen)
        weights /= weights.sum(axis=1, keepdims=True)
        return np.clip(positions, 0, self.length - 1).astype(np.intp), weights


def fetch(
    read: Callable[[Rect, int], Pixels],
    source_shape: tuple[int, int],
    matrix: Matrix,
    rect: Rect,
    level: int,
    kernel: Kernel,
    field: Field | None = None,
) -> tuple[Pixels, Mask | None]:
    """Return a source's pixels over a rectangle of the canvas, and where they are valid.

    Parameters
    ----------
    read
        ``read(rect, level)`` returns (h, w) or (h, w, C) uint8, float32 or float64 pixels of a
        rectangle inside the source at a pyramid level.
    source_shape
        (height, width) of the source at full resolution.
    matrix
        Source to canvas at full resolution.
    rect
        Wanted rectangle of the canvas at `level`; may reach outside the source.
    level
        Pyramid level of both.
    kernel
        Used where a direction is not an integer shift.
    field
        Displacements on the canvas, before the inverse of the matrix.

    Returns
    -------
    pixels
        (rect.height, rect.width[, C]). Where both directions are integer shifts at this level: the
        source's own values and dtype (a view when the rectangle lies inside the source). Otherwise
        float32, or float64 from float64; cubic and Lanczos may overshoot 0...255. Invalid pixels
        hold repeated edge values, or 0 when the rectangle does not touch the source.
    valid
        (h, w) mask, or None when all is valid. Moved by a fraction of a pixel: valid where the
        kernel's whole footprint lies in the source. Scaled: the source's full extent maps onto
        its image, so every pixel centre in it is valid and the kernel sees repeated edge values.

    What is neither a shift nor a scale, nor without a field, is made by `core.warp`, which says
    what is valid there.

    Raises
    ------
    ValueError
        When the matrix is singular.
    """
    height, width = level_shape(source_shape, level)
    if matrix == IDENTITY and field is None and rect.intersect(Rect(0, 0, height, width)) == rect:
        return read(rect, level), None
    if field is not None or not straight(matrix):
        return warped(read, source_shape, matrix, rect, level, kernel, field)
    (sx, _, tx), (_, sy, ty), _ = at_level(matrix, level)
    rows, cols = _Axis(sy, ty, height, kernel), _Axis(sx, tx, width, kernel)
    valid_rows, valid_cols = rows.valid(), cols.valid()
    good = Rect(
        valid_rows[0], valid_cols[0], valid_rows[1] - valid_rows[0], valid_cols[1] - valid_cols[0]
    ).intersect(rect)
    source = _source(rows, cols, rect)
    pixels = read(source, level)
    if good.empty:
        shape = (rect.height, rect.width, *pixels.shape[2:])
        dtype = pixels.dtype if rows.whole is not None and cols.whole is not None else _real(pixels)
        return np.zeros(shape, dtype), np.zeros(shape[:2], np.uint8)
    if rows.scale == 1.0 and cols.scale == 1.0:
        pixels = _shifted(pixels, source, rows, cols, rect)
    else:
        pixels = _scaled(pixels, source, rows, cols, rect)
    if good == rect:
        return pixels, None
    valid = np.zeros((rect.height, rect.width), np.uint8)
    valid[good.within(rect)] = 255
    return pixels, valid


def straight(matrix: Matrix) -> bool:
    """Whether a matrix only shifts and scales."""
    (sx, xy, _), (yx, sy, _), last = matrix
    return not (xy or yx) and last == (0.0, 0.0, 1.0) and sx > 0.0 and sy > 0.0


def _source(rows: _Axis, cols: _Axis, rect: Rect) -> Rect:
    top, bottom = rows.needs(rect.row, rect.bottom)
    left, right = cols.needs(rect.col, rect.right)
    top, left = min(top, bottom - 1), min(left, right - 1)
    return Rect(top, left, bottom - top, right - left)


def _real(pixels: Pixels) -> np.dtype[Any]:
    return np.dtype(np.float64 if pixels.dtype == np.float64 else np.float32)


def _shifted(pixels: Pixels, source: Rect, rows: _Axis, cols: _Axis, rect: Rect) -> Pixels:
    """Move by whole pixels (slices) or by fractions (one separable filter)."""
    taps_y, anchor_y, base_y = rows.filter()
    taps_x, anchor_x, base_x = cols.filter()
    if taps_y.size > 1 or taps_x.size > 1:
        real = _real(pixels)
        pixels = cv2.sepFilter2D(
            pixels.astype(real, copy=False), -1, taps_x, taps_y, anchor=(anchor_x, anchor_y),
            borderType=cv2.BORDER_REPLICATE | cv2.BORDER_ISOLATED,
        )  # fmt: skip
    wanted = rect.shift(base_y, base_x)
    inside = wanted.intersect(source)
    cut = pixels[inside.within(source)]
    if inside == wanted:
        return cut
    return cv2.copyMakeBorder(
        cut, inside.row - wanted.row, wanted.bottom - inside.bottom,
        inside.col - wanted.col, wanted.right - inside.right, cv2.BORDER_REPLICATE,
    )  # fmt: skip


def _scaled(pixels: Pixels, source: Rect, rows: _Axis, cols: _Axis, rect: Rect) -> Pixels:
    """Resample rows, transpose, resample columns, transpose back."""
    real = pixels.astype(_real(pixels), copy=False)
    tall = _gathered(real, rows, source.row, rect.row, rect.bottom)
    wide = _gathered(_flipped(tall), cols, source.col, rect.col, rect.right)
    return _flipped(wide)


def _flipped(pixels: Pixels) -> Pixels:
    if pixels.ndim == 2 or pixels.shape[2] <= 4:
        return cv2.transpose(pixels)
    return np.ascontiguousarray(np.swapaxes(pixels, 0, 1))


def _gathered(pixels: Pixels, axis: _Axis, origin: int, start: int, stop: int) -> Pixels:
    """Return canvas rows start...stop of source rows that begin at `origin`."""
    if axis.whole is not None:
        rows = np.arange(start, stop) - axis.whole - origin
        return pixels.take(rows, axis=0, mode="clip")
    index, weights = axis.gather(start, stop)
    # A row whose window is cut by the strip has weight 0 there; clip keeps its index legal.
    index = np.clip(index - origin, 0, pixels.shape[0] - 1)
    flat = np.ascontiguousarray(pixels).reshape(pixels.shape[0], -1)
    share = weights.astype(pixels.dtype)[:, :, None]
    out = np.empty((stop - start, flat.shape[1]), pixels.dtype)
    step = max(1, _CHUNK // max(1, flat.shape[1]))
    for row in range(0, stop - start, step):
        part = out[row : row + step]
        part[...] = 0
        for tap in range(index.shape[1]):
            taken = flat.take(index[row : row + step, tap], axis=0)
            taken *= share[row : row + step, tap]
            part += taken
    return out.reshape(stop - start, *pixels.shape[1:])
