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


def kl_by_chance(a: NDArray[np.int64], b: NDArray[np.int64]) -> float:
    """Return what `hist_kl` is on the average of two draws of as many pixels from one scene.

    Right within a fifth. Counts are taken to be Poisson's, with what both have together as their
    means: as if all pixels were drawn anew, so noise that leaves a pixel near its level makes less
    of a distance. Of 180 x 240 px it is about 0.01, of 36 x 64 px as much as 0.2, as many bins are
    empty by chance.
    """
    total = max(int(a[0].sum()), 1)
    means = np.minimum((a + b) / 2, _MOST)
    return float(np.interp(means, *_chances(total)).sum(axis=1).mean()) / total


@cache
def _chances(total: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean counts, and E[X (log(X + e) - log(Y + e))] of Poisson's X and Y of that mean."""
    means = np.arange(0, 2 * _MOST + 1) / 2
    levels = np.arange(0, 3 * _MOST)
    logs = np.log(levels + SMOOTHING * total)
    factorials = np.array([math.lgamma(k + 1) for k in levels])
    shares = np.zeros((means.size, levels.size))
    shares[0, 0] = 1.0
    shares[1:] = np.exp(np.outer(np.log(means[1:]), levels) - means[1:, None] - factorials)
    return means, shares @ (levels * logs) - means * (shares @ logs)


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
