"""What stands out in a frame: its outline, and where things came from."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from core.errors import Cancelled
from core.sequence.archive import Archive
from core.sequence.params import Against, SequenceParams
from core.sequence.result import FrameResult
from core.sequence.standing import MOST_EDGES, TAIL, edges, followed, standing, tinted
from core.sequence.survey import Question, survey
from core.sequence.tracks import Thing, Track
from core.types import Rect, Token
from tests.sequence.film import Film, frame
from tests.sequence.reel import Reel

SHAPES = array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12)
MASKS = arrays(np.uint8, SHAPES, elements=st.sampled_from([0, 255]))


def filled(lines, shape):
    """Fill an outline again: a place is inside when a ray to its left meets an odd number."""
    made = np.zeros(shape, bool)
    for (row, col), (stop, end) in lines:
        if col == end:
            made[round(row) : round(stop), round(col) :] ^= True
    return made


@given(MASKS)
def test_the_outline_holds_the_mask_and_nothing_else(mask) -> None:
    lines = edges(mask, mask.shape)
    assert np.array_equal(filled(lines, mask.shape), mask > 0)
    turned = [((a[1], a[0]), (b[1], b[0])) for a, b in lines]
    assert np.array_equal(filled(turned, mask.shape[::-1]), mask.T > 0)


@given(MASKS)
def test_lines_are_as_long_as_they_go_straight_on(mask) -> None:
    lines = edges(mask, mask.shape)
    inside = np.pad(mask > 0, 1).astype(int)
    steps = np.abs(np.diff(inside, axis=0)).sum() + np.abs(np.diff(inside, axis=1)).sum()
    assert sum(math.dist(a, b) for a, b in lines) == steps
    level = {(a, b) for a, b in lines if a[0] == b[0]}
    assert len(level) == sum(a[0] == b[0] for a, b in lines)
    assert not {a for a, _ in level} & {b for _, b in level}  # none goes on where another ends


def test_the_outline_lies_on_the_frame() -> None:
    mask = np.zeros((9, 16), np.uint8)
    mask[2:5, 10:13] = 255
    lines = edges(mask, (90, 320))
    assert set(lines) == {
        ((20, 200), (20, 260)),
        ((50, 200), (50, 260)),
        ((20, 200), (50, 200)),
        ((20, 260), (50, 260)),
    }


def test_speckle_has_no_outline() -> None:
    mask = np.zeros((80, 100), np.uint8)
    mask[1::2, 1::2] = 255  # each pixel alone: four lines
    assert MOST_EDGES < 40 * 50 * 4
    assert edges(mask, mask.shape) == ()
    assert len(edges(mask[:40], (40, 100))) == 20 * 50 * 4


@given(MASKS, st.tuples(*[st.integers(0, 255)] * 4))
def test_a_tint_lies_where_the_mask_is(mask, colour) -> None:
    made = tinted(mask, colour)
    assert made.dtype == np.uint8
    assert made.shape == (*mask.shape, 4)
    assert (made[mask > 0] == colour).all()
    assert not made[mask == 0].any()


def track(number, row, col, *, born=0) -> Track:
    rect = Rect(int(row) - 2, int(col) - 3, 5, 7)
    return Track(number, Thing(rect, 35, (row, col)), born, 0)


def result(index, *tracks) -> FrameResult:
    return FrameResult(index, index / 25, f"film #{index}", tracks=tracks)


def test_a_tail_goes_from_the_oldest_place_to_where_the_thing_is() -> None:
    before = [
        result(5, track(1, 10, 100), track(2, 50, 60)),
        result(6, track(2, 51, 63)),  # the first was not seen for a frame
        result(7, track(3, 1, 2), track(1, 14, 108)),
    ]
    now = result(8, track(2, 53, 69), track(1, 16, 112), track(4, 30, 200))
    second, first, new = followed(now, before)
    assert (second.number, first.number, new.number) == (2, 1, 4)
    assert first.rect == Rect(14, 109, 5, 7)
    assert first.tail == ((3, (10.5, 100.5)), (1, (14.5, 108.5)), (0, (16.5, 112.5)))
    assert second.tail == ((3, (50.5, 60.5)), (2, (51.5, 63.5)), (0, (53.5, 69.5)))
    assert new.tail == ((0, (30.5, 200.5)),)


def test_a_tail_is_no_longer_than_its_frames() -> None:
    with Archive(None) as archive:
        archive.add([result(i, track(1, 20, 100 + 3 * i)) for i in range(60)])
        for index in (0, 7, TAIL, 45, 59):
            (thing,) = standing(archive, index, (90, 400), Token()).things
            back = min(index, TAIL)
            assert [ago for ago, _ in thing.tail] == list(range(back, -1, -1))
            assert [place for _, place in thing.tail] == [
                (20.5, 100.5 + 3 * (index - ago)) for ago in range(back, -1, -1)
            ]


def test_what_is_not_known_yet_is_not_settled() -> None:
    with Archive(None) as archive:
        archive.add([result(0)])
        known, later = (standing(archive, i, (9, 16), Token()) for i in (0, 1))
    assert known.settled
    assert not later.settled
    assert known.empty
    assert later.empty


def test_nobody_waits_for_what_is_not_wanted() -> None:
    token = Token()
    token.cancel()
    with Archive(None) as archive, pytest.raises(Cancelled):
        standing(archive, 0, (9, 16), token)


@pytest.mark.parametrize("height", [180, 400])  # as large as the thumbnail, or larger
def test_what_moves_over_noise_is_outlined_and_followed(height) -> None:
    film = Film(seed=4, height=height, width=height * 16 // 9, things=2, sigma=3.0, from_frame=25)
    pictures, truth = zip(*film.frames(45), strict=True)
    reel = Reel([frame(i, pixels, i / 25) for i, pixels in enumerate(pictures)])
    params = SequenceParams(against=Against.BACKGROUND, window=20, k=6.0, min_area=30)
    shape = pictures[0].shape[:2]
    with Archive(None) as archive:
        for _ in survey(Question(reel, params=params), archive, Token()):
            pass
        quiet = standing(archive, 24, shape, Token())
        found = standing(archive, 44, shape, Token())
        mask = archive.foreground(44)
    assert quiet.settled
    assert quiet.empty
    assert found.mask is not None
    assert mask is not None
    scale = shape[0] / mask.shape[0], shape[1] / mask.shape[1]
    cells = [tuple((r / scale[0], c / scale[1]) for r, c in line) for line in found.edges]
    assert np.array_equal(filled(cells, mask.shape), mask > 0)
    rows, cols = np.nonzero(truth[44])
    for thing in found.things:
        (row, col) = thing.tail[-1][1]
        assert thing.rect.row <= row <= thing.rect.bottom
        assert thing.rect.col <= col <= thing.rect.right
        assert np.hypot(rows + 0.5 - row, cols + 0.5 - col).min() < 6
    assert len(max(found.things, key=lambda t: len(t.tail)).tail) == 20  # since it came
