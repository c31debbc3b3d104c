"""Where frames are missing, by their times."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

import numpy as np

from core.sequence.usual import LEAST

if TYPE_CHECKING:
    from fractions import Fraction


class Clock:
    """Watches the times of frames.

    Parameters
    ----------
    rate
        Frames a second; None, where the source does not say it: then a frame takes the median of
        the last steps of time, once there are `core.sequence.usual.LEAST` of them.
    gap
        Frames are missing where a step of time is longer than so many frames take.
    """

    def __init__(self, rate: Fraction | float | None, gap: float) -> None:
        self._takes = 1 / float(rate) if rate else math.nan
        self._known = bool(rate)
        self._steps: deque[float] = deque(maxlen=50)
        self._gap, self._last = gap, math.nan

    def missing(self, time: float) -> int:
        """Take the time of the next frame; return how many are missing before it, 0 if none."""
        step, self._last = time - self._last, time
        if not math.isfinite(step):
            return 0
        late = step > self._gap * self._takes  # not while a frame's time is nan
        found = max(round(step / self._takes) - 1, 1) if late else 0
        if not self._known and step > 0:
            self._steps.append(step)
            if len(self._steps) >= LEAST:
                self._takes = float(np.median(self._steps))
        return found
