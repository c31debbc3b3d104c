"""Which pixels lie in a shape, against the definition with exact fractions."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SettingsError
from core.places.shapes import Kind, Shape, covered, hull, inside, outside
from core.types import Rect

CANVAS = Rect(0, 0, 23, 41)


def rect(top, left, height, width, **more):
    return Shape(Kind.RECT, ((top, left), (top + height, left + width)), **more)


def ellipse(top, left, height, width):
    return Shape(Kind.ELLIPSE, ((top, left), (top + height, left + width)))


def polygon(*points):
    return Shape(Kind.POLYGON, points)


def mask(shapes, where=CANVAS, level=0):
    found = covered(shapes, where, level)
    if found is None:
        return np.zeros((where.height, where.width), bool)
    assert found.dtype == np.uint8
    assert set(np.unique(found)) <= {0, 255}
    return found > 0


def in_polygon(points, row, col):
    """Even-odd rule with exact numbers: how many sides lie at or left of the point."""
    row, col = Fraction(row), Fraction(col)
    sides = 0
    corners = [(Fraction(r), Fraction(c)) for r, c in points]
    for (r0, c0), (r1, c1) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if (r0 <= row) != (r1 <= row):
            sides += c0 + (row - r0) * (c1 - c0) / (r1 - r0) <= col
    return sides % 2 == 1


eighths = st.integers(-80, 400).map(lambda n: n / 8)
points = st.lists(st.tuples(eighths, eighths), min_size=3, max_size=7)


@st.composite
def shapes(draw):
    kind = draw(st.sampled_from(list(Kind)))
    if kind is Kind.POLYGON:
        return polygon(*draw(points))
    top, left = draw(eighths), draw(eighths)
    sides = st.integers(1, 300).map(lambda n: n / 8)
    return Shape(kind, ((top, left), (top + draw(sides), left + draw(sides))))


def test_a_rectangle_covers_whole_pixels():
    expected = np.zeros((23, 41), bool)
    expected[1:5, 30:33] = True
    np.testing.assert_array_equal(mask([rect(1, 30, 4, 3)]), expected)
    np.testing.assert_array_equal(
        mask([polygon((1, 30), (1, 33), (5, 33), (5, 30))]), expected
    )  # fmt: skip


@pytest.mark.parametrize(("edge", "first"), [(2.5, 2), (2.51, 3), (2.49, 2), (1.51, 2)])
def test_a_pixel_belongs_when_its_centre_is_inside(edge, first):
    assert np.flatnonzero(mask([rect(0, edge, 23, 60)])[7])[0] == first


@given(points)
def test_polygons_are_those_of_the_even_odd_rule(corners):
    found = mask([polygon(*corners)])
    rng = np.random.default_rng(1)
    for _ in range(60):
        r, c = int(rng.integers(23)), int(rng.integers(41))
        assert found[r, c] == in_polygon(corners, r + 0.5, c + 0.5)


def test_a_polygon_that_crosses_itself_is_hollow_where_it_surrounds_twice():
    star = [
        (11 + 11 * math.cos(k * 0.8 * math.pi), 20 + 19 * math.sin(k * 0.8 * math.pi))
        for k in range(5)
    ]
    found = mask([polygon(*star)])
    assert not found[11, 20]
    assert found.sum() > 50


def test_polygons_with_one_side_in_common_share_no_pixel_and_leave_none_out():
    corners = (0, 0), (23, 0), (23, 41), (0, 41)
    middle = (7.3, 29.7)
    parts = [mask([polygon(corners[k - 1], corners[k], middle)]) for k in range(4)]
    np.testing.assert_array_equal(np.sum(parts, axis=0), np.ones((23, 41)))


def test_an_ellipse_touches_the_rectangle_around_it():
    found = mask([ellipse(2, 5, 16, 30)])
    row, col = np.mgrid[:23, :41] + 0.5
    np.testing.assert_array_equal(
        found, ((row - 10) / 8) ** 2 + ((col - 20) / 15) ** 2 <= 1
    )  # fmt: skip
    assert abs(found.sum() - math.pi * 8 * 15) < 6
    np.testing.assert_array_equal(found[2:18, 5:35], found[2:18, 5:35][::-1, ::-1])


@given(st.lists(shapes(), max_size=3), st.tuples(*[st.integers(-5, 45)] * 2),
       st.tuples(*[st.integers(1, 30)] * 2))  # fmt: skip
def test_a_part_of_the_canvas_is_that_part_of_the_mask(several, corner, size):
    where = Rect(*corner, *size)
    wide = Rect(-10, -10, 90, 90)
    np.testing.assert_array_equal(mask(several, where), mask(several, wide)[where.within(wide)])


@given(st.lists(shapes(), max_size=3), st.sampled_from([1, 2]))
def test_an_overview_holds_every_pixel(several, level):
    side = 2**level
    whole = mask(several, Rect(0, 0, 12 * side, 13 * side))
    blocks = whole.reshape(12, side, 13, side).any(axis=(1, 3))
    np.testing.assert_array_equal(mask(several, Rect(0, 0, 12, 13), level), blocks)


def test_a_coarse_overview_misses_only_what_is_thin():
    assert mask([rect(100, 0, 8, 3000)], Rect(0, 0, 30, 30), 5)[3].all()
    assert not mask([rect(100, 0, 8, 3000)], Rect(0, 0, 30, 30), 5)[4].any()


def test_inside_and_outside_are_none_where_nothing_is_left_out():
    where = Rect(3, 4, 5, 6)
    whole, half, away = rect(0, 0, 20, 20), rect(3, 4, 5, 3), rect(9, 20, 2, 2)
    assert inside([whole], where) is None
    assert outside([away], where) is None
    assert outside([], where) is None
    assert not inside([], where).any()
    assert not inside([away], where).any()
    np.testing.assert_array_equal(inside([half], where), 255 - outside([half], where))
    assert inside([half], where)[:, :3].all()
    assert not inside([half], where)[:, 3:].any()


def test_the_rectangles_around():
    assert rect(1.5, 2, 3, 4).rect == Rect(1, 2, 4, 4)
    assert polygon((9, 3), (-2.5, 7), (4, 30.25)).rect == Rect(-3, 3, 12, 28)
    assert hull([rect(1, 2, 3, 4), rect(10, 0, 1, 1)]) == Rect(1, 0, 10, 6)
    assert hull([]).empty


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: rect(1, 2, 0, 4), "above 0"),
        (lambda: ellipse(1, 2, 3, -4), "above 0"),
        (lambda: polygon((1, 2), (3, 4)), "three points"),
        (lambda: rect(1, 2, math.inf, 4), "must lie within"),
        (lambda: rect(1, 2, 1e12, 4), "must lie within"),
        (lambda: rect(1, 2, 3, 4, tolerance=256.0), "between 0 and 255"),
        (lambda: rect(1, 2, 3, 4, name='a"b'), "quotation mark"),
    ],
)
def test_what_is_no_shape_is_refused(make, says):
    with pytest.raises(SettingsError, match=says):
        make()


def test_a_huge_shape_costs_no_more_than_what_is_looked_at():
    assert mask([rect(-1e9, -1e9, 2e9, 2e9), ellipse(-1e9, -1e9, 2e9, 2e9)]).all()
