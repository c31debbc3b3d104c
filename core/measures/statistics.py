"""Statistics of the two pictures taken together: relative error, correlation, shared information.

nrmse
    ``√(Σ(a - b)² / Σa²)`` over all values: the root mean squared error against the root mean square
    of A, scikit-image's "euclidean" normalization. Directed: A is the reference. When A is 0
    everywhere it is infinite, or 0 when B is too.
ncc
    Zero-normalised cross-correlation, which is Pearson's correlation of a and b over all values
    (Lewis, Fast template matching, 1995, section 2): -1...1, whatever the gain and offset of
    either. A constant picture has no pattern to correlate: with an equal one it gives 1, with any
    other 0, which is also what independent noise over it would give.
mutual_information
    ``H(A) + H(B) - H(A, B)`` in bits (Shannon, 1948, DOI 10.1002/j.1538-7305.1948.tb01338.x; of
    pictures: Viola, Wells, 1997, DOI 10.1023/A:1007958904918), of Rec. 709 luma in 256 bins.
nmi
    ``(H(A) + H(B)) / H(A, B)``, 1...2 (Studholme, Hill, Hawkes, 1999, DOI
    10.1016/S0031-3203(98)00091-0). When both pictures are constant, H(A, B) is 0 and nothing of one
    is left to tell by the other: 2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import cv2
import numpy as np

from core.color import LUMA_709
from core.measures import Measure
from core.measures._bootstrap import interval_of
from core.measures._counts import Counts, added, joint
from core.measures._luma import bytes_of
from core.measures._moments import COUNT, DD, NORM, Moments, correlation, moments
from core.measures._moments import Part as MomentsPart
from core.types import MeasureValue

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from core.measures import Sample, Totals
    from core.types import Mask, Pixels

    Floats = NDArray[np.float64]

BINS: Final = 256
_HALF_STEP: Final = 5e-5
"""Luma of bytes is a multiple of 1/10,000, as its weights are, and so often a half level, which
rounding would take up or down as the last bit of a float has it. Rounding half a step off is sure:
a picture has the same levels whether it is stored as bytes, words or floats."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one strip adds: its moments by block, and how often luma k of A meets luma l of B."""

    moments: MomentsPart
    joint: Counts


_Row = tuple[str, str, Literal["lower", "higher"], str]
_TABLE: Final[dict[str, _Row]] = {
    "nrmse": (
        "Relative RMSE", "", "lower",
        "The root mean squared error against the brightness of A (its root mean square), so that"
        " dark and bright pictures can be compared. Swapping A and B changes it, and a dark A makes"
        " any error look large.",
    ),
    "ncc": (
        "Cross-correlation", "", "higher",
        "Whether the values rise and fall at the same places: 1 alike but for brightness and"
        " contrast, 0 unrelated, −1 inverted. It does not see a change of brightness or contrast,"
        " and a strong gradient or border that both share lifts it.",
    ),
    "mutual_information": (
        "Mutual information", "bits", "higher",
        "How much a pixel's brightness in A tells about the one in B, also where the two are"
        " related in another way than by gain and offset. It grows with the detail of the scene, so"
        " compare it only between pairs of one scene, and small pictures overstate it.",
    ),
    "nmi": (
        "Mutual information, normalised", "", "higher",
        "As the mutual information, from 1 (unrelated) to 2 (each brightness of A goes with one of"
        " B, and the other way round). An inverted copy still gives 2, and small pictures overstate"
        " it.",
    ),
}  # fmt: skip


class Statistics(Measure):
    """Relative RMSE, correlation, and mutual information.

    The first two are over all channels of the pictures as they are (alpha, where it is compared, is
    one more), also when the difference is taken in Lab; the information is that of the luma of
    colour without alpha, rounded to levels, with values outside 0...255 in the end bins. Invalid
    pixels take no part. Swapping A and B changes `nrmse` only. Intervals are given for `nrmse` and
    `ncc`, which are made of sums over blocks; entropies of redrawn blocks would be biased.
    """

    names = tuple(_TABLE)
    order = 70
    group = "Statistics"

    def partial(self, sample: Sample) -> Part:
        """Return the moments and the joint histogram of one strip."""
        return Part(moments(sample), joint(_levels(sample), BINS, sample.inner_valid))

    def finish(self, partials: Sequence[Part], totals: Totals) -> tuple[MeasureValue, ...]:
        """Return the four numbers; all nan when there is no valid pixel."""
        values = dict.fromkeys(self.names, math.nan)
        intervals: dict[str, tuple[float, float] | None] = {}
        if totals.pixels > 0:
            found = Moments([p.moments for p in partials], totals.grid.count)
            counts = added((p.joint for p in partials), BINS * BINS).reshape(BINS, BINS)
            information, normalised = shared(counts)
            values = {
                "nrmse": float(_relative(found.total)),
                "ncc": _ncc(found),
                "mutual_information": information,
                "nmi": normalised,
            }
            intervals = {"nrmse": _interval(found, _relative)}
            if not any(found.constant()):
                intervals["ncc"] = _interval(found, correlation)
        return tuple(
            MeasureValue(
                name, label, values[name], unit, better, totals.pixels,
                help=text, interval=intervals.get(name),
            )
            for name, (label, unit, better, text) in _TABLE.items()
        )  # fmt: skip


def _levels(sample: Sample) -> list[Mask]:
    """Return the luma of both pictures over the strip, rounded to levels."""
    if colors := bytes_of(sample):
        weights = np.array([[*LUMA_709, _HALF_STEP]])
        return [np.asarray(cv2.transform(x, weights), np.uint8) for x in colors]
    return [_rounded(plane[sample.inner]) for plane in sample.luma]


def _rounded(luma: Pixels) -> Mask:
    if luma.dtype == np.uint8:
        return luma
    rounded = cv2.addWeighted(luma, 1.0, luma, 0.0, _HALF_STEP, dtype=cv2.CV_8U)
    return np.asarray(rounded, np.uint8)


def _relative(sums: Floats) -> Floats:
    """Return √(Σd² / Σa²) of each row of sums; 0 where Σd² is 0, whatever Σa² is."""
    squared, norm = sums[..., DD], sums[..., NORM]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(squared == 0, 0.0, np.sqrt(squared / norm))


def _ncc(found: Moments) -> float:
    if any(found.constant()):
        return float(all(found.constant()) and found.means[0] == found.means[1])
    return float(correlation(found.total))


def _interval(found: Moments, value: Callable[[Floats], Any]) -> tuple[float, float] | None:
    return interval_of(found.blocks, found.blocks[:, COUNT], value)


def shared(counts: NDArray[np.int64]) -> tuple[float, float]:
    """Return the mutual information in bits, and Studholme's normalised one, of joint counts."""
    a, b, both = _entropy(counts.sum(axis=1)), _entropy(counts.sum(axis=0)), _entropy(counts)
    return max(a + b - both, 0.0), (a + b) / both if both > 0 else 2.0


def _entropy(counts: NDArray[np.int64]) -> float:
    """Return the entropy in bits; the same for the same counts in any order."""
    shares = counts[counts > 0] / counts.sum()
    return max(-math.fsum(shares * np.log2(shares)), 0.0)


MEASURE: Final = Statistics()
