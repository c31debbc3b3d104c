"""Where stored results lie, what they are called, and which of them go first."""

from __future__ import annotations

import os
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import open_source
from core.buffer import ImageBuffer
from core.sequence import archives, states
from core.sequence.archive import Archive
from core.sequence.archives import archive_path, cache_folder, opened, prune, question_key
from core.sequence.golden import Golden
from core.sequence.pairing import Pairing
from core.sequence.params import SequenceParams
from core.sequence.selection import Selection
from core.sequence.survey import Question, survey
from core.types import Token
from tests.make import photo
from tests.sequence.film import frame
from tests.sequence.reel import LiveReel, Reel

PIXELS = photo(20, 36, seed=1)


@pytest.fixture
def folder(tmp_path):
    shown = tmp_path / "shown"
    shown.mkdir()
    for i in range(4):
        cv2.imwrite(str(shown / f"f_{i}.png"), np.roll(PIXELS, i, axis=1))
    return shown


def key(folder, **more):
    source = open_source(folder, isolated=False)
    try:
        return question_key(Question(source, **more))
    finally:
        source.close()


@pytest.mark.parametrize(
    ("platform", "environment", "where"),
    [
        ("linux", {"HOME": "/h", "XDG_CACHE_HOME": "/x"}, "/x/pairlens/sequences"),
        ("linux", {"HOME": "/h", "XDG_CACHE_HOME": "not/absolute"}, "/h/.cache/pairlens/sequences"),
        ("linux", {"HOME": "/h"}, "/h/.cache/pairlens/sequences"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Caches/pairlens/sequences"),
        ("win32", {"HOME": "/h", "LOCALAPPDATA": "/l"}, "/l/pairlens/sequences"),
        ("win32", {"HOME": "/h"}, "/h/AppData/Local/pairlens/sequences"),
        ("win32", {"HOME": "/h", "PAIRLENS_CACHE": "/p"}, "/p/sequences"),
        ("linux", {"XDG_CACHE_HOME": "/x", "PAIRLENS_CACHE": "/p"}, "/p/sequences"),
    ],
)
def test_they_lie_where_the_system_keeps_such_files(monkeypatch, platform, environment, where):
    for name in ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "PAIRLENS_CACHE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(archives.sys, "platform", platform)
    assert cache_folder() == Path(where)
    assert archive_path("abc") == Path(where) / "abc.sqlite"
    assert archive_path("abc", Path("/other")) == Path("/other/abc.sqlite")


def test_the_same_question_has_the_same_key(folder, monkeypatch):
    first = key(folder)
    assert first == key(folder) == key(str(folder)) == key(f"{folder}/")
    monkeypatch.chdir(folder.parent)
    assert key("shown") == first
    assert len(first) == 40


def test_whatever_decides_the_results_makes_another_key(folder):
    b = Reel([], address=str(folder))
    golden = Golden()
    for i in range(3):
        golden.approve(np.roll(PIXELS, i, axis=0), Token())
    few = Golden()
    for i in range(2):
        few.approve(np.roll(PIXELS, i, axis=0), Token())
    questions = [
        {},
        {"params": SequenceParams(tolerance=11)},
        {"params": SequenceParams(against="first")},
        {"selection": Selection(1)},
        {"selection": Selection(0, 2)},
        {"selection": Selection(0, 1, 3)},
        {"reference": ImageBuffer.from_array(PIXELS)},
        {"reference": ImageBuffer.from_array(PIXELS[::-1])},
        {"reference": golden},
        {"reference": few},
        {"b": b, "pairing": Pairing(True, 0)},
        {"b": b, "pairing": Pairing(True, 1)},
        {"b": b, "pairing": Pairing(True, 1, 0.5, rate_a=10, rate_b=20)},
    ]
    keys = [key(folder, **q) for q in questions]
    keys += [key(folder / "f_1.png"), key(folder / "f_%d.png")]
    assert None not in keys
    assert len(set(keys)) == len(keys)
    source = Reel([], address=str(folder))
    assert question_key(Question(source)) != question_key(Question(source), reading="as stored")
    other = Reel([], address=str(folder), rate=30)
    assert question_key(Question(source)) != question_key(Question(other))


def test_the_limit_of_events_decides_no_result(folder):
    assert key(folder) == key(folder, changed_over=0.5)


@pytest.mark.parametrize("change", ["touch", "grow", "more", "fewer", "rename"])
@pytest.mark.parametrize("pattern", ["", "f_%d.png", "f_*.png"])
def test_files_that_were_changed_make_another_key(folder, change, pattern):
    address = folder / pattern if pattern else folder
    before = key(address)
    one = folder / "f_1.png"
    if change == "touch":
        said = one.stat()
        os.utime(one, ns=(said.st_atime_ns, said.st_mtime_ns + 1_000_000))
    elif change == "grow":
        said = one.stat()
        one.write_bytes(one.read_bytes() + b"x")
        os.utime(one, ns=(said.st_atime_ns, said.st_mtime_ns))
    elif change == "more":
        (folder / "f_4.png").write_bytes(one.read_bytes())
    elif change == "fewer":
        one.unlink()
    else:
        one.rename(folder / "f_7.png")
    assert key(address) != before


def test_another_version_of_the_program_makes_another_key(folder, monkeypatch):
    before = key(folder)
    monkeypatch.setattr(archives, "version", lambda: "0.0.0")
    assert key(folder) != before
    assert len(states.version()) == 64


def test_live_sources_and_those_without_a_file_are_never_stored(tmp_path):
    shown = [frame(0, PIXELS)]
    for source in (LiveReel(shown, address=str(tmp_path)), Reel(shown, address="nowhere")):
        assert question_key(Question(source)) is None
        assert question_key(Question(Reel(shown), source, Pairing(True))) is None
        with opened(Question(source), tmp_path) as archive:
            assert archive.problem == ""
    assert list(tmp_path.iterdir()) == []


def test_what_was_known_is_known_when_it_is_opened_again(folder, tmp_path):
    place = tmp_path / "cache"
    for again in (False, True):
        source = open_source(folder, isolated=False)
        with opened(Question(source), place) as archive:
            assert archive.complete == again
            list(survey(Question(source), archive, Token()))
            assert archive.frames == 4
        source.close()
    assert len(list(place.glob("*.sqlite"))) == 1
    assert sorted(p.name for p in folder.iterdir()) == [f"f_{i}.png" for i in range(4)]


def test_a_source_whose_rate_is_a_fraction(folder):
    source = Reel([], address=str(folder))
    source.rate = Fraction(30000, 1001)
    assert question_key(Question(source)) is not None


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 40)), max_size=8),
    st.integers(0, 200),
    st.integers(-1, 7),
)
def test_the_longest_unused_go_first(tmp_path_factory, files, most, kept):
    place = tmp_path_factory.mktemp("cache")
    paths = []
    for i, (size, log) in enumerate(files):
        path = place / f"{i}.sqlite"
        path.write_bytes(bytes(size))
        if log:
            path.with_name(f"{path.name}-wal").write_bytes(bytes(log))
        os.utime(path, (1000 - i, 1000 - i))  # the last one is the oldest
        paths.append(path)
    (place / "other.txt").write_bytes(bytes(1000))
    keep = paths[kept] if 0 <= kept < len(paths) else None
    prune(place, most, keep)
    sizes = [size + log for size, log in files]
    left = [i for i, path in enumerate(paths) if path.exists()]
    assert keep is None or keep.exists()
    assert (place / "other.txt").exists()
    others = [i for i in left if i != kept]
    gone = [i for i in range(len(paths)) if i not in left]
    assert sum(sizes[i] for i in left) <= most or not others
    if gone:  # the newest of them would have been too much
        assert sum(sizes[i] for i in left) + sizes[min(gone)] > most
        assert all(i < min(gone) for i in others)
    logs = {p.name.removesuffix("-wal") for p in place.glob("*-wal")}
    assert logs == {f"{i}.sqlite" for i in left if files[i][1]}


def test_pruning_what_is_not_there_is_nothing(tmp_path):
    prune(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_opening_makes_room(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(prune, "__defaults__", (100, None))
    place = tmp_path / "cache"
    source = Reel([], address=str(folder))
    for start in range(3):
        with opened(replace(Question(source), selection=Selection(start)), place) as archive:
            assert isinstance(archive, Archive)
        assert len(list(place.glob("*.sqlite"))) == 1
