"""Mean and deviation of every pixel, learned frame by frame.

For the n-th value x of a pixel, with μ and v its mean and variance so far, and α = 1/n::

    d = x - μ      μ ← μ + α d      v ← (1 - α) (v + α d²)

which is Welford's update (1962, DOI 10.1080/00401706.1962.10490022) for the variance itself rather
than for the sum of squares (West 1979, DOI 10.1145/359146.359153): the numbers stay as small as
pixels are, and nothing cancels as it would in E[x²] - μ². μ is kept as a byte, the first value, and
the offset from it, which is as small as the noise: so float32 keeps both to about 1e-3 levels over
10,000 frames, as float64 would. v is the population's variance, of n values. With α constant the
same lines forget exponentially: a frame that is m frames old weighs α (1 - α)^m.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.color import row_blocks
from core.parallel import shared
from core.scratch import Scratch
from core.sequence.pixels import STRIP
from core.tiles import strip_rects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.types import Mask, Pixels, Rect, Token

_BLOCK: Final = 1 << 14
_scratch: Final = Scratch()


@dataclass(slots=True, eq=False)
class Moments:
    """Mean and variance of every pixel and channel.

    Attributes
    ----------
    base
        (H, W) or (H, W, 3) uint8: the first frame.
    offset, variance
        Of the same shape, float32: the mean less `base`, and the variance.
    count
        How many frames they were learned from.
    """

    base: Mask
    offset: Pixels
    variance: Pixels
    count: int = 0

    @staticmethod
    def of(pixels: Mask) -> Moments:
        """Return moments of no frame, for frames like this one."""
        zero, nothing = (np.zeros(pixels.shape, np.float32) for _ in range(2))
        return Moments(pixels.copy(), zero, nothing)

    @property
    def mean(self) -> Pixels:
        """The mean, float32."""
        return self.base + self.offset

    def learn(
        self, pixels: Mask, token: Token, rate: float = 0.0, reach: Pixels | None = None
    ) -> None:
        """Take a frame.

        Parameters
        ----------
        pixels
            uint8, of the same shape.
        token
            Checked at every strip.
        rate
            α; 0 for 1/n.
        reach
            Differences d are cut off at ±reach (float32, of the same shape), and where they are, v
            stays as it is: what is passing by hardly moves the mean, and what stays is learned in
            the end. None learns from everything alike.
        """
        self.count += 1
        alpha = rate or 1 / self.count

        def work(rect: Rect) -> None:
            for part in blocks(rect):
                learn(
                    pixels[part], self.base[part], self.offset[part], self.variance[part], alpha,
                    None if reach is None else reach[part],
                )  # fmt: skip

        shared(work, strips(pixels), token)

    def deviation(self, floor: float = 0.0) -> Pixels:
        """Return max(σ, floor) of every pixel, float32."""
        return np.maximum(np.sqrt(self.variance), np.float32(floor))


def strips(pixels: Pixels) -> list[Rect]:
    """Return the strips in which frames are worked on."""
    return strip_rects((pixels.shape[0], pixels.shape[1]), STRIP)


def blocks(rect: Rect) -> Iterator[tuple[slice, slice]]:
    """Yield slices of a strip of which a few float arrays fit into a core's own cache."""
    for rows in row_blocks(rect.height, rect.width, _BLOCK):
        top, bottom = rect.row + rows.start, min(rect.row + rows.stop, rect.bottom)
        yield slice(top, bottom), slice(rect.col, rect.right)


def learn(
    x: Mask, base: Mask, offset: Pixels, variance: Pixels, alpha: float, reach: Pixels | None
) -> None:
    """Take a part of a frame into the moments of that part; see `Moments.learn`."""
    away = _scratch.array("away", offset.shape, np.float32)
    step = _scratch.array("step", offset.shape, np.float32)
    cv2.subtract(x, base, away, dtype=cv2.CV_32F)
    cv2.subtract(away, offset, away)
    new, near = variance, None
    if reach is not None:
        low = _scratch.array("low", offset.shape, np.float32)
        cut = _scratch.array("cut", offset.shape, np.float32)
        near = _scratch.array("near", offset.shape, np.uint8)
        new = _scratch.array("new", offset.shape, np.float32)
        np.negative(reach, out=low)
        cv2.max(away, low, cut)
        cv2.min(cut, reach, cut)
        cv2.compare(away, cut, cv2.CMP_EQ, near)  # nothing was cut off
        away = cut
    cv2.multiply(away, away, step)
    cv2.addWeighted(variance, 1 - alpha, step, (1 - alpha) * alpha, 0.0, new)
    if near is not None:
        cv2.copyTo(new, near, variance)
    cv2.scaleAdd(away, alpha, offset, offset)
