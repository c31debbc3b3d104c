"""What is seen of one frame, or of two, that its verdicts are made from."""

from __future__ import annotations

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


def hist_kl(a: NDArray[np.int64], b: NDArray[np.int64]) -> float:
    """Return KL(a‖b) of (C, 256) counts, the mean over the channels."""
    pairs = zip(of.shares(a), of.shares(b), strict=True)
    each = [of.kullback_leibler(p, q, SMOOTHING) for p, q in pairs]
    return sum(each) / len(each)


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
