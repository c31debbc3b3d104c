"""Finishes a shift found on an overview, on windows at the resolution that is wanted."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from core.alignment._windows import (
    MIN_SHARPNESS,
    WindowShift,
    choose,
    cross_power,
    good_length,
    peak,
)
from core.types import Mask, Rect

if TYPE_CHECKING:
    from core.alignment._surface import Peak
    from core.types import Token

GrayPair = Callable[[Rect, int], tuple[NDArray[np.float32], NDArray[np.float32], Mask | None]]
"""``pair(rect, level)``: float32 gray of A and B over a rectangle of the canvas, and where both
exist."""

WINDOW: Final = 512
"""Side of a window at full resolution, pixels; an overlap of four times its area is one window."""
WINDOWS: Final = 5
PREVIEW_WINDOW: Final = 256
PREVIEW_WINDOWS: Final = 3
TOGETHER: Final = 0.75
"""Windows that differ by at most this from their median agree, pixels of their level."""
LEAST_ERROR: Final = 0.02
"""What no agreement of windows takes away: aliasing and interpolation, pixels of the level."""


@dataclass(frozen=True, slots=True, eq=False)
class Overview:
    """Both pictures bandpassed over what they have in common, at an overview level."""

    a: NDArray[np.float32]
    b: NDArray[np.float32]
    common: Rect
    level: int


@dataclass(frozen=True, slots=True)
class Finished:
    """A shift in pixels of the full picture, and how good it is."""

    dx: float
    dy: float
    error: float
    agreed: float  # share of the windows that agree
    level: int  # at which it was finished


def finish(
    pair: GrayPair, overview: Overview, start: Peak, level: int, token: Token
) -> Finished | None:
    """Return the shift as the windows at `level` see it, or at the next level that has an answer.

    A level has an answer when at least half of its windows show a clear peak near `start` and
    agree with their median. None when no level up to the overview's has one.
    """
    for at in range(level, overview.level + 1):
        found = _at(pair, overview, start, at, level, token)
        if found is not None:
            return found
    return None


def _at(
    pair: GrayPair, overview: Overview, start: Peak, at: int, level: int, token: Token
) -> Finished | None:
    ratio = 1 << (overview.level - at)
    whole = round(start.dx * ratio), round(start.dy * ratio)
    windows = _placed(overview, start, ratio, level)
    radius = 2 * ratio + 4
    spectra: list[NDArray[np.complex64]] = []
    votes: list[WindowShift] = []
    for window in windows:
        token.check()
        a, b, valid = _pair(pair, window, whole, at)
        spectra.append(cross_power(a, b, valid))
        votes.append(peak(spectra[-1], window.width, radius))
    clear = [i for i, v in enumerate(votes) if v.sharpness >= MIN_SHARPNESS]
    if not clear:
        return None
    mid_x = float(np.median([votes[i].dx for i in clear]))
    mid_y = float(np.median([votes[i].dy for i in clear]))
    agree = [i for i in clear if math.hypot(votes[i].dx - mid_x, votes[i].dy - mid_y) <= TOGETHER]
    if 2 * len(agree) < len(windows) or not agree:
        return None
    token.check()
    joint = votes[agree[0]]
    if len(agree) > 1:
        joint = peak(np.sum([spectra[i] for i in agree], axis=0), windows[0].width, radius)
    step = 1 << at
    error = _error([votes[i] for i in agree], joint) * step
    share = len(agree) / len(windows)
    return Finished((whole[0] + joint.dx) * step, (whole[1] + joint.dy) * step, error, share, at)


def _error(votes: list[WindowShift], joint: WindowShift) -> float:
    """Return the expected error in pixels: the scatter of the votes, or the peak's width."""
    if len(votes) == 1:
        return LEAST_ERROR + 1.0 / joint.sharpness
    spread = sum((v.dx - joint.dx) ** 2 + (v.dy - joint.dy) ** 2 for v in votes)
    return LEAST_ERROR + math.sqrt(spread / (len(votes) - 1) / len(votes))


def _placed(overview: Overview, start: Peak, ratio: int, level: int) -> list[Rect]:
    """Return windows in A's place, where both pictures have texture after the shift."""
    side, count = (WINDOW, WINDOWS) if level == 0 else (PREVIEW_WINDOW, PREVIEW_WINDOWS)
    dx, dy = round(start.dx), round(start.dy)
    whole = Rect.of(overview.a)
    shared = whole.intersect(whole.shift(dy, dx))
    height, width = shared.height * ratio, shared.width * ratio
    if height * width <= 4 * side * side:
        side, count = 4 * side, 1
    # One overview pixel less: the last one may reach over the picture's edge.
    tall, wide = (good_length(n - ratio * (ratio > 1), side) for n in (height, width))
    texture = np.minimum(
        cv2.absdiff(overview.a[shared.slices], 0.0),
        cv2.absdiff(overview.b[shared.shift(-dy, -dx).slices], 0.0),
    )
    small = max(-(-tall // ratio), 1), max(-(-wide // ratio), 1)
    top, left = overview.common.row + shared.row, overview.common.col + shared.col
    return [
        Rect((top + r.row) * ratio, (left + r.col) * ratio, tall, wide)
        for r in choose(texture, small, count)
    ]


def _pair(
    pair: GrayPair, window: Rect, whole: tuple[int, int], at: int
) -> tuple[NDArray[np.float32], NDArray[np.float32], Mask | None]:
    """Read a window of A, and of B where the same content is expected."""
    a, b, valid = pair(window, at)
    if whole == (0, 0):
        return a, b, valid
    _, b, other = pair(window.shift(-whole[1], -whole[0]), at)
    if valid is None or other is None:
        return a, b, other if valid is None else valid
    return a, b, cv2.bitwise_and(valid, other)
