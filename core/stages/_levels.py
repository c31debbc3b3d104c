"""What normalize must know of both pictures' values: range, mean, deviation, percentiles."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.counting import counted
from core.types import SCALE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.stages import Upstream
    from core.types import Mask, Pixels, Token

    Floats = NDArray[np.float64]
    Span = tuple[float, float]

TOP: Final = 65535
"""Last of 65,536 bins, one every 255 / 65535 levels: 8- and 16-bit values hit them exactly."""
WHOLE: Final = (0.0, SCALE)
"""The span that the bins cover at first."""
COARSE: Final = 16.0
"""Values that span fewer levels than this are looked at again through bins of their own."""
_APART: Final = 4096
"""Percentiles are refined until this many bins lie between them: then half a bin of either is at
most 255 / 4096 / 2 = 0.03 levels of the stretched picture."""
_PASSES: Final = 4
"""A float picture with wild values needs a few refinements; each narrows a thousandfold or more."""


@dataclass(slots=True, eq=False)
class Stats:
    """What is known of one picture's valid values, all channels together.

    Attributes
    ----------
    span
        The values that the first and the last bin stand for; values outside are in these bins.
    bins
        (C, 65536) int64 counts for each channel; a value is in the bin nearest to it.
    pixels
        Number of values, over all channels.
    low, high, mean
        Exact range, and mean; inf, -inf and 0 of no pixels.
    square
        Sum of squared deviations from the mean.
    """

    span: Span
    bins: NDArray[np.int64]
    pixels: int = 0
    low: float = math.inf
    high: float = -math.inf
    mean: float = 0.0
    square: float = 0.0

    @property
    def flat(self) -> bool:
        """Whether there are pixels, and all have one value."""
        return self.low == self.high

    @property
    def std(self) -> float:
        """Standard deviation (of the population)."""
        return math.sqrt(self.square / self.pixels) if self.pixels else 0.0

    def add(self, pixels: Pixels, valid: Mask | None) -> None:
        """Take in a strip: (h, w) or (h, w, C), any working dtype."""
        low, high = self.span
        scale = TOP / (high - low)
        for c, plane in enumerate([pixels] if pixels.ndim == 2 else cv2.split(pixels)):
            count = plane.size if valid is None else cv2.countNonZero(valid)
            if count == 0:
                return
            if plane.dtype == np.uint8 and self.span == WHOLE:
                counts = counted(plane, valid)
                used = np.flatnonzero(counts)
                n = counts[used]
                mean = int((n * used).sum()) / count  # whole numbers, and so exact
                square = float((n * (used - mean) ** 2).sum())
                self._join(float(used[0]), float(used[-1]), count, mean, square)
                self.bins[c, :: TOP // 255] += counts
                continue
            least, most = cv2.minMaxLoc(plane, valid)[:2]
            mean, std = (float(v[0, 0]) for v in cv2.meanStdDev(plane, mask=valid))
            self._join(least, most, count, mean, std * std * count)
            if max(most - low, low - least) * scale > 2**30:  # OpenCV rounds by way of int32
                plane = np.clip(plane, low, high)  # noqa: PLW2901 - only the bins see it
            index = cv2.addWeighted(plane, scale, plane, 0.0, -low * scale, dtype=cv2.CV_16U)
            # float32 counts are exact, since a strip has far fewer than 2**24 pixels.
            found = cv2.calcHist([index], [0], valid, [TOP + 1], [0, TOP + 1])
            self.bins[c] += found.ravel().astype(np.int64)

    def _join(self, low: float, high: float, count: int, mean: float, square: float) -> None:
        """Take in some values; ``square`` is the sum of squared deviations from their mean."""
        self.low, self.high = min(self.low, low), max(self.high, high)
        # Chan, Golub and LeVeque 1983, doi:10.1080/00031305.1983.10483115.
        away, total = mean - self.mean, self.pixels + count
        self.mean += away * count / total
        self.square += square + away * away * self.pixels * count / total
        self.pixels = total

    def bin_at(self, share: float) -> int:
        """Return the first bin up to and with which at least this share of all values lie."""
        below = np.cumsum(self.bins.sum(axis=0))
        return int(np.searchsorted(below, max(math.ceil(share * self.pixels), 1)))

    def at_share(self, share: float) -> float:
        """Return the value of that bin; the end bins, where values overflow, give low and high."""
        if not self.pixels:
            return 0.0
        k = self.bin_at(share)
        if k == 0 and self.low < self.span[0]:
            return self.low
        if k == TOP and self.high > self.span[1]:
            return self.high
        value = self.span[0] + k * (self.span[1] - self.span[0]) / TOP
        return min(max(value, self.low), self.high)


def statistics(upstream: Upstream, spans: tuple[Span, Span], token: Token) -> tuple[Stats, Stats]:
    """Look at both whole pictures once."""
    both: tuple[Stats, Stats] | None = None
    for tile in upstream.strips():
        token.check()
        if both is None:
            channels = 1 if tile.a.ndim == 2 else tile.a.shape[2]
            a, b = (Stats(s, np.zeros((channels, TOP + 1), np.int64)) for s in spans)
            both = a, b
        both[0].add(tile.a, tile.valid)
        both[1].add(tile.b, tile.valid)
    if both is None:
        raise ValueError("there is no strip to look at")
    return both


def percentiles(
    both: tuple[Stats, Stats], shares: Span, upstream: Upstream, token: Token
) -> list[Span]:
    """Return two percentiles of each picture, refined as far as needed (see `_APART`)."""
    for _ in range(_PASSES):
        spans = tuple(_finer(s, shares) for s in both)
        if all(span is None for span in spans):
            break
        a, b = (s.span if finer is None else finer for s, finer in zip(both, spans, strict=True))
        both = statistics(upstream, (a, b), token)
    return [(s.at_share(shares[0]), s.at_share(shares[1])) for s in both]


def _finer(s: Stats, shares: Span) -> Span | None:
    """Return a narrower (or, for values out of range, wider) span to look through, if any helps."""
    if not s.pixels or s.flat:
        return None
    first, last = (s.bin_at(share) for share in shares)
    out = (first == 0 and s.low < s.span[0]) or (last == TOP and s.high > s.span[1])
    if last - first >= _APART and not out:
        return None
    step = (s.span[1] - s.span[0]) / TOP
    low = s.low if first == 0 else s.span[0] + (first - 0.5) * step
    high = s.high if last == TOP else s.span[0] + (last + 0.5) * step
    low, high = max(low, s.low), min(high, s.high)
    return (low, high) if high > low and (low, high) != s.span else None


def matching(a: Stats, b: Stats) -> Floats:
    """Return (C, 65536): what must be added to B's values so that their distribution is A's.

    Both over the same span. A value of B with a share q of B's values at or below it becomes the
    value of A with the same share, in between on a straight line; bins that B does not use lie on
    straight lines too. So the map rises, and is 0 for equal counts.
    """
    step = (b.span[1] - b.span[0]) / TOP
    delta = np.zeros(b.bins.shape)
    for c in range(len(delta)):
        used_a, used_b = np.flatnonzero(a.bins[c]), np.flatnonzero(b.bins[c])
        share_a, share_b = (np.cumsum(s.bins[c]) / s.bins[c].sum() for s in (a, b))
        target = np.interp(share_b[used_b], share_a[used_a], used_a)
        delta[c] = np.interp(np.arange(TOP + 1), used_b, target - used_b) * step
    return delta
