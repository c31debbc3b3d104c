"""Where in a part of a strip anything differs: what lies around it need not be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from core.types import Rect

if TYPE_CHECKING:
    from core.types import Pixels


def changed(magnitude: Pixels) -> Rect | None:
    """Return the smallest rectangle that holds all that is not 0; None where everything is.

    Parameters
    ----------
    magnitude
        (h, w) differences, or (h, w, C) of each channel; at least one pixel.
    """
    flat = magnitude.reshape(magnitude.shape[0], -1)
    if flat.dtype != np.uint8:
        flat = np.not_equal(flat, 0).view(np.uint8)
    left, top, width, height = cv2.boundingRect(flat)
    if width == 0:
        return None
    channels = flat.shape[1] // magnitude.shape[1]
    first, last = left // channels, (left + width - 1) // channels
    return Rect(top, first, height, last - first + 1)
