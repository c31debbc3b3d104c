"""What a matrix does, in numbers and in words."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.alignment.words import (
    angle_text,
    bent_text,
    error_text,
    motion,
    scale_text,
    shift_text,
    summary,
)
from core.geometry import IDENTITY, as_matrix, inverse, translation

SHAPE = (301, 401)
MIDDLE = (200.0, 150.0)


def about_middle(angle=0.0, scale=1.0, dx=0.0, dy=0.0, shape=SHAPE):
    """Turn and grow about the middle of a picture, then shift."""
    x, y = (shape[1] - 1) / 2, (shape[0] - 1) / 2
    c, s = scale * math.cos(math.radians(angle)), scale * math.sin(math.radians(angle))
    return as_matrix(
        np.array([[1, 0, x + dx], [0, 1, y + dy], [0, 0, 1.0]])
        @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])
        @ np.array([[1, 0, -x], [0, 1, -y], [0, 0, 1.0]])
    )


def test_a_shift_is_a_shift():
    found = motion(translation(-3.25, 0.5), SHAPE)
    assert (found.dx, found.dy) == (-3.25, 0.5)
    assert (found.angle, found.scale, found.bent) == pytest.approx((0, 1, 0), abs=1e-12)


def test_a_quarter_turn_clockwise_brings_what_is_right_below():
    found = motion(((0, -1, 0), (1, 0, 0), (0, 0, 1)), (3, 3))
    assert found.angle == pytest.approx(90)
    assert (found.dx, found.dy) == pytest.approx((-2, 0))  # (1, 1) goes to (-1, 1)


def test_doubling_about_the_corner_moves_the_middle():
    found = motion(((2, 0, 0), (0, 2, 0), (0, 0, 1)), SHAPE)
    assert (found.dx, found.dy, found.scale) == pytest.approx((*MIDDLE, 2))
    assert found.bent == pytest.approx(0, abs=1e-9)


def test_what_is_neither_turn_nor_scale_is_bent():
    sheared = motion(((1, 0.02, -3), (0, 1, 0), (0, 0, 1)), SHAPE)
    # A shear turns by half of it; what is left is a strain of half of it, the same at every corner
    # but for the growth by its square.
    assert sheared.angle == pytest.approx(-math.degrees(math.atan2(0.02, 2)))
    assert sheared.dx == pytest.approx(0)
    assert sheared.bent == pytest.approx(0.01 * math.hypot(*MIDDLE), rel=6e-3)
    wide = motion(((1.01, 0, 0), (0, 1 / 1.01, 0), (0, 0, 1)), SHAPE)
    assert wide.scale == pytest.approx(1)
    assert wide.bent == pytest.approx(math.hypot(2.0, 150 * (1 - 1 / 1.01)))


def test_a_corner_behind_the_camera_is_bent_without_end():
    tilted = ((1, 0, 0), (0, 1, 0), (-0.004, 0, 1))
    assert motion(tilted, SHAPE).bent == math.inf
    assert "bent without end" in summary(tilted, SHAPE)


@given(
    angle=st.floats(-179, 179),
    scale=st.floats(0.2, 5),
    dx=st.floats(-500, 500),
    dy=st.floats(-500, 500),
    height=st.integers(2, 3000),
    width=st.integers(2, 3000),
)
def test_a_similarity_is_read_off(angle, scale, dx, dy, height, width):
    shape = (height, width)
    matrix = about_middle(angle, scale, dx, dy, shape)
    found = motion(matrix, shape)
    assert (found.dx, found.dy) == pytest.approx((dx, dy), abs=1e-8)
    assert found.angle == pytest.approx(angle, abs=1e-6)
    assert found.scale == pytest.approx(scale, rel=1e-9)
    assert found.bent < 1e-6
    back = motion(inverse(matrix), shape)
    assert back.angle == pytest.approx(-angle, abs=1e-6)
    assert back.scale * scale == pytest.approx(1)
    assert back.bent < 1e-5
    # Undone, the middle goes back by the shift, turned and shrunk.
    assert math.hypot(back.dx, back.dy) == pytest.approx(math.hypot(dx, dy) / scale, abs=1e-6)


def test_the_summary_names_what_there_is():
    assert summary(IDENTITY, SHAPE) == "no shift"
    assert summary(IDENTITY, SHAPE, 0.05) == "no shift, ±0.05 px"
    assert summary(translation(-3.2, 0.4), SHAPE, 0.05) == "−3.20, +0.40 px, ±0.05 px"
    assert summary(translation(0.001, -0.001), SHAPE) == "0.00, 0.00 px"
    assert summary(about_middle(1.25, 1.01, -3.2, 0.4), SHAPE, 0.05) == (
        "−3.20, +0.40 px, +1.25°, ×1.0100, ±0.05 px"
    )
    assert summary(about_middle(-0.012), SHAPE) == "0.00, 0.00 px, −0.012°"
    assert summary(about_middle(scale=1.00001), SHAPE) == "0.00, 0.00 px, ×1.00001"
    assert summary(about_middle(scale=1.000001), SHAPE) == "no shift"
    assert summary(((1, 0.02, -3), (0, 1, 0), (0, 0, 1)), SHAPE).endswith("bent 2.5 px")
    assert summary(((1, 1e-4, 0), (0, 1, 0), (0, 0, 1)), SHAPE).endswith("bent 0.01 px")


@given(
    angle=st.floats(-10, 10),
    scale=st.floats(0.9, 1.1),
    dx=st.floats(-50, 50),
    error=st.floats(0, 5),
)
def test_no_summary_says_what_is_not_so(angle, scale, dx, error):
    text = summary(about_middle(angle, scale, dx), SHAPE, error)
    assert "-" not in text  # the typographic minus stands for it
    for nothing in ("×1.0000,", "×1.00000", "0.000°", "+0.00 ", "−0.00 ", "±0.00 ", "bent 0.00"):
        assert nothing not in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (shift_text(-3.2, 0.4), "−3.20, +0.40 px"),
        (shift_text(-0.004, 1234.5), "0.00, +1234.50 px"),
        (angle_text(1.25), "+1.25°"),
        (angle_text(-0.0012), "−0.001°"),
        (angle_text(0.05), "+0.05°"),
        (angle_text(0.0), "0.000°"),
        (scale_text(1.01), "×1.0100"),
        (scale_text(0.99995), "×0.99995"),
        (bent_text(0.014), "0.01 px"),
        (bent_text(12.34), "12.3 px"),
        (error_text(0.05), "±0.05 px"),
        (error_text(0.0095), "±0.01 px"),
        (error_text(0.004), "±0.004 px"),
        (error_text(0.0), "±0.001 px"),
        (error_text(1.234), "±1.23 px"),
    ],
)
def test_each_number_has_its_digits(text, expected):
    assert text == expected
