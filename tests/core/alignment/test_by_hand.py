"""What a person's hand does to the parameters of align."""

from __future__ import annotations

import pytest

from core.alignment.by_hand import nudge_of, nudged, pinned, said_of_pins
from core.alignment.models import AlignModel
from core.alignment.pins import Pin
from core.stages.align import AlignParams

OFF = AlignParams()
FOUND = AlignParams(enabled=True, model=AlignModel.AFFINE, nudge_x=2.0)
HAND = AlignParams(enabled=True, model=AlignModel.MANUAL, nudge_x=2.0, nudge_y=-1.0)
PINS = (
    Pin((10, 20), (12, 23)), Pin((200, 40), (203, 42)), Pin((90, 150), (95, 149)),
    Pin((180, 130), (181, 133)), Pin((40, 100), (41, 104)),
)  # fmt: skip
SHAPES = (160, 240), (150, 250)


def test_the_first_move_switches_align_on_so_that_nothing_else_moves() -> None:
    left = OFF.replace(nudge_x=40.0, pins="1,2=3,4", max_shift=0.1)  # set, but off
    moved = nudged(left, 3.0, -0.1)
    assert (moved.enabled, moved.model) == (True, AlignModel.MANUAL)
    assert (moved.nudge, moved.pins, moved.max_shift) == ((3.0, -0.1), "", 0.1)
    assert nudged(left, 0.0, 0.0) is left
    assert nudge_of(left) == (0.0, 0.0)


def test_a_move_comes_on_top_of_what_is_found() -> None:
    moved = nudged(FOUND, 2.1, 7.0)
    assert moved == FOUND.replace(nudge_x=2.1, nudge_y=7.0)
    assert nudge_of(moved) == (2.1, 7.0)


def test_a_move_has_no_digits_that_rounding_made_and_ends_at_the_limit() -> None:
    assert nudged(HAND, 0.1 + 0.2, 1e9).nudge == (0.3, 100_000.0)


def test_the_first_pin_switches_align_on_by_hand() -> None:
    one = pinned(OFF.replace(nudge_x=40.0), PINS[:1])
    assert (one.enabled, one.model, one.nudge) == (True, AlignModel.MANUAL, (0.0, 0.0))
    assert one.pinned == PINS[:1]


def test_one_more_pin_says_where_b_lies_and_a_corrected_one_leaves_what_was_moved() -> None:
    two = pinned(HAND, PINS[:2])
    assert two.nudge == (0.0, 0.0)
    moved = nudged(two, 1.0, 1.0)
    assert pinned(moved, (PINS[0], PINS[2])).nudge == (1.0, 1.0)
    assert pinned(moved, PINS[:1]).nudge == (1.0, 1.0)
    assert pinned(FOUND, PINS[:2]).nudge == FOUND.nudge  # there pins only say where to begin


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "Click a feature in A"),
        (1, "1 pin fixes where B lies (translation)."),
        (2, "2 pins fix how B is shifted, turned and scaled (similarity)."),
        (3, "3 pins fix how B is shifted, turned, scaled and sheared (affine)."),
        (4, "4 pins fix the perspective of B (homography)."),
        (5, "5 pins fix the perspective of B, by least squares."),
    ],
)
def test_it_is_said_what_pins_fix(count: int, words: str) -> None:
    assert said_of_pins(pinned(OFF, PINS[:count]), *SHAPES).startswith(words)


def test_it_is_said_when_pins_do_less_or_something_else() -> None:
    line = (Pin((10, 10), (10, 10)), Pin((100, 100), (100, 100)), Pin((50, 50), (50, 50)))
    said = said_of_pins(pinned(OFF, line), *SHAPES)
    assert said.startswith("3 pins fix how B is shifted, turned and scaled")
    assert "line" in said
    assert said_of_pins(pinned(FOUND, PINS[:2]), *SHAPES) == "The search begins at 2 pins."
    off = pinned(OFF, PINS[:1]).replace(enabled=False)
    assert said_of_pins(off, *SHAPES) == "Align is off, so 1 pin does nothing."
