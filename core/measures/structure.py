"""Structural similarity (SSIM): whether the patterns are the same around each pixel.

Wang, Bovik, Sheikh, Simoncelli, Image quality assessment: from error visibility to structural
similarity, 2004, DOI 10.1109/TIP.2003.819861, with that paper's constants: Gaussian window with
σ 1.5, cut to 11 x 11, K1 0.01, K2 0.03, data range 255, variances over the weights' sum.

With s = A + B and d = A - B the two factors of the paper are 1 - u and 1 - v, where (m the weighted
mean of the window, V the weighted variance)

    u = 2 m(d)² / (m(s)² + m(d)² + 2 C1)        v = 2 V(d) / (V(s) + V(d) + 2 C2)

so SSIM = 1 - (u + v - u v). It takes as many blurs as with A and B, but equal pictures give exactly
1, and float32 serves for the blurs: where the pictures are alike, V(d) has nothing to cancel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from core.types import MeasureValue, Rect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.measures import Sample, Totals
    from core.types import Mask, Pixels

RADIUS: Final = 5
"""The window is 2 * RADIUS + 1 pixels wide: σ 1.5 cut at 3.5 σ, rounded."""
SIGMA: Final = 1.5
C1: Final = (0.01 * 255.0) ** 2
C2: Final = (0.03 * 255.0) ** 2

_TILE: Final = (128, 512)  # the eight float32 planes of a tile stay near 2 MB, a core's own cache
_KERNEL: Final = cv2.getGaussianKernel(2 * RADIUS + 1, SIGMA, cv2.CV_64F)
_WINDOW: Final = np.ones((2 * RADIUS + 1, 2 * RADIUS + 1), np.uint8)
_INNER: Final = (slice(RADIUS, -RADIUS), slice(RADIUS, -RADIUS))

# float32 blurs leave an error of some 4e-8 m(d)² / (V(s) + V(d) + 2 C2) in v. A tile in which that
# ratio is above _RISK on average is done again in float64. _SAFE is a largest |d| below which the
# ratio cannot get there: the mean that is subtracted at most doubles it, and 60² / 2 C2 is 31,
# though only when half of a flat tile has it and the other half its opposite.
_RISK: Final = 10.0
_SAFE: Final = 30.0

_HELP: Final = (
    "Whether the patterns around each pixel are the same, from 1 (alike) down to about 0 or below."
    " A shift by one pixel or a slight turn ruins it, a change of hue alone may pass; it needs"
    " whole windows of 11 × 11 valid pixels, and is nan for smaller pictures."
)


@dataclass(frozen=True, slots=True)
class Part:
    """What one strip adds.

    Attributes
    ----------
    deficit
        Sum of 1 - SSIM over pixels and channels.
    pixels
        Pixels whose whole window is valid and on the canvas.
    channels
        Channels a pixel.
    """

    deficit: float
    pixels: int
    channels: int


class Structure:
    """Mean SSIM over the pixels whose whole window is valid and on the canvas, and over channels.

    `MeasureValue.pixels` is the number of those pixels; with none the value is nan. The pictures
    are taken as they are (RGB, gray, alpha as one more channel where it is compared), also when
    the difference is taken in Lab. Swapping A and B changes nothing.
    """

    names: tuple[str, ...] = ("ssim",)
    order: int = 30
    halo: int = RADIUS
    needs_histograms: bool = False

    def partial(self, sample: Sample) -> Part:
        """Return the sum over one strip's pixels that have a whole window."""
        a, b, valid = _crop(sample)
        channels = 1 if a.ndim == 2 else a.shape[2]
        deficit, pixels = 0.0, 0
        scratch: Pixels | None = None
        for rect in _tiles(a.shape[0], a.shape[1]):
            cut = rect.slices
            mask = None if valid is None else valid[cut]
            whole, count = _whole_windows(mask, rect)
            pixels += count
            if count == 0:
                continue
            x, y = a[cut], b[cut]
            if whole is not None:
                x, y = cv2.bitwise_and(x, x, mask=mask), cv2.bitwise_and(y, y, mask=mask)
            largest = cv2.norm(x, y, cv2.NORM_INF)
            if largest == 0:
                continue
            if scratch is None:
                scratch = np.empty(8 * _area(_TILE), np.float32)
            for i in range(channels):
                p, q = (cv2.extractChannel(each, i) for each in (x, y))
                deficit += _deficit(p, q, whole, count, largest, scratch)
        return Part(deficit, pixels, channels)

    def finish(self, partials: Sequence[Part], totals: Totals) -> tuple[MeasureValue, ...]:
        """Return the mean SSIM; nan when no pixel has a whole window."""
        pixels = sum(p.pixels for p in partials) if totals.pixels > 0 else 0
        value = math.nan
        if pixels > 0:
            value = 1.0 - sum(p.deficit for p in partials) / (pixels * partials[0].channels)
        label = "Structural similarity"
        return (MeasureValue("ssim", label, value, "", "higher", pixels, help=_HELP),)


def _crop(sample: Sample) -> tuple[Pixels, Pixels, Mask | None]:
    """Return a, b and valid over the strip and RADIUS pixels more, less at the canvas border.

    All windows that lie within this are those of the strip's own pixels: where a side has less
    than RADIUS, it ends at the border, and the windows that would reach over it do not count.
    """
    rows, cols = sample.inner
    cut = (
        slice(max(rows.start - RADIUS, 0), rows.stop + RADIUS),
        slice(max(cols.start - RADIUS, 0), cols.stop + RADIUS),
    )
    return sample.a[cut], sample.b[cut], None if sample.valid is None else sample.valid[cut]


def _tiles(height: int, width: int) -> Iterator[Rect]:
    """Yield overlapping rectangles whose inner parts cover all pixels that have a whole window."""
    for row in range(0, height - 2 * RADIUS, _TILE[0]):
        h = min(_TILE[0] + 2 * RADIUS, height - row)
        for col in range(0, width - 2 * RADIUS, _TILE[1]):
            yield Rect(row, col, h, min(_TILE[1] + 2 * RADIUS, width - col))


def _area(tile: tuple[int, int]) -> int:
    return (tile[0] + 2 * RADIUS) * (tile[1] + 2 * RADIUS)


def _whole_windows(mask: Mask | None, rect: Rect) -> tuple[Mask | None, int]:
    """Return where the inner pixels of a tile have a whole window (None: all), and how many do."""
    every = (rect.height - 2 * RADIUS) * (rect.width - 2 * RADIUS)
    if mask is None or cv2.countNonZero(mask) == mask.size:
        return None, every
    whole = np.ascontiguousarray(cv2.erode(mask, _WINDOW)[_INNER], np.uint8)
    return whole, cv2.countNonZero(whole)


def _deficit(
    a: Pixels, b: Pixels, whole: Mask | None, count: int, largest: float, scratch: Pixels
) -> float:
    """Return the sum of 1 - SSIM over the inner pixels of a tile of one channel.

    Parameters
    ----------
    a, b
        (h, w), the same dtype, finite; 0 where invalid.
    whole, count
        Which inner pixels count (None: all), and how many.
    largest
        Largest |a - b|.
    scratch
        Working memory for eight planes of h x w; its dtype, float32 or float64, is that of the
        blurs.
    """
    depth = cv2.CV_32F if scratch.dtype == np.float32 else cv2.CV_64F
    h, w = a.shape
    # The planes of s, d, s², d² lie below one another, so that one call blurs them all. What a blur
    # draws over from the next plane stays within RADIUS rows, which are not inner pixels.
    planes, blurred = (scratch[i * h * w : (i + 4) * h * w].reshape(4 * h, w) for i in (0, 4))
    s, d = planes[:h], planes[h : 2 * h]
    # Variances do not change with a constant subtracted first, but float32 keeps more of them.
    mean_a, mean_b = cv2.mean(a)[0], cv2.mean(b)[0]
    shift_s, shift_d = float(np.rint(mean_a + mean_b)), float(np.rint(mean_a - mean_b))
    cv2.add(a, b, s, dtype=depth)
    cv2.subtract(a, b, d, dtype=depth)
    s -= shift_s
    d -= shift_d
    cv2.multiply(planes[: 2 * h], planes[: 2 * h], planes[2 * h :])
    cv2.sepFilter2D(planes, -1, _KERNEL, _KERNEL, blurred)

    means, variances = blurred[: 2 * h], blurred[2 * h :]
    squares, total, spare = planes[: 2 * h], planes[2 * h : 3 * h], planes[3 * h :]
    cv2.multiply(means, means, squares)
    cv2.subtract(variances, squares, variances)
    v = variances[h:]
    cv2.add(variances[:h], v, total)
    total += 2 * C2
    if depth == cv2.CV_32F and largest > _SAFE:
        cv2.divide(squares[h:], total, spare)
        if cv2.mean(spare[_INNER])[0] > _RISK:
            return _deficit(a, b, whole, count, largest, np.empty(8 * h * w, np.float64))
    cv2.divide(v, total, v, scale=2.0)

    means[:h] += shift_s
    means[h:] += shift_d
    cv2.multiply(means, means, means)
    u = means[h:]
    cv2.add(means[:h], u, total)
    total += 2 * C1
    cv2.divide(u, total, u, scale=2.0)
    cv2.multiply(u, v, spare)
    cv2.add(u, v, u)
    cv2.subtract(u, spare, u)
    inner: Any = u[_INNER]
    if whole is None:
        return float(cv2.sumElems(inner)[0])
    return float(cv2.mean(inner, whole)[0]) * count


MEASURE: Final = Structure()
