"""Frames laid along a chain: its links, and the ties that keep it from drifting."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core import alignment
from core.alignment._chain import STEADY
from core.alignment.frames import Drift, FrameReference, aligned_frames
from core.alignment.models import mapped
from tests.core.alignment.camera import (
    Camera,
    expected,
    filmed,
    frame,
    number,
    shift,
    slowly,
    turned,
)

PREVIOUS = FrameReference.PREVIOUS
NEVER = 10**6


@pytest.mark.parametrize(
    "truth",
    [
        slowly,
        lambda k: turned(0.03 * k, 1.0, 2 * k, -k),
        lambda k: turned(0.02 * k, 1.02**k, k, 0.3 * k),
        lambda k: turned(0.01 * k) + k * np.array([[0.01, 0, 3], [0, 0, 5], [1e-4, 0, 0]]),
    ],
    ids=["translation", "rigid", "similarity", "homography"],
)  # fmt: skip
def test_matrices_are_chained_in_order(monkeypatch, truth):
    camera, found = filmed(monkeypatch, truth, 12)
    assert camera.asked == [(k, k + 1) for k in range(11)]
    for f in found:
        corners = np.array([[0, 0], [99, 0], [0, 59], [99, 59.0]])
        there = mapped(np.asarray(f.matrix), corners)
        assert there == pytest.approx(mapped(truth(f.index), corners), abs=1e-9)
        assert f.matrix[2][2] == 1
    assert [f.against for f in found] == [0, *range(11)]


@pytest.mark.parametrize("seed", range(5))
def test_without_ties_the_error_grows_and_with_them_it_stays_below_the_limit(monkeypatch, seed):
    count, sigma, limit = 300, 0.08, 0.5
    camera, free = filmed(monkeypatch, slowly, count, sigma=sigma, seed=seed)
    assert [f.error for f in free] == pytest.approx([expected(sigma, k) for k in range(count)])
    assert not any(f.rekeyed for f in free)
    assert max(camera.off(f) for f in free) > 2 * limit
    tied = Drift(every=NEVER, limit=limit, overlap=0.1)
    camera, held = filmed(
        monkeypatch, lambda k: slowly(k % 100), count, sigma=sigma, seed=seed, drift=tied
    )
    assert max(f.error for f in held) <= limit
    off = [camera.off(f) for f in held]
    assert np.sqrt(np.mean(np.square(off))) < limit
    ties = [f for f in held if f.rekeyed]
    # A chain of n links exceeds the limit when 2 n σ² + (n / 100)² does: each 17th frame or so.
    assert 10 < len(ties) < 20
    assert {f.against for f in ties} == {0}
    assert all(f.error == pytest.approx(expected(sigma)) for f in ties)
    assert all(0 < f.moved < 5 * limit for f in ties)
    assert max(off[f.index] for f in ties) < 5 * sigma


def test_expected_errors_say_how_far_frames_are_off(monkeypatch):
    tied = Drift(every=15, limit=9.0)
    square = np.zeros(40)
    for seed in range(80):
        camera, found = filmed(
            monkeypatch, lambda k: shift(k % 5, 0), 40, sigma=0.1, seed=seed, drift=tied
        )
        square += np.square([camera.off(f) for f in found]) / 80
    said = np.square([f.error for f in found])
    assert square[1:] == pytest.approx(said[1:], rel=0.6)
    assert square[1:].mean() == pytest.approx(said[1:].mean(), rel=0.1)


def test_a_tie_is_made_every_so_many_frames_from_where_the_chain_is(monkeypatch):
    tied = Drift(every=4, limit=99.0)
    camera, found = filmed(monkeypatch, slowly, 14, sigma=0.05, drift=tied)
    assert [f.index for f in found if f.rekeyed] == [4, 8, 12]
    assert [(a, b) for a, b in camera.asked if b - a > 1] == [(0, 4), (0, 8), (0, 12)]
    for (a, b), start in zip(camera.asked, camera.starts, strict=True):
        if b - a == 1:
            assert start is None
        else:
            assert np.asarray(start)[:2, 2] == pytest.approx(slowly(b)[:2, 2], abs=0.5)
    # The chain goes on from the tie.
    after = mapped(np.asarray(found[9].matrix), np.zeros((1, 2)))
    link = mapped(np.asarray(found[9].alignment.matrix), np.zeros((1, 2)))
    assert after == pytest.approx(mapped(np.asarray(found[8].matrix), link))


def test_when_the_first_has_left_the_view_the_last_key_is_taken(monkeypatch):
    tied = Drift(every=4, limit=99.0, overlap=0.5)
    camera, found = filmed(monkeypatch, lambda k: shift(6.0 * k, 0), 30, sigma=0.05, drift=tied)
    for (a, b), start in zip(camera.asked, camera.starts, strict=True):
        if start is not None:
            assert np.asarray(start)[:2, 2] == pytest.approx([6.0 * (b - a), 0], abs=1)
    ties = {f.index: f.against for f in found if f.rekeyed}
    # 50 px are half of a frame: the first serves until frame 8.
    assert ties == {4: 0, 8: 0, 12: 8, 16: 12, 20: 16, 24: 20, 28: 24}
    errors = [f.error for f in found if f.rekeyed]
    assert errors == pytest.approx([expected(0.05, n) for n in (1, 1, 2, 3, 4, 5, 6)])


def test_a_key_is_looked_at_before_it_leaves_the_view(monkeypatch):
    tied = Drift(every=NEVER, limit=99.0, overlap=0.5)
    _, found = filmed(monkeypatch, lambda k: shift(15.0 * k, 0), 12, sigma=0.05, drift=tied)
    assert {f.index: f.against for f in found if f.rekeyed} == {4: 0, 8: 4}
    # Refused, the frame is the key all the same, and the chain holds.
    camera, found = filmed(
        monkeypatch, lambda k: shift(15.0 * k, 0), 12, sigma=0.05, drift=tied, refuses=[(0, 4)]
    )
    assert {f.index: f.against for f in found if f.rekeyed} == {8: 4}
    assert camera.off(found[-1]) < 1


def test_a_tie_that_is_no_better_changes_nothing(monkeypatch):
    class Blurred(Camera):
        def __call__(self, a, b, model, start=None):
            self.sigma = 0.01 if number(b) - number(a) == 1 else 2.0
            return super().__call__(a, b, model, start)

    camera = Blurred(slowly)
    monkeypatch.setattr(alignment, "estimate_alignment", camera)
    found = list(aligned_frames(map(frame, range(9)), PREVIOUS, "rigid", Drift(every=3)))
    assert (0, 3) in camera.asked
    assert not any(f.rekeyed for f in found)
    assert all(camera.off(f) < 0.2 for f in found)


def test_a_wrong_link_is_set_right_and_shows(monkeypatch):
    camera = Camera(slowly, sigma=0.02)
    camera.wrong = {(2, 3): (12.0, 5.0)}
    monkeypatch.setattr(alignment, "estimate_alignment", camera)
    found = list(aligned_frames(map(frame, range(8)), PREVIOUS, "rigid", Drift(every=5)))
    assert camera.off(found[4]) == pytest.approx(13, abs=0.5)
    # From where the chain has gone astray the key is not found, so it is looked for everywhere.
    assert camera.asked.count((0, 5)) == 2
    assert camera.starts[-3] is None
    assert found[5].moved == pytest.approx(13, abs=0.5)
    assert camera.off(found[5]) < 0.2
    assert camera.off(found[7]) < 0.2


def test_errors_are_told_in_px_of_the_first_frame(monkeypatch):
    _, found = filmed(monkeypatch, lambda k: turned(0, 2.0**k), 4, sigma=0.1, model="similarity")
    # Frame 1 is shown twice as large in the first one, so what frame 2 is off by counts twice.
    chance, steady = 0.1 * 2**0.5, STEADY
    wanted = [math.hypot(chance, steady), math.hypot(5**0.5 * chance, 3 * steady)]
    wanted.append(math.hypot(21**0.5 * chance, 7 * steady))
    assert [f.error for f in found] == pytest.approx([0, *wanted])


def test_refused_frames_are_named_and_are_no_links(monkeypatch):
    camera, found = filmed(monkeypatch, slowly, 8, refuses=[3, 4], drift=Drift(every=3, limit=9))
    assert [f.alignment.accepted for f in found] == [True] * 3 + [False] * 2 + [True] * 3
    for f in found[3:5]:
        assert f.matrix == found[2].matrix
        assert math.isnan(f.error)
        assert f.against == 2
        assert f.notice == (
            f"Frame {f.index + 1} was not aligned to frame 3. They do not look alike."
        )
    assert (2, 5) in camera.asked
    assert found[5].notice == ""
    assert camera.off(found[7]) < 1e-9
