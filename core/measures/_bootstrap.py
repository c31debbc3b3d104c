"""How sure a mean is: a block bootstrap.

Neighbouring pixels are not independent, so pixels must not be drawn one by one: whole blocks of the
picture (`core.blocks`) are drawn with replacement, as many as there are, and the mean is taken
again; the middle 95 % of such means are the interval (Efron, 1979, DOI 10.1214/aos/1176344552;
blocks: Künsch, 1989, DOI 10.1214/aos/1176347265; percentiles of draws as in Efron, Tibshirani, An
Introduction to the Bootstrap, 1993, chapter 13). It says how much the number would vary between
parts of a scene like this one, not whether the number is right. What reaches across the borders of
blocks makes it a little narrow: noise blurred by 2 px, in the smallest blocks of 16 px, lies within
in 92 of 100 pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from core.measures import Sample
    from core.types import Mask, Pixels

    Floats = NDArray[np.float64]

DRAWS: Final = 1000
LEVEL: Final = 0.95
FEWEST: Final = 24
"""With fewer blocks that hold valid pixels there is no interval."""
_SEED: Final = 20260901


@dataclass(frozen=True, slots=True, eq=False)
class BlockSums:
    """Sums over the blocks that one strip touches.

    Attributes
    ----------
    index
        (n,) numbers of blocks.
    sums
        (n, k) float64: k sums a block.
    """

    index: NDArray[np.int64]
    sums: Floats

    @staticmethod
    def made(sample: Sample, sums: Callable[[tuple[slice, slice]], tuple[float, ...]]) -> BlockSums:
        """Call `sums` with the slices of each block's part of the strip."""
        found = [(cell.index, sums(cell.where)) for cell in sample.cells]
        if not found:
            return BlockSums(np.zeros(0, np.int64), np.zeros((0, 1)))
        rows = np.array([s for _, s in found], np.float64)
        return BlockSums(np.array([i for i, _ in found], np.int64), rows)

    @property
    def total(self) -> tuple[float, ...]:
        """The k sums over the whole strip."""
        return tuple(float(x) for x in self.sums.sum(axis=0))


def mean_sums(
    values: Pixels, counted: Mask | None
) -> Callable[[tuple[slice, slice]], tuple[float, ...]]:
    """Return what adds up a strip's (h, w) values, and how many there are, for `BlockSums.made`.

    `values` must be 0 where `counted` is; None counts every pixel.
    """
    return lambda where: (
        float(cv2.sumElems(values[where])[0]),
        float(
            values[where].size if counted is None else cv2.countNonZero(counted[where])
        ),
    )  # fmt: skip


def gathered(parts: Iterable[BlockSums], blocks: int) -> Floats:
    """Return (blocks, k): the sums of all strips by block."""
    found = [p for p in parts if p.index.size]
    width = max((p.sums.shape[1] for p in found), default=1)
    out = np.zeros((blocks, width))
    for part in found:
        np.add.at(out, part.index, part.sums)
    return out


def interval(
    sums: Floats, weights: Floats, transform: Callable[[Floats], Any] | None = None
) -> tuple[float, float] | None:
    """Return the interval in which the mean ``sum(sums) / sum(weights)`` would vary.

    Parameters
    ----------
    sums, weights
        (blocks,) sums of values, and of what they are divided by; blocks of weight 0 take no part.
    transform
        Makes the measure of an array of means (for PSNR, its formula); None: they are it.

    Returns
    -------
    interval
        (low, high), or None where there are too few blocks to say. The same for the same sums:
        the draws are made from a fixed seed.
    """

    def value(drawn: Floats) -> Any:
        means = drawn[:, 0] / drawn[:, 1]
        return means if transform is None else transform(means)

    return interval_of(np.column_stack([sums, weights]), weights, value)


def interval_of(
    sums: Floats, weights: Floats, value: Callable[[Floats], Any]
) -> tuple[float, float] | None:
    """Return the interval in which a number that is made of several sums would vary.

    Parameters
    ----------
    sums
        (blocks, k) sums.
    weights
        (blocks,); blocks of weight 0 take no part.
    value
        Makes the number, (n,), of n rows of k sums over everything, (n, k).

    Returns
    -------
    interval
        As from `interval`; also None where a draw has no such number (nan).
    """
    used = weights > 0
    if np.count_nonzero(used) < FEWEST:
        return None
    # A product that small by NumPy would wait for BLAS's own threads.
    nothing = np.zeros((DRAWS, sums.shape[1]))
    drawn = cv2.gemm(_draws(int(np.count_nonzero(used))), sums[used], 1.0, nothing, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.array(value(np.asarray(drawn)), np.float64)
    if np.isnan(values).any():
        return None
    # Values themselves, not between two: some may be infinite.
    values.sort()
    edge = round(DRAWS * (1.0 - LEVEL) / 2.0)
    return float(values[edge]), float(values[-1 - edge])


@lru_cache(maxsize=8)
def _draws(blocks: int) -> Floats:
    """Return (DRAWS, blocks): how often each block is in each draw."""
    drawn = np.random.default_rng(_SEED).integers(0, blocks, (DRAWS, blocks))
    drawn += np.arange(DRAWS)[:, np.newaxis] * blocks
    counts = np.bincount(drawn.ravel(), minlength=DRAWS * blocks)
    out: Floats = counts.reshape(DRAWS, blocks).astype(np.float64)
    out.setflags(write=False)
    return out
