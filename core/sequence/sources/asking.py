"""The program's end of a video decoder: questions to a worker of one's own."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from core.buffer import ImageBuffer
from core.errors import Cancelled, ReadError
from core.io.isolation import pool as pools
from core.io.isolation.process import Unavailable
from core.io.limits import DEFAULT, Limits
from core.types import Alpha, Contents, Encoding, Notice, Token

if TYPE_CHECKING:
    import msgspec

    from core.io.isolation.requests import FrameReply, Request
    from core.types import Pixels

    A = TypeVar("A", bound=msgspec.Struct)
    R = TypeVar("R", bound=msgspec.Struct)


class Until(Token):
    """Is cancelled by itself, as when a source is closed, or by another token."""

    __slots__ = ("_other",)

    def __init__(self, other: Token | None = None) -> None:
        super().__init__()
        self._other = other

    def also(self, other: Token | None) -> None:
        """Take another token in place of the one before."""
        self._other = other

    @property
    def cancelled(self) -> bool:
        """See `Token`."""
        return super().cancelled or (self._other is not None and self._other.cancelled)

    def check(self) -> None:
        """See `Token`."""
        if self.cancelled:
            raise Cancelled


class Asked(Protocol):
    """What answers: a lease of a worker, or `Here`."""

    @property
    def alive(self) -> bool:
        """Whether it can still be asked."""

    def call(
        self,
        request: Request[A, R],
        ask: A,
        *,
        limits: Limits = DEFAULT,
        token: Token | None = None,
    ) -> tuple[R, Pixels | None]:
        """See `core.io.isolation.pool.Lease.call`."""

    def close(self) -> None:
        """Let go of what is open."""


class Here:
    """Answers in this process, without protection from the file.

    Parameters
    ----------
    forced
        Because no other could be started, which is to be told.
    """

    alive = True

    def __init__(self, *, forced: bool = False) -> None:
        self.forced = forced
        self._state: dict[str, Any] = {}

    def call(
        self,
        request: Request[A, R],
        ask: A,
        *,
        limits: Limits = DEFAULT,
        token: Token | None = None,
    ) -> tuple[R, Pixels | None]:
        """See `Asked`."""
        del limits
        if token is not None:
            token.check()
        function = getattr(importlib.import_module(request.module), request.function)
        reply: R
        reply, pixels = function(ask, self._state)
        # Unlike a worker's, they are not handed over: the next answer may be written there.
        return reply, None if pixels is None else pixels.copy()

    def close(self) -> None:
        """See `Asked`."""
        for kept in self._state.values():
            if hasattr(kept, "close"):
                kept.close()
        self._state = {}


def ask_first(
    request: Request[A, R],
    ask: A,
    name: str,
    *,
    isolated: bool,
    limits: Limits,
    token: Token | None,
) -> tuple[Asked, R]:
    """Return who answers from now on, and the first answer.

    Raises
    ------
    ReadError, Cancelled
        As `core.io.isolation.asking.Worker.call` does; nobody is left running then.
    """
    try:
        return _asked(
            pools.default().lease(name) if isolated else Here(), request, ask, limits, token
        )
    except ReadError as error:
        if not isinstance(error.__cause__, Unavailable):
            raise
    return _asked(Here(forced=True), request, ask, limits, token)


def _asked(
    asked: Asked, request: Request[A, R], ask: A, limits: Limits, token: Token | None
) -> tuple[Asked, R]:
    try:
        return asked, asked.call(request, ask, limits=limits, token=token)[0]
    except BaseException:
        asked.close()
        raise


def image_of(
    reply: FrameReply,
    pixels: Pixels | None,
    asked: Asked,
    *,
    key: str,
    path: str,
    name: str,
    meta: dict[str, str],
    contents: Contents,
) -> ImageBuffer:
    """Return the picture of a frame; raises ReadError for an answer that is none."""
    wrong = ReadError(f"Reading {name} gave no picture; get a fresh copy and open that.")
    if pixels is None or pixels.ndim not in {2, 3} or not reply.peak > 0:
        raise wrong
    try:
        encoding, alpha = Encoding(reply.encoding), Alpha(reply.alpha)
    except ValueError as error:
        raise wrong from error
    pixels.flags.writeable = False
    notices = [Notice(n.code, n.text, n.severity) for n in reply.notices]
    if isinstance(asked, Here) and asked.forced:
        text = (
            f"{name} was read in the program itself, since no process could be started for it: "
            "a damaged file could have ended the program."
        )
        notices.append(Notice("isolation", text, "warning"))
    return ImageBuffer(
        pixels, key=key, peak=reply.peak, bits=reply.bits, encoding=encoding, alpha=alpha,
        path=path, meta={**reply.meta, **meta}, contents=contents,
        notices=tuple(notices),
    )  # fmt: skip
