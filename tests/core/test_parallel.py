"""Strips on several threads: in order, and none is begun that nobody wants."""

from __future__ import annotations

import os
import threading

import pytest

from core.errors import Cancelled
from core.parallel import THREADS, _places, _pool, apart, in_order, shared
from core.types import Rect, Token

PATIENCE = 10.0
RECTS = [Rect(10 * i, 0, 10, 7) for i in range(50)]


class Work:
    """Work that begins when told to; it knows which rectangles were begun and which are done."""

    def __init__(self, held=()):
        self.lock = threading.Lock()
        self.begun, self.done = [], []
        self.held, self.go = set(held), threading.Event()
        self.inside = threading.Semaphore(0)

    def __call__(self, rect):
        with self.lock:
            self.begun.append(rect)
        if rect in self.held:
            self.inside.release()
            assert self.go.wait(PATIENCE)
        with self.lock:
            self.done.append(rect)
        return rect.row


def test_each_thread_has_a_processor_where_there_are_just_as_many(monkeypatch):
    for allowed in ({0}, {3, 5}, set(range(THREADS)), set(range(64))):
        monkeypatch.setattr("os.sched_getaffinity", lambda _, all_=allowed: all_, raising=False)
        each = len(allowed) == THREADS > 1
        assert _places() == (sorted(allowed) if each else [])
    monkeypatch.delattr("os.sched_getaffinity")
    assert _places() == []


@pytest.mark.skipif(not _places(), reason="threads may run everywhere on this machine")
def test_threads_stay_on_processors_of_their_own():
    meet = threading.Barrier(THREADS, timeout=PATIENCE)  # so that each thread has one

    def work(_):
        meet.wait()
        return frozenset(os.sched_getaffinity(0))

    seen = set(in_order(work, RECTS[:THREADS], Token()))
    assert seen == {frozenset({place}) for place in _places()}


@pytest.mark.parametrize("count", [0, 1, 2, THREADS, 2 * THREADS + 1, 50])
def test_answers_come_in_order(count):
    work = Work()
    assert list(in_order(work, RECTS[:count], Token())) == [r.row for r in RECTS[:count]]
    assert sorted(work.done, key=lambda r: r.row) == RECTS[:count]


def test_an_early_answer_waits_for_the_one_before():
    work = Work(held=RECTS[:1])
    answers = []
    reader = threading.Thread(target=lambda: answers.extend(in_order(work, RECTS, Token())))
    reader.start()
    assert work.inside.acquire(timeout=PATIENCE)
    assert answers == []
    work.go.set()
    reader.join(PATIENCE)
    assert answers == [r.row for r in RECTS]


@pytest.mark.parametrize("count", [1, 50])
def test_cancelled_before_it_begins_nothing_is_done(count):
    work, token = Work(), Token()
    token.cancel()
    with pytest.raises(Cancelled):
        list(in_order(work, RECTS[:count], token))
    assert work.begun == []


def drain():
    """Return when the threads have done all they were given before."""
    gate = threading.Barrier(THREADS)

    def meet(rect):
        gate.wait(PATIENCE)
        return rect.row

    list(in_order(meet, RECTS[:THREADS], Token()))


def test_a_closed_run_begins_no_further_strip_and_does_not_wait_for_a_long_one():
    held = RECTS[1 : 1 + THREADS]
    work = Work(held)
    answers = in_order(work, RECTS, Token())
    assert next(answers) == 0
    for _ in held:  # every thread is in a strip
        assert work.inside.acquire(timeout=PATIENCE)
    answers.close()
    assert work.done == RECTS[:1]
    work.go.set()
    drain()
    assert set(work.begun) == set(work.done) == {*RECTS[:1], *held}


def test_a_cancelled_run_stops_in_the_midst_of_strips():
    held = RECTS[1 : 1 + THREADS]
    work, token = Work(held), Token()
    answers = in_order(work, RECTS, token)
    assert next(answers) == 0
    for _ in held:
        assert work.inside.acquire(timeout=PATIENCE)
    threading.Timer(0.01, token.cancel).start()  # while the next answer is waited for
    with pytest.raises(Cancelled):
        next(answers)
    assert work.done == RECTS[:1]
    work.go.set()
    drain()
    assert set(work.begun) == set(work.done) == {*RECTS[:1], *held}


def test_work_apart_gives_its_answer_or_its_error():
    assert apart(lambda: threading.current_thread().name, Token()).startswith("strips")
    with pytest.raises(ZeroDivisionError):
        apart(lambda: 1 // 0, Token())


def test_work_apart_is_left_alone_when_it_is_cancelled():
    work, token = Work(held=RECTS[:1]), Token()
    threading.Timer(0.01, token.cancel).start()
    with pytest.raises(Cancelled):
        apart(lambda: work(RECTS[0]), token)
    assert work.done == []
    work.go.set()
    drain()
    assert set(work.done) == set(work.begun)


def test_an_error_in_a_strip_comes_out_in_its_place():
    def work(rect):
        if rect.row == 30:
            raise ValueError("the fourth")
        return rect.row

    answers = in_order(work, RECTS, Token())
    assert [next(answers) for _ in range(3)] == [0, 10, 20]
    with pytest.raises(ValueError, match="the fourth"):
        next(answers)
    assert list(in_order(lambda r: r.row, RECTS, Token())) == [r.row for r in RECTS]


def test_no_more_strips_wait_than_are_needed():
    work = Work()
    answers = in_order(work, RECTS, Token())
    next(answers)
    next(answers)
    answers.close()
    drain()
    assert len(work.begun) <= 2 + 2 * THREADS


@pytest.mark.parametrize("count", [0, 1, 2, THREADS, 2 * THREADS + 1, 50])
def test_shared_work_is_done_once_and_its_answers_are_in_order(count):
    work = Work()
    assert shared(work, RECTS[:count], Token()) == [r.row for r in RECTS[:count]]
    assert sorted(work.done, key=lambda r: r.row) == RECTS[:count]


@pytest.mark.skipif(THREADS == 1, reason="needs a second thread")
def test_shared_work_is_done_by_who_asks_and_by_others():
    work = Work(held=RECTS)
    answers = []
    asker = threading.Thread(target=lambda: answers.extend(shared(work, RECTS, Token())))
    asker.start()
    for _ in range(THREADS):  # so many are in the midst of one
        assert work.inside.acquire(timeout=PATIENCE)
    work.go.set()
    asker.join(PATIENCE)
    assert answers == [r.row for r in RECTS]


def test_shared_work_waits_for_nobody_while_the_other_threads_are_busy():
    go = threading.Event()
    busy = [_pool().submit(go.wait, PATIENCE) for _ in range(THREADS)]
    try:
        assert shared(Work(), RECTS, Token()) == [r.row for r in RECTS]
        assert not any(b.done() for b in busy)
    finally:
        go.set()


@pytest.mark.parametrize("count", [1, 50])
def test_shared_work_that_is_cancelled_is_not_begun(count):
    work, token = Work(), Token()
    token.cancel()
    with pytest.raises(Cancelled):
        shared(work, RECTS[:count], token)
    assert work.begun == []


@pytest.mark.parametrize("wrong", [0, 1, 49])
def test_what_shared_work_raises_is_raised_once_nobody_works_any_more(wrong):
    running = []

    def work(rect):
        running.append(rect)
        try:
            if rect is RECTS[wrong]:
                raise ZeroDivisionError
        finally:
            running.remove(rect)

    with pytest.raises(ZeroDivisionError):
        shared(work, RECTS, Token())
    assert running == []
