"""Sums of the difference by block: what norms and mean errors are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.absolute import sums_of
from core.measures._bootstrap import BlockSums, gathered, interval

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from numpy.typing import NDArray

    from core.measures import Sample, Totals

    Floats = NDArray[np.float64]

ABSOLUTE, SQUARED, OVER, PIXELS = range(4)
"""Columns: sums of |d| and d² over valid pixels and channels, pixels over the tolerance, and valid
pixels."""
WIDTH: Final = 4


def sums(sample: Sample) -> BlockSums:
    """Return the four sums of each block in a strip, in float64; exact whole numbers for bytes."""
    return sample.once("sums", lambda: _sums(sample))


def _sums(sample: Sample) -> BlockSums:
    over, valid = sample.over, sample.inner_valid
    added = _added(sample) if sample.sums is None else sample.sums

    def counts(where: tuple[slice, slice]) -> tuple[float, ...]:
        changed = over[where]
        count = changed.size if valid is None else cv2.countNonZero(valid[where])
        return cv2.countNonZero(changed), count

    counted = BlockSums.made(sample, counts)
    return BlockSums(counted.index, np.column_stack([added, counted.sums]))


def _added(sample: Sample) -> Floats:
    """Return `Sample.sums` of the difference that was kept."""
    absolute = sample.absolute
    assert absolute is not None
    # As one plane with the channels side by side, whose parts OpenCV adds up twice as fast.
    plane, channels = absolute.reshape(absolute.shape[0], -1), absolute[:1, :1].size
    parts = [
        plane[rows, cols.start * channels : cols.stop * channels]
        for rows, cols in (cell.where for cell in sample.cells)
    ]
    return np.array([sums_of(part) for part in parts], np.float64).reshape(-1, 2)


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
