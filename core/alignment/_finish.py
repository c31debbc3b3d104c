"""Finishes a shift found on an overview, on windows at the resolution that is wanted."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
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
from core.types import Mask, Pixels, Rect

if TYPE_CHECKING:
    from core.alignment._surface import Peak
    from core.types import Token

GrayPair = Callable[[Rect, int], tuple[Pixels, Pixels, Mask | None]]
"""``pair(rect, level)``: float32 gray of A and B over a rectangle of the canvas, and where both
exist."""

WINDOW: Final = 512
"""Side of a window at full resolution, pixels; an overlap of four times its area is one window."""
WINDOWS: Final = 5
PREVIEW_WINDOW: Final = 256
PREVIEW_WINDOWS: Final = 2
TOGETHER: Final = 0.75
"""Windows that differ by at most this from their median agree, pixels of their level."""
SMALLEST_WINDOW: Final = 48
"""Side below which a quarter of a small picture is not asked."""
LEAST_ERROR: Final = 0.02
"""What no agreement of windows takes away: aliasing and interpolation, pixels of the level."""


@dataclass(frozen=True, slots=True, eq=False)
class Overview:
    """Both pictures bandpassed over what they have in common, at an overview level."""

    a: Pixels
    b: Pixels
    common: Rect
    level: int


@dataclass(frozen=True, slots=True)
class Finished:
    """A shift in pixels of the full picture, and how good it is.

    Attributes
    ----------
    dx, dy, error
        Pixels of the full picture.
    agreed
        Share of the windows that agree.
    level
        Pyramid level at which it was finished.
    uneven
        Whether windows contradict each other: parts of the picture are moved differently.
    """

    dx: float
    dy: float
    error: float
    agreed: float
    level: int
    uneven: bool = False


def finish(
    pair: GrayPair, overview: Overview, start: Peak, level: int, token: Token
) -> Finished | None:
    """Return the shift as the windows at `level` see it.

    At least half of the windows must show a clear peak near `start` and agree. Where too few are
    clear (noise, blur) the next level is asked, up to the overview's own. Where they are clear but
    contradict each other, the next levels are asked as well, because their larger windows average
    over more of the picture; the error is then what the windows differ by. None when there is no
    clear window at any level.
    """
    uneven: Finished | None = None
    for at in range(level, overview.level + 1):
        found = _at(pair, overview, start, at, level, token)
        if found is None:
            continue
        if not found.uneven:
            if uneven is None:
                return found
            return replace(found, error=max(found.error, uneven.error), uneven=True)
        uneven = found if uneven is None else uneven
    return uneven


def _at(
    pair: GrayPair, overview: Overview, start: Peak, at: int, level: int, token: Token
) -> Finished | None:
    """Return what the windows of one level say; None when too few are clear."""
    ratio = 1 << (overview.level - at)
    whole = round(start.dx * ratio), round(start.dy * ratio)
    radius = 2 * ratio + 4
    windows, around = _placed(overview, start, ratio, level)

    def look(window: Rect) -> NDArray[np.complex64]:
        token.check()
        return cross_power(*_pair(pair, window, whole, at))

    spectra = [look(w) for w in windows]
    votes = [peak(s, w.width, radius, (0.1,)) for s, w in zip(spectra, windows, strict=True)]
    clear = [i for i, v in enumerate(votes) if v.sharpness >= MIN_SHARPNESS]
    if around is None:
        if 2 * len(clear) < len(windows) or not clear:
            return None
        centre = _median([votes[i] for i in clear])
    else:
        centre = peak(look(around), around.width, radius, (0.1, 0.01))
        if centre.sharpness < MIN_SHARPNESS:
            return None
    agree = [i for i in clear if _apart(votes[i], centre) <= TOGETHER]
    uneven = len(clear) > 1 and 2 * len(agree) < len(clear)
    if uneven:
        error = float(np.median([_apart(votes[i], centre) for i in clear]))
    else:
        if around is None:
            together = np.sum([spectra[i] for i in agree], axis=0)
            centre = peak(together, windows[0].width, radius, (0.1, 0.01))
        error = _error([votes[i] for i in agree], centre)
    step = 1 << at
    return Finished(
        (whole[0] + centre.dx) * step,
        (whole[1] + centre.dy) * step,
        error * step,
        len(agree) / len(windows) if windows else 1.0,
        at,
        uneven,
    )


def _median(votes: list[WindowShift]) -> WindowShift:
    dx, dy = (float(np.median([getattr(v, axis) for v in votes])) for axis in ("dx", "dy"))
    return WindowShift(dx, dy, min(v.sharpness for v in votes))


def _apart(one: WindowShift, other: WindowShift) -> float:
    return math.hypot(one.dx - other.dx, one.dy - other.dy)


def _error(votes: list[WindowShift], centre: WindowShift) -> float:
    """Return the expected error in pixels: from the scatter of the votes, or the peak's width."""
    if len(votes) < 2:
        return LEAST_ERROR + 1.0 / centre.sharpness
    spread = sum(_apart(v, centre) ** 2 for v in votes)
    return LEAST_ERROR + math.sqrt(spread / (len(votes) - 1) / len(votes))


def _placed(
    overview: Overview, start: Peak, ratio: int, level: int
) -> tuple[list[Rect], Rect | None]:
    """Return windows in A's place, where both pictures have texture after the shift.

    When the overlap is small: its four quarters, to see whether they agree, and all of it.
    """
    side, count = (WINDOW, WINDOWS) if level == 0 else (PREVIEW_WINDOW, PREVIEW_WINDOWS)
    dx, dy = round(start.dx), round(start.dy)
    whole = Rect.of(overview.a)
    shared = whole.intersect(whole.shift(dy, dx))
    # One overview pixel less: the last one may reach over the picture's edge.
    spare = ratio if ratio > 1 else 0
    height, width = shared.height * ratio - spare, shared.width * ratio - spare
    top = (overview.common.row + shared.row) * ratio
    left = (overview.common.col + shared.col) * ratio
    if height * width <= 4 * side * side:
        around = Rect(top, left, good_length(height, height), good_length(width, width))
        tall, wide = good_length(height // 2, height), good_length(width // 2, width)
        ends = (top, top + height - tall), (left, left + width - wide)
        quarters = [Rect(row, col, tall, wide) for row in ends[0] for col in ends[1]]
        return (quarters if min(tall, wide) >= SMALLEST_WINDOW else []), around
    tall, wide = good_length(height, side), good_length(width, side)
    texture = cv2.min(
        np.abs(overview.a[shared.slices]), np.abs(overview.b[shared.shift(-dy, -dx).slices])
    )
    small = max(-(-tall // ratio), 1), max(-(-wide // ratio), 1)
    found = choose(texture, small, count)
    return [Rect(top + r.row * ratio, left + r.col * ratio, tall, wide) for r in found], None


def _pair(
    pair: GrayPair, window: Rect, whole: tuple[int, int], at: int
) -> tuple[Pixels, Pixels, Mask | None]:
    """Read a window of A, and of B where the same content is expected."""
    a, b, valid = pair(window, at)
    if whole == (0, 0):
        return a, b, valid
    _, b, other = pair(window.shift(-whole[1], -whole[0]), at)
    if valid is None or other is None:
        return a, b, other if valid is None else valid
    return a, b, np.bitwise_and(valid, other)
