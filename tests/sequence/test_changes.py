"""Each kind of damage is named, and nothing that is sound."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.engine import compare
from core.sequence._looks import hist_kl
from core.sequence.changes import Judge
from core.sequence.clock import Clock
from core.sequence.params import SequenceParams
from core.sequence.pixels import as_bytes, differ, picture
from core.sequence.types import Verdict
from core.sequence.usual import Usual
from core.settings import Settings
from core.types import Alpha, Token
from tests.make import photo
from tests.sequence.film import KINDS, Film, damaged

TOKEN = Token()
V = Verdict


def named(pictures, params=None):
    """Return the verdicts of arrays; None is a frame that cannot be read."""
    judge, out, before = Judge(params or SequenceParams()), [], None
    for pixels in pictures:
        if pixels is None:
            out += judge.add(None)
            continue
        equal = before is not None and np.array_equal(pixels, before)
        out += judge.add(picture(pixels, TOKEN), equal=equal)
        before = pixels
    out += judge.finish()
    return [set(j.verdicts) for j in out]


def reel(count, **film):
    return [x for x, _ in Film(**film).frames(count)]


FILMS = (
    Film(seed=1),
    Film(seed=2, height=131, width=203, sigma=2, gray=True),
    Film(seed=3, height=210, width=150, sigma=8, shake=0.5, drift=0.1, things=5),
    Film(seed=4, height=120, width=320, sigma=0.7, drift=0.2, things=1),
)


def test_damage_is_found_and_nothing_else_is():
    found = wrong = pieces = sound = 0
    kinds_found = set()
    for film in FILMS:
        order = np.random.default_rng(film.seed).permutation(KINDS)
        reel_ = damaged(film, tuple(map(str, order)))
        pixels = [None if f.image is None else as_bytes(f.image) for f in reel_.frames]
        clock = Clock(25, 1.5)
        verdicts = named(pixels)
        for i, f in enumerate(reel_.frames):
            verdicts[i] |= {V.DROPPED} if clock.missing(f.time) else set()
        for v, expected, kind in zip(verdicts, reel_.expected, reel_.kinds, strict=True):
            if kind:
                pieces += 1
                found += bool(v & expected)
                kinds_found |= {kind} if v & expected else set()
            else:
                sound += 1
                wrong += bool(v)
    assert len(KINDS) >= 20
    assert pieces > 100
    assert sound > 1000
    assert kinds_found == set(KINDS)
    assert found >= 0.98 * pieces
    assert wrong <= 0.01 * sound


@pytest.mark.parametrize("sigma", [0.0, 3.0])
def test_a_pan_a_fade_and_a_large_thing_are_sound(sigma):
    rng = np.random.default_rng(5)
    wide = photo(160, 700, seed=9)

    def noisy(x):
        return np.clip(np.rint(x + rng.normal(0, sigma, x.shape)), 0, 255).astype(np.uint8)

    pan = [noisy(wide[:, 4 * t : 4 * t + 240]) for t in range(100)]
    fade = [noisy(wide[:, :240] * (1 - t / 150)) for t in range(100)]
    large = []
    for t in range(100):
        x = wide[:, :240].copy()
        x[20:150, max(3 * t - 110, 0) : max(3 * t, 0)] = (200, 60, 90)
        large.append(noisy(x))
    assert sum(map(bool, named(pan))) == 0
    assert sum(map(bool, named(large))) <= 1
    if sigma:  # without noise, whole levels of a fade leave gaps in the histogram
        assert sum(map(bool, named(fade))) == 0


def test_light_that_is_switched_on_and_stays_is_one_cut_or_flash():
    frames = [np.clip(x * 0.5, 0, 255).astype(np.uint8) for x in reel(40, seed=6)]
    lit = [np.clip(x * 0.9 + 20, 0, 255).astype(np.uint8) for x in reel(40, seed=6)]
    verdicts = named(frames + lit)
    assert verdicts[40] <= {V.CUT, V.FLASH}
    assert verdicts[40]
    assert not any(verdicts[47:])


def test_black_that_lasts_is_a_scene():
    frames = reel(30, seed=7)
    rng = np.random.default_rng(0)
    black = [rng.integers(0, 6, frames[0].shape, dtype=np.uint8) for _ in range(12)]
    verdicts = named(frames + black + frames)
    assert all(V.BLACK in v for v in verdicts[30:42])
    assert [i for i, v in enumerate(verdicts) if V.CUT in v] == [35, 42]


def test_a_burst_of_noise_is_no_cut_and_a_cut_at_the_end_is_not_known():
    frames = reel(30, seed=8)
    rng = np.random.default_rng(0)
    noise = [rng.integers(0, 256, frames[0].shape, dtype=np.uint8) for _ in range(3)]
    verdicts = named(frames[:20] + noise + frames[20:])
    assert verdicts[20:23] == [{V.CORRUPTED}] * 3
    assert not any(verdicts[23:])
    assert named([*frames, *reel(1, seed=99)])[-1] == {V.CORRUPTED}


def test_only_an_unusual_frame_waits_and_never_for_long():
    judge = Judge(SequenceParams())
    for x in reel(12, seed=3):
        assert len(judge.add(picture(x, TOKEN))) == 1
    assert judge.add(picture(reel(1, seed=50)[0], TOKEN)) == []
    counts = [len(judge.add(None)) for _ in range(20)]
    assert counts[:7] == [0] * 7
    assert sum(counts) == 21


def test_repeats_also_recompressed_ones():
    frames = reel(30, seed=11)
    soft = frames[-1].copy()
    soft[::3, ::5] ^= 1
    assert named([*frames, frames[-1], soft])[30:] == [{V.DUPLICATE}, {V.DUPLICATE}]
    again = named([*frames, *[frames[-1]] * 5], SequenceParams(frozen_after=2))
    assert again[30:] == [{V.DUPLICATE}] + [{V.FROZEN}] * 4
    other = frames[-1] ^ (np.random.default_rng(0).random(frames[-1].shape) < 0.2)
    other = cv2.addWeighted(other, 1, np.roll(frames[-1], 1, 1), 0, 0)
    assert named([*frames, other])[30] <= {V.DUPLICATE}


def test_a_still_half_of_a_render_is_not_torn():
    """Without noise what does not move stays exactly as it is, below a line or not."""
    base = photo(160, 240, seed=4)
    frames = []
    for t in range(40):
        x = base.copy()
        x[10:60, 3 * t : 3 * t + 40] = 90
        frames.append(x)
    assert not any(V.TORN in v for v in named(frames))


def test_the_distance_is_that_of_a_comparison():
    a, b = photo(60, 80, seed=1), photo(60, 80, seed=2)
    one, other = picture(a, TOKEN), picture(b, TOKEN)
    result = compare(
        ImageBuffer.from_array(a), ImageBuffer.from_array(b), Settings(),
        measures=("hist_kl", "l1_per_pixel"),
    )  # fmt: skip
    values = {name: m.value for name, m in result.measures.items()}
    assert hist_kl(one.counts, other.counts) == pytest.approx(values["hist_kl"], rel=1e-12)
    found = differ(a, b, 10, TOKEN)
    assert found.l1_per_pixel == pytest.approx(values["l1_per_pixel"], rel=1e-12)
    away = np.abs(a.astype(int) - b)
    assert found.changed_share == (away.max(axis=2) > 10).mean()


def test_times_that_are_missing():
    clock = Clock(None, 1.5)
    times = [i / 30 for i in range(20)]
    assert not any(map(clock.missing, times))
    assert clock.missing(times[-1] + 3 / 30) == 2
    assert clock.missing(times[-1] + 4 / 30) == 0
    assert Clock(10, 1.5).missing(5.0) == 0
    assert not any(map(Clock(10, 1.5).missing, [float("nan")] * 5))


def test_the_usual_is_not_dragged():
    usual = Usual(20, 6, 0.1)
    for v in [5.0, 5.2, 4.9] * 4:
        usual.add(v)
    limit = usual.limit
    for v in [500.0] * 3:
        usual.add(v)
    assert limit == 10.0
    assert usual.limit < 12
    usual.clear()
    assert usual.limit == np.inf


def test_pictures_of_every_kind_become_bytes():
    x = photo(20, 30, seed=1)
    deep = ImageBuffer.from_array(x.astype(np.uint16) * 257)
    assert np.array_equal(as_bytes(deep), x)
    assert np.array_equal(as_bytes(ImageBuffer.from_array((x / 255).astype(np.float32))), x)
    alpha = np.dstack([x, np.full((20, 30), 9, np.uint8)])
    assert np.array_equal(as_bytes(ImageBuffer.from_array(alpha)), x)
    five = ImageBuffer.from_array(np.dstack([x, x[..., :2]]), alpha=Alpha.NONE)
    assert as_bytes(five).shape == (20, 30)
    luma = np.rint(x @ [0.2126, 0.7152, 0.0722])
    assert np.abs(as_bytes(ImageBuffer.from_array(x), gray=True) - luma).max() <= 1
