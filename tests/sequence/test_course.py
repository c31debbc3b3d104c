"""Motion between two frames of one sequence is shown as time goes, whichever of them is A."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.sequence.course import Course, course_of
from core.sequence.flow_colors import hues
from core.sequence.flow_shown import flow_shown
from tests.sequence.test_flow import found, scene

BY = 22
"""Px that a thing moves right from frame 20 to frame 21."""


@pytest.fixture(scope="module")
def film():
    """Return frame 20, frame 21, and where the thing is in each."""
    return scene(by=(0, BY))


def hue_in(made, mask):
    """Return the mean colour of a veil where it is drawn well inside of a mask."""
    height, width = made.veil.shape[:2]
    share = cv2.resize(mask.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA)
    inner = cv2.erode((share > 0.999).astype(np.uint8), np.ones((9, 9))) > 0
    there = made.veil[inner & (made.veil[..., 3] > 100)]
    assert len(there) > 0.8 * inner.sum()
    return there[:, :3].mean(axis=0)


def test_a_later_than_b_shows_where_things_came_from(film):
    before, after, in_before, in_after = film
    made = flow_shown(found(after, before), course_of(21, 20))
    assert made.head(1).startswith("from frame 20 to frame 21 · ")
    assert made.quiver.ending
    on = [x for x in made.quiver.arrows if all(in_after[int(x.y), int(x.x) + k] for k in (-25, 25))]
    assert len(on) >= 4
    for arrow in on:
        assert (arrow.dx, arrow.dy) == pytest.approx((BY, 0), abs=2)
        assert in_before[int(arrow.y), int(arrow.x - arrow.dx)]
    red = 255 * hues(np.zeros(1), np.ones(1))[0]
    assert hue_in(made, in_before) == pytest.approx(red, abs=15)


def test_a_earlier_than_b_shows_where_things_go(film):
    before, after, in_before, in_after = film
    made = flow_shown(found(before, after), course_of(20, 21))
    assert made.head(1).startswith("from frame 20 to frame 21 · ")
    assert not made.quiver.ending
    on = [
        x for x in made.quiver.arrows if all(in_before[int(x.y), int(x.x) + k] for k in (-25, 25))
    ]
    assert len(on) >= 4
    assert [x.dx for x in on] == pytest.approx([BY] * len(on), abs=2)
    assert hue_in(made, in_after) == pytest.approx((255, 0, 0), abs=15)


def test_pictures_without_time_go_from_a_to_b(film):
    before, after, *_ = film
    field = found(after, before)
    made, turned = flow_shown(field), flow_shown(field, course_of(21, 20))
    assert made.head(1).startswith("from A to B · ")
    assert not made.quiver.ending
    assert [(x.x, x.y, -x.dx, -x.dy) for x in made.quiver.arrows] == [
        (x.x, x.y, x.dx, x.dy) for x in turned.quiver.arrows
    ]
    assert made.quiver.arrows
    assert np.array_equal(made.veil[..., 3], turned.veil[..., 3])
    assert made.lines == turned.lines
    assert made.full == turned.full


def test_the_course_of_frames():
    assert course_of(21, 20) == Course(True, "frame 20", "frame 21")
    assert course_of(20, 31) == Course(False, "frame 20", "frame 31")
    assert course_of(4, None) == course_of(4, 4) == Course()
    assert Course().words == "from A to B"
