"""Requests that no sound program has: a worker that a test starts answers them too.

`BOOT` is the command of such a worker. In it, reading a picture misbehaves as the file's name says.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from core.io import shared
from core.io.isolation import reading, requests
from core.io.isolation.process import boot
from core.io.isolation.requests import Request


class Ask(msgspec.Struct, frozen=True):
    what: str
    count: int = 0
    text: str = ""


class Told(msgspec.Struct, frozen=True):
    number: int = 0
    text: str = ""


MISBEHAVE = Request("misbehave", Ask, Told, "tests.misbehaving", "misbehave")
BOOT = boot("import tests.misbehaving; tests.misbehaving.register()")


def register() -> None:
    """Answer `MISBEHAVE` in this process, and read files named hang, crash … accordingly."""
    requests.REQUESTS["misbehave"] = MISBEHAVE
    sound = reading.read

    def read(ask: requests.ReadAsk, state: dict[str, Any]) -> Any:
        path = Path(os.fsdecode(ask.address))
        if path.stem in {"hang", "crash", "grow"}:
            path.with_suffix(".begun").touch()
            misbehave(Ask(path.stem), state)
        return sound(ask, state)

    reading.read = read


def misbehave(ask: Ask, state: dict[str, Any]) -> tuple[Told, np.ndarray | None]:
    """Do what is asked for: one of the functions below."""
    told = globals()[ask.what](ask, state)
    return told if isinstance(told, tuple) else (told or Told(), None)


def hang(ask: Ask, state: dict[str, Any]) -> None:
    while True:
        time.sleep(0.01)


def hang_in_c(ask: Ask, state: dict[str, Any]) -> None:
    ctypes.PyDLL(None).sleep(1000)  # holds the interpreter's lock, as some decoders do


def crash(ask: Ask, state: dict[str, Any]) -> None:
    signal.signal(signal.SIGSEGV, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGSEGV)
    time.sleep(60)


def abort(ask: Ask, state: dict[str, Any]) -> None:
    os.abort()


def leave(ask: Ask, state: dict[str, Any]) -> None:
    os._exit(3)


def fail(ask: Ask, state: dict[str, Any]) -> None:
    raise ZeroDivisionError("a mistake inside")


def grow(ask: Ask, state: dict[str, Any]) -> None:
    state["much"] = [np.zeros(1 << 27, np.uint8) for _ in range(1000)]


def grow_in_c(ask: Ask, state: dict[str, Any]) -> None:
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    if not all(libc.malloc(1 << 30) for _ in range(1000)):
        raise MemoryError


def noise(ask: Ask, state: dict[str, Any]) -> None:
    os.write(1, b"never seen")
    with contextlib.suppress(BlockingIOError):
        for line in range(20_000):
            os.write(2, b"line %d of a decoder's complaints\n" % line)


def litter(ask: Ask, state: dict[str, Any]) -> None:
    """Leave a file where temporary ones go, say where that is, and never end."""
    Path(tempfile.gettempdir(), "litter").write_bytes(b"left")
    Path(ask.text).write_text(f"{os.getpid()} {tempfile.gettempdir()}", encoding="utf-8")
    hang(ask, state)


def meet(ask: Ask, state: dict[str, Any]) -> None:
    """Wait for the other, who comes only if it runs at the same time."""
    own, other = ask.text.split("|")
    Path(own).touch()
    while not Path(other).exists():
        time.sleep(0.002)


def count(ask: Ask, state: dict[str, Any]) -> Told:
    state["n"] = state.get("n", 0) + 1
    return Told(state["n"])


def pixels(ask: Ask, state: dict[str, Any]) -> tuple[Told, np.ndarray]:
    """Return rows that hold their number; of memory that is handed over, or a part of it."""
    made = shared.empty((ask.count, 7, 3), np.uint16)
    made[:] = (np.arange(ask.count) % 65521)[:, None, None]
    return Told(), made[2:, :, : (2 if ask.text == "strided" else 3)] if ask.text else made


def facts(ask: Ask, state: dict[str, Any]) -> Told:
    files = len(list(Path("/proc/self/fd").iterdir()))
    limits = resource.getrlimit(resource.RLIMIT_CORE)
    return Told(files, repr((str(Path.cwd()), sys.flags.safe_path, limits)))
