"""What the jobs of `gui.sequence.jobs` yield and are asked: frozen, as it crosses threads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.sequence.params import SequenceParams

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from core.render import Picture
    from core.sequence.archive import Archive
    from core.sequence.distances import DistanceMap
    from core.sequence.over_frames import Companion
    from core.sequence.pairing import Pairing
    from core.sequence.survey import Question, Surveyed
    from core.sequence.types import Frame
    from core.types import Pixels


@dataclass(frozen=True, slots=True)
class Wanted:
    """A sequence that a person wants to see.

    Attributes
    ----------
    a, b
        Addresses; `b` is empty while there is one sequence only.
    params
        How its frames are compared.
    offset
        Frame i of A belongs to frame i + offset of B; None: it is to be found by content.
    reference
        Path of a picture or a golden model; empty for none.
    """

    a: str
    b: str = ""
    params: SequenceParams = field(default_factory=SequenceParams)
    offset: int | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A sequence is open.

    Attributes
    ----------
    wanted
        What was asked for.
    question
        Its sources, and all that decides what is said of its frames.
    archive
        What is known of them.
    note
        What a person must be told; empty for nothing.
    """

    wanted: Wanted
    question: Question
    archive: Archive
    note: str = ""

    @property
    def live(self) -> bool:
        """Whether frames go on arriving."""
        return self.question.a.live

    @property
    def count(self) -> int | None:
        """How many frames there are; None while nobody knows."""
        return self.question.a.count


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A frame was read, with what it is compared with."""

    index: int
    frame: Frame
    companion: Companion


@dataclass(frozen=True, slots=True, eq=False)
class Soon:
    """Small pictures for a frame that is still being read.

    Attributes
    ----------
    index
        Of the frame.
    pictures
        One for each pane that has any.
    near
        The frame that they are of, where that is not the one itself but one near it.
    """

    index: int
    pictures: tuple[Picture, ...]
    near: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Thumb:
    """A small picture for the filmstrip."""

    index: int
    rgb: Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Values of one measure, by frame."""

    name: str
    values: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Lasted:
    """How the frames of A and B lie in time was found, or could not be: then `problem` says why."""

    pairing: Pairing | None
    problem: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the pass has found, with the limit of what is usual for each frame."""

    found: Surveyed
    limits: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Mapped:
    """The map of the distances between all frames."""

    found: DistanceMap


@dataclass(frozen=True, slots=True)
class Ended:
    """The pass came to the last frame."""


@dataclass(frozen=True, slots=True)
class Approved:
    """A picture was added to a golden model, which has learned from `count` now."""

    path: Path
    count: int


@dataclass(frozen=True, slots=True)
class Keeping:
    """Changed frames are being written.

    Attributes
    ----------
    done, total
        How many frames were judged, of how many; None while nobody knows.
    said
        The sentence for how it ended; empty while it goes on.
    failed
        Whether something was refused.
    """

    done: int
    total: int | None
    said: str = ""
    failed: bool = False
