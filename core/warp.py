"""Reads a picture through any invertible projective map, and through a field of displacements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core._gather import BLOCK, Taps, block
from core.types import Rect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.geometry import Kernel
    from core.types import Mask, Pixels


def sampled(
    pixels: Pixels, u: NDArray[np.float64], v: NDArray[np.float64], kernel: Kernel
) -> tuple[Pixels, Mask | None]:
    """Return a picture's values at any positions.

    Parameters
    ----------
    pixels
        (H, W) or (H, W, C) finite pixels of any dtype.
    u, v
        (h, w) float64 positions, x (columns) and y (rows), pixel centres at integers. They may lie
        outside and need not be finite.
    kernel
        Is not widened: nothing is antialiased.

    What lies between a block of rows of positions is looked at as a whole: fast where neighbours in
    `u`, `v` are neighbours in the picture, as they are in a window that is moved, turned or bent.

    Returns
    -------
    values
        (h, w[, C]) float32, or float64 from float64 pixels.
    inside
        (h, w) mask: 255 where the whole footprint of the kernel lies in the picture; None when it
        does everywhere. Other values repeat the edges, or are 0 far away.
    """
    real = np.float64 if pixels.dtype == np.float64 else np.float32
    out = np.empty((*u.shape, *pixels.shape[2:]), real)
    taps, area = Taps(kernel), Rect.of(pixels)
    valid: Mask | None = None
    step = max(1, BLOCK // max(1, u.shape[1]))
    for row in range(0, u.shape[0], step):
        rows = slice(row, row + step)
        good = block(pixels, area, pixels.shape[:2], u[rows], v[rows], taps, out[rows])
        if good is not None:
            if valid is None:
                valid = np.full(u.shape, 255, np.uint8)
            valid[rows] = good
    return out, valid
