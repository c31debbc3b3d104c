"""Which model explains the ties: the simplest that is not clearly worse than the freest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from core.alignment._robust import Fit, robust
from core.alignment.answer import NOUNS
from core.alignment.models import FREEDOM, AlignModel, DegenerateError, mapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.alignment._ties import Ties
    from core.alignment.models import Floats

PRICE: Final = 3.0
"""What a parameter more must save, in units of log(number of ties): a Bayesian information
criterion (Schwarz 1978, DOI 10.1214/aos/1176344136) that asks for more, since what windows of one
picture are off by is not independent."""
SAME: Final = 0.05
"""Models that differ by at most this at the corners of B, px of the level, say the same."""


def choose(
    ties: Ties,
    shape: tuple[int, int],
    frame: Floats,
    step: float,
    models: Sequence[AlignModel],
) -> tuple[Fit, str]:
    """Return the fit of the simplest model that explains the ties, and why it was taken.

    Parameters
    ----------
    ties
        In px of the full picture.
    shape
        (height, width) of the canvas.
    frame
        (n, 2) points of B at which models are compared, its corners.
    step
        Pixels of the full picture per pixel of the level at which the ties were finished.
    models
        Those there are to choose from, the simplest first.

    Raises
    ------
    DegenerateError
        When the ties do not even fix a shift.
    """
    fits: dict[AlignModel, Fit] = {}
    freest: Fit | None = None
    for model in reversed(models):
        try:
            begun = None if freest is None else freest.weights
            fits[model] = robust(model, ties, shape, begun=begun)
        except DegenerateError:
            continue
        freest = fits[model] if freest is None else freest
    if freest is None:
        raise DegenerateError("Too few windows agree.")
    costs = {m: _cost(f, freest) for m, f in fits.items()}
    cheapest = min(costs.values())
    for model in models:
        if model not in fits:
            continue
        apart = _apart(fits[model].matrix, freest.matrix, frame)
        if costs[model] <= cheapest or apart <= SAME * step:
            return fits[model], _why(model, freest.model, apart)
    return freest, ""


def _cost(fit: Fit, freest: Fit) -> float:
    """Return the information criterion of a fit, on the ties that agree with the freest model."""
    used = freest.weights > 0.0
    n = 2 * int(used.sum())
    squares = np.minimum(fit.distances[used] / freest.scale, 8.0) ** 2
    misfit = float((freest.weights[used] * squares).sum())
    return misfit + PRICE * FREEDOM[fit.model] * math.log(max(n, 2))


def _apart(matrix: Floats, other: Floats, frame: Floats) -> float:
    off = mapped(matrix, frame) - mapped(other, frame)
    return float(np.nan_to_num(np.hypot(*off.T), nan=math.inf).max())


def _why(model: AlignModel, freest: AlignModel, apart: float) -> str:
    if model is freest:
        return f"Nothing simpler than {NOUNS[model]} explains the pair."
    return (
        f"{NOUNS[model].capitalize()} explains the pair as well as {NOUNS[freest]} would"
        f" (they differ by {apart:.2f} px at the corners)."
    )
