"""Which values of a float picture are numbers that a comparison can stand on."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

LARGEST: Final = 1e8
"""Whites above (or below 0) at which a value is no picture's any more.

Depth maps and terrain mark "nothing here" by values such as 1e30 or −3.4e38. Products of squares of
them do not fit into float32, so that one such pixel would spoil every number; the brightest light
that a 16-bit float file holds is 65,504 whites.
"""


def usable(pixels: NDArray[Any], limit: float) -> NDArray[np.bool_]:
    """Return where float values are finite and no larger than `limit`, in their own units."""
    if limit >= float(np.finfo(pixels.dtype).max):
        return np.asarray(np.isfinite(pixels))
    return np.asarray(np.abs(pixels) <= pixels.dtype.type(limit))
