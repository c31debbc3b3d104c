"""What each mode shows is a pure function."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QKeySequence

from core.render import Side
from gui.views.modes import MODES, Corner, Mode, ViewState, compose

A, B, D = Side.A, Side.B, Side.DIFFERENCE


def sides(state: ViewState) -> list[list[Side]]:
    return [[part.side for part in pane] for pane in compose(state)]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (Mode.SIDE_BY_SIDE, [[A], [B], [D]]),
        (Mode.SWIPE, [[A, B]]),
        (Mode.BLINK, [[A]]),
        (Mode.BLEND, [[A, B]]),
        (Mode.A, [[A]]),
        (Mode.B, [[B]]),
        (Mode.DIFFERENCE, [[D]]),
    ],
)
def test_every_mode_shows_its_sides(mode: Mode, expected: list[list[Side]]) -> None:
    assert sides(ViewState(mode=mode)) == expected


def test_the_table_has_every_mode_with_its_own_key_and_words() -> None:
    assert list(MODES) == list(Mode)
    keys = [info.key for info in MODES.values()]
    assert keys == ["3", "W", "B", "O", "1", "2", "4"]
    assert all(QKeySequence(key).count() == 1 for key in keys)
    assert all(info.text and len(info.tooltip) > 15 for info in MODES.values())


def test_what_a_mode_shows_is_among_the_sides_it_keeps_at_hand() -> None:
    for mode, info in MODES.items():
        for blink in (A, B):
            shown = {s for pane in sides(ViewState(mode=mode, blink=blink)) for s in pane}
            assert shown <= set(info.sides)


def test_swipe_cuts_at_the_divider_in_both_directions() -> None:
    ((left, right),) = compose(ViewState(mode=Mode.SWIPE, split=0.3))
    assert left.window == (0, 0, 0.3, 1)
    assert (right.window, right.corner) == ((0.3, 0, 1, 1), Corner.TOP_RIGHT)
    ((above, below),) = compose(ViewState(mode=Mode.SWIPE, split=0.3, horizontal=True))
    assert above.window == (0, 0, 1, 0.3)
    assert (below.window, below.corner) == ((0, 0.3, 1, 1), Corner.BOTTOM_LEFT)


def test_blend_lays_b_over_a() -> None:
    ((below, above),) = compose(ViewState(mode=Mode.BLEND, blend=0.2))
    assert (below.side, below.opacity) == (A, 1)
    assert (above.side, above.opacity) == (B, 0.2)


def test_hold_shows_a_side_whole_in_one_pane_and_leaves_the_others() -> None:
    assert sides(ViewState(held=(B, 0))) == [[B], [B], [D]]
    assert sides(ViewState(held=(A, 2))) == [[A], [B], [A]]
    ((part,),) = compose(ViewState(mode=Mode.SWIPE, held=(B, 2)))
    assert (part.side, part.window) == (B, (0, 0, 1, 1))
