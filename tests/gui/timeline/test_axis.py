"""Where frames lie: the arithmetic of the timeline."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gui.timeline.axis import CLOSEST, Axis, step_of, ticks, time_text
from gui.timeline.even_times import EvenTimes

COUNTS = st.integers(1, 2_000_000)
WIDTHS = st.integers(60, 4000).map(float)


@st.composite
def axes(draw):
    """A part of a sequence, zoomed and panned by hand."""
    axis = Axis.whole(draw(COUNTS), draw(WIDTHS))
    for _ in range(draw(st.integers(0, 4))):
        x = axis.left + draw(st.floats(0, 1)) * axis.width
        axis = axis.zoomed(draw(st.floats(0.05, 30)), x)
    return axis.panned(draw(st.floats(-2000, 2000)))


def inside(axis):
    """Nothing outside of the frames is shown, and something is."""
    assert axis.start >= -0.5
    assert axis.end <= axis.count - 0.5 + 1e-6
    assert axis.span >= min(CLOSEST, axis.count) - 1e-6


@given(axes(), st.data())
def test_a_frame_lies_where_it_is_found_again(axis, data) -> None:
    inside(axis)
    first, last = axis.visible()
    frame = data.draw(st.integers(first, last))
    assert axis.frame_at(axis.x_of(frame)) == frame
    assert math.isclose(axis.place_at(axis.x_of(frame)), frame, abs_tol=1e-6)


@given(axes(), st.floats(0, 1), st.floats(1, 40))
def test_zooming_in_keeps_what_is_under_the_mouse(axis, share, factor) -> None:
    x = axis.left + share * axis.width
    closer = axis.zoomed(factor, x)
    inside(closer)
    assert closer.span <= axis.span * (1 + 1e-9)
    assert abs(closer.place_at(x) - axis.place_at(x)) * closer.scale < 0.01
    assert closer.span == pytest.approx(max(axis.span / factor, min(CLOSEST, axis.count)))


@given(axes(), st.floats(0, 1), st.floats(0.02, 1))
def test_zooming_out_keeps_it_too_unless_an_end_is_reached(axis, share, factor) -> None:
    x = axis.left + share * axis.width
    further = axis.zoomed(factor, x)
    inside(further)
    at_end = further.start <= -0.5 + 1e-9 or further.end >= axis.count - 0.5 - 1e-9
    assert at_end or abs(further.place_at(x) - axis.place_at(x)) * further.scale < 0.01


@given(axes(), st.floats(-3000, 3000))
def test_panning_moves_with_the_mouse_up_to_the_ends(axis, dx) -> None:
    moved = axis.panned(dx)
    inside(moved)
    assert moved.span == pytest.approx(axis.span)
    room = (axis.start + 0.5) if dx > 0 else (axis.count - 0.5 - axis.end)
    assert abs(moved.start - axis.start) == pytest.approx(
        min(abs(dx) / axis.scale, max(room, 0)), abs=1e-5
    )


@given(axes(), st.data(), st.booleans())
def test_a_frame_is_followed(axis, data, playing) -> None:
    frame = data.draw(st.integers(0, axis.count - 1))
    followed = axis.following(frame, playing=playing)
    inside(followed)
    assert followed.sees(frame)
    assert followed.span == pytest.approx(axis.span)
    assert not axis.sees(frame) or followed == axis


@given(axes(), st.data())
def test_a_range_fills_the_width(axis, data) -> None:
    first = data.draw(st.integers(0, axis.count - 1))
    last = data.draw(st.integers(first, axis.count - 1))
    shown = axis.showing(first, last)
    inside(shown)
    assert shown.sees(first)
    assert shown.sees(last)
    assert shown.span == max(last - first + 1, min(CLOSEST, axis.count))


def test_playing_on_turns_the_page_and_seeking_moves_no_further_than_needed() -> None:
    axis = Axis.whole(10_000, 1000.0).zoomed(10, 558.0)  # half-way: the middle of all frames
    assert (axis.start, axis.end) == pytest.approx((4499.5, 5499.5))
    assert axis.following(5600, playing=True).start == pytest.approx(5520)
    assert axis.following(5600, playing=False).end == pytest.approx(5680)
    assert axis.following(4000, playing=False).start == pytest.approx(3920)


def test_visible_frames_are_those_of_which_something_is_seen() -> None:
    axis = Axis(100, 10.4, 20.6, 58.0, 1000.0)
    assert axis.visible() == (10, 21)
    assert Axis.whole(100, 1000.0).visible() == (0, 99)
    assert Axis(100, 10.5, 20.5, 58.0, 1000.0).visible() == (11, 20)


@given(st.floats(1e-6, 1e9))
def test_a_step_is_round_and_the_smallest_that_is_large_enough(least) -> None:
    step = step_of(least)
    digits = str(step).rstrip("0")
    assert digits in {"1", "2", "5"}
    assert step >= least
    smaller = {"1": step // 2, "2": step // 2, "5": step * 2 // 5}[digits]
    assert smaller < max(least, 1)


@given(axes(), st.integers(5, 200))
def test_ticks_are_seen_and_apart(axis, gap) -> None:
    assume(axis.width > gap)
    step, frames = ticks(axis, gap)
    assert all(frame % step == 0 and axis.sees(frame) for frame in frames)
    assert all(0 <= frame < axis.count for frame in frames)
    assert step * axis.scale >= gap * (1 - 1e-9)
    wanted = range(max(math.ceil(axis.start), 0), min(math.floor(axis.end), axis.count - 1) + 1)
    if len(wanted) < 5000:
        assert frames == [frame for frame in wanted if frame % step == 0]


@pytest.mark.parametrize(
    ("seconds", "digits", "text"),
    [
        (4.68, 3, "00:04.680"), (0, 3, "00:00.000"), (59.9996, 3, "01:00.000"),
        (64.68, 0, "01:05"), (3723.5, 2, "1:02:03.50"), (math.nan, 3, "–"), (-1.5, 1, "−00:01.5"),
        (math.inf, 3, "–"), (-0.0001, 3, "00:00.000"),
    ],
)  # fmt: skip
def test_a_time_is_text(seconds, digits, text) -> None:
    assert time_text(seconds, digits) == text


def test_even_times_are_a_sequence() -> None:
    times = EvenTimes(100, 25.0)
    assert len(times) == 100
    assert times[7] == 0.28
    assert times[-1] == 3.96
    assert times[2:4] == [0.08, 0.12]
    with pytest.raises(IndexError):
        times[100]
