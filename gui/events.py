"""What the jobs of `gui.work` yield: frozen, because it crosses threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from core.buffer import ImageBuffer
from core.render import Picture, Side
from core.result import Request, Result
from gui.source import Source


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """Pictures were read; None for a side that was not asked for."""

    a: ImageBuffer | None
    b: ImageBuffer | None


@dataclass(frozen=True, slots=True, eq=False)
class PreviewReady:
    """Overviews to look at until the exact answer is there."""

    shape: tuple[int, int]
    pictures: Mapping[Side, Picture]
    summaries: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class ResultReady:
    """The exact answer."""

    request: Request
    result: Result


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
