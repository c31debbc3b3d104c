"""How high a value is drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.sequence.columns import extent

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

HEADROOM: Final = 1.08
FAR: Final = 6.0
"""A limit that is over the largest value by more than this factor would make the curve flat."""
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
        low = min(least, 0.0)
        if high <= low:
            high = low + 1.0
        return cls(low * HEADROOM, high * HEADROOM, log=False)

    def share(self, value: float) -> float:
        """Return how high a value lies, 0…1; beyond the ends it is at them."""
        if value <= self.low:
            return 0.0
        if value >= self.high:
            return 1.0
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

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
