"""The numbers of a sequence as curves, in memory that does not grow with its length."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.sequence.types import Verdict
from core.sequence.usual import Usual

if TYPE_CHECKING:
    from core.sequence.params import SequenceParams
    from core.sequence.result import FrameResult

NAMES: Final = (
    "l1_per_pixel", "changed_share", "foreground_share", "hist_kl", "flow_mean_px",
)  # fmt: skip
LIMIT: Final = "limit"
MOST: Final = 1600
"""More points than this are of no use on a page that is 1000 pixels wide."""


@dataclass(frozen=True, slots=True)
class Point:
    """Some frames in a row.

    Attributes
    ----------
    low, high
        Least and largest value among them; nan where none has one.
    """

    low: float
    high: float

    def joined(self, other: Point) -> Point:
        """Return the point of the frames of both."""
        if math.isnan(self.low):
            return other
        if math.isnan(other.low):
            return self
        return Point(min(self.low, other.low), max(self.high, other.high))


class Curves:
    """Collects the numbers of each frame.

    When there are more than `MOST` points, each two become one: so a peak of a single frame is
    never lost, however long the sequence is.

    Parameters
    ----------
    params
        What is usual for `hist_kl` is learned as the judge of frames learns it, from frames without
        a verdict, beginning anew at each cut.

    Attributes
    ----------
    points
        Name -> points; those under `LIMIT` are the limit of what is usual for `hist_kl`.
    step
        How many frames a point stands for.
    frames
        How many there were.
    """

    def __init__(self, params: SequenceParams) -> None:
        self._usual = Usual(params.memory, params.spread, 0.005)
        self.points: dict[str, list[Point]] = {name: [] for name in (*NAMES, LIMIT)}
        self.step = 1
        self.frames = 0
        self.first, self.last = 0, 0

    def add(self, result: FrameResult) -> None:
        """Take the next frame."""
        self.first, self.last = self.first if self.frames else result.index, result.index
        limit = self._usual.limit
        values = {name: getattr(result, name) for name in NAMES}
        values[LIMIT] = limit if math.isfinite(limit) else math.nan
        begins = self.frames % self.step == 0
        for name, value in values.items():
            points, point = self.points[name], Point(value, value)
            if begins:
                points.append(point)
            else:
                points[-1] = points[-1].joined(point)
        self.frames += 1
        if Verdict.CUT in result.verdicts:
            self._usual.clear()
        elif result.verdicts == (Verdict.OK,) and math.isfinite(result.hist_kl):
            self._usual.add(result.hist_kl)
        if len(self.points[LIMIT]) > MOST and self.frames % (2 * self.step) == 0:
            for name, points in self.points.items():
                pairs = zip(points[::2], points[1::2], strict=True)
                self.points[name] = [a.joined(b) for a, b in pairs]
            self.step *= 2

    def largest(self, name: str) -> float:
        """Return the largest value of a curve; nan when it has none."""
        known = [p.high for p in self.points[name] if math.isfinite(p.high)]
        return max(known, default=math.nan)
