"""The analysis: every frame gets its result, whatever it is compared with; things and events."""

from __future__ import annotations

import itertools
import json
import math
import tracemalloc

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.errors import Cancelled, CompareError
from core.sequence.analysis import analyse
from core.sequence.events import Events
from core.sequence.golden import Golden
from core.sequence.params import SequenceParams
from core.sequence.result import FrameResult
from core.sequence.tracks import Thing, Tracker, things
from core.sequence.types import Frame, Verdict
from core.types import Rect, Token
from tests.make import photo
from tests.sequence.film import Film, damaged, frame

V = Verdict
SMALL = {"height": 90, "width": 120}


def reel(count, **film):
    shown = Film(**(SMALL | film)).frames(count)
    return [frame(i, x, i / 25) for i, (x, _) in enumerate(shown)]


def results(frames, reference=None, masks=False, **params):
    return list(
        analyse(iter(frames), SequenceParams(**params), Token(), reference=reference, masks=masks)
    )


def test_frames_are_compared_with_the_one_before():
    frames = reel(6, seed=1)
    frames.insert(3, Frame(99, 0.1, None, "x", "It is broken."))
    found = results(frames, tolerance=20)
    assert [r.index for r in found] == [0, 1, 2, 99, 3, 4, 5]
    assert math.isnan(found[0].l1_per_pixel)
    assert found[3].problem == "It is broken."
    assert found[3].verdicts == (V.UNREADABLE,)
    for before, now, r in [(2, 4, found[4]), (4, 5, found[5])]:
        away = np.abs(frames[before].image.data.astype(int) - frames[now].image.data)
        assert r.l1_per_pixel == pytest.approx(away.sum() / (90 * 120))
        assert r.changed_share == pytest.approx((away.max(axis=2) > 20).mean())
        assert r.hist_kl > 0
        assert math.isnan(r.foreground_share)


@pytest.mark.parametrize("against", ["first", "reference"])
def test_frames_are_compared_with_one(against):
    frames = reel(5, seed=2)
    other = frames[0].image if against == "first" else ImageBuffer.from_array(photo(90, 120))
    found = results(frames, against=against, reference=None if against == "first" else other)
    for r, f in zip(found, frames, strict=True):
        away = np.abs(f.image.data.astype(int) - other.data).sum() / (90 * 120)
        expected = math.nan if against == "first" and r.index == 0 else away
        assert r.l1_per_pixel == pytest.approx(expected, nan_ok=True) or r.index == 0
    with pytest.raises(CompareError, match="120 × 80 px"):
        results(frames, against="reference", reference=ImageBuffer.from_array(photo(80, 120)))


def test_a_golden_model_is_a_reference():
    golden, token = Golden(), Token()
    for f in reel(30, seed=3, things=0):
        golden.approve(f.image.data, token)
    found = results(reel(8, seed=3, things=3), golden, against="reference")
    plain = results(reel(8, seed=3, things=0), golden, against="reference")
    assert all(r.foreground_share > 0.01 for r in found[1:])
    assert all(r.foreground_share < 0.002 for r in plain)
    with pytest.raises(CompareError, match="0 pictures"):
        results(reel(2), Golden(), against="reference")


def test_the_background_and_what_is_in_front_of_it():
    film = Film(seed=4, height=120, width=160, things=1)
    truth = [seen for _, seen in film.frames(70)]
    frames = [frame(i, x) for i, (x, _) in enumerate(film.frames(70))]
    found = results(frames, against="background", window=40, masks=True)
    assert all(math.isnan(r.foreground_share) for r in found[:40])
    for r in found[40:]:
        assert r.foreground_share == pytest.approx(truth[r.index].mean(), abs=0.01)
        assert np.count_nonzero(r.mask) == round(r.foreground_share * r.mask.size)
    assert {t.number for r in found[40:] for t in r.tracks[:1]} == {1}
    assert results(frames, against="background", window=40)[-1].mask is None


def test_the_background_does_not_learn_damage_and_begins_anew_after_a_cut():
    sound = reel(60, seed=5, things=0)
    black = [frame(i, np.zeros_like(sound[0].image.data)) for i in range(3)]
    params = {"against": "background", "window": 30, "forget": 0.5}
    found = results([*sound[:40], *black, *sound[40:]], **params)
    assert all(r.foreground_share > 0.9 for r in found[40:43])
    assert all(r.foreground_share < 0.01 for r in found[43:])
    found = results([*sound[:40], *reel(50, seed=77, things=0)], **params)
    assert math.isnan(found[45].foreground_share)
    assert found[-1].foreground_share < 0.01


def test_light_and_camera_are_taken_out_and_flow_is_told():
    frames = reel(8, seed=6, things=0, drift=0.3, shake=2.0, height=120, width=160)
    plain = results(frames, against="first")
    steady = results(frames, against="first", light=True, shake="similarity", flow="points")
    for a, b in zip(plain[1:], steady[1:], strict=True):
        assert b.l1_per_pixel < a.l1_per_pixel
        assert 0 < b.camera_px < 12
        assert b.camera_moving < 0.3
        assert 0 < b.flow_mean_px < 12
        assert b.flow_p95_px >= b.flow_mean_px
    before = results(frames, light=True, shake="translation")
    assert before[3].l1_per_pixel < results(frames)[3].l1_per_pixel


def test_results_come_at_once_but_for_unusual_frames():
    given = []

    def source():
        for f in [*reel(20, seed=7), frame(20, photo(90, 120, seed=8)), *reel(3, seed=7)]:
            given.append(f)
            yield f

    waits = []
    for n, _ in enumerate(analyse(source(), SequenceParams(), Token()), 1):
        waits.append(len(given) - n)
    assert waits == [0] * 20 + [1, 0, 0, 0]


def test_all_kinds_of_frames_have_results_in_order():
    film = damaged(Film(seed=8, **SMALL), ("unreadable", "noise", "cut", "dropped", "foreign"), 4)
    small = frame(1000, photo(50, 60))
    gray = frame(1001, film.frames[-1].image.data[..., 0].copy())
    deep = Frame(
        1002, math.nan, ImageBuffer.from_array(film.frames[-2].image.data.astype(np.uint16) * 257),
        "deep",
    )  # fmt: skip
    found = results([*film.frames, small, gray, deep])
    assert [r.index for r in found] == [*(f.index for f in film.frames), 1000, 1001, 1002]
    for r, expected in zip(found, film.expected, strict=False):
        assert set(r.verdicts) & (expected or {V.OK})
    assert found[-3].verdicts == (V.UNREADABLE,)
    assert "60 × 50" in found[-3].problem
    assert math.isfinite(found[-2].l1_per_pixel)
    assert found[-1].l1_per_pixel > 0


def test_json_has_its_names_and_no_nan():
    found = results(reel(3))
    names = [
        *("index", "time", "l1_per_pixel", "changed_share", "foreground_share", "hist_kl"),
        *("flow_mean_px", "verdicts"),
    ]
    for r in found:
        plain = r.to_dict()
        assert list(plain) == names
        json.dumps(plain, allow_nan=False)
    assert found[0].to_dict()["l1_per_pixel"] is None
    assert found[1].to_dict()["verdicts"] == ["ok"]


def test_it_stops_when_it_is_told_to():
    token = Token()
    endless = (frame(i, photo(40, 50, seed=i % 3)) for i in itertools.count())
    found = analyse(endless, SequenceParams(), token)
    assert next(found).index == 0
    token.cancel()
    with pytest.raises(Cancelled):
        next(found)


def test_memory_does_not_grow():
    shown = [x for x, _ in Film(height=40, width=50).frames(40)]
    frames = (frame(i, shown[i % 40]) for i in range(400))
    params = SequenceParams(against="background", flow="dense", window=20)
    tracemalloc.start()
    sizes = [tracemalloc.get_traced_memory()[0] for _ in analyse(frames, params, Token())]
    tracemalloc.stop()
    assert max(sizes[250:]) - max(sizes[100:250]) < 100_000


def thing(row, col, side=10):
    return Thing(Rect(row, col, side, side), side * side, (row + side / 2, col + side / 2))


def test_things_keep_their_numbers_when_they_cross_and_hide():
    tracker = Tracker()
    for t in range(30):
        found = [thing(20, 5 + 4 * t), thing(22, 125 - 4 * t)]
        if 14 <= t <= 16:  # behind something
            found = []
        numbers = [x.number for x in tracker.next(tuple(found), t)]
        assert numbers in ([1, 2], [])
    assert [x.number for x in tracker.next((thing(20, 125), thing(80, 80)), 30)] == [1, 3]
    assert tracker.next((), 31) == ()
    last = tracker.next((thing(80, 80),), 60)[0]
    assert (last.number, last.born, last.frames) == (4, 60, 1)


def test_a_fast_thing_is_followed_without_overlap_but_not_over_any_distance():
    tracker = Tracker()
    assert tracker.next((thing(0, 0),), 0)[0].number == 1
    assert tracker.next((thing(0, 9, 12),), 1)[0].number == 1
    assert tracker.next((thing(0, 21),), 2)[0].speed[1] > 9
    assert tracker.next((thing(60, 90),), 3)[0].number == 2


def test_the_things_of_a_mask():
    mask = np.zeros((50, 60), np.uint8)
    mask[5:15, 10:30] = mask[40:44, 50:54] = mask[30, 30] = 255
    big, small = things(mask, 2)
    assert big == Thing(Rect(5, 10, 10, 20), 200, (9.5, 19.5))
    assert small.rect == Rect(40, 50, 4, 4)
    assert len(things(mask, 1)) == 3
    assert things(mask, 500) == ()
    specks = np.zeros((100, 100), np.uint8)
    specks[::4, ::4] = 255
    assert len(things(specks, 1)) == 128


def events(rows, **limits):
    collector, out = Events(**limits), []
    for i, (share, *verdicts) in enumerate(rows):
        result = FrameResult(i, i / 10, "", foreground_share=share, verdicts=tuple(verdicts))
        out += collector.add(result)
    return [(e.kind, e.start, e.end, e.frames) for e in out + collector.finish()]


def test_flicker_is_one_event():
    none = math.nan
    rows = [(none,)] * 3 + [(none, V.BLACK), (none,)] * 5 + [(none,)] * 6 + [(none, V.BLACK)]
    assert events(rows, quiet=3) == [("black", 3, 11, 5), ("black", 19, 19, 1)]
    assert len(events(rows, quiet=0)) == 6
    shares = [0.0, 0.5, 0.0, 0.5, 0.6, 0.15, 0.05, 0.15, *[0.0] * 4, 0.15, 0.5, none, 0.7]
    assert events([(s,) for s in shares], high=0.4, low=0.1, begin=2, quiet=2) == [
        ("foreground", 3, 7, 4),
        ("foreground", 13, 15, 2),
    ]
    with pytest.raises(ValueError, match="low"):
        Events(high=0.1, low=0.2)


def test_cuts_are_moments_and_every_event_says_what_it_is():
    rows = [(0.0, V.CUT), (0.0, V.CUT, V.FLASH), (0.0, V.DROPPED)]
    assert [e[:2] for e in events(rows)] == [
        ("cut", 0), ("cut", 1), ("dropped", 2), ("flash", 1)
    ]  # fmt: skip
    collector = Events(begin=1)
    every = tuple(v for v in V if v is not V.OK)
    said = collector.add(FrameResult(7, 0.7, "", foreground_share=0.25, verdicts=every))
    said += collector.finish()
    assert {e.kind for e in said} == {*map(str, every), "foreground"}
    assert all("7" in e.what and e.what.endswith(".") and e.start_time == 0.7 for e in said)
    assert "25 %" in next(e for e in said if e.kind == "foreground").what
