"""Where the frames of a sequence lie, and how a chain of them is kept from drifting."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core.errors import SettingsError

if TYPE_CHECKING:
    from core.alignment.types import Alignment
    from core.geometry import Matrix


class FrameReference(StrEnum):
    """What each frame of a sequence is aligned to."""

    FIRST = "first"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Drift:
    """When a chain of frames is tied to a key frame again.

    Attributes
    ----------
    every
        After so many frames without a tie.
    limit
        When the expected error that the last tie and the links since then have added exceeds this,
        px. Tied to the first frame, no frame's expected error does, unless ties fail.
    overlap
        Share, 0...1, of the key frame that a frame must show to be aligned to it. The key is the
        first frame while that shows enough, then the frame that was tied last.
    """

    every: int = 20
    limit: float = 0.5
    overlap: float = 0.5

    def __post_init__(self) -> None:
        if self.every < 1 or not self.limit > 0.0 or not 0.0 < self.overlap <= 1.0:
            raise SettingsError(
                "A drift is controlled every 1 or more frames, above a limit of more than 0 px,"
                " where frames share more than 0 and at most all of their area."
            )


@dataclass(frozen=True, slots=True)
class FrameAlignment:
    """Where one frame lies.

    Attributes
    ----------
    index
        Of the frame, from 0.
    alignment
        The last one that was made for it: to frame `against`, B being this frame.
    against
        Index of the frame it was aligned to; None for a reference picture from outside.
    matrix
        3x3 rows; maps the pixel centre (x, y, 1) of this frame to the same point of the first frame
        (or of the reference picture). That of the last frame that was aligned when this one was
        refused.
    error
        Expected error of `matrix` in px of the first frame, root mean square over the corners of
        this one; nan when it was refused.
    rekeyed
        Whether it was aligned to a key frame, and the chain was set right by that.
    moved
        How far that moved it from where the chain had put it, px of the first frame, root mean
        square over its corners; 0 when it was not. Many times the error that the chain had
        expected says that a link, or the key, is wrong.
    """

    index: int
    alignment: Alignment
    against: int | None
    matrix: Matrix
    error: float
    rekeyed: bool = False
    moved: float = 0.0

    @property
    def notice(self) -> str:
        """One sentence or two when it was refused, frames counted from 1; else empty."""
        if self.alignment.accepted:
            return ""
        to = "the reference picture" if self.against is None else f"frame {self.against + 1}"
        return f"Frame {self.index + 1} was not aligned to {to}. {self.alignment.reason}"
