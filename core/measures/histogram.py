"""Distances between the histograms of A and B: how the values are spread, not where they are.

Each is taken per channel between two histograms of 256 bins whose shares add up to 1 (p of A, q of
B), then averaged over the channels. The histograms are exact counts over all valid pixels; working
values fall into the bin they round to, values outside 0...255 into the end bins.

References
----------
intersection
    Swain, Ballard, Color indexing, 1991, DOI 10.1007/BF00130487.
chi-square (symmetric)
    As the triangular discrimination: Topsøe, 2000, DOI 10.1109/18.850703.
Bhattacharyya
    The Hellinger form, a metric: Comaniciu, Ramesh, Meer, 2003, DOI 10.1109/TPAMI.2003.1195991.
Jensen-Shannon
    Lin, Divergence measures based on the Shannon entropy, 1991, DOI 10.1109/18.61115.
Kullback-Leibler
    Kullback, Leibler, On information and sufficiency, 1951, DOI 10.1214/aoms/1177729694.
earth mover's distance
    Rubner, Tomasi, Guibas, 2000, DOI 10.1023/A:1026543900054; on a line it is the area between the
    two cumulative distributions.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from core.types import MeasureValue

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from core.measures import Sample, Totals

    Shares = NDArray[np.float64]

BINS: Final = 256
SMOOTHING: Final = 1e-8
"""Added to every share before the Kullback-Leibler distance is taken, or an empty bin of B would
make it infinite: as little as one pixel in a hundred million."""


def l1(p: Shares, q: Shares) -> float:
    """Return Σ|p - q|, 0...2."""
    return float(np.abs(p - q).sum())


def l2(p: Shares, q: Shares) -> float:
    """Return √Σ(p - q)², 0...√2."""
    return math.sqrt(np.square(p - q).sum())


def chi2(p: Shares, q: Shares) -> float:
    """Return Σ(p - q)² / (p + q) over the bins that either fills, 0...2."""
    total = p + q
    return float(np.divide(np.square(p - q), total, out=np.zeros(BINS), where=total > 0).sum())


def correlation(p: Shares, q: Shares) -> float:
    """Return Pearson's correlation of p and q over the bins, -1...1.

    A histogram that fills all bins alike has no shape to correlate: with itself it gives 1, with
    any other 0.
    """
    if np.array_equal(p, q):
        return 1.0
    # 1 / BINS, the mean share, is exact in binary, and so is the difference of a flat histogram.
    x, y = p - 1 / BINS, q - 1 / BINS
    spread = math.sqrt(np.square(x).sum()) * math.sqrt(np.square(y).sum())
    return max(-1.0, min(1.0, float((x * y).sum()) / spread)) if spread > 0 else 0.0


def intersection(p: Shares, q: Shares) -> float:
    """Return Σ min(p, q), 0...1, as 1 - Σ|p - q| / 2, which is exactly 1 for equal shares."""
    return 1.0 - l1(p, q) / 2


def bhattacharyya(p: Shares, q: Shares) -> float:
    """Return √(1 - Σ√(p q)), 0...1, as √(Σ(√p - √q)² / 2), which does not cancel near 0."""
    return min(1.0, math.sqrt(np.square(np.sqrt(p) - np.sqrt(q)).sum() / 2))


def jensen_shannon(p: Shares, q: Shares) -> float:
    """Return the Jensen-Shannon divergence in nats, 0...ln 2."""
    middle = (p + q) / 2
    return max(0.0, (_relative_entropy(p, middle) + _relative_entropy(q, middle)) / 2)


def kullback_leibler(p: Shares, q: Shares) -> float:
    """Return Σ p log(p / q) in nats, 0...18.4, after `SMOOTHING` is added to all shares."""
    whole = 1 + BINS * SMOOTHING
    return max(0.0, _relative_entropy((p + SMOOTHING) / whole, (q + SMOOTHING) / whole))


def earth_movers(p: Shares, q: Shares) -> float:
    """Return the levels that a pixel must move on average to turn p into q, 0...255."""
    return float(np.abs(np.cumsum(p - q)).sum())


def _relative_entropy(p: Shares, q: Shares) -> float:
    filled = p > 0
    ratio = np.divide(p, q, out=np.ones(BINS), where=filled)
    return float((p * np.log(ratio)).sum())


_Row = tuple["Callable[[Shares, Shares], float]", str, str, Literal["lower", "higher"], str]
_TABLE: Final[dict[str, _Row]] = {
    "hist_l1": (
        l1, "Histogram, Manhattan", "", "lower",
        "Twice the share of pixels that would have to change their value to make the histograms"
        " equal. It is 0 for any rearrangement of the same pixels, and large for a brightness step"
        " of one level.",
    ),
    "hist_l2": (
        l2, "Histogram, Euclidean", "", "lower",
        "How far apart the histograms are, tall bins weighing more. One flat background that moves"
        " by a single level decides it.",
    ),
    "hist_chi2": (
        chi2, "Histogram, χ²", "", "lower",
        "How far apart the histograms are, each bin measured against its own height, 0 to 2. Sparse"
        " bins at the ends count as much as full ones, so noise there shows.",
    ),
    "hist_correlation": (
        correlation, "Histogram, correlation", "", "higher",
        "Whether the same bins are tall and low in both histograms: 1 alike, 0 unrelated. One very"
        " tall bin, such as a black border in both, makes any two pictures look alike.",
    ),
    "hist_intersection": (
        intersection, "Histogram, intersection", "", "higher",
        "The share of pixels that the histograms have in common: 1 alike, 0 nothing in common. It"
        " does not see where pixels are, and a brightness step of one level can bring it to 0.",
    ),
    "hist_bhattacharyya": (
        bhattacharyya, "Histogram, Bhattacharyya", "", "lower",
        "How little the histograms overlap, in Hellinger's form: 0 alike, 1 nothing in common. It"
        " does not see where pixels are, nor how far apart the values lie.",
    ),
    "hist_js": (
        jensen_shannon, "Histogram, Jensen–Shannon", "nats", "lower",
        "How surely one pixel's value tells which picture it came from: 0 not at all, 0.693 always."
        " It does not see how far apart the values lie.",
    ),
    "hist_kl": (
        kullback_leibler, "Histogram, Kullback–Leibler", "nats", "lower",
        "How much A's values would surprise somebody who expects B's; swapping A and B changes it."
        " Values that only A has make it large: gaps in a stretched histogram do so without any"
        " change in the scene.",
    ),
    "hist_emd": (
        earth_movers, "Histogram, earth mover's", "levels", "lower",
        "How many levels a pixel's value has to move on average to turn one histogram into the"
        " other. It does not see where pixels are: a change that keeps the histogram gives 0.",
    ),
}  # fmt: skip


class HistogramDistances:
    """Nine distances between the histograms of A and B.

    Only valid pixels are counted. All but `hist_kl`, whose p is of A and whose q is of B, stay the
    same when A and B are swapped. Identical histograms give exactly 0, or exactly 1 where higher is
    better. Differences smaller than one level that stay within a bin are not seen.
    """

    names: tuple[str, ...] = tuple(_TABLE)
    order: int = 90
    halo: int = 0
    needs_histograms: bool = True
    looks_at_pictures = False

    def partial(self, sample: Sample) -> None:
        """Return nothing: the engine counts the histograms."""

    def finish(
        self,
        partials: Sequence[Any],  # noqa: ARG002  # the totals hold all that is needed
        totals: Totals,
    ) -> tuple[MeasureValue, ...]:
        """Return the nine distances; all nan when there is no valid pixel."""
        values = dict.fromkeys(self.names, math.nan)
        if totals.pixels > 0:
            if totals.histograms is None:
                raise ValueError("histogram distances need Totals.histograms, which is None")
            a, b = _shares(totals.histograms.a), _shares(totals.histograms.b)
            for name, (distance, *_) in _TABLE.items():
                each = [distance(p, q) for p, q in zip(a, b, strict=True)]
                values[name] = sum(each) / len(each)
        return tuple(
            MeasureValue(name, label, values[name], unit, better, totals.pixels, help=text)
            for name, (_, label, unit, better, text) in _TABLE.items()
        )


def _shares(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    shares: NDArray[np.float64] = counts / counts.sum(axis=1, keepdims=True)
    return shares


MEASURE: Final = HistogramDistances()
