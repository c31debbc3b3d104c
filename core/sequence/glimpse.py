"""Small pictures of frames as panes take pictures: until the frames themselves are there."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.pyramid import level_shape
from core.render import Picture, Side
from core.sequence.pixels import as_bytes
from core.sequence.sources.video import VideoSource
from core.sequence.stored import smaller
from core.types import Rect

if TYPE_CHECKING:
    from core.sequence.archive import Archive
    from core.sequence.types import Frame, Source
    from core.types import Mask, Token

_LOOK: Final = 0.01
_LONGEST: Final = 10.0
"""Seconds that anything is waited for."""


def soonest(
    source: Source, archive: Archive, index: int, shown: int, token: Token
) -> tuple[int, Mask] | None:
    """Return what can be seen of a frame while another thread reads it; None for nothing.

    That is its small picture, if one is stored. Otherwise, of a video, it is the frame that the
    decoder passes on the way to it (mostly the key before it), or the nearest one that is stored,
    whichever is nearer.

    Parameters
    ----------
    source, archive
        Where the frame is being read, and what is stored.
    index, shown
        The frame that is wanted, and the one that is seen now: what is no nearer is left out.
    token
        Ends the waiting: to be cancelled when the frame is there.

    Returns
    -------
    tuple
        The number of a frame, and the frame small, (h, w) or (h, w, 3) uint8.

    Raises
    ------
    Cancelled
        When the token is cancelled.
    """
    small = archive.thumbnail(index)
    if small is not None:
        return index, small
    if not isinstance(source, VideoSource):
        return None
    passed = _passing(source, index, abs(index - shown), token)
    if passed is None or passed.image is None:
        return None
    nearest = archive.nearest(index)
    if nearest is not None and abs(nearest - index) <= abs(passed.index - index):
        small = archive.thumbnail(nearest)
        if small is not None:
            return nearest, small
    return passed.index, smaller(as_bytes(passed.image))


def _passing(source: VideoSource, index: int, far: int, token: Token) -> Frame | None:
    """Wait for a frame that the decoder passes less than so far from one; None if none comes."""
    source.passing = True
    try:
        until = time.monotonic() + _LONGEST
        while time.monotonic() < until:
            token.check()
            passed = source.passed
            if passed is not None and abs(passed.index - index) < far:
                return passed
            time.sleep(_LOOK)
    finally:
        source.passing = False
    return None


def rgb_of(small: Mask) -> Mask:
    """Return a small picture, (h, w) or (h, w, 3) uint8, as RGB."""
    if small.ndim == 3:
        return np.ascontiguousarray(small)
    return np.asarray(cv2.merge([small] * 3), np.uint8)


def glimpse(side: Side, small: Mask, shape: tuple[int, int]) -> Picture:
    """Return a small picture as one of a whole frame, for the eye only.

    Parameters
    ----------
    side
        The pane it is for.
    small
        (h, w) or (h, w, 3) uint8.
    shape
        Height and width of the frame.
    """
    level = 0
    while level_shape(shape, level)[1] > small.shape[1]:
        level += 1
    height, width = level_shape(shape, level)
    rgb = rgb_of(small)
    if rgb.shape[:2] != (height, width):
        rgb = np.asarray(cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    return Picture(side, rgb, Rect(0, 0, height, width), level, exact=False)
