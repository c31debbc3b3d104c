"""The times of frames that follow each other evenly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload


class EvenTimes(Sequence[float]):
    """Seconds since the first of `count` frames, at `rate` frames a second."""

    def __init__(self, count: int, rate: float) -> None:
        self._frames, self._rate = range(count), rate

    def __len__(self) -> int:
        return len(self._frames)

    @overload
    def __getitem__(self, index: int) -> float: ...
    @overload
    def __getitem__(self, index: slice) -> list[float]: ...
    def __getitem__(self, index: int | slice) -> float | list[float]:
        if isinstance(index, slice):
            return [frame / self._rate for frame in self._frames[index]]
        return self._frames[index] / self._rate
