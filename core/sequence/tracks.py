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

from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.types import Rect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.types import Mask

    Floats = NDArray[np.float64]
    Indices = NDArray[np.intp]

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


def things(mask: Mask, min_area: int) -> tuple[Thing, ...]:
    """Return the things of a foreground, 0 or not, from large to small."""
    across, down, *size = cv2.boundingRect(mask)  # mostly there is little, and labels are slow
    some = mask[down : down + size[1], across : across + size[0]]
    if not some.size:
        return ()
    # Labels are those of OpenCV's default algorithm, which takes three times as long for specks.
    count, _, stats, centres = cv2.connectedComponentsWithStatsWithAlgorithm(
        some, 8, cv2.CV_32S, cv2.CCL_GRANA
    )
    areas = stats[:count, cv2.CC_STAT_AREA]
    large = 1 + np.flatnonzero(areas[1:] >= min_area)
    order = large[np.argsort(-areas[large], kind="stable")[:MOST]]
    out = []
    for i in order.tolist():
        left, top, width, height, area = stats[i].tolist()
        col, row = centres[i].tolist()
        out.append(
            Thing(Rect(top + down, left + across, height, width), area, (row + down, col + across))
        )
    return tuple(out)


class Tracker:
    """Gives things their numbers."""

    def __init__(self) -> None:
        self._tracks: list[Track] = []
        self._places = _places(())
        self._moves = _moves(())
        self._last = 0

    def next(self, found: tuple[Thing, ...], index: int) -> tuple[Track, ...]:
        """Take the things of a frame; return their tracks, in the order of the things."""
        self._keep(index - self._moves[:, 0] - 1 <= PATIENCE)
        places = _places(found)
        pairs = dict(_pairs(_expected(self._places, self._moves, index), places))
        owner = {j: i for i, j in pairs.items()}
        now = []
        for j, thing in enumerate(found):
            if j in owner:
                now.append(_moved(self._tracks[owner[j]], thing, index))
            else:
                self._last += 1
                now.append(Track(self._last, thing, index, index))
        lost = np.ones(len(self._tracks), np.bool_)
        lost[list(pairs)] = False
        self._keep(lost)
        self._tracks = now + self._tracks
        self._places = np.concatenate([places, self._places])
        self._moves = np.concatenate([_moves(now), self._moves])
        return tuple(now)

    def _keep(self, which: NDArray[np.bool_]) -> None:
        self._tracks = list(compress(self._tracks, which.tolist()))
        self._places, self._moves = self._places[which], self._moves[which]


def _moved(track: Track, thing: Thing, index: int) -> Track:
    steps = max(index - track.seen, 1)
    before, after = track.thing.centre, thing.centre
    speed = ((after[0] - before[0]) / steps, (after[1] - before[1]) / steps)
    return Track(track.number, thing, track.born, index, track.frames + 1, speed)


def _places(some: Sequence[Thing]) -> Floats:
    """Return (N, 7): top, left, bottom, right, row and col of the centre, longer side."""
    rows = [
        (r.row, r.col, r.row + r.height, r.col + r.width, *t.centre, max(r.height, r.width))
        for t in some
        for r in (t.rect,)
    ]
    return np.array(rows, np.float64).reshape(-1, 7)


def _moves(some: Sequence[Track]) -> Floats:
    """Return (N, 3): the frame in which each was last seen, and its speed."""
    return np.array([(t.seen, *t.speed) for t in some], np.float64).reshape(-1, 3)


def _expected(places: Floats, moves: Floats, index: int) -> Floats:
    """Return where things should be in a frame; rectangles move by whole pixels."""
    by = moves[:, 1:] * (index - moves[:, :1])
    whole = np.rint(by)
    moved = np.hstack([whole, whole, by])
    return np.hstack([places[:, :6] + moved, places[:, 6:]])


def _pairs(a: Floats, b: Floats) -> list[tuple[int, int]]:
    """Return which track has which thing; both as from `_places`."""
    pairs: list[tuple[int, int]] = []
    tall = np.minimum.outer(a[:, 2], b[:, 2]) - np.maximum.outer(a[:, 0], b[:, 0])
    wide = np.minimum.outer(a[:, 3], b[:, 3]) - np.maximum.outer(a[:, 1], b[:, 1])
    i, j = np.nonzero((tall > 0) & (wide > 0))
    common = tall[i, j] * wide[i, j]
    sizes = [(x[:, 2] - x[:, 0]) * (x[:, 3] - x[:, 1]) for x in (a, b)]
    _take(pairs, i, j, common / (sizes[0][i] + sizes[1][j] - common))
    p, q = (_others(len(x), [pair[k] for pair in pairs]) for k, x in enumerate((a, b)))
    away = np.hypot(*(np.subtract.outer(a[p, k], b[q, k]) for k in (4, 5)))
    i, j = np.nonzero(away <= np.maximum.outer(a[p, 6], b[q, 6]))
    _take(pairs, p[i], q[j], -away[i, j])
    return pairs


def _take(pairs: list[tuple[int, int]], i: Indices, j: Indices, score: Floats) -> None:
    """Add candidates from the highest score on, each track and thing once; of equal, the first."""
    rows, cols = set[int](), set[int]()
    order = np.argsort(-score, kind="stable")
    for row, col in zip(i[order].tolist(), j[order].tolist(), strict=True):
        if row not in rows and col not in cols:
            rows.add(row)
            cols.add(col)
            pairs.append((row, col))


def _others(count: int, taken: list[int]) -> Indices:
    """Return the numbers below a count that are not taken, rising."""
    free = np.ones(count, np.bool_)
    free[taken] = False
    return np.flatnonzero(free)
