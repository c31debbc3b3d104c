"""The cache: what is kept, what leaves, and threads that ask the same question at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cache import Cache
from core.errors import Cancelled

PATIENCE = 10.0
"""Seconds after which a thread that should have gone on counts as hung."""


def one(_):
    return 1


def made(cache, key, answer, size=1):
    return cache.get_or_make(key, lambda: answer, lambda _: size)


def waiting(cache, key, askers):
    """Wait for the fact that so many threads make or wait for an answer."""
    moment = threading.Event()
    for _ in range(int(PATIENCE / 0.001)):
        with cache._lock:
            entry = cache._making.get(key)
            if entry is not None and entry.askers >= askers:
                return
        moment.wait(0.001)
    pytest.fail(f"{askers} askers never came")


def test_an_answer_is_made_once_and_found_again():
    cache = Cache()
    assert made(cache, "question", "answer") == "answer"
    assert made(cache, "question", "another") == "answer"
    assert cache.get("question") == "answer"
    assert cache.get("other") is None
    assert cache.hits == 2


def test_the_least_recently_used_leaves_first():
    cache = Cache(budget=30)
    for key in "abc":
        cache.put(key, key.upper(), 10)
    assert cache.get("a") == "A"
    cache.put("d", "D", 10)
    assert [cache.get(k) for k in "abcd"] == ["A", None, "C", "D"]
    assert cache.used == 30


def test_what_is_larger_than_the_budget_is_given_but_not_kept():
    cache = Cache(budget=30)
    cache.put("small", 1, 10)
    assert made(cache, "large", "L", 31) == "L"
    assert cache.get("large") is None
    assert cache.get("small") == 1
    assert cache.used == 10


def test_an_answer_put_twice_counts_once():
    cache = Cache(budget=30)
    cache.put("a", 1, 10)
    cache.put("a", 2, 25)
    assert (cache.get("a"), cache.used) == (2, 25)
    cache.clear()
    assert (cache.get("a"), cache.used) == (None, 0)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 40)), max_size=60))
def test_the_budget_holds_and_the_bytes_add_up(steps):
    cache = Cache(budget=100)
    for key, size in steps:
        cache.put(key, key, size)
        assert cache.used == sum(n for _, n in cache._kept.values()) <= 100
        assert cache.get(key) == key  # what was put last always stays


def test_an_exception_goes_to_the_asker_and_nothing_is_kept():
    cache = Cache()

    def fails():
        raise Cancelled

    with pytest.raises(Cancelled):
        cache.get_or_make("question", fails, one)
    assert cache._making == {}
    assert made(cache, "question", "answer") == "answer"


@pytest.mark.parametrize("budget", [100, 0], ids=["kept", "too large to keep"])
def test_threads_that_ask_at_once_get_one_answer(budget):
    cache, go, calls = Cache(budget), threading.Event(), []

    def make():
        calls.append(threading.get_ident())
        assert go.wait(PATIENCE)
        return object()

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(cache.get_or_make, "question", make, one) for _ in range(4)]
        waiting(cache, "question", 4)
        go.set()
        answers = {id(f.result(PATIENCE)) for f in asked}
    assert len(calls) == 1
    assert len(answers) == 1
    assert cache._making == {}


def test_when_the_first_is_cancelled_one_of_those_who_wait_makes_it():
    cache, first_in, first_go = Cache(), threading.Event(), threading.Event()
    second_in, second_go, calls = threading.Event(), threading.Event(), []

    def cancelled():
        first_in.set()
        assert first_go.wait(PATIENCE)
        raise Cancelled

    def good(name):
        def make():
            calls.append(name)
            second_in.set()
            assert second_go.wait(PATIENCE)
            return name

        return make

    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(cache.get_or_make, "question", cancelled, one)
        assert first_in.wait(PATIENCE)
        second = pool.submit(cache.get_or_make, "question", good("second"), one)
        waiting(cache, "question", 2)
        first_go.set()
        with pytest.raises(Cancelled):
            first.result(PATIENCE)
        assert second_in.wait(PATIENCE)
        # The second is making it now; one who asks only now must wait for it.
        third = pool.submit(cache.get_or_make, "question", good("third"), one)
        waiting(cache, "question", 2)
        second_go.set()
        assert second.result(PATIENCE) == third.result(PATIENCE) == "second"
    assert calls == ["second"]
    assert cache._making == {}


def test_making_one_answer_may_ask_for_another():
    cache = Cache()
    assert cache.get_or_make("outer", lambda: made(cache, "inner", 3) + 1, one) == 4
    assert cache.get("inner") == 3
