"""Remembers answers under the question that made them, up to a number of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar, cast

T = TypeVar("T")

DEFAULT_BYTES: Final = 384 * 2**20


_NOTHING: Final = object()


class _Making:
    """An answer in the making: it is known as long as anybody makes it or waits for it."""

    __slots__ = ("answer", "askers", "lock")

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.askers = 0
        self.answer: Any = _NOTHING


class Cache:
    """Thread-safe; the least recently used answers leave first when the byte budget is used up.

    Nothing is ever invalidated: a different question has a different key. Two threads that ask the
    same question at once wait for one answer.

    Parameters
    ----------
    budget
        Bytes of array data to keep. An answer larger than the budget is given but not kept.
    """

    def __init__(self, budget: int = DEFAULT_BYTES) -> None:
        self.budget = budget
        self.hits = 0
        self.misses = 0
        self._used = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[Hashable, _Making] = {}

    @property
    def used(self) -> int:
        """Bytes kept."""
        return self._used

    def get(self, key: Hashable) -> Any | None:
        """Return the answer to a question asked before, or None."""
        with self._lock:
            found = self._kept.get(key)
            if found is None:
                self.misses += 1
                return None
            self.hits += 1
            self._kept.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, answer: object, size: int) -> None:
        """Keep an answer that holds `size` bytes of array data."""
        if size > self.budget:
            return
        with self._lock:
            old = self._kept.pop(key, None)
            self._used += size - (old[1] if old else 0)
            self._kept[key] = (answer, size)
            while self._used > self.budget:
                _, (_, gone) = self._kept.popitem(last=False)
                self._used -= gone

    def get_or_make(self, key: Hashable, make: Callable[[], T], size: Callable[[T], int]) -> T:
        """Return the answer to a question, making it once if it is new.

        An exception from `make` goes to the asker and nothing is kept; of those who wait, one then
        tries with its own `make`. `None` is not an answer: it is made again each time.
        """
        found = self.get(key)
        if found is not None:
            return cast("T", found)
        with self._lock:
            making = self._making.setdefault(key, _Making())
            making.askers += 1
        try:
            with making.lock:
                if making.answer is _NOTHING:
                    making.answer = self._remade(key, make, size)
                return cast("T", making.answer)
        finally:
            with self._lock:
                making.askers -= 1
                if making.askers == 0:
                    del self._making[key]

    def _remade(self, key: Hashable, make: Callable[[], T], size: Callable[[T], int]) -> T:
        """Make an answer and keep it, unless it was kept since it was asked for."""
        with self._lock:
            kept = self._kept.get(key)
        if kept is not None:
            return cast("T", kept[0])
        answer = make()
        self.put(key, answer, size(answer))
        return answer

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._used = 0
