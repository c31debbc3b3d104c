"""What a person says of where B lies, and what becomes of it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.alignment import laying
from core.alignment.answer import Estimate
from core.alignment.models import AlignModel, mapped
from core.alignment.pins import Pin, swapped, text_of
from core.alignment.types import Arrow
from core.geometry import IDENTITY, Kernel, inverse, multiply, translation
from core.stages.align import AlignParams
from core.stages.fit import FitParams, place
from core.types import Token

A, B = (180, 300), (121, 233)
"""(height, width): the odd remainders of a centred B fall to the right and the bottom."""
FITS = [
    ("pad", "top_left"), ("pad", "center"), ("crop", "top_left"), ("crop", "center"),
    ("resize", "top_left"),
]  # fmt: skip
every_fit = pytest.mark.parametrize(("method", "anchor"), FITS)
sizes = pytest.mark.parametrize(("a", "b"), [(A, B), (B, A), (A, A), ((120, 333), A)])
counts = pytest.mark.parametrize("count", [1, 2, 3, 4])

NUDGE = np.array([-7.25, 3.5])
ON_B = np.array([[12, 20], [220, 9], [205, 110], [30, 101.5]])
MATRICES = {
    1: np.array([[1, 0, 14.25], [0, 1, -3], [0, 0, 1]]),
    2: np.array([[1.1, -0.4, 40], [0.4, 1.1, -20], [0, 0, 1]]),
    3: np.array([[1.1, 0.2, 4], [-0.1, 0.9, 12], [0, 0, 1]]),
    4: np.array([[1.1, 0.2, 4], [-0.1, 0.9, 12], [3e-4, -2e-4, 1]]),
}
"""B to A, by how many pins fix it."""


def pins(count):
    """Return pins that fix a matrix; exact, but for the thousandths of their text."""
    there = np.round(mapped(MATRICES[count], ON_B[:count]), 3)
    return tuple(
        Pin(tuple(p), tuple(q)) for p, q in zip(there.tolist(), ON_B.tolist(), strict=False)
    )


def unseen(index, rect, level):
    raise AssertionError("nothing is searched by hand")


def fitted(a=A, b=B, method="pad", anchor="top_left"):
    return place(a, b, FitParams(method=method, anchor=anchor, kernel="linear"))


def laid(placement, a=A, b=B, **params):
    set_ = AlignParams(enabled=True, **params)
    return laying.laid(placement, unseen, 0, set_, Token(), (a, b))


def by_hand(placement, a=A, b=B, **params):
    return laid(placement, a, b, model="manual", **params)


def at(matrix, *points):
    return mapped(np.asarray(matrix, np.float64), np.array(points, np.float64))


@every_fit
@sizes
@counts
def test_pins_lie_on_each_other(method, anchor, a, b, count):
    found = by_hand(fitted(a, b, method, anchor), a, b, pins=text_of(pins(count)))
    for pin in pins(count):
        assert at(found.b, pin.b) == pytest.approx(at(found.a, pin.a), abs=1e-6)
        assert at(found.alignment.matrix, pin.b)[0] == pytest.approx(pin.a, abs=1e-6)
    assert found.alignment.pins == pytest.approx([0] * count, abs=1e-6)
    assert found.alignment.matrix[2][2] == pytest.approx(1, abs=1e-15)
    assert found.a == fitted(a, b, method, anchor).a
    assert found.shape == fitted(a, b, method, anchor).shape
    assert (found.alignment.accepted, found.alignment.model) == (True, "manual")
    assert found.alignment.origin == (found.a[0][2], found.a[1][2])
    if count < 4:
        assert found.b[2] == (0, 0, 1)


@every_fit
@counts
def test_a_nudge_moves_exactly_so_far(method, anchor, count):
    placement = fitted(method=method, anchor=anchor)
    plain = by_hand(placement, pins=text_of(pins(count)))
    moved = by_hand(placement, pins=text_of(pins(count)), nudge_x=-7.25, nudge_y=3.5)
    places = [(0, 0), (232, 0), (0, 120), (100, 60)]
    assert at(moved.b, *places) == pytest.approx(at(plain.b, *places) + NUDGE, abs=1e-9)
    on_a = at(moved.alignment.matrix, *places)
    assert on_a == pytest.approx(at(plain.alignment.matrix, *places) + NUDGE, abs=1e-9)
    assert moved.alignment.nudge == (-7.25, 3.5)
    assert moved.alignment.pins == pytest.approx([math.hypot(7.25, 3.5)] * count, abs=1e-6)
    assert [(r.dx, r.dy) for r in moved.alignment.arrows] == [
        (pytest.approx(7.25, abs=1e-6), pytest.approx(-3.5, abs=1e-6))
    ] * count


@every_fit
def test_a_nudge_alone_moves_where_fit_laid_it(method, anchor):
    placement = fitted(method=method, anchor=anchor)
    found = by_hand(placement, nudge_x=4, nudge_y=-9)
    assert found.b == multiply(translation(4, -9), placement.b)
    assert found.alignment.matrix == multiply(inverse(placement.a), found.b)
    assert found.alignment.reason == "B was moved by hand."
    assert math.isnan(found.alignment.expected_error_px)
    assert found.summaries["align"] == "+4.00, −9.00 px"


@every_fit
def test_by_hand_without_a_word_nothing_moves(method, anchor):
    placement = fitted(method=method, anchor=anchor)
    found = by_hand(placement)
    assert (found.a, found.b, found.kernel) == (placement.a, placement.b, placement.kernel)
    assert found.alignment.accepted
    assert found.alignment.reason == "B lies as it was opened."
    assert found.summaries["align"] == "no shift"
    assert found.notices == placement.notices


def test_a_whole_shift_keeps_the_values_of_b():
    exact = tuple(Pin((x + 30, y - 4), (x, y)) for x, y in ON_B.tolist())
    for count in (1, 2, 3, 4):
        found = by_hand(fitted(), pins=text_of(exact[:count]), nudge_x=2)
        assert found.b == translation(32, -4)


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"pins": "1,2=3,4"}, "B was laid by one pin."),
        ({"pins": "1,2=3,4; 50,60=70,80"}, "B was laid by 2 pins."),
        ({"pins": "1,2=3,4", "nudge_y": 1}, "B was laid by one pin and moved by hand."),
    ],
)
def test_the_reason_says_what_was_done(params, reason):
    found = by_hand(fitted(A, A), A, A, **params).alignment
    assert (found.reason, found.confidence, found.asked) == (reason, 1.0, "manual")


def test_more_pins_than_fix_it_say_how_far_to_believe_it():
    exact = pins(4)
    x, y = at(MATRICES[4], (120, 60))[0]
    more = (*exact, Pin((x + 9, y), (120, 60)))
    found = by_hand(fitted(), pins=text_of(more))
    assert 0.3 < max(found.alignment.pins) < 9
    assert 0.3 < found.alignment.expected_error_px < 9
    assert f"±{found.alignment.expected_error_px:.2f} px" in found.summaries["align"]
    nudged = by_hand(fitted(), pins=text_of(more), nudge_x=1)
    assert math.isnan(nudged.alignment.expected_error_px)
    assert "±" not in nudged.summaries["align"]


def test_pins_that_fix_less_than_their_number_say_so():
    found = by_hand(fitted(), pins="10,10=5,5; 50,50=45,45; 90,90=85,85")
    assert found.b == translation(5, 5)
    notice = found.notices[-1]
    assert (notice.code, notice.severity) == ("align_pins", "warning")
    assert notice.text == (
        "The pins lie on one line or on each other, so only a shift, turn and scale was taken from"
        " them. Spread them over the picture, and see that each is on the same thing in A and B."
    )
    mirrored = by_hand(fitted(A, A), A, A, pins="290,10=10,10; 290,90=10,90; 10,90=290,90")
    assert "would mirror B" in mirrored.notices[-1].text
    assert "missed by up to" in mirrored.notices[-1].text


def test_the_kernel_is_that_of_what_moves_b():
    assert fitted(method="resize").kernel is Kernel.LINEAR
    assert by_hand(fitted(method="resize"), nudge_x=0.5, kernel="lanczos").kernel is Kernel.LINEAR
    assert by_hand(fitted(), nudge_x=0.5, kernel="lanczos").kernel is Kernel.LANCZOS
    same = fitted(A, A)
    assert by_hand(same, A, A, kernel="lanczos").kernel is same.kernel


@every_fit
@counts
def test_swapped_pins_lay_a_on_b(method, anchor, count):
    there = by_hand(fitted(A, B, method, anchor), A, B, pins=text_of(pins(count)))
    back = by_hand(fitted(B, A, method, anchor), B, A, pins=text_of(swapped(pins(count))))
    both = multiply(back.alignment.matrix, there.alignment.matrix)
    corners = [(0, 0), (232, 0), (0, 120), (232, 120)]
    assert at(both, *corners) == pytest.approx(np.array(corners), abs=1e-6)


# -- with a search


class Answer:
    """Stands for the search: remembers what it was asked, and answers what it is told."""

    def __init__(self, matrix=IDENTITY, *, accepted=True, arrows=()):
        self.found = Estimate(
            AlignModel.RIGID, matrix if accepted else IDENTITY, 0.9, 0.05 if accepted else math.nan,
            accepted, "The pictures do not look alike.", arrows=arrows,
        )  # fmt: skip
        self.asked = []

    def __call__(self, side, shape, level, model, max_shift, token, seed=None, *_):
        token.check()
        self.asked.append((side, shape, level, model, max_shift, seed))
        return self.found


@pytest.fixture
def answers(monkeypatch):
    def told(*args, **more):
        answer = Answer(*args, **more)
        monkeypatch.setattr(laying, "estimate", answer)
        return answer

    return told


@every_fit
@counts
def test_the_search_starts_at_the_pins(answers, method, anchor, count):
    answer, placement = answers(), fitted(method=method, anchor=anchor)
    laid(placement, pins=text_of(pins(count)), model="affine", max_shift=0.1, nudge_x=50)
    ((side, shape, level, model, limit, seed),) = answer.asked
    assert (side, shape, level, model, limit) == (unseen, placement.shape, 0, "affine", 0.1)
    for pin in pins(count):  # on the canvas, from where fit laid B; the nudge comes after it
        on_canvas = at(placement.b, pin.b)
        assert at(seed, *on_canvas) == pytest.approx(at(placement.a, pin.a), abs=1e-6)


def test_without_pins_the_search_is_free(answers):
    answer = answers()
    laid(fitted(), nudge_x=3)
    assert answer.asked[0][-1] is None


@every_fit
def test_a_nudge_comes_on_top_of_what_is_found(answers, method, anchor):
    motion = ((0.8, -0.6, 9.0), (0.6, 0.8, -4.0), (0.0, 0.0, 1.0))
    answers(motion, arrows=(Arrow(50, 60, 0.25, -0.5),))
    placement = fitted(method=method, anchor=anchor)
    found = laid(placement, nudge_x=1.5, nudge_y=-2)
    assert found.b == multiply(translation(1.5, -2), multiply(motion, placement.b))
    assert found.alignment.matrix == multiply(inverse(placement.a), found.b)
    (arrow,) = found.alignment.arrows
    x, y = found.alignment.origin
    assert (arrow.x, arrow.y, arrow.dx, arrow.dy) == (50 - x, 60 - y, -1.25, 1.5)
    # The error that was found is not that of where B lies now.
    assert math.isnan(found.alignment.expected_error_px)
    assert laid(placement).alignment.expected_error_px == 0.05


@pytest.mark.parametrize(
    ("params", "stays"),
    [
        ({}, ""),
        ({"nudge_y": -2}, " It stays where it was put by hand."),
        ({"pins": "40,30=38,31"}, " It stays where it was put by pins."),
        ({"pins": "40,30=38,31", "nudge_y": -2}, " It stays where it was put by pins and by hand."),
    ],
)
@every_fit
def test_refused_b_stays_where_it_was_put(answers, method, anchor, params, stays):
    answers(accepted=False, arrows=(Arrow(1, 2, 3, 4),))
    placement = fitted(method=method, anchor=anchor)
    found = laid(placement, **params)
    wanted = by_hand(placement, **params)
    assert (found.b, found.kernel) == (wanted.b, wanted.kernel)
    alignment = found.alignment
    assert not alignment.accepted
    assert math.isnan(alignment.expected_error_px)
    assert alignment.matrix == (wanted.alignment.matrix if params else IDENTITY)
    assert alignment.arrows == wanted.alignment.arrows  # not what the refused answer left
    assert found.summaries["align"] == "refused"
    notice = found.notices[-1]
    assert (notice.code, notice.severity) == ("align_refused", "warning")
    assert notice.text == f"B was not aligned. The pictures do not look alike.{stays}"
