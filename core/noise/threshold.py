"""Chooses from which evidence on a pixel counts.

Either so that of the pixels at which nothing changed at most a given share counts, or so that of
those that count at most a given share is noise (the false discovery rate: Benjamini and Hochberg
1995, doi:10.1111/j.2517-6161.1995.tb02031.x; with neighbours that are tied together it holds for
positive ties, Benjamini and Yekutieli 2001, doi:10.1214/aos/1013699998).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from core.noise.null import normal_tail
from core.noise.params import Control, NoiseParams
from core.noise.zscore import least

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.noise.curve import Curves

NONE: Final = 256
"""The code that no pixel has: nothing counts."""
LOW, HIGH = 0.05, 0.01
"""Shares of noise alone at whose thresholds the tail is held against the pictures."""
_OVER: Final = 1.4
_CALMEST: Final = 0.6
"""Share of the blocks, those with the fewest pixels over it, that are looked at for that."""
_ENOUGH: Final = 40
"""Blocks; with fewer the tail is taken to be that of Gaussian noise."""
_LIMITS: Final = (0.5, 30.0)
"""How much thinner or fatter than Gaussian a tail can be found to be."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """From where on a pixel counts.

    Attributes
    ----------
    code
        Least code of evidence that counts (`core.noise.zscore.codes`).
    value
        The same as evidence, in σ.
    found
        Pixels that are over it.
    expected_false
        How many noise alone is expected to bring over it.
    """

    code: int
    value: float
    found: int
    expected_false: float


@dataclass(frozen=True, slots=True)
class Tail:
    """How often the pictures are over two thresholds, beside noise that is Gaussian.

    Attributes
    ----------
    at
        The two thresholds, in σ.
    ratio
        How many times as often the calmest blocks of the pictures are over them.
    measured
        Whether there was enough to measure it.
    uneven
        How many times as far as in Gaussian noise a calm block lies below the middle one: about 1
        where the noise is the same everywhere at an intensity.
    """

    at: tuple[float, float]
    ratio: tuple[float, float]
    measured: bool
    uneven: float = 1.0

    def factor(self, t: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what the Gaussian share over t must be multiplied by.

        Its logarithm is a line through the two; beyond them it is held where it would fall, as a
        thin tail is no promise.
        """
        low, high = np.log(np.clip(self.ratio, *_LIMITS))
        slope = (high - low) / max(self.at[1] - self.at[0], 1e-9)
        inside = low + slope * (np.clip(t, *self.at) - self.at[0])
        beyond = max(slope, 0.0) * np.maximum(t - self.at[1], 0.0)
        return np.asarray(np.clip(np.exp(inside + beyond), *_LIMITS))


def chosen(params: NoiseParams, share: NDArray[np.float64], counts: NDArray[np.int64]) -> Threshold:
    """Return the threshold that meets the rate asked for, as low as it can be.

    Parameters
    ----------
    share
        (256,) share of unchanged pixels that noise brings to each code or beyond.
    counts
        (256,) pixels with each code.
    """
    pixels, found = int(counts.sum()), np.cumsum(counts[::-1])[::-1]
    expected = pixels * share
    if params.control is Control.PIXELS:
        met = share <= nearest(share, params.false_pixels)
    else:
        met = expected <= params.rate * np.maximum(found, 1)
    met[0] = False
    if not met.any():
        return Threshold(NONE, float(least(NONE)), 0, 0.0)
    code = int(np.argmax(met))
    return Threshold(code, float(least(code)), int(found[code]), float(expected[code]))


def nearest(share: NDArray[np.float64], wanted: float) -> float:
    """Return the share, of those there are, that is nearest to the wanted one.

    It is not over the wanted one by more than `_OVER`: where whole levels leave wide steps, less is
    counted wrongly, not more.
    """
    below = share[share <= wanted]
    above = share[(share > wanted) & (share <= wanted * _OVER)]
    if above.size and (not below.size or above.min() * below.max() < wanted**2):
        return float(above.min())
    return wanted


def stepped(share: NDArray[np.float64], curves: Curves) -> NDArray[np.float64]:
    """Return the share of noise alone over each code, where values are whole levels.

    Then A − B takes whole steps, and is over t σ only from the next whole level on: with little
    noise the share over t is a staircase, with rounding counted in σ as by `core.noise.curve`.
    """
    t = least(np.arange(1, 256))
    extra = np.zeros(255)
    for sigma, weight in zip(curves.difference, curves.weights, strict=True):
        some = weight > 0
        one = sigma[some, None]
        steps = _tail((np.ceil(t * one - 1e-4) - 0.5) / one)
        extra += 2 * weight[some] @ (steps - _tail(t))
    bounded = np.clip(share + np.concatenate([[0.0], extra]), 0.0, 1.0)
    return np.asarray(np.minimum.accumulate(np.maximum(bounded, share * 1e-3)))


def calm(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean over the calmest blocks; ``shares`` is (blocks, thresholds)."""
    kept = max(int(len(shares) * _CALMEST), 1)
    return np.asarray(np.sort(shares, axis=0)[:kept].mean(axis=0))


def tail(
    real: NDArray[np.float64], made: NDArray[np.float64], codes: tuple[int, int],
    expected: NDArray[np.float64], gaussian: NDArray[np.float64],
) -> Tail:  # fmt: skip
    """Return how the pictures' tail is beside that of Gaussian noise.

    Only the blocks with the fewest pixels over a threshold are looked at, in both, so that a
    minority of changed places has no say. What is spread evenly over a picture is taken for noise.

    Parameters
    ----------
    real, made
        (blocks, 2) share of each block over two thresholds, in the pictures and in Gaussian noise.
    codes
        The two thresholds.
    expected, gaussian
        (256,) share over each code, with whole steps and without.
    """
    at = (float(least(codes[0])), float(least(codes[1])))
    if len(real) < _ENOUGH:
        return Tail(at, (1.0, 1.0), measured=False)
    steps = expected[list(codes)] / np.maximum(gaussian[list(codes)], 1e-12)
    ratio = calm(real) / np.maximum(calm(made) * steps, 1e-12)
    more = max(float(ratio[0]), 1.0)  # where more is over, more is between the blocks, too
    uneven = _below(real[:, 0]) / max(_below(made[:, 0]) * more, 1e-9)
    return Tail(at, (float(ratio[0]), float(ratio[1])), measured=True, uneven=uneven)


def _below(shares: NDArray[np.float64]) -> float:
    """Return how far the calmest tenth lies below the middle: changed blocks have no say."""
    middle, calmest = np.quantile(shares, [0.5, 0.1])
    return float(middle - calmest)


@cache
def _table() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    t = np.linspace(-1.0, 12.0, 1301)
    return t, np.log(normal_tail(t))


def _tail(t: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.exp(np.interp(t, *_table())))
