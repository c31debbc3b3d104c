"""Counts of values and of differences."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Histograms:
    """Exact counts over all valid pixels.

    Attributes
    ----------
    channels
        Names, e.g. ``("R", "G", "B")`` or ``("gray",)``.
    a, b
        (C, 256) int64: bin k holds values that round to k; values outside 0...255 are in the end
        bins.
    counts
        `difference`, or what makes it when it is first asked for.
    difference
        (256,) int64 of the difference magnitude: bin 0 holds exactly 0, bin k holds values above
        k - 1 and up to k (up to 0.001 more, see `core.difference`); what is larger than 255 is in
        bin 255.
    beyond
        How many of the differences in bin 255 are larger than 255.
    below, above
        Whether A or B has values that round to less than 0, to more than 255; they are in the end
        bins.
    """

    channels: tuple[str, ...]
    a: NDArray[np.int64]
    b: NDArray[np.int64]
    counts: NDArray[np.int64] | Callable[[], NDArray[np.int64]]
    beyond: int = 0
    below: bool = False
    above: bool = False

    @cached_property
    def difference(self) -> NDArray[np.int64]:
        """Counts of the difference magnitude; see the class."""
        return self.counts() if callable(self.counts) else self.counts

    def over(self, tolerance: int) -> int:
        """Return exactly how many pixels are over a whole-numbered tolerance of 0...255."""
        counted = int(self.difference[tolerance + 1 :].sum())
        return counted if tolerance < 255 else self.beyond

    def value_text(self, k: int) -> str:
        """Return which values of A and B bin k holds: ``"7"``, ``"≤ 0"``, ``"≥ 255"``."""
        return end_text(k, below=self.below, above=self.above)

    def difference_text(self, k: int) -> str:
        """Return which differences bin k holds, as its largest: ``"7"``, ``"≥ 255"``."""
        return end_text(k, above=self.beyond > 0)


def end_text(k: int, *, below: bool = False, above: bool = False) -> str:
    """Return the name of bin k, where an end bin may hold what is beyond it too."""
    return f"≤ {k}" if k == 0 and below else f"≥ {k}" if k == 255 and above else str(k)
