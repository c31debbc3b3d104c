"""Holds exact answers back, so that a test can look at the window while one is being computed."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from core.engine import iterate
from core.result import Finished, Progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.cache import Cache
    from core.result import Request
    from core.types import Token


class Gate:
    """Stands for `core.engine.iterate`; whatever else it yields passes.

    Attributes
    ----------
    held
        How many answers were ready at the gate, let through or not.
    before_preview
        Whether the preview waits too.
    """

    def __init__(self) -> None:
        self._open = threading.Event()
        self.held = 0
        self.before_preview = False

    def open(self) -> None:
        """Let answers pass, now and from now on."""
        self._open.set()

    def close(self) -> None:
        """Hold answers back from now on."""
        self._open.clear()

    def iterate(self, request: Request, token: Token, cache: Cache) -> Iterator[object]:
        """Yield what the engine yields, and wait at the gate with the answer."""
        if self.before_preview:
            yield Progress(0.0, "waiting")
            self._wait(token)
        for event in iterate(request, token, cache):
            if isinstance(event, Finished):
                self.held += 1
                self._wait(token)
            yield event

    def _wait(self, token: Token) -> None:
        while not self._open.wait(0.002):
            token.check()
