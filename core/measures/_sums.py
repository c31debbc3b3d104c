"""Sums of the difference by block: what norms and mean errors are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.measures._bootstrap import BlockSums, gathered, interval

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from core.measures import Sample, Totals

ABSOLUTE, SQUARED, OVER, PIXELS = range(4)
"""Columns: sums of |d| and d² over valid pixels and channels, pixels over the tolerance, and valid
pixels."""
WIDTH: Final = 4


def sums(sample: Sample) -> BlockSums:
    """Return the four sums of each block in a strip, in float64; exact whole numbers for bytes."""
    return sample.once("sums", lambda: _sums(sample))


def _sums(sample: Sample) -> BlockSums:
    whole = sample.absolute.dtype == np.uint8
    over, valid = sample.over, sample.inner_valid
    # As one plane with the channels side by side, whose parts OpenCV adds up twice as fast.
    apart = sample.absolute.reshape(over.shape[0], -1)
    channels = apart.shape[1] // max(over.shape[1], 1)

    def of(where: tuple[slice, slice]) -> tuple[float, ...]:
        rows, cols = where
        part = apart[rows, cols.start * channels : cols.stop * channels]
        changed = over[where]
        absolute, squared = cv2.norm(part, cv2.NORM_L1), cv2.norm(part, cv2.NORM_L2SQR)
        if whole:
            # Some builds take a root on the way to NORM_L2SQR; rounding gives the integer back as
            # long as the sum is below 2**52.
            absolute, squared = round(absolute), round(squared)
        count = changed.size if valid is None else cv2.countNonZero(valid[where])
        return absolute, squared, cv2.countNonZero(changed), count

    return BlockSums.made(sample, of)


class Sums:
    """The sums of all strips.

    Attributes
    ----------
    total
        The four sums over everything.
    """

    def __init__(self, partials: Sequence[BlockSums], totals: Totals) -> None:
        self._blocks = gathered(partials, totals.grid.count)
        if self._blocks.shape[1] != WIDTH:
            self._blocks = np.zeros((totals.grid.count, WIDTH))
        self.total = self._blocks.sum(axis=0)

    def interval(
        self, column: int, per: float = 1.0,
        transform: Callable[[NDArray[np.float64]], Any] | None = None,
    ) -> tuple[float, float] | None:  # fmt: skip
        """Return the interval of a column's mean over pixels, each counted `per` times."""
        return interval(self._blocks[:, column], self._blocks[:, PIXELS] * per, transform)
