"""No scene is called damaged for good: not a small one, not a still one, not one that goes wild."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core.sequence._looks import hist_kl, kl_by_chance
from core.sequence.analysis import analyse
from core.sequence.params import SequenceParams
from core.sequence.pixels import as_bytes
from core.sequence.types import Verdict
from core.types import Token
from tests.sequence.film import PICTURES, Film, damaged, frame
from tests.sequence.test_changes import named, reel

V = Verdict
SMALL = {"height": 36, "width": 64}


def two_scenes(seed, sigma, **size):
    size = size or SMALL
    return reel(30, seed=seed, sigma=sigma, **size) + reel(50, seed=seed + 100, sigma=sigma, **size)


@pytest.mark.parametrize(("pixels", "spread"), [(900, 0.3), (2304, 1.0), (2304, 0.1), (43200, 1.0)])
def test_the_distance_by_chance_is_the_mean_over_draws(pixels, spread):
    rng = np.random.default_rng(4)
    shares = rng.gamma(spread, 1, (3, 256))
    shares /= shares.sum(axis=1, keepdims=True)
    had, told = [], []
    for _ in range(60):
        a, b = (np.stack([rng.multinomial(pixels, p) for p in shares]) for _ in range(2))
        had.append(hist_kl(a, b))
        told.append(kl_by_chance(a, b))
    means, deviations = np.transpose(told)
    assert np.mean(means) == pytest.approx(np.mean(had), rel=0.2)
    assert np.std(means) < np.std(had)
    # These three channels are drawn apart; those of a picture deviate together.
    assert np.mean(deviations) / math.sqrt(3) == pytest.approx(np.std(had), rel=0.3)


SOUND = (
    {"sigma": 5},
    {"sigma": 8, "drift": 0.1, "things": 1},
    {"sigma": 0.7, "drift": 0.05},
    {"sigma": 3, "shake": 0.3, "drift": 0.1, "things": 2},
    {"sigma": 2, "gray": True},
    {"sigma": 8, "gray": True, "drift": 0.05},
)
"""Noise, things that move, light that drifts, a camera that shakes."""


@pytest.mark.parametrize("size", [(9, 16), (18, 32), (27, 48), (36, 64)])
def test_of_sound_frames_that_are_small_at_most_one_in_a_hundred_is_named(size):
    wrong = sound = 0
    for seed in range(4):
        for options in SOUND:
            verdicts = named(reel(90, seed=seed, height=size[0], width=size[1], **options))
            wrong += sum(map(bool, verdicts))
            sound += len(verdicts)
    assert sound == 4 * len(SOUND) * 90
    assert wrong <= sound // 100


@pytest.mark.parametrize("sigma", [2, 5, 8])
@pytest.mark.parametrize("seed", [0, 2, 4, 7])
@pytest.mark.parametrize("size", [(36, 64), (27, 48)])
def test_small_scenes_are_sound_and_only_the_cut_is_named(seed, sigma, size):
    verdicts = named(two_scenes(seed, sigma, height=size[0], width=size[1]))
    assert verdicts[30] == {V.CUT}
    assert [i for i, v in enumerate(verdicts) if v] == [30]


def test_the_background_of_a_small_scene_is_learned_again_after_a_cut():
    frames = [frame(i, x, i / 25) for i, x in enumerate(two_scenes(0, 5))]
    params = SequenceParams(against="background", window=12)
    results = list(analyse(iter(frames), params, Token()))
    assert [r.index for r in results if V.CORRUPTED in r.verdicts] == []
    shares = [r.foreground_share for r in results]
    assert np.isfinite(shares[20:30]).all()
    assert np.isnan(shares[32:40]).all()  # it learns
    assert np.isfinite(shares[50:]).all()
    assert max(shares[50:]) < 0.25


@pytest.mark.parametrize(("size", "least"), [((36, 64), 0.95), ((18, 32), 0.9), ((9, 16), 0.85)])
def test_damage_of_small_frames_is_still_found(size, least):
    kinds = tuple(k for k, (_, wanted) in PICTURES.items() if V.CORRUPTED in wanted)
    found = pieces = wrong = 0
    for seed in range(3):
        film = damaged(Film(seed=seed, height=size[0], width=size[1]), kinds)
        verdicts = named([as_bytes(f.image) for f in film.frames])
        for v, expected, kind in zip(verdicts, film.expected, film.kinds, strict=True):
            pieces += bool(kind)
            found += bool(kind) and bool(v & expected)
            wrong += not kind and bool(v)
    assert pieces == 3 * len(kinds)
    assert found >= least * pieces
    assert wrong <= 2


@pytest.mark.parametrize("after", [[], [None, None]])
def test_a_cut_to_a_still_picture_is_a_cut(after):
    scene = reel(30, seed=1)
    card = reel(1, seed=77, sigma=0, things=0)[0]
    verdicts = named([*scene, card, *after, *[card] * 20, *reel(20, seed=1)])
    there = 30 + 1 + len(after)
    assert verdicts[30] == {V.CUT}
    assert not any(V.CORRUPTED in v for v in verdicts)
    assert verdicts[there : there + 20] == [{V.DUPLICATE}] * 2 + [{V.FROZEN}] * 18
    assert verdicts[there + 20] == {V.CUT}
    assert not any(verdicts[there + 21 :])


def test_a_damaged_frame_that_is_repeated_a_few_times_is_damaged():
    scene = reel(40, seed=1)
    bad = PICTURES["noise"][0](np.random.default_rng(0), scene[30], scene[29])
    verdicts = named([*scene[:30], *[bad] * 5, *scene[30:]])
    assert all(V.CORRUPTED in v for v in verdicts[30:35])
    assert not any(verdicts[35:])


def test_what_goes_wild_for_long_is_a_scene_of_its_own():
    scene = reel(40, seed=8)
    rng = np.random.default_rng(0)
    wild = [rng.integers(0, 256, scene[0].shape, dtype=np.uint8) for _ in range(20)]
    verdicts = named([*scene[:30], *wild, *scene[30:]])
    assert verdicts[30:36] == [{V.CORRUPTED}] * 6
    assert verdicts[36] == {V.CUT}
    assert not any(verdicts[37:50])
    assert verdicts[50] == {V.CUT}
    assert not any(verdicts[51:])
