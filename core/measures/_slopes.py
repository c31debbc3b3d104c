"""The lengths of gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.types import Pixels


def steepness(plane: Pixels, along: NDArray[np.float64], across: NDArray[np.float64]) -> Pixels:
    """Return the length of the gradient of a plane, of its dtype: float32 or float64.

    Parameters
    ----------
    plane
        (h, w).
    along, across
        (n,) weights along an edge, and across it. What they reach beyond the border of the plane is
        made up by mirroring.
    """
    squares = cv2.sepFilter2D(plane, -1, across, along)
    cv2.multiply(squares, squares, squares)
    cv2.accumulateSquare(cv2.sepFilter2D(plane, -1, along, across), squares)
    # cv2.magnitude rounds differently from one place in memory to another, so that equal pictures
    # would not have equal gradients.
    return np.sqrt(squares, out=squares)
