"""The comparison of 11 x 11 windows that SSIM and MS-SSIM are made of.

Wang, Bovik, Sheikh, Simoncelli, Image quality assessment: from error visibility to structural
similarity, 2004, DOI 10.1109/TIP.2003.819861, with that paper's constants: Gaussian window with
σ 1.5, cut to 11 x 11, K1 0.01, K2 0.03, data range 255, variances over the weights' sum.

With s = A + B and d = A - B the two factors of the paper are 1 - u (luminance) and 1 - v (contrast
and structure), where (m the weighted mean of the window, V the weighted variance)

    u = 2 m(d)² / (m(s)² + m(d)² + 2 C1)        v = 2 V(d) / (V(s) + V(d) + 2 C2)

so 1 - SSIM = u + v - u v. Equal windows give exactly 0 for u and v, and float32 serves for the
blurs: where pictures are alike, V(d) has nothing to cancel. It takes four of them: of s, d, d² and
s² + d², as V(s) + V(d) is needed in one piece. Of bytes A and B are blurred in place of s and d.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from core.types import Rect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.types import Mask, Pixels

RADIUS: Final = 5
"""The window is 2 * RADIUS + 1 pixels wide: σ 1.5 cut at 3.5 σ, rounded."""
SIGMA: Final = 1.5
C1: Final = (0.01 * 255.0) ** 2
C2: Final = (0.03 * 255.0) ** 2

_TILE: Final = (128, 1024)
"""About the inner part of a tile, its channels side by side: with less, the calls cost too much."""
_PLANES: Final = 5
_KERNEL: Final = cv2.getGaussianKernel(2 * RADIUS + 1, SIGMA, cv2.CV_64F)
_WINDOW: Final = np.ones((2 * RADIUS + 1, 2 * RADIUS + 1), np.uint8)
_INNER: Final = (slice(None), slice(RADIUS, -RADIUS), slice(RADIUS, -RADIUS))

# float32 blurs leave an error of some 4e-8 m(d)² / (V(s) + V(d) + 2 C2) in v. A tile in which that
# ratio is above _RISK on average is done again in float64. _SAFE is a largest |d| below which the
# ratio cannot get there: the mean that is subtracted at most doubles it, and 60² / 2 C2 is 31,
# though only when half of a flat tile has it and the other half its opposite. It is subtracted
# from _OFFSET on, as 16² / 2 C2 is 2.
_RISK: Final = 10.0
_SAFE: Final = 30.0
_OFFSET: Final = 16.0
# V(s) has an error of some 4e-8 m(s)², at most 0.04 against 2 C2 = 117 while |s| is below 1024.
_BRIGHT: Final = 512.0


def deficits(
    a: Pixels, b: Pixels, valid: Mask | None, place: Rect, target: Rect, *,
    luminance: bool = True, apart: bool = False,
) -> tuple[list[Pixels], Mask]:  # fmt: skip
    """Return 1 - SSIM at each pixel of a rectangle, and where it is known.

    Parameters
    ----------
    a, b
        (H, W) or (H, W, C), the same dtype: uint8, float32 or float64, 0...255 scale, any range;
        finite.
    valid
        (H, W) mask of what counts; None means everywhere. The rest may hold anything.
    place
        Where a and b lie.
    target
        What is wanted, in the same coordinates. a and b should reach `RADIUS` beyond it, less where
        the picture ends.
    luminance
        Whether the luminance factor takes part; without it 1 - contrast times structure is
        returned.
    apart
        Return a plane for each channel, not one with their mean.

    Returns
    -------
    planes
        (h, w) float32 over `target`; exactly 0 where a whole window holds no difference, and where
        `counted` is 0. Rounding may leave values a hair below 0.
    counted
        (h, w) mask of the pixels whose whole window is valid and within a and b.
    """
    channels = 1 if a.ndim == 2 else a.shape[2]
    shape = (target.height, target.width)
    planes = [np.zeros(shape, np.float32) for _ in range(channels if apart else 1)]
    counted: Mask = np.zeros(shape, np.uint8)
    kept: _Buffers | None = None
    tiles = list(_tiles(target.grow(RADIUS).intersect(place), channels))
    for tile in tiles:
        cut, to = tile.within(place), tile.grow(-RADIUS).within(target)
        mask = None if valid is None else valid[cut]
        whole = _whole_windows(mask)
        counted[to] = 255 if whole is None else whole
        if whole is not None and not cv2.countNonZero(whole):
            continue
        x, y = a[cut], b[cut]
        if whole is not None:
            x, y = cv2.bitwise_and(x, x, mask=mask), cv2.bitwise_and(y, y, mask=mask)
        largest = cv2.norm(x, y, cv2.NORM_INF)
        if largest == 0:
            continue
        kept = kept or _Buffers(tiles[0], channels)  # no other is larger
        found = _of_tile(x, y, largest, kept, luminance)[_INNER]
        parts = [plane[to] for plane in planes]
        if apart or channels == 1:
            for part, values in zip(parts, found, strict=True):
                np.copyto(part, values)
        else:
            (mean,), weight = parts, 1 / channels
            cv2.addWeighted(found[0], weight, found[1], weight, 0.0, mean)
            for values in found[2:]:
                cv2.scaleAdd(values, weight, mean, mean)
        if whole is not None:
            for part in parts:
                part[whole == 0] = 0
    return planes, counted


class _Buffers:
    """Working memory for tiles up to the size of one: kept, as new memory takes longer to fill."""

    def __init__(self, tile: Rect, channels: int) -> None:
        self._area = tile.area * channels
        self._kept: dict[tuple[int, np.dtype[Any]], Pixels] = {}

    def planes(self, count: int, dtype: Any, rows: int, cols: int) -> Pixels:
        """Return (count * rows, cols) values, which may be those of an earlier call alike."""
        key = count, np.dtype(dtype)
        if key not in self._kept:
            self._kept[key] = np.empty(count * self._area, dtype)
        return self._kept[key][: count * rows * cols].reshape(count * rows, cols)


def _tiles(window: Rect, channels: int) -> Iterator[Rect]:
    """Yield overlapping rectangles whose inner parts cover all pixels that have a whole window.

    They are of even size, the last ones smaller, as what blurs reach beyond a low one costs most.
    """
    height, width = window.height - 2 * RADIUS, window.width - 2 * RADIUS
    if height <= 0 or width <= 0:
        return
    most = _TILE[0], _TILE[1] // channels
    rows, cols = (-(-n // max(round(n / t), 1)) for n, t in zip((height, width), most, strict=True))
    for row in range(0, height, rows):
        for col in range(0, width, cols):
            inner = Rect(row, col, min(rows, height - row), min(cols, width - col))
            yield inner.shift(window.row + RADIUS, window.col + RADIUS).grow(RADIUS)


def _whole_windows(mask: Mask | None) -> Mask | None:
    """Return which inner pixels of a tile have a whole valid window; None: all."""
    if mask is None or cv2.countNonZero(mask) == mask.size:
        return None
    return np.ascontiguousarray(cv2.erode(mask, _WINDOW)[_INNER[1:]], np.uint8)


def _of_tile(x: Pixels, y: Pixels, largest: float, kept: _Buffers, luminance: bool) -> Pixels:
    """Return u + v - u v, or v alone, of a tile: (C, h, w) float32 in kept memory, right inside.

    Parameters
    ----------
    x, y
        (h, w) or (h, w, C), the same dtype, finite; 0 where invalid.
    largest
        Largest |x - y|.
    """
    peak = 0.0
    if x.dtype != np.uint8:
        peak = max(_peak(x), _peak(y))
        x, y = _as_bytes(x, y)
    height, width = x.shape[:2]
    shape = x.size // (height * width), height, width
    # The channels lie below one another, so that one call does them all. What a blur draws over
    # from the next plane stays within RADIUS rows, which are not inner pixels.
    rows = shape[0] * height
    pair = kept.planes(2, x.dtype, rows, width)
    for side, half in ((x, pair[:rows]), (y, pair[rows:])):
        cv2.split(side, list(half.reshape(shape)))
    wide = peak > _BRIGHT
    found = _blurred(pair, kept, wide)
    if not wide and largest > _SAFE and _risky(found, shape):
        found = _blurred(pair, kept, True)
    out = _combined(found, luminance)
    return out.astype(np.float32, copy=False).reshape(shape)


def _peak(pixels: Pixels) -> float:
    return float(cv2.norm(pixels, cv2.NORM_INF))


def _as_bytes(x: Pixels, y: Pixels) -> tuple[Pixels, Pixels]:
    """Return both as bytes where they hold nothing else: then depth cannot change the answer."""
    found: list[Pixels] = []
    for pixels in (x, y):
        some = pixels[::8, ::8]
        if not np.array_equal(some, np.rint(some)):  # says no to most without a look at all
            return x, y
        whole = cv2.convertScaleAbs(pixels)
        if not np.array_equal(whole, pixels):
            return x, y
        found.append(whole)
    return found[0], found[1]


@dataclass(slots=True, eq=False)
class _Blurred:
    """What is left of a tile's windows, (rows, w) float32 or float64; free to be drawn over.

    Attributes
    ----------
    s, d
        m(s) and m(d), less `shift_s` and `shift_d`.
    both
        -(V(s) + V(d) + 2 C2). With the sign of a sum that squares of means are added to, which
        OpenCV does in one pass.
    own
        -V(d), likewise.
    differ
        1 where a window holds a difference, else 0; None: not needed, `own` is exactly 0 there.
    """

    s: Pixels
    d: Pixels
    both: Pixels
    own: Pixels
    shift_s: float
    shift_d: float
    differ: Mask | None


def _blurred(pair: Pixels, kept: _Buffers, wide: bool) -> _Blurred:
    """Blur a pair of planes, (2 * rows, w); `wide`: in float64."""
    rows, width = pair.shape[0] // 2, pair.shape[1]
    a, b = pair[:rows], pair[rows:]
    planes = kept.planes(_PLANES, np.float64 if wide else np.float32, rows, width)
    squares, values, s = planes[: 2 * rows], planes[2 * rows : 4 * rows], planes[4 * rows :]
    both, own, d = squares[:rows], squares[rows:], values[rows:]
    # Variances do not change with a constant subtracted first, but float32 keeps more of them.
    mean_a, mean_b = cv2.mean(a)[0], cv2.mean(b)[0]
    shift_s, shift_d = float(np.rint(mean_a + mean_b)), float(np.rint(mean_a - mean_b))
    if abs(shift_d) < _OFFSET:
        shift_d = 0.0
    differ: Mask | None = None
    if pair.dtype == np.uint8 and not shift_d and not wide:
        # Bytes become float32 in the passes that square and blur them, which costs nothing.
        half: Any = float(np.rint(shift_s / 2))  # OpenCV takes numbers, its stubs do not
        shift_s = 2 * half
        spare = kept.planes(1, np.uint8, rows, width)
        squares.fill(0.0)
        for side in (a, b):
            cv2.accumulateSquare(cv2.absdiff(side, half, spare), both)
        cv2.accumulateSquare(cv2.absdiff(a, b, spare), own)
        cv2.sepFilter2D(pair, cv2.CV_32F, _KERNEL, _KERNEL, values, delta=-half)
        cv2.add(values[:rows], d, s)
        cv2.subtract(values[:rows], d, d)
        weight = 2.0  # (a - k)² + (b - k)² is half of (s - 2 k)² + d²
    else:
        s = values[:rows]
        depth = cv2.CV_64F if wide else cv2.CV_32F
        cv2.add(a, b, s, dtype=depth)
        cv2.subtract(a, b, d, dtype=depth)
        s -= shift_s
        if shift_d:
            differ = _near_differences(d)
            d -= shift_d
        cv2.multiply(values, values, squares)
        cv2.add(both, own, both)
        cv2.sepFilter2D(values, -1, _KERNEL, _KERNEL, values)
        weight = 1.0
    cv2.sepFilter2D(both, -1, _KERNEL, -weight * _KERNEL, both, delta=-2 * C2)
    cv2.sepFilter2D(own, -1, _KERNEL, -_KERNEL, own)
    cv2.accumulateSquare(s, both)
    cv2.accumulateSquare(d, both)
    cv2.accumulateSquare(d, own)
    if wide:  # of very large values rounding may leave anything
        np.minimum(own, 0.0, out=own)
        np.minimum(both, own - 2 * C2, out=both)
    return _Blurred(s, d, both, own, shift_s, shift_d, differ)


def _near_differences(d: Pixels) -> Mask | None:
    """Return 1 where there is a difference in the window, else 0; None: everywhere."""
    differ = np.not_equal(d, 0).view(np.uint8)
    if cv2.countNonZero(differ) == differ.size:
        return None
    return np.asarray(cv2.dilate(differ, _WINDOW), np.uint8)


def _risky(found: _Blurred, shape: tuple[int, int, int]) -> bool:
    """Return whether float32 is not enough for one of the channels."""
    d, both = (p.reshape(shape)[_INNER] for p in (found.d, found.both))
    if cv2.norm(found.d, cv2.NORM_L2SQR) <= _RISK * 2 * C2 * d[0].size:
        return False
    return bool((-np.square(d) / both).mean(axis=(1, 2)).max() > _RISK)


def _combined(found: _Blurred, luminance: bool) -> Pixels:
    """Return u + v - u v, or v alone."""
    s, d, below, v = found.s, found.d, found.both, found.own
    cv2.divide(v, below, v, scale=2.0)
    out = v
    if luminance:
        s += found.shift_s
        if found.shift_d:
            d += found.shift_d
        below.fill(2 * C1)
        cv2.accumulateSquare(s, below)
        cv2.accumulateSquare(d, below)
        np.square(d, out=d)
        cv2.divide(d, below, d, scale=-2.0)  # -u
        out = cv2.subtract(v, d, s)
        cv2.accumulateProduct(v, d, out)
    if found.differ is not None:
        out *= found.differ
    return out
