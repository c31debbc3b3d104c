"""Norms of the difference: how far off, and how many pixels.

For the difference d = A - B over N valid pixels: the Manhattan norm is the sum of |d| over pixels
and channels, the Euclidean norm is the root of the sum of d², the zero norm counts the pixels at
which A and B are not the same.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from core.measures import Measure
from core.measures._sums import ABSOLUTE, OVER, SQUARED, Sums, sums
from core.types import MeasureValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.measures import Sample, Totals
    from core.measures._bootstrap import BlockSums


_HELP: Final = {
    "l1": "How far off the pictures are in all: the sum of |A − B| over pixels and channels. It"
    " grows with the size of the picture, so compare it only between pictures of one size.",
    "l1_per_pixel": "How far off a pixel is on average, its channels added up. A small patch that"
    " is far off and a faint veil over everything can give the same number.",
    "l0": "How many pixels are off by more than the tolerance ({tolerance:g}). It does not say by"
    " how much, and at tolerance 0 noise or recompression alone makes almost every pixel count.",
    "l0_per_pixel": "The share of pixels, 0 to 1, that are off by more than the tolerance"
    " ({tolerance:g}). A defect of a few pixels in a large picture hardly moves it.",
    "l2": "How far off the pictures are in all, with large differences weighing more: the root of"
    " the sum of (A − B)². A few outliers can decide it, and it grows with the picture's size.",
}
_LABEL: Final = {
    "l1": "Manhattan norm",
    "l1_per_pixel": "Manhattan norm / px",
    "l0": "Zero norm",
    "l0_per_pixel": "Zero norm, share",
    "l2": "Euclidean norm",
}


class Norms(Measure):
    """Manhattan, zero and Euclidean norm of the difference.

    Invalid pixels take no part. Alpha, where it is compared, is one more channel. When the
    difference is taken in Lab the norms are in Lab units. Swapping A and B changes nothing.
    """

    names = ("l1", "l1_per_pixel", "l0", "l0_per_pixel", "l2")
    order = 10
    group = "Norms"
    looks_at_pictures = False
    adds_up = True
    uses_tolerance = True

    def partial(self, sample: Sample) -> BlockSums:
        """Return the sums of one strip, accumulated in float64 by OpenCV."""
        return sums(sample)

    def finish(self, partials: Sequence[BlockSums], totals: Totals) -> tuple[MeasureValue, ...]:
        """Return the five norms; all nan when there is no valid pixel."""
        n = totals.pixels
        unit = "levels" if totals.space == "rgb" else "Lab units"
        units = {"l0": "px", "l0_per_pixel": "share"}
        values = dict.fromkeys(self.names, math.nan)
        intervals: dict[str, tuple[float, float] | None] = {}
        if n > 0:
            found = Sums(partials, totals)
            l1, l0 = float(found.total[ABSOLUTE]), float(found.total[OVER])
            l2 = math.sqrt(found.total[SQUARED])
            values = {"l1": l1, "l1_per_pixel": l1 / n, "l0": l0, "l0_per_pixel": l0 / n, "l2": l2}
            intervals = {
                "l1_per_pixel": found.interval(ABSOLUTE),
                "l0_per_pixel": found.interval(OVER),
            }
        return tuple(
            MeasureValue(
                name=name,
                label=_LABEL[name],
                value=values[name],
                unit=units.get(name, unit),
                better="lower",
                pixels=n,
                help=_HELP[name].format(tolerance=totals.tolerance),
                interval=intervals.get(name),
            )
            for name in self.names
        )


MEASURE: Final = Norms()
