"""Counts of combinations of bytes: joint histograms, kept sparse from strip to strip.

Of the many cells of a joint histogram a strip fills few, so a strip keeps the numbers of those and
their counts; the whole histogram is put together once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from core.types import Mask, Pixels


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """The filled cells of a joint histogram.

    Attributes
    ----------
    cells
        (n,) numbers of cells, ascending; the first plane varies slowest.
    counts
        (n,) how often each occurs, at least 1.
    """

    cells: NDArray[np.uint32]
    counts: NDArray[np.uint32]


def joint(planes: Sequence[Pixels], bins: int, mask: Mask | None) -> Counts:
    """Count the combinations that pixels make.

    Parameters
    ----------
    planes
        uint8, (h, w) or (h, w, C), all of one height and width; each channel is one dimension. At
        most 2**24 pixels, since OpenCV counts in float32.
    bins
        Per dimension, 2...256: level k is in bin ``k * bins // 256``.
    mask
        Which pixels count; None: all.
    """
    dimensions = sum(1 if p.ndim == 2 else p.shape[2] for p in planes)
    found = cv2.calcHist(
        list(planes), list(range(dimensions)), None if mask is None else np.ascontiguousarray(mask),
        [bins] * dimensions, [0.0, 256.0] * dimensions,
    ).ravel()  # fmt: skip
    cells = np.flatnonzero(found)
    return Counts(cells.astype(np.uint32), found[cells].astype(np.uint32))


def added(parts: Iterable[Counts], size: int) -> NDArray[np.int64]:
    """Return (size,) counts of all strips together."""
    out = np.zeros(size, np.int64)
    for part in parts:
        out[part.cells] += part.counts
    return out
