"""Gradient magnitude similarity deviation (GMSD): how unevenly edges have been damaged.

Xue, Zhang, Mou, Bovik, Gradient magnitude similarity deviation: a highly efficient perceptual image
quality index, 2014, DOI 10.1109/TIP.2013.2293423. Luma is averaged over squares of 2 x 2 pixels; g
is the magnitude of its gradient by Prewitt's kernels divided by 3; with c = 170 (for values of
0...255) the similarity of two gradients is

    GMS = (2 g(A) g(B) + c) / (g(A)² + g(B)² + c) = 1 - (g(A) - g(B))² / (g(A)² + g(B)² + c)

and GMSD is its standard deviation over the picture (the sum of squares divided by their number).
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
from core.measures._slopes import steepness
from core.types import MapKind, MeasureValue, Rect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.measures import Sample, Totals
    from core.settings import Settings
    from core.types import Mask, Pixels

C: Final = 170.0
STEP: Final = 2
"""Pixels along the side of a square."""
HALO: Final = 4
"""A square beside the strip's own, and what the strip cuts off of both."""
_MEAN: Final = np.full(3, 1 / 3)
_SLOPE: Final = np.array([-1.0, 0.0, 1.0])
_WINDOW: Final = np.ones((3, 3), np.uint8)

_HELP: Final = (
    "How unevenly edges have become weaker or stronger: 0 when they are alike, about 0.1 to 0.3"
    " for a picture that is plainly damaged. Damage that is the same everywhere moves it little,"
    " and it looks at brightness alone, not at colours or flat parts."
)


@dataclass(frozen=True, slots=True, eq=False)
class _Planes:
    """1 - GMS at the squares that hold pixels of a strip, 0 where not counted; and what counts."""

    values: Pixels
    counted: Mask


class GradientSimilarity(Measure):
    """GMSD of luma, over the squares whose 3 x 3 neighbours are all valid and on the canvas.

    The paper lets pictures go on with zeros beyond their border; here places that would look beyond
    it take no part, so a border adds no edge of its own. Squares are counted from the canvas
    origin. `MeasureValue.pixels` is the number of pixels of those squares, 4 each; with none (less
    than 6 pixels in a direction) the value is nan. Alpha takes no part, save that colour may be
    multiplied by it. Values beyond 255 (HDR) are taken as they are, with the same c: in bright
    parts only the ratio of two gradients counts. Linear light is compared as it is. Swapping A and
    B changes nothing.

    Its map is 1 - GMS, 0 to 1.
    """

    names = ("gmsd",)
    order = 34
    group = "Structure"
    default = False
    maps = (MapKind.GMSD,)

    def halo(self, settings: Settings) -> int:  # noqa: ARG002 - the kernels are those of the paper
        """Return the reach of the kernels in pixels of the picture."""
        return HALO

    def partial(self, sample: Sample) -> BlockSums:
        """Return by block: sums of 1 - GMS and of its square, and the number of squares."""
        planes = _planes(sample)

        def of(where: tuple[slice, slice]) -> tuple[float, ...]:
            cut = owned(where, sample.rect, STEP)
            values = planes.values[cut]
            if not values.size:
                return 0.0, 0.0, 0.0
            return (
                cv2.sumElems(values)[0],
                cv2.norm(values, cv2.NORM_L2SQR),
                float(cv2.countNonZero(planes.counted[cut])),
            )

        return BlockSums.made(sample, of)

    def finish(self, partials: Sequence[BlockSums], totals: Totals) -> tuple[MeasureValue, ...]:
        """Return GMSD; nan when no square has all its neighbours."""
        value, squares, within = math.nan, 0, None
        if totals.pixels > 0:
            blocks = gathered(partials, totals.grid.count)
            squares = int(blocks[:, 2].sum())
        if squares > 0:
            value = float(_deviation(blocks.sum(axis=0)))
            within = interval_of(blocks, blocks[:, 2], _deviation)
        label = "Gradient magnitude similarity deviation"
        pixels = squares * STEP * STEP
        return (
            MeasureValue("gmsd", label, value, "", "lower", pixels, help=_HELP, interval=within),
        )

    def map(self, kind: MapKind, sample: Sample) -> Pixels:  # noqa: ARG002 - there is one
        """Return 1 - GMS, each square's value at its four pixels; a new array."""
        return enlarged(_planes(sample).values, sample.rect, STEP).copy()


def _planes(sample: Sample) -> _Planes:
    return sample.once("gmsd", lambda: _made(sample))


def _made(sample: Sample) -> _Planes:
    cut, place = around(sample, HALO, STEP)
    valid = None if sample.valid is None else halved_mask(sample.valid[cut])
    a, b = (halved(x[cut]) for x in sample.luma)
    target = parents(sample.rect, STEP)
    values = np.zeros((target.height, target.width), np.float32)
    counted: Mask = np.zeros(values.shape, np.uint8)
    place = Rect(place.row // STEP, place.col // STEP, *a.shape)
    within = place.grow(-1)
    if within.empty:
        return _Planes(values, counted)
    if valid is not None:
        a, b = (cv2.copyTo(x, valid) for x in (a, b))
    seen = within.intersect(target)
    inside = seen.within(place)
    deficit = _deficit(a, b)[inside]
    if valid is None:
        counted[seen.within(target)] = 255
    else:
        known = cv2.erode(valid, _WINDOW)[inside]
        counted[seen.within(target)] = known
        deficit = cv2.copyTo(deficit, np.ascontiguousarray(known))
    values[seen.within(target)] = deficit
    return _Planes(values, counted)


def _deficit(a: Pixels, b: Pixels) -> Pixels:
    """Return 1 - GMS; what the kernels reach beyond the border is arbitrary."""
    first, second = (steepness(x, _MEAN, _SLOPE) for x in (a, b))
    below = cv2.add(cv2.multiply(first, first), cv2.multiply(second, second))
    np.add(below, C, out=below)
    cv2.subtract(first, second, first)
    cv2.divide(first, below, second)
    return cv2.multiply(first, second, second)  # so that squares of huge values do not overflow


def _deviation(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the standard deviation of sums (..., 3) of values, of their squares, and of ones."""
    mean, square = (sums[..., i] / sums[..., 2] for i in (0, 1))
    return np.asarray(np.sqrt(np.maximum(square - mean * mean, 0.0)), np.float64)


MEASURE: Final = GradientSimilarity()
