"""The difference of two whole pictures, for the eye and for counting."""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, overload

import numpy as np

from core.pyramid import halve_max, halve_signed, level_shape
from core.types import MapKind, Mask, Rect

if TYPE_CHECKING:
    from collections.abc import Callable

KEPT_PIXELS: Final = 1 << 27
"""A map of more pixels is not kept: its overviews are, from a level on with at most half as many
pixels, and what is looked at more closely is made again."""
SMALLEST: Final = 256
"""Pixels on a side below which no further overview is made."""
_REMADE: Final = 1 << 20
"""Pixels made again in one go."""


class Levels(Sequence[Mask]):
    """The finest codes of a map and its overviews, each made when it is first asked for.

    A comparison that nobody looks at makes none of them.
    """

    def __init__(self, finest: Mask, kind: MapKind) -> None:
        self._kind, self._made = kind, [finest]
        self._lock = threading.Lock()
        self._count, side = 1, max(finest.shape)
        while side > SMALLEST:
            self._count, side = self._count + 1, -(-side // 2)

    @property
    def nbytes(self) -> int:
        """Bytes of all of them, made or not, without the finest."""
        return sum(math.prod(level_shape(self._made[0].shape, i)) for i in range(1, self._count))

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> Mask: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Mask, ...]: ...
    def __getitem__(self, index: int | slice) -> Mask | tuple[Mask, ...]:
        if isinstance(index, slice):
            return tuple(self[i] for i in range(*index.indices(self._count)))
        place = range(self._count)[index]
        with self._lock:
            while len(self._made) <= place:
                self._made.append(reduced(self._made[-1], self._kind, 1))
        return self._made[place]


@dataclass(frozen=True, slots=True, eq=False)
class DifferenceMap:
    """The whole difference, one byte a pixel, with overviews that lose no defect.

    Attributes
    ----------
    kind
        What the codes mean.
    levels
        uint8 codes; the first array is of the level `first`, each further level halves it (odd
        sizes round up) and keeps the most extreme of 2x2 codes, never an average.
    magnitude
        uint8 (H, W): the difference magnitude in steps of one, 0 only where it is exactly 0
        (the codes of `Histograms.difference`). The same array as ``levels[0]`` for ABSOLUTE. None
        where `first` is not 0.
    valid
        Where both pictures exist; None means everywhere. Codes are 0 (SIGNED: 128) elsewhere. Every
        ``2**first``-th pixel in both directions.
    low, high
        The values that codes 0 and 255 stand for. SIGNED: code 128 is exactly 0.
    unit
        Unit of low and high.
    shape
        (height, width) at level 0.
    first
        The finest level that is kept: 0 up to `KEPT_PIXELS`.
    remake
        Returns codes and `valid` over a rectangle at level 0; None where `first` is 0. It reads the
        pictures again, and so raises what they raise.
    beyond
        Whether the end codes may hold values beyond `low` and `high` too.
    """

    kind: MapKind
    levels: Levels
    magnitude: Mask | None
    valid: Mask | None
    low: float
    high: float
    unit: str
    shape: tuple[int, int]
    first: int = 0
    remake: Callable[[Rect], tuple[Mask, Mask | None]] | None = None
    beyond: bool = False

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays, each counted once."""
        own = (self.levels[0], self.magnitude, self.valid)
        arrays = {id(x): x.nbytes for x in own if x is not None}
        return sum(arrays.values()) + self.levels.nbytes

    def whole(self, level: int) -> tuple[int, Rect]:
        """Return a level, or the smallest there is, and the rectangle of all of it."""
        level = min(level, self.first + len(self.levels) - 1)
        return level, Rect(0, 0, *level_shape(self.shape, level))

    def at_level(self, level: int) -> Mask:
        """Return the codes at a level, or the finest or smallest there is."""
        return self.levels[min(max(level - self.first, 0), len(self.levels) - 1)]

    def read(self, rect: Rect, level: int) -> tuple[Mask, Mask | None]:
        """Return the codes over a rectangle at a level there is, and where they are valid.

        An overview is valid where its pixels' top left pixel at level 0 is.
        """
        if level >= self.first:
            codes = np.ascontiguousarray(self.levels[level - self.first][rect.slices])
            if self.valid is None:
                return codes, None
            step = 1 << (level - self.first)
            rows, cols = rect.slices
            valid = self.valid[
                rows.start * step : rows.stop * step : step,
                cols.start * step : cols.stop * step : step,
            ]
            return codes, valid
        return self._again(rect, level)

    def _again(self, rect: Rect, level: int) -> tuple[Mask, Mask | None]:
        if self.remake is None:
            raise RuntimeError("there is nothing that makes this level")
        canvas, step = Rect(0, 0, *self.shape), 1 << level
        codes: Mask = np.empty((rect.height, rect.width), np.uint8)
        valid: Mask | None = None
        rows = max(_REMADE // max(rect.width * step * step, 1), 1)
        for row in range(rect.row, rect.bottom, rows):
            part = Rect(row, rect.col, rows, rect.width).intersect(rect)
            size = part.height * step, part.width * step
            source = Rect(part.row * step, part.col * step, *size)
            made, exists = self.remake(source.intersect(canvas))
            codes[part.within(rect)] = reduced(made, self.kind, level)
            if exists is not None:
                valid = np.full(codes.shape, 255, np.uint8) if valid is None else valid
                valid[part.within(rect)] = exists[::step, ::step]
        return codes, valid


def first_level(shape: tuple[int, int]) -> int:
    """Return the finest level of a map of this size that is kept."""
    height, width = shape
    level = 0
    while (height * width) >> (2 * level) > (KEPT_PIXELS // 2 if level else KEPT_PIXELS):
        level += 1
    return level


def reduced(codes: Mask, kind: MapKind, levels: int) -> Mask:
    """Return codes of a map so many levels coarser, each the most extreme of those it covers."""
    halve = halve_signed if kind is MapKind.SIGNED else halve_max
    for _ in range(levels):
        codes = halve(codes)
    return codes
