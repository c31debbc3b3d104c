"""Cameras and streams: frames as they arrive, from a worker process that holds the connection.

A connection that is lost is made again after 1, 2, 4 … 30 seconds; each attempt that fails is told
by a frame with a `problem`. Times are those of arrival: what streams say of time begins anew with
each connection. Cancelling the token ends the worker, so nothing is waited for.
"""

from __future__ import annotations

import contextlib
import math
import re
import threading
import time
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NoReturn

from core.errors import Cancelled, ReadError
from core.io.isolation import requests
from core.io.limits import DEFAULT, Limits
from core.sequence.sources.asking import Asked, Until, ask_first, image_of
from core.sequence.types import Frame
from core.types import Contents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.types import Token

FIRST_WAIT: Final = 1.0
"""Seconds before the first attempt to connect again."""
LONGEST_WAIT: Final = 30.0
SILENCE: Final = 10.0
"""Seconds without anything after which a connection counts as lost."""
_STEP: Final = 0.05
_CAMERA: Final = "camera:"
# What a stream may make FFmpeg open: nothing on the disks.
_PROTOCOLS: Final = "rtsp,rtsps,rtp,srtp,rtmp,rtmps,udp,tcp,tls,http,https,httpproxy,crypto,srt"


class LiveSource:
    """See `core.sequence.types.Source`.

    Parameters
    ----------
    address
        ``camera:`` and a number or a device's name, or the address of a stream.
    limits
        `bytes` are for one frame.
    token
        Ends the opening.
    isolated
        Whether a worker process receives and decodes; otherwise this one, where the token is
        looked at between frames only.

    Raises
    ------
    ReadError
        There is no such camera, or the stream does not answer.
    """

    live = True
    count = None

    def __init__(
        self, address: str, *, limits: Limits = DEFAULT, token: Token | None = None,
        isolated: bool = True,
    ) -> None:  # fmt: skip
        self.address = address
        self.name = shown(address)
        self._title = f"“{self.name}”"
        self._limits, self._isolated = limits, isolated
        self._asked: Asked | None = None
        self._stop = Until(token)
        self._lock = threading.Lock()
        top, bottom = self._connect().rate
        self.rate = Fraction(top, bottom) if top > 0 and bottom > 0 else None

    def _connect(self) -> requests.StreamReply:
        camera = self.address.startswith(_CAMERA)
        options = {} if camera else {"protocol_whitelist": _PROTOCOLS}
        if self.address.lower().startswith("rtsp"):
            options["rtsp_transport"] = "tcp"  # without which lost packets tear pictures
        ask = requests.StreamAsk(
            self.address.removeprefix(_CAMERA), "camera" if camera else "", options,
            self.name.removeprefix(_CAMERA) if camera else self._title, self._limits.bytes, SILENCE,
        )  # fmt: skip
        self._asked, said = ask_first(
            requests.STREAM, ask, self._title, isolated=self._isolated, limits=self._limits,
            token=self._stop,
        )  # fmt: skip
        return said

    def frame(self, index: int, token: Token | None = None) -> NoReturn:
        """See `Source`."""
        del index, token
        raise ReadError(f"The frames of {self._title} come live; take them in turn.")

    def frames(self, start: int = 0, token: Token | None = None) -> Iterator[Frame]:
        """See `Source`; ends when the token is cancelled or the source closed.

        `start` is the number of the first frame, of which none is left out.
        """
        index, began, wait = start, math.nan, FIRST_WAIT
        self._stop.also(token)
        with contextlib.suppress(Cancelled):
            while True:
                self._stop.check()
                try:
                    with self._lock:
                        if self._asked is None:
                            self._connect()
                        made = self._next(index, began)
                    wait = FIRST_WAIT
                except ReadError as error:
                    self._drop()
                    text = f"{str(error).rstrip('.')}; trying again in {wait:g} s."
                    now = time.monotonic()
                    made = Frame(index, now - began, None, f"{self.name} #{index}", text)
                    yield made
                    self._pause(wait)
                    index, wait = index + 1, min(wait * 2, LONGEST_WAIT)
                    continue
                began = time.monotonic() if math.isnan(began) else began
                yield made
                del made  # one at a time
                index += 1
        self._drop()

    def _next(self, index: int, began: float) -> Frame:
        asked = self._asked
        assert asked is not None
        # The worker gives up after a silence by itself; this is for one that does not.
        limits = self._limits._replace(seconds=2 * SILENCE)
        said, pixels = asked.call(
            requests.NEXT, requests.FrameAsk(index), limits=limits, token=self._stop
        )
        when = 0.0 if math.isnan(began) else time.monotonic() - began
        name = f"{self.name} #{index}"
        if said.problem:
            return Frame(index, when, None, name, said.problem)
        image = image_of(
            said, pixels, asked, key=f"live:{id(self)}:{time.monotonic_ns()}", path="",
            name=self._title, meta={"format": "Live"}, contents=Contents(frame=index),
        )  # fmt: skip
        return Frame(index, when, image, name)

    def _pause(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._stop.check()
            time.sleep(min(left, _STEP))

    def _drop(self) -> None:
        with self._lock:
            if self._asked is not None:
                self._asked.close()
                self._asked = None

    def close(self) -> None:
        """See `Source`; ends `frames` that waits on another thread."""
        self._stop.cancel()
        self._drop()


def shown(address: str) -> str:
    """Return an address as it may be shown: on one line, without name and password."""
    bare = re.sub(r"(?<=://)[^/@]*@", "", address)
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in bare)[:255]
