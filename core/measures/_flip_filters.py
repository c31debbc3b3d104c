"""The filters of FLIP: what the eye can resolve, and edges and points.

Contrast sensitivity: each opponent channel is blurred by one or two Gaussians (Andersson, Nilsson,
Akenine-Möller, Oskarsson, Åström, Fairchild, FLIP: A Difference Evaluator for Alternating Images,
2020, DOI 10.1145/3406183, section 4.1.1; the constants are those of Johnson and Fairchild's
functions in the frequency domain, fitted there). Features: derivatives of a Gaussian whose width is
that of the edges the eye detects (section 4.2). The sum of two Gaussians is not separable, but each
of them is, so all filters here are pairs of rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from core.types import Pixels

_LIGHT: Final = 0.0047
_RED_GREEN: Final = 0.0053
_BLUE_YELLOW: Final = ((34.1, 0.04), (13.5, 0.025))
"""b of the Gaussians a √(π/b) exp(-π² x² / b), x in degrees; for blue–yellow (a, b) of both."""
_FEATURE_WIDTH: Final = 0.082
"""Degrees between the extrema of the first derivative."""
_REACH: Final = 3.0
"""All filters are cut off at this many of the largest standard deviations."""
_NEGLIGIBLE: Final = 1e-7
"""Outer weights below this share of the middle one are left out: float32 does not see them."""


@dataclass(frozen=True, slots=True, eq=False)
class Filters:
    """One-dimensional kernels, (2 r + 1,) float32, each applied along rows and columns.

    Attributes
    ----------
    light, red_green
        Weights sum to 1.
    blue_yellow
        Two; the sum of both filters' weights is 1.
    smooth, edge, point
        A Gaussian and its first two derivatives. Positive weights of the derivatives sum to 1, and
        negative ones to -1.
    """

    light: Pixels
    red_green: Pixels
    blue_yellow: tuple[Pixels, Pixels]
    smooth: Pixels
    edge: Pixels
    point: Pixels


def radius(pixels_per_degree: float) -> int:
    """Return how many neighbours on each side a pixel's value depends on; at least 1."""
    widest = max(b for _, b in _BLUE_YELLOW)
    return math.ceil(_REACH * math.sqrt(widest / (2 * math.pi**2)) * pixels_per_degree)


@lru_cache(maxsize=8)
def filters(pixels_per_degree: float) -> Filters:
    """Return the kernels for a resolution of the display, as seen by the eye."""
    offsets = np.arange(-radius(pixels_per_degree), radius(pixels_per_degree) + 1)
    degrees = offsets / pixels_per_degree
    # In two dimensions a Gaussian has the weight a √(π/b), so its rows have the root of that.
    rows = [
        math.sqrt(a * math.sqrt(math.pi / b)) * np.exp(-((math.pi * degrees) ** 2) / b)
        for a, b in ((1.0, _LIGHT), (1.0, _RED_GREEN), *_BLUE_YELLOW)
    ]
    both = math.hypot(rows[2].sum(), rows[3].sum())

    sigma = _FEATURE_WIDTH / 2 * pixels_per_degree
    reach = math.ceil(_REACH * sigma)
    x = np.arange(-reach, reach + 1)
    bell = np.exp(-(x**2) / (2 * sigma**2))
    return Filters(
        light=_kernel(rows[0] / rows[0].sum()),
        red_green=_kernel(rows[1] / rows[1].sum()),
        blue_yellow=(_kernel(rows[2] / both), _kernel(rows[3] / both)),
        smooth=_kernel(bell / bell.sum()),
        edge=_kernel(_balanced(-x * bell)),
        point=_kernel(_balanced((x**2 / sigma**2 - 1) * bell)),
    )


def _balanced(weights: Pixels) -> Pixels:
    """Return weights whose positive ones sum to 1 and whose negative ones to -1."""
    positive, negative = weights[weights > 0].sum(), -weights[weights < 0].sum()
    balanced: Pixels = np.where(weights > 0, weights / positive, weights / negative)
    return balanced


def _kernel(weights: Pixels) -> Pixels:
    """Return weights as float32, without negligible ones at the ends."""
    used = np.flatnonzero(np.abs(weights) > _NEGLIGIBLE * np.abs(weights).max())
    kernel: Pixels = weights[used[0] : used[-1] + 1].astype(np.float32)
    kernel.setflags(write=False)
    return kernel
