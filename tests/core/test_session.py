"""The session, and undo and redo."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.buffer import ImageBuffer
from core.session import History, Session, exchanged
from core.settings import Settings
from core.stages.align import AlignParams
from core.stages.blur import BlurParams


def blurred(sigma):
    return Settings([BlurParams(enabled=True, sigma=sigma)])


S = [blurred(1.0 + i) for i in range(9)]


def undone(history):
    """Return all steps from the present one back to the first."""
    steps = [history.current]
    while history.can_undo:
        steps.append(history.undo())
    return steps


def test_a_session_needs_two_pictures():
    a, b = (ImageBuffer.from_array(np.full((2, 3), v, np.uint8)) for v in (1, 2))
    session = Session()
    assert not session.complete
    assert not Session(a=a).complete
    both = Session(a, b, S[1])
    assert both.complete
    assert (both.swapped().a, both.swapped().b, both.swapped().settings) == (b, a, S[1])
    assert both.with_settings(S[2]).settings == S[2]
    assert both.settings == S[1]


def test_undo_and_redo_walk_the_steps():
    history = History(S[0])
    assert not history.can_undo
    assert not history.can_redo
    history.push(S[1])
    history.push(S[2])
    assert history.undo() == S[1]
    assert history.undo() == S[0]
    assert history.undo() == S[0]
    assert history.redo() == S[1]
    assert history.can_undo
    assert history.can_redo
    assert history.redo() == S[2]
    assert history.redo() == S[2]
    assert not history.can_redo


def test_a_new_step_forgets_what_was_undone():
    history = History(S[0])
    history.push(S[1])
    history.push(S[2])
    history.undo()
    history.push(S[3])
    assert not history.can_redo
    assert undone(history) == [S[3], S[1], S[0]]


def test_the_same_settings_again_are_no_step():
    history = History(S[0])
    history.push(S[0])
    assert not history.can_undo
    history.push(S[1])
    history.undo()
    history.push(S[0])
    assert history.can_redo  # nothing changed, so nothing is forgotten


def test_a_drag_is_one_step():
    history = History(S[0])
    history.push(S[1])
    for i in (2, 3, 4):
        history.push(S[i], "sigma")
    history.settle()
    for i in (5, 6):
        history.push(S[i], "sigma")
    history.push(S[7], "radius")
    assert undone(history) == [S[7], S[6], S[4], S[1], S[0]]


def test_a_drag_does_not_swallow_the_first_settings():
    history = History(S[0])
    history.push(S[1], "sigma")
    history.push(S[2], "sigma")
    assert undone(history) == [S[2], S[0]]


def test_a_drag_after_an_undo_is_a_step_of_its_own():
    history = History(S[0])
    history.push(S[1], "sigma")
    history.push(S[2])
    history.undo()
    history.push(S[3], "sigma")
    assert undone(history) == [S[3], S[1], S[0]]


def test_a_drag_back_to_where_it_began_is_no_step():
    history = History(S[0])
    history.push(S[1])
    history.push(S[2], "sigma")
    history.push(S[1], "sigma")
    assert history.current == S[1]
    assert undone(history) == [S[1], S[0]]


def test_a_drag_may_go_on_after_it_was_where_it_began():
    history = History(S[0])
    history.push(S[1])
    for i in (2, 1, 3, 4):
        history.push(S[i], "sigma")
    assert undone(history) == [S[4], S[1], S[0]]


def test_only_so_many_steps_are_kept():
    history = History(S[0], limit=3)
    for s in S[1:5]:
        history.push(s)
    assert undone(history) == [S[4], S[3], S[2]]


steps = st.one_of(
    st.tuples(st.just("push"), st.integers(0, 2), st.sampled_from(["", "x"])),
    st.tuples(st.sampled_from(["undo", "redo", "settle"]), st.just(0), st.just("")),
)


@given(st.lists(steps, max_size=40), st.integers(1, 6))
def test_no_two_neighbours_are_alike_whatever_is_done(done, limit):
    history = History(S[0], limit)
    for what, i, merge in done:
        if what == "push":
            history.push(S[i], merge)
            assert history.current == S[i]
        elif what == "settle":
            history.settle()
        else:
            before = history.current
            able = history.can_undo if what == "undo" else history.can_redo
            assert (getattr(history, what)() != before) == able
    while history.can_redo:
        history.redo()
    walked = undone(history)
    assert len(walked) <= limit
    assert all(x != y for x, y in pairwise(walked))


def test_swapping_swaps_pins_and_turns_the_nudge_in_every_step():
    def aligned(pins, right):
        return Settings([AlignParams(enabled=True, pins=pins, nudge_x=right, nudge_y=-2.0)])

    history = History(aligned("1,2=3,4", 0.5))
    history.push(aligned("1,2=3,4; 9,8=7,6", 0.5))
    history.exchange()
    there = aligned("3,4=1,2; 7,6=9,8", -0.5)[AlignParams].replace(nudge_y=2.0)
    assert history.current[AlignParams] == there
    assert history.undo()[AlignParams].pins == "3,4=1,2"
    assert exchanged(exchanged(history.current)) == history.current
    assert exchanged(Settings()) == Settings()
