"""Follows things from frame to frame.

A thing is a group of touching foreground pixels (8 neighbours) of at least `min_area`; the
`MOST` largest are followed. Each track expects its thing where it was, moved by as much as between
the last two frames. Things and tracks are paired greedily: first by overlap (the intersection of
both rectangles over their union, the largest first), then, of what is left, by the distance of
their centres (the nearest first), which may be at most the longer side of the larger rectangle.
A thing without a track begins one; a track without a thing for more than `PATIENCE` frames ends.
Numbers are never used again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from core.types import Rect

if TYPE_CHECKING:
    from core.types import Mask

MOST: Final = 128
PATIENCE: Final = 5


@dataclass(frozen=True, slots=True)
class Thing:
    """One group of foreground pixels.

    Attributes
    ----------
    rect
        Hugs its pixels.
    area
        How many there are.
    centre
        Their mean (row, col).
    """

    rect: Rect
    area: int
    centre: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Track:
    """A thing, followed.

    Attributes
    ----------
    number
        From 1, in the order in which tracks began.
    thing
        As it was last seen.
    born, seen
        Index of the first frame and of the last one in which it was seen.
    frames
        In how many frames it was seen.
    speed
        (rows, cols) a frame.
    """

    number: int
    thing: Thing
    born: int
    seen: int
    frames: int = 1
    speed: tuple[float, float] = (0.0, 0.0)

    def expected(self, index: int) -> Thing:
        """Return the thing where it should be in a frame."""
        ahead = index - self.seen
        rows, cols = self.speed[0] * ahead, self.speed[1] * ahead
        (row, col), rect = self.thing.centre, self.thing.rect
        moved = rect.shift(round(rows), round(cols))
        return Thing(moved, self.thing.area, (row + rows, col + cols))


def things(mask: Mask, min_area: int) -> tuple[Thing, ...]:
    """Return the things of a foreground, 0 or not, from large to small."""
    across, down, *size = cv2.boundingRect(mask)  # mostly there is little, and labels are slow
    some = mask[down : down + size[1], across : across + size[0]]
    if not some.size:
        return ()
    count, _, stats, centres = cv2.connectedComponentsWithStats(some, connectivity=8)
    areas = stats[1:count, cv2.CC_STAT_AREA]
    order = np.argsort(-areas, kind="stable")[:MOST]
    out = []
    for i in order.tolist():
        left, top, width, height, area = stats[i + 1].tolist()
        if area < min_area:
            break
        col, row = centres[i + 1].tolist()
        out.append(
            Thing(Rect(top + down, left + across, height, width), area, (row + down, col + across))
        )
    return tuple(out)


class Tracker:
    """Gives things their numbers."""

    def __init__(self) -> None:
        self._tracks: list[Track] = []
        self._last = 0

    def next(self, found: tuple[Thing, ...], index: int) -> tuple[Track, ...]:
        """Take the things of a frame; return their tracks, in the order of the things."""
        self._tracks = [t for t in self._tracks if index - t.seen - 1 <= PATIENCE]
        pairs = dict(_pairs([t.expected(index) for t in self._tracks], found))
        owner = {j: i for i, j in pairs.items()}
        now = []
        for j, thing in enumerate(found):
            if j in owner:
                now.append(_moved(self._tracks[owner[j]], thing, index))
            else:
                self._last += 1
                now.append(Track(self._last, thing, index, index))
        self._tracks = now + [t for i, t in enumerate(self._tracks) if i not in pairs]
        return tuple(now)


def _moved(track: Track, thing: Thing, index: int) -> Track:
    steps = max(index - track.seen, 1)
    before, after = track.thing.centre, thing.centre
    speed = ((after[0] - before[0]) / steps, (after[1] - before[1]) / steps)
    return replace(track, thing=thing, seen=index, frames=track.frames + 1, speed=speed)


def _pairs(expected: list[Thing], found: tuple[Thing, ...]) -> list[tuple[int, int]]:
    """Return which track has which thing."""
    if not expected or not found:
        return []
    a, b = (_table(x) for x in (expected, found))
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:4], b[None, :, 2:4])
    common = np.clip(high - low, 0, None).prod(axis=2)
    sizes = [(x[:, 2] - x[:, 0]) * (x[:, 3] - x[:, 1]) for x in (a, b)]
    overlap = common / (sizes[0][:, None] + sizes[1][None] - common)
    away = np.hypot(a[:, None, 4] - b[None, :, 4], a[:, None, 5] - b[None, :, 5])
    reach = np.maximum(a[:, None, 6], b[None, :, 6])
    near = np.where(away <= reach, -away, -math.inf)
    pairs: list[tuple[int, int]] = []
    for score, least in ((overlap, 0.0), (near, -math.inf)):
        free = score.copy()
        for i, j in pairs:
            free[i, :] = free[:, j] = -math.inf
        while free.max() > least:
            i, j = divmod(int(free.argmax()), free.shape[1])
            pairs.append((i, j))
            free[i, :] = free[:, j] = -math.inf
    return pairs


def _table(some: Any) -> Any:
    """Return (N, 7): top, left, bottom, right, row and col of the centre, longer side."""
    return np.array(
        [
            (t.rect.row, t.rect.col, t.rect.bottom, t.rect.right, *t.centre,
             max(t.rect.height, t.rect.width))
            for t in some
        ],
        np.float64,
    )  # fmt: skip
