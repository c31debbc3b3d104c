"""Blur: smooths both pictures alike, so that noise does not drown the change.

Pixels that are uint8 become float32 under the Gaussian and the bilateral filter, and stay uint8
under the median. All channels are treated alike. Beyond the border of a tile its pixels are
mirrored, without repeating the outermost one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, ClassVar, Final

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from core.settings import Params, ui

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.stages import Upstream
    from core.types import Notice, Pixels, Tile, Token

_REACH: Final = 4.0
"""The Gaussian is cut off at this many sigmas: 6.3e-5 of its weight is lost, and given back evenly.

So no value is off by more than 255 * 6.3e-5 = 0.016 levels.
"""
_NEGLIGIBLE: Final = 0.2
"""Below this sigma in pixels neighbours weigh under 4e-6, and a blur is left out (0.004 levels)."""
_WIDE: Final = 10.0
"""From this sigma on the Gaussian is put together from two sparse kernels (see `_wide`)."""
_BATCH: Final = 1 << 22
"""Values that are sorted in one go by `_rank`."""


class Method(StrEnum):
    """What smooths."""

    GAUSSIAN = "gaussian"
    MEDIAN = "median"
    BILATERAL = "bilateral"


@dataclass(frozen=True, kw_only=True)
class BlurParams(Params):
    """How both pictures are smoothed."""

    name: ClassVar[str] = "blur"
    title: ClassVar[str] = "Blur"
    about: ClassVar[str] = "Smooths both pictures alike, so that noise does not drown the change."

    method: Method = field(
        default=Method.GAUSSIAN,
        metadata=ui(
            "Filter",
            "Gaussian averages neighbours, median takes their middle value and so removes specks, "
            "bilateral averages only neighbours of similar value and so keeps edges.",
            choices={"gaussian": "Gaussian", "median": "median", "bilateral": "bilateral"},
            primary=True,
        ),
    )
    sigma: float = field(
        default=1.5,
        metadata=ui(
            "Sigma",
            "Averages each pixel with its neighbours by a bell of this width, so differences finer "
            "than it shrink or vanish.",
            0.1,
            50.0,
            step=0.1,
            unit="px",
            only_for=("gaussian",),
        ),
    )
    radius: int = field(
        default=1,
        metadata=ui(
            "Radius",
            "Each pixel is replaced by the median, or bilateral average, of the pixels up to this "
            "far away, so changes smaller than that shrink or vanish.",
            1,
            4,
            step=1,
            unit="px",
            only_for=("median", "bilateral"),
        ),
    )
    sigma_color: float = field(
        default=25.0,
        metadata=ui(
            "Contrast kept",
            "Neighbours that differ by more than about this many levels (for RGB, by the sum over "
            "the channels) hardly take part in the average, so such edges stay sharp.",
            1.0,
            255.0,
            step=1.0,
            unit="levels",
            only_for=("bilateral",),
        ),
    )


class BlurStage:
    """See `core.stages.Stage`.

    Gaussian: sampled kernel of `sigma`, cut off at 4 sigmas. Median: over (2 radius + 1) squared
    pixels, exact for every dtype (float64 is ranked as float32 and so rounded to it). Bilateral
    (Tomasi and Manduchi 1998, doi:10.1109/ICCV.1998.710815): over a disc of `radius` with a spatial
    sigma of radius / 2; three channels are weighed together by the sum of their absolute
    differences, any other number each on its own.
    """

    order = 40
    params: type[Params] = BlurParams

    def prepare(self, upstream: Upstream, params: BlurParams, token: Token) -> None:
        """Return nothing: a blur is local."""

    def halo(self, params: BlurParams, level: int) -> int:
        """Return the radius of the filter at a level."""
        if params.method is Method.GAUSSIAN:
            sigma = params.sigma / 2**level
            return 0 if sigma < _NEGLIGIBLE else _reach(sigma)
        return _radius(params, level)

    def apply(self, tile: Tile, params: BlurParams, state: None) -> Tile:  # noqa: ARG002 - protocol
        """Return the tile with both pictures smoothed."""
        a, b = (_smoothed(p, params, tile.level) for p in (tile.a, tile.b))
        return replace(tile, a=a, b=b)

    def linear(self, params: BlurParams) -> Callable[[Pixels, int], Pixels] | None:
        """Return the Gaussian as a function of pixels and level; None for the other filters."""
        if params.method is not Method.GAUSSIAN:
            return None
        return lambda pixels, level: _smoothed(pixels, params, level)

    def notices(self, params: BlurParams, state: None) -> tuple[Notice, ...]:  # noqa: ARG002
        """Return nothing."""
        return ()

    def summary(self, params: BlurParams, state: None) -> str:  # noqa: ARG002 - protocol
        """Return the size of the filter."""
        if params.method is Method.GAUSSIAN:
            return f"σ {params.sigma:g} px"
        size = 2 * params.radius + 1
        return f"{size} × {size} px"


def _radius(params: BlurParams, level: int) -> int:
    """Return the radius at a level, rounded half up; 0 leaves the filter out."""
    return int(params.radius / 2**level + 0.5)


def _reach(sigma: float) -> int:
    if sigma < _WIDE:
        return math.ceil(_REACH * sigma)
    step, fine, coarse = _split(sigma)
    return math.ceil(_REACH * fine) + step * math.ceil(_REACH * coarse / step)


def _smoothed(pixels: Pixels, params: BlurParams, level: int) -> Pixels:
    if params.method is Method.GAUSSIAN:
        return _gaussian(pixels, params.sigma / 2**level)
    radius = _radius(params, level)
    if radius == 0:
        return pixels
    if params.method is Method.MEDIAN:
        return _median(pixels, radius)
    return _bilateral(pixels, radius, params.sigma_color)


def _gaussian(pixels: Pixels, sigma: float) -> Pixels:
    if sigma < _NEGLIGIBLE:
        return pixels
    double = pixels.dtype == np.float64
    if sigma >= _WIDE:
        return _wide(pixels if double else pixels.astype(np.float32), sigma)
    kernel = _kernel(sigma, 1, double)
    return cv2.sepFilter2D(
        pixels, cv2.CV_64F if double else cv2.CV_32F, kernel, kernel,
        borderType=cv2.BORDER_REFLECT_101,
    )  # fmt: skip


@cache
def _kernel(sigma: float, step: int, double: bool) -> Pixels:
    """Return the weights at multiples of `step` pixels, out to 4 sigmas; they sum to 1."""
    reach = math.ceil(_REACH * sigma / step)
    return cv2.getGaussianKernel(
        2 * reach + 1, sigma / step, cv2.CV_64F if double else cv2.CV_32F
    )  # fmt: skip


def _split(sigma: float) -> tuple[int, float, float]:
    """Return the step of the coarse kernel, and the sigmas of the fine and of the coarse one.

    Variances add up. Sampling the coarse kernel every `step` pixels leaves a ripple of
    ``2 exp(-2 (pi fine / step)**2)``, which is 3e-5 of a value for ``fine = 0.75 step``.
    """
    step = round(math.sqrt(4 * sigma / 3))  # near the fewest taps: 8 fine + 8 coarse / step
    fine = 0.75 * step
    return step, fine, math.sqrt(sigma**2 - fine**2)


def _wide(pixels: Pixels, sigma: float) -> Pixels:
    """Return a wide Gaussian of float pixels, as a fine one followed by a coarse, sparse one.

    A sparse kernel is a dense one on every step-th row or column: rows are regrouped by reshaping
    (H, W) to (H / step, step * W), columns by taking `step` neighbours as channels of one pixel.
    Measured seven times faster at sigma 50, and still the same for every place in the picture.
    """
    height, width = pixels.shape[:2]
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    double = pixels.dtype == np.float64
    step, fine, coarse = _split(sigma)
    reach = _reach(sigma)
    more = [reach + -(n + 2 * reach) % step for n in (height, width)]
    full = cv2.copyMakeBorder(pixels, reach, more[0], reach, more[1], cv2.BORDER_REFLECT_101)
    rows, cols = full.shape[:2]
    depth = cv2.CV_64F if double else cv2.CV_32F
    kernel, sparse, one = (
        _kernel(fine, 1, double),
        _kernel(coarse, step, double),
        np.ones(1, pixels.dtype),
    )
    full = cv2.sepFilter2D(full, depth, kernel, kernel)
    full = cv2.sepFilter2D(full.reshape(rows // step, -1), depth, one, sparse)
    full = cv2.sepFilter2D(full.reshape(rows, cols // step, -1), depth, sparse, one)
    shape = (rows, cols) if pixels.ndim == 2 else (rows, cols, channels)
    kept = full.reshape(shape)[reach : reach + height, reach : reach + width]
    return np.ascontiguousarray(kept)


def _median(pixels: Pixels, radius: int) -> Pixels:
    if pixels.ndim == 3 and pixels.shape[2] not in (3, 4):  # OpenCV has 1, 3 and 4
        return cv2.merge([_median(np.ascontiguousarray(p), radius) for p in cv2.split(pixels)])
    source = pixels.astype(np.float32) if pixels.dtype == np.float64 else pixels
    height, width = pixels.shape[:2]
    ring = cv2.copyMakeBorder(source, radius, radius, radius, radius, cv2.BORDER_REFLECT_101)
    if source.dtype == np.uint8 or radius <= 2:
        size = 2 * radius + 1
        kept = cv2.medianBlur(ring, size)[radius : radius + height, radius : radius + width]
        return np.ascontiguousarray(kept).astype(pixels.dtype, copy=False)
    return _rank(ring, radius).astype(pixels.dtype, copy=False)


def _rank(ring: Pixels, radius: int) -> Pixels:
    """Return the exact median of float32 windows by sorting each; OpenCV has it up to 5 x 5."""
    size = 2 * radius + 1
    windows = sliding_window_view(ring, (size, size), axis=(0, 1))
    out: Pixels = np.empty(windows.shape[:-2], np.float32)
    step = max(_BATCH * out.shape[0] // (out.size * size * size), 1)
    for row in range(0, out.shape[0], step):
        values = np.array(windows[row : row + step]).reshape(-1, size * size)
        values.sort(axis=1)  # measured faster than np.partition at these sizes
        out[row : row + step] = values[:, size * size // 2].reshape(out[row : row + step].shape)
    return out


def _bilateral(pixels: Pixels, radius: int, sigma_color: float) -> Pixels:
    source = pixels.astype(np.float32)
    if source.ndim == 3 and source.shape[2] != 3:
        planes = [np.ascontiguousarray(p) for p in cv2.split(source)]
        out = cv2.merge([_bilateral(p, radius, sigma_color) for p in planes])
    else:
        # OpenCV reads its weights from a table over the range of the values it is given. Two more
        # rows, out of reach, fix that range, so that a strip gets the weights of the whole (values
        # outside 0...256 may still get others, by less than 0.01 levels).
        height = source.shape[0]
        low, high = cv2.minMaxLoc(source.reshape(height, -1))[:2]
        full = cv2.copyMakeBorder(source, 0, radius + 2, 0, 0, cv2.BORDER_REFLECT_101)
        full[-2] = math.floor(low / 256) * 256
        full[-1] = max(math.ceil(high / 256), math.floor(low / 256) + 1) * 256
        out = cv2.bilateralFilter(
            full, 2 * radius + 1, sigma_color, radius / 2, borderType=cv2.BORDER_REFLECT_101
        )[:height]
    return np.ascontiguousarray(out).astype(np.result_type(pixels, np.float32), copy=False)


PARAMS: Final = BlurParams
STAGE: Final = BlurStage()
