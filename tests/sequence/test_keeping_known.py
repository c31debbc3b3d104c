"""A window keeps the frames that the command line keeps."""

from __future__ import annotations

import errno
import os
import shlex
import tempfile
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest

from cli.__main__ import main
from core import open_source
from core.errors import ReadError, WriteError
from core.sequence import pairs
from core.sequence.archive import Archive
from core.sequence.exporting import command_of
from core.sequence.keeping_known import FINISHED, SHORT, STOPPED, Kept, keep_known, words
from core.sequence.params import Against, SequenceParams
from core.sequence.result import FrameResult
from core.sequence.survey import Question, survey
from core.sequence.types import Frame
from core.types import Token
from tests.cli.shots import THERE, film, frame, shots
from tests.cli.test_sequence_keep import full_after

if TYPE_CHECKING:
    from collections.abc import Iterator

Patch = pytest.MonkeyPatch
FIRST = SequenceParams(against=Against.FIRST)
BACKGROUND = SequenceParams(against=Against.BACKGROUND, window=10, k=6.0, min_area=9)


@pytest.fixture(scope="module")
def movie(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "a film.mkv"
    return film(path, [*range(26), 25, 25, *range(26, 40)])


@pytest.fixture
def first(movie: Path) -> Iterator[tuple[Question, Archive]]:
    """Return a sequence whose frames were all compared with the first one."""
    source = open_source(movie, isolated=False)
    with Archive(None) as archive:
        question = Question(source, params=FIRST)
        _look(question, archive)
        yield question, archive
    source.close()


def _look(question: Question, archive: Archive) -> None:
    for _ in survey(question, archive, Token()):
        pass


def _last(*given: Any, **more: Any) -> Kept:
    *_, last = keep_known(*given, **more)
    return last


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def _as_the_command_line(question: Question, archive: Archive, tmp_path: Path, *more: str) -> int:
    """Keep frames both ways; return how many they are."""
    _look(question, archive)
    ended = _last(question, archive, tmp_path / "window", Token())
    given = shlex.split(command_of(question))
    main([*given[1:], *more, "--keep-changed", str(tmp_path / "terminal"), "-q"])
    assert _files(tmp_path / "window") == _files(tmp_path / "terminal")
    assert ended.ended == FINISHED
    assert ended.kept == len(_files(tmp_path / "window"))
    assert ended.done == archive.frames
    return ended.kept


@pytest.mark.parametrize(
    ("params", "least"), [(SequenceParams(), 0), (FIRST, 5), (BACKGROUND, 5)],
    ids=["previous", "first", "background"],
)  # fmt: skip
def test_files_are_those_of_the_command_line(
    movie: Path, tmp_path: Path, params: SequenceParams, least: int
) -> None:
    source = open_source(movie, isolated=False)
    with Archive(None) as archive:
        assert _as_the_command_line(Question(source, params=params), archive, tmp_path) >= least
    source.close()


def test_frames_with_which_events_begin_are_kept_and_repeats_are_not(tmp_path: Path) -> None:
    folder = shots(tmp_path / "shots", range(15))
    cv2.imwrite(str(folder / "f_010.png"), np.zeros((48, 64, 3), np.uint8))
    (folder / "f_012.png").write_bytes((folder / "f_011.png").read_bytes())
    (folder / "f_013.png").write_bytes(b"no picture")
    source = open_source(folder, isolated=False)
    with Archive(None) as archive:  # no frame changes so much
        question = Question(source, changed_over=1.0)
        assert _as_the_command_line(question, archive, tmp_path, "--changed-over", "1") == 1
    assert list(_files(tmp_path / "window")) == ["frame-000010.png"]
    source.close()


def test_of_two_sequences_frames_of_a_are_kept(movie: Path, tmp_path: Path) -> None:
    other = film(tmp_path / "other.mkv", [*range(3, 26), 25, 25, *[0] * 8])
    a, b = (open_source(p, isolated=False) for p in (movie, other))
    params = SequenceParams(tolerance=4.0)
    with Archive(None) as archive:
        question = Question(a, b, pairs.by_hand(a, b, -3), params)
        assert _as_the_command_line(question, archive, tmp_path) == 0
    with Archive(None) as archive:
        question = Question(a, b, pairs.by_hand(a, b, -4), params)
        for folder in ("window", "terminal"):
            (tmp_path / folder).rmdir()
        assert _as_the_command_line(question, archive, tmp_path) >= len(THERE)
    for source in (a, b):
        source.close()


def test_what_the_pass_is_still_to_find_is_waited_for(movie: Path, tmp_path: Path) -> None:
    source, own = (open_source(movie, isolated=False) for _ in range(2))
    with Archive(None) as archive:
        question = Question(source, params=FIRST)
        thread = threading.Thread(target=_look, args=(replace(question, a=own), archive))

        def going() -> bool:
            if thread.ident is None:  # nothing is known so far
                thread.start()
            return not archive.complete

        ended = _last(question, archive, tmp_path, Token(), going=going)
        thread.join()
    assert (ended.ended, ended.done, ended.kept) == (FINISHED, 42, 5)
    source.close()
    own.close()


def test_a_pass_that_ends_early_is_said(first: tuple[Question, Archive], tmp_path: Path) -> None:
    question, whole = first
    with Archive(None) as archive:
        archive.add(whole.results()[:23])
        ended = _last(question, archive, tmp_path, Token())
    assert (ended.ended, ended.done, ended.kept, ended.failed) == (SHORT, 23, 3, False)
    assert words(ended) == (
        f"The analysis ended before the last frame: 3 of the first 23 frames were kept in"
        f" “{tmp_path}”."
    )


def test_when_it_is_stopped_only_whole_files_are_left(
    first: tuple[Question, Archive], tmp_path: Path, monkeypatch: Patch
) -> None:
    token, write = Token(), Path.write_bytes

    def stop_at_the_third(self: Path, data: bytes) -> int:
        if len(_files(tmp_path)) == 2:
            token.cancel()
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", stop_at_the_third)
    ended = _last(*first, tmp_path, token)
    assert (ended.ended, ended.kept, ended.failed) == (STOPPED, 3, False)
    assert [int(name[6:12]) for name in _files(tmp_path)] == [20, 21, 22]
    for index, path in zip(THERE, sorted(tmp_path.iterdir()), strict=False):
        assert np.array_equal(cv2.imread(str(path))[:, :, ::-1], frame(index))
    assert words(ended) == (
        f"Keeping changed frames was stopped: 3 of the first 23 frames were kept in “{tmp_path}”."
    )


def test_it_is_stopped_while_it_waits(first: tuple[Question, Archive], tmp_path: Path) -> None:
    token = Token()
    with Archive(None) as empty:
        steps = keep_known(first[0], empty, tmp_path, token, going=lambda: not token.cancel())
        assert [step.ended for step in steps] == [STOPPED]


def test_a_full_disk_ends_it_with_one_sentence(
    first: tuple[Question, Archive], tmp_path: Path, monkeypatch: Patch
) -> None:
    full_after(monkeypatch, 2)
    ended = _last(*first, tmp_path, Token())
    assert ended.failed
    assert words(ended) == (
        f"The frame “{tmp_path / 'frame-000022-0.880s.png'}” could not be written: No space left on"
        f" device. Before that 2 of the first 22 frames were kept in “{tmp_path}”."
    )
    assert list(_files(tmp_path)) == ["frame-000020-0.800s.png", "frame-000021-0.840s.png"]


def test_a_folder_with_kept_frames_is_refused(
    first: tuple[Question, Archive], tmp_path: Path
) -> None:
    (tmp_path / "holiday.png").write_bytes(b"other files do not matter")
    (tmp_path / "frame-000007.png").write_bytes(b"mine")
    before = _files(tmp_path)
    with pytest.raises(WriteError) as caught:
        _last(*first, tmp_path, Token())
    assert str(caught.value) == (
        f"The folder “{tmp_path}” has kept frames already, such as “frame-000007.png”; choose"
        " another one."
    )
    assert _files(tmp_path) == before


def test_what_it_writes_is_what_it_refuses(first: tuple[Question, Archive], tmp_path: Path) -> None:
    assert _last(*first, tmp_path, Token()).kept == 5
    with pytest.raises(WriteError, match=r"such as “frame-000020-0\.800s\.png”"):
        _last(*first, tmp_path, Token())


def test_a_folder_that_cannot_be_made_is_said(
    first: tuple[Question, Archive], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(WriteError, match="could not be made"):
        _last(*first, tmp_path / "file" / "kept", Token())


def test_a_folder_that_takes_no_files_is_said_before_any_work(
    first: tuple[Question, Archive], tmp_path: Path, monkeypatch: Patch
) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    with pytest.raises(WriteError) as caught:
        _last(*first, tmp_path, Token())
    assert str(caught.value) == (
        f"No frame can be written into the folder “{tmp_path}”: Permission denied."
    )
    assert not list(tmp_path.iterdir())


class _Gone:
    """A source most of whose frames cannot be had again."""

    address = name = "gone"
    rate = None
    count = 4

    def __init__(self, *, live: bool) -> None:
        self.live = live

    def frame(self, index: int, token: Token | None = None) -> Frame:
        del token
        if index == 0:
            raise IndexError
        if index == 1:
            return Frame(1, 1.0, None, "1", "It is damaged.")
        raise ReadError("It has gone by.")


def test_frames_that_cannot_be_had_again_are_counted(tmp_path: Path) -> None:
    results = [FrameResult(i, float(i), str(i), changed_share=0.5) for i in range(3)]
    for live, lost, ended in ((True, 3, FINISHED), (False, 2, "It has gone by.")):
        with Archive(None) as archive:
            archive.add(results)
            archive.finish()
            source: Any = _Gone(live=live)
            found = _last(Question(source), archive, tmp_path, Token())
        assert (found.lost, found.ended) == (lost, ended)
        assert found.failed is not live
    assert words(replace(found, ended=FINISHED, done=3)) == (
        "None of the 3 frames was kept. 2 more could not be read again."
    )


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (5, "5 of 1,234 frames were kept in “k”."),
        (1, "1 of 1,234 frames was kept in “k”."),
        (0, "None of the 1,234 frames changed."),
    ],
)
def test_the_sentence_at_the_end(kept: int, said: str) -> None:
    assert words(Kept(Path("k"), 1234, 1234, kept, 0, FINISHED)) == said
