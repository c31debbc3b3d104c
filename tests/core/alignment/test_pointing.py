"""From the canvas to the pictures and back."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.alignment.pointing import common, on_canvas, on_picture
from core.alignment.types import Alignment
from core.field import Field
from core.geometry import IDENTITY, Matrix, multiply, scaling, translation
from core.types import Rect

TURN: Matrix = (
    (math.cos(0.1), -math.sin(0.1), 30.25),
    (math.sin(0.1), math.cos(0.1), -7.5),
    (0.0, 0.0, 1.0),
)
SHAPE = (120, 300)


def test_the_middle_of_a_pixel_of_the_canvas_is_a_whole_number() -> None:
    assert on_picture(IDENTITY, (12.5, 40.5), SHAPE) == (12.0, 40.0)
    assert on_picture(translation(10, -3), (12.5, 40.5), SHAPE) == (2.0, 43.0)
    assert on_canvas(translation(10, -3), (2.0, 43.0)) == (12.5, 40.5)


@pytest.mark.parametrize("matrix", [TURN, scaling(0.5, 2.0), multiply(TURN, scaling(1.3, 0.8))])
def test_there_and_back_is_where_it_was(matrix: Matrix) -> None:
    point = 201.25, 33.75
    at = on_canvas(matrix, point)
    assert at is not None
    assert on_picture(matrix, at, SHAPE) == pytest.approx(point)


def test_a_field_bends_there_and_back() -> None:
    rng = np.random.default_rng(4)
    field = Field(rng.uniform(-3, 3, (6, 12, 2)).astype(np.float32), 25.0, 12.0)
    at = 141.25, 66.5
    point = on_picture(TURN, at, SHAPE, field)
    plain = on_picture(TURN, at, SHAPE)
    assert point is not None
    assert plain is not None
    assert 0.1 < math.dist(point, plain) < 5.0
    dx, dy = (float(d[0, 0]) for d in field.over(Rect(66, 141, 1, 1)))
    by_hand = on_picture(TURN, (141.5 + dx, 66.5 + dy), SHAPE)
    assert on_picture(TURN, (141.5, 66.5), SHAPE, field) == pytest.approx(by_hand)
    assert on_canvas(TURN, point, field) == pytest.approx(at, abs=1e-6)


def test_a_resized_picture_s_edges_are_the_canvas_s() -> None:
    assert on_picture(scaling(2.0, 2.0), (0.0, 0.0), SHAPE) == (-0.5, -0.5)
    assert on_picture(scaling(2.0, 2.0), (600.0, 240.0), SHAPE) == (299.5, 119.5)


def test_where_none_of_its_pixels_is_there_is_no_point() -> None:
    assert on_picture(translation(10, 0), (9.0, 5.0), SHAPE) is None
    assert on_picture(IDENTITY, (300.1, 5.0), SHAPE) is None
    assert on_picture(((0.0,) * 3,) * 3, (3.0, 5.0), SHAPE) is None


def test_behind_the_camera_is_nowhere() -> None:
    away: Matrix = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (-0.01, 0.0, 1.0))
    assert on_canvas(away, (50.0, 0.0)) is not None
    assert on_canvas(away, (150.0, 0.0)) is None


def test_what_both_cover_is_on_the_canvas_where_a_lies() -> None:
    corners = ((4.5, -0.5), (99.5, -0.5), (99.5, 39.5), (4.5, 39.5))
    found = Alignment("manual", IDENTITY, 1.0, math.nan, True, "", overlap=corners)
    assert common(found) == Rect(0, 5, 40, 95)
    placed = Alignment(
        "manual", IDENTITY, 1.0, math.nan, True, "", overlap=corners, origin=(7.0, -2.0)
    )
    assert common(placed) == Rect(-2, 12, 40, 95)
    assert common(Alignment("manual", IDENTITY, 1.0, math.nan, True, "")).empty
