"""The numbers of a sequence frame by frame, as they come: what a window draws curves of."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from core.sequence.curves import LIMIT, NAMES
from core.sequence.types import Verdict
from core.sequence.usual import Usual

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from core.sequence.params import SequenceParams
    from core.sequence.result import FrameResult

MORE: Final = ("flow_p95_px", "flow_moving", "camera_px", "camera_moving")
_FIRST: Final = 1024


def filled(values: Mapping[int, float]) -> tuple[int, NDArray[np.float64]]:
    """Return the first frame of some values, and a value for each from there on, nan for none."""
    first, last = min(values, default=0), max(values, default=-1)
    array = np.full(last - first + 1, math.nan)
    for index, value in values.items():
        array[index - first] = value
    return first, array


class Limits:
    """Learns what is usual for `hist_kl` of frames as they come.

    Parameters
    ----------
    params
        As the judge of frames has them: it learns from frames without a verdict, beginning anew at
        each cut.
    """

    def __init__(self, params: SequenceParams) -> None:
        self._usual = Usual(params.memory, params.spread, 0.005)

    def of(self, results: Iterable[FrameResult]) -> tuple[float, ...]:
        """Return the limit that held for each of the next frames; nan where there was none."""
        return tuple(map(self._next, results))

    def _next(self, result: FrameResult) -> float:
        limit = self._usual.limit
        if Verdict.CUT in result.verdicts:
            self._usual.clear()
        elif result.verdicts == (Verdict.OK,) and math.isfinite(result.hist_kl):
            self._usual.add(result.hist_kl)
        return limit if math.isfinite(limit) else math.nan


class Series:
    """One float64 a frame for each number of `FrameResult`, its time, and the limit of the usual.

    Room is made in advance and doubled, so that adding a frame costs the same however many there
    are.

    Attributes
    ----------
    first
        Index of the first frame; frames follow each other without a gap, what is missing is nan.
    frames
        How many there are.
    unreadable
        Those that could not be read.
    """

    def __init__(self) -> None:
        names = ("time", *NAMES, *MORE, LIMIT)
        self._values = {name: np.full(_FIRST, math.nan) for name in names}
        self.first = self.frames = 0
        self.unreadable: list[int] = []

    @property
    def names(self) -> tuple[str, ...]:
        """Numbers of which at least one frame has one, in a fixed order."""
        return tuple(n for n in (*NAMES, *MORE) if np.isfinite(self.values(n)).any())

    def values(self, name: str) -> NDArray[np.float64]:
        """Return the numbers of the frames there are: a view, nan where there is none."""
        return self._values[name][: self.frames]

    def add(self, results: Iterable[FrameResult], limits: Iterable[float]) -> None:
        """Take the next frames, in their order, with what `Limits` says of each."""
        for result, limit in zip(results, limits, strict=True):
            self._add(result, limit)

    def _add(self, result: FrameResult, limit: float) -> None:
        if not self.frames:
            self.first = result.index
        at = result.index - self.first
        size = len(self._values[LIMIT])
        if at >= size:
            more = np.full(max(size, at + 1 - size), math.nan)
            self._values = {n: np.concatenate([v, more]) for n, v in self._values.items()}
        self._values[LIMIT][at] = limit
        for name in ("time", *NAMES, *MORE):
            self._values[name][at] = getattr(result, name)
        self.frames = at + 1
        if Verdict.UNREADABLE in result.verdicts:
            self.unreadable.append(result.index)
