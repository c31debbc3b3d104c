"""What was forgotten says nothing any more, not even that it was stopped."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from core.scheduler import Scheduler
from core.types import Token

PATIENCE = 10.0


def test_nothing_of_a_forgotten_job_is_delivered():
    inside, go, delivered, done = (threading.Event() for _ in range(4))
    events: list[tuple[int, object]] = []

    def deliver(number: int, event: object) -> None:
        events.append((number, event))
        (done if event == "next" else delivered).set()

    def held(token: Token) -> Iterator[str]:
        yield "first"
        inside.set()
        assert go.wait(PATIENCE)
        token.check()
        yield "late"

    scheduler = Scheduler(deliver, "test")
    try:
        number = scheduler.submit(held)
        assert inside.wait(PATIENCE)
        assert delivered.wait(PATIENCE)
        scheduler.forget()
        assert scheduler.current != number  # what is on its way is known to be old
        go.set()
        later = scheduler.submit(lambda _: iter(["next"]))
        assert done.wait(PATIENCE)
        assert events == [(number, "first"), (later, "next")]
    finally:
        scheduler.close()


def test_a_waiting_job_is_forgotten_too():
    inside, go, ran = threading.Event(), threading.Event(), threading.Event()

    def held(_: Token) -> Iterator[str]:
        inside.set()
        assert go.wait(PATIENCE)
        yield "late"

    def never(_: Token) -> Iterator[str]:
        ran.set()
        yield "never"

    events: list[object] = []
    scheduler = Scheduler(lambda _, event: events.append(event), "test")
    try:
        scheduler.submit(held)
        assert inside.wait(PATIENCE)
        scheduler.submit(never)
        scheduler.forget()
        go.set()
    finally:
        scheduler.close()
    assert events == []
    assert not ran.is_set()
