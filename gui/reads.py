"""The jobs that read pictures. They wait beside the work, so that a stalled disk holds nothing up.

What reads may stall for ever on a network mount that has gone: it runs on a thread of its own,
which is left to itself when nobody waits any more.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from functools import partial
from typing import Any, Final, Generic, TypeVar

from core.buffer import ImageBuffer
from core.errors import Cancelled, ReadError, TooLargeError
from core.io import open_image, open_pair
from core.io.address import Address
from core.io.files import quoted
from core.io.reading import Reading
from core.scheduler import Job
from core.types import Token
from gui.events import Mark, Opened, ReadShare, Reloaded, Unreadable

T = TypeVar("T")

LOOK_EVERY: Final = 0.03
"""Seconds between two looks whether anybody still waits."""
GRACE: Final = 5.0
"""Seconds over the time limit until a place that does not answer is given up: decoders keep the
limit themselves, and say more of what is wrong."""
ANSWERS_WITHIN: Final = 0.3
"""Seconds that the window may be held up by asking."""
TRY_FOR: Final = 5.0
"""Seconds that a changed file may be unreadable before that is said."""
FIRST_PAUSE: Final = 0.25
HOLD: Final = 0.25
"""Seconds that a file must hold still to be taken for whole."""


def mark(path: str) -> Mark | None:
    """Return what a file (or what a link leads to) looks like; None when there is none."""
    try:
        status = os.stat(path)  # noqa: PTH116 - Path normalises names
    except (OSError, ValueError):
        return None
    return _mark(status)


def _mark(status: os.stat_result) -> Mark:
    return Mark(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


class _Aside(Generic[T]):
    """A function on a thread that may be abandoned."""

    def __init__(self, function: Callable[[], T]) -> None:
        self._function = function
        self._value: list[T] = []
        self._error: BaseException | None = None
        self.done = threading.Event()
        threading.Thread(target=self._run, name="pairlens-open", daemon=True).start()

    def _run(self) -> None:
        try:
            self._value.append(self._function())
        except BaseException as error:  # raised again in `result`
            self._error = error
        finally:
            self.done.set()

    def result(self) -> T:
        if self._error is not None:
            raise self._error
        return self._value[0]


class Share:
    """How much of the reading is done, told by whatever thread reads: a sign of life."""

    def __init__(self) -> None:
        self.done = 0.0
        self.told_at = -math.inf

    def tell(self, share: float) -> None:
        """Take note of it."""
        self.done, self.told_at = share, time.monotonic()


def following(
    function: Callable[[], T], token: Token, seconds: float, names: str, share: Share
) -> Generator[ReadShare, None, T]:
    """Return what a function returns; yield the share that is done as it grows.

    Raises
    ------
    Cancelled
        Nobody waits any more.
    ReadError
        There was no sign of life for `seconds`; `names` says of what.
    """
    running = _Aside(function)
    began, yielded = time.monotonic(), 0.0
    while not running.done.wait(LOOK_EVERY):
        token.check()
        if share.done > yielded:
            yielded = share.done
            yield ReadShare(yielded)
        if time.monotonic() > max(began, share.told_at) + seconds:
            raise ReadError(
                f"{names} could not be read within {seconds:g} seconds; check that the place"
                " where it lies answers, or allow more time."
            )
    return running.result()


def aside(
    function: Callable[[], T], token: Token, seconds: float, names: str, share: Share | None = None
) -> T:
    """Return what a function returns, and give it up as `following` does.

    Raises
    ------
    Cancelled
        Nobody waits any more.
    ReadError
        As `following`.
    """
    steps = following(function, token, seconds, names, share or Share())
    while True:
        try:
            next(steps)
        except StopIteration as end:
            made: T = end.value
            return made


def answering(folder: str) -> str:
    """Return a folder when its place answers within moments; else an empty text."""
    looking = _Aside(lambda: os.stat(folder))  # noqa: PTH116 - a dialog takes any name
    return folder if looking.done.wait(ANSWERS_WITHIN) else ""


def is_folder(path: str) -> bool:
    """Whether a path is one of a folder; False when its place does not answer within moments."""
    looking = _Aside(lambda: os.path.isdir(path))  # noqa: PTH112 - plain text
    return looking.done.wait(ANSWERS_WITHIN) and looking.result()


def opening(path_a: str | None, path_b: str | None, how: Reading) -> Job:
    """Read one file or two."""
    wanted = [p for p in (path_a, path_b) if p is not None]
    names = " or ".join(quoted(p) for p in wanted)

    def read(token: Token, share: Share) -> Opened:
        marks = {path: mark(path) for path in (Address.parse(p).path for p in wanted)}
        a, b = None, None
        options = _options(how, token, share)
        if path_a is not None and path_b is not None:
            a, b = open_pair(path_a, path_b, **options)
        elif path_a is not None:
            a = open_image(path_a, **options)
        elif path_b is not None:
            b = open_image(path_b, **options)
        return Opened(a, b, marks)

    def job(token: Token) -> Iterator[object]:
        token.check()
        if wanted:
            share = Share()
            seconds = how.limits.seconds + GRACE
            yield (yield from following(partial(read, token, share), token, seconds, names, share))

    return job


def reloading(shown: Mapping[str, str], how: Reading, *, restless: bool = False) -> Job:
    """Read changed files again, and try for some seconds while that fails.

    Parameters
    ----------
    shown
        Address -> SHA-256 of what is shown of it: where the bytes are the same nothing is said.
    restless
        The files are replaced all the time: what is read counts once the file that it was read
        from, which may have no name any more, has held still.
    """
    names = " or ".join(quoted(address) for address in shown)

    def job(token: Token) -> Iterator[object]:
        pause, until = FIRST_PAUSE, time.monotonic() + TRY_FOR
        left = dict(shown)
        while left:
            failed: dict[str, ReadError] = {}
            for address, sha256 in list(left.items()):
                token.check()
                try:
                    share = Share()
                    read = partial(_again, address, how, token, share, restless=restless)
                    found = aside(read, token, how.limits.seconds + GRACE, names, share)
                except ReadError as error:
                    failed[address] = error
                    continue
                del left[address]
                if found[0].sha256 != sha256:
                    yield Reloaded(address, *found)
            final = time.monotonic() > until
            for address, why in failed.items():
                if final or isinstance(why, TooLargeError):
                    del left[address]
                    yield Unreadable(address, why)
            if left:
                _wait(pause, token)
                pause *= 2

    return job


def _options(how: Reading, token: Token, share: Share) -> dict[str, Any]:
    return {**how._asdict(), "token": token, "progress": share.tell}


def _again(
    address: str, how: Reading, token: Token, share: Share, *, restless: bool
) -> tuple[ImageBuffer, str, Mark | None]:
    path = Address.parse(address).path
    before = mark(path)
    options = _options(how, token, share)
    read = partial(open_image, address, **options)
    if not restless:
        return read(), path, before
    try:
        with open(path, "rb", opener=_opener) as held:
            first, since = _mark(os.fstat(held.fileno())), time.monotonic()
            picture = read()
            time.sleep(max(HOLD - (time.monotonic() - since), 0.0))
            if first != before or _mark(os.fstat(held.fileno())) != first:
                raise ReadError(f"The file {quoted(path)} was changed while it was read.")
    except OSError as error:
        raise ReadError(f"The file {quoted(path)} went away while it was read.") from error
    return picture, path, before


def _opener(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _wait(seconds: float, token: Token) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        if token.cancelled:
            raise Cancelled
        time.sleep(min(left, LOOK_EVERY))
