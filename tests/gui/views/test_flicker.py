"""B and the difference in turn with how they were opened."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from core.alignment.quiver import Quiver
from core.render import Side
from gui.views.modes import Mode
from tests.gui.views.scene import CANVAS, GROUND, colour_at, picture, spot

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from gui.views.compare_view import CompareView

    Maker = Callable[..., CompareView]

WHITE = (240, 240, 240)


def white(side: Side) -> object:
    return replace(picture(side), rgb=np.full((*CANVAS, 3), WHITE[0], np.uint8))


def shown(view: CompareView) -> list[tuple[int, int, int]]:
    """The colour on the ground of each pane."""
    at = spot(view, 60.5, 100.5)
    return [colour_at(pane, at) for pane in view.panes]


ALIGNED = [GROUND[side] for side in (Side.A, Side.B, Side.DIFFERENCE)]
OPENED = [GROUND[Side.A], WHITE, WHITE]


@pytest.fixture
def view(make_view: Maker) -> CompareView:
    """Return a view that flickers at 100 ms and has all pictures."""
    made = make_view()
    made.set_blink_interval(100)
    made.set_flicker(True)
    for side in Side:
        made.show_opened(white(side), False)
    return made


def test_b_and_the_difference_take_turns_and_a_rests(view: CompareView, qtbot: QtBot) -> None:
    assert shown(view) == ALIGNED
    qtbot.waitUntil(lambda: view.state.opened)
    view.toggle_blink()
    assert shown(view) == OPENED
    view.toggle_blink()
    qtbot.waitUntil(lambda: not view.state.opened)
    view.toggle_blink()
    assert shown(view) == ALIGNED


def test_what_is_shown_is_said_on_the_pictures(view: CompareView, qtbot: QtBot) -> None:
    # The name alone would not tell: the strip behind it is looked at.
    def strips() -> list[object]:
        return [
            p.grab(p.rect().adjusted(60, 8, -150, 40 - p.height())).toImage() for p in view.panes
        ]

    view.toggle_blink()
    aligned = strips()
    view.toggle_blink()
    qtbot.waitUntil(lambda: view.state.opened)
    view.toggle_blink()
    opened = strips()
    assert [a == b for a, b in zip(aligned, opened, strict=True)] == [True, False, False]
    view.set_flicker(False)
    assert strips()[1] not in (aligned[1], opened[1])


def test_nothing_takes_turns_before_all_is_there(make_view: Maker, qtbot: QtBot) -> None:
    view = make_view()
    view.set_blink_interval(100)
    view.set_flicker(True)
    view.show_opened(white(Side.B), False)
    qtbot.wait(350)
    assert shown(view) == ALIGNED
    view.show_opened(white(Side.DIFFERENCE), False)
    qtbot.waitUntil(lambda: view.state.opened)


def test_a_new_answer_ends_the_turn(view: CompareView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: view.state.opened)
    view.clear_opened()
    assert shown(view) == ALIGNED
    qtbot.wait(250)
    assert not view.state.opened


def test_ended_it_leaves_nothing(view: CompareView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: view.state.opened)
    view.set_flicker(False)
    assert shown(view) == ALIGNED
    qtbot.wait(250)
    assert not view.state.opened
    assert not view._controls.blink.isVisible()
    assert not view._controls.playing


def test_pictures_that_come_meanwhile_go_to_their_own_place(
    view: CompareView, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: view.state.opened)
    view.toggle_blink()
    view.show_picture(Side.B, white(Side.B), False)  # the aligned one: not its turn
    view.show_opened(picture(Side.B), False)
    assert shown(view)[1] == GROUND[Side.B]
    view.toggle_blink()
    qtbot.waitUntil(lambda: not view.state.opened)
    view.toggle_blink()
    assert shown(view)[1] == WHITE


def test_blink_rests_on_b_and_goes_on_afterwards(view: CompareView, qtbot: QtBot) -> None:
    view.set_mode(Mode.BLINK)
    sides = set()
    view._controls.blinked.connect(lambda: sides.add(view.panes[0].parts[0].side))
    qtbot.waitUntil(lambda: view.state.opened)
    qtbot.waitUntil(lambda: not view.state.opened)
    assert sides == {Side.B}
    view.set_flicker(False)
    qtbot.waitUntil(lambda: Side.A in sides)


def test_a_pause_outlasts_another_mode(view: CompareView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: view.state.opened)
    view.toggle_blink()
    view.set_mode(Mode.DIFFERENCE)
    qtbot.wait(250)
    assert shown(view) == [WHITE]
    view.set_mode(Mode.BLEND)
    blend, blink = view._controls.blend.geometry(), view._controls.blink.geometry()
    assert view._controls.blink.isVisible()
    assert not blend.intersects(blink)
    assert view.rect().contains(blink)


def test_detail_as_opened_is_asked_for_by_itself(view: CompareView, qtbot: QtBot) -> None:
    asked, usual = [], []
    view.opened_wanted.connect(lambda *wish: asked.append((wish[0], wish[2])))
    view.detail_wanted.connect(lambda *wish: usual.append(wish[0]))
    for side in (Side.B, Side.DIFFERENCE):
        view.show_opened(replace(picture(side, 1), exact=True), False)
    view.camera.look_at(150, 60, 8.0)
    qtbot.waitUntil(lambda: len(asked) == 2)
    assert sorted(asked) == [(Side.B, 0), (Side.DIFFERENCE, 0)]
    assert usual == []  # the aligned ones are there at full size


def test_arrows_go_while_b_is_shown_as_it_was_opened(view: CompareView, qtbot: QtBot) -> None:
    view.show_quiver(Quiver((), ((0, 0), (300, 0), (300, 120)), 0.1, 0.1, 0, 0.0))
    assert view.panes[2]._quiver is not None
    qtbot.waitUntil(lambda: view.state.opened)
    assert view.panes[2]._quiver is None


def test_what_was_opened_stays_whatever_a_hand_does_to_b(view: CompareView, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: view.state.opened)
    view.toggle_blink()
    before = view.panes[2].grab().toImage(), shown(view)
    view.camera.set_offset(40, 10)
    assert shown(view) == before[1]
