"""A worker as something that is asked and answers, or is ended and explained."""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import TYPE_CHECKING, Any, Final, TypeVar

from core.errors import ReadError, TooLargeError
from core.io.isolation.process import Process, Unavailable
from core.io.limits import Limits, room

if TYPE_CHECKING:
    import msgspec

    from core.io.isolation.requests import Request
    from core.types import Pixels, Token

    A = TypeVar("A", bound=msgspec.Struct)
    R = TypeVar("R", bound=msgspec.Struct)

START_SECONDS: Final = 60.0
"""How long a worker may take to greet."""
_STEP: Final = 0.02
"""Seconds between two looks at a token."""


class Worker(Process):
    """A process that answers one question at a time; parameters as `Process` has them."""

    _greeted = False

    def call(
        self,
        request: Request[A, R],
        ask: A,
        *,
        name: str,
        limits: Limits,
        token: Token | None = None,
    ) -> tuple[R, Pixels | None]:
        """Ask, and wait for the answer.

        Parameters
        ----------
        request, ask
            What.
        name
            Of the file, in quotation marks, for a sentence.
        limits
            Memory and time that it may take.
        token
            Looked at while waiting.

        Raises
        ------
        ReadError
            The worker's own sentence; or one that says why there is none: then it is ended.
        Cancelled
            The answer is not wanted any more; the worker is ended.
        Unavailable
            The worker did not start.
        """
        from core.io.isolation import wire  # noqa: PLC0415 - a worker is started without it

        most = room(limits)
        question = wire.Call(request.name, wire.encode(ask), most, max(limits.seconds, 0.0))
        try:
            self.channel.settimeout(START_SECONDS)
            try:
                wire.send(self.channel, wire.encode(question))
                self._greet(token)
            except (wire.Ended, TimeoutError) as error:
                raise self._not_started(name) from error
            reply, descriptor = self._reply(limits.seconds, token)
            if isinstance(reply, wire.Done):
                return self._taken(request, reply, descriptor, most)
            if descriptor is not None:
                os.close(descriptor)
        except TimeoutError:
            raise self._lost(_late(name, limits.seconds)) from None
        except wire.Distrust as error:
            raise self._lost(_crash(name), str(error)) from error
        except wire.Ended:
            raise self._lost(self._why(name, limits.seconds)) from None
        except BaseException:
            self.kill()
            raise
        if isinstance(reply, wire.Refused):
            need, text = reply.need, reply.text
            raise self._noted(ReadError(text) if need is None else TooLargeError(text, need))
        if isinstance(reply, wire.Exhausted):
            raise self._lost(_full(name))
        raise self._lost(_crash(name), reply.trace if isinstance(reply, wire.Broken) else "")

    def _greet(self, token: Token | None) -> None:
        from core.io.isolation import wire  # noqa: PLC0415 - as above

        if not self._greeted:
            reply, _ = self._reply(START_SECONDS, token)
            if not isinstance(reply, wire.Hello):
                raise wire.Distrust("no greeting")
            self._greeted = True

    def _not_started(self, name: str) -> Exception:
        """Return the error for a worker that was gone before it could begin."""
        words = self.last_words()
        self.kill()
        return Unavailable(words or f"the process ended before it could read {name}")

    def _reply(self, seconds: float, token: Token | None) -> tuple[Any, int | None]:
        from core.io.isolation import wire  # noqa: PLC0415 - as above

        deadline = time.monotonic() + seconds

        def waiting() -> None:
            if token is not None:
                token.check()
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.channel.settimeout(min(left, 1.0 if token is None else _STEP))

        waiting()
        frame, descriptors = wire.receive(self.channel, waiting)
        descriptor = descriptors[0] if descriptors else None
        try:
            return wire.decode_reply(frame), descriptor
        except wire.Distrust:
            if descriptor is not None:
                os.close(descriptor)
            raise

    def _taken(
        self, request: Request[A, R], done: Any, descriptor: int | None, most: int
    ) -> tuple[R, Pixels | None]:
        from core.io.isolation import wire  # noqa: PLC0415 - as above
        from core.io.isolation.memory import adopt  # noqa: PLC0415 - loads numpy

        pixels = None
        if done.layout is not None:
            if self.anonymous and descriptor is None:
                raise wire.Distrust("pixels without memory")
            pixels = adopt(done.layout, descriptor, self.folder, most)
        elif descriptor is not None:
            os.close(descriptor)
        return wire.decode(done.body, request.reply), pixels

    def _lost(self, text: str, note: str = "") -> ReadError:
        """End the worker, and return the error for that."""
        error = self._noted(ReadError(text))
        if note:
            error.add_note(note)
        self.kill()
        return error

    def _noted(self, error: ReadError) -> ReadError:
        """Add what the decoder wrote, which is shown with a traceback only."""
        words = self.last_words()
        if words:
            error.add_note(words)
        return error

    def _why(self, name: str, seconds: float) -> str:
        status = self.exit_status()
        if sys.platform != "win32" and status is not None:
            if status == -signal.SIGKILL:  # by the system: it was not by us
                return _full(name)
            if status == -signal.SIGALRM:
                return _late(name, seconds)
        return _crash(name)


def _crash(name: str) -> str:
    return (
        f"The decoder crashed while it read {name}, which is probably damaged; "
        "get a fresh copy, or save the picture in another format and open that."
    )


def _late(name: str, seconds: float) -> str:
    return (
        f"Reading {name} was given up after the {seconds:g} seconds allowed; "
        "copy it to a faster disk, save it in a simpler format, or allow more time."
    )


def _full(name: str) -> str:
    return (
        f"Reading {name} took more memory than is allowed or there is; "
        "close other programs, make the picture smaller, or allow more."
    )
