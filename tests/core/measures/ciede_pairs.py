"""ΔE00 of arrays of colours, by way of the two implementations that the measure is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.lab import TILE, Planes, padded
from core.measures._ciede import Quick, exact

if TYPE_CHECKING:
    from core.types import Pixels


def ciede2000(lab_a: Pixels, lab_b: Pixels) -> Pixels:
    """Return ΔE00 of each pair of colours: (h, w), of the dtype of `lab_a`.

    Parameters
    ----------
    lab_a, lab_b
        (h, w, 3) CIE L*a*b*, float64 (`exact`) or float32 (`Quick`: within 1e-3).
    """
    if lab_a.dtype == np.float64:
        return exact(lab_a, lab_b)
    flat = [each.reshape(-1, 3) for each in (lab_a, lab_b)]
    out, quick = np.empty(len(flat[0]), np.float32), Quick(TILE)
    for start in range(0, len(out), TILE):
        part = out[start : start + TILE]
        planes = np.zeros((3, 2, padded(part.size)), np.float32)
        for i, each in enumerate(flat):
            planes[:, i, : part.size] = each[start : start + TILE].T
        part[:] = quick.of(Planes(part.size, *planes))
    turned = np.flatnonzero(out < 0)
    out[turned] = exact(*(each[turned].astype(np.float64) for each in flat))
    return out.reshape(lab_a.shape[:2])
