"""The noise of a pair, as the engine uses it."""

from __future__ import annotations

import numpy as np
import pytest

from core import ImageBuffer, Settings, compare
from core.cache import Cache
from core.engine import iterate
from core.errors import Cancelled
from core.noise import criterion, model
from core.noise.of import noise_of
from core.noise.params import NoiseParams
from core.parallel import in_order
from core.pipeline import Pipeline
from core.result import Request
from core.types import Rect, Token
from tests.core.noise.scenes import Arrays, capture, prepared, scene

ON = Settings.from_dict({"noise": {"enabled": True}})


def pair(size=(500, 900), channels=1, camera=(0.3, 1.5), seed=1):
    rng = np.random.default_rng(seed)
    clean = scene("ramp", *size, channels)
    changed = clean.copy()
    changed[300:310, 500:520] += 40
    return capture(clean, *camera, rng), capture(changed, *camera, rng)


def test_swapped_pictures_have_the_same_noise():
    a, b = pair(channels=3)
    there, back = prepared(a, b), prepared(b, a)
    assert there.curves.difference == pytest.approx(back.curves.difference, rel=0.01)
    assert there.curves.a == pytest.approx(back.curves.b, rel=1e-3)
    ends = [n.threshold(NoiseParams()) for n in (there, back)]
    assert ends[0].found == pytest.approx(ends[1].found, abs=8)


def test_threads_change_nothing():
    a, b = pair()
    source = Arrays(a, b)
    alone, many = model.prepare(source, Token()), model.prepare(source, Token(), in_order)
    assert (alone.evidence == many.evidence).all()
    assert (alone.share == many.share).all()


def test_evidence_made_again_is_what_was_kept(monkeypatch):
    a, b = (ImageBuffer.from_array(x) for x in pair(channels=3))
    kept = compare(a, b, ON)
    monkeypatch.setattr(model, "KEPT", 0)
    again = compare(a, b, ON)
    assert kept.over == again.over > 100
    assert kept.regions == again.regions
    assert model.prepare(Arrays(*pair()), Token()).evidence is None


@pytest.mark.parametrize("shape", [(500, 900), (33, 20_000), (3, 5), (1, 1), (2000, 40)])
def test_strips_and_patches_cover_the_canvas(shape):
    seen = np.zeros(shape, np.uint8)
    for rect in model.strips(shape):
        assert rect.row % 32 == rect.col % 32 == 0
        seen[rect.slices] += 1
    assert (seen == 1).all()
    seen[:] = 0
    canvas = Rect(0, 0, *shape)
    for rect in model.patches(shape, 24, 128):
        assert not rect.empty
        assert rect.intersect(canvas) == rect
        seen[rect.slices] += 1


def test_a_large_canvas_is_surveyed_in_part_and_counted_as_a_whole(monkeypatch):
    a, b = pair((1600, 1500))
    whole = prepared(a, b)
    monkeypatch.setattr(model, "SURVEYED", 1 << 19)
    part = prepared(a, b)
    assert part.curves.pixels < 0.4 * whole.curves.pixels
    assert part.counts.sum() == a.size
    assert part.curves.difference == pytest.approx(whole.curves.difference, rel=0.05)


def test_invalid_pixels_do_not_count_and_what_is_not_wanted_is_not_counted():
    a, b = pair()
    valid = np.full(a.shape, 255, np.uint8)
    valid[:, :200] = 0
    b[:, :200] = 255 - b[:, :200]
    noise = prepared(a, b, valid=valid)
    assert noise.counts.sum() == a.size * 7 // 9
    assert (noise.evidence[:, :200] == 0).all()
    wanted = np.zeros(a.shape, np.uint8)
    wanted[280:340, 450:600] = 255
    there = prepared(a, b, valid=valid, wanted=wanted)
    assert there.counts.sum() == 60 * 150
    assert there.curves.pixels == noise.curves.pixels
    low, high = (n.threshold(NoiseParams()).value for n in (there, noise))
    assert low < high  # of fewer pixels more have changed


def test_the_noise_is_made_once_for_all_rates_and_tolerances(monkeypatch):
    a, b = (ImageBuffer.from_array(x) for x in pair())
    cache, made = Cache(), []
    prepare = model.prepare
    monkeypatch.setattr("core.noise.of.prepare", lambda *x: made.append(1) or prepare(*x))
    for change in ({"rate": 0.01}, {"control": "pixels"}, {}):
        settings = Settings.from_dict({"noise": {"enabled": True, **change}})
        pipeline = Pipeline(a, b, settings, cache)
        first = noise_of(pipeline)
        assert noise_of(pipeline, in_order) is first
    assert len(made) == 1
    blurred = Settings.from_dict({"noise": {"enabled": True}, "blur": {"enabled": True}})
    assert noise_of(Pipeline(a, b, blurred, cache)) is not first


def test_work_ends_when_it_is_no_longer_wanted():
    token = Token()
    token.cancel()
    with pytest.raises(Cancelled):
        model.prepare(Arrays(*pair()), token)


def test_who_needs_it():
    from core.measures.noise import MEASURE

    off = Settings()
    assert not criterion.needs_noise(off, ())
    assert criterion.needs_noise(off, [MEASURE])
    assert criterion.needs_noise(ON, ())
    assert criterion.needs_noise(Settings.from_dict({"difference": {"map": "noise"}}), ())


def test_summary_says_the_threshold():
    a, b = (ImageBuffer.from_array(x) for x in pair())
    assert compare(a, b, ON).summaries["noise"].startswith("over 4.")
    assert "noise" not in compare(a, b).summaries


def test_a_preview_has_a_map_of_its_own_noise():
    a, b = (ImageBuffer.from_array(x) for x in pair((1300, 1900)))
    settings = Settings.from_dict({"difference": {"map": "noise"}, "noise": {"enabled": True}})
    events = list(iterate(Request(a, b, settings, preview=True), Token(), Cache()))
    preview = events[0]
    assert preview.codes.shape == preview.tile.a.shape[:2] != a.shape
    assert preview.codes[150:155, 250:260].mean() > 20  # where the change is
    assert np.median(preview.codes) < 6  # 1.5 σ


def test_a_place_that_alone_counts_decides_the_rate():
    a, b = (ImageBuffer.from_array(x) for x in pair())
    all_of_it = compare(a, b, ON)
    settings = Settings.from_dict(
        {"noise": {"enabled": True}, "places": {"only": "rect 450,280 150x60"}}
    )
    part = compare(a, b, settings)
    names = ("noise_threshold", "noise_expected_false")
    assert part.pixels == 150 * 60
    assert part.measures[names[0]].value < all_of_it.measures[names[0]].value
    assert part.measures[names[1]].value <= 0.05 * part.over + 0.05
