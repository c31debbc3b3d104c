"""What is usual in a sequence: learned from the last frames, not dragged by a few odd ones."""

from __future__ import annotations

import math
from collections import deque
from statistics import median
from typing import Final

LEAST: Final = 8
"""From so many values on it is known what is usual."""
MAD: Final = 1.4826
"""Makes the median absolute deviation of normal noise its standard deviation."""


class Usual:
    """The median of the last N values, and the limit above which a value is unusual.

    The limit is ``median + k * max(1.4826 * MAD, floor)``, and at least twice the median. MAD is
    the median absolute deviation from the median (Hampel 1974, DOI
    10.1080/01621459.1974.10482962); up to half of the values may be anything.

    Parameters
    ----------
    memory
        N.
    k
        How many deviations are usual.
    floor
        The deviation is taken to be at least this.
    """

    def __init__(self, memory: int, k: float, floor: float) -> None:
        self._values: deque[float] = deque(maxlen=memory)
        self._k, self._floor = k, floor
        self.median, self.limit = math.nan, math.inf

    def add(self, value: float) -> None:
        """Learn a value."""
        self._values.append(value)
        if len(self._values) >= LEAST:
            # Sorting so few floats is faster than handing them to NumPy.
            self.median = median(self._values)
            spread = MAD * median([abs(v - self.median) for v in self._values])
            high = self.median + self._k * max(spread, self._floor)
            self.limit = max(high, 2 * self.median)

    def clear(self) -> None:
        """Forget all, for a new scene."""
        self._values.clear()
        self.median, self.limit = math.nan, math.inf
