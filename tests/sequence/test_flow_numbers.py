"""The numbers of a flow are right where there is nothing to follow, too; the same over a film."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.sequence.flow_shown import words
from core.sequence.motion import Mover
from core.sequence.params import Preset, SequenceParams
from tests.make import photo, with_noise
from tests.sequence.test_flow import found

PRESETS = list(Preset)
BY = (12, 22)
FAR = float(np.hypot(*BY))
SHAPES = ((270, 480), (540, 960))


def film(ground, shape, sigma=5.0):
    """Return two frames of a thing that moves over a ground, and the share that it covers."""
    height, width = shape
    base = np.full((height, width, 3), 110, np.uint8)
    if ground != "flat":
        rows = height // 2 if ground == "half" else 0
        base[rows:] = photo(height - rows, width, seed=9)
    high, wide = round(0.28 * height), round(0.28 * width)
    thing = photo(high, wide, seed=10)
    frames = []
    for k in (0, 1):
        top, left = round(0.35 * height) + k * BY[0], round(0.3 * width) + k * BY[1]
        picture = base.copy()
        picture[top : top + high, left : left + wide] = thing
        frames.append(with_noise(picture, sigma, seed=k + 1))
    return *frames, high * wide / (height * width)


def measured(a, b, **how):
    mover = Mover(SequenceParams(flow="dense", **how))
    mover.next(a)
    return mover.next(b)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("ground", "followed"), [("photo", (0.85, 1)), ("half", (0.5, 0.62)), ("flat", (0.06, 0.14))]
)
def test_what_moved_is_a_share_of_the_picture_whatever_can_be_followed(
    preset, shape, ground, followed
):
    a, b, share = film(ground, shape)
    made = found(a, b, preset=preset)
    motion = made.motion
    assert motion.moving == pytest.approx(share, abs=0.045)
    assert followed[0] <= motion.followed <= followed[1]
    assert motion.followed == pytest.approx(made.trusted.mean(), abs=0.05)
    expected = FAR if ground == "flat" else FAR * share / motion.followed
    assert motion.mean == pytest.approx(expected, rel=0.35)
    assert motion.p95 == pytest.approx(FAR, abs=3)
    lengths = made.lengths
    assert (lengths > 1).mean() > 1.25 * motion.moving  # so there is something not to count
    assert motion == measured(a, b, preset=preset)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_thing_leaves_no_motion_behind_in_a_noisy_sky(shape):
    a, b, share = film("flat", shape)
    every = found(a, b)
    assert (every.lengths > 1).mean() > 0.9
    moved, _ = words(every)
    assert f"{100 * every.motion.moving:.2g} % moved over 1 px" in moved
    assert moved.endswith(f" · {100 * every.motion.followed:.2g} % could be followed")
    assert every.motion.moving < 1.6 * share


def test_noise_alone_is_not_followed():
    a, b = (with_noise(np.full((270, 480, 3), 110, np.uint8), 5, k) for k in (1, 2))
    made = found(a, b)
    assert (made.lengths > 1).mean() > 0.5
    assert made.motion.followed < 0.01
    none = replace(made, motion=replace(made.motion, followed=0.0, mean=np.nan))
    assert words(none)[0] == "nothing could be followed"
    assert made.median == pytest.approx((0, 0), abs=5)


def test_how_much_can_be_followed_is_said_only_where_it_is_little():
    a, b, _ = film("photo", (270, 480))
    assert "followed" not in words(found(a, b))[0]


@pytest.mark.parametrize("preset", PRESETS)
def test_without_the_camera_the_median_of_what_is_trusted_is_taken_out(preset):
    scene = np.full((300, 520, 3), 110, np.uint8)
    scene[180:] = photo(120, 520, seed=3)
    a, b = (with_noise(scene[k : k + 270, 2 * k : 480 + 2 * k], 5, k) for k in (0, 4))
    made = found(a, b, preset=preset, steady=True, moving=2)
    assert made.median == pytest.approx((-4, -8), abs=0.4)
    assert made.motion.mean < 1.0
    assert made.motion.moving < 0.05
    assert made.motion == measured(a, b, preset=preset, steady_flow=True, moving=2)


def test_points_have_no_share_of_the_picture():
    a, b, _ = film("photo", (270, 480))
    mover = Mover(SequenceParams(flow="points"))
    mover.next(a)
    assert np.isnan(mover.next(b).followed)
