"""The frozen types that everything else hangs on.

Conventions, everywhere in `core`: coordinates are (row, col), origin top left, pixel centres at
integers; gray pictures are (H, W), colour pictures (H, W, C) with C >= 2; working values are on the
0...255 scale; masks are uint8 with 0 or 255, and a mask that is None means "everywhere".
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from core.errors import Cancelled

if TYPE_CHECKING:
    pass

Pixels = np.ndarray[Any, np.dtype[Any]]
"""Pixels of any dtype: (H, W) or (H, W, C)."""
Mask = np.ndarray[Any, np.dtype[np.uint8]]
"""(H, W) uint8, 0 or 255."""

SCALE: Final = 255.0
"""Working values run from 0 to this, whatever the depth of the file."""


class Token:
    """Says whether work is still wanted; shared between the asker and the worker."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the worker to stop at its next `check`."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise `Cancelled` when the work is no longer wanted."""
        if self._event.is_set():
            raise Cancelled


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of pixels: (row, col) of its top left, height and width."""

    row: int
    col: int
    height: int
    width: int

    @property
    def bottom(self) -> int:
        """First row below the rectangle."""
        return self.row + self.height

    @property
    def right(self) -> int:
        """First column right of the rectangle."""
        return self.col + self.width

    @property
    def area(self) -> int:
        """Number of pixels."""
        return max(self.height, 0) * max(self.width, 0)

    @property
    def empty(self) -> bool:
        """Whether the rectangle holds no pixel."""
        return self.height <= 0 or self.width <= 0

    @property
    def slices(self) -> tuple[slice, slice]:
        """Slices that cut this rectangle out of an array."""
        return slice(self.row, self.bottom), slice(self.col, self.right)

    def intersect(self, other: Rect) -> Rect:
        """Return the common rectangle; empty (height or width 0) when there is none."""
        row, col = max(self.row, other.row), max(self.col, other.col)
        return Rect(
            row,
            col,
            max(min(self.bottom, other.bottom) - row, 0),
            max(min(self.right, other.right) - col, 0),
        )

    def grow(self, margin: int) -> Rect:
        """Return the rectangle with `margin` pixels more on each side."""
        return Rect(
            self.row - margin, self.col - margin, self.height + 2 * margin, self.width + 2 * margin
        )

    def shift(self, rows: int, cols: int) -> Rect:
        """Return the rectangle moved by (rows, cols)."""
        return Rect(self.row + rows, self.col + cols, self.height, self.width)

    def within(self, outer: Rect) -> tuple[slice, slice]:
        """Return slices that cut this rectangle out of an array that covers `outer`."""
        return self.shift(-outer.row, -outer.col).slices

    @staticmethod
    def of(array: Pixels) -> Rect:
        """Return the rectangle that covers a whole array."""
        return Rect(0, 0, array.shape[0], array.shape[1])


class Encoding(StrEnum):
    """How stored values relate to light."""

    SRGB = "srgb"
    LINEAR = "linear"
    UNKNOWN = "unknown"


class Alpha(StrEnum):
    """What the last channel of a 2- or 4-channel picture means."""

    NONE = "none"
    OPAQUE = "opaque"  # there is an alpha channel, and it is fully opaque everywhere
    STRAIGHT = "straight"
    PREMULTIPLIED = "premultiplied"


@dataclass(frozen=True, slots=True)
class Contents:
    """What else there is in a picture's file.

    Attributes
    ----------
    pages, page
        How many pictures there are, and which one this is, counted from 0.
    layers, layer
        Names of groups of channels that can be chosen, and of this one; empty when there is no
        choice.
    frame
        Which frame of a video it is, counted from 0; -1 for what is none.
    """

    pages: int = 1
    page: int = 0
    layers: tuple[str, ...] = ()
    layer: str = ""
    frame: int = -1


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence about what was found or done on the way to an answer.

    `code` is stable for tests and scripts (``"size_mismatch"``, ``"align_refused"``, ``"nan"``).
    """

    code: str
    text: str
    severity: Literal["info", "warning"] = "info"


@dataclass(frozen=True, slots=True, eq=False)
class Tile:
    """Working pixels of both pictures over one rectangle, and where both exist.

    Attributes
    ----------
    a, b
        Same shape, (h, w) or (h, w, C); uint8 while nothing made them fractional, else float32 or
        float64; on the 0...255 scale. Never written to by a stage that receives them.
    valid
        (h, w) mask of where both pictures exist and are finite; None means everywhere. Pixels
        outside it hold arbitrary finite values.
    rect, level
        Where the tile lies on the canvas at pyramid level `level` (level k is 2**k times smaller).
    """

    a: Pixels
    b: Pixels
    valid: Mask | None
    rect: Rect
    level: int = 0


@dataclass(frozen=True, slots=True)
class MeasureValue:
    """One number, with what is needed to believe it.

    Attributes
    ----------
    name
        Stable name, e.g. ``"l1_per_pixel"``.
    label
        What a person reads, e.g. ``"Manhattan norm / px"``.
    value
        The number; may be inf or nan.
    unit
        ``"levels"``, ``"px"``, ``"share"``, ``"dB"``, or empty.
    better
        Which direction means "more alike".
    pixels
        How many pixels the number stands on.
    at
        (row, col) of the place it is about, for measures that have one.
    help
        One sentence: what the number answers, and when it lies.
    interval
        (low, high): within these it would vary between parts of the scene, 95 of 100 times
        (`core.measures._bootstrap`); None where that is not known.
    """

    name: str
    label: str
    value: float
    unit: str
    better: Literal["lower", "higher"]
    pixels: int
    at: tuple[int, int] | None = None
    help: str = ""
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """One connected difference. Coordinates are canvas (row, col) at full resolution.

    Magnitudes may be beyond 255; they are exact to the float32 or float64 of the working pixels.
    """

    rect: Rect
    area: int  # changed pixels in it
    peak: float  # largest magnitude
    mean: float  # mean magnitude over its changed pixels, summed in float64
    peak_at: tuple[int, int]  # where the peak first is, row by row


class MapKind(StrEnum):
    """What the painted difference map shows: A - B in four ways, or the map of a measure.

    What each of them means is said in `core.map_kinds`.
    """

    ABSOLUTE = "absolute"
    SIGNED = "signed"
    SQUARED = "squared"
    RELATIVE = "relative"
    NOISE = "noise"
    SSIM = "ssim"
    MS_SSIM = "ms-ssim"
    GMSD = "gmsd"
    GRADIENT = "gradient"
    DELTA_E_2000 = "delta-e-2000"
    DELTA_E_76 = "delta-e-76"
    HYAB = "hyab"
    FLIP = "flip"
    YIQ = "yiq"
    SHIFT = "shift"
