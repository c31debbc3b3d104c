"""Which pixels of a pair are anti-aliasing: rendered edges, where a pixel lies between two flats.

After Vyšniauskas, Anti-aliased pixel and intensity slope detector, Electronics and Electrical
Engineering 7 (95), 2009, pages 107-110, in the form that the program pixelmatch made known:

- Two pixels are equal when their brightness is. A pixel is *flat* when three or more of its eight
  neighbours equal it; one neighbour or more that does not exist counts as one equal neighbour.
- A pixel is anti-aliasing in a picture when it is not flat there, has a darker and a brighter
  neighbour, and its darkest or its brightest neighbour is flat in *both* pictures. Of several that
  are equally dark the first counts, by columns from the left and from the top within each.

Everything here is in whole numbers, so that "equal" and "first" are exact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from core.types import Mask

Whole = NDArray[np.int64]
Bools = NDArray[np.bool_]

MARGIN: Final = 2
"""Neighbours that are looked at on each side of a pixel."""
FLAT: Final = 3
"""So many equal neighbours make a pixel flat."""
_PAIRS: Final = ((0, 1), (1, 0), (1, 1), (1, -1))
"""Steps (rows, cols) from a pixel to half of its neighbours; the other half steps back."""
_ROOM: Final = 32
"""A brightness times this leaves room for a neighbour's place (0...8) and whether it is flat."""
_FAR: Final = 1 << 60
"""Darker or brighter than everything; even, as nothing that is missing is flat."""


def antialiased(a: Whole, b: Whole, there: Mask | None) -> Bools:
    """Return which pixels are anti-aliasing in either picture.

    Parameters
    ----------
    a, b
        (h + 4, w + 4) brightness in whole units, each below 2**54; anything where missing.
    there
        Mask over the same pixels of those that exist: on the canvas and valid. None: all.

    Returns
    -------
    antialiased
        (h, w), without the `MARGIN`. Symmetric in a and b.
    """
    flat_a, flat_b = _flat(a, there), _flat(b, there)
    both = flat_a & flat_b
    within = (slice(1, -1), slice(1, -1))
    near = None if there is None else there[within] > 0
    return np.asarray(
        _between(a[within], flat_a[within], both, near)
        | _between(b[within], flat_b[within], both, near)
    )


def _flat(values: Whole, there: Mask | None) -> Bools:
    """Return which pixels have `FLAT` equal neighbours; one pixel less on each side."""
    height, width = values.shape
    exist = None if there is None else (there > 0).view(np.uint8)
    count: Any = np.zeros((height - 2, width - 2), np.uint8)
    for down, right in _PAIRS:
        # `same` at (i, j) joins the pixels (i, j + left) and (i + down, j + on).
        left, on = max(-right, 0), max(right, 0)
        first = (slice(0, height - down), slice(left, width - on))
        second = (slice(down, height), slice(on, width - left))
        same: Any = (values[first] == values[second]).view(np.uint8)
        if exist is not None:
            same &= exist[first]
            same &= exist[second]
        count += same[1 : height - 1, 1 - left : width - 1 - left]
        count += same[1 - down : height - 1 - down, 1 - on : width - 1 - on]
    if there is not None:
        count += cv2.erode(there, np.ones((3, 3), np.uint8))[1:-1, 1:-1] == 0
    return np.asarray(count >= FLAT)


def _between(values: Whole, flat: Bools, both: Bools, there: Bools | None) -> Bools:
    """Return which pixels of one picture are anti-aliasing; one pixel less on each side.

    Parameters
    ----------
    values, both, there
        (h + 2, w + 2): brightness, what is flat in both pictures, and what exists (None: all).
    flat
        (h, w): what is flat in this picture.
    """
    key = values * _ROOM
    here = key[1:-1, 1:-1].copy()
    key |= both
    low, high = key, key
    if there is not None:
        low, high = np.where(there, key, _FAR), np.where(there, key, -_FAR)
    # The place of the neighbour is added twice over, as the lowest bit says whether it is flat. The
    # pixel itself may take part: it is the extreme only where there is nothing darker or brighter.
    low = np.minimum(np.minimum(low[:-2], low[1:-1] + 2), low[2:] + 4)
    low = np.minimum(np.minimum(low[:, :-2], low[:, 1:-1] + 6), low[:, 2:] + 12)
    high = np.maximum(np.maximum(high[:-2] + 4, high[1:-1] + 2), high[2:])
    high = np.maximum(np.maximum(high[:, :-2] + 12, high[:, 1:-1] + 6), high[:, 2:])
    found = (low < here) & (high >= here + _ROOM)
    found &= ~flat
    found &= ((low | high) & 1) > 0
    return np.asarray(found)
