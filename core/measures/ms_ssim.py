"""Multi-scale structural similarity (MS-SSIM): SSIM at five sizes of pattern at once.

Wang, Simoncelli, Bovik, Multiscale structural similarity for image quality assessment, 2003, DOI
10.1109/ACSSC.2003.1292216: contrast and structure are compared at five scales, each half as fine as
the one before (means of 2 x 2 pixels), luminance at the coarsest alone; the mean of each scale is
raised to its weight, and the five are multiplied.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.measures import Measure
from core.measures._bootstrap import BlockSums, gathered, interval_of
from core.measures._lattice import around, enlarged, halved, halved_mask, owned, parents
from core.measures._ssim import RADIUS, deficits
from core.types import MapKind, MeasureValue, Rect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.measures import Sample, Totals
    from core.settings import Settings
    from core.types import Mask, Pixels

    Floats = NDArray[np.float64]

WEIGHTS: Final = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
"""Exponents of the scales, finest first (section 3.2 of the paper)."""
COARSEST: Final = 1 << (len(WEIGHTS) - 1)
"""Pixels of the picture along the side of one of the coarsest scale."""
SMALLEST: Final = (2 * RADIUS + 1) * COARSEST
"""Pictures that are smaller in a direction have no window at the coarsest scale."""

_HELP: Final = (
    "Whether patterns are the same, fine and coarse ones together, from 1 (alike) to 0: closer to"
    " what is seen from a usual distance than SSIM, as fine grain counts for little. It is nan for"
    f" pictures below {SMALLEST} × {SMALLEST} pixels, and a change of hue alone may pass."
)


@dataclass(frozen=True, slots=True, eq=False)
class _Scale:
    """One scale over the squares that hold pixels of a strip.

    Attributes
    ----------
    planes
        For each channel 1 - contrast times structure, at the coarsest scale 1 - SSIM; 0 where not
        counted.
    counted
        Which squares have a whole valid window.
    """

    planes: list[Pixels]
    counted: Mask


class MultiScale(Measure):
    """MS-SSIM of each channel, averaged over channels.

    Each scale's mean is over the pixels of that scale whose whole window of 11 x 11 is valid and on
    the canvas. Squares of pixels are counted from the canvas origin; one that is not wholly valid
    and on the canvas is invalid. Where a scale has no such pixel (pictures of less than 176 pixels
    in a direction, many invalid pixels) the value is nan: with fewer scales it would be another
    measure. A mean below 0 (patterns that are each other's negative) counts as 0, since powers of
    negative numbers are not real; so the value is from 0 to 1. `MeasureValue.pixels` is the number
    of pixels at the finest scale.

    The pictures are taken as they are, as by SSIM: RGB, gray, alpha as one more channel where it is
    compared; constants are those of a scale of 0...255, also for values beyond it. Swapping A and B
    changes nothing.

    Its map is 1 minus the product of the powers at each pixel (coarse ones as squares), the mean of
    the channels. A scale without a whole window there is left out of the product, so the map says
    something of all but the outermost 5 pixels, also in small pictures.
    """

    names = ("ms_ssim",)
    order = 32
    group = "Structure"
    default = False
    maps = (MapKind.MS_SSIM,)

    def halo(self, settings: Settings) -> int:  # noqa: ARG002 - the windows are those of the paper
        """Return the reach of a window at the coarsest scale, its square included."""
        return (RADIUS + 1) * COARSEST

    def partial(self, sample: Sample) -> BlockSums:
        """Return by block, for each scale: how many windows, and the deficits of each channel."""
        scales = _scales(sample)

        def of(where: tuple[slice, slice]) -> tuple[float, ...]:
            found: list[float] = []
            for i, scale in enumerate(scales):
                cut = owned(where, sample.rect, 1 << i)
                found.append(_nonzero(scale.counted[cut]))
                found.extend(cv2.sumElems(plane[cut])[0] for plane in scale.planes)
            return tuple(found)

        return BlockSums.made(sample, of)

    def finish(self, partials: Sequence[BlockSums], totals: Totals) -> tuple[MeasureValue, ...]:
        """Return MS-SSIM; nan when a scale has no whole window."""
        value, pixels, within = math.nan, 0, None
        if totals.pixels > 0:
            blocks = gathered(partials, totals.grid.count)
            pixels = int(blocks[:, 0].sum())
            value = float(_combined(blocks.sum(axis=0)))
            within = interval_of(blocks, blocks[:, 0], _combined)
        if math.isnan(value):
            pixels = 0
        label = "Multi-scale structural similarity"
        return (
            MeasureValue(
                "ms_ssim", label, value, "", "higher", pixels, help=_HELP, interval=within
            ),
        )

    def map(self, kind: MapKind, sample: Sample) -> Pixels:  # noqa: ARG002 - there is one
        """Return 1 - MS-SSIM at each pixel, 0 to 1; a new array."""
        scales = _scales(sample)
        channels = len(scales[0].planes)
        out = np.zeros((sample.rect.height, sample.rect.width), np.float32)
        for channel in range(channels):
            product = np.ones_like(out)
            for i, (scale, weight) in enumerate(zip(scales, WEIGHTS, strict=True)):
                similar = np.clip(1 - scale.planes[channel], 0, 1)  # 1 where not counted
                cv2.multiply(
                    product, enlarged(cv2.pow(similar, weight), sample.rect, 1 << i), product
                )
            out += 1 - product
        out *= np.float32(1 / channels)
        return out


def _scales(sample: Sample) -> list[_Scale]:
    return sample.once("ms_ssim", lambda: _made(sample))


def _made(sample: Sample) -> list[_Scale]:
    cut, place = around(sample, (RADIUS + 1) * COARSEST, COARSEST)
    a, b = sample.a[cut], sample.b[cut]
    valid = None if sample.valid is None else sample.valid[cut]
    found: list[_Scale] = []
    for i in range(len(WEIGHTS)):
        step = 1 << i
        if i:
            a, b, valid = halved(a), halved(b), halved_mask(valid)
            place = Rect(place.row // 2, place.col // 2, a.shape[0], a.shape[1])
        last = i == len(WEIGHTS) - 1
        target = parents(sample.rect, step)
        planes, counted = deficits(
            a, b, valid, place, target, luminance=last, apart=True, scratch=sample.scratch
        )
        found.append(_Scale(planes, counted))
    return found


def _nonzero(mask: Mask) -> float:
    return float(cv2.countNonZero(mask)) if mask.size else 0.0


def _combined(sums: Floats) -> Floats:
    """Return MS-SSIM of sums (..., scales x (1 + channels)); nan where a scale has no window."""
    by_scale = sums.reshape(*sums.shape[:-1], len(WEIGHTS), -1)
    windows, deficit = by_scale[..., :1], by_scale[..., 1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        similar = np.maximum(1.0 - deficit / windows, 0.0)
    of_channels = np.prod(similar ** np.asarray(WEIGHTS)[:, None], axis=-2)
    return np.asarray(of_channels.mean(axis=-1), np.float64)


MEASURE: Final = MultiScale()
