"""Frames laid along the chain of their neighbours, tied to key frames."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from core.alignment.frame_types import Drift, FrameAlignment
from core.alignment.models import mapped
from core.alignment.overlap import overlap, share_of
from core.alignment.types import Alignment
from core.alignment.words import motion
from core.geometry import IDENTITY, Matrix, as_matrix, inverse, multiply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.buffer import ImageBuffer

STEADY: Final = 0.01
"""Part of each link's error that its neighbours share, px: interpolation pulls all shifts of one
length the same way, and a drift of less than 0.02 px a frame is taken for none. In a chain these
parts add up as they are, not in quadrature."""
Ask = Callable[["ImageBuffer", "ImageBuffer", Matrix | None], Alignment]
"""``ask(a, b, start)``: how B lies on A, about where `start` says; None looks everywhere."""


@dataclass(slots=True)
class Known:
    """A frame whose place is known.

    Attributes
    ----------
    picture, index
        The frame.
    matrix
        See `FrameAlignment`.
    chance, steady
        Two parts of its expected error, px of the first frame: what differs from link to link, and
        what all links may have in common.
    """

    picture: ImageBuffer
    index: int
    matrix: Matrix = IDENTITY
    chance: float = 0.0
    steady: float = 0.0

    @property
    def error(self) -> float:
        """Expected error, see `FrameAlignment`."""
        return math.hypot(self.chance, self.steady)

    def share(self, matrix: Matrix, shape: tuple[int, int]) -> float:
        """Return the share of this frame that another one, laid by its matrix, shows."""
        onto = multiply(inverse(self.matrix), matrix)
        return share_of(overlap(onto, self.picture.shape, shape), self.picture.shape)

    def follow(self, link: Alignment, picture: ImageBuffer, index: int) -> Known:
        """Return what is known of a frame that was aligned to this one."""
        matrix = np.asarray(multiply(self.matrix, link.matrix))
        # A link's error is in px of this frame, which may be shown larger or smaller in the first.
        scale = motion(self.matrix, self.picture.shape).scale
        error = error_of(link)
        steady = min(error, STEADY)
        chance = math.hypot(self.chance, scale * math.sqrt(error**2 - steady**2))
        return Known(
            picture, index, as_matrix(matrix / matrix[2, 2]), chance, self.steady + scale * steady
        )


@dataclass(slots=True)
class Chain:
    """What a chain remembers.

    Attributes
    ----------
    first, key, last
        The frame that all are laid on, the one that was tied last, and the last that was aligned.
    since
        Index of the frame at which the last tie was made.
    base
        Expected error of the frame it was tied to, px; that of the tie, and those of the links
        since, come on top.
    """

    first: Known
    key: Known = field(init=False)
    last: Known = field(init=False)
    since: int = 0
    base: float = 0.0

    def __post_init__(self) -> None:
        self.key = self.last = self.first


def chained(
    frames: Iterator[ImageBuffer], ask: Ask, drift: Drift | None
) -> Iterator[FrameAlignment]:
    """Yield where each frame lies; see `core.alignment.frames.aligned_frames`."""
    chain: Chain | None = None
    for index, frame in enumerate(frames):
        if chain is None:
            chain = Chain(Known(frame, index))
            yield first()
            continue
        last = chain.last
        link = ask(last.picture, frame, None)
        if not link.accepted:
            yield FrameAlignment(index, link, last.index, last.matrix, math.nan)
            continue
        here = last.follow(link, frame, index)
        chain.last = here
        found = FrameAlignment(index, link, last.index, here.matrix, here.error)
        yield found if drift is None else _tied(found, here, chain, drift, ask)


def _tied(
    found: FrameAlignment, here: Known, chain: Chain, drift: Drift, ask: Ask
) -> FrameAlignment:
    """Return where a frame lies, aligned to a key frame when it is time; changes what is known."""
    shape = here.picture.shape
    keys = [chain.first] if chain.key is chain.first else [chain.first, chain.key]
    near = [k for k in keys if k.share(here.matrix, shape) >= drift.overlap]
    added = math.sqrt(max(here.error**2 - chain.base**2, 0.0))
    if near and added <= drift.limit and here.index - chain.since < drift.every:
        return found
    # Where even the key leaves the view, this is the last time to look at it.
    for key in near or [chain.key]:
        if key.index == found.against:
            continue
        tie = ask(key.picture, here.picture, multiply(inverse(key.matrix), here.matrix))
        if not tie.accepted:  # the chain may have gone astray
            tie = ask(key.picture, here.picture, None)
        if not tie.accepted:
            continue
        tied = key.follow(tie, here.picture, here.index)
        if tied.error >= here.error:
            continue
        moved = _apart(tied.matrix, here.matrix, shape)
        chain.key = chain.last = tied
        chain.since, chain.base = tied.index, key.error
        return FrameAlignment(
            tied.index, tie, key.index, tied.matrix, tied.error, rekeyed=True, moved=moved
        )
    if not near:
        chain.key, chain.since, chain.base = here, here.index, here.error
    return found


def first() -> FrameAlignment:
    """Return where the first frame lies."""
    reason = "It is the first frame."
    return FrameAlignment(0, Alignment("translation", IDENTITY, 1.0, 0.0, True, reason), 0,
                          IDENTITY, 0.0)  # fmt: skip


def error_of(link: Alignment) -> float:
    """Return the expected error of an accepted alignment, px; 1 where it is not known."""
    return link.expected_error_px if math.isfinite(link.expected_error_px) else 1.0


def _apart(one: Matrix, other: Matrix, shape: tuple[int, int]) -> float:
    """Return how far two matrices lie apart, px, root mean square over a picture's corners."""
    right, bottom = shape[1] - 1.0, shape[0] - 1.0
    corners = np.array([[0.0, 0.0], [right, 0.0], [0.0, bottom], [right, bottom]])
    off = mapped(np.asarray(one), corners) - mapped(np.asarray(other), corners)
    return float(np.sqrt(np.square(off).sum(axis=1).mean()))
