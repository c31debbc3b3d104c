"""The comparison of 11 x 11 windows that SSIM and MS-SSIM are made of.

Wang, Bovik, Sheikh, Simoncelli, Image quality assessment: from error visibility to structural
similarity, 2004, DOI 10.1109/TIP.2003.819861, with that paper's constants: Gaussian window with
σ 1.5, cut to 11 x 11, K1 0.01, K2 0.03, data range 255, variances over the weights' sum.

With s = A + B and d = A - B the two factors of the paper are 1 - u (luminance) and 1 - v (contrast
and structure), where (m the weighted mean of the window, V the weighted variance)

    u = 2 m(d)² / (m(s)² + m(d)² + 2 C1)        v = 2 V(d) / (V(s) + V(d) + 2 C2)

so 1 - SSIM = u + v - u v. It takes as many blurs as with A and B, but equal windows give exactly 0
for u and v, and float32 serves for the blurs: where pictures are alike, V(d) has nothing to cancel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from core.measures._changed import changed
from core.scratch import Scratch
from core.types import Rect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.types import Mask, Pixels

RADIUS: Final = 5
"""The window is 2 * RADIUS + 1 pixels wide: σ 1.5 cut at 3.5 σ, rounded."""
SIGMA: Final = 1.5
C1: Final = (0.01 * 255.0) ** 2
C2: Final = (0.03 * 255.0) ** 2

_TILE: Final = (256, 512)
"""About the inner part of a tile: a few planes of float32 fit a core's own cache. In smaller ones
threads spend more time on waiting for each other between OpenCV's calls, which only one makes at a
time, than the cache saves."""
_PLANES: Final = 5
_SOME: Final = 4
"""Every so many rows of a tile say about how bright it is."""
_KERNEL: Final = cv2.getGaussianKernel(2 * RADIUS + 1, SIGMA, cv2.CV_64F)
_WINDOW: Final = np.ones((2 * RADIUS + 1, 2 * RADIUS + 1), np.uint8)
_INNER: Final = (slice(RADIUS, -RADIUS), slice(RADIUS, -RADIUS))

# float32 blurs leave an error of some 4e-8 m(d)² / (V(s) + V(d) + 2 C2) in v. A tile in which that
# ratio is above _RISK on average is done again in float64. _SAFE is a largest |d| below which the
# ratio cannot get there: the mean that is subtracted at most doubles it, and 60² / 2 C2 is 31,
# though only when half of a flat tile has it and the other half its opposite.
_RISK: Final = 10.0
_SAFE: Final = 30.0
# V(s) has an error of some 4e-8 m(s)², at most 0.04 against 2 C2 = 117 while |s| is below 1024.
_BRIGHT: Final = 512.0


def deficits(
    a: Pixels, b: Pixels, valid: Mask | None, place: Rect, target: Rect, *,
    luminance: bool = True, apart: bool = False, scratch: Scratch | None = None,
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
    scratch
        Working memory, in which the one plane then lies, too.

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
    scratch = scratch or Scratch()
    if apart:
        planes = [np.zeros(shape, np.float32) for _ in range(channels)]
    else:
        planes = [scratch.array("deficits", shape, np.float32)]
        planes[0].fill(0)
    counted: Mask = np.zeros(shape, np.uint8)
    kept = _Buffers(scratch, channels, a.dtype)
    for tile in _tiles(target.grow(RADIUS).intersect(place)):
        cut, to = tile.within(place), tile.grow(-RADIUS).within(target)
        mask = None if valid is None else valid[cut]
        whole = _whole_windows(mask)
        counted[to] = 255 if whole is None else whole
        if whole is not None and not cv2.countNonZero(whole):
            continue
        x, y = a[cut], b[cut]
        if whole is not None:
            x, y = cv2.bitwise_and(x, x, mask=mask), cv2.bitwise_and(y, y, mask=mask)
        largest, part = kept.largest_difference(x, y)
        if part is None:
            continue
        x, y = x[part.slices], y[part.slices]
        if whole is not None:
            whole = whole[part.grow(-RADIUS).shift(-RADIUS, -RADIUS).slices]
        tile = part.shift(tile.row, tile.col)  # noqa: PLW2901 - what of it is looked at
        to = tile.grow(-RADIUS).within(target)
        kept.fit(tile)
        bright = a.dtype != np.uint8 and max(_peak(x), _peak(y)) > _BRIGHT
        work = np.empty(_PLANES * tile.area, np.float64) if bright else kept.work
        for i, (of_a, of_b) in enumerate(kept.channels(x, y)):
            into = planes[i if apart else 0][to]
            out = into if apart or not i else kept.more
            _deficit(of_a, of_b, largest, work, luminance, out)
            if out is not into:
                cv2.add(into, out, into)
        if channels > 1 and not apart:
            planes[0][to] /= channels
        if whole is not None:
            for plane in planes:
                plane[to] = cv2.copyTo(plane[to], whole)
    return planes, counted


class _Buffers:
    """Working memory for tiles.

    Attributes
    ----------
    work
        Five planes of float32, flat.
    more
        The inner part of a plane, float32.
    """

    def __init__(self, scratch: Scratch, channels: int, dtype: np.dtype[Any]) -> None:
        self._scratch, self._channels, self._dtype = scratch, channels, dtype

    def fit(self, tile: Rect) -> None:
        """Make all of them fit a tile."""
        array, inner = self._scratch.array, tile.grow(-RADIUS)
        self.work = array("ssim work", (_PLANES * tile.area,), np.float32)
        self.more = array("ssim more", (inner.height, inner.width), np.float32)

    def largest_difference(self, a: Pixels, b: Pixels) -> tuple[float, Rect | None]:
        """Return the largest |a - b|, and the part of them that decides; None: they are equal."""
        if a.dtype != np.uint8:
            largest = float(cv2.norm(a, b, cv2.NORM_INF))
            return largest, Rect.of(a) if largest else None
        # Of bytes OpenCV finds it three times as fast in two steps.
        apart = self._scratch.array("ssim apart", a.shape, np.uint8)
        cv2.absdiff(a, b, apart)
        box = changed(apart)
        if box is None:
            return 0.0, None
        # What differs is seen by windows up to RADIUS away, which reach as far again.
        part = box.grow(2 * RADIUS).intersect(Rect.of(a))
        return _peak(apart.reshape(a.shape[0], -1)), part

    def channels(self, a: Pixels, b: Pixels) -> Iterable[tuple[Pixels, Pixels]]:
        """Return each channel of a and of b."""
        if a.ndim == 2:
            return [(a, b)]
        of_a, of_b = (
            self._scratch.planes(f"ssim {name}", self._channels, a.shape[:2], self._dtype)
            for name in "ab"
        )
        cv2.split(a, of_a)  # into kept planes: ten times as fast as into new ones
        cv2.split(b, of_b)
        return zip(of_a, of_b, strict=True)


def _tiles(window: Rect) -> Iterator[Rect]:
    """Yield overlapping rectangles whose inner parts cover all pixels that have a whole window.

    They are of even size, the last ones smaller, as what blurs reach beyond a low one costs most.
    """
    height, width = window.height - 2 * RADIUS, window.width - 2 * RADIUS
    if height <= 0 or width <= 0:
        return
    rows, cols = (
        -(-n // max(round(n / t), 1)) for n, t in zip((height, width), _TILE, strict=True)
    )
    for row in range(0, height, rows):
        for col in range(0, width, cols):
            inner = Rect(row, col, min(rows, height - row), min(cols, width - col))
            yield inner.shift(window.row + RADIUS, window.col + RADIUS).grow(RADIUS)


def _peak(pixels: Pixels) -> float:
    return float(cv2.norm(pixels, cv2.NORM_INF))


def _whole_windows(mask: Mask | None) -> Mask | None:
    """Return which inner pixels of a tile have a whole valid window; None: all."""
    if mask is None or cv2.countNonZero(mask) == mask.size:
        return None
    return np.ascontiguousarray(cv2.erode(mask, _WINDOW)[_INNER], np.uint8)


def _deficit(
    a: Pixels, b: Pixels, largest: float, work: Pixels, luminance: bool, out: Pixels
) -> None:
    """Put u + v - u v, or v alone, of the inner pixels of a tile of one channel into `out`.

    Parameters
    ----------
    a, b
        (h, w), the same dtype, finite; 0 where invalid.
    largest
        Largest |a - b|.
    work
        Working memory for five planes of h x w, float32 or float64 as the blurs are to be.
    out
        (h - 2 RADIUS, w - 2 RADIUS) float32.
    """
    depth = cv2.CV_32F if work.dtype == np.float32 else cv2.CV_64F
    h, w = a.shape
    # The planes of s, d, -s², -d² lie below one another, so that one call blurs them all. What a
    # blur draws over from the next plane stays within RADIUS rows, which are not inner pixels.
    planes = work.reshape(_PLANES * h, w)
    values, squares = planes[: 2 * h], planes[2 * h : 4 * h]
    s, d = values[:h], values[h:]
    # Variances do not change with a constant subtracted first, but float32 keeps more of them. It
    # need not be the mean: some of the rows say it well enough.
    mean_a, mean_b = cv2.mean(a[::_SOME])[0], cv2.mean(b[::_SOME])[0]
    shift_s, shift_d = float(np.rint(mean_a + mean_b)), float(np.rint(mean_a - mean_b))
    if a.dtype == np.uint8:
        cv2.addWeighted(a, 1.0, b, 1.0, -shift_s, s, depth)
    else:  # its roundings depend on the order of a and b
        cv2.add(a, b, s, dtype=depth)
        s -= shift_s
    cv2.subtract(a, b, d, dtype=depth)
    differ = None
    if shift_d:
        differ = _near_differences(d)
        d -= shift_d
    cv2.multiply(values, values, squares, -1.0)
    cv2.sepFilter2D(planes[: 4 * h], -1, _KERNEL, _KERNEL, planes[: 4 * h])

    # From here on variances and what is made of them are kept below 0: so squares of the means are
    # added to the means of the squares in one go. Only inner pixels matter, but NumPy adds a number
    # to whole planes three times as fast.
    below, v, first = (planes[i * h : (i + 1) * h] for i in range(2, 5))
    cv2.accumulateSquare(values, squares)  # -V(s), -V(d)
    if depth == cv2.CV_64F:
        np.minimum(squares, 0.0, out=squares)  # rounding may leave a hair above
    cv2.add(below, v, below)
    below -= 2 * C2  # -(V(s) + V(d) + 2 C2)
    if depth == cv2.CV_32F and largest > _SAFE:
        cv2.multiply(d, d, first)
        cv2.divide(first, below, first)
        if -cv2.mean(first[_INNER])[0] > _RISK:
            wide = np.empty(_PLANES * h * w, np.float64)
            _deficit(a, b, largest, wide, luminance, out)
            return
    if luminance:
        s += shift_s
        if shift_d:
            d += shift_d
        cv2.multiply(values, values, values)
        s += 2 * C1
        # With D = m(s)² + m(d)² + 2 C1 and E = V(s) + V(d) + 2 C2, u + v - u v is
        # 2 (V(d) (D - 2 m(d)²) + m(d)² E) / (D E), which takes one division.
        cv2.subtract(s, d, first)
        cv2.multiply(first, v, v)
        cv2.add(s, d, s)
        cv2.accumulateProduct(d, below, v)
        cv2.multiply(below, s, below)
    cv2.divide(v[_INNER], below[_INNER], out, scale=2.0, dtype=cv2.CV_32F)
    if differ is not None:
        cv2.multiply(out, differ, out, dtype=cv2.CV_32F)


def _near_differences(d: Pixels) -> Mask | None:
    """Return 1 at inner pixels that have a difference in their window, else 0; None: all have."""
    differ = np.not_equal(d, 0).view(np.uint8)
    if cv2.countNonZero(differ) == differ.size:
        return None
    return np.ascontiguousarray(cv2.dilate(differ, _WINDOW)[_INNER], np.uint8)
