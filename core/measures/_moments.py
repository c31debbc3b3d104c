"""Means, variances and the covariance of two pictures, by block, without cancellation.

A strip's part of a block is summed up about its own mean; the parts are then brought to the mean of
the whole (Chan, Golub, LeVeque, 1983, DOI 10.1080/00031305.1983.10483115), from where sums add up.
So a faint pattern on a bright ground keeps its digits. Sums are float64, and those of bytes exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.measures import Sample
    from core.types import Mask, Pixels

    Floats = NDArray[np.float64]

COUNT, A, B, AA, BB, AB, DD, NORM = range(8)
"""Columns of `Moments.blocks`: the number of values; sums of a' and b', their squares and product,
where a' is a less the mean of all of A; sums of (a - b)² and of a²."""
_CONSTANT: Final = 1e-13
"""A deviation this small, compared with the mean, is rounding of float64 (one float32 step in one
of 10**9 pixels has 2e-12)."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What one strip adds: a row for each block's part in it, those without a valid pixel left out.

    Attributes
    ----------
    index
        (n,) numbers of blocks.
    rows
        (n, 7) float64: values; means of a and b; sums of squared deviations from them, and of their
        product; sum of (a - b)².
    """

    index: NDArray[np.int64]
    rows: Floats


def moments(sample: Sample) -> Part:
    """Return the moments of one strip, over all channels of its valid pixels."""
    a, b, valid = sample.a[sample.inner], sample.b[sample.inner], sample.inner_valid
    of = _bytes if a.dtype == np.uint8 and b.dtype == np.uint8 else _floats
    index, rows = [], []
    for cell in sample.cells:
        x, y, mask = a[cell.where], b[cell.where], None if valid is None else valid[cell.where]
        pixels = x.shape[0] * x.shape[1] if mask is None else cv2.countNonZero(mask)
        if pixels == 0:
            continue
        if pixels == x.shape[0] * x.shape[1]:
            mask = None
        index.append(cell.index)
        rows.append(of(x, y, mask, pixels * (1 if x.ndim == 2 else x.shape[2])))
    return Part(np.array(index, np.int64), np.array(rows, np.float64).reshape(-1, 7))


def _bytes(x: Pixels, y: Pixels, mask: Mask | None, n: int) -> tuple[float, ...]:
    # As one plane with the channels side by side, whose parts OpenCV adds up twice as fast.
    x, y = (_kept(p, mask).reshape(p.shape[0], -1) for p in (x, y))
    a, b = (round(cv2.norm(p, cv2.NORM_L1)) for p in (x, y))
    aa, bb = (round(cv2.norm(p, cv2.NORM_L2SQR)) for p in (x, y))
    dd = round(cv2.norm(x, y, cv2.NORM_L2SQR))
    # Python's integers are exact; each is divided, and so rounded, once.
    return (
        n, a / n, b / n, (n * aa - a * a) / n, (n * bb - b * b) / n,
        (n * (aa + bb - dd) - 2 * a * b) / (2 * n), dd,
    )  # fmt: skip


def _floats(x: Pixels, y: Pixels, mask: Mask | None, n: int) -> tuple[float, ...]:
    u, shift_u = _shifted(x, mask, n)
    v, shift_v = _shifted(y, mask, n)
    a, b = cv2.sumElems(u)[0], cv2.sumElems(v)[0]
    aa, bb = cv2.norm(u, cv2.NORM_L2SQR), cv2.norm(v, cv2.NORM_L2SQR)
    dd = cv2.norm(u, v, cv2.NORM_L2SQR)
    ab, apart = (aa + bb - dd) / 2, shift_u - shift_v
    return (
        n, shift_u + a / n, shift_v + b / n, aa - a * a / n, bb - b * b / n, ab - a * b / n,
        max(dd + 2 * apart * (a - b) + n * apart * apart, 0.0),
    )  # fmt: skip


def _shifted(pixels: Pixels, mask: Mask | None, n: int) -> tuple[Pixels, float]:
    """Return values less about their mean, 0 where not counted, as (h, w * C), and that mean.

    The mean as float32, so that nothing is left of a constant picture; the values as float64.
    """
    kept = _kept(pixels, mask)
    shift = float(np.float32(cv2.sumElems(kept.reshape(kept.shape[0], -1))[0] / n))
    less = _kept(np.subtract(kept, shift, dtype=np.float64), mask)
    return less.reshape(less.shape[0], -1), shift


def _kept(pixels: Pixels, mask: Mask | None) -> Pixels:
    return pixels if mask is None else np.asarray(cv2.copyTo(pixels, mask))


class Moments:
    """The moments of all strips.

    Attributes
    ----------
    blocks
        (blocks, 8) sums; see the columns above.
    total
        (8,) those of all blocks together.
    means
        Of A and of B.
    """

    def __init__(self, parts: Sequence[Part], blocks: int) -> None:
        index = np.concatenate([p.index for p in parts])
        n, a, b, aa, bb, ab, dd = np.concatenate([p.rows for p in parts]).T
        # About the first mean, so that equal ones give exactly theirs.
        first_a, first_b, count = float(a[0]), float(b[0]), float(n.sum())
        self.means = (
            first_a + float((n * (a - first_a)).sum()) / count,
            first_b + float((n * (b - first_b)).sum()) / count,
        )
        u, v = a - self.means[0], b - self.means[1]
        rows = np.column_stack([
            n, n * u, n * v, aa + n * (u * u), bb + n * (v * v), ab + n * (u * v), dd,
            aa + n * (a * a),
        ])  # fmt: skip
        self.blocks: Floats = np.zeros((blocks, 8))
        np.add.at(self.blocks, index, rows)
        self.total: Floats = self.blocks.sum(axis=0)

    def constant(self) -> tuple[bool, bool]:
        """Return whether A is the same value everywhere, and B."""
        count = float(self.total[COUNT])
        return (
            self.total[AA] <= count * (_CONSTANT * self.means[0]) ** 2,
            self.total[BB] <= count * (_CONSTANT * self.means[1]) ** 2,
        )


def correlation(sums: Floats) -> Any:
    """Return Pearson's correlation of each row of sums, (..., 8); nan where one is constant.

    Where the mean of a' is not 0, as in a part of the picture, it is taken off here.
    """
    n, a, b, aa, bb, ab = (sums[..., k] for k in (COUNT, A, B, AA, BB, AB))
    spread = np.sqrt((aa - a * a / n) * (bb - b * b / n))
    return np.clip((ab - a * b / n) / spread, -1.0, 1.0)
