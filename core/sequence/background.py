"""What does not move: the background of a fixed camera, and what stands out from it.

The model "mean ± k·σ". Each pixel and channel has a mean μ and a deviation σ
(`core.sequence.moments`). A pixel is foreground when in any channel

    |x - μ| > k · max(σ, floor),      floor = max(1/√12, `OWN` · median of σ over the picture)

1/√12 is the deviation that rounding to whole levels alone makes; the median of σ is the sensor's
noise, and below that a small σ is a chance of few frames.

Learning takes `window` frames, and nothing is judged before. The first half is for a start that
passing things do not spoil: of `NINE` frames, evenly spread over it, the median of each pixel is
its first mean, and 1.4826 · MAD of the nine (at least that of the whole picture) its first σ;
together they weigh `START` frames. The second half is learned as by Welford, differences cut off at
`REACH` deviations. Windows of less than twice nine frames learn from all frames alike.

After that every `EVERY`-th frame is learned from with the rate 1 - (1 - forget)^`EVERY`, cut off in
the same way at max(k, `REACH`) deviations: what passes hardly leaves a trace, what stays for long
becomes background.

MOG2 is Zivkovic's mixture of Gaussians (2004, DOI 10.1109/ICPR.2004.1333992), KNN his nearest
neighbours with van der Heijden (2006, DOI 10.1016/j.patrec.2005.11.005), both as OpenCV has them:
k² is MOG2's threshold on the squared distance over the variance, 25 k² that of KNN on the squared
distance in levels.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, Protocol

import cv2
import numpy as np

from core.counting import to_byte
from core.parallel import shared
from core.scratch import Scratch
from core.sequence._median import NINE, median_of_nine
from core.sequence.moments import Moments, blocks, learn, strips
from core.sequence.params import Model
from core.sequence.pixels import step_of
from core.sequence.usual import MAD

if TYPE_CHECKING:
    from core.sequence.params import SequenceParams
    from core.types import Mask, Pixels, Rect, Token

ROUNDING: Final = 12**-0.5
OWN: Final = 0.75
START: Final = 3
REACH: Final = 4.0
EVERY: Final = 8
_HALF: Final = 0.4995
"""A little less than half, so that an edge on a level itself stays there."""
_scratch: Final = Scratch()


class Background(Protocol):
    """A model of the background that learns from each frame it is shown."""

    @property
    def learned(self) -> bool:
        """Whether frames are judged yet."""

    def apply(self, pixels: Mask, token: Token, *, learn: bool = True) -> Mask | None:
        """Take a frame; return its foreground (H, W), 0 or 255, or None while it still learns.

        A frame that it shall not learn from does not count among those of the window.
        """

    def picture(self) -> Mask | None:
        """Return the background as a frame; None while there is none."""


def background(params: SequenceParams) -> Background:
    """Return the model that the parameters name."""
    if params.model is Model.DEVIATION:
        return Deviation(params.k, params.window, params.forget)
    return Mixture(params)


class Deviation:
    """The model "mean ± k·σ"; see the module.

    Parameters
    ----------
    k
        Deviations from the mean that are still background.
    window
        Frames to learn from.
    forget
        Weight of a frame after that; 0 learns no more.
    """

    def __init__(self, k: float, window: int, forget: float = 0.01) -> None:
        self._k, self._window, self._forget = k, window, forget
        self._seen = 0
        self._kept: list[Mask] = []
        self._moments: Moments | None = None
        self._reach: Pixels | None = None
        self._bounds: Bounds | None = None

    @property
    def learned(self) -> bool:
        """Whether frames are judged yet."""
        return self._bounds is not None

    @property
    def moments(self) -> Moments | None:
        """What was learned; None before the first mean is known."""
        return self._moments

    def picture(self) -> Mask | None:
        """Return the mean, rounded, as of the last bounds; None while there is none."""
        if self._bounds is not None:
            return self._bounds.middle
        return None if self._moments is None else to_byte(self._moments.mean)

    def apply(self, pixels: Mask, token: Token, *, learn: bool = True) -> Mask | None:
        """Take a frame; return its foreground (H, W), 0 or 255, or None while it still learns."""
        self._seen += learn
        if self._bounds is None:
            if learn:
                self._warm_up(pixels, token)
            if self._seen >= self._window and self._moments is not None:
                self._settle(token)
            return None
        mask = self._bounds.outside(pixels, token)
        if learn and self._forget and self._seen % EVERY == 0:
            self._bounds.learn(pixels, token, 1 - (1 - self._forget) ** EVERY)
        return mask

    def _warm_up(self, pixels: Mask, token: Token) -> None:
        if self._window < 2 * NINE:
            self._moments = self._moments or Moments.of(pixels)
            self._moments.learn(pixels, token)
        elif self._moments is None:
            wanted = 1 + len(self._kept) * (self._window // 2 - 1) // (NINE - 1)
            if self._seen >= wanted:
                self._kept.append(pixels.copy())
            if len(self._kept) == NINE:
                self._begin(token)
        else:
            self._moments.learn(pixels, token, reach=self._reach)

    def _begin(self, token: Token) -> None:
        """Make the first means of the frames that were kept."""
        frames = self._kept
        middle = median_of_nine(frames, token)
        spread = median_of_nine([away_from(f, middle) for f in frames], token)
        step = step_of(middle.shape)
        thumbs = [np.ascontiguousarray(f[::step, ::step]) for f in frames]
        steps = [float(np.median(away_from(a, b))) for a, b in pairwise(thumbs)]
        noise = max(MAD * sum(steps) / len(steps) / 2**0.5, ROUNDING)
        deviation = np.maximum(spread * np.float32(MAD), np.float32(noise)).astype(np.float32)
        self._moments = Moments(middle, np.zeros_like(deviation), np.square(deviation), START)
        self._reach = deviation * np.float32(REACH)
        self._kept = []

    def _settle(self, token: Token) -> None:
        """Make the first bounds from the moments."""
        assert self._moments is not None
        step = step_of(self._moments.base.shape)
        own = float(np.sqrt(np.median(self._moments.variance[::step, ::step])))
        self._bounds = Bounds(self._moments, self._k, max(ROUNDING, OWN * own))
        self._bounds.update(token)
        self._reach = None


class Bounds:
    """The lowest and the highest level of every pixel that is still background.

    x is within [ceil(μ - r), floor(μ + r)] exactly when |x - μ| <= r, for whole levels x: so a
    frame is judged in bytes, and the bounds are only made when the moments have changed. `middle`
    is μ, rounded.
    """

    def __init__(self, moments: Moments, k: float, floor: float) -> None:
        self._moments, self._k, self._floor = moments, k, floor
        self._low, self._high, self.middle = (np.zeros_like(moments.base) for _ in range(3))

    def update(self, token: Token) -> None:
        """Make the bounds anew."""

        def work(rect: Rect) -> None:
            for part in blocks(rect):
                self._make(part)

        shared(work, strips(self._moments.base), token)

    def learn(self, pixels: Mask, token: Token, rate: float) -> None:
        """Let the moments take a frame (`Moments.learn`), and make the bounds anew.

        Both at once: most of the time goes by until the moments come from memory. Differences are
        cut off at max(k, `REACH`) deviations.
        """
        m, most = self._moments, np.float32(max(self._k, REACH))
        m.count += 1

        def work(rect: Rect) -> None:
            for part in blocks(rect):
                reach = self._deviation(part)
                np.multiply(reach, most, out=reach)
                learn(pixels[part], m.base[part], m.offset[part], m.variance[part], rate, reach)
                self._make(part)

        shared(work, strips(m.base), token)

    def _deviation(self, part: tuple[slice, slice]) -> Pixels:
        """Return σ, at least the floor, in working memory."""
        variance = self._moments.variance[part]
        deviation = _scratch.array("deviation", variance.shape, np.float32)
        cv2.sqrt(variance, deviation)
        np.maximum(deviation, np.float32(self._floor), out=deviation)
        return deviation

    def _make(self, part: tuple[slice, slice]) -> None:
        m, deviation = self._moments, self._deviation(part)
        mean, edge = (_scratch.array(n, deviation.shape, np.float32) for n in ("mean", "edge"))
        cv2.add(m.base[part], m.offset[part], mean, dtype=cv2.CV_32F)
        cv2.convertScaleAbs(mean, self.middle[part])
        for sign, bound in ((-1, self._low), (1, self._high)):
            cv2.scaleAdd(deviation, sign * self._k, mean, edge)
            # Rounds to the nearest level; half a level more makes it the next one inside.
            # A scalar is one for the first channel alone, so channels become columns.
            flat = (edge.shape[0], -1)
            half = np.array([-sign * np.float32(_HALF)])
            cv2.add(edge.reshape(flat), half, bound[part].reshape(flat), dtype=cv2.CV_8U)

    def outside(self, pixels: Mask, token: Token) -> Mask:
        """Return 255 where any channel is out of bounds."""
        out = np.empty(pixels.shape[:2], np.uint8)

        def work(rect: Rect) -> None:
            part = rect.slices
            cv2.inRange(pixels[part], self._low[part], self._high[part], out[part])
            cv2.bitwise_not(out[part], out[part])

        shared(work, strips(pixels), token)
        return out


class Mixture:
    """MOG2 or KNN, whichever the parameters name; see the module."""

    def __init__(self, params: SequenceParams) -> None:
        k2, shadows = params.k**2, params.shadows
        self._model = (
            cv2.createBackgroundSubtractorMOG2(params.window, k2, shadows)
            if params.model is Model.MOG2
            else cv2.createBackgroundSubtractorKNN(params.window, 25 * k2, shadows)
        )
        self._window, self._forget, self._seen = params.window, params.forget, 0

    @property
    def learned(self) -> bool:
        """Whether frames are judged yet."""
        return self._seen >= self._window

    def picture(self) -> Mask | None:
        """Return the likeliest background; None before the first frame."""
        return np.asarray(self._model.getBackgroundImage(), np.uint8) if self._seen else None

    def apply(self, pixels: Mask, token: Token, *, learn: bool = True) -> Mask | None:
        """Take a frame; return its foreground without shadows, or None while it still learns."""
        token.check()
        judged = self.learned
        if not (judged or learn):
            return None
        rate = 0.0 if not learn else self._forget if judged else -1.0
        mask = self._model.apply(pixels, learningRate=rate)
        self._seen += learn
        return np.asarray(cv2.inRange(mask, (255.0,), (255.0,)), np.uint8) if judged else None


def cleaned(mask: Mask, radius: int) -> Mask:
    """Return a mask opened, then closed, with a disc: specks go, small holes are filled."""
    if radius == 0:
        return mask
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1,) * 2)
    opened = cv2.morphologyEx(mask, cv2.MORPH_OPEN, disc)
    return np.asarray(cv2.morphologyEx(opened, cv2.MORPH_CLOSE, disc), np.uint8)


def away_from(a: Mask, b: Mask) -> Mask:
    """Return |a - b|."""
    return np.asarray(cv2.absdiff(a, b), np.uint8)
