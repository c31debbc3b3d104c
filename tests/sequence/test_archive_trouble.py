"""Nothing that befalls the file of stored results is fatal, and a crash leaves whole batches."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from core.sequence.archive import Archive
from core.sequence.events import Event
from core.sequence.pixels import picture
from core.sequence.result import FrameResult
from core.sequence.stored import Look
from core.types import Token

ROOT = Path(__file__).parents[2]
PIXELS = np.random.default_rng(0).integers(0, 256, (40, 80, 3), dtype=np.uint8)


def some(first, count):
    return [FrameResult(i, i / 25, "x") for i in range(first, first + count)]


def looks(first, count):
    made = Look.of(picture(PIXELS, Token()))
    return dict.fromkeys(range(first, first + count), made)


CRASH = """
import os, sys
from pathlib import Path
from core.sequence.archive import Archive
from core.sequence.result import FrameResult

def some(first, count):
    return [FrameResult(i, 0.0, "x") for i in range(first, first + count)]

def dying():
    yield from some(0, 0)
    base = archive._file._base
    assert base.in_transaction and base.total_changes >= 7  # four and three rows are written
    os._exit(9)

archive = Archive(Path(sys.argv[1]))
archive.add(some(0, 4))
archive._file.write(
    ("REPLACE INTO frames (frame, words) VALUES (?, '')", [(7,), (8,), (9,)]),
    ("REPLACE INTO masks VALUES (?, ?)", dying()),
)
"""


def test_a_crash_leaves_whole_batches(tmp_path):
    path = tmp_path / "x.sqlite"
    command = [sys.executable, "-c", CRASH, str(path)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 9, done.stderr
    with Archive(path) as archive:
        assert archive.problem == ""
        assert [r.index for r in archive.results()] == [0, 1, 2, 3]


def test_what_fails_midway_leaves_nothing(tmp_path):
    with Archive(tmp_path / "x.sqlite") as archive:
        broken = Event("cut", [], 0, 0.0, 0.0, 1, 0.0, "x")  # type: ignore[arg-type] - on purpose
        with pytest.raises(sqlite3.ProgrammingError):
            archive.add(some(0, 4), looks(0, 4), events=[broken])
        assert archive.frames == 0
        assert archive.nearest(0) is None
        archive.add(some(0, 2))
        assert (archive.frames, archive.problem) == (2, "")


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 99])
def test_a_file_of_something_else_is_begun_anew(tmp_path, content):
    path = tmp_path / "x.sqlite"
    path.write_bytes(content)
    with Archive(path) as archive:
        assert ("damaged" in archive.problem) == bool(content)
        archive.add(some(0, 3))
    with Archive(path) as archive:
        assert (archive.frames, archive.problem) == (3, "")


def filled(path):
    with Archive(path) as archive:
        archive.add(some(0, 300), looks(0, 300))
    return bytearray(path.read_bytes())


def test_a_file_of_another_version_is_begun_anew(tmp_path):
    path = tmp_path / "x.sqlite"
    filled(path)
    base = sqlite3.connect(path)
    base.execute("PRAGMA user_version = 999")
    base.close()
    with Archive(path) as archive:
        assert archive.frames == 0
        assert archive.problem == "The stored results are of another version; they are made anew."
        archive.add(some(0, 3))
    with Archive(path) as archive:
        assert (archive.frames, archive.problem) == (3, "")


@pytest.mark.parametrize("begin", [0.1, 0.5, 0.9])
def test_a_file_that_was_damaged_in_the_middle_is_begun_anew(tmp_path, begin):
    path = tmp_path / "x.sqlite"
    data = filled(path)
    first = int(begin * len(data)) // 4096 * 4096
    data[first : first + 200_000] = bytes(len(data[first : first + 200_000]))
    path.write_bytes(data)
    with Archive(path) as archive:  # whatever it is asked, and in which order
        results, (indices, counts) = archive.results(), archive.counts()
        assert len(indices) == len(counts)
        assert archive.problem == "The stored results are damaged; they are made anew." or (
            len(results) == len(indices) == 300
        )
        archive.add(some(0, 300), looks(0, 300))
        assert archive.frames == 300
        assert len(archive.counts()[0]) == 300
        said = archive.problem
    assert said
    with Archive(path) as archive:
        assert (archive.frames, archive.problem) == (0, "")


@pytest.mark.parametrize("words", ["[", "[]", "7", '["a", "", ["strange"], []]', "[1, 2, 3, 4]"])
def test_rows_of_something_else_are_begun_anew(tmp_path, words):
    path = tmp_path / "x.sqlite"
    filled(path)
    base = sqlite3.connect(path)
    base.execute("UPDATE frames SET words = ? WHERE frame = 7", (words,))
    base.commit()
    base.close()
    with Archive(path) as archive:
        assert archive.result(6) is not None
        assert archive.results() == []
        assert archive.frames == 0
        assert "damaged" in archive.problem
        archive.add(some(0, 3))
        assert archive.frames == 3
    with Archive(path) as archive:
        assert (archive.frames, archive.problem) == (0, "")


def test_what_analysis_goes_on_from_takes_no_room_when_it_is_done(tmp_path):
    path = tmp_path / "x.sqlite"
    with Archive(path) as archive:
        archive.add(some(0, 3))
        archive.keep_state(2, bytes(20_000_000))
        archive.keep_state(2, bytes(10_000_000))
    assert sum(f.stat().st_size for f in tmp_path.iterdir()) > 10_000_000
    with Archive(path) as archive:
        assert archive.state() == (2, bytes(10_000_000))
        archive.finish()
        assert archive.state() is None
    assert [p.name for p in tmp_path.iterdir()] == ["x.sqlite"]
    assert path.stat().st_size < 200_000


@pytest.mark.parametrize("content", [b"", b"abc", b"abcdefgh" * 9, None])
def test_a_damaged_state_is_none(tmp_path, content):
    path = tmp_path / "x.sqlite"
    with Archive(path) as archive:
        archive.add(some(0, 3))
        archive.keep_state(2, b"known")
        (beside,) = tmp_path.glob("*-state")
        whole = beside.read_bytes()
        beside.write_bytes(whole[:-1] if content is None else content)
        assert archive.state() is None
        beside.write_bytes(whole)
        assert archive.state() == (2, b"known")
        beside.unlink()
        beside.mkdir()  # where nothing can be written
        archive.keep_state(2, b"more")
        assert archive.state() is None
        assert archive.problem == ""
        assert sorted(p.name for p in tmp_path.iterdir() if p.is_dir()) == [beside.name]
        assert not [p.name for p in tmp_path.iterdir() if "-state-" in p.name]


def test_after_closing_nothing_is_known_and_nothing_fails(tmp_path):
    archive = Archive(tmp_path / "x.sqlite")
    archive.add(some(0, 3))
    archive.close()
    archive.close()
    archive.add(some(3, 3))
    assert (archive.frames, archive.results(), archive.last, archive.complete) == (
        0,
        [],
        None,
        False,
    )
    with Archive(tmp_path / "x.sqlite") as again:
        assert again.frames == 3


def test_a_file_that_was_cut_short_is_no_trouble(tmp_path):
    path = tmp_path / "x.sqlite"
    data = filled(path)
    path.write_bytes(data[: len(data) // 3])
    with Archive(path) as archive:
        archive.results(), archive.counts()
        archive.add(some(0, 2), looks(0, 2))
        assert archive.result(1) is not None
        assert archive.thumbnail(1) is not None


def test_results_in_a_folder_that_cannot_be_written_are_kept_while_it_is_open(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with Archive(tmp_path / "file" / "x.sqlite") as archive:
        assert archive.problem.startswith("Results cannot be stored (")
        archive.add(some(0, 3), looks(0, 3))
        assert archive.frames == 3
        assert archive.thumbnail(2) is not None
        archive.keep_state(2, b"known")
        assert archive.state() == (2, b"known")
        archive.finish()
        assert archive.complete


def test_a_file_that_is_read_only_gives_way_to_another(tmp_path, monkeypatch):
    """As the system does it for a user who may do less than the one that tests run as."""
    path = tmp_path / "x.sqlite"
    filled(path)
    connect = sqlite3.connect

    def reading(name, **more):
        if name == str(path):
            return connect(f"{path.as_uri()}?mode=ro", uri=True, **more)
        return connect(name, **more)

    monkeypatch.setattr(sqlite3, "connect", reading)
    with Archive(path) as archive:
        assert "cannot be stored" in archive.problem
        archive.add(some(0, 3))
        assert archive.frames == 3
    monkeypatch.undo()
    with Archive(path) as archive:
        assert (archive.frames, archive.problem) == (300, "")


def test_a_full_disk_moves_what_is_known(tmp_path):
    path = tmp_path / "x.sqlite"
    with Archive(path) as archive:
        archive.add(some(0, 10), looks(0, 10))
        archive._file._base.execute("PRAGMA max_page_count = 1")  # what there is, and no more
        archive.add(some(10, 300), looks(10, 300))
        assert "full" in archive.problem
        assert archive.frames == 310
        assert sorted(archive.thumbnails(range(999))) == list(range(310))
    with Archive(path) as archive:
        assert (archive.frames, archive.problem) == (10, "")


def test_two_archives_write_one_file(tmp_path):
    path = tmp_path / "x.sqlite"
    with Archive(path) as one, Archive(path) as other:
        one.add(some(0, 4), looks(0, 4))
        other.add(some(2, 6), looks(2, 6))
        assert one.frames == other.frames == 8
        assert one.problem == other.problem == ""


@pytest.mark.parametrize("same", [True, False])
def test_threads_add_and_read_at_once(tmp_path, same):
    path = tmp_path / "x.sqlite"
    with Archive(path) as archive, Archive(path) as second:
        wrong = []

        def passes(own):
            for k in range(0, 100, 5):
                own.add(some(k, 5), looks(k, 5))

        def looking():
            while archive.frames < 100:
                found = [r.index for r in archive.results()]
                if found != list(range(len(found))) or len(found) % 5:
                    wrong.append(found)

        others = [archive if same else second, archive]
        threads = [threading.Thread(target=passes, args=(x,)) for x in others]
        threads.append(threading.Thread(target=looking))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not wrong
        assert archive.frames == 100
        assert archive.problem == second.problem == ""
