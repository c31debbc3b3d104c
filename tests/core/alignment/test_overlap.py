"""The part of A that B covers, and the rectangle in it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.alignment.overlap import area, inner_rect, overlap, share_of
from core.geometry import IDENTITY, as_matrix, inverse, scaling, translation
from core.types import Rect

SIZE = st.integers(1, 700)
SHAPE = st.tuples(SIZE, SIZE)


@st.composite
def matrices(draw):
    """Turns, scales, shears and shifts, some with a vanishing line far away."""
    turn = math.radians(draw(st.floats(-180, 180)))
    c, s = math.cos(turn), math.sin(turn)
    scale, shear = draw(st.floats(0.3, 3)), draw(st.floats(-0.3, 0.3))
    made = np.array([[c, -s, draw(st.floats(-400, 400))], [s, c, draw(st.floats(-400, 400))],
                     [draw(st.sampled_from([0, 1e-4])), 0, 1.0]])  # fmt: skip
    made[:2, :2] = made[:2, :2] @ [[scale, shear], [0, scale]]
    return as_matrix(made)


def signed(points):
    x, y = np.array(points).T
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) / 2


def inside(points, x, y, slack=1e-5):
    """Whether points lie in a convex polygon that runs clockwise as seen."""
    p = np.array(points)
    edges = np.roll(p, -1, axis=0) - p
    lengths = np.maximum(np.hypot(*edges.T), 1e-12)
    across = edges[:, 0, None] * (y - p[:, 1, None]) - edges[:, 1, None] * (x - p[:, 0, None])
    return (across / lengths[:, None] >= -slack).all(axis=0)


def test_equal_pictures_cover_each_other():
    found = overlap(IDENTITY, (10, 20), (10, 20))
    assert found == ((-0.5, -0.5), (19.5, -0.5), (19.5, 9.5), (-0.5, 9.5))
    assert area(found) == 200
    assert share_of(found, (10, 20)) == 1
    assert inner_rect(found) == Rect(0, 0, 10, 20)


def test_a_shift_leaves_a_rectangle():
    found = overlap(translation(3, -2), (10, 20), (10, 20))
    assert found == ((2.5, -0.5), (19.5, -0.5), (19.5, 7.5), (2.5, 7.5))
    assert share_of(found, (10, 20)) == 17 * 8 / 200
    assert inner_rect(found) == Rect(0, 3, 8, 17)
    half = overlap(translation(3.5, 0.25), (10, 20), (10, 20))
    assert area(half) == 16.5 * 9.75
    assert inner_rect(half) == Rect(1, 4, 9, 16)  # whole pixels only


def test_a_smaller_b_lies_inside():
    found = overlap(translation(4, 5), (30, 40), (6, 7))
    assert inner_rect(found) == Rect(5, 4, 6, 7)
    assert area(found) == 42
    grown = overlap(scaling(2.0, 3.0), (30, 40), (6, 7))
    assert inner_rect(grown) == Rect(0, 0, 18, 14)


def test_a_diamond_in_a_square():
    turned = as_matrix(
        np.array([[1, 0, 49.5], [0, 1, 49.5], [0, 0, 1]])
        @ np.array([[1, -1, 0], [1, 1, 0], [0, 0, math.sqrt(2)]])
        @ np.array([[1, 0, -49.5], [0, 1, -49.5], [0, 0, 1]])
    )
    found = overlap(turned, (100, 100), (100, 100))
    assert len(found) == 8
    # Each corner of the square loses a right triangle whose height is half the diagonal less 50.
    assert area(found) == pytest.approx(100**2 - 4 * (50 * math.sqrt(2) - 50) ** 2)
    # Of upright rectangles in that octagon with |x|, |y| <= 50 and |x| + |y| <= 50 √2, the largest
    # has a corner at x = y, half of 50 √2 away from either axis.
    assert inner_rect(found).area == 70**2


@pytest.mark.parametrize(
    "matrix",
    [translation(20, 0), translation(0, -10), translation(500, 500), translation(-20.5, 3)],
)
def test_nothing_in_common(matrix):
    assert overlap(matrix, (10, 20), (10, 20)) == ()
    assert area(()) == 0
    assert share_of((), (10, 20)) == 0
    assert inner_rect(()) == Rect(0, 0, 0, 0)


def test_partly_behind_the_camera_is_nothing():
    assert overlap(((1, 0, 0), (0, 1, 0), (-0.1, 0, 1)), (10, 20), (10, 20)) == ()


def test_less_than_a_pixel_has_no_rectangle():
    found = overlap(translation(19.5, 0), (10, 20), (10, 20))
    assert area(found) == pytest.approx(5)
    assert inner_rect(found).area == 0


def test_a_mirrored_picture_has_the_same_outline_the_same_way_round():
    mirrored = overlap(((-1, 0, 19), (0, 1, 0), (0, 0, 1)), (10, 20), (10, 20))
    assert sorted(mirrored) == sorted(overlap(IDENTITY, (10, 20), (10, 20)))
    assert signed(mirrored) == 200


@given(matrix=matrices(), a=SHAPE, b=SHAPE)
def test_the_outline_lies_in_both_pictures(matrix, a, b):
    found = overlap(matrix, a, b)
    if not found:
        return
    assert len(found) >= 3
    assert signed(found) > 0
    x, y = np.array(found).T
    near = 1e-4
    assert x.min() >= -0.5 - near
    assert y.min() >= -0.5 - near
    assert x.max() <= a[1] - 0.5 + near
    assert y.max() <= a[0] - 0.5 + near
    back = np.linalg.inv(np.array(matrix)) @ np.vstack([x, y, np.ones_like(x)])
    bx, by = back[:2] / back[2]
    scale = 1e-3
    assert bx.min() >= -0.5 - scale
    assert by.min() >= -0.5 - scale
    assert bx.max() <= b[1] - 0.5 + scale
    assert by.max() <= b[0] - 0.5 + scale


@given(matrix=matrices(), a=SHAPE, b=SHAPE, seed=st.integers(0, 999))
def test_what_both_cover_is_inside_and_nothing_else(matrix, a, b, seed):
    found = overlap(matrix, a, b)
    rng = np.random.default_rng(seed)
    x, y = rng.uniform(-0.5, a[1] - 0.5, 200), rng.uniform(-0.5, a[0] - 0.5, 200)
    bx, by, w = np.linalg.inv(np.array(matrix)) @ np.vstack([x, y, np.ones_like(x)])
    bx, by = bx / w, by / w
    edge = np.minimum.reduce([bx + 0.5, b[1] - 0.5 - bx, by + 0.5, b[0] - 0.5 - by])
    covered, clear = edge > 0, np.abs(edge) > 1e-3
    if not found:
        corners = np.array([[-0.5, -0.5, 1], [b[1] - 0.5, -0.5, 1], [-0.5, b[0] - 0.5, 1],
                            [b[1] - 0.5, b[0] - 0.5, 1]])  # fmt: skip
        behind = (corners @ np.array(matrix)[2] <= 0).any()
        assert behind or not (covered & clear).any()
        return
    assert (inside(found, x, y)[clear] == covered[clear]).all()


@given(matrix=matrices(), a=SHAPE, b=SHAPE)
def test_seen_from_b_the_overlap_is_as_large(matrix, a, b):
    if matrix[2][0]:
        return
    there, back = overlap(matrix, a, b), overlap(inverse(matrix), b, a)
    grown = abs(np.linalg.det(np.array(matrix)[:2, :2]))
    assert area(there) == pytest.approx(area(back) * grown, abs=1e-3)


@given(matrix=matrices(), a=SHAPE, b=SHAPE, cells=st.integers(8, 300))
def test_the_rectangle_lies_in_the_outline(matrix, a, b, cells):
    found = overlap(matrix, a, b)
    rect = inner_rect(found, cells)
    if rect.area == 0:
        return
    assert Rect(0, 0, *a).intersect(rect) == rect
    x = np.array([rect.col, rect.right, rect.right, rect.col]) - 0.5
    y = np.array([rect.row, rect.row, rect.bottom, rect.bottom]) - 0.5
    assert inside(found, x, y).all()


@given(matrix=matrices(), a=st.tuples(st.integers(1, 12), st.integers(1, 12)))
def test_no_rectangle_is_larger(matrix, a):
    """With a line for each row, it is the best of all there are."""
    found = overlap(matrix, a, (200, 200))
    rect = inner_rect(found)
    best = 0
    for row in range(a[0]):
        for bottom in range(row + 1, a[0] + 1):
            cols = np.arange(a[1] + 1) - 0.5
            if not found:
                continue
            both = inside(found, cols, np.full(len(cols), row - 0.5)) & inside(
                found, cols, np.full(len(cols), bottom - 0.5)
            )
            if both.any():
                best = max(best, int(np.ptp(np.flatnonzero(both))) * (bottom - row))
    assert rect.area == best
