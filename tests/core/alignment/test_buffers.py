"""Two pictures aligned without a comparison around them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.alignment import _buffers, estimate_alignment
from core.alignment.models import mapped
from core.alignment.pins import fitted, text_of
from core.buffer import ImageBuffer
from core.geometry import IDENTITY, translation
from tests.make import photo

LARGE = photo(240, 420, 5, channels=1)
A, B = LARGE[20:200, 20:340], LARGE[24:204, 8:328]  # B must be moved by (-12, 4)


def asked(a, b, *args):
    return estimate_alignment(ImageBuffer.from_array(a), ImageBuffer.from_array(b), *args)


def test_a_start_near_the_answer_gives_the_same():
    free = asked(A, B, "translation")
    near = asked(A, B, "translation", translation(-10, 5))
    assert free.matrix == near.matrix == translation(-12, 4)
    assert (near.pins, near.accepted) == ((), True)


def test_refused_at_its_start_it_says_so_and_moves_nothing():
    found = asked(A, photo(180, 320, 77, channels=1), "translation", translation(-10, 5))
    assert not found.accepted
    assert found.matrix == IDENTITY
    assert found.arrows == found.pins == ()
    assert math.isnan(found.expected_error_px)


@pytest.mark.parametrize(
    "start",
    [
        translation(-3.25, 7),
        ((0.8, -0.6, 90.0), (0.6, 0.8, -40.0), (0.0, 0.0, 1.0)),
        ((1.1, 0.2, 4.0), (-0.1, 0.9, 12.0), (3e-4, -2e-4, 1.0)),
    ],
)
def test_a_start_is_told_by_pins_to_a_thousandth_of_a_pixel(start):
    pins = tuple(_buffers._pins(start, B.shape))
    assert len(pins) == 4
    assert text_of(pins)
    there = np.array([[0, 0], [319, 0], [160, 90], [319, 179.0]])
    found = mapped(fitted(pins, A.shape, B.shape).matrix, there)
    assert found == pytest.approx(mapped(np.array(start), there), abs=1e-3)


def test_what_has_no_place_is_no_pin():
    steep = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (-1 / 200, 0.0, 1.0))  # the horizon is at x = 200
    assert [pin.b for pin in _buffers._pins(steep, B.shape)] == [(0, 0), (0, 179)]
