"""Things and their tracks are those of the plain words: every label, and every pair in turn."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sequence.tracks import MOST, PATIENCE, Thing, Track, Tracker, things
from core.types import Rect


def plain_things(mask, min_area):
    """Return what `things` says, of every pixel of the labels that OpenCV gives by default."""
    count, labels = cv2.connectedComponents(mask, connectivity=8)
    found = []
    for label in range(1, count):
        rows, cols = np.nonzero(labels == label)
        top, left = int(rows.min()), int(cols.min())
        rect = Rect(top, left, int(rows.max()) + 1 - top, int(cols.max()) + 1 - left)
        found.append(Thing(rect, rows.size, (float(rows.mean()), float(cols.mean()))))
    found.sort(key=lambda t: -t.area)  # of equal ones, the first label stays first
    return [t for t in found[:MOST] if t.area >= min_area]


@given(
    st.integers(1, 40), st.integers(1, 90), st.floats(0.01, 0.9), st.integers(0, 2**32 - 1),
    st.integers(1, 9), st.booleans(),
)  # fmt: skip
def test_things_are_all_groups_from_large_to_small(height, width, share, seed, least, closed):
    rng = np.random.default_rng(seed)
    mask = (rng.random((height, width)) < share).astype(np.uint8) * 255
    if closed:
        mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    # They are found in the rectangle around everything, so blocks of labels begin there.
    left, top, wide, high = cv2.boundingRect(mask)
    inner = np.ascontiguousarray(mask[top : top + high, left : left + wide])
    some = plain_things(inner, least) if inner.size else []
    found = things(mask, least)
    assert [(t.rect, t.area) for t in found] == [(t.rect.shift(top, left), t.area) for t in some]
    for one, other in zip(found, some, strict=True):
        row, col = other.centre
        assert one.centre == pytest.approx((row + top, col + left), abs=1e-9)


class PlainTracker:
    """What `Tracker` says, of one pair after the other in a table of all of them."""

    def __init__(self):
        self.tracks = []
        self.last = 0

    def next(self, found, index):
        self.tracks = [t for t in self.tracks if index - t.seen - 1 <= PATIENCE]
        owner = {j: i for i, j in plain_pairs([expected(t, index) for t in self.tracks], found)}
        now = []
        for j, thing in enumerate(found):
            if j not in owner:
                self.last += 1
                now.append(Track(self.last, thing, index, index))
                continue
            t = self.tracks[owner[j]]
            steps, was = max(index - t.seen, 1), t.thing.centre
            speed = tuple((a - b) / steps for a, b in zip(thing.centre, was, strict=True))
            now.append(Track(t.number, thing, t.born, index, t.frames + 1, speed))
        taken = set(owner.values())
        self.tracks = now + [t for i, t in enumerate(self.tracks) if i not in taken]
        return tuple(now)


def expected(track, index):
    rows, cols = (v * (index - track.seen) for v in track.speed)
    (row, col), rect = track.thing.centre, track.thing.rect
    return Thing(rect.shift(round(rows), round(cols)), track.thing.area, (row + rows, col + cols))


def plain_pairs(some, others):
    overlap, near = (np.full((len(some), len(others)), -math.inf) for _ in range(2))
    for i, a in enumerate(some):
        for j, b in enumerate(others):
            common = a.rect.intersect(b.rect).area
            overlap[i, j] = common / (a.rect.area + b.rect.area - common)
            away = np.hypot(a.centre[0] - b.centre[0], a.centre[1] - b.centre[1])
            if away <= max(a.rect.height, a.rect.width, b.rect.height, b.rect.width):
                near[i, j] = -away
    pairs = []
    for score, least in ((overlap, 0.0), (near, -math.inf)):
        for i, j in pairs:
            score[i, :] = score[:, j] = -math.inf
        while score.size and score.max() > least:
            i, j = divmod(int(score.argmax()), score.shape[1])
            pairs.append((i, j))
            score[i, :] = score[:, j] = -math.inf
    return pairs


THING = st.builds(
    lambda row, col, high, wide, down, along: Thing(
        Rect(row, col, high, wide), high * wide, (row + down * high, col + along * wide)
    ),
    st.integers(0, 30), st.integers(0, 60), st.integers(1, 12), st.integers(1, 20),
    st.sampled_from([0.25, 0.5]), st.sampled_from([0.5, 0.75]),
)  # fmt: skip


@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.lists(THING, max_size=9).map(tuple)),
        min_size=2, max_size=12,
    )
)  # fmt: skip
def test_tracks_are_those_of_one_pair_after_the_other(frames):
    tracker, plain, index = Tracker(), PlainTracker(), 0
    for step, found in frames:
        index += step
        assert tracker.next(found, index) == plain.next(found, index)


def test_tracks_are_those_of_one_pair_after_the_other_where_much_moves():
    """Things that go on as they went, appear, hide and cross: tracks grow old, and have speeds."""
    rng = np.random.default_rng(8)
    tracker, plain = Tracker(), PlainTracker()
    place, speed = rng.uniform(0, (90, 160), (40, 2)), rng.normal(0, 2.5, (40, 2))
    size = rng.integers(2, 14, (40, 2))
    longest = 0
    for index in range(40):
        place += speed
        seen = [
            Thing(Rect(*map(int, p), *map(int, s)), int(s.prod()), tuple((p + s / 2).tolist()))
            for p, s in zip(place, size, strict=True)
            if rng.random() < 0.7
        ]
        now = tracker.next(tuple(seen), index)
        assert now == plain.next(tuple(seen), index)
        longest = max(longest, *(t.frames for t in now))
    assert longest > 15


def test_a_thing_is_followed_just_as_far_as_its_longer_side():
    for col, same in ((20, True), (21, False)):
        tracker = Tracker()
        first = tracker.next((Thing(Rect(3, 0, 10, 20), 200, (8.0, 10.0)),), 0)
        then = tracker.next((Thing(Rect(3, col, 10, 20), 200, (8.0, 10.0 + col)),), 1)
        assert (then[0].number == first[0].number) == same
