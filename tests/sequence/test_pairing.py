"""Two recordings of one scene find each other, to the frame; what cannot be told is refused."""

from __future__ import annotations

import itertools
import math
from functools import cache

import numpy as np
import pytest

from core.sequence.pairing import Signatures, distances, pair, signature, signatures
from core.sequence.types import Frame
from core.types import Token
from tests.make import photo
from tests.sequence.film import Film, frame

LENGTH = 130


@cache
def reel(seed):
    """Return clean frames."""
    film = Film(seed=seed, height=90, width=120, things=1 + seed % 4, sigma=0.0)
    return [x for x, _ in film.frames(LENGTH)]


@cache
def recorded(seed, take, sigma=5.0):
    """Return the signatures of one recording: with noise, gain and bias of its own."""
    rng = np.random.default_rng(1000 * seed + take)
    gain, bias = rng.uniform(0.8, 1), rng.uniform(0, 20)
    return of([x * gain + bias + rng.normal(0, sigma, x.shape) for x in reel(seed)])


def of(frames):
    values = [signature(np.clip(np.rint(x), 0, 255).astype(np.uint8)) for x in frames]
    return Signatures(np.stack(values), np.arange(len(values)) / 25)


def part(some, start, stop, step=1):
    values = some.values[start:stop:step]
    return Signatures(values, np.arange(len(values)) * step / 25)


def test_offsets_are_right_to_the_frame():
    rng = np.random.default_rng(0)
    right = asked = 0
    for seed in range(6):
        for _ in range(30):
            a, b = recorded(seed, 1), recorded(seed, 2)
            n, m = rng.integers(30, 80, 2).tolist()
            i = int(rng.integers(0, LENGTH - n))
            j = int(rng.integers(0, LENGTH - m))
            common = min(i + n, j + m) - max(i, j)
            if common < 0.4 * min(n, m):
                continue
            found = pair(part(a, i, i + n), part(b, j, j + m))
            asked += 1
            right += found.accepted and found.offset == i - j
    assert asked > 60
    assert right >= 0.98 * asked


def test_other_rates_are_paired_by_time():
    a, b = recorded(3, 1), recorded(3, 2)
    found = pair(part(a, 0, 120), part(b, 10, 130, 2))
    assert found.accepted
    assert found.seconds == pytest.approx(-0.4, abs=1e-6)
    assert [found.of_a(i) for i in (10, 12, 110)] == [0, 1, 50]
    back = pair(part(b, 10, 130, 2), part(a, 0, 120))
    assert back.seconds == pytest.approx(0.4, abs=1e-6)
    assert back.of_a(50) == 110


def test_without_times_frames_are_counted():
    a, b = (Signatures(s.values, np.full(len(s.values), math.nan)) for s in (
        part(recorded(2, 1), 0, 100), part(recorded(2, 2), 7, 107)))  # fmt: skip
    found = pair(a, b)
    assert found.accepted
    assert (found.offset, found.of_a(20)) == (-7, 13)
    assert math.isnan(found.seconds)


def noisy(base, count, seed):
    rng = np.random.default_rng(seed)
    return of([base + rng.normal(0, 3, base.shape) for _ in range(count)])


def test_what_cannot_be_told_is_refused():
    base, rng = photo(90, 120, seed=3) * 0.7 + 20, np.random.default_rng(0)
    still = pair(noisy(base, 60, 0), noisy(base, 60, 1))
    assert not still.accepted
    assert still.offset == 0
    exact = pair(of([base] * 20), of([base] * 20))
    assert "A hardly changes" in exact.reason
    other = pair(part(recorded(0, 1), 0, 80), part(recorded(1, 2), 0, 80))
    assert "do not show the same" in other.reason
    loop = recorded(2, 1).values
    again = Signatures(np.concatenate([loop[20:35]] * 6), np.arange(90) / 25)
    assert "more than one offset" in pair(part(again, 0, 60), part(again, 7, 90)).reason
    assert "fewer than" in pair(part(recorded(0, 1), 0, 7), recorded(0, 2)).reason
    fading = [base * (1 - t / 200) + photo(90, 120, seed=5) * (t / 200) for t in range(80)]
    one, other = (
        of([x + rng.normal(0, 3, base.shape) for x in some]) for some in (fading[:60], fading[20:])
    )
    assert "too slowly" in pair(one, other).reason
    for one, two in itertools.pairwise((recorded(4, 1), recorded(5, 1), recorded(0, 1))):
        assert not pair(one, two).accepted
    flat = of([np.full((30, 40), 99.0)] * 20)
    assert not pair(flat, recorded(0, 1)).accepted


def test_signatures_do_not_depend_on_light_or_size():
    x = photo(180, 320, seed=4).astype(float)
    a = signature(x.astype(np.uint8))
    b = signature((x * 0.6 + 40).astype(np.uint8)[::2, ::2])
    assert a.shape == (576,)
    assert float(a @ b) / 576 > 0.995
    assert not signature(np.full((20, 20, 3), 7, np.uint8)).any()


def test_frames_that_cannot_be_read_keep_their_place():
    shown = reel(0)[:6]
    frames = [frame(i, x, i / 10) for i, x in enumerate(shown)]
    frames[3] = Frame(3, 0.3, None, "x", "broken")
    found = signatures(iter(frames), Token())
    assert found.values.shape == (6, 576)
    assert np.array_equal(found.values[3], found.values[2])
    assert found.rate == pytest.approx(10)
    assert signatures(iter([]), Token()).values.shape == (0, 576)


def test_the_map_of_distances():
    a = part(recorded(0, 1), 0, 40)
    found = distances(a)
    assert found.dtype == np.float32
    assert np.allclose(found, found.T, atol=1e-6)
    assert np.abs(np.diag(found)).max() < 1e-5
    one, other = a.values[3].astype(float), a.values[9].astype(float)
    assert found[3, 9] == pytest.approx(1 - np.corrcoef(one, other)[0, 1], abs=1e-5)
    assert distances(a, part(recorded(1, 1), 0, 30)).shape == (40, 30)
