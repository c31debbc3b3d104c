"""Video files: any frame, exactly that one, by FFmpeg in a worker process.

Opening reads the file through once, without decoding it, to know how many frames there are and
when each is shown (`packets`); a worker process then keeps the file and the decoder open
(`decoding`). What goes wrong there, a crash included, costs one frame: it comes with a `problem`,
and the next one is asked of a new worker. A frame may take as many bytes as a still picture
(`core.io.limits`).

The pictures have no SHA-256: a file of gigabytes is not read again for it. Their `key` is made of
the file's place, size and time of change.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from core.errors import Cancelled, ReadError
from core.io.files import quoted
from core.io.isolation import requests
from core.io.isolation.wire import text_out
from core.io.limits import DEFAULT, Limits
from core.sequence.sources.ahead import ahead
from core.sequence.sources.asking import Asked, ask_first, image_of
from core.sequence.types import Frame
from core.types import Contents, Token

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.types import Pixels

_REMEMBERED: Final = 4
_LOOK: Final = 0.02
"""Seconds between looks at the token while another thread has the decoder."""


class VideoSource:
    """See `core.sequence.types.Source`.

    Parameters
    ----------
    path
        Of the file.
    limits
        `bytes` are for one frame; `seconds` for one step of the work, of which there are many.
    token
        Ends the opening.
    isolated
        Whether a worker process decodes; otherwise this one.

    Attributes
    ----------
    passing
        Whether a frame that is decoded on the way to one that takes a while is handed over, too.
    passed
        One that was decoded on the way to what is being read, or was read last; None for none.

    Raises
    ------
    ReadError
        Missing, not a video, without moving pictures, encrypted, or too large.
    """

    live = False

    def __init__(
        self, path: str, *, limits: Limits = DEFAULT, token: Token | None = None,
        isolated: bool = True,
    ) -> None:  # fmt: skip
        self.address = path
        self._path = os.path.abspath(path)  # noqa: PTH100 - Path normalises names
        self._title = quoted(path)
        self.name = self._title[1:-1]
        self._limits, self._isolated = limits, isolated
        self._lock = threading.Lock()
        self._frames: OrderedDict[int, Frame] = OrderedDict()
        self._asked: Asked | None = None
        self._closed = Token()
        self.passing = False
        self.passed: Frame | None = None
        said = self._said = self._open(token)
        top, bottom = said.rate
        self.rate = Fraction(top, bottom) if top > 0 and bottom > 0 else None

    @property
    def count(self) -> int:
        """See `Source`."""
        return self._said.count

    def _open(self, token: Token | None) -> requests.VideoReply:
        ask = requests.VideoAsk(text_out(self._path), self._limits.bytes)
        asked, said = ask_first(
            requests.VIDEO, ask, self._title, isolated=self._isolated, limits=self._limits,
            token=token,
        )  # fmt: skip
        try:
            while not said.ready:
                if token is not None:
                    token.check()
                said, _ = asked.call(requests.VIDEO, ask, limits=self._limits)
        except BaseException:
            asked.close()
            raise
        self._asked = asked
        return said

    def _reopened(self, token: Token | None) -> Asked:
        if self._closed.cancelled:
            raise self._gone()
        if self._asked is None and self._open(token) != self._said:
            raise ReadError(f"The video {self._title} was changed; open it again.")
        assert self._asked is not None
        return self._asked

    def frame(self, index: int, token: Token | None = None) -> Frame:
        """See `Source`."""
        if not 0 <= index < self.count:
            raise IndexError(f"there is no frame {index} of {self.count}")
        while not self._lock.acquire(timeout=_LOOK):
            if token is not None:
                token.check()
        try:
            if index in self._frames:
                self._frames.move_to_end(index)
                return self._frames[index]
            made = self._read(index, token)
            self._frames[index] = made
            if len(self._frames) > _REMEMBERED:
                self._frames.popitem(last=False)
            return made
        finally:
            self._lock.release()

    def _read(self, index: int, token: Token | None) -> Frame:
        asked, name = self._reopened(token), f"{self.name} #{index}"
        said = requests.FrameReply(False)
        self.passed = None
        try:
            while not said.ready:
                if token is not None:
                    token.check()
                wanted = requests.FrameAsk(index, self.passing and self.passed is None)
                said, pixels = asked.call(
                    requests.FRAME, wanted, limits=self._limits, token=self._closed
                )
                if not said.ready and pixels is not None and 0 <= said.passed < index:
                    self.passed = self._made(said, pixels, asked, said.passed)
            if said.problem:
                return Frame(index, said.time, None, name, said.problem)
            return self._made(said, pixels, asked, index)
        except Cancelled:
            if self._closed.cancelled:
                raise self._gone() from None
            raise
        except ReadError as error:
            if not asked.alive:
                asked.close()
                self._asked = None
            return Frame(index, said.time if said.ready else float("nan"), None, name, str(error))

    def _made(
        self, said: requests.FrameReply, pixels: Pixels | None, asked: Asked, index: int
    ) -> Frame:
        """Return a frame that was answered."""
        stamp = "-".join(map(str, self._said.stamp))
        image = image_of(
            said, pixels, asked, key=f"video:{stamp}:{index}", path=self._path, name=self._title,
            meta={"format": "Video"}, contents=Contents(frame=index),
        )  # fmt: skip
        return Frame(index, said.time, image, f"{self.name} #{index}")

    def frames(self, start: int = 0, token: Token | None = None) -> Iterator[Frame]:
        """See `Source`; the next one is decoded while one is looked at."""
        return ahead(self.frame, start, self.count, token)

    def close(self) -> None:
        """See `Source`; a frame that another thread waits for is given up."""
        self._closed.cancel()
        with self._lock:
            if self._asked is not None:
                self._asked.close()
            self._frames.clear()
            self.passed = None

    def _gone(self) -> ReadError:
        return ReadError(f"The video {self._title} was closed; open it again.")
