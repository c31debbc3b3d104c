"""What a sequence is made of, and what is said of each of its frames."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from core.buffer import ImageBuffer
    from core.types import Token


class Verdict(StrEnum):
    """What a frame is, as far as its neighbours and its histogram tell."""

    OK = "ok"
    CORRUPTED = "corrupted"
    FROZEN = "frozen"
    BLACK = "black"
    FLASH = "flash"
    TORN = "torn"
    DUPLICATE = "duplicate"
    DROPPED = "dropped"
    CUT = "cut"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One frame of a source.

    Attributes
    ----------
    index
        From 0, in the order shown.
    time
        Seconds since the first frame; nan where the source does not say it.
    image
        The picture; None when it could not be read.
    name
        What a person calls it: a file's name, or ``"video.mp4 #17"`` for the frame of index 17.
    problem
        One sentence why it could not be read; empty when it could.
    """

    index: int
    time: float
    image: ImageBuffer | None
    name: str
    problem: str = ""


class Source(Protocol):
    """Where frames come from. A still is a source of one frame.

    Attributes
    ----------
    address
        What it was opened as.
    name
        For people.
    live
        Whether frames go on arriving, and none can be had again.
    rate
        Frames a second, where the source says it.
    """

    address: str
    name: str
    live: bool
    rate: Fraction | None

    @property
    def count(self) -> int | None:
        """Number of frames; None while nobody knows."""

    def frame(self, index: int, token: Token | None = None) -> Frame:
        """Return one frame, exactly that one.

        A frame that cannot be decoded comes with a `problem`.

        Raises
        ------
        IndexError
            When there is no such frame.
        ReadError
            When the source itself can no longer be read, or is live.
        """

    def frames(self, start: int = 0, token: Token | None = None) -> Iterator[Frame]:
        """Yield frames in order from `start` on, holding one at a time; endless when live.

        Frames that cannot be decoded come with a `problem`, and the next one follows.

        Raises
        ------
        ReadError
            When the source itself can no longer be read.
        """

    def close(self) -> None:
        """Let go of files, processes and connections; may be called twice."""
