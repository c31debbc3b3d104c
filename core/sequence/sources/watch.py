"""A folder that is being filled: its pictures as they are complete, in order, without an end."""

from __future__ import annotations

import math
import os
import time
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

from core.errors import Cancelled, ReadError
from core.io.files import quoted
from core.sequence.sources.names import listed, natural
from core.sequence.types import Frame

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from core.sequence.sources.pictures import How
    from core.types import Token

_POLL: Final = 0.1
SETTLED: Final = 0.5
"""Seconds without a change after which a file counts as complete."""
OLD: Final = 2.0
"""A file that was last written so long ago when it is first seen is complete: it was moved in."""
PATIENCE: Final = 30.0
"""How long a file that goes on changing holds up those behind it."""


class _Seen(NamedTuple):
    """A file's size and time, and when (by which clock) it was first seen and last changed."""

    state: tuple[int, int]
    first: float
    since: float


class WatchSource:
    """See `core.sequence.types.Source`; files that are there already come first.

    A file is complete when it was not written to for a moment. Files come in the order of their
    names as far as they are there: one that is being written holds up those behind it for a while,
    one that is not there yet does not.

    Parameters
    ----------
    folder
        Must be there.
    how
        To open the pictures.

    Raises
    ------
    ReadError
        The folder cannot be read.
    """

    live = True
    rate: Fraction | None = None
    count = None

    def __init__(self, folder: str, how: How) -> None:
        self.address = f"watch:{folder}"
        self.name = quoted(folder)[1:-1]
        self._folder, self._how = os.path.abspath(folder), how  # noqa: PTH100 - plain text
        self._closed = False
        listed(self._folder)

    def frame(self, index: int, token: Token | None = None) -> NoReturn:
        """See `Source`."""
        del index, token
        raise ReadError(f"The folder {quoted(self._folder)} is watched; take its frames in turn.")

    def frames(self, start: int = 0, token: Token | None = None) -> Iterator[Frame]:
        """See `Source`; ends when the token is cancelled or the source closed.

        `start` is the number of the first frame, of which none is left out.
        """
        done: set[str] = set()
        seen: dict[str, _Seen] = {}
        began = math.nan
        try:
            while not self._closed:
                name = self._next(done, seen)
                if name is None:
                    _pause(_POLL, token)
                    continue
                done.add(name)
                now = seen.pop(name).since
                began = now if math.isnan(began) else began
                path = os.path.join(self._folder, name)  # noqa: PTH118 - plain text
                try:
                    image, problem = self._how.open(path, token), ""
                except ReadError as error:
                    image, problem = None, str(error)
                yield Frame(start + len(done) - 1, now - began, image, quoted(name)[1:-1], problem)
                del image
        except Cancelled:
            return

    def _next(self, done: set[str], seen: dict[str, _Seen]) -> str | None:
        """Return a file that is complete and was not had."""
        now, today = time.monotonic(), time.time()
        for name in sorted(set(listed(self._folder)) - done, key=natural):
            try:
                status = os.stat(os.path.join(self._folder, name))  # noqa: PTH116, PTH118 - plain text
            except OSError:
                continue  # gone again
            state = status.st_size, status.st_mtime_ns
            before = seen.get(name)
            if before is None or before.state != state:
                seen[name] = _Seen(state, before.first if before else now, now)
            moved = before is None and today - status.st_mtime > OLD
            settled = now - seen[name].since >= SETTLED
            if status.st_size and (moved or settled):
                return name
            if now - seen[name].first < PATIENCE:
                return None
        return None

    def close(self) -> None:
        """See `Source`."""
        self._closed = True


def _pause(seconds: float, token: Token | None) -> None:
    """Wait, but no longer than the token is valid."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if token is not None:
            token.check()
        time.sleep(min(left, 0.05))
