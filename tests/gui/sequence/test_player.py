"""A clock that asks for the frame that is due, and never for another before that one was shown."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from core.sequence.transport import Transport
from gui.sequence.player import SKIP, Player

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


class _Screen:
    """Shows what a player asks for, at once or when told."""

    def __init__(self, player: Player, *, at_once: bool = True) -> None:
        self.player, self.at_once = player, at_once
        self.frames: list[int] = []
        player.wanted.connect(self._show)

    def _show(self, index: int) -> None:
        self.frames.append(index)
        if self.at_once:
            self.player.arrived()


@pytest.fixture
def player(qtbot: QtBot) -> Iterator[Player]:
    del qtbot  # its event loop turns the clock
    made = Player()
    yield made
    made.pause()


def test_every_frame_is_shown_in_order_up_to_the_last(player: Player, qtbot: QtBot) -> None:
    player.transport = Transport(12, rate=20.0)
    screen = _Screen(player)
    with qtbot.waitSignal(player.playing_changed, check_params_cb=lambda on: not on):
        player.play(0)
    assert screen.frames == sorted(set(screen.frames))
    assert screen.frames[-1] == 11
    assert not player.playing


def test_playing_from_the_end_begins_with_the_first_of_the_range(
    player: Player, qtbot: QtBot
) -> None:
    player.transport = Transport(50, rate=50.0, span=(20, 24))
    screen = _Screen(player)
    with qtbot.waitSignal(player.playing_changed, check_params_cb=lambda on: not on):
        player.play(49)
    assert screen.frames[0] == 20
    assert screen.frames[-1] == 24


def test_a_loop_goes_on(player: Player, qtbot: QtBot) -> None:
    player.transport = Transport(30, rate=100.0, span=(5, 7), loop=True)
    screen = _Screen(player)
    player.play(5)
    qtbot.waitUntil(lambda: len(screen.frames) > 9)
    assert set(screen.frames) <= {5, 6, 7}
    assert player.playing


def test_nothing_more_is_asked_before_a_frame_was_shown(player: Player, qtbot: QtBot) -> None:
    player.transport = Transport(1000, rate=1000.0)
    screen = _Screen(player, at_once=False)
    player.play(0)
    qtbot.waitUntil(lambda: len(screen.frames) == 1)
    qtbot.wait(60)  # some sixty frames would have been due
    assert len(screen.frames) == 1
    first = screen.frames[0]
    player.arrived()
    assert len(screen.frames) == 2
    assert screen.frames[1] == first + SKIP  # no more are left out: it plays slower


def test_a_slow_screen_is_told(player: Player, qtbot: QtBot) -> None:
    player.transport = Transport(100_000, rate=1000.0)
    screen = _Screen(player, at_once=False)
    player.wanted.connect(lambda _: qtbot.wait(0))
    with qtbot.waitSignal(player.paced, timeout=20_000) as told:
        player.play(0)
        while not told.signal_triggered and len(screen.frames) < 10_000:
            qtbot.wait(10)
            player.arrived()
    assert told.args is not None
    shown, _, due = str(told.args[0]).partition(" of ")
    assert due == "1000 fps"
    assert 1 <= float(shown) <= 110


def test_the_last_frame_is_shown_however_slow_the_screen_is(player: Player, qtbot: QtBot) -> None:
    player.transport = Transport(60, rate=1000.0, span=(0, 11))
    screen = _Screen(player, at_once=False)
    player.play(0)
    while player.playing:
        qtbot.wait(20)  # twenty frames would have been due
        player.arrived()
    steps = [b - a for a, b in pairwise(screen.frames)]
    assert screen.frames[-1] == 11
    assert all(0 < step <= SKIP for step in steps)


def test_pausing_stops_at_once(player: Player, qtbot: QtBot) -> None:
    player.transport = Transport(1000, rate=200.0)
    screen = _Screen(player)
    player.play(0)
    qtbot.waitUntil(lambda: len(screen.frames) > 3)
    player.pause()
    count = len(screen.frames)
    qtbot.wait(40)
    assert len(screen.frames) == count
    player.arrived()  # one that was under way
    assert len(screen.frames) == count


def test_another_speed_goes_on_from_where_it_is(player: Player, qtbot: QtBot) -> None:
    player.transport = Transport(1000, rate=50.0)
    screen = _Screen(player)
    player.play(0)
    qtbot.waitUntil(lambda: len(screen.frames) > 3)
    at = screen.frames[-1]
    player.use(player.transport.changed(speed=4.0), at)
    qtbot.waitUntil(lambda: len(screen.frames) > 8)
    assert screen.frames == sorted(set(screen.frames))
    assert player.transport.per_second == 200.0
