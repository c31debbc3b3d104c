"""A pass over a sequence: what it tells and stores, and that stopping it changes nothing."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import Cancelled
from core.sequence import _passes
from core.sequence import survey as surveying
from core.sequence._looks import hist_kl
from core.sequence.analysis import analyse
from core.sequence.archive import SPACING, Archive
from core.sequence.params import SequenceParams
from core.sequence.pixels import as_bytes, differ
from core.sequence.selection import Selection
from core.sequence.starts import Watcher
from core.sequence.stored import smaller
from core.sequence.survey import Question, survey
from core.sequence.types import Verdict
from core.types import Token
from tests.sequence.film import Film, damaged, frame
from tests.sequence.reel import Reel
from tests.sequence.test_archive import alike

KINDS = ("black", "cut", "half before", "duplicate", "dropped", "frozen", "foreign", "unreadable")
FILM = Film(seed=3, height=72, width=128, shake=0.5, drift=0.05)
FRAMES = damaged(FILM, KINDS, every=4).frames
PLACES = st.integers(1, len(FRAMES) - 1)
WAYS = {
    "previous": {},
    "background": {"against": "background", "window": 20},
    "short window": {"against": "background", "window": 6, "light": True},
    "first": {"against": "first", "light": True, "shake": "similarity", "flow": "dense"},
    "points": {"against": "background", "window": 18, "shake": "translation", "flow": "points"},
    "mixture": {"against": "background", "model": "mog2", "window": 10},
}


def asked(source=None, **params):
    return Question(source or Reel(FRAMES), params=SequenceParams(**params))


def told(question, archive, token=None, **more):
    return list(survey(question, archive, token or Token(), **more))


def stored(archive):
    """Return all that an archive says but for the bytes of its file."""
    results = archive.results()
    indices = [r.index for r in results]
    masks = {i: archive.foreground(i) for i in indices}
    backgrounds = {i: archive.background(i) for i in indices}
    return results, masks, backgrounds, archive.thumbnails(indices), archive.counts(), archive


def same(one, other):
    for a, b in zip(one[0], other[0], strict=True):
        assert alike(a, b), (a, b)
    for known, also in zip(one[1:4], other[1:4], strict=True):
        assert known.keys() == also.keys()
        for index, value in known.items():
            np.testing.assert_equal(also[index], value)
    for a, b in zip(one[4], other[4], strict=True):
        np.testing.assert_array_equal(a, b)
    events = [[repr(e) for e in x[5].events()] for x in (one, other)]
    assert events[0] == events[1]
    assert one[5].complete
    assert other[5].complete


@pytest.mark.parametrize("way", WAYS)
def test_it_says_what_the_analysis_says(way):
    question = asked(**WAYS[way])
    with Archive(None) as archive:
        batches = told(question, archive)
        plain = list(analyse(iter(FRAMES), question.params, Token(), rate=25, masks=True))
        results = [r for b in batches for r in b.results]
        assert len(results) == len(plain) == len(FRAMES)
        for r, known, expected in zip(results, archive.results(), plain, strict=True):
            assert r.mask is None
            assert alike(r, expected)
            assert alike(known, expected)
            small = archive.foreground(r.index)
            assert (small is None) == (expected.mask is None)
            if small is not None:
                assert np.array_equal(small, smaller(expected.mask, most=True))
        assert archive.complete
        watcher = Watcher(question.changed_over)
        news = [watcher.next(r) for r in plain]
        over = [e for n in news for e in n.over] + watcher.rest()
        assert [repr(e) for b in batches for e in b.over] == [repr(e) for e in over]
        assert [s for b in batches for s in b.begun] == [s for n in news for s in n.begun]
        assert sorted(map(repr, archive.events())) == sorted(map(repr, over))
        assert (batches[-1].done, batches[-1].total) == (len(FRAMES),) * 2


def test_thumbnails_and_counts_are_those_of_the_frames():
    with Archive(None) as archive:
        told(asked(), archive)
        results = archive.results()
        indices, counts = archive.counts()
        sound = [f.index for f in FRAMES if f.image is not None]
        assert indices.tolist() == sound == sorted(archive.thumbnails(range(999)))
        tables = dict(zip(sound, counts, strict=True))
        for index, table in tables.items():
            pixels = as_bytes(FRAMES[index].image)
            planes = [np.bincount(pixels[..., c].ravel(), minlength=256) for c in range(3)]
            assert np.array_equal(table, planes)
        for before, now in itertools.pairwise(sound):
            assert hist_kl(tables[before], tables[now]) == results[now].hist_kl


def shown(count, first=0, inverted=False, **film):
    reel = Film(**({"height": 72, "width": 128} | film)).frames(count)
    pictures = (255 - x if inverted else x for x, _ in reel)
    return [frame(first + i, x, (first + i) / 25) for i, x in enumerate(pictures)]


def test_backgrounds_are_those_that_frames_were_compared_with():
    frames = shown(620, seed=5)
    cut = shown(80, first=620, inverted=True, seed=9)
    question = asked(Reel(frames + cut), against="background", window=20, tolerance=12)
    with Archive(None) as archive:
        told(question, archive)
        results = archive.results()
        assert Verdict.CUT in results[620].verdicts
        at = {x[0] for i in range(700) if (x := archive.background(i)) is not None}
        first = 19
        assert {first, first + SPACING, first + 2 * SPACING} <= at
        assert len(at) == 4
        assert archive.background(first - 1) is None
        assert archive.background(622) is None  # of the new scene nothing is known yet
        again = max(at)
        assert 620 + 19 <= again <= 620 + 22
        for index in at - {first, again}:
            found = archive.background(index)[1]
            away = differ(found, as_bytes(frames[index].image), 12, Token())
            assert away.l1_per_pixel == results[index].l1_per_pixel
            assert away.changed_share == results[index].changed_share


def interrupted(question, archive, after, how):
    """Look at frames until so many were read; stop as a person or a crash would."""
    token = Token()
    passes = survey(question, archive, token)
    try:
        for batch in passes:
            if batch.done >= after:
                if how == "close":
                    passes.close()
                    return
                token.cancel()
    except Cancelled:
        assert how == "cancel"


@pytest.fixture
def at_once(monkeypatch):
    """Every result is told by itself."""
    monkeypatch.setattr(surveying, "PAUSE", 0.0)


@pytest.mark.parametrize("how", ["cancel", "close"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.usefixtures("at_once")
def test_a_pass_that_was_stopped_goes_on_as_if_it_was_not(tmp_path, way, how):
    with Archive(None) as archive:
        told(asked(**WAYS[way]), archive)
        whole = stored(archive)
        path = tmp_path / "x.sqlite"
        stops = (1, 9, 22, 23, 40, 63)
        for stop in stops:
            with Archive(path) as part:
                before = part.frames
                interrupted(asked(**WAYS[way]), part, stop, how)
                assert part.problem == ""
                assert not part.complete
                assert part.frames >= stop > before
                assert [r.index for r in part.results()] == list(range(part.frames))
                assert (part.state() is None) == (way == "mixture")
        with Archive(path) as part:
            known = part.frames
            source = Reel(FRAMES)
            batches = told(asked(source, **WAYS[way]), part)
            assert len(batches[0].results) == known
            results = [r.index for b in batches for r in b.results]
            assert results == list(range(len(FRAMES)))
            again = sum(i <= known for i in source.asked)
            assert again <= 2 or way == "mixture"  # no more than those that waited
            same(stored(part), whole)


@pytest.mark.parametrize("way", ["previous", "background"])
@pytest.mark.usefixtures("at_once")
def test_a_pass_that_crashed_goes_on_from_its_last_state(tmp_path, way, monkeypatch):
    monkeypatch.setattr(surveying, "STATE_SECONDS", 1e-9)
    monkeypatch.setattr(_passes, "_RATIO", 0)
    question = asked(**WAYS[way])
    with Archive(None) as archive:
        told(question, archive)
        whole = stored(archive)
        path = tmp_path / "x.sqlite"
        with Archive(path) as part:
            passes = survey(question, part, Token())
            kept = None
            for batch in passes:
                if batch.done >= 30 and kept is None:
                    kept = part.state()
                if batch.done >= 45:
                    break
            part.close()  # what is stored from here on is lost, as in a crash
            passes.close()
        with Archive(path) as part:
            assert kept is not None
            part.keep_state(*kept)  # an old one: results are ahead of it
            assert part.frames >= 45 > kept[0]
            source = Reel(FRAMES)
            told(asked(source, **WAYS[way]), part)
            assert min(source.asked) == kept[0] + 1
            same(stored(part), whole)
        with Archive(tmp_path / "y.sqlite") as part:
            interrupted(question, part, 45, "close")
            part.keep_state(part.state()[0], b"damaged" * 99)
            source = Reel(FRAMES)
            batches = told(asked(source, **WAYS[way]), part)
            assert min(source.asked) == 0
            assert any(b.again for b in batches)
            same(stored(part), whole)


@settings(deadline=None, max_examples=15)
@given(
    st.lists(PLACES, min_size=1, max_size=4),
    st.integers(1, 3),
    st.integers(0, 5),
)
def test_it_may_be_stopped_anywhere(stops, every, start):
    chosen = Selection(start, every)
    question = replace(asked(**WAYS["short window"]), selection=chosen)
    with Archive(None) as archive, Archive(None) as part:
        told(question, archive)
        for stop in stops:
            token, source = Token(), Reel(FRAMES)
            source.on_read = lambda i, stop=stop, token=token: token.cancel() if i >= stop else None
            try:
                told(replace(question, a=source), part, token)
            except Cancelled:
                assert not part.complete
        told(question, part)
        same(stored(part), stored(archive))
        assert [r.index for r in part.results()] == list(range(start, len(FRAMES), every))
