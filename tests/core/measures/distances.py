"""The distances of two histograms, from SciPy, OpenCV and the definitions."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr
from scipy.stats import pearsonr, wasserstein_distance

from core.histograms import Histograms
from core.measures import Totals
from core.measures.histogram import MEASURE, SMOOTHING, HistogramParams
from core.settings import Settings

ALIKE = [0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]
KL, BOTH, EMD = 7, 8, 9


def set_to(**values):
    return Settings([HistogramParams(**values)])


def finish(*pair, **values):
    """Distances between two (C, 256) counts."""
    a, b = (np.atleast_2d(x) for x in pair)
    histograms = Histograms(tuple("RGBA"[: len(a)]), a, b, np.zeros(256, np.int64))
    totals = Totals(
        int(a[0].sum()), len(a), 255.0, 0.0, histograms, settings=set_to(**values)
    )  # fmt: skip
    return [v.value for v in MEASURE.finish([], totals)]


def numbers(values):
    return [values[name].value for name in MEASURE.names]


def script(a, b, levels=None, smoothing=SMOOTHING):
    """The ten distances of two counts, from SciPy, OpenCV and the definitions."""
    p, q = a / a.sum(), b / b.sum()
    used = (p + q) > 0
    levels = np.arange(p.size) if levels is None else levels
    p32, q32 = p.astype(np.float32), q.astype(np.float32)
    smooth = [(x + smoothing) / (x + smoothing).sum() for x in (p, q)]
    return [
        np.abs(p - q).sum(),
        np.linalg.norm(p - q),
        ((p - q)[used] ** 2 / (p + q)[used]).sum(),
        pearsonr(p, q).statistic,
        np.minimum(p, q).sum(),
        cv2.compareHist(p32, q32, cv2.HISTCMP_BHATTACHARYYA),
        jensenshannon(p, q) ** 2,
        rel_entr(*smooth).sum(),
        rel_entr(*smooth).sum() + rel_entr(*smooth[::-1]).sum(),
        wasserstein_distance(levels, levels, p, q),
    ]


def near(expected):
    # OpenCV works in float32 for the Bhattacharyya distance; all else is float64 on both sides.
    return [pytest.approx(v, rel=1e-6 if i == 5 else 1e-10) for i, v in enumerate(expected)]
