"""The median of nine frames, pixel by pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from core.parallel import in_order
from core.sequence.moments import strips

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.types import Mask, Rect, Token

NINE: Final = 9
_SWAPS: Final = (
    *((1, 2), (4, 5), (7, 8), (0, 1), (3, 4), (6, 7), (1, 2), (4, 5), (7, 8), (0, 3)),
    *((5, 8), (4, 7), (3, 6), (1, 4), (2, 5), (4, 7), (4, 2), (6, 4), (4, 2)),
)
"""After these, each with the smaller value first, the fifth is the median (Smith, Implementing
median filters in XC4000E FPGAs, XCell 23, 1996)."""


def median_of_nine(frames: Sequence[Mask], token: Token) -> Mask:
    """Return the median of nine uint8 arrays of one shape."""
    out = np.empty_like(frames[0])

    def work(rect: Rect) -> None:
        p = [f[rect.slices] for f in frames]
        for i, j in _SWAPS:
            p[i], p[j] = np.minimum(p[i], p[j]), np.maximum(p[i], p[j])
        out[rect.slices] = p[4]

    for _ in in_order(work, strips(out), token):
        pass
    return out
