"""Quantiles of a map from counts in narrow bins: the same however the canvas is cut."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from core.types import Pixels

BINS: Final = 1 << 14
_EXACT: Final = 1 << 24
"""OpenCV counts in float32, which holds whole numbers up to this."""


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """How often the values of a strip occur.

    Attributes
    ----------
    bins
        (n,) uint16: the bins that are not empty, of `BINS` of equal width from 0.
    counts
        (n,) uint32: the values other than 0 in each of them.
    zeros
        Pixels whose value is exactly 0.
    """

    bins: NDArray[np.uint16]
    counts: NDArray[np.uint32]
    zeros: int

    @staticmethod
    def made(values: Pixels, pixels: int, per_unit: float) -> Counts:
        """Count a strip's values.

        Parameters
        ----------
        values
            (h, w) float32, at least 0; 0 where they do not count.
        pixels
            How many count.
        per_unit
            Bins per unit of the values: a power of two, so that no value changes its bin by
            rounding. What is beyond the last bin is counted there.
        """
        found = np.zeros(BINS, np.uint32)
        over = cv2.countNonZero(values)
        # Zeros are left out where they are many: counting one bin up again and again is slow.
        counted = values[values != 0] if 2 * over < values.size else values
        flat = counted.reshape(1, -1)
        for first in range(0, flat.shape[1], _EXACT):
            scaled = flat[:, first : first + _EXACT] * np.float32(per_unit)
            cv2.threshold(scaled, BINS - 1.0, 0.0, cv2.THRESH_TRUNC, scaled)
            counts = cv2.calcHist([scaled.astype(np.uint16)], [0], None, [BINS], [0, BINS])
            found += counts.reshape(-1).astype(np.uint32)
        found[0] -= np.uint32(flat.shape[1] - over)
        bins = np.flatnonzero(found)
        return Counts(bins.astype(np.uint16), found[bins], pixels - over)


class Quantiles:
    """The quantiles of all strips together.

    Parameters
    ----------
    parts
        The counts of all strips, made with the same `per_unit`.
    per_unit
        See `Counts.made`.
    """

    def __init__(self, parts: Iterable[Counts], per_unit: float) -> None:
        self._counts = np.zeros(BINS, np.int64)
        self._zeros, self._width = 0, 1.0 / per_unit
        for part in parts:
            self._counts[part.bins] += part.counts
            self._zeros += part.zeros

    def at(self, share: float) -> float:
        """Return the value that this share of all values does not exceed; nan of none.

        It is that of rank share x (n - 1), counted from 0, between two ranks in proportion. It is
        off by less than the width of a bin, in which values count as evenly spread; exactly 0 when
        the values of these ranks are.
        """
        total = self._zeros + int(self._counts.sum())
        if total == 0:
            return math.nan
        rank = share * (total - 1)
        low = math.floor(rank)
        one, other = self._of_rank(low), self._of_rank(min(low + 1, total - 1))
        return one + (rank - low) * (other - one)

    def _of_rank(self, rank: int) -> float:
        if rank < self._zeros:
            return 0.0
        ends = np.cumsum(self._counts) + self._zeros
        k = int(np.searchsorted(ends, rank, side="right"))
        before = int(ends[k] - self._counts[k])
        return (k + (rank - before + 0.5) / int(self._counts[k])) * self._width
