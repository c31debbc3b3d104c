"""How high a value is drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.sequence.columns import extent, shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

HEADROOM: Final = 1.08
FAR: Final = 6.0
"""A limit that is over the largest value by more than this factor would make the curve flat."""
NARROW: Final = 0.35
"""Share of the largest value: where all values lie within it, the scale does not begin at 0."""
DECADES: Final = 6
"""Powers of ten that a logarithmic scale reaches down at most."""


@dataclass(frozen=True, slots=True)
class ValueScale:
    """From the value at the bottom to the one at the top.

    Attributes
    ----------
    low, high
        What is drawn at the bottom and at the top; ``low < high``.
    log
        Whether equal factors are equal distances.
    """

    low: float
    high: float
    log: bool

    @classmethod
    def of(
        cls, values: Sequence[float] | NDArray[np.float64], limits: Sequence[float], *, log: bool
    ) -> ValueScale:
        """Return the scale on which all finite values are seen, and limits that are not far off."""
        least, largest, positive = extent(values)
        if math.isnan(largest):
            least = largest = 0.0
        near = [v for v in limits if largest <= 0 or v <= FAR * largest]
        high = max([largest, *near])
        if log and high > 0:
            low = positive if not math.isnan(positive) else high / 10
            low = max(min([low, *(v for v in near if v > 0)]), high / 10**DECADES) / HEADROOM
            return cls(low, high * HEADROOM**2, log=True)
        low = min([least, *near])
        if 0 < high - low < NARROW * max(abs(low), abs(high)):  # far from 0: else a flat line
            room = (HEADROOM - 1) * (high - low)
            return cls(low - 2 * room, high + room, log=False)
        low, high = min(low, 0.0), max(high, 0.0)
        if high <= low:
            high = 1.0
        room = (HEADROOM - 1) * (high - low)
        return cls(low - room * (low < 0), high + room * (high > 0), log=False)

    def share(self, value: float) -> float:
        """Return how high a value lies, 0…1; beyond the ends it is at them."""
        return self.shares([value])[0]

    def shares(self, values: Sequence[float] | NDArray[np.float64]) -> list[float]:
        """Return how high each of some values lies; nan for nan."""
        found: list[float] = shares(values, self.low, self.high, log=self.log).tolist()
        return found

    def ticks(self, most: int) -> list[float]:
        """Return round values on the scale, about `most` of them, rising."""
        if self.log:
            lowest, top = math.ceil(math.log10(self.low)), math.floor(math.log10(self.high))
            each = max(1, math.ceil((top - lowest + 1) / most))
            return [10.0**p for p in range(lowest, top + 1, each)]
        raw = (self.high - self.low) / most
        power = 10.0 ** math.floor(math.log10(raw))
        step = next((d * power for d in (1, 2, 5) if d * power >= raw), 10 * power)
        first = math.ceil(self.low / step)
        count = math.floor(self.high / step) - first
        return [_clean((first + i) * step) for i in range(count + 1)]


def _clean(value: float) -> float:
    """Return a value without the last digits, which are of the arithmetic."""
    return float(f"{value:.12g}")
