"""Reading frames ahead of who looks at them."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Final

from core.types import Token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.sequence.types import Frame

AHEAD: Final = 1
"""Frames that wait, besides the one that is being read."""
_STEP: Final = 0.05


def ahead(
    read: Callable[[int, Token], Frame], start: int, end: int, token: Token | None
) -> Iterator[Frame]:
    """Yield frames in order, the next of which are read by a thread meanwhile.

    Parameters
    ----------
    read
        Returns a frame; what it raises is raised from here, in its place.
    start, end
        The first frame, and the one behind the last.
    token
        Looked at between frames and while waiting.
    """
    ours = Token()
    ready: queue.Queue[Frame | BaseException | None] = queue.Queue(AHEAD)

    def give(item: Frame | BaseException | None) -> None:
        while not ours.cancelled:
            try:
                ready.put(item, timeout=_STEP)
            except queue.Full:
                continue
            return

    def run() -> None:
        try:
            for index in range(start, end):
                if ours.cancelled:
                    return
                give(read(index, ours))
            give(None)
        except BaseException as error:  # raised again by who waits
            give(error)

    thread = threading.Thread(target=run, name="pairlens-frames", daemon=True)
    thread.start()
    try:
        while True:
            if token is not None:
                token.check()
            try:
                item = ready.get(timeout=_STEP)
            except queue.Empty:
                continue
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item
            del item  # one at a time
    finally:
        ours.cancel()
        thread.join()
