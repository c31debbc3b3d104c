"""Small stored pictures of frames as panes take pictures: until the frames themselves are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from core.pyramid import level_shape
from core.render import Picture, Side
from core.types import Rect

if TYPE_CHECKING:
    from core.types import Mask


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
