"""The equations of windows: how far B's content has to go to lie on A's, and how sure that is.

Lucas and Kanade's (Lucas & Kanade 1981; Baker & Matthews 2004, DOI
10.1023/B:VISI.0000011205.11775.fd) with a gain and a bias, and with the mean of both gradients:
noise in one of them then does not shorten the step, and swapping the pictures turns its sign. The
inverse of the equations' matrix says how sure each direction is: along an edge, not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.alignment.models import Floats
    from core.types import Pixels

SMOOTH: Final = 1.0
"""Sigma of the Gaussian both pictures are seen through, px of the level: it keeps noise and what
lies beyond half a cycle a pixel out of the gradients."""
_FLAT: Final = 1e-4
"""Variance of a window, levels², below which there is nothing to go by."""
CORRELATED: Final = 4.0 * np.pi * SMOOTH**2
"""So many neighbours share one independent value of noise after smoothing."""


def fade(size: int) -> NDArray[np.float32]:
    """Return the weight of each pixel of a window, (size * size,): low at the border, sum 1."""
    t = np.abs(np.arange(size) - (size - 1) / 2.0) / (size / 2.0)
    one = np.where(t < 0.5, 1.0, np.cos(np.pi * (t - 0.5)) ** 2)
    both = np.outer(one, one)
    weight: NDArray[np.float32] = (both / both.sum()).astype(np.float32).reshape(-1)
    return weight


@dataclass(frozen=True, slots=True, eq=False)
class Half:
    """What the equations need of one picture's windows.

    Attributes
    ----------
    values
        (n, p) without their weighted mean.
    slopes
        Two of (n, p): right and down, per px.
    energy
        (n,) weighted sum of the squared values.
    """

    values: Pixels
    slopes: tuple[Pixels, Pixels]
    energy: Pixels

    @staticmethod
    def of(windows: Pixels, weight: Pixels) -> Half:
        """Take (n, s + 2, s + 2) windows; `weight` is (s * s,) with sum 1."""
        n = len(windows)
        values = windows[:, 1:-1, 1:-1].reshape(n, -1)
        values = values - (values @ weight)[:, None]
        right = (windows[:, 1:-1, 2:] - windows[:, 1:-1, :-2]).reshape(n, -1)
        down = (windows[:, 2:, 1:-1] - windows[:, :-2, 1:-1]).reshape(n, -1)
        right *= np.float32(0.5)
        down *= np.float32(0.5)
        return Half(values, (right, down), (values * values) @ weight)


def solved(a: Half, b: Half, weight: Pixels) -> tuple[Floats, Floats, Floats, NDArray[np.bool_]]:
    """Solve A = bias + gain B - step · gradient for each window.

    Returns
    -------
    step
        (n, 2) how far B's content has to be moved, px.
    information
        (n, 2, 2) of it.
    ncc
        (n,) of A and B before the step.
    fine
        (n,) bool: whether the equations could be solved.
    """
    flat = (a.energy < _FLAT) | (b.energy < _FLAT)
    shared = (a.values * b.values) @ weight
    ncc = np.where(flat, 0.0, shared / np.sqrt(np.maximum(a.energy * b.energy, 1e-20)))
    # The gain that serves both: noise in either does not shrink it.
    gain = np.sqrt(np.maximum(a.energy, _FLAT) / np.maximum(b.energy, _FLAT))[:, None]
    columns = np.empty((len(gain), 3, len(weight)), np.float32)
    for k in (0, 1):
        slope = np.multiply(b.slopes[k], gain, out=columns[:, k])
        slope += a.slopes[k]
        slope *= np.float32(-0.5)
        slope -= (slope @ weight)[:, None]
    np.multiply(b.values, gain, out=columns[:, 2])
    heavy = columns * weight
    normal = (heavy @ columns.transpose(0, 2, 1)).astype(np.float64)
    right = (heavy @ a.values[:, :, None])[:, :, 0].astype(np.float64)
    ridge = np.maximum(1e-7 * np.einsum("nkk->n", normal), 1e-9)
    inverse = np.linalg.inv(normal + np.eye(3) * ridge[:, None, None])
    answer = np.einsum("nkl,nl->nk", inverse, right)
    left = a.values - (answer[:, None, :].astype(np.float32) @ columns)[:, 0]
    variance = ((left * left) @ weight).astype(np.float64) + 1e-6
    scale = CORRELATED * float((weight * weight).sum())
    covariance = inverse[:, :2, :2] * (variance * scale)[:, None, None]
    information = np.linalg.inv(covariance + np.eye(2) * 1e-12)
    fine = ~flat & np.isfinite(answer).all(axis=1) & np.isfinite(information).all(axis=(1, 2))
    return answer[:, :2], information, ncc.astype(np.float64), fine
