"""Which frame is due while a sequence is played."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sequence.addresses import is_live, looks_moving
from core.sequence.transport import STILL_RATE, Transport


@pytest.mark.parametrize(
    ("seconds", "frame"), [(0.0, 3), (0.039, 3), (0.041, 4), (0.2, 8), (0.279, 9), (0.281, None)]
)
def test_frames_are_due_by_the_clock(seconds: float, frame: int | None) -> None:
    assert Transport(10, rate=25.0).due(3, seconds) == frame


def test_a_loop_begins_anew_with_the_first_frame_of_the_range() -> None:
    t = Transport(100, rate=10.0, span=(20, 24), loop=True)
    assert [t.due(22, s / 10 + 0.05) for s in range(8)] == [22, 23, 24, 20, 21, 22, 23, 24]


def test_speed_is_that_of_the_clock() -> None:
    half, twice = (Transport(100, rate=10.0, speed=s) for s in (0.5, 2.0))
    assert (half.due(0, 1.05), twice.due(0, 1.05)) == (5, 21)
    assert (half.per_second, twice.per_second) == (5.0, 20.0)


def test_frames_of_variable_rate_last_as_long_as_they_do() -> None:
    t = Transport(4, rate=10.0, times=(0.0, 0.5, 0.6, 2.0))
    assert [t.due(0, s) for s in (0.49, 0.51, 0.61, 1.99, 2.01)] == [0, 1, 2, 2, 3]
    assert t.due(0, 2.0 + 2.0 / 3 - 0.01) == 3  # the last one lasts as long as the others do
    assert t.due(0, 2.0 + 2.0 / 3 + 0.01) is None


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), float("inf")])
def test_without_a_rate_there_is_a_usual_one(rate: float) -> None:
    assert Transport(50, rate=rate).due(0, 1.05) == round(STILL_RATE)


def test_playing_from_the_end_begins_at_the_beginning() -> None:
    t = Transport(10, rate=10.0, span=(2, 7))
    assert [t.begin(k) for k in (0, 2, 5, 7, 9)] == [2, 2, 5, 2, 2]
    assert Transport(1).begin(0) == 0


def test_steps_end_at_the_range_or_go_round() -> None:
    t = Transport(10, span=(2, 7))
    assert (t.step(7, 1), t.step(2, -1), t.step(4, 2)) == (7, 2, 6)
    assert (t.changed(loop=True).step(7, 1), t.changed(loop=True).step(2, -1)) == (2, 7)
    assert (t.step(9, 1), t.step(0, -1), t.step(8, -1)) == (9, 0, 7)


@given(st.integers(1, 500), st.floats(0.1, 240), st.sampled_from([0.25, 1.0, 4.0]), st.data())
def test_the_wait_ends_where_the_next_frame_is_due(
    count: int, rate: float, speed: float, data: st.DataObject
) -> None:
    t = Transport(count, rate=rate, speed=speed, loop=True)
    begun = data.draw(st.integers(0, count - 1))
    seconds = data.draw(st.floats(0, 100))
    now = t.due(begun, seconds)
    assert now is not None
    wait = t.wait(begun, seconds)
    assert 0 <= wait <= 1.001 / (rate * speed)
    after = t.due(begun, seconds + wait + 0.01 / (rate * speed))
    assert after == (now + 1) % count or wait < 1e-5 / (rate * speed)  # on the very edge


@pytest.mark.parametrize(
    "address",
    ["film.mp4", "/a/B.MKV", "renders/", "f_%04d.exr", "f_####.png", "shot*/a.*.exr", "camera:0",
     "rtsp://host/x", "http://host/x.mjpg", "watch:renders"],
)  # fmt: skip
def test_sequences_are_known_by_their_names(address: str) -> None:
    assert looks_moving(address)


@pytest.mark.parametrize(
    "address", ["a.png", "scan.tif", "a.gif", "a.tif#page=2", "-", "mp4", "a[1].png"]
)
def test_pictures_are_no_sequences(address: str) -> None:
    assert not looks_moving(address)
    assert not is_live(address)
