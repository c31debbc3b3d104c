"""Gradient difference: whether edges are where they were, as strong and the same way round.

The gradient is that of Scharr's kernels (Scharr, Optimale Operatoren in der Digitalen
Bildverarbeitung, 2000, DOI 10.11588/heidok.00000962), whose direction is nearly right at any angle:
(3, 10, 3) / 16 along the edge, (-1, 0, 1) / 2 across it, so that a ramp of one level a pixel has a
gradient of one level. The difference is that of two vectors: an edge that is turned counts, and one
that is its own negative counts twice. As the gradient is linear, it is the gradient of A - B.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.measures import Measure
from core.measures._bootstrap import BlockSums, gathered, interval, mean_sums
from core.measures._lattice import around
from core.measures._slopes import steepness
from core.types import MapKind, MeasureValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.measures import Sample, Totals
    from core.settings import Settings
    from core.types import Mask, Pixels

_ALONG: Final = np.array([3.0, 10.0, 3.0]) / 16
_ACROSS: Final = np.array([-1.0, 0.0, 1.0]) / 2
_WINDOW: Final = np.ones((3, 3), np.uint8)

_HELP: Final = (
    "How far off the gradient of brightness is on average, in levels a pixel: blur, halos, moved"
    " and vanished edges count, a change of brightness over a whole area does not. Noise has"
    " gradients too and adds to it, and edges between colours of one brightness are not seen."
)


@dataclass(frozen=True, slots=True, eq=False)
class _Planes:
    """|grad A - grad B| over a strip, 0 where not counted; and what is counted."""

    values: Pixels
    counted: Mask


class GradientDifference(Measure):
    """Mean length of the difference of two gradients of luma, in levels.

    It is over the pixels whose 3 x 3 neighbours are all valid and on the canvas; with none (less
    than 3 pixels in a direction) the value is nan. Alpha takes no part, save that colour may be
    multiplied by it. 16-bit, float and HDR values are levels of the same scale of 0...255, which
    they may exceed. Linear light is compared as it is. Swapping A and B changes nothing.
    """

    names = ("gradient_mae",)
    order = 36
    group = "Structure"
    default = False
    maps = (MapKind.GRADIENT,)

    def halo(self, settings: Settings) -> int:  # noqa: ARG002 - the kernels have one size
        """Return the radius of the kernels."""
        return 1

    def partial(self, sample: Sample) -> BlockSums:
        """Return by block: the sum of the lengths, and the number of pixels."""
        planes = _planes(sample)
        return BlockSums.made(sample, mean_sums(planes.values, planes.counted))

    def finish(self, partials: Sequence[BlockSums], totals: Totals) -> tuple[MeasureValue, ...]:
        """Return the mean; nan when no pixel has all its neighbours."""
        value, pixels, within = math.nan, 0, None
        if totals.pixels > 0:
            blocks = gathered(partials, totals.grid.count)
            pixels = int(blocks[:, 1].sum())
        if pixels > 0:
            value = float(blocks[:, 0].sum()) / pixels
            within = interval(blocks[:, 0], blocks[:, 1])
        return (
            MeasureValue(
                "gradient_mae", "Gradient difference", value, "levels", "lower", pixels,
                help=_HELP, interval=within,
            ),
        )  # fmt: skip

    def map(self, kind: MapKind, sample: Sample) -> Pixels:  # noqa: ARG002 - there is one
        """Return the length of the difference in levels; a new array."""
        return _planes(sample).values.copy()


def _planes(sample: Sample) -> _Planes:
    return sample.once("gradient", lambda: _made(sample))


def _made(sample: Sample) -> _Planes:
    cut, place = around(sample, 1)
    rect = sample.rect
    values = np.zeros((rect.height, rect.width), np.float32)
    counted: Mask = np.zeros(values.shape, np.uint8)
    seen = place.grow(-1).intersect(rect)
    if seen.empty:
        return _Planes(values, counted)
    a, b = (x[cut] for x in sample.luma)
    depth = cv2.CV_64F if a.dtype == np.float64 else cv2.CV_32F
    d = cv2.subtract(a, b, dtype=depth)
    valid = None if sample.valid is None else np.ascontiguousarray(sample.valid[cut])
    if valid is not None:
        d = cv2.copyTo(d, valid)
    length = steepness(d, _ALONG, _ACROSS)
    inside, to = seen.within(place), seen.within(rect)
    if valid is None:
        counted[to] = 255
        values[to] = length[inside]
    else:
        counted[to] = cv2.erode(valid, _WINDOW)[inside]
        values[to] = cv2.copyTo(np.ascontiguousarray(length[inside]), counted[to].copy())
    return _Planes(values, counted)


MEASURE: Final = GradientDifference()
