"""Sequences with known drift, through the estimator itself."""

from __future__ import annotations

import math
from functools import cache

import cv2
import numpy as np
import pytest

from core.alignment.frames import Drift, FrameReference, aligned_frames
from core.alignment.models import mapped
from core.buffer import ImageBuffer
from core.geometry import IDENTITY
from tests.make import photo, with_noise

HEIGHT, WIDTH = 150, 250
FRAMES, STRANGER, FINE = 13, 5, 3
LIMIT = 0.08
"""Lower than anyone wants it, so that a short sequence reaches it."""


def truth(model, k):
    """Return how frame k lies on frame 0."""
    if model == "slow":
        return np.array([[1, 0, 0.012 * k], [0, 1, 0], [0, 0, 1]])
    angle = 0.004 * k if model == "rigid" else 0.0
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, -s, 1.3 * k], [s, c, -0.7 * k], [0, 0, 1]])


@cache
def scene():
    large = photo(FINE * (HEIGHT + 60), FINE * (WIDTH + 100), 31, 1, np.float32)
    return cv2.GaussianBlur(large, (0, 0), 0.5 * FINE)


@cache
def film(model):
    """Return the frames, averaged down from a finer scene as a sensor does; one does not belong."""
    half = (FINE - 1) / 2
    onto_scene = np.array([[FINE, 0, FINE * 50 + half], [0, FINE, FINE * 30 + half], [0, 0, 1]])
    fine = np.array([[1 / FINE, 0, -half / FINE], [0, 1 / FINE, -half / FINE], [0, 0, 1]])
    made, noise = [], 1 if model == "slow" else 4
    for k in range(FRAMES):
        at = onto_scene @ truth(model, k) @ fine
        large = cv2.warpPerspective(
            scene(), at, (WIDTH * FINE, HEIGHT * FINE), flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
        )
        small = cv2.resize(large, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
        if k == STRANGER:
            small = photo(HEIGHT, WIDTH, 77, 1, np.float32)
        made.append(ImageBuffer.from_array(with_noise(small * 255, noise, seed=k), peak=255.0))
    return tuple(made)


def off(model, found):
    """Return how far a frame is from where it should be, px, root mean square over its corners."""
    corners = np.array([[0, 0], [WIDTH - 1, 0], [0, HEIGHT - 1], [WIDTH - 1, HEIGHT - 1.0]])
    there = mapped(np.asarray(found.matrix), corners) - mapped(truth(model, found.index), corners)
    return float(np.sqrt(np.square(there).sum(axis=1).mean()))


def laid(model, to, drift=None):
    """Lay all frames; return those that were not refused, and how far each is off."""
    asked = "translation" if model == "slow" else model
    found = list(aligned_frames(film(model), to, asked, drift))
    (stranger,) = (f for f in found if f.notice)
    assert stranger.index == STRANGER
    assert stranger.notice.startswith(f"Frame {STRANGER + 1} was not aligned to frame ")
    assert stranger.matrix == found[STRANGER - 1].matrix
    known = [f for f in found if f is not stranger]
    return known, np.array([off(model, f) for f in known])


def mean(values):
    return math.sqrt(np.square(values).mean())


@pytest.mark.parametrize("model", ["translation", "rigid"])
def test_ties_keep_the_chain_below_the_limit(model):
    free, free_off = laid(model, FrameReference.PREVIOUS)
    assert free[-1].error > LIMIT
    held, held_off = laid(model, FrameReference.PREVIOUS, Drift(every=99, limit=LIMIT))
    assert any(f.rekeyed for f in held)
    assert max(f.error for f in held) <= LIMIT
    assert mean(held_off) < LIMIT
    # What is said of the errors is about what they are.
    for found, apart in ((free, free_off), (held, held_off)):
        said = mean([f.error for f in found])
        assert 0.25 * said < mean(apart) < 2.5 * said


def test_ties_see_a_drift_that_is_too_slow_for_links():
    free, free_off = laid("slow", FrameReference.PREVIOUS)
    # Most links are taken for none; that across the stranger is twice as long.
    assert sum(f.alignment.matrix == IDENTITY for f in free) >= 0.7 * len(free)
    assert free_off[-1] > 0.08
    assert free[-1].error == pytest.approx(free_off[-1], rel=0.5)  # and the chain knows that
    held, held_off = laid("slow", FrameReference.PREVIOUS, Drift(every=6))
    ties = [k for k, f in enumerate(held) if f.rekeyed]
    assert len(ties) == 2
    assert max(held_off[ties]) < 0.04
    assert held_off[-1] < free_off[-1] / 2


def test_frames_aligned_by_themselves_do_not_drift():
    found, apart = laid("translation", FrameReference.FIRST)
    assert {f.against for f in found} == {0}
    assert apart.max() < LIMIT
