"""Events on the timeline."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from core.sequence.events import FOREGROUND, Event
from core.sequence.starts import CHANGED
from core.sequence.types import Verdict
from gui.timeline.axis import Axis
from gui.timeline.event_look import LOOKS, look_of
from gui.timeline.event_marks import ROWS, laid_out
from tests.gui.timeline.mouse import Mouse, heard

KINDS = [*(str(v) for v in Verdict if v is not Verdict.OK), FOREGROUND, CHANGED]


def event(kind: str, start: int, end: int | None = None) -> Event:
    last = start if end is None else end
    what = f"{kind} from {start} to {last}."
    return Event(kind, start, last, start / 25, last / 25, last - start + 1, math.nan, what)


def test_every_kind_has_its_own_letter_and_name() -> None:
    assert set(LOOKS) == set(KINDS)
    assert len({look.letter for look in LOOKS.values()}) == len(LOOKS)
    assert len({look.name for look in LOOKS.values()}) == len(LOOKS)
    assert all(len(look.letter) == 1 for look in LOOKS.values())
    assert look_of("something new").letter not in {look.letter for look in LOOKS.values()}


def test_every_kind_looks_another_way(timeline) -> None:
    images = []
    for kind in KINDS:
        timeline.show_events([event(kind, 300, 303)])
        images.append(timeline.tracks.marks.grab().toImage())
    assert all(a != b for i, a in enumerate(images) for b in images[:i])


def test_a_click_tells_which_one_in_the_order_given(timeline) -> None:
    events = [event("black", 700, 720), event("cut", 100), event(FOREGROUND, 90, 400)]
    timeline.show_events(events)
    told, sought = heard(timeline.event_clicked), heard(timeline.sought)
    marks = timeline.tracks.marks
    for mark in marks.marks():
        Mouse(marks).click(((mark.left + mark.right) / 2, marks._top(mark.row) + 5))
    assert sorted(told) == [0, 1, 2]
    assert not sought
    Mouse(marks).click((timeline.tracks.axis.x_of(600), 5))
    assert sought == [(600, True), (600, False)]


def test_a_press_that_is_let_go_elsewhere_is_no_click(timeline) -> None:
    timeline.show_events([event("cut", 100)])
    told = heard(timeline.event_clicked)
    mouse, x = Mouse(timeline.tracks.marks), timeline.tracks.axis.x_of(100)
    mouse.press((x + 3, 8))
    mouse.release((x + 300, 8))
    assert not told


def test_the_mouse_reads_the_sentence(timeline) -> None:
    timeline.show_events([event("cut", 100), event(FOREGROUND, 300, 500)])
    marks, x_of = timeline.tracks.marks, timeline.tracks.axis.x_of
    assert marks.sentence_at(QPointF(x_of(400), 8)) == "foreground from 300 to 500."
    assert marks.sentence_at(QPointF(x_of(100) + 2, 8)) == "cut from 100 to 100."
    assert marks.sentence_at(QPointF(x_of(200), 8)) == ""


def test_jumping_to_events_needs_events(timeline) -> None:
    buttons = timeline.transport.buttons
    timeline.show_events([])
    assert not buttons["event_next"].isEnabled()
    timeline.show_events([event("cut", 100)])
    told = heard(timeline.event_wanted)
    buttons["event_next"].click()
    buttons["event_previous"].click()
    assert told == [1, -1]


EVENTS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 899), st.integers(0, 200)), max_size=60
).map(lambda rows: [event(kind, start, min(start + more, 899)) for kind, start, more in rows])


@given(EVENTS, st.floats(1, 100), st.floats(0, 1))
def test_every_event_that_is_seen_has_a_mark_and_full_ones_do_not_overlap(
    events, factor, share
) -> None:
    axis = Axis.whole(900, 1000.0).zoomed(factor, 58 + 1000 * share)
    marks = laid_out(events, axis.x_of, axis.left, axis.right)
    seen = {
        i for i, e in enumerate(events)
        if axis.x_of(e.end + 0.5) >= axis.left and axis.x_of(e.start - 0.5) <= axis.right
    }  # fmt: skip
    assert seen <= {mark.index for mark in marks}
    assert len({mark.index for mark in marks}) == len(marks)
    for row in range(ROWS):
        full = sorted((m for m in marks if m.full and m.row == row), key=lambda m: m.left)
        assert all(a.right <= b.left for a, b in pairwise(full))
    for mark in marks:
        start = axis.x_of(events[mark.index].start - 0.5)
        assert mark.left == pytest.approx(start)
        assert 0 <= mark.row < ROWS


def test_what_overlaps_is_stacked_and_the_fourth_is_a_line() -> None:
    axis = Axis.whole(900, 1000.0)
    events = [event(kind, 100, 200) for kind in ("black", "frozen", FOREGROUND, "torn")]
    marks = laid_out(events, axis.x_of, axis.left, axis.right)
    assert [(mark.row, mark.full) for mark in marks] == [
        (0, True),
        (1, True),
        (2, True),
        (2, False),
    ]


def test_letters_of_events_that_are_near_do_not_overlap() -> None:
    axis = Axis.whole(900, 1000.0)
    events = [event("cut", 100), event("torn", 104), event("black", 130)]
    marks = laid_out(events, axis.x_of, axis.left, axis.right)
    assert [mark.row for mark in marks] == [0, 1, 0]


def test_rows_are_added_when_they_are_needed(timeline) -> None:
    timeline.show_events([event("black", 100, 200)])
    one = timeline.tracks.marks.height()
    timeline.show_events([event("black", 100, 200), event("frozen", 150, 300)])
    assert timeline.tracks.marks.minimumHeight() > one
    timeline.show_events([])
    assert timeline.tracks.marks.minimumHeight() == one
