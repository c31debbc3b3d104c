"""Colours of directions and lengths."""

from __future__ import annotations

import colorsys

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.sequence.flow import flow_between
from core.sequence.flow_colors import OPACITY, STEPS, colors, full_for, hues, veil, wheel
from core.types import Token
from tests.make import shifted


def colour(down: float, right: float, full: float = 1.0) -> tuple[int, ...]:
    return tuple(int(v) for v in colors(np.array([[[down, right]]]), full)[0, 0])


@pytest.mark.parametrize(
    ("turn", "expected"),
    [
        (0, (255, 0, 0)),
        (15 / 55, (255, 255, 0)),
        (21 / 55, (0, 255, 0)),
        (25 / 55, (0, 255, 255)),
        (36 / 55, (0, 0, 255)),
        (49 / 55, (255, 0, 255)),
    ],
)
def test_pure_colours_lie_where_the_wheel_has_them(turn, expected):
    angle = 2 * np.pi * turn  # clockwise from the right, as down is positive
    assert colour(np.sin(angle), np.cos(angle)) == pytest.approx(expected, abs=1)


def test_known_directions():
    assert colour(0, 1) == (255, 0, 0)
    r, g, b = colour(1, 0)  # down: 13.75 of the 15 steps to yellow
    assert (r, b) == (255, 0)
    assert g == round(255 * 13.75 / 15)
    r, g, b = colour(0, -1)  # left: 2.5 of the 11 steps from cyan to blue
    assert (r, b) == (0, 255)
    assert g == round(255 * (1 - 2.5 / 11))
    r, g, b = colour(-1, 0)  # up: 5.25 of the 13 steps from blue to magenta
    assert (g, b) == (0, 255)
    assert r == round(255 * 5.25 / 13)


def test_hues_go_round_without_a_seam():
    angles = np.linspace(-np.pi, 3 * np.pi, 4001)
    made = hues(np.sin(angles), np.cos(angles))
    assert np.abs(np.diff(made, axis=0)).max() < 0.03
    assert made.min() >= 0
    assert made.max() <= 1
    again = hues(np.sin(angles + 2 * np.pi), np.cos(angles + 2 * np.pi))
    assert np.abs(made - again).max() < 1e-9


@pytest.mark.parametrize("angle", [0.3, 1.7, 2.9, -2.2])
def test_longer_is_more_colour_up_to_the_full_one(angle):
    lengths = np.array([0, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 40]) * 12
    vectors = lengths[:, None, None] * np.array([np.sin(angle), np.cos(angle)])
    made = colors(vectors, 12.0)[:, 0]
    saturation = [colorsys.rgb_to_hsv(*(c / 255 for c in map(float, rgb)))[1] for rgb in made]
    assert saturation[:6] == pytest.approx([0, 0.1, 0.25, 0.5, 0.75, 1], abs=0.01)
    assert saturation[5:] == [1.0] * 3
    assert tuple(made[0]) == (255, 255, 255)
    hue = [colorsys.rgb_to_hsv(*(c / 255 for c in map(float, rgb)))[0] for rgb in made[3:]]
    assert np.ptp(hue) < 0.01


def test_opposite_directions_are_far_apart():
    angles = np.linspace(0, 2 * np.pi, 200)
    one = hues(np.sin(angles), np.cos(angles))
    other = hues(-np.sin(angles), -np.cos(angles))
    assert np.linalg.norm(one - other, axis=1).min() > 0.9


def test_the_veil_covers_what_moves_and_is_trusted():
    vectors = np.zeros((2, 4, 2), np.float32)
    vectors[0, 1:] = (0, 5)
    vectors[1, 1:] = (-40, 0)
    vectors[:, 3] = (0, 1)
    trusted = np.array([[True, True, False, True], [True, True, False, True]])
    made = veil(vectors, trusted, 17.0, 1.0)
    assert made.shape == (2, 4, 4)
    assert made.dtype == np.uint8
    assert made[..., 3].tolist() == [
        [0, round(255 * OPACITY / 2), 0, 0],
        [0, round(255 * OPACITY), 0, 0],
    ]
    assert tuple(made[0, 1, :3]) == (255, 0, 0)
    assert tuple(made[1, 1, :3]) == colour(-1, 0)
    lengths = np.linspace(0, 20, 50)
    row = veil(np.stack([lengths, 0 * lengths], axis=-1)[None], np.ones((1, 50), bool), 12.0)
    assert (np.diff(row[0, :, 3].astype(int)) >= 0).all()


def test_hues_of_a_veil_are_those_of_the_wheel():
    angles = np.random.default_rng(0).uniform(-np.pi, np.pi, (30, 50))
    vectors = 9 * np.stack([np.sin(angles), np.cos(angles)], axis=-1)
    made = veil(vectors, np.ones(angles.shape, bool), 9.0)
    exact = 255 * hues(vectors[..., 0], vectors[..., 1])
    assert np.abs(made[..., :3] - exact).max() <= 1
    assert (made[..., 3] == round(255 * OPACITY)).all()


def test_the_wheel_shows_each_direction_where_it_leads():
    made = wheel(101)
    assert made.shape == (101, 101, 4)
    assert tuple(made[50, 50]) == (255, 255, 255, 255)
    for row, col in ((50, 95), (90, 50), (50, 4), (12, 40), (80, 75)):
        expected = colors(np.array([[[row - 50.0, col - 50.0]]]), 50.5)[0, 0]
        assert made[row, col, :3] == pytest.approx(expected, abs=1)
        assert made[row, col, 3] == 255
    assert made[0, 0, 3] == made[-1, 0, 3] == 0
    assert ((made[..., 3] > 0) & (made[..., 3] < 255)).any()
    assert np.array_equal(made, wheel(101))


def test_full_colour_is_a_round_length_over_nearly_all():
    for by, expected in (((0, 0), 1), ((0.6, -0.5), 1), ((2.5, -3.25), 5), ((-7, 6), 12)):
        a, b = (ImageBuffer.from_array(p) for p in shifted(*by, 160, 300, seed=3))
        assert full_for(flow_between(a, b, Token())) == expected
    assert list(STEPS) == sorted(set(STEPS))
