"""A pass over two sequences, over live ones, and over those that fail."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from core import open_source
from core.buffer import ImageBuffer
from core.errors import Cancelled, CompareError, ReadError
from core.sequence import survey as surveying
from core.sequence.archive import Archive
from core.sequence.pairing import Pairing
from core.sequence.pairs import Pairs
from core.sequence.params import SequenceParams
from core.sequence.selection import Selection
from core.sequence.survey import Question, survey
from core.sequence.types import Verdict
from core.types import Token
from tests.sequence.film import Film, frame
from tests.sequence.reel import LiveReel, Reel
from tests.sequence.test_archive import alike, numbered
from tests.sequence.test_survey import FRAMES, asked, interrupted, same, stored, told

ROOT = Path(__file__).parents[2]


def reel(count=40, seed=6, kind=Reel, first=0):
    shown = list(Film(seed=seed, height=36, width=64).frames(count + first))[first:]
    return kind([frame(i, x, i / 25) for i, (x, _) in enumerate(shown)])


def pair(offset=3):
    a, b = reel(), reel(seed=6, first=2)
    return Question(a, b, Pairing(True, offset), changed_over=0.01)


@pytest.mark.parametrize("offset", [3, -4])
def test_pairs_are_compared_as_pairs_are(monkeypatch, offset):
    monkeypatch.setattr(surveying, "PAUSE", 0.0)
    question = pair(offset)
    both = Pairs(question.b, question.pairing, question.params, Token())
    plain = [p.result for p in both.compare(question.a.frames())]
    with Archive(None) as archive, Archive(None) as part:
        batches = told(question, archive)
        assert all(alike(x, y) for x, y in zip(archive.results(), plain, strict=True))
        assert archive.frames == 40 - abs(offset)
        assert batches[-1].done == batches[-1].total == 40
        assert sorted(archive.thumbnails(range(99))) == [r.index for r in plain]
        interrupted(pair(offset), part, 17, "close")
        assert part.frames < 20
        known = part.frames
        again = pair(offset)
        told(again, part)
        assert min(again.a.asked) == part.results()[known].index
        same(stored(part), stored(archive))


def test_unreadable_frames_are_results_and_damage_nothing():
    broken = [
        replace(f, image=None, problem="It is broken.") if f.index == 30 else f for f in FRAMES
    ]
    with Archive(None) as archive:
        told(asked(Reel(broken)), archive)
        found = archive.result(30)
        assert found.verdicts == (Verdict.UNREADABLE,)
        assert found.problem == "It is broken."
        assert archive.thumbnail(30) is None
        assert archive.nearest(30) == 29
        assert archive.frames == len(FRAMES)


def test_what_is_complete_is_told_without_a_look_at_the_frames():
    with Archive(None) as archive:
        first = told(asked(), archive)
        source = Reel(FRAMES)
        (batch,) = told(asked(source), archive)
        assert source.asked == []
        assert len(batch.results) == batch.done == batch.total == len(FRAMES)
        assert {repr(e) for e in batch.over} == {repr(e) for b in first for e in b.over}


def test_events_are_those_of_the_limit_that_is_asked_for():
    params = {"against": "background", "window": 15}
    question = Question(reel(60), params=SequenceParams(**params), changed_over=0.0005)
    with Archive(None) as archive, Archive(None) as fresh:
        told(question, archive)
        other = replace(question, changed_over=0.9)
        told(other, archive)
        told(other, fresh)
        assert archive.events() == fresh.events()
        told(question, archive)
        assert archive.events() != fresh.events()


def test_a_selection_of_nothing_is_complete():
    with Archive(None) as archive:
        batches = told(replace(asked(), selection=Selection(start=10_000)), archive)
        assert [b.results for b in batches] == [()]
        assert archive.complete
        assert archive.frames == 0


def test_a_source_that_goes_away_leaves_what_is_known():
    source = Reel(FRAMES)

    def gone(index):
        if index == 30:
            raise ReadError("The video is gone.")

    source.on_read = gone
    with Archive(None) as archive, Archive(None) as whole:
        with pytest.raises(ReadError, match="gone"):
            told(asked(source), archive)
        assert archive.frames == 30
        told(asked(), archive)
        told(asked(), whole)
        same(stored(archive), stored(whole))


def test_a_reference_of_another_size_is_refused():
    reference = ImageBuffer.from_array(np.zeros((10, 20, 3), np.uint8))
    question = replace(asked(against="reference"), reference=reference)
    with Archive(None) as archive:
        with pytest.raises(CompareError, match="reference is of 20 × 10 px"):
            told(question, archive)
        assert archive.frames == 0
        assert archive.state() is None


def test_two_passes_at_once_store_what_one_does(tmp_path):
    with Archive(tmp_path / "x.sqlite") as archive, Archive(None) as single:
        threads = [threading.Thread(target=told, args=(asked(), archive)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        told(asked(), single)
        assert archive.problem == ""
        same(stored(archive), stored(single))


def test_live_frames_are_told_as_they_come_and_the_oldest_are_forgotten():
    source = reel(120, kind=LiveReel)
    source.waits = True
    token = Token()
    with Archive(None) as archive:
        archive.add(numbered(5))
        done = 0
        for batch in survey(Question(source), archive, token, most=30):
            assert batch.total is None
            done += len(batch.results)
            assert batch.done == done
            if done == 120:  # nothing more comes, and what came was told
                break
        kept = [r.index for r in archive.results()]
        assert kept[-1] == 119
        assert 30 <= len(kept) <= 33
        assert kept == list(range(kept[0], 120))
        assert archive.nearest(0) == kept[0]
        assert archive.state() is None


def test_a_live_pass_ends_with_its_token():
    source = reel(20, kind=LiveReel)
    source.waits = True
    token = Token()
    source.on_read = lambda i: token.cancel() if i == 19 else None
    with Archive(None) as archive, pytest.raises(Cancelled):
        told(Question(source), archive, token)


def test_a_live_source_that_ends_is_complete():
    with Archive(None) as archive:
        batches = told(Question(reel(20, kind=LiveReel)), archive)
        assert sum(len(b.results) for b in batches) == 20
        assert archive.complete


def test_live_pairs():
    question = Question(reel(20, kind=LiveReel), reel(20, kind=LiveReel), Pairing(True, 2))
    with Archive(None) as archive:
        told(question, archive)
        assert [r.index for r in archive.results()] == list(range(18))


def test_a_second_source_needs_a_pairing():
    with pytest.raises(ValueError, match="go together"):
        Question(reel(), reel())


CRASH = """
import os, sys
from pathlib import Path
from core import open_source
from core.sequence import _passes, survey as surveying
from core.sequence.archive import Archive
from core.sequence.params import SequenceParams
from core.types import Token

surveying.PAUSE, surveying.STATE_SECONDS, _passes._RATIO = 0.0, 1e-9, 0
source = open_source(sys.argv[1], isolated=False)
params = SequenceParams(against="background", window=8)
question = surveying.Question(source, params=params)
for batch in surveying.survey(question, Archive(Path(sys.argv[2])), Token()):
    if batch.done == 21:
        os._exit(9)
"""


def test_a_program_that_died_goes_on_exactly(tmp_path):
    folder, path = tmp_path / "shown", tmp_path / "x.sqlite"
    folder.mkdir()
    for i, (x, _) in enumerate(Film(seed=2, height=54, width=96).frames(30)):
        cv2.imwrite(str(folder / f"f_{i:02}.png"), x)
    command = [sys.executable, "-c", CRASH, str(folder), str(path)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 9, done.stderr
    source = open_source(folder, isolated=False)
    question = Question(source, params=SequenceParams(against="background", window=8))
    with Archive(path) as part, Archive(None) as whole:
        assert (part.frames, part.complete, part.problem) == (21, False, "")
        assert part.state()[0] in (19, 20)
        batches = told(question, part)
        assert len(batches[0].results) == 21
        assert not any(b.again > 1 for b in batches)
        told(question, whole)
        same(stored(part), stored(whole))
    source.close()
