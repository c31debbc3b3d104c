"""Does the same work on many rectangles, on several threads at once."""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from functools import cache as remember
from typing import Final, TypeVar

import cv2

from core.errors import Cancelled
from core.types import Rect, Token

THREADS: Final = max(1, min(os.cpu_count() or 1, 8))
_POLL: Final = 0.02
"""Seconds between looks at the token while a strip is waited for."""
_PATIENCE: Final = 0.05
"""Seconds that a stopped run waits at most for strips that have begun."""

# Strips are spread over our own threads; OpenCV's inside them would only get in each other's way.
cv2.setNumThreads(1)

S = TypeVar("S")
T = TypeVar("T")


@remember
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(
        THREADS, thread_name_prefix="strips", initializer=_settle, initargs=(deque(_places()),)
    )


def _places() -> list[int]:
    """Return a processor for each thread, if there are just as many.

    Then none is left out, and it does not matter which of them share a core. Empty where the system
    does not say, or has more: it knows best which to use.
    """
    if not hasattr(os, "sched_getaffinity"):
        return []
    allowed = sorted(os.sched_getaffinity(0))
    return allowed if len(allowed) == THREADS > 1 else []


def _settle(places: deque[int]) -> None:
    """Keep the calling thread on a processor of its own.

    After a rest Linux wakes all threads on the processor that one of them had last, and takes some
    25 ms to spread them: a quarter of what SSIM of 12 MP takes on two. It is no loss where another
    program has one of the processors to itself, since strips go to whoever has time.
    """
    with contextlib.suppress(IndexError, OSError):
        os.sched_setaffinity(0, {places.popleft()})


def in_order(work: Callable[[Rect], T], rects: Sequence[Rect], token: Token) -> Iterator[T]:
    """Do `work` on every rectangle, several at once, and yield the answers in order.

    Stops soon after the token says so, also in the midst of strips: those end by themselves.
    """
    if len(rects) == 1:
        token.check()
        yield work(rects[0])
        return
    pool, waiting, left = _pool(), deque[Future[T]](), iter(rects)
    try:
        for _ in range(2 * THREADS):
            if (rect := next(left, None)) is not None:
                waiting.append(pool.submit(_checked(work, token), rect))
        while waiting:
            token.check()
            if not wait([waiting[0]], _POLL).done:
                continue
            yield waiting.popleft().result()
            if (rect := next(left, None)) is not None:
                waiting.append(pool.submit(_checked(work, token), rect))
    finally:
        # That strips let go of their arrays is worth a short wait, a long filter is not.
        wait([f for f in waiting if not f.cancel()], _PATIENCE)


def shared(work: Callable[[S], T], items: Sequence[S], token: Token) -> list[T]:
    """Do `work` on every item, and return the answers in order.

    The calling thread takes items like the others. So where these have no processor to run on,
    nothing waits for them, and short work costs little more than without them; `in_order` is for
    work that is long, or whose answers are wanted as they come. Stops between items when the token
    says so.
    """
    out: dict[int, T] = {}
    left = deque(enumerate(items))

    def take() -> None:
        while left:
            token.check()
            try:
                at, item = left.popleft()
            except IndexError:  # another thread was faster
                return
            out[at] = work(item)

    others = [_pool().submit(take) for _ in range(min(THREADS, len(items)) - 1)]
    try:
        take()
    finally:
        left.clear()  # there is something only where something was raised
        begun = [other for other in others if not other.cancel()]
        wait(begun)
    for other in begun:
        other.result()
    return [out[at] for at in range(len(items))]


def apart(work: Callable[[], T], token: Token) -> T:
    """Do `work` on another thread and return its answer.

    Raises `Cancelled` soon after the token says so, even in the midst of a long call: the work then
    goes on until it looks at the token itself, and its answer is dropped.
    """
    future = _pool().submit(work)
    while not wait([future], _POLL).done:
        token.check()
    return future.result()


def both(one: Callable[[], T], other: Callable[[], T], token: Token) -> tuple[T, T]:
    """Do two pieces of work at once; stops soon after the token says so, as `apart` does."""
    second = _pool().submit(other)
    first = apart(one, token)
    while not wait([second], _POLL).done:
        token.check()
    return first, second.result()


def _checked(work: Callable[[Rect], T], token: Token) -> Callable[[Rect], T]:
    def run(rect: Rect) -> T:
        if token.cancelled:
            raise Cancelled
        return work(rect)

    return run
