"""What an alignment leaves, as it is drawn and as it is told."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.alignment.facts import facts, left_text, model_text
from core.alignment.quiver import FACTORS, MOST, length_text, quiver
from core.alignment.types import Alignment, Arrow, Motion
from core.buffer import ImageBuffer
from core.engine import compare
from core.geometry import IDENTITY
from core.settings import Settings
from core.stages.align import AlignParams
from core.stages.fit import Anchor, FitParams
from tests.make import shifted

ARROWS = (
    Arrow(10, 20, 0.03, 0.04),
    Arrow(30, 20, 0.0, -0.02),
    Arrow(50, 20, 0.12, 0.0),
    Arrow(70, 20, 6.0, 8.0, counted=False),
)
FOUND = Alignment(
    "similarity",
    IDENTITY,
    0.987,
    0.05,
    True,
    "It fits.",
    asked="auto",
    overlap=((-0.5, -0.5), (79.5, -0.5), (79.5, 49.5), (-0.5, 49.5)),
    iterations=4,
    arrows=ARROWS,
    origin=(3, 5),
    motion=Motion(-3.2, 0.4, 1.25, 1.01, 0.0),
)


def test_arrows_lie_where_pixels_of_a_are_painted():
    made = quiver(FOUND)
    # The centre of A's pixel (10, 20) is half a pixel right of where the canvas's pixel 13 begins.
    assert (made.arrows[0].x, made.arrows[0].y) == (13.5, 25.5)
    assert (made.arrows[0].dx, made.arrows[0].dy) == (0.03, 0.04)
    assert made.outline == ((3, 5), (83, 5), (83, 55), (3, 55))
    assert (made.median, made.longest, made.uncounted) == (0.05, 0.12, 1)
    assert made.spacing == pytest.approx(math.sqrt(80 * 50 / 4))


def test_a_padded_a_takes_its_arrows_along():
    a, b = shifted(3, -7, 90, 160)
    small = a[10:70, 20:120]
    params = FitParams(anchor=Anchor.CENTER), AlignParams(enabled=True)
    result = compare(*(ImageBuffer.from_array(x) for x in (small, b)), Settings(params))
    assert result.shape == (90, 160)
    assert result.alignment.origin == (30, 15)
    made = quiver(result.alignment)
    x, y = zip(*made.outline, strict=True)
    assert (min(x), min(y)) == pytest.approx((30, 15), abs=0.01)
    assert (max(x), max(y)) == pytest.approx((130, 75), abs=0.01)


@pytest.mark.parametrize(
    ("median", "length", "factor"),
    [(0.05, 2.5, 50), (0.05, 10, 200), (1, 1, 1), (40, 1, 1), (1e-9, 20, 1000), (0, 5, 1000)],
)  # fmt: skip
def test_the_median_arrow_gets_about_the_wanted_length(median, length, factor):
    made = replace(quiver(FOUND), median=median)
    assert made.factor(length) == factor


@given(st.floats(1e-3, 50), st.floats(0.1, 1000))
def test_no_other_factor_comes_nearer(median, length):
    made = replace(quiver(FOUND), median=median)
    best = made.factor(length)
    off = {f: abs(math.log(f * median / length)) for f in FACTORS}
    assert off[best] <= min(off.values()) + 1e-9


def test_no_more_than_can_be_looked_at():
    many = tuple(Arrow(i, i, 0.01, 0.0) for i in range(3 * MOST + 1))
    made = quiver(replace(FOUND, arrows=(*many, Arrow(0, 0, 7.0, 0.0))))
    assert MOST / 2 < len(made.arrows) <= MOST
    assert made.longest == 7.0  # also where it is left out


def test_what_the_legend_says():
    made = quiver(FOUND)
    assert made.words(50) == ("arrows × 50, longest 0.12 px", "1 place does not count")
    assert quiver(replace(FOUND, arrows=ARROWS[:3])).words(1000) == (
        "arrows × 1,000, longest 0.12 px",
    )
    assert quiver(replace(FOUND, arrows=())).words(1) == ("no arrows: nothing was measured",)
    alone = quiver(replace(FOUND, arrows=ARROWS[3:]))
    assert alone.words(alone.factor(10)) == ("arrows × 1", "1 place does not count")


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (0.1234, "0.12 px"),
        (12.34, "12 px"),
        (0.0, "0 px"),
        (0.0004, "under 0.001 px"),
        (math.nan, "–"),
    ],
)
def test_lengths_have_two_digits(length, text):
    assert length_text(length) == text


def test_all_facts():
    assert facts(FOUND, (50, 100)) == (
        ("Model", "similarity (asked for: auto)"),
        ("Shift of B", "−3.20, +0.40 px (right, down)"),
        ("Turn", "1.25° clockwise"),
        ("Scale", "×1.0100"),
        ("Expected error", "±0.05 px"),
        ("Confidence", "98.7 %"),
        ("Overlap", "80 % of A"),
        ("Iterations", "4"),
        (
            "Left over",
            "median 0.05 px, longest 0.12 px at 3 places; 1 place does not count",
        ),
    )


def test_facts_that_are_there_only_sometimes():
    plain = replace(FOUND, motion=Motion(1.0, 2.0, 0.0, 1.0, 0.0), iterations=0, arrows=())
    named = dict(facts(plain, (50, 80)))
    assert (named["Turn"], named["Scale"]) == ("none", "none")
    assert named["Overlap"] == "100 % of A"
    assert not {"Bent", "Iterations", "Moved by hand", "Left over"} & set(named)
    bent = replace(FOUND, motion=Motion(0, 0, -0.01, 1.0, 2.5), nudge=(0.5, 0), pins=(0.1, 0.255))
    named = dict(facts(bent, (50, 80)))
    assert named["Turn"] == "0.010° counter-clockwise"
    assert named["Bent"] == "2.5 px at the corners, beyond turn and scale"
    assert named["Moved by hand"] == "+0.50, 0.00 px"
    assert named["2 pins"] == "left apart by 0.1 px, 0.26 px"
    assert "Left over" not in named
    assert dict(facts(replace(bent, pins=(0.1,)), (50, 80)))["1 pin"] == "left apart by 0.1 px"


def test_nearly_all_is_not_all():
    for share, text in ((0.9999, "99.9 %"), (1.0, "100 %"), (0.0, "0 %")):
        assert dict(facts(replace(FOUND, confidence=share), (50, 80)))["Confidence"] == text


def test_a_refusal_moves_nothing():
    refused = replace(FOUND, accepted=False, expected_error_px=math.nan, arrows=())
    named = dict(facts(refused, (50, 80)))
    assert named["Model"] == "none (asked for: auto)"
    assert named["Expected error"] == "–"
    assert "Shift of B" not in named
    by_hand = replace(refused, nudge=(2.0, 0.0))
    assert "Shift of B" in dict(facts(by_hand, (50, 80)))


@pytest.mark.parametrize(
    ("model", "asked", "text"),
    [
        ("rigid", "rigid", "rigid"),
        ("rigid", "", "rigid"),
        ("manual", "manual", "by hand"),
        ("affine", "homography", "affine (asked for: homography)"),
    ],
)
def test_the_model_and_what_was_asked_for(model, asked, text):
    assert model_text(replace(FOUND, model=model, asked=asked)) == text


def test_what_is_left_where_nothing_counts():
    assert left_text(replace(FOUND, arrows=ARROWS[3:])) == "1 place does not count"
