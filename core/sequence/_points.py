"""Points of one frame found in another: pyramidal Lucas-Kanade, checked forth and back.

Lucas, Kanade, An iterative image registration technique, 1981; in pyramids: Bouguet, Pyramidal
implementation of the Lucas Kanade feature tracker, 2001. A point counts when, tracked to the other
frame and back again, it comes home to within `HOME` px of the overview (Kalal, Mikolajczyk, Matas
2010, DOI 10.1109/ICPR.2010.675).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from core.sequence.pixels import to_gray

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.types import Mask

    Floats = NDArray[np.float64]

MOST: Final = 300
HOME: Final = 0.5
_WINDOW: Final = (15, 15)
_LEVELS: Final = 3


def overview(pixels: Mask, most: int) -> Mask:
    """Return area averages of at most so many pixels; the frame itself when it is no larger."""
    height, width = pixels.shape[:2]
    scale = math.sqrt(height * width / most)
    if scale <= 1:
        return pixels
    size = (max(int(width / scale), 1), max(int(height / scale), 1))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


class Points:
    """Good points of one frame, to be found in others.

    Parameters
    ----------
    pixels
        The frame, (H, W) or (H, W, 3) uint8.
    most
        Pixels of the overviews that are looked at.

    Attributes
    ----------
    scale
        Pixels of the frame for one of the overview, the larger of both directions.
    small
        Its overview, gray.
    """

    def __init__(self, pixels: Mask, most: int) -> None:
        small = to_gray(overview(pixels, most))
        self._most = most
        height, width = pixels.shape[:2]
        self._ratio = np.array([width / small.shape[1], height / small.shape[0]])
        self.scale = float(self._ratio.max())
        self.small = small
        least = max(min(small.shape) / 40, 3)
        found = cv2.goodFeaturesToTrack(small, MOST, 0.01, least)
        self._at: Any = np.zeros((0, 1, 2), np.float32) if found is None else found

    def found(self, pixels: Mask) -> tuple[Floats, Floats]:
        """Return (N, 2) places (x, y) in the frame of the points, and in the other one."""
        return self.found_in(to_gray(overview(pixels, self._most)))

    def found_in(self, small: Mask) -> tuple[Floats, Floats]:
        """Return the same for a frame of the same shape whose gray overview is at hand."""
        if not len(self._at):
            return np.zeros((0, 2)), np.zeros((0, 2))
        to, there, _ = _track(self.small, small, self._at)
        home, back, _ = _track(small, self.small, to)
        off = np.abs(home - self._at).reshape(-1, 2).max(axis=1)
        good = (there.ravel() > 0) & (back.ravel() > 0) & (off <= HOME)
        return self._full(self._at, good), self._full(to, good)

    def _full(self, places: Any, good: NDArray[np.bool_]) -> Floats:
        """Return places of the overview as places of the frame: centres of areas, not corners."""
        at = places.reshape(-1, 2)[good].astype(np.float64)
        return np.asarray((at + 0.5) * self._ratio - 0.5)


def _track(one: Mask, other: Mask, at: Any) -> Any:
    first: Any = None  # where to begin: at the same places
    return cv2.calcOpticalFlowPyrLK(one, other, at, first, winSize=_WINDOW, maxLevel=_LEVELS)
