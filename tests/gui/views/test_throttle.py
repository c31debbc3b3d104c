"""The first call at once, the last never lost, few in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.views.throttle import Throttle

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_the_first_call_passes_at_once_and_a_single_one_only_once(qtbot: QtBot) -> None:
    throttle = Throttle(20)
    seen: list[int] = []
    throttle.fired.connect(lambda: seen.append(1))
    throttle.call()
    assert seen == [1]
    qtbot.wait(60)  # longer than the interval, in which nothing may come
    assert seen == [1]


def test_of_many_calls_the_last_is_not_lost(qtbot: QtBot) -> None:
    throttle = Throttle(30)
    state, seen = [0], []
    throttle.fired.connect(lambda: seen.append(state[0]))
    for i in range(50):
        state[0] = i
        throttle.call()
    assert seen == [0]
    qtbot.waitUntil(lambda: len(seen) > 1, timeout=2000)
    assert seen == [0, 49]
