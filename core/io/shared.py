"""Where readers get the memory that they decode into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.types import Pixels

_maker: list[Callable[[int], memoryview]] = []


def empty(shape: tuple[int, ...], dtype: np.dtype | type[np.generic]) -> Pixels:
    """Return a new C-contiguous array of any values.

    In a worker process (`core.io.isolation`) it lies in memory that the program maps too, so that
    returning it, or a contiguous part of it, costs no copy. Anywhere else it is `numpy.empty`.

    Raises
    ------
    MemoryError
        There is no such amount of memory, or it is more than the worker may use.
    """
    kind = np.dtype(dtype)
    count = 1
    for length in shape:
        count *= length
    if not _maker or not count:
        return np.empty(shape, kind)
    return np.frombuffer(_maker[-1](count * kind.itemsize), kind, count).reshape(shape)


def use(maker: Callable[[int], memoryview]) -> None:
    """Make arrays in memory from here: writable, of as many bytes as asked for."""
    _maker[:] = [maker]
