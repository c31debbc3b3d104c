"""Where readers get the memory that they decode into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.types import Pixels

LARGE: Final = 1 << 28
"""Bytes from which on pixels are decoded right into the memory that is handed over.

Smaller ones are written there when they are complete: new shared memory comes in pages of 4 KiB,
and touching each for the first time takes longer (30 ms for 12 megapixels) than to decode into
ordinary memory, which comes in pages of 2 MiB, and have the system write it (15 ms).
"""
_maker: list[Callable[[int], memoryview]] = []


def empty(shape: tuple[int, ...], dtype: np.dtype | type[np.generic]) -> Pixels:
    """Return a new C-contiguous array of any values.

    In a worker process (`core.io.isolation`) a large one lies in memory that the program maps too,
    so that returning it, or a contiguous part of it, costs no copy. Anywhere else it is
    `numpy.empty`.

    Raises
    ------
    MemoryError
        There is no such amount of memory, or it is more than the worker may use.
    """
    kind = np.dtype(dtype)
    count = 1
    for length in shape:
        count *= length
    if not _maker or count * kind.itemsize < LARGE:
        return np.empty(shape, kind)
    return np.frombuffer(_maker[-1](count * kind.itemsize), kind, count).reshape(shape)


def use(maker: Callable[[int], memoryview]) -> None:
    """Make arrays in memory from here: writable, of as many bytes as asked for."""
    _maker[:] = [maker]
