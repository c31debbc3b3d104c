"""Norms, errors, statistics: against NumPy, scikit-image and SciPy in float64."""

from __future__ import annotations

import numpy as np
from scipy.stats import entropy, pearsonr
from skimage.metrics import (
    mean_squared_error,
    normalized_mutual_information,
    normalized_root_mse,
    peak_signal_noise_ratio,
)

from core.measures import error, norms
from tests.core.measures.parity._case import TOLERANCE, Case, numbers
from tests.core.measures.parity._scenes import BYTES, DEEP, LIGHT, Pixels, scene
from tests.core.measures.test_norms import script

FLOAT32 = "values are held in float32"
EDGES = np.arange(257) - 0.5


def of_norms(name: str) -> list[float]:
    # A difference within 0.001 of the tolerance is not over it.
    return script(*scene(name).exact, TOLERANCE + 0.001)


def of_errors(name: str) -> list[float]:
    a, b = scene(name).exact
    mse = mean_squared_error(a, b)
    return [np.abs(a - b).mean(), mse, np.sqrt(mse), np.abs(a - b).max()]


def of_psnr(name: str) -> list[float]:
    return [peak_signal_noise_ratio(*scene(name).exact, data_range=255)]


def of_nrmse(name: str) -> list[float]:
    return [normalized_root_mse(*scene(name).exact)]


def of_ncc(name: str) -> list[float]:
    a, b = scene(name).exact
    return [pearsonr(a.ravel(), b.ravel()).statistic]


def levels(name: str) -> list[Pixels]:
    """Luma in whole levels; of colour by integers, as halves are common there."""
    a, b = scene(name).exact
    if a.ndim == 2:
        return [np.rint(x) for x in (a, b)]
    weights = np.array([2126, 7152, 722])
    return [(x.astype(np.int64) @ weights + 5000) // 10000 for x in (a, b)]


def of_nmi(name: str) -> list[float]:
    return [normalized_mutual_information(*levels(name), bins=[EDGES, EDGES])]


def of_information(name: str) -> list[float]:
    counts = np.histogram2d(*(x.ravel() for x in levels(name)), [EDGES, EDGES])[0]
    alone = sum(entropy(counts.sum(axis=k), base=2) for k in (0, 1))
    return [alone - entropy(counts.ravel(), base=2)]


NORMS, ERRORS = norms.MEASURE.names, ("mae", "mse", "rmse", "max_abs")
assert {*ERRORS, "psnr"} == {*error.MEASURE.names}
GRAY = (*BYTES, "pattern")
ALL = (*BYTES, *DEEP, *LIGHT)

CASES = (
    Case(NORMS, "NumPy, float64", 1e-12, BYTES, numbers(NORMS, of_norms), relative=True),
    Case(NORMS, "NumPy, float64", 1e-6, (*DEEP, *LIGHT), numbers(NORMS, of_norms), relative=True,
         why=FLOAT32),
    Case(ERRORS, "NumPy and scikit-image, float64", 1e-12, BYTES, numbers(ERRORS, of_errors),
         relative=True),
    Case(ERRORS, "NumPy and scikit-image, float64", 1e-6, (*DEEP, *LIGHT),
         numbers(ERRORS, of_errors), relative=True, why=FLOAT32),
    Case(("psnr",), "scikit-image", 1e-6, ALL, numbers(("psnr",), of_psnr)),
    Case(("nrmse",), "scikit-image", 1e-6, ALL, numbers(("nrmse",), of_nrmse)),
    Case(("ncc",), "SciPy (pearsonr)", 1e-9, ALL, numbers(("ncc",), of_ncc)),
    Case(("nmi",), "scikit-image, of luma in whole levels", 1e-6, GRAY, numbers(("nmi",), of_nmi)),
    Case(("mutual_information",), "SciPy (entropy), of luma in whole levels", 1e-9, GRAY,
         numbers(("mutual_information",), of_information)),
)  # fmt: skip
