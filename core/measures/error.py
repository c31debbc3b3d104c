"""Mean errors of the difference, and the one largest.

Means are over valid pixels times channels, as in most image software, so for colour they are a
third of what the norms give per pixel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.measures import Measure
from core.measures._sums import ABSOLUTE, SQUARED, Sums, sums
from core.types import MeasureValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.measures import Sample, Totals
    from core.measures._bootstrap import BlockSums


@dataclass(frozen=True, slots=True)
class Part:
    """What one strip adds.

    Attributes
    ----------
    sums
        Sums of |d| and d² by block.
    largest
        Largest magnitude of the strip.
    at
        (row, col) on the canvas of the first pixel, in row-major order, that has it.
    """

    sums: BlockSums
    largest: float
    at: tuple[int, int]


_HELP: Final = {
    "mae": "How far off a channel of a pixel is on average. A small defect disappears in it: the"
    " unchanged rest of the picture thins it out.",
    "mse": "The mean of (A − B)²: like the mean absolute error, but ten levels once weigh as much"
    " as one level a hundred times. It says nothing about whether the eye would notice.",
    "rmse": "The root of the mean squared error, back in levels. As with any mean, a small defect"
    " in a large picture hardly moves it.",
    "psnr": "The mean squared error against the largest possible value ({peak:g}), in decibels;"
    " infinite when nothing differs. A shift by one pixel costs more than a loss of detail that"
    " everybody sees.",
    "max_abs": "The largest difference of any pixel, in its worst channel, and where it first"
    " occurs. One bad pixel decides it, so it says nothing about the rest.",
}
_LABEL: Final = {
    "mae": "Mean absolute error",
    "mse": "Mean squared error",
    "rmse": "Root mean squared error",
    "psnr": "Peak signal-to-noise ratio",
    "max_abs": "Largest difference",
}


class Error(Measure):
    """MAE, MSE, RMSE, PSNR and the largest difference with its place.

    Invalid pixels take no part. Alpha, where it is compared, is one more channel. When the
    difference is taken in Lab, errors are in Lab units and the largest difference is the largest
    Euclidean distance of two colours. Swapping A and B changes nothing.
    """

    names = ("mae", "mse", "rmse", "psnr", "max_abs")
    order = 20
    group = "Errors"
    looks_at_pictures = False
    adds_up = True

    def partial(self, sample: Sample) -> Part:
        """Return the sums and the largest difference of one strip."""
        place = (sample.rect.row, sample.rect.col)
        found = sums(sample)
        if sample.pixels == 0:
            return Part(found, 0.0, place)
        # Of equal values OpenCV reports the first in row-major order.
        _, largest, _, (col, row) = cv2.minMaxLoc(sample.magnitude)
        return Part(found, largest, (place[0] + row, place[1] + col))

    def finish(self, partials: Sequence[Part], totals: Totals) -> tuple[MeasureValue, ...]:
        """Return the five errors; all nan when there is no valid pixel.

        The largest difference has no place when it is 0.
        """
        values = dict.fromkeys(self.names, math.nan)
        intervals: dict[str, tuple[float, float] | None] = {}
        at: tuple[int, int] | None = None
        if totals.pixels > 0:
            found = Sums([p.sums for p in partials], totals)
            count, channels, peak = totals.pixels * totals.channels, totals.channels, totals.peak
            mse = float(found.total[SQUARED]) / count
            worst = max(partials, key=lambda p: p.largest)  # the topmost of equal ones
            at = worst.at if worst.largest > 0 else None
            values = {
                "mae": float(found.total[ABSOLUTE]) / count,
                "mse": mse,
                "rmse": math.sqrt(mse),
                "psnr": psnr(mse, peak),
                "max_abs": float(worst.largest),
            }
            intervals = {
                "mae": found.interval(ABSOLUTE, channels),
                "mse": found.interval(SQUARED, channels),
                "rmse": found.interval(SQUARED, channels, np.sqrt),
                "psnr": found.interval(SQUARED, channels, lambda m: _psnr_of(m, peak)),
            }
        unit = "levels" if totals.space == "rgb" else "Lab units"
        units = {"mse": f"{unit}²", "psnr": "dB"}
        return tuple(
            MeasureValue(
                name=name,
                label=_LABEL[name],
                value=values[name],
                unit=units.get(name, unit),
                better="higher" if name == "psnr" else "lower",
                pixels=totals.pixels,
                at=at if name == "max_abs" else None,
                help=_HELP[name].format(peak=totals.peak),
                interval=intervals.get(name),
            )
            for name in self.names
        )


def _psnr_of(mse: NDArray[np.float64], peak: float) -> NDArray[np.float64]:
    return np.asarray(20 * math.log10(peak) - 10 * np.log10(mse))


def psnr(mse: float, peak: float) -> float:
    """Return 10 log10(peak² / mse) in decibels; inf for mse 0, -inf for an infinite one."""
    if mse == 0:
        return math.inf
    # As a difference of logarithms it stands a ratio that over- or underflows.
    return 20 * math.log10(peak) - 10 * math.log10(mse)


MEASURE: Final = Error()
