"""Where threads meet the window."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtTest import QTest

from core.scheduler import Failed, Stopped
from gui.bridge import Bridge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from core.scheduler import Job
    from core.types import Token


@pytest.fixture
def bridge(qtbot: QtBot) -> Iterator[Bridge]:
    made = Bridge("test")
    yield made
    made.close()


def yielding(*events: object) -> Job:
    def job(_: Token) -> Iterator[object]:
        yield from events

    return job


def test_events_arrive_in_order_on_the_thread_of_the_window(bridge: Bridge, qtbot: QtBot) -> None:
    got: list[tuple[object, str]] = []
    workers: list[str] = []

    def job(_: Token) -> Iterator[object]:
        workers.append(threading.current_thread().name)
        yield 1
        yield 2

    bridge.received.connect(lambda e: got.append((e, threading.current_thread().name)))
    bridge.submit(job)
    qtbot.waitUntil(lambda: len(got) == 2)
    assert got == [(1, "MainThread"), (2, "MainThread")]
    assert workers == ["pairlens-test"]


def test_events_on_their_way_are_dropped_when_a_newer_job_comes(
    bridge: Bridge, qtbot: QtBot
) -> None:
    got: list[object] = []
    bridge.received.connect(got.append)
    sent = threading.Event()

    def old(_: Token) -> Iterator[object]:
        yield "old"
        sent.set()

    bridge.submit(old)
    assert sent.wait(5)  # it lies in the queue of the window now
    bridge.submit(yielding("new"))
    qtbot.waitUntil(lambda: bool(got))
    QTest.qWait(10)
    assert got == ["new"]


def test_an_exception_is_an_event(bridge: Bridge, qtbot: QtBot) -> None:
    got: list[object] = []
    bridge.received.connect(got.append)

    def job(_: Token) -> Iterator[object]:
        yield from ()
        raise ValueError("why")

    bridge.submit(job)
    qtbot.waitUntil(lambda: bool(got))
    (failed,) = got
    assert isinstance(failed, Failed)
    assert str(failed.error) == "why"


def test_a_cancelled_job_says_that_it_stopped(bridge: Bridge, qtbot: QtBot) -> None:
    got: list[object] = []
    bridge.received.connect(got.append)

    def job(token: Token) -> Iterator[object]:
        yield "first"
        while True:
            token.check()

    bridge.submit(job)
    qtbot.waitUntil(lambda: got == ["first"])
    assert not bridge.idle
    bridge.cancel()
    qtbot.waitUntil(lambda: len(got) == 2)
    assert isinstance(got[1], Stopped)
    qtbot.waitUntil(lambda: bridge.idle)


def test_closing_ends_the_thread_and_drops_what_is_on_its_way(qtbot: QtBot) -> None:
    bridge = Bridge("closing")
    got: list[object] = []
    bridge.received.connect(got.append)
    sent = threading.Event()

    def job(token: Token) -> Iterator[object]:
        yield "late"
        sent.set()
        while True:
            token.check()

    bridge.submit(job)
    assert sent.wait(5)
    bridge.close()
    assert "pairlens-closing" not in [t.name for t in threading.enumerate()]
    QTest.qWait(10)
    assert got == []
    bridge.submit(yielding("never"))
    bridge.cancel()
    bridge.close()  # twice does no harm
    QTest.qWait(10)
    assert got == []
