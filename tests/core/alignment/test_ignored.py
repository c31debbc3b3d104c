"""Align looks at nothing that is ignored; what else there is, it finds as if it were alone."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest

from core.alignment import CONFIDENT
from core.alignment._overview import overview
from core.alignment._surface import surface
from core.buffer import ImageBuffer
from core.fitted import fitted
from core.stages.align import AlignParams, refine
from core.stages.fit import FitParams, place
from core.types import Rect, Token
from tests.core.stages.test_align import windows
from tests.make import photo, with_noise

SHAPE = HEIGHT, WIDTH = 240, 416
SHIFT = np.array((5.25, -3.5))
FOREIGN = (200, 0, 216, HEIGHT)
"""x, y, width and height of what moved by itself: more than half of the picture."""
THERE = "rect 200,0 216x240"


def strong(height, width, seed):
    """Return a scene with strong texture."""
    scene = photo(height, width, seed=seed, channels=1).astype(np.float64)
    grain = np.random.default_rng(seed).normal(0, 20, scene.shape)
    made = cv2.GaussianBlur(128 + 2.2 * (scene - 128) + grain, (0, 0), 0.8)
    return np.clip(made, 0, 255).astype(np.uint8)


@cache
def pair(dx=SHIFT[0], dy=SHIFT[1], seed=0):
    """Return a pair with a known shift, half of which is another scene that moved otherwise."""
    x, y, width, height = FOREIGN
    other = strong(height + 40, width + 40, seed + 5)
    a, b = (p.copy() for p in windows(dx, dy, *SHAPE, seed=seed))
    a[y : y + height, x : x + width] = other[20 : 20 + height, 20 : 20 + width]
    b[y : y + height, x : x + width] = other[29 : 29 + height, 6 : 6 + width]
    return a, b


def laid(a, b, ignore="", *, level=0, fit=None, **params):
    a, b = ImageBuffer.from_array(a), ImageBuffer.from_array(b)
    placement = place(a.shape, b.shape, fit or FitParams())
    up = fitted(a, b, placement, level, ignore)
    return refine(placement, up, AlignParams(enabled=True, **params), Token(), (a.shape, b.shape))


def off(found, shift=SHIFT):
    """Return how far the corners of B are from where they should be, px."""
    corners = np.array([[0, 0, 1], [WIDTH, 0, 1], [WIDTH, HEIGHT, 1], [0, HEIGHT, 1]], float)
    there = corners @ np.asarray(found.matrix).T
    return float(np.hypot(*(there[:, :2] / there[:, 2:] - corners[:, :2] - shift).T).max())


@pytest.mark.parametrize("model", ["auto", "translation", "rigid", "affine", "elastic"])
def test_what_is_ignored_does_not_pull(model):
    a, b = pair()
    pulled = laid(a, b, model=model).alignment
    assert not pulled.accepted or pulled.confidence < CONFIDENT or off(pulled) > 5.0
    found = laid(a, b, THERE, model=model).alignment
    assert found.confidence >= CONFIDENT
    assert off(found) < 0.1
    assert found.expected_error_px < 0.1
    assert found.arrows
    assert all(arrow.x < FOREIGN[0] for arrow in found.arrows)


def test_a_preview_does_not_look_there_either():
    a, b = pair()
    assert off(laid(a, b, level=1).alignment) > 5.0
    found = laid(a, b, THERE, level=1).alignment
    assert found.confidence >= CONFIDENT
    assert off(found) < 0.2  # a tenth of a pixel of level 1


def test_a_shift_may_be_long_and_the_pair_be_swapped():
    a, b = pair(20.0, -8.0, seed=4)
    around = "rect 165,0 251x240"  # B's part of it, too, as A is B then
    there, back = laid(a, b, around).alignment, laid(b, a, around).alignment
    assert off(there, (20.0, -8.0)) < 0.1
    assert off(back, (-20.0, 8.0)) < 0.1
    assert min(there.confidence, back.confidence) >= CONFIDENT


def test_a_turn_is_found_beside_what_is_ignored():
    large = photo(HEIGHT + 80, WIDTH + 80, seed=3, channels=1)
    turn = cv2.getRotationMatrix2D((WIDTH / 2 + 40, HEIGHT / 2 + 40), 20.0, 1.1)
    turned = cv2.warpAffine(large, turn, large.shape[::-1], flags=cv2.INTER_CUBIC)
    a, b = (p[40:-40, 40:-40].copy() for p in (large, turned))
    a[:, 200:] = b[:, 200:] = strong(HEIGHT, WIDTH - 200, seed=8)
    assert laid(a, b).alignment.motion.angle == 0.0  # the half that rests holds it
    found = laid(a, b, THERE).alignment
    assert found.confidence >= CONFIDENT
    assert found.motion.angle == pytest.approx(20.0, abs=0.02)
    assert found.motion.scale == pytest.approx(1.0 / 1.1, abs=0.001)


@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("model", ["auto", "elastic"])
def test_nothing_depends_on_what_stands_there(model, level):
    a, b = pair()
    ignore = "ellipse 210,20 150x200; rect 30,40 33x21"
    found = laid(a, b, ignore, model=model, level=level)
    mask = np.zeros(SHAPE, np.uint8)
    cv2.rectangle(mask, (30, 40), (62, 60), 255, -1)
    mask[90:150, 250:320] = 255  # within the ellipse
    changed = np.where(mask > 0, np.random.default_rng(2).integers(0, 255, SHAPE), a)
    other = laid(changed.astype(np.uint8), b, ignore, model=model, level=level)
    assert other == found
    assert laid(changed.astype(np.uint8), b, model=model, level=level) != laid(
        a, b, model=model, level=level
    )


@pytest.mark.parametrize("ignore", ["rect 150,60 90x80", "ellipse 300,120 100x110"])
def test_a_place_elsewhere_makes_little_difference(ignore):
    a, b = (with_noise(p, 4, seed=s) for s, p in enumerate(windows(*SHIFT, *SHAPE, seed=6)))
    plain, found = laid(a, b).alignment, laid(a, b, ignore).alignment
    assert found.confidence >= CONFIDENT
    assert np.hypot(*np.subtract(found.shift, plain.shift)) < 0.02
    assert found.model == plain.model


@pytest.mark.parametrize("model", ["auto", "elastic"])
def test_a_place_beside_the_picture_makes_none(model):
    a, b = pair()
    assert laid(a, b, "rect 900,20 50x50", model=model) == laid(a, b, model=model)


@pytest.mark.parametrize("anchor", ["top_left", "center"])
@pytest.mark.parametrize("inner", [True, False])
def test_places_lie_on_the_canvas_wherever_fit_lays_the_pictures(anchor, inner):
    a, b = pair()
    cut = slice(12, -12), slice(10, -20)
    a, b = (a[cut], b) if inner else (a, b[cut])
    fit = FitParams(method="pad", anchor=anchor)
    placement = place(a.shape, b.shape, fit)
    across, down = placement.a[0][2], placement.a[1][2]
    left = (190 if inner else 200) + across
    found = laid(a, b, f"rect {left},0 300x300", fit=fit).alignment
    assert (across > 0) is (inner and anchor == "center")
    expected = SHIFT + ((-10, -12) if inner else (10, 12))
    assert found.confidence >= CONFIDENT
    assert np.hypot(*np.subtract(found.shift, expected)) < 0.1
    assert down >= 0


def refusal(a, b, ignore, **params):
    placement = laid(a, b, ignore, **params)
    assert not placement.alignment.accepted
    assert placement.notices[-1].code == "align_refused"
    assert placement.alignment.reason in placement.notices[-1].text
    return placement.alignment.reason


@pytest.mark.parametrize("level", [0, 1])
@pytest.mark.parametrize("model", ["auto", "elastic"])
def test_nothing_left_is_a_refusal_with_a_sentence(model, level):
    a, b = pair()
    said = refusal(a, b, "rect -5,-5 999x999", model=model, level=level)
    assert said == "All of the picture is ignored, so nothing is left to align by."


def test_too_little_left_is_a_refusal_with_a_sentence():
    a, b = pair()
    said = refusal(a, b, "rect 0,0 416x215; rect 30,0 386x240")
    assert said == "So much of the picture is ignored that too little is left to align by."
    flat = a.copy()
    flat[:, :190] = 90
    assert "flat" in refusal(flat, b, "rect 180,0 236x240")


def test_small_rests_of_other_pictures_are_not_believed():
    for seed in range(6):
        a, b = (photo(*SHAPE, seed=s + seed, channels=1) for s in (100, 200))
        refusal(a, b, "rect 0,0 416x100; rect 0,160 416x80; rect 0,0 150x240; rect 214,0 202x240")


def test_a_lens_is_undone_beside_what_is_ignored():
    large = photo(480, 760, seed=21, channels=1)
    y, x = np.mgrid[0:480, 0:760].astype(np.float32)
    far = 6.0 * (((x - 380) / 380) ** 2 + ((y - 240) / 380) ** 2)
    bent = x + far * (x - 380) / 380, y + far * (y - 240) / 380
    b = cv2.remap(large, *bent, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)
    a, other = large.copy(), strong(400, 420, seed=5)
    a[100:460, 250:640], b[100:460, 250:640] = other[:360, :390], other[13:373, 21:411]
    found = laid(a, b, "rect 250,100 390x360", model="elastic")
    assert found.alignment.model == "elastic"
    assert found.alignment.expected_error_px < 0.1
    missed = []
    for row, col in np.ndindex(480, 760):
        if not row % 40 == col % 40 == 20:
            continue
        # B at (row, col) shows what A shows at (v, u).
        u, v = round(float(bent[0][row, col])), round(float(bent[1][row, col]))
        if 250 - 30 < u < 640 + 30 and 100 - 30 < v < 460 + 30:
            continue
        dx, dy = (float(s[0, 0]) for s in found.field.over(Rect(v, u, 1, 1)))
        back = np.linalg.inv(np.asarray(found.b)) @ (u + dx, v + dy, 1.0)
        rest = bent[0][row, col] - u, bent[1][row, col] - v
        missed.append(np.hypot(*(back[:2] / back[2] + rest - (col, row))))
    assert len(missed) > 60
    assert np.median(missed) < 0.1


@pytest.mark.parametrize("holes", [(True, False), (False, True), (True, True)])
def test_agreement_is_that_of_what_both_show(holes):
    """Against sums over what both show, at each of some shifts."""
    rng = np.random.default_rng(1)
    planes, masks = [], []
    for seed, hole in enumerate(holes):
        mask = np.full((64, 96), 255, np.uint8)
        if hole:
            mask[16:48, 20 + 30 * seed : 52 + 30 * seed] = 0
        plane = cv2.GaussianBlur(rng.standard_normal((64, 96)).astype(np.float32), (0, 0), 1.5)
        planes.append(cv2.copyTo(plane, mask))
        masks.append(mask)
    a, b = planes
    known = tuple(m if hole else None for m, hole in zip(masks, holes, strict=True))
    ncc = surface(a, b, 0.5, known).ncc
    for dy, dx in ((0, 0), (4, -8), (-16, 20), (3, 5), (-7, 2)):
        rows = slice(max(dy, 0), 64 + min(dy, 0)), slice(max(-dy, 0), 64 - max(dy, 0))
        cols = slice(max(dx, 0), 96 + min(dx, 0)), slice(max(-dx, 0), 96 - max(dx, 0))
        both = (masks[0][rows[0], cols[0]] > 0) & (masks[1][rows[1], cols[1]] > 0)
        x, y = a[rows[0], cols[0]][both], b[rows[1], cols[1]][both]
        expected = float(x @ y) / np.sqrt(float(x @ x) * float(y @ y))
        assert ncc[32 + dy, 48 + dx] == pytest.approx(expected, abs=0.01)


def test_the_overview_knows_how_much_is_left():
    a, b = (ImageBuffer.from_array(p.astype(np.float32) / 255) for p in pair())
    up = fitted(a, b, place(a.shape, b.shape, FitParams()), 0, "rect 100,0 316x240")
    seen = overview(up.side, SHAPE, 0, 10**6, Token(), up.heeded)
    assert (seen.a.area, seen.a.room, seen.a.ignores) == (100 * 240, 99, True)
    assert (seen.b.area, seen.b.room, seen.b.ignores) == (416 * 240, 240, False)
    assert seen.a.frame == seen.b.frame == Rect(0, 0, 240, 416)


@pytest.mark.parametrize("ignore", ["rect 100,0 316x240", "ellipse 50,10 300x200"])
def test_what_lies_on_the_ignored_does_not_lower_the_agreement(ignore):
    a = ImageBuffer.from_array(pair()[0].astype(np.float32) / 255)
    up = fitted(a, a, place(a.shape, a.shape, FitParams()), 0, ignore)
    seen = overview(up.side, SHAPE, 0, 10**6, Token(), up.heeded)
    for matrix in (None, np.eye(3)):
        (best,) = seen.surface(matrix, 0.5).peaks(1)
        assert (best.dx, best.dy) == pytest.approx((0.0, 0.0), abs=0.05)
        assert best.ncc == pytest.approx(1.0, abs=0.1)  # each is evened by its own mean
    assert seen.agreement(np.eye(3)) == pytest.approx((1.0, 1.0), abs=0.1)
