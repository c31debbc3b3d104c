"""What is seen of one frame, or of two, that its verdicts are made from."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.measures import _distances as of
from core.measures.histogram import SMOOTHING
from core.sequence.types import Verdict

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.sequence.pixels import Picture
    from core.types import Mask, Pixels

    Floats = NDArray[np.float64]

PLAIN: Final = 0.98
DARK: Final = 16
WHITE: Final = 240
RISE: Final = 30.0
DARKER: Final = 0.05
LIT: Final = 0.3
_MOST: Final = 64
"""Above this mean count the distance by chance of a bin is 1 / n, but for a part in a hundred."""


def hist_kl(a: NDArray[np.int64], b: NDArray[np.int64]) -> float:
    """Return KL(a‖b) of (C, 256) counts, the mean over the channels."""
    pairs = zip(of.shares(a), of.shares(b), strict=True)
    each = [of.kullback_leibler(p, q, SMOOTHING) for p, q in pairs]
    return sum(each) / len(each)


def kl_by_chance(a: NDArray[np.int64], b: NDArray[np.int64]) -> tuple[float, float]:
    """Return mean and deviation of `hist_kl` of two draws of as many pixels from one scene.

    The mean is right within a fifth. Counts are taken to be Poisson's, with what both have together
    as their means: as if all pixels were drawn anew, so noise that leaves a pixel near its level
    makes less of a distance. Of 180 x 240 px the mean is about 0.01, of 36 x 64 px as much as 0.2,
    as many bins are empty by chance. Channels are taken to deviate together.
    """
    total = max(int(a[0].sum()), 1)
    means = np.minimum((a + b) / 2, _MOST)
    at, mean, variance = _chances(total)
    deviations = np.sqrt(np.interp(means, at, variance).sum(axis=1))
    expected = np.interp(means, at, mean).sum(axis=1)
    return float(expected.mean()) / total, float(deviations.mean()) / total


@cache
def _chances(total: int) -> tuple[Floats, Floats, Floats]:
    """Return mean counts, and mean and variance of X (log(X + e) - log(Y + e)) - (X - Y).

    X and Y are Poisson's of that mean, and independent. X - Y adds up to nothing, as there are as
    many pixels in both, and without it the terms would be taken to deviate with their number.
    """
    means = np.arange(0, 2 * _MOST + 1) / 2
    levels = np.arange(0, 3 * _MOST)
    logs = np.log(levels + SMOOTHING * total)
    factorials = np.array([math.lgamma(k + 1) for k in levels])
    shares = np.zeros((means.size, levels.size))
    shares[0, 0] = 1.0
    shares[1:] = np.exp(np.outer(np.log(means[1:]), levels) - means[1:, None] - factorials)
    x = levels.astype(np.float64)
    log, log2, x_log = shares @ logs, shares @ logs**2, shares @ (x * logs)
    x2, x2_log, x2_log2 = shares @ x**2, shares @ (x**2 * logs), shares @ (x * logs) ** 2
    mean = x_log - means * log
    square = x2_log2 - 2 * x2_log * log + x2 * log2  # of the term; then its product with X - Y
    product = x2_log - x2 * log
    return means, mean, square - 2 * product + 2 * means - mean**2


def plain(picture: Picture) -> set[Verdict]:
    """Return black, flash for white, or nothing."""
    total = picture.counts.sum(axis=0)
    if total[: DARK + 1].sum() >= PLAIN * total.sum():
        return {Verdict.BLACK}
    return {Verdict.FLASH} if total[WHITE:].sum() >= PLAIN * total.sum() else set()


def brighter(x: Mask, s: Mask) -> bool:
    """Whether the sample x is s in much more light."""
    rise = cv2.mean(x.reshape(-1))[0] - cv2.mean(s.reshape(-1))[0]
    if rise < RISE:
        return False
    fell = cv2.subtract(s, x)  # saturates: 0 where x is brighter
    return int(np.count_nonzero(fell > 10)) <= DARKER * x.size and correlation(x, s) > LIT


def correlation(x: Pixels, y: Pixels) -> float:
    """Return Pearson's correlation of two samples; 0 when either is flat."""
    one, other = (v.reshape(-1).astype(np.float64) for v in (x, y))
    one, other = one - one.mean(), other - other.mean()
    size = float(np.sqrt(np.square(one).sum() * np.square(other).sum()))
    return float((one * other).sum()) / size if size > 0 else 0.0
