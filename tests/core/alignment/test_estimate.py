"""The search as a whole: what holds whatever the pictures, and what it says."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest

from core.alignment import CONFIDENT, estimate_alignment
from core.alignment.models import GLOBAL, AlignModel, inverted
from core.alignment.types import Alignment
from core.buffer import ImageBuffer
from core.engine import compare
from core.errors import Cancelled
from core.fitted import fitted
from core.settings import Settings
from core.stages.align import AlignParams, refine
from core.stages.fit import FitParams, place
from core.types import Token
from tests.alignment.cases import make, named
from tests.make import photo


@cache
def pair(name="homography-plain-0000"):
    case = make(named(name))
    return case.a, case.b, case.truth


def estimated(a, b, model="auto") -> Alignment:
    return estimate_alignment(ImageBuffer.from_array(a), ImageBuffer.from_array(b), model)


def corners_apart(one, other, shape):
    h, w = shape[:2]
    corners = np.array([[0, 0, 1], [w - 1, 0, 1], [w - 1, h - 1, 1], [0, h - 1, 1]], float).T
    p, q = np.asarray(one, float) @ corners, np.asarray(other, float) @ corners
    return float(np.hypot(*(p[:2] / p[2] - q[:2] / q[2])).mean())


def laid(a, b, level=0, token=None, **params):
    a, b = ImageBuffer.from_array(a), ImageBuffer.from_array(b)
    placement = place(a.shape, b.shape, FitParams())
    asked = AlignParams(enabled=True, **params)
    up = fitted(a, b, placement, level)
    return refine(placement, up, asked, token or Token(), (a.shape, b.shape))


@pytest.mark.parametrize("model", ["auto", *GLOBAL])
def test_swapping_gives_exactly_the_inverse(model):
    a, b, _ = pair("similarity-plain-0000" if model != "translation" else "translation-plain-0000")
    there, back = estimated(a, b, model), estimated(b, a, model)
    assert (there.accepted, there.model, there.confidence) == (
        back.accepted, back.model, back.confidence,
    )  # fmt: skip
    if there.accepted:
        assert corners_apart(back.matrix, inverted(np.array(there.matrix)), a.shape) < 1e-6


@pytest.mark.parametrize("model", ["auto", *GLOBAL])
def test_a_picture_on_itself_stays_where_it_is(model):
    a = photo(200, 330, seed=5, channels=3)
    found = estimated(a, a, model)
    assert found.accepted
    assert found.matrix == ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    assert found.reason == "The pictures lie on each other already."
    assert all(np.hypot(arrow.dx, arrow.dy) < 1e-4 for arrow in found.arrows)


@pytest.mark.parametrize("model", GLOBAL)
def test_auto_takes_the_model_that_is_there_and_says_why(model):
    a, b, truth = pair(f"{model}-plain-0000")
    found = estimated(a, b)
    assert found.asked == "auto"
    assert found.model == model
    assert corners_apart(found.matrix, truth, b.shape) < 0.2
    assert found.confidence >= CONFIDENT
    assert "explains the pair" in found.reason


def test_the_arrows_are_what_is_left():
    a, b, truth = pair()
    found = estimated(a, b, "homography")
    matrix = np.array(found.matrix)
    counted = [arrow for arrow in found.arrows if arrow.counted]
    assert len(counted) > 40
    for arrow in counted:
        # Where the truth puts the content that the matrix puts here, but for the arrow.
        tip = np.array([arrow.x - arrow.dx, arrow.y - arrow.dy, 1.0])
        there = truth @ inverted(matrix) @ tip
        assert np.hypot(*(there[:2] / there[2] - (arrow.x, arrow.y))) < 0.5


def test_an_object_that_moved_by_itself_is_an_arrow_that_does_not_count():
    a = photo(300, 480, seed=4, channels=3)
    b = a.copy()
    b[90:210, 150:330] = a[90:210, 156:336]
    found = estimated(a, b, "homography")
    assert found.matrix == ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    moved = [r for r in found.arrows if not r.counted and 170 < r.x < 310 and 110 < r.y < 190]
    assert len(moved) >= 3
    assert np.median([r.dx for r in moved]) == pytest.approx(6.0, abs=0.1)
    assert np.median([r.dy for r in moved]) == pytest.approx(0.0, abs=0.1)


def test_a_part_of_a_picture_is_found_in_it():
    """Pictures of other sizes are laid from where fit put them, at the top left."""
    a = photo(400, 640, seed=9, channels=3)
    found = estimated(a, a[150:370, 230:560].copy())
    assert found.model == "translation"
    assert found.shift == (230.0, 150.0)
    assert len(found.overlap) == 4


@pytest.mark.parametrize("kind", ["translation", "homography"])
def test_a_preview_is_near_the_answer(kind):
    a, b, truth = pair(f"{kind}-plain-0000")
    placement = laid(a, b, level=1)
    assert placement.alignment.accepted
    assert corners_apart(placement.alignment.matrix, truth, b.shape) < 1.0


def test_pins_are_where_the_search_begins():
    a, b, truth = pair()
    places = [(100.0, 80.0), (500.0, 90.0), (480.0, 300.0), (120.0, 310.0)]
    pins = []
    for x, y in places:
        p = truth @ (x, y, 1.0)
        pins.append(f"{p[0] / p[2] + 1.5:.1f},{p[1] / p[2] - 1.0:.1f}={x},{y}")
    found = laid(a, b, model="homography", pins="; ".join(pins)).alignment
    assert found.accepted
    assert corners_apart(found.matrix, truth, b.shape) < 0.2
    far = "; ".join(f"{x + 150},{y + 90}={x},{y}" for x, y in places)
    lost = laid(a, b, model="homography", pins=far).alignment
    assert not lost.accepted  # nothing is found around there, and nothing else is tried


def test_an_answer_that_is_not_sure_says_so():
    rng = np.random.default_rng(2)
    a, b, _ = pair("similarity-plain-0000")
    for sigma in (60.0, 100.0, 140.0, 200.0, 300.0):
        noisy = [np.clip(p + sigma * rng.standard_normal(p.shape), 0, 255) for p in (a, b)]
        placement = laid(*(p.astype(np.uint8) for p in noisy))
        found = placement.alignment
        codes = {n.code for n in placement.notices}
        assert ("align_unsure" in codes) == (found.accepted and found.confidence < CONFIDENT)
        assert ("align_refused" in codes) == (not found.accepted)
        if not found.accepted:
            break
    else:
        pytest.fail("noise above the picture's range was seen through")


def test_a_shift_that_is_none_says_what_to_try():
    a, b, _ = pair("similarity-plain-0000")
    found = estimated(a, b, "translation")
    assert not found.accepted
    assert "B may be turned or scaled: try auto" in found.reason


@pytest.mark.parametrize(("slant", "named"), [(0.0, False), (1e-4, True)])
def test_one_model_that_does_not_fit_everywhere_is_named(slant, named):
    a, inner = photo(300, 480, seed=17, channels=3), (slice(20, -20), slice(20, -20))
    aside = np.array([[1.0, 0.0, 3.0], [0.0, 1.0, -2.0], [slant, -slant / 2, 1.0]])
    b = cv2.warpPerspective(a, aside, (480, 300), flags=cv2.INTER_CUBIC)
    placement = laid(a[inner], b[inner], model="affine")
    assert placement.alignment.accepted
    assert ("align_uneven" in {n.code for n in placement.notices}) is named
    assert (placement.alignment.expected_error_px > 0.3) is named


def test_cancelling_ends_the_search():
    class Later(Token):
        """Is cancelled after so many looks."""

        __slots__ = ("left",)

        def check(self) -> None:
            self.left -= 1
            if self.left < 0:
                raise Cancelled

    a, b, _ = pair()
    token = Later()
    token.left = 10**9
    laid(a, b, token=token)
    looks = 10**9 - token.left
    assert looks > 10
    # Threads are waited for by the clock, so the number of looks is not always the same.
    for after in range(0, looks // 2, max(looks // 12, 1)):
        token = Later()
        token.left = after
        with pytest.raises(Cancelled):
            laid(a, b, token=token)


def test_gray_depth_and_exposure_make_no_difference():
    a, b, truth = pair()
    gray = cv2.cvtColor(b, cv2.COLOR_RGB2GRAY)
    deep = (np.clip(0.7 * gray.astype(np.float64) + 20.0, 0, 255) * 257).astype(np.uint16)
    found = estimated(a, deep, AlignModel.HOMOGRAPHY)
    assert found.accepted
    assert corners_apart(found.matrix, truth, b.shape) < 0.3


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_quarter_turns_leave_every_value(turns):
    a = photo(300, 360, seed=31, channels=3)
    b = np.ascontiguousarray(np.rot90(a, turns))
    pictures = ImageBuffer.from_array(a), ImageBuffer.from_array(b)
    result = compare(*pictures, Settings([AlignParams(enabled=True)]), measures=("l0", "max_abs"))
    assert result.alignment.model == "rigid"
    assert "by whole quarters" in result.alignment.reason
    assert result.measures["max_abs"].value == 0.0
    assert result.pixels >= 0.99 * 300 * 300


def test_the_motion_is_that_of_the_middle_of_b():
    a = photo(400, 640, seed=9, channels=3)
    half = cv2.resize(a, (320, 200), interpolation=cv2.INTER_AREA)
    moved = estimated(a, half).motion
    # Its middle pixel (159.5, 99.5) lies on (319.5, 199.5).
    assert (moved.dx, moved.dy) == pytest.approx((160.0, 100.0), abs=0.1)
    assert moved.scale == pytest.approx(2.0, abs=0.001)
