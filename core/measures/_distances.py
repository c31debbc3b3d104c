"""Distances between two histograms, given as shares that add up to 1: p of A, q of B.

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
    Kullback, Leibler, On information and sufficiency, 1951, DOI 10.1214/aoms/1177729694; its
    symmetric form: Jeffreys, 1946, DOI 10.1098/rspa.1946.0056.
earth mover's distance
    Rubner, Tomasi, Guibas, 2000, DOI 10.1023/A:1026543900054; on a line it is the area between the
    two cumulative distributions.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Shares = NDArray[np.float64]


def l1(p: Shares, q: Shares) -> float:
    """Return Σ|p - q|, 0...2."""
    return float(np.abs(p - q).sum())


def l2(p: Shares, q: Shares) -> float:
    """Return √Σ(p - q)², 0...√2."""
    return math.sqrt(np.square(p - q).sum())


def chi2(p: Shares, q: Shares) -> float:
    """Return Σ(p - q)² / (p + q) over the bins that either fills, 0...2."""
    total = p + q
    return float(np.divide(np.square(p - q), total, out=np.zeros(p.size), where=total > 0).sum())


def correlation(p: Shares, q: Shares) -> float:
    """Return Pearson's correlation of p and q over the bins, -1...1.

    A histogram that fills all bins alike has no shape to correlate: with itself it gives 1, with
    any other 0.
    """
    if np.array_equal(p, q):
        return 1.0
    # All shares of a flat histogram are the mean share, rounded alike, so their differences are 0.
    x, y = p - 1 / p.size, q - 1 / p.size
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


def kullback_leibler(p: Shares, q: Shares, smoothing: float) -> float:
    """Return KL(p‖q) = Σ p log(p / q) in nats, after `smoothing` is added to all shares.

    The shares are then divided by their new sum, 1 + bins * smoothing. 0...log(1 + 1 / smoothing).
    """
    whole = 1 + p.size * smoothing
    return max(0.0, _relative_entropy((p + smoothing) / whole, (q + smoothing) / whole))


def jeffreys(p: Shares, q: Shares, smoothing: float) -> float:
    """Return KL(p‖q) + KL(q‖p) in nats, each smoothed as above."""
    return kullback_leibler(p, q, smoothing) + kullback_leibler(q, p, smoothing)


def earth_movers(p: Shares, q: Shares) -> float:
    """Return the levels that a pixel must move on average to turn p into q, 0...255.

    Of fewer than 256 bins each stands for the mean of its levels.
    """
    steps = np.append(np.diff(centres(p.size)), 1.0)  # nothing is left to move past the last bin
    return float(np.abs(np.cumsum(p - q) * steps).sum())


def bin_of_level(bins: int) -> NDArray[np.int64]:
    """Return (256,): the bin ``k * bins // 256`` of level k."""
    return np.arange(256) * bins // 256


def centres(bins: int) -> Shares:
    """Return (bins,): the mean of the levels of each bin."""
    where = bin_of_level(bins)
    return np.bincount(where, np.arange(256)) / np.bincount(where)


def rebinned(counts: NDArray[np.int64], bins: int) -> NDArray[np.int64]:
    """Add up (C, 256) counts into (C, bins)."""
    if bins == counts.shape[1]:
        return counts
    starts = np.searchsorted(bin_of_level(bins), np.arange(bins))
    return np.asarray(np.add.reduceat(counts, starts, axis=1))


def shares(counts: NDArray[np.int64]) -> Shares:
    """Return (C, bins) counts as shares of each row's sum."""
    out: Shares = counts / counts.sum(axis=1, keepdims=True)
    return out


def _relative_entropy(p: Shares, q: Shares) -> float:
    filled = p > 0
    ratio = np.divide(p, q, out=np.ones(p.size), where=filled)
    return float((p * np.log(ratio)).sum())
