"""Working memory that is written over again and again.

An array of a whole strip comes from the system as pages that are not there yet, and the system
fills each with zeros when it is first written to: that takes as long as the work on it.
"""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from numpy.typing import DTypeLike

    from core.types import Pixels

T = TypeVar("T")

_VECTOR: Final = 64
"""Bytes of the widest vector that a processor writes at once."""
_SHIFT: Final = 16


class Scratch(threading.local):
    """Arrays by name, each thread its own. They live as long as this and its threads do."""

    def __init__(self) -> None:
        self._kept: dict[str, np.ndarray[Any, np.dtype[np.uint8]]] = {}
        self._made: dict[Hashable, Any] = {}

    def array(self, name: str, shape: tuple[int, ...], dtype: DTypeLike) -> Pixels:
        """Return a contiguous array that holds anything.

        It is this thread's until it asks for the same name again: what is to outlive the strip must
        be copied.
        """
        size = math.prod(shape) * np.dtype(dtype).itemsize
        kept = self._kept.get(name)
        if kept is None or kept.size < size:
            kept = self._kept[name] = np.empty(size, np.uint8)
        found: Pixels = kept[:size].view(dtype).reshape(shape)
        return found

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` made when this thread first asked for the key.

        For what keeps working memory of its own. The key says of which kind and size it is.
        """
        if key not in self._made:
            self._made[key] = make()
        made: T = self._made[key]
        return made

    def planes(
        self, name: str, count: int, shape: tuple[int, ...], dtype: DTypeLike
    ) -> list[Pixels]:
        """Return so many arrays for `cv2.split` to write to; otherwise as from `array`.

        Each begins elsewhere between two multiples of a vector's size. Where all begin alike,
        OpenCV writes past the cache, and what looks at them next has to wait for the memory.
        """
        kind = np.dtype(dtype)
        size = math.prod(shape) * kind.itemsize
        step = -(-size // _VECTOR) * _VECTOR + _SHIFT
        flat = self.array(name, (count * step,), np.uint8)
        return [flat[i * step :][:size].view(kind).reshape(shape) for i in range(count)]
