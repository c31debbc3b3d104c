"""How many pixels are over each tolerance, and where that curve parts noise from change.

Everything here is made of the exact histogram of the difference alone: it costs nothing, also for
the largest pictures. Tolerances are whole levels, 0...255, so changes smaller than one level (16
bits, floats) cannot be told apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.histograms import Histograms

    Floats = NDArray[np.float64]

LEVELS: Final = 256
ONE_LUMP: Final = 0.8
"""The separability that the best threshold must exceed. It reaches 0.64 in a Gaussian distribution,
0.65 in an exponential and 0.75 in a uniform one: those are one lump, not two."""
BEND: Final = 0.2
"""How far the curve must run on below its knee, as a share of all tolerances that matter. The gap
between the last two pixels of Gaussian noise is seldom as long, so noise alone has no knee; one
outlying pixel has."""


def changed(histograms: Histograms) -> NDArray[np.int64]:
    """Return (256,) int64: exactly how many pixels are over each whole tolerance 0...255.

    It never rises. The last counts differences larger than 255, which only HDR pictures have.
    """
    after = np.cumsum(histograms.difference[::-1], dtype=np.int64)[::-1]
    return np.append(after[1:], np.int64(histograms.beyond))


def otsu(histograms: Histograms) -> int | None:
    """Return Otsu's threshold of the differences: what is over it is the upper of two classes.

    The threshold at which the variance between the classes is largest (Otsu, A threshold selection
    method from gray-level histograms, 1979, DOI 10.1109/TSMC.1979.4310076). Pixels that are equal
    (bin 0) take no part: they are no noise, and where 99 of 100 pixels are equal they would be a
    class of their own. Where several thresholds are as good, because no pixel lies between, it is
    the one in the middle.

    The method weighs classes by their size: of noise everywhere and a change of one pixel in a
    thousand it sees the noise alone.

    Returns
    -------
    threshold
        1...254, or None when there is nothing to separate: no difference, differences of one size,
        or a separability (Otsu's η = variance between the classes / variance in all) of no more
        than `ONE_LUMP`. To the variance in all 1/12 is added, that of values rounded to one level:
        without it, noise of two or three levels would count as two or three separate classes.
    """
    counts = histograms.difference.astype(np.float64)
    counts[0] = 0.0
    pixels = float(counts.sum())
    if pixels == 0:
        return None
    share = counts / pixels
    level = np.arange(LEVELS, dtype=np.float64)
    mean = float((share * level).sum())
    spread = float((share * np.square(level - mean)).sum()) + 1.0 / 12.0
    below, moment = np.cumsum(share), np.cumsum(share * level)
    filled = np.cumsum(counts)
    both = (filled > 0) & (filled < pixels)  # each class has a pixel
    if not both.any():
        return None
    rest = np.where(both, below * (1.0 - below), 1.0)
    between = np.where(both, np.square(mean * below - moment) / rest, 0.0)
    best = np.flatnonzero(between == between.max())
    return int(best[(best.size - 1) // 2]) if between.max() > ONE_LUMP * spread else None


def knee(histograms: Histograms) -> int | None:
    """Return the knee of the curve: up to it a higher tolerance takes many pixels away, then few.

    Kneedle (Satopää, Albrecht, Irwin, Raghavan, Finding a “kneedle” in a haystack, 2011,
    DOI 10.1109/ICDCSW.2011.20) on log10(1 + `changed`) against the tolerance, both scaled to 0...1
    up to the first tolerance that no pixel exceeds. A knee is a peak of the curve's distance to its
    chord; of several, the one after which the distance falls most. The counts are exact, so they
    are not smoothed.

    Noise that reaches up to some level and a change beyond it give a steep part and a flat one:
    the knee is where the noise ends, however few pixels the change has. The more pixels it has, the
    smaller the step on the logarithmic scale: of a change of a third of the picture the knee may
    lie within the noise, or there is none.

    Returns
    -------
    tolerance
        1...253, or None when there is no peak after which the distance falls by more than `BEND`:
        no difference, no noise below the change, or noise alone.
    """
    counts = changed(histograms)
    last = int(np.argmax(counts == 0)) if counts[-1] == 0 else LEVELS - 1
    if last < 2:  # fewer than three places have no inner one
        return None
    height = np.log10(1.0 + counts[: last + 1])
    if height[0] == height[-1]:  # everything differs by more than 255
        return None
    height = (height - height[-1]) / (height[0] - height[-1])
    distance = 1.0 - height - np.arange(last + 1) / last
    best, place = BEND, None
    for k in range(1, last):
        if distance[k] > distance[k - 1] and distance[k] >= distance[k + 1]:
            fall = distance[k] - _lowest_before_higher(distance[k:])
            if fall > best:
                best, place = fall, k
    return place


def _lowest_before_higher(values: Floats) -> float:
    """Return the smallest value before one that is larger than the first."""
    higher = values > values[0]
    end = int(np.argmax(higher)) if higher.any() else values.size
    return float(values[:end].min())
