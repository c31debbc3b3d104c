"""Memory that a worker fills and the program maps: neither copies a pixel, but of small pictures.

On Linux it is anonymous (``memfd_create``), travels as a file descriptor, knows no limit of
``/dev/shm``, and is gone with the last process that maps it, however that ends. Before the program
maps it, it is sealed against being shortened, since touching what was cut off would end the
program (SIGBUS). Its pages are provided by a thread that runs ahead of the decoder, since that
takes a seventh of the time of decoding a JPEG. Elsewhere it is a file in the worker's folder,
deleted once it is mapped where the system allows that, else with the folder; there the worker is
trusted not to shorten it.
"""

from __future__ import annotations

import mmap
import os
import sys
import threading
import weakref
from typing import TYPE_CHECKING, Final

import numpy as np

from core.io.isolation.wire import Distrust, Layout

if TYPE_CHECKING:
    from core.types import Pixels

ANONYMOUS: Final = sys.platform == "linux" and hasattr(os, "memfd_create")
"""Whether memory needs no file."""
COPIED: Final = 4 << 20
"""Bytes up to which pixels are copied: what is mapped takes a file descriptor for as long as
anything remembers it, of which a process has perhaps 1024; to copy so few costs a millisecond."""
_MOST_AXES: Final = 4
_AHEAD: Final = 1 << 28
"""Bytes that are provided ahead: a small file that says it is huge is not believed yet."""
_AT_ONCE: Final = 1 << 22
_POPULATE_WRITE: Final = 23  # of madvise(2), since Linux 5.14; has no name in `mmap`


class Store:
    """The worker's side: memory handed out, until it is sent or dropped.

    Parameters
    ----------
    folder
        Where files are made; None: anonymous memory.
    """

    def __init__(self, folder: str | None) -> None:
        self._folder = folder
        self._count = 0
        # Address of each mapping -> its length, its descriptor and its file.
        self._blocks: dict[int, tuple[int, int, str]] = {}
        self._provider: _Provider | None = None

    def make(self, size: int, filled: Pixels | None = None) -> memoryview:
        """Return new writable memory; it lives as long as something refers to it.

        `filled` is written there by the system, which takes half the time of touching new pages.
        """
        self.settle()
        try:
            descriptor, name = self._open()
        except OSError as error:
            raise MemoryError from error
        try:
            if filled is not None:
                _write(descriptor, filled)
            os.truncate(descriptor, size)
            mapped = mmap.mmap(descriptor, size)
        except (OSError, ValueError, OverflowError) as error:
            os.close(descriptor)
            raise MemoryError from error
        address = np.frombuffer(mapped, np.uint8).ctypes.data
        self._blocks[address] = (size, descriptor, name)
        weakref.finalize(mapped, self._drop, address)
        if filled is None and self._folder is None:
            self._provider = _Provider(mapped, address, size)
        return memoryview(mapped)

    def find(self, pixels: Pixels) -> tuple[Layout, int | None]:
        """Return where an array lies in memory from here, copying it there if it does not.

        Second: the descriptor to send along; it stays open as long as the array lives.
        """
        self.settle()
        start = pixels.ctypes.data
        if pixels.flags.c_contiguous and pixels.dtype.isnative:
            for address, (size, descriptor, name) in self._blocks.items():
                if address <= start and start + pixels.nbytes <= address + size:
                    layout = _layout(pixels, start - address, name)
                    return layout, descriptor if self._folder is None else None
        raise LookupError

    def shared(self, pixels: Pixels) -> Pixels:
        """Return the array itself if it lies in memory from here, else a copy that does."""
        try:
            self.find(pixels)
        except LookupError:
            native = np.ascontiguousarray(pixels, pixels.dtype.newbyteorder("="))
            memory = self.make(max(native.nbytes, 1), native)
            return np.frombuffer(memory, native.dtype, native.size).reshape(native.shape)
        return pixels

    def settle(self) -> None:
        """Provide no more pages ahead, and hold no memory: its decoder has ended."""
        if self._provider is not None:
            self._provider.stop()
            self._provider = None

    def _open(self) -> tuple[int, str]:
        if self._folder is None and sys.platform == "linux":
            return os.memfd_create("pairlens", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING), ""
        self._count += 1
        name = f"{self._count}.pixels"
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        return os.open(os.path.join(self._folder or "", name), flags, 0o600), name  # noqa: PTH118 - no pathlib needed

    def _drop(self, address: int) -> None:
        os.close(self._blocks.pop(address)[1])


class _Provider:
    """Has the system provide the pages of memory, from its start on, beside who writes there."""

    def __init__(self, mapped: mmap.mmap, address: int, size: int) -> None:
        self._mapped = mapped  # not to be unmapped meanwhile
        self._places = range(address, address + min(size, _AHEAD), _AT_ONCE)
        self._end = address + size
        self._wanted = True
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Return when it has ended, soon."""
        self._wanted = False
        self._thread.join()

    def _run(self) -> None:
        import ctypes  # noqa: PLC0415 - NumPy has loaded it

        # Unlike `mmap.madvise` this releases the interpreter's lock.
        madvise = ctypes.CDLL(None).madvise
        madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
        for place in self._places:
            count = min(_AT_ONCE, self._end - place)
            if not self._wanted or madvise(place, count, _POPULATE_WRITE):
                return  # where the system cannot, the decoder's writing does it


def _write(descriptor: int, pixels: Pixels) -> None:
    rest: memoryview = pixels.reshape(-1).view(np.uint8).data
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _layout(pixels: Pixels, offset: int, name: str) -> Layout:
    return Layout(str(pixels.dtype), pixels.shape, offset, name)  # type: ignore[arg-type]  # the other side checks it


def adopt(layout: Layout, descriptor: int | None, folder: str, most: int) -> Pixels:
    """Return a worker's pixels, read-only and not copied; the memory goes with the array.

    Parameters
    ----------
    layout
        What the worker says of them.
    descriptor
        What came with it, closed here in any case; None: `layout` names a file.
    folder
        Of the worker.
    most
        More bytes than this are not believed.

    Raises
    ------
    Distrust
        The memory is smaller than it is said to be, can be shortened, is no memory, or the layout
        is none of an array.
    """
    path = ""
    if descriptor is None:
        name = layout.file
        if not name.endswith(".pixels") or not name[: -len(".pixels")].isdigit():
            raise Distrust(f"a file called {name!r}")
        path = os.path.join(folder, name)  # noqa: PTH118 - no pathlib needed
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        try:
            descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
        except OSError as error:
            raise Distrust(str(error)) from error
    try:
        return _mapped(layout, descriptor, most, sealed=not path)
    except (OSError, ValueError, OverflowError) as error:
        raise Distrust(str(error)) from error
    finally:
        os.close(descriptor)
        if path and sys.platform != "win32":  # where a mapped file cannot be deleted
            os.unlink(path)  # noqa: PTH108 - no pathlib needed


def _mapped(layout: Layout, descriptor: int, most: int, *, sealed: bool) -> Pixels:
    shape, dtype = layout.shape, np.dtype(layout.dtype)
    count = 1
    for length in shape:
        count *= max(length, 0)
    end = layout.offset + count * dtype.itemsize
    misplaced = layout.offset < 0 or layout.offset % dtype.itemsize
    if not count or not 1 <= len(shape) <= _MOST_AXES or misplaced or end > most:
        raise Distrust(f"pixels {shape} {dtype} at {layout.offset}")
    if sealed and sys.platform == "linux":
        import fcntl  # noqa: PLC0415 - not everywhere

        # Fails with an OSError where it is no sealable memory.
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK)
    size = os.fstat(descriptor).st_size
    if end > size:
        raise Distrust(f"pixels up to {end} of {size} bytes")
    if sys.platform == "win32":
        mapped = mmap.mmap(descriptor, end, access=mmap.ACCESS_READ)
    else:
        mapped = mmap.mmap(descriptor, end, prot=mmap.PROT_READ)
    pixels = np.frombuffer(mapped, dtype, count, layout.offset).reshape(shape)
    if pixels.nbytes <= COPIED:
        pixels = np.frombuffer(pixels.tobytes(), dtype).reshape(shape)  # bytes stay read-only
    return pixels
