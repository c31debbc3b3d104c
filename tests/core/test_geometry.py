from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.geometry import (
    IDENTITY,
    Placement,
    as_matrix,
    at_level,
    inverse,
    is_whole,
    multiply,
    scaling,
    translation,
)

numbers = st.floats(-500, 500, allow_nan=False)
scales = st.floats(0.1, 8)


def moved(matrix, x, y):
    return tuple(np.asarray(matrix) @ (x, y, 1.0))[:2]


@given(numbers, numbers)
def test_translation_moves_right_and_down(dx, dy):
    assert moved(translation(dx, dy), 10, 20) == (10 + dx, 20 + dy)


@given(scales, scales)
def test_scaling_maps_outer_edges_onto_outer_edges(sx, sy):
    # A picture of 6 x 4 px reaches from -0.5 to 5.5 and 3.5.
    assert moved(scaling(sx, sy), -0.5, -0.5) == pytest.approx((-0.5, -0.5))
    assert moved(scaling(sx, sy), 5.5, 3.5) == pytest.approx((6 * sx - 0.5, 4 * sy - 0.5))


@pytest.mark.parametrize(
    ("matrix", "whole"),
    [
        (IDENTITY, True),
        (translation(-3, 41), True),
        (translation(3 + 1e-12, 0), True),
        (translation(0, 0.5), False),
        (scaling(2, 1), False),
        (((0.0, -1.0, 0.0), (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)), False),
        (((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (1e-6, 0.0, 1.0)), False),
    ],
)
def test_values_stay_where_a_picture_is_moved_by_whole_pixels(matrix, whole):
    assert is_whole(matrix) is whole


def test_multiply_applies_its_second_argument_first():
    both = multiply(translation(10, 0), scaling(2, 2))
    assert moved(both, 1, 1) == (12.5, 2.5)


@given(scales, scales, numbers, numbers)
def test_inverse_undoes(sx, sy, dx, dy):
    matrix = multiply(translation(dx, dy), scaling(sx, sy))
    # Products of numbers up to 500 * 8 / 0.1 in float64.
    assert np.allclose(multiply(inverse(matrix), matrix), np.eye(3), atol=1e-9)


def test_a_singular_matrix_has_no_inverse():
    with pytest.raises(ValueError, match="cannot be inverted"):
        inverse(as_matrix(np.zeros((3, 3))))


def test_as_matrix_has_no_negative_zero():
    matrix = as_matrix(np.array([[1, -0.0, -0.0], [-0.0, 1, 0], [0, 0, 1]]))
    assert str(matrix) == str(IDENTITY)


@given(st.integers(0, 6), scales, numbers, numbers)
def test_a_level_relates_the_same_points(level, scale, dx, dy):
    matrix = multiply(translation(dx, dy), scaling(scale, scale))
    x, y = 37.0, -12.5
    full = moved(matrix, x, y)
    step = 2**level
    small = moved(at_level(matrix, level), (x + 0.5) / step - 0.5, (y + 0.5) / step - 0.5)
    assert small == pytest.approx([(v + 0.5) / step - 0.5 for v in full], abs=1e-9)


def test_a_shift_by_whole_pixels_of_a_level_stays_exactly_whole():
    assert at_level(translation(-24, 8), 3) == translation(-3, 1)


def test_placements_can_be_cache_keys():
    one = Placement((4, 6), summaries={"fit": "same size"})
    assert hash(one) == hash(Placement((4, 6)))
    assert one != one.replace(b=translation(1, 0))
