"""When a file may be read again, told from what it looks like at which time."""

from __future__ import annotations

from itertools import pairwise

import pytest

from gui.events import Mark
from gui.reads import HOLD
from gui.settling import LEAST_GAP, Settling, Step


def look(inode: int = 1, size: int = 100, at: int = 0) -> Mark:
    return Mark(7, inode, size, at)


def steps(settling: Settling, *seen: tuple[float, Mark | None]) -> list[str]:
    return [str(settling.look(now, mark)) for now, mark in seen]


def test_a_file_that_holds_still_is_left_alone() -> None:
    assert steps(Settling(look()), (0, look()), (1, look()), (9, look())) == ["rest"] * 3


def test_a_file_written_in_two_steps_is_read_once_and_whole() -> None:
    empty, whole = look(size=0, at=1), look(size=90, at=2)
    told = steps(
        Settling(look()), (0, empty), (0.2, empty), (0.24, whole), (0.4, whole), (0.5, whole),
        (1.5, whole),
    )  # fmt: skip
    assert told == ["wait", "wait", "wait", "wait", "changed", "rest"]


def test_appended_for_seconds_it_is_read_at_the_end() -> None:
    settling = Settling(look(size=10))
    for k in range(30):
        assert settling.look(k * 0.1, look(size=20 + k)) is Step.WAIT
    assert settling.look(3.0 + HOLD, look(size=49)) is Step.CHANGED


def test_a_change_while_the_picture_was_read_is_seen_at_the_first_look() -> None:
    settling = Settling(look(at=1))
    assert steps(settling, (5, look(at=2)), (5 + HOLD, look(at=2))) == ["wait", "changed"]


def test_what_is_not_known_is_taken_as_it_is() -> None:
    assert steps(Settling(None), (0, look()), (1, look())) == ["rest", "rest"]


def test_deleted_and_back() -> None:
    settling = Settling(look())
    told = steps(
        settling, (0, None), (0.1, None), (HOLD, None), (1, None), (2, look()), (3, look())
    )  # fmt: skip
    assert told == ["wait", "wait", "gone", "rest", "back", "rest"]
    told = steps(settling, (4, None), (5, None), (6, look(2, at=9)), (7, look(2, at=9)))
    assert told == ["wait", "gone", "wait", "changed"]
    assert not settling.missing


def test_replaced_by_delete_and_create_it_is_never_called_gone() -> None:
    told = steps(Settling(look()), (0, None), (0.1, look(2)), (0.2, look(2)), (0.4, look(2)))
    assert told == ["wait", "wait", "wait", "changed"]


@pytest.mark.parametrize("every", [0.05, 0.1, 0.2])
def test_replaced_all_the_time_it_is_read_at_most_twice_a_second(every: float) -> None:
    settling = Settling(look(inode=0))
    read = [
        k * every
        for k in range(1, round(5 / every))
        if settling.look(k * every, look(inode=k, at=k)) is Step.RESTLESS
    ]
    assert len(read) >= 5
    assert all(b - a >= LEAST_GAP - 1e-9 for a, b in pairwise(read))


def test_written_in_place_all_the_time_it_is_not_read() -> None:
    settling = Settling(look())
    assert all(settling.look(k * 0.1, look(at=k)) is Step.WAIT for k in range(1, 50))
