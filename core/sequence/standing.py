"""What stands out in a frame, ready to be drawn on it: its foreground, and things with their ways.

Places are (row, col) in pixels of the frame, counted from the top left edge of the picture: the
centre of its first pixel is at (0.5, 0.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from core.sequence.archive import Archive
    from core.sequence.result import FrameResult
    from core.types import Mask, Rect, Token

    Place = tuple[float, float]
    Edge = tuple[Place, Place]

TAIL: Final = 20
"""So many frames back the way of a thing is shown."""
MOST_EDGES: Final = 5000
"""A foreground with more edges than this is speckle everywhere: it has no outline to see."""


@dataclass(frozen=True, slots=True)
class Followed:
    """A thing in a frame.

    Attributes
    ----------
    number
        Of its track.
    rect
        Pixels of the frame around it.
    tail
        Where its centre was in the frames before in which it was seen, oldest first, each with how
        many frames ago that was; the last one is where it is, 0 frames ago.
    """

    number: int
    rect: Rect
    tail: tuple[tuple[int, Place], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """What stands out in one frame.

    Attributes
    ----------
    index
        Of the frame.
    settled
        Whether its result is known; otherwise more may become known.
    shape
        (height, width) of the frame.
    mask
        (h, w) uint8, 0 or 255: the foreground, over the whole of the frame; None where none is
        known, or nothing is in it.
    edges
        Its outline: straight lines from end to end, each either level or upright.
    things
        From large to small.
    """

    index: int
    settled: bool
    shape: tuple[int, int]
    mask: Mask | None
    edges: tuple[Edge, ...]
    things: tuple[Followed, ...]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return self.mask is None and not self.things


def standing(archive: Archive, index: int, shape: tuple[int, int], token: Token) -> Standing:
    """Return what is known to stand out in a frame.

    Parameters
    ----------
    archive
        Where results are stored.
    index, shape
        Which frame; its height and width.

    Raises
    ------
    Cancelled
        When the token is cancelled.
    """
    result = archive.result(index)
    token.check()
    mask = archive.foreground(index)
    if mask is not None and not mask.any():
        mask = None
    token.check()
    lines = () if mask is None else edges(mask, shape)
    things = () if result is None else followed(result, _before(archive, result, token))
    return Standing(index, result is not None, shape, mask, lines, things)


def _before(archive: Archive, result: FrameResult, token: Token) -> Iterable[FrameResult]:
    """Return the frames before in which the things of a frame may have been seen."""
    first = min((track.born for track in result.tracks), default=result.index)
    for index in range(max(first, result.index - TAIL), result.index):
        token.check()
        found = archive.result(index)
        if found is not None:
            yield found


def followed(result: FrameResult, before: Iterable[FrameResult]) -> tuple[Followed, ...]:
    """Return the things of a frame with their ways through the frames before, which rise."""
    ways: dict[int, list[tuple[int, Place]]] = {track.number: [] for track in result.tracks}
    for seen in (*before, result):
        for track in seen.tracks:
            if track.number in ways and 0 <= result.index - seen.index <= TAIL:
                row, col = track.thing.centre
                ways[track.number].append((result.index - seen.index, (row + 0.5, col + 0.5)))
    return tuple(Followed(t.number, t.thing.rect, tuple(ways[t.number])) for t in result.tracks)


def edges(mask: Mask, shape: tuple[int, int]) -> tuple[Edge, ...]:
    """Return the outline of a mask, exact to its pixels, in pixels of a frame of another size.

    Parameters
    ----------
    mask
        (h, w), 0 or not, over the whole of the frame.
    shape
        (height, width) of the frame.

    Returns
    -------
    edges
        Lines as long as they go straight on, each with its two ends; the level ones come first.
        None when there are more than `MOST_EDGES`.
    """
    inside = np.pad(mask > 0, 1)
    level = _runs(inside[1:, 1:-1] != inside[:-1, 1:-1])
    upright = _runs((inside[1:-1, 1:] != inside[1:-1, :-1]).T)
    if len(level) + len(upright) > MOST_EDGES:
        return ()
    down, across = (n / m for n, m in zip(shape, mask.shape, strict=True))
    return (
        *(((y, x), (y, end)) for y, x, end in _scaled(level, down, across)),
        *(((y, x), (end, x)) for x, y, end in _scaled(upright, across, down)),
    )


def _runs(there: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return (n, 3): the line of each run of True, where it begins and where it is over."""
    step = np.diff(np.pad(there, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    begins, ends = np.argwhere(step > 0), np.argwhere(step < 0)
    return np.column_stack([begins, ends[:, 1]])


def _scaled(runs: NDArray[np.int64], by: float, along: float) -> Sequence[tuple[float, ...]]:
    return [tuple(run) for run in (runs * (by, along, along)).tolist()]


def tinted(mask: Mask, colour: tuple[int, int, int, int]) -> Mask:
    """Return (h, w, 4) uint8 RGBA of one colour where a mask is set, clear elsewhere."""
    return np.where(mask[..., None] > 0, np.array(colour, np.uint8), np.uint8(0))
