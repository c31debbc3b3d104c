"""The worker process: answers one question after the other until the program is gone.

Started by `core.io.isolation.process`; never imported by the program.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
import socket
import sys
import threading
from typing import Any, Final, NoReturn

import msgspec

from core.errors import ReadError, TooLargeError
from core.io.isolation import wire
from core.io.isolation.requests import REQUESTS

_GRACE: Final = 5.0
"""Seconds after which a worker ends itself when the program has not: it may be gone."""


def start(channel: str, folder: str, anonymous: str) -> NoReturn:
    """Run `main` with what `core.io.isolation.process` gives as words: a number, a path, 0 or 1."""
    if sys.platform == "win32":
        size = int.from_bytes(_from_program(4), "little")
        connected = socket.fromshare(_from_program(size))
    else:
        connected = socket.socket(fileno=int(channel))
    main(connected, folder, anonymous=anonymous == "1")


def _from_program(count: int) -> bytes:
    data = b""
    while len(data) < count:
        piece = os.read(0, count - len(data))
        if not piece:
            sys.exit(0)
        data += piece
    return data


def main(channel: socket.socket, folder: str, *, anonymous: bool) -> NoReturn:
    """Answer what comes through `channel`.

    Parameters
    ----------
    channel
        A stream socket.
    folder
        A new folder of this name is made for whatever decoders write, and removed at the end.
    anonymous
        Hand pixels over as anonymous memory, not as files.
    """
    _lower()
    os.mkdir(folder, 0o700)  # noqa: PTH102 - no pathlib needed
    for name in ("TMPDIR", "TEMP", "TMP"):
        os.environ[name] = folder
    threading.Thread(target=_end_with_program, args=(folder,), daemon=True).start()
    with contextlib.suppress(wire.Ended):
        wire.send(channel, wire.encode(wire.Hello()))
        _serve(channel, folder, anonymous=anonymous)
    _end(folder)


def _lower() -> None:
    """Give up what no decoder needs."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not everywhere

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would be as large as the pictures
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the program decides, not the terminal
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123 - no pathlib needed
        file.write("1000")  # where memory runs out, the system ends this process, not the program


def _end_with_program(folder: str) -> None:
    """Wait until the program closes the pipe, which it does even by dying."""
    with contextlib.suppress(OSError):
        while os.read(0, 1):
            pass
    _end(folder)


def _end(folder: str) -> NoReturn:
    try:
        os.rmdir(folder)  # noqa: PTH106 - no pathlib needed
    except OSError:
        import shutil  # noqa: PLC0415 - few decoders leave files

        shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)  # a decoder may be at work in another thread


def _serve(channel: socket.socket, folder: str, *, anonymous: bool) -> None:
    _load_if_idle(channel)
    from core.io import shared  # noqa: PLC0415 - loads numpy: after the greeting
    from core.io.isolation.memory import Store  # noqa: PLC0415 - the same

    store = Store(None if anonymous else folder)
    gc.enable()  # see `core.io.isolation.process.boot`
    shared.use(store.make, shared.SMALL if anonymous else shared.LARGE)
    state: dict[str, Any] = {}
    while True:
        frame, _ = wire.receive(channel)
        call = wire.decode_call(frame)
        with _bounds(call.room, call.seconds):
            reply, pixels, descriptor = _answer(call, state, store)
        wire.send(channel, wire.encode(reply), descriptor)
        del reply, pixels, descriptor


def _load_if_idle(channel: socket.socket) -> None:
    """Load what most pictures need, unless a question waits already and will say what it needs."""
    channel.settimeout(0)
    try:
        channel.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        for name in ("core.io.isolation.reading", "core.io.vips"):
            importlib.import_module(name)
    finally:
        channel.settimeout(None)


@contextlib.contextmanager
def _bounds(room: int, seconds: float) -> Any:
    if sys.platform == "win32":
        yield
        return
    import resource  # noqa: PLC0415 - not everywhere

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = min(_mapped_now() + room, sys.maxsize)
    if hard not in {resource.RLIM_INFINITY, -1}:
        limit = min(limit, hard)
    with contextlib.suppress(OSError, ValueError):  # macOS has the name, but not the thing
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    # Not handled, so that it ends the process even in a decoder that never returns.
    signal.setitimer(signal.ITIMER_REAL, min(seconds, 1e8) + _GRACE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


def _mapped_now() -> int:
    """Return how many bytes of addresses are in use."""
    try:
        with open("/proc/self/statm") as file:  # noqa: PTH123 - no pathlib needed
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def _answer(
    call: wire.Call, state: dict[str, Any], store: Any
) -> tuple[wire.Reply, object, int | None]:
    """Return the reply, what keeps its memory alive, and the descriptor to send with it."""
    try:
        request = REQUESTS[call.name]
        ask = msgspec.msgpack.decode(call.body, type=request.ask)
        function = getattr(importlib.import_module(request.module), request.function)
        reply, pixels = function(ask, state)
        if pixels is None:
            return wire.Done(wire.encode(reply)), None, None
        pixels = store.shared(pixels)
        layout, descriptor = store.find(pixels)
        return wire.Done(wire.encode(reply), layout), pixels, descriptor
    except TooLargeError as error:
        return wire.Refused(str(error), error.need), None, None
    except ReadError as error:
        return wire.Refused(str(error)), None, None
    except MemoryError:
        return wire.Exhausted(), None, None
    except Exception:
        import traceback  # noqa: PLC0415 - only now

        text = traceback.format_exc()
        return wire.Broken(text.encode("utf-8", "backslashreplace").decode()), None, None
    finally:
        store.settle()
