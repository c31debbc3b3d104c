"""The newest job wins, stale answers are dropped, and nothing is left running."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from core.buffer import ImageBuffer
from core.cache import Cache
from core.engine import iterate
from core.parallel import THREADS
from core.result import Finished, Progress, Request
from core.scan import Scan
from core.scheduler import Failed, Scheduler, Stopped
from core.tiles import strip_rects
from core.types import Token

PATIENCE = 10.0


class Inbox:
    """What was delivered; waits for facts."""

    def __init__(self):
        self.events = []
        self.changed = threading.Condition()

    def __call__(self, number, event):
        with self.changed:
            self.events.append((number, event))
            self.changed.notify_all()

    def wait(self, count):
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.events) >= count, PATIENCE), self.events
            return list(self.events)


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def scheduler(inbox):
    made = Scheduler(inbox, "test")
    yield made
    made.close()


class Held:
    """A job that yields, then is held in the midst of its work until it may go on."""

    def __init__(self, *words, checks=True):
        self.words, self.checks = words, checks
        self.inside, self.go, self.left = (threading.Event() for _ in range(3))

    def __call__(self, token):
        try:
            yield from self.words
            self.inside.set()
            assert self.go.wait(PATIENCE)
            if self.checks:
                token.check()
            yield "late"
        finally:
            self.left.set()


def says(*words):
    def job(token):
        yield from words

    return job


def settled(scheduler):
    """Wait for the fact that nothing runs or waits."""
    moment = threading.Event()
    for _ in range(int(PATIENCE / 0.001)):
        if scheduler.idle:
            return
        moment.wait(0.001)
    pytest.fail("it never came to rest")


def test_what_a_job_yields_is_delivered_in_order(scheduler, inbox):
    number = scheduler.submit(says("one", "two", "three"))
    assert inbox.wait(3) == [(number, "one"), (number, "two"), (number, "three")]
    settled(scheduler)
    assert scheduler.current == number
    later = scheduler.submit(says("four"))
    assert later == number + 1
    assert inbox.wait(4)[3] == (later, "four")


def test_events_come_on_the_worker_thread(inbox):
    names = []
    done = threading.Event()

    def deliver(number, event):
        names.append(threading.current_thread().name)
        done.set()

    scheduler = Scheduler(deliver, "compare")
    scheduler.submit(says("one"))
    assert done.wait(PATIENCE)
    scheduler.close()
    assert names == ["pairlens-compare"]


@pytest.mark.parametrize("checks", [True, False])
def test_a_newer_job_stops_the_one_that_runs(scheduler, inbox, checks):
    old = Held("first", checks=checks)
    scheduler.submit(old)
    assert old.inside.wait(PATIENCE)
    assert not scheduler.idle
    new = scheduler.submit(says("new"))
    old.go.set()
    assert inbox.wait(2) == [(1, "first"), (new, "new")]
    assert old.left.is_set()  # its generator was closed before the new one began
    settled(scheduler)
    assert len(inbox.events) == 2


def test_of_those_that_wait_only_the_newest_runs(scheduler, inbox):
    held = Held()
    scheduler.submit(held)
    assert held.inside.wait(PATIENCE)
    numbers = [scheduler.submit(says(f"job {i}")) for i in range(5)]
    held.go.set()
    assert inbox.wait(1) == [(numbers[-1], "job 4")]
    settled(scheduler)
    assert len(inbox.events) == 1


def test_cancel_stops_what_runs_and_says_so(scheduler, inbox):
    held = Held("first")
    number = scheduler.submit(held)
    assert held.inside.wait(PATIENCE)
    scheduler.cancel()
    held.go.set()
    assert inbox.wait(2) == [(number, "first"), (number, Stopped())]
    assert held.left.is_set()


def test_cancel_stops_what_waits_and_says_so(scheduler, inbox):
    held = Held()
    scheduler.submit(held)
    assert held.inside.wait(PATIENCE)
    number = scheduler.submit(says("never"))
    scheduler.cancel()
    held.go.set()
    assert inbox.wait(1) == [(number, Stopped())]


def test_cancel_when_nothing_runs_harms_nothing(scheduler, inbox):
    scheduler.cancel()
    number = scheduler.submit(says("one"))
    assert inbox.wait(1) == [(number, "one")]
    settled(scheduler)
    scheduler.cancel()
    number = scheduler.submit(says("two"))
    assert inbox.wait(2)[1] == (number, "two")


@pytest.mark.parametrize("early", [True, False])
def test_an_error_is_delivered_and_the_next_job_runs(scheduler, inbox, early):
    error = ValueError("no good")

    def job(token):
        if not early:
            yield "first"
        raise error
        yield

    number = scheduler.submit(job)
    events = inbox.wait(1 if early else 2)
    assert events[-1] == (number, Failed(error))
    number = scheduler.submit(says("next"))
    assert inbox.wait(len(events) + 1)[-1] == (number, "next")


def test_an_error_of_a_job_that_nobody_wants_is_dropped(scheduler, inbox):
    inside, go = threading.Event(), threading.Event()

    def job(token):
        inside.set()
        assert go.wait(PATIENCE)
        raise ValueError
        yield

    scheduler.submit(job)
    assert inside.wait(PATIENCE)
    new = scheduler.submit(says("new"))
    go.set()
    assert inbox.wait(1) == [(new, "new")]
    settled(scheduler)
    assert len(inbox.events) == 1


def test_closing_while_a_job_runs_waits_for_it_and_delivers_nothing(inbox):
    scheduler = Scheduler(inbox, "test")
    held = Held("first")
    scheduler.submit(held)
    assert held.inside.wait(PATIENCE)
    closer = threading.Thread(target=scheduler.close)
    closer.start()
    held.go.set()
    closer.join(PATIENCE)
    assert not closer.is_alive()
    assert held.left.is_set()
    assert inbox.events == [(1, "first")]
    with pytest.raises(RuntimeError, match="closed"):
        scheduler.submit(says("late"))
    scheduler.close()  # twice is allowed


def test_closing_forgets_what_waits(inbox):
    scheduler = Scheduler(inbox, "test")
    held = Held()
    scheduler.submit(held)
    assert held.inside.wait(PATIENCE)
    scheduler.submit(says("never"))
    closer = threading.Thread(target=scheduler.close)
    closer.start()
    held.go.set()
    closer.join(PATIENCE)
    assert not closer.is_alive()
    assert inbox.events == []


def test_a_job_may_be_submitted_from_where_events_arrive():
    done = threading.Event()
    seen = []

    def deliver(number, event):
        seen.append((number, event))
        if event == "first":
            scheduler.submit(says("second"))
        if event == "second":
            done.set()

    scheduler = Scheduler(deliver, "test")
    scheduler.submit(says("first", "dropped"))
    assert done.wait(PATIENCE)
    scheduler.close()
    assert seen == [(1, "first"), (2, "second")]


@pytest.mark.parametrize("how", ["superseded", "cancelled", "closed"])
def test_a_comparison_that_nobody_wants_stops_within_the_strips_that_run(inbox, monkeypatch, how):
    rects = strip_rects((6000, 20), 20 * 100)
    assert len(rects) == 60
    monkeypatch.setattr("core.engine.strip_rects", lambda _: rects)
    begun, inside, go = [], threading.Semaphore(0), threading.Event()
    strip = Scan.strip

    def held(self, rect):
        begun.append(rect)
        inside.release()
        assert go.wait(PATIENCE)
        return strip(self, rect)

    monkeypatch.setattr(Scan, "strip", held)
    a, b = (ImageBuffer.from_array(np.full((6000, 20), v, np.uint8)) for v in (1, 2))
    cache = Cache()

    def job(token):
        yield from iterate(Request(a, b), token, cache)

    scheduler = Scheduler(inbox, "test")
    scheduler.submit(job)
    for _ in range(THREADS):
        assert inside.acquire(timeout=PATIENCE)
    waiting = threading.Event()
    if how == "superseded":
        scheduler.submit(says("new"))
    elif how == "cancelled":
        scheduler.cancel()
    else:
        closer = threading.Thread(target=scheduler.close)
        closer.start()
        while not scheduler._token.cancelled:
            waiting.wait(0.001)
    go.set()
    if how == "closed":
        closer.join(PATIENCE)
        assert not closer.is_alive()
    else:
        settled(scheduler)
    assert len(begun) == THREADS  # no further strip was begun
    scheduler.close()
    ended = [e for _, e in inbox.events if not isinstance(e, Progress)]
    assert ended == {"superseded": ["new"], "cancelled": [Stopped()], "closed": []}[how]
    answer = list(iterate(Request(a, b), Token(), cache))[-1]
    assert isinstance(answer, Finished)
    assert answer.result.measures["l1"].value == 6000 * 20
