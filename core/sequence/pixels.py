"""Frames as bytes: what every part of the analysis works on.

Working values (0...255, `core.color`) rounded to whole levels; transparency is ignored. Deeper
pictures are rounded: frames are watched for changes of levels, not measured to a fraction of one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.color import LUMA_709, AlphaMode, Conversion, finite
from core.counting import counted, to_byte
from core.parallel import shared
from core.scratch import Scratch
from core.tiles import strip_rects
from core.types import SCALE, Rect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.buffer import ImageBuffer
    from core.types import Mask, Pixels, Token

_THUMB: Final = 1 << 16
"""Most pixels of a sample of a frame, about."""
_COUNTED: Final = 1 << 22
"""Pixels whose levels are counted at once."""
_PAIRED: Final = 1 << 19
"""From so many pixels on it is worth while to count them in pairs, which needs 65,536 bins."""
STRIP: Final = 1 << 18
"""Pixels of a strip: what a thread works on stays in its own cache."""
_scratch: Final = Scratch()


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One frame, ready to be compared.

    Attributes
    ----------
    pixels
        (H, W) or (H, W, 3) uint8.
    thumb
        Every n-th row and column of it: real pixels, so what is equal stays exactly equal.
    counts
        (C, 256): how often each level occurs.
    """

    pixels: Mask
    thumb: Mask
    counts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Difference:
    """How two frames differ.

    Attributes
    ----------
    l1_per_pixel
        Σ|a - b| over pixels and channels, by the number of pixels, as `core.measures.norms`.
    changed_share
        Share of the pixels of which a channel differs by more than the tolerance.
    """

    l1_per_pixel: float
    changed_share: float


def as_bytes(image: ImageBuffer, *, gray: bool = False) -> Mask:
    """Return the pixels as (H, W) or (H, W, 3) uint8; other numbers of channels become one."""
    pixels = image.read(Rect(0, 0, *image.shape))
    colors = image.channels - (image.alpha.value != "none" and image.channels > 1)
    if pixels.dtype != np.uint8 or image.peak != SCALE or colors != image.channels:
        one = Conversion(
            image.peak / SCALE, None, image.alpha, keep_alpha=False, channels=1, wide=False,
            mode=AlphaMode.IGNORE,
        )  # fmt: skip
        pixels = to_byte(one(finite(pixels, image.limit)))
    if pixels.ndim == 3 and pixels.shape[2] != 3:
        return np.asarray(np.rint(pixels.mean(axis=2)), np.uint8)
    return to_gray(pixels) if gray else pixels


def to_gray(pixels: Mask) -> Mask:
    """Return Rec. 709 luma of bytes, rounded."""
    if pixels.ndim == 2:
        return pixels
    return np.asarray(cv2.transform(pixels, np.asarray([LUMA_709], np.float64)), np.uint8)


def like(pixels: Mask, channels: int) -> Mask:
    """Return the pixels with as many channels as the sequence has: 1 or 3."""
    if channels == 1:
        return to_gray(pixels)
    return pixels if pixels.ndim == 3 else np.asarray(cv2.merge([pixels] * 3), np.uint8)


def size_words(pixels: Mask) -> str:
    """Return the size of a frame, for people."""
    channels = "gray" if pixels.ndim == 2 else "colour"
    return f"{pixels.shape[1]} × {pixels.shape[0]} px {channels}"


def step_of(shape: tuple[int, ...], most: int = _THUMB) -> int:
    """Return every how-manieth row and column makes a sample of about so many pixels."""
    return max(round(math.sqrt(shape[0] * shape[1] / most)), 1)


def picture(pixels: Mask, token: Token) -> Picture:
    """Return a frame with its sample and its counts."""
    rows = max(_COUNTED // pixels.shape[1], 1)
    tops = range(0, pixels.shape[0], rows)
    counts = sum(_counts(pixels[top : top + rows], token) for top in tops)
    step = step_of(pixels.shape)
    return Picture(pixels, np.ascontiguousarray(pixels[::step, ::step]), np.asarray(counts))


def _counts(pixels: Mask, token: Token) -> NDArray[np.int64]:
    """Return (C, 256) counts of fewer than 2**24 pixels (OpenCV counts in float32)."""
    if pixels.ndim == 2:
        planes = [np.ascontiguousarray(pixels)]
    else:
        planes = _scratch.planes("planes", 3, pixels.shape[:2], np.uint8)

        def split(rect: Rect) -> None:
            cv2.split(pixels[rect.slices], [plane[rect.slices] for plane in planes])

        shared(split, strip_rects((pixels.shape[0], pixels.shape[1]), STRIP), token)
    return np.stack(shared(_by_pairs, planes, token))


def _by_pairs(plane: Mask) -> NDArray[np.int64]:
    """Return 256 counts; two neighbours are counted at once, as one number of 16 bits."""
    if plane.size < _PAIRED or cv2.countNonZero(plane) < plane.size // 2:
        return counted(plane, None)
    flat = plane.reshape(1, -1)
    even = flat.size // 2 * 2
    two = flat[:, :even].view(np.uint16)
    pairs = cv2.calcHist([two], [0], None, [1 << 16], [0.0, float(1 << 16)]).reshape(256, 256)
    halves = (cv2.reduce(pairs, axis, cv2.REDUCE_SUM).ravel() for axis in (0, 1))
    both = np.asarray(sum(half.astype(np.int64) for half in halves))
    return both + np.bincount(flat[0, even:], minlength=256)


def differ(a: Mask, b: Mask, tolerance: float, token: Token) -> Difference:
    """Return how two frames of one shape differ."""

    def work(rect: Rect) -> tuple[float, int]:
        one, other = a[rect.slices], b[rect.slices]
        away = _scratch.array("away", one.shape, np.uint8)
        cv2.absdiff(one, other, away)
        total = float(cv2.norm(away, cv2.NORM_L1))
        most = away
        if away.ndim == 3:
            planes = _scratch.planes("parts", 3, away.shape[:2], np.uint8)
            cv2.split(away, planes)
            most = planes[0]
            for plane in planes[1:]:
                cv2.max(most, plane, most)
        over = _scratch.array("over", most.shape, np.uint8)
        cv2.threshold(most, float(int(tolerance)), 1, cv2.THRESH_BINARY, over)
        return total, cv2.countNonZero(over)

    found = shared(work, strip_rects((a.shape[0], a.shape[1]), STRIP // 2), token)
    n = a.shape[0] * a.shape[1]
    return Difference(sum(f[0] for f in found) / n, sum(f[1] for f in found) / n)


def apart(a: Pixels, b: Pixels) -> float:
    """Return the mean |a - b| of samples, over pixels and channels."""
    return float(cv2.norm(a, b, cv2.NORM_L1)) / a.size
