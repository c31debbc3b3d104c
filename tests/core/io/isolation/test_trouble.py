"""Whatever a decoder does ends one worker, and becomes one sentence."""

from __future__ import annotations

import os
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.errors import Cancelled, ReadError
from core.io import Limits, open_image, open_pair
from core.io.isolation.process import living
from core.types import Token
from tests.make import photo, write_png
from tests.misbehaving import MISBEHAVE, Ask

if TYPE_CHECKING:
    from core.io.isolation.pool import Pool

NAME = "“a.png”"
SHORT = Limits(seconds=0.3)
SENTENCE = re.compile(r"[A-Z][^.]*“[^”]*\.?[^”]*”.*\.", re.DOTALL)


def gone(pid: int) -> bool:
    """Whether there is no such process any more, not even one to be waited for."""
    return not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize("what", ["crash", "abort", "leave", "fail"])
def test_a_crash_is_a_sentence_and_the_next_question_is_answered(own: Pool, what: str) -> None:
    own.warm()
    (worker,) = own.idle
    with pytest.raises(ReadError, match=r"decoder crashed while it read “a.png”") as caught:
        own.call(MISBEHAVE, Ask(what), name=NAME)
    assert SENTENCE.fullmatch(str(caught.value))
    assert gone(worker.pid)
    assert own.call(MISBEHAVE, Ask("count"), name=NAME)[0].number == 1


def test_where_an_unexpected_error_was_raised_is_noted(own: Pool) -> None:
    with pytest.raises(ReadError) as caught:
        own.call(MISBEHAVE, Ask("fail"), name=NAME)
    assert "ZeroDivisionError: a mistake inside" in caught.value.__notes__[-1]
    assert "ZeroDivisionError" not in str(caught.value)


@pytest.mark.parametrize("what", ["hang", "hang_in_c"])
def test_what_takes_too_long_is_given_up(own: Pool, what: str) -> None:
    own.warm()
    (worker,) = own.idle
    own.call(MISBEHAVE, Ask("count"), name=NAME)  # it has started
    with pytest.raises(ReadError, match=r"“a.png” was given up after the 0.3 seconds allowed"):
        own.call(MISBEHAVE, Ask(what), name=NAME, limits=SHORT)
    assert gone(worker.pid)


@pytest.mark.parametrize("what", ["grow", "grow_in_c"])
def test_a_bomb_is_refused(own: Pool, what: str) -> None:
    """What may be taken is 3 × 1 MB + 1 GiB; the bomb asks for 128 GB, or 1 TB."""
    with pytest.raises(ReadError, match=r"“a.png” took more memory than is allowed"):
        own.call(MISBEHAVE, Ask(what), name=NAME, limits=Limits(bytes=1_000_000))
    assert not living()


@pytest.mark.parametrize("what", ["hang", "hang_in_c"])
def test_cancelling_ends_the_worker_at_once(own: Pool, what: str) -> None:
    token = Token()
    threading.Timer(0.1, token.cancel).start()
    with pytest.raises(Cancelled):
        own.call(MISBEHAVE, Ask(what), name=NAME, token=token)
    assert not living()


def test_a_reading_that_is_not_wanted_any_more_does_not_begin(own: Pool, tmp_path: Path) -> None:
    token = Token()
    token.cancel()
    with pytest.raises(Cancelled):
        open_image(write_png(tmp_path / "a.png", photo(20, 50)), token=token)
    assert not own.idle


@pytest.mark.parametrize(
    ("name", "words"),
    [("crash.png", "crashed"), ("hang.png", "given up"), ("grow.png", "more memory")],
)
def test_of_a_pair_the_other_picture_opens_again(
    own: Pool, tmp_path: Path, name: str, words: str
) -> None:
    good, bad = write_png(tmp_path / "good.png", photo(20, 50)), tmp_path / name
    bad.write_bytes(good.read_bytes())
    for pair in ((good, bad), (bad, good)):
        with pytest.raises(ReadError, match=f"{words}") as caught:
            open_pair(*pair, limits=Limits(seconds=1.0, bytes=1_000_000))
        assert f"“{name}”" in str(caught.value)
    assert np.array_equal(open_image(good).data, photo(20, 50))


def test_a_worker_that_died_while_idle_is_replaced(own: Pool, tmp_path: Path) -> None:
    own.warm(2)
    for worker in own.idle:
        os.kill(worker.pid, 9)
    path = write_png(tmp_path / "a.png", photo(20, 50))
    assert open_image(path).shape == (20, 50)
    assert len(living()) == len(own.idle) <= 2


def test_a_worker_killed_from_outside_is_said_to_have_run_out_of_memory(own: Pool) -> None:
    """On Linux the system does that, and with this signal."""
    own.warm()
    (worker,) = own.idle
    own.call(MISBEHAVE, Ask("count"), name=NAME)
    threading.Timer(0.1, os.kill, (worker.pid, 9)).start()
    with pytest.raises(ReadError, match="took more memory than is allowed or there is"):
        own.call(MISBEHAVE, Ask("hang"), name=NAME)


def test_what_decoders_write_never_stops_them_and_its_beginning_is_kept(own: Pool) -> None:
    own.call(MISBEHAVE, Ask("noise"), name=NAME)
    own.call(MISBEHAVE, Ask("noise"), name=NAME)
    with pytest.raises(ReadError) as caught:
        own.call(MISBEHAVE, Ask("abort"), name=NAME)
    (note,) = caught.value.__notes__
    assert "of a decoder's complaints" in note
    assert len(note) <= 4096
    assert "never seen" not in note


def test_files_of_a_killed_worker_are_removed(own: Pool, tmp_path: Path) -> None:
    place = tmp_path / "place"
    with pytest.raises(ReadError, match="given up"):
        own.call(MISBEHAVE, Ask("litter", text=str(place)), name=NAME, limits=SHORT)
    folder = Path(place.read_text(encoding="utf-8").split()[1])
    assert folder.name.startswith("pairlens-")
    assert not folder.exists()
