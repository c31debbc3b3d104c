"""Distances of histograms: against SciPy and the definitions in float64."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from core.measures.histogram import MEASURE, Direction, HistogramParams
from tests.core.measures.distances import EMD, KL
from tests.core.measures.distances import script as scipy
from tests.core.measures.parity._case import Case, numbers
from tests.core.measures.parity._scenes import BYTES, DEEP, Pixels, scene

if TYPE_CHECKING:
    from collections.abc import Callable

HELLINGER = 5


def counted(picture: Pixels, bins: int) -> list[Pixels]:
    """Return the counts of each channel; level k is in bin k · bins / 256, rounded down."""
    levels = np.rint(np.atleast_3d(picture)).astype(np.int64) * bins // 256
    return [np.bincount(p.ravel(), minlength=bins) for p in np.moveaxis(levels, 2, 0)]


def script(a: Pixels, b: Pixels, levels: Pixels | None = None) -> list[float]:
    found = scipy(a, b, levels)
    # The shared script takes this one from OpenCV, which works in float32.
    found[HELLINGER] = np.linalg.norm(np.sqrt(a / a.sum()) - np.sqrt(b / b.sum())) / np.sqrt(2)
    return found


def per_channel(bins: int) -> Callable[[str], list[float]]:
    def oracle(name: str) -> list[float]:
        a, b = (counted(x, bins) for x in scene(name).exact)
        centres = np.arange(256).reshape(bins, -1).mean(axis=1)
        each = [script(x, y, centres) for x, y in zip(a, b, strict=True)]
        return [float(x) for x in np.mean(each, axis=0)]

    return oracle


def other_way(name: str) -> list[float]:
    a, b = (counted(x, 64) for x in scene(name).exact)
    return [float(np.mean([script(y, x)[KL] for x, y in zip(a, b, strict=True)]))]


def joint(name: str) -> list[float]:
    """All but the earth mover's, which is that of the channels, of cells of 16 bins a channel."""
    edges = [np.arange(17) * 16 - 0.5] * 3
    cells = [np.histogramdd(np.rint(x).reshape(-1, 3), edges)[0].ravel() for x in scene(name).exact]
    return script(*cells)[:EMD]


NAMES = MEASURE.names
ALL = (*BYTES, *DEEP)
RGB = ("astronaut", "coffee", "rocket", "chelsea", "patch")
CASES = (
    Case(NAMES, "SciPy and NumPy, float64", 1e-9, ALL, numbers(NAMES, per_channel(256))),
    Case(NAMES, "the same, with 32 bins", 1e-9, ALL,
         numbers(NAMES, per_channel(32), HistogramParams(bins=32))),
    Case(NAMES[KL : KL + 1], "SciPy (rel_entr), from B to A, with 64 bins", 1e-9, ALL,
         numbers(NAMES[KL : KL + 1], other_way,
                 HistogramParams(bins=64, direction=Direction.B_TO_A))),
    Case(NAMES[:EMD], "SciPy and NumPy, joint histogram of 16 bins a channel", 1e-9, RGB,
         numbers(NAMES[:EMD], joint, HistogramParams(bins=16, joint=True))),
)  # fmt: skip
