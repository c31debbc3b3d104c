"""What the jobs of `gui.work` yield: frozen, because it crosses threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from core.buffer import ImageBuffer
from core.geometry import Placement
from core.render import Picture, Side
from core.result import Request, Result
from gui.source import Source


class Mark(NamedTuple):
    """What a file looks like from outside; it differs after every change."""

    device: int
    inode: int
    size: int
    changed_ns: int


@dataclass(frozen=True, slots=True)
class ReadShare:
    """So much of large pictures is read, from 0 to 1."""

    share: float


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """Pictures were read; None for a side that was not asked for.

    `marks`: path -> what the file looked like before it was read (`gui.reads.Mark`).
    """

    a: ImageBuffer | None
    b: ImageBuffer | None
    marks: Mapping[str, Mark | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Reloaded:
    """A changed file was read again; `mark`: what it looked like before that."""

    address: str
    picture: ImageBuffer
    path: str
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A changed file could not be read for some seconds."""

    address: str
    error: Exception


@dataclass(frozen=True, slots=True, eq=False)
class PreviewReady:
    """Overviews to look at until the exact answer is there, and where the pictures lie in them."""

    shape: tuple[int, int]
    pictures: Mapping[Side, Picture]
    placement: Placement


@dataclass(frozen=True, slots=True, eq=False)
class ResultReady:
    """The exact answer, and where the pictures lie in it."""

    request: Request
    result: Result
    placement: Placement


@dataclass(frozen=True, slots=True, eq=False)
class Rendered:
    """One picture for one pane; `detail` is laid over the overview."""

    source: Source
    picture: Picture
    detail: bool


@dataclass(frozen=True, slots=True, eq=False)
class Thumbnails:
    """Small pictures of A and B at the first regions."""

    source: Source
    pairs: Sequence[tuple[Picture, Picture]]


@dataclass(frozen=True, slots=True)
class Exported:
    """A report was written."""

    path: Path


@dataclass(frozen=True, slots=True)
class Exposure:
    """The exposure, in stops, that brings what is seen within white."""

    ev: float
