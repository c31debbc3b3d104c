"""Measures: numbers about a pair. One file a family.

A measure file declares ``MEASURE``, an instance of a class that fulfils `Measure`. It is found by
looking in this folder. Measures import `core.types`, `core.settings` and `core.color`, never a
sibling.

The engine cuts the canvas into strips, calls `partial` for each (on several threads at once, so it
must be pure), then calls `finish` once with the partials in order from top to bottom: sums come out
the same however many threads there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.histograms import Histograms
    from core.types import Mask, MeasureValue, Pixels, Rect


@dataclass(frozen=True, eq=False)
class Sample:
    """What a measure sees of one strip.

    Attributes
    ----------
    a, b
        Both pictures after the stages, 0...255 scale; uint8, float32 or float64; (h, w) or
        (h, w, C). They reach up to the measure's largest halo beyond the strip (less at the border
        of the canvas); finite everywhere, arbitrary where invalid.
    valid
        Mask over the same pixels as a and b; None means everywhere.
    inner
        Slices that cut the strip itself out of a, b and valid.
    rect
        The strip on the canvas, at full resolution.
    absolute
        ``|a - b|`` per channel over the strip (same dtype and channels as a; in Lab when the
        difference is taken there); exactly 0 where invalid.
    magnitude
        (h, w) one number a pixel: the largest channel of `absolute` (in Lab the Euclidean
        distance); 0 where invalid. For gray it is `absolute` itself.
    over
        (h, w) mask: magnitude over the tolerance, and valid.
    pixels
        Number of valid pixels of the strip.
    space
        ``"rgb"`` (also for gray) or ``"lab"``.
    """

    a: Pixels
    b: Pixels
    valid: Mask | None
    inner: tuple[slice, slice]
    rect: Rect
    absolute: Pixels
    magnitude: Pixels
    over: Mask
    pixels: int
    space: str = "rgb"

    @cached_property
    def sums(self) -> tuple[float, float]:
        """Sums of |d| and d² over valid pixels and channels; exact whole numbers for bytes."""
        absolute = cv2.norm(self.absolute, cv2.NORM_L1)
        squared = cv2.norm(self.absolute, cv2.NORM_L2SQR)
        if self.absolute.dtype == np.uint8:
            # Some builds take a root on the way to NORM_L2SQR; rounding gives the integer back as
            # long as the sum is below 2**52, that is 69 million million channel values.
            return round(absolute), round(squared)
        return absolute, squared

    @property
    def inner_valid(self) -> Mask | None:
        """The mask over the strip itself; None means everywhere."""
        return None if self.valid is None else self.valid[self.inner]


@dataclass(frozen=True, slots=True, eq=False)
class Totals:
    """What `finish` may use besides its partials.

    Attributes
    ----------
    pixels
        Valid pixels of the whole comparison.
    channels
        Channels a pixel.
    peak
        The largest value the scale can hold (data_range): 255, or 100 in Lab.
    tolerance
        The tolerance that `Sample.over` was made with.
    histograms
        Exact histograms; None unless the measure asks for them by ``needs_histograms``.
    space
        ``"rgb"`` (also for gray) or ``"lab"``.
    """

    pixels: int
    channels: int
    peak: float
    tolerance: float
    histograms: Histograms | None
    space: str = "rgb"


class Measure(Protocol):
    """A family of numbers that share their work.

    A measure that uses neither `Sample.a` nor `Sample.b` says so by ``looks_at_pictures = False``:
    when no other does, they need not be made (`core.linear`) and hold something else.
    """

    names: tuple[str, ...]
    order: int  # place in the table
    halo: int  # neighbours needed around a strip
    needs_histograms: bool

    def partial(self, sample: Sample) -> Any:
        """Return this strip's contribution; pure and thread-safe."""

    def finish(self, partials: Sequence[Any], totals: Totals) -> tuple[MeasureValue, ...]:
        """Return the numbers, in the order of `names`. With 0 valid pixels every value is nan."""
