"""Fits a model to ties of which some contradict the rest."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core.alignment.models import FREEDOM, AlignModel, DegenerateError, fit, mapped

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from core.alignment._ties import Ties
    from core.alignment.models import Floats

CUT: Final = 4.5
"""Distance, in deviations, from which a tie has no say (Tukey's biweight)."""
QUANTILE: Final = 0.4
"""The deviation is read off the distance that this share of the ties keep: right as long as three
in five agree, and still useful with fewer."""
_RAYLEIGH: Final = math.sqrt(-2.0 * math.log(1.0 - QUANTILE))
_ROUNDS: Final = 20
_SETTLED: Final = 5e-3
"""Weights that change by less leave the matrix where it is, to some thousandths of its error."""
LEAST_SCALE: Final = 0.7
"""Deviations are never taken to be less than this share of what the equations say."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A model fitted to ties.

    Attributes
    ----------
    matrix
        3x3, B to A.
    covariance
        Of the model's increments, see `core.alignment.models.spread`; scaled by what the ties
        really scatter.
    weights
        (n,) 0...1: how much say each tie has; 0 for those that contradict.
    scale
        How many times farther than expected the ties scatter.
    distances
        (n,) in expected deviations.
    """

    model: AlignModel
    matrix: Floats
    covariance: Floats
    weights: Floats
    scale: float
    distances: Floats

    @property
    def agreed(self) -> NDArray[np.bool_]:
        """Which ties agree."""
        return self.weights > 0.0


def robust(
    model: AlignModel,
    ties: Ties,
    shape: tuple[int, int],
    *,
    begun: Floats | None = None,
) -> Fit:
    """Return the matrix that most ties agree on, by iteratively reweighted least squares.

    Parameters
    ----------
    model
        One of `core.alignment.models.GLOBAL`.
    ties
        At least as many good ones as fix the model.
    shape
        (height, width) of the canvas of the level.
    begun
        Weights to begin with, (n,); None: all good ties alike.

    Raises
    ------
    DegenerateError
        When too few ties are left to fix the model.
    """
    information = ties.information
    good = ties.good
    if int(good.sum()) * 2 < FREEDOM[model] + 2:
        raise DegenerateError("Too few windows show the same in both pictures.")
    matrix: Floats | None = None
    scale = math.inf
    weights = good.astype(np.float64) if begun is None else np.where(good, begun, 0.0)
    covariance = np.eye(FREEDOM[model])
    distances = np.zeros(len(weights))
    for _ in range(_ROUNDS):
        used = weights > 1e-3
        if int(used.sum()) * 2 < FREEDOM[model] + 2:
            raise DegenerateError("Too few windows agree.")
        matrix, covariance = fit(
            model, ties.b[used], ties.a[used], shape,
            information[used] * weights[used, None, None], matrix,
        )  # fmt: skip
        distances = _distances(matrix, ties, information)
        found = float(np.quantile(distances[good], QUANTILE)) / _RAYLEIGH
        # Coming from afar, the cut is drawn in slowly: half of the ties may mislead the first fit.
        scale = (
            max(found, LEAST_SCALE) if math.isinf(scale) else max(found, 0.5 * scale, LEAST_SCALE)
        )
        new = _tukey(distances / (CUT * scale)) * good
        settled = float(np.abs(new - weights).max()) < _SETTLED and scale <= max(found, LEAST_SCALE)
        weights = new
        if settled:
            break
    assert matrix is not None  # there is at least one round
    return Fit(model, matrix, covariance * scale**2, weights, scale, distances)


def _distances(matrix: Floats, ties: Ties, information: Floats) -> Floats:
    off = np.nan_to_num(ties.a - mapped(matrix, ties.b), nan=1e6)
    found: Floats = np.sqrt(np.einsum("ni,nij,nj->n", off, information, off))
    return found


def _tukey(share: Floats) -> Floats:
    return np.where(share < 1.0, (1.0 - share**2) ** 2, 0.0)
