"""The background: its moments are exact, its foreground is what moves, and it can be kept."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.errors import CompareError, ReadError, WriteError
from core.sequence._median import median_of_nine
from core.sequence.background import REACH, Bounds, Deviation, background, cleaned
from core.sequence.golden import Golden
from core.sequence.moments import Moments
from core.sequence.params import SequenceParams
from core.types import Token
from tests.make import photo
from tests.sequence.film import Film

TOKEN = Token()


def f1(pairs):
    """Return F1 of masks against truths, all frames together."""
    hit = false = missed = 0
    for mask, truth in pairs:
        hit += (mask & truth).sum()
        false += (mask & ~truth).sum()
        missed += (~mask & truth).sum()
    return 2 * hit / (2 * hit + false + missed)


def watched(film, count, **params):
    model = background(SequenceParams(**params))
    for pixels, truth in film.frames(count):
        mask = model.apply(pixels, TOKEN)
        if mask is not None:
            yield cleaned(mask, 1) > 0, truth


@pytest.mark.parametrize("shape", [(40, 50), (40, 50, 3), (700, 500, 3)])
def test_moments_are_those_of_numpy(shape):
    rng = np.random.default_rng(0)
    frames = [rng.integers(0, 256, shape, dtype=np.uint8) for _ in range(12)]
    moments = Moments.of(frames[0])
    for f in frames:
        moments.learn(f, TOKEN)
    assert np.allclose(moments.mean, np.mean(frames, axis=0), atol=1e-3)
    assert np.allclose(moments.deviation(), np.std(frames, axis=0), atol=1e-3)
    assert moments.deviation(floor=500.0).min() == 500


def test_ten_thousand_frames_near_white_cancel_nothing():
    rng = np.random.default_rng(1)
    frames = np.clip(np.rint(rng.normal(250, 0.6, (10_000, 6, 7))), 0, 255).astype(np.uint8)
    moments = Moments.of(frames[0])
    for f in frames:
        moments.learn(f, TOKEN)
    assert np.abs(moments.mean - frames.mean(axis=0)).max() < 2e-3
    assert np.abs(moments.deviation() - frames.std(axis=0)).max() < 2e-3


def test_forgetting_weighs_frames_by_their_age():
    rng = np.random.default_rng(2)
    frames = rng.integers(0, 256, (30, 5, 6)).astype(np.uint8)
    moments = Moments.of(frames[0])
    for f in frames:
        moments.learn(f, TOKEN, rate=0.2)
    weights = 0.2 * 0.8 ** np.arange(30)[::-1]
    weights[0] /= 0.2  # what there was before was the first frame, too
    assert np.allclose(moments.mean, np.tensordot(weights, frames, 1), atol=1e-3)


def test_what_is_out_of_reach_moves_the_mean_by_no_more_and_the_deviation_not_at_all():
    moments = Moments.of(np.full((4, 5, 3), 100, np.uint8))
    moments.variance += 4
    x = np.full((4, 5, 3), 101, np.uint8)
    x[0, 0, 1] = 200
    moments.learn(x, TOKEN, 0.1, np.full((4, 5, 3), 8, np.float32))
    assert moments.mean[0, 0].tolist() == pytest.approx([100.1, 100.8, 100.1])
    expected = 0.9 * (4 + 0.1)
    assert moments.variance[0, 0].tolist() == pytest.approx([expected, 4, expected])
    assert moments.variance[1, 1].tolist() == pytest.approx([expected] * 3)


@pytest.mark.parametrize("k", [1.5, 6.0])
def test_learning_with_bounds_is_learning_and_then_the_bounds_to_the_bit(k):
    rng = np.random.default_rng(4)
    base = rng.integers(60, 190, (70, 333, 3)).astype(np.uint8)
    one, other = Moments.of(base), Moments.of(base)
    for m in (one, other):
        m.variance += (
            np.float32(6) * rng.random(base.shape, np.float32) if m is one else one.variance
        )
    bounds, plain = Bounds(one, k, 1.1), Bounds(other, k, 1.1)
    bounds.update(TOKEN)
    for seed in range(5):
        x = cv2.add(base, np.rint(rng.normal(0, 4 + seed, base.shape)), dtype=cv2.CV_8U)
        reach = np.maximum(np.sqrt(other.variance), np.float32(1.1)) * np.float32(max(k, REACH))
        bounds.learn(x, TOKEN, 0.07)
        other.learn(x, TOKEN, 0.07, reach)
        plain.update(TOKEN)
        assert np.array_equal(one.offset, other.offset)
        assert np.array_equal(one.variance, other.variance)
        assert one.count == other.count
        assert np.array_equal(bounds.middle, plain.middle)
        y = np.rint(rng.normal(base, 6)).clip(0, 255).astype(np.uint8)
        assert np.array_equal(bounds.outside(y, TOKEN), plain.outside(y, TOKEN))


def test_the_median_of_nine():
    frames = list(np.random.default_rng(3).integers(0, 256, (9, 30, 41, 3)).astype(np.uint8))
    assert np.array_equal(median_of_nine(frames, TOKEN), np.median(frames, axis=0))


@pytest.mark.parametrize("gray", [False, True])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_things_over_noise_of_5_levels(seed, gray):
    film = Film(seed=seed, things=4, gray=gray)
    assert f1(watched(film, 90, against="background")) >= 0.9


@pytest.mark.parametrize("model", ["mog2", "knn"])
@pytest.mark.parametrize("shadows", [False, True])
def test_mixtures_find_things_too(model, shadows):
    film = Film(seed=5, things=4)
    found = f1(watched(film, 100, model=model, shadows=shadows, k=4.5))
    assert found >= 0.75


def test_things_that_are_there_from_the_first_frame_do_not_spoil_the_start():
    film = Film(seed=7, things=8)
    assert f1(watched(film, 90, forget=0.0)) >= 0.9


def test_shadows_are_no_foreground():
    base = photo(120, 160, seed=3).astype(float) * 0.6 + 60
    rng = np.random.default_rng(0)
    noisy = [np.clip(base + rng.normal(0, 2, base.shape), 0, 255) for _ in range(60)]
    share = {}
    for shadows in (False, True):
        model = background(SequenceParams(model="mog2", window=50, shadows=shadows))
        for x in noisy:
            model.apply(x.astype(np.uint8), TOKEN)
        dark = noisy[-1].copy()
        dark[30:90, 40:120] *= 0.7
        share[shadows] = (model.apply(dark.astype(np.uint8), TOKEN)[30:90, 40:120] > 0).mean()
    assert share[False] > 0.9
    assert share[True] < 0.3


@pytest.mark.parametrize("model", ["deviation", "mog2", "knn"])
def test_no_verdict_before_the_window_is_over(model):
    watcher = background(SequenceParams(model=model, window=21))
    assert watcher.picture() is None
    for i, (x, _) in enumerate(Film(seed=1, height=60, width=80).frames(25)):
        mask = watcher.apply(x, TOKEN)
        assert (mask is None) == (i < 21)
    assert np.abs(watcher.picture().astype(int) - x).mean() < 12
    assert watcher.learned


@pytest.mark.parametrize("k", [0.5, 2.0, 3.0, 4.0])
def test_the_rule_holds_for_any_k_and_bounds_are_the_rule(k):
    film = Film(seed=2, height=70, width=90, things=0)
    model = Deviation(k, 60, forget=0.0)
    reel = [x for x, _ in film.frames(80)]
    for x in reel[:60]:
        assert model.apply(x, TOKEN) is None
    m = model.moments
    own = np.sqrt(np.median(m.variance))
    sigma = np.maximum(np.sqrt(m.variance), max(12**-0.5, 0.75 * own))
    for x in reel[60:]:
        expected = (np.abs(x - m.mean) > k * sigma).any(axis=2)
        assert ((model.apply(x, TOKEN) > 0) != expected).mean() < 1e-3  # float32 at the border


def test_a_small_k_does_not_starve_the_deviation():
    model = Deviation(1.5, 40, forget=0.02)
    rng = np.random.default_rng(0)
    for _ in range(600):
        x = np.rint(rng.normal(120, 5, (40, 40))).astype(np.uint8)
        mask = model.apply(x, TOKEN)
    assert float(np.sqrt(np.median(model.moments.variance))) == pytest.approx(5, rel=0.1)
    assert 0.05 < (mask > 0).mean() < 0.25  # 13 % of normal noise


def test_what_stays_is_learned_in_the_end_unless_nothing_is_forgotten():
    rng = np.random.default_rng(0)
    share = {}
    for forget in (0.0, 0.05):
        model = Deviation(4.0, 30, forget)
        for t in range(400):
            x = rng.normal(90, 3, (40, 40))
            x[10:20, 10:20] += 60 * (t > 50)
            mask = model.apply(np.clip(x, 0, 255).astype(np.uint8), TOKEN)
        share[forget] = (mask[10:20, 10:20] > 0).mean()
    assert share[0.0] == 1
    assert share[0.05] < 0.05


def test_cleaning_up():
    mask = np.zeros((40, 40), np.uint8)
    mask[5, 5] = mask[20:30, 20:30] = 255
    mask[25, 25] = 0
    out = cleaned(mask, 1)
    assert out[5, 5] == 0
    assert out[25, 25] == 255
    assert cleaned(mask, 0) is mask


def stills(count, seed=4):
    base = photo(50, 70, seed=seed).astype(float)
    rng = np.random.default_rng(seed)
    return [np.clip(base + rng.normal(0, 3, base.shape), 0, 255).astype(np.uint8)
            for _ in range(count)]  # fmt: skip


def test_a_golden_model_finds_a_defect_and_learns_what_is_approved(tmp_path):
    *good, last = stills(25)
    golden = Golden()
    for x in good:
        golden.approve(x, TOKEN)
    bad = last.copy()
    bad[10:20, 30:40] = 255 - bad[10:20, 30:40]
    off = golden.off(bad, 5.0, TOKEN) > 0
    assert off[10:20, 30:40].mean() > 0.8
    assert off.sum() < 110
    assert golden.off(last, 5.0, TOKEN).astype(bool).mean() < 0.01
    file = tmp_path / "model.npz"
    golden.save(file)
    again = Golden.load(file)
    assert again.count == 24
    assert np.array_equal(again.off(bad, 5.0, TOKEN) > 0, off)
    for _ in range(12):
        again.approve(bad, TOKEN)
    assert (again.off(bad, 5.0, TOKEN) > 0)[10:20, 30:40].mean() < 0.05
    assert [p.name for p in tmp_path.iterdir()] == ["model.npz"]


def test_a_golden_model_says_what_is_wrong(tmp_path):
    golden = Golden()
    with pytest.raises(CompareError, match="no picture"):
        golden.save(tmp_path / "x.npz")
    with pytest.raises(CompareError, match="0 pictures"):
        golden.off(stills(1)[0], 3, TOKEN)
    for x in stills(3):
        golden.approve(x, TOKEN)
    with pytest.raises(CompareError, match=r"70 × 50 px colour.*40 × 50 px gray"):
        golden.approve(np.zeros((50, 40), np.uint8), TOKEN)
    with pytest.raises(WriteError):
        golden.save(tmp_path / "nowhere" / "x.npz")
    with pytest.raises(ReadError, match="could not be read"):
        Golden.load(tmp_path / "none.npz")
    file = tmp_path / "bad.npz"
    m = golden.moments
    whole = {"version": 1, "count": 3}
    whole |= {"base": m.base, "offset": m.offset, "variance": m.variance}
    for changed in (
        {"version": 99}, {"count": 0}, {"base": m.base[:-1]}, {"variance": -m.variance},
        {"offset": m.offset * np.nan}, {"offset": m.offset.astype(float)}, {"version": None},
        {"base": np.uint8(1), "offset": np.float32(1), "variance": np.float32(1)},
    ):  # fmt: skip
        values = {k: np.asarray(v) for k, v in (whole | changed).items()}
        np.savez(file, **values)
        with pytest.raises(ReadError, match=r"bad\.npz"):
            Golden.load(file)
    golden.save(file)
    data = file.read_bytes()
    for damage in (b"", b"hello", data[: len(data) // 2], data[:3000] + b"\0" * 3000 + data[6000:]):
        file.write_bytes(damage)
        with pytest.raises(ReadError, match=r"bad\.npz"):
            Golden.load(file)


@pytest.mark.parametrize("model", ["deviation", "mog2"])
def test_a_frame_that_is_not_learned_from_does_not_count(model):
    watcher = background(SequenceParams(model=model, window=10))
    reel = [x for x, _ in Film(seed=1, height=60, width=80, things=0).frames(20)]
    for x in reel[:9]:
        watcher.apply(x, TOKEN)
    for _ in range(5):
        assert watcher.apply(np.zeros_like(reel[0]), TOKEN, learn=False) is None
    assert watcher.apply(reel[9], TOKEN) is None
    assert watcher.apply(reel[10], TOKEN) is not None
