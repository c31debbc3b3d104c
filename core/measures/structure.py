"""Structural similarity (SSIM): whether the patterns are the same around each pixel.

Wang, Bovik, Sheikh, Simoncelli, Image quality assessment: from error visibility to structural
similarity, 2004, DOI 10.1109/TIP.2003.819861. The formula and its constants are in
`core.measures._ssim`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core.measures import Measure
from core.measures._bootstrap import BlockSums, gathered, interval, mean_sums
from core.measures._lattice import around
from core.measures._ssim import RADIUS, deficits
from core.types import MapKind, MeasureValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.measures import Sample, Totals
    from core.settings import Settings
    from core.types import Mask, Pixels

_HELP: Final = (
    "Whether the patterns around each pixel are the same, from 1 (alike) down to about 0 or below."
    " A shift by one pixel or a slight turn ruins it, a change of hue alone may pass; it needs"
    " whole windows of 11 × 11 valid pixels, and is nan for smaller pictures."
)


@dataclass(frozen=True, slots=True, eq=False)
class _Planes:
    """1 - SSIM over a strip, its channels averaged, 0 where not counted; and what is counted."""

    values: Pixels
    counted: Mask


class Structure(Measure):
    """Mean SSIM over the pixels whose whole window is valid and on the canvas, and over channels.

    `MeasureValue.pixels` is the number of those pixels; with none the value is nan. The pictures
    are taken as they are (RGB, gray, alpha as one more channel where it is compared, linear light
    where they are that), also when the difference is taken in Lab. The constants belong to a scale
    of 0...255: values beyond it (HDR) are compared with those constants, so in much brighter parts
    only contrast relative to the brightness counts. 16-bit and float pictures give what 8-bit ones
    give, but for their rounding. Swapping A and B changes nothing.

    Its map is 1 - SSIM, the mean of the channels: 0 where there is no whole window.
    """

    names = ("ssim",)
    order = 30
    group = "Structure"
    maps = (MapKind.SSIM,)

    def halo(self, settings: Settings) -> int:  # noqa: ARG002 - the window is that of the paper
        """Return the radius of the window."""
        return RADIUS

    def partial(self, sample: Sample) -> BlockSums:
        """Return by block: the sum of 1 - SSIM, and the number of pixels with a whole window."""
        planes = _planes(sample)
        return BlockSums.made(sample, mean_sums(planes.values, planes.counted))

    def finish(self, partials: Sequence[BlockSums], totals: Totals) -> tuple[MeasureValue, ...]:
        """Return the mean SSIM; nan when no pixel has a whole window."""
        value, pixels, within = math.nan, 0, None
        if totals.pixels > 0:
            blocks = gathered(partials, totals.grid.count)
            deficit, count = blocks.sum(axis=0)
            pixels = int(count)
        if pixels > 0:
            value = 1.0 - float(deficit) / pixels
            within = interval(blocks[:, 0], blocks[:, 1], lambda means: 1.0 - means)
        label = "Structural similarity"
        return (
            MeasureValue("ssim", label, value, "", "higher", pixels, help=_HELP, interval=within),
        )

    def map(self, kind: MapKind, sample: Sample) -> Pixels:  # noqa: ARG002 - there is one
        """Return 1 - SSIM, 0 to 2; a new array."""
        return np.maximum(_planes(sample).values, np.float32(0))


def _planes(sample: Sample) -> _Planes:
    return sample.once("ssim", lambda: _made(sample))


def _made(sample: Sample) -> _Planes:
    cut, place = around(sample, RADIUS)
    valid = None if sample.valid is None else sample.valid[cut]
    (values,), counted = deficits(
        sample.a[cut], sample.b[cut], valid, place, sample.rect, scratch=sample.scratch
    )
    return _Planes(values, counted)


MEASURE: Final = Structure()
