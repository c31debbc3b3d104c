"""Remembers answers under the question that made them, up to a number of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar, cast

T = TypeVar("T")

DEFAULT_BYTES: Final = 384 * 2**20


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
        self._making: dict[Hashable, threading.Lock] = {}

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

        An exception from `make` goes to the asker and nothing is kept.
        """
        found = self.get(key)
        if found is not None:
            return cast("T", found)
        with self._lock:
            making = self._making.setdefault(key, threading.Lock())
        with making:
            found = self.get(key)
            if found is not None:
                return cast("T", found)
            try:
                answer = make()
            finally:
                with self._lock:
                    self._making.pop(key, None)
            self.put(key, answer, size(answer))
            return answer

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._used = 0
