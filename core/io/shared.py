"""Where readers get the memory that they decode into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.types import Pixels

    Maker = Callable[[int, Pixels | None], memoryview]

LARGE: Final = 1 << 28
"""Bytes from which on pixels are always decoded right into the memory that is handed over.

Smaller ones are written there when they are complete, where nobody provides its pages ahead: new
shared memory comes in pages of 4 KiB, and touching each for the first time takes longer (30 ms for
12 megapixels) than to decode into ordinary memory, which comes in pages of 2 MiB, and have the
system write it (15 ms).
"""
SMALL: Final = 1 << 20
"""Bytes up to which copying costs less than a mapping."""
_maker: list[tuple[Maker, int]] = []


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
    if not _maker or count * kind.itemsize < _maker[-1][1]:
        return np.empty(shape, kind)
    return np.frombuffer(_maker[-1][0](count * kind.itemsize, None), kind, count).reshape(shape)


def read(array: Pixels) -> Pixels:
    """Return an array that lies in a mapped file; in a worker process, what it holds.

    There it has to be copied anyway: here while others still work on the file.
    """
    alike = array.flags.c_contiguous and array.dtype.isnative
    if not _maker or not alike or array.nbytes < _maker[-1][1]:
        return array
    memory = _maker[-1][0](array.nbytes, array)
    return np.frombuffer(memory, array.dtype).reshape(array.shape)


def use(maker: Maker, least: int) -> None:
    """Make arrays of `least` bytes and more in memory from here.

    It is asked for so many bytes to write to, and to fill them with an array unless that is None.
    """
    _maker[:] = [(maker, least)]
