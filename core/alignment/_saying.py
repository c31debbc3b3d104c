"""From the ties of all levels to the answer: the model, the matrix, how good it is, and why."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from core.alignment import _doubt as doubt
from core.alignment._choose import choose
from core.alignment._overview import Overview, corners
from core.alignment._question import Question, arrow
from core.alignment._refine import Refined, fitted
from core.alignment._ties import together
from core.alignment.answer import NOUNS, Estimate
from core.alignment.models import GLOBAL, AlignModel, mapped, spread
from core.geometry import IDENTITY, Matrix, as_matrix

if TYPE_CHECKING:
    from core.alignment.models import Floats

SNAP: Final = 0.02
"""A matrix that is nowhere farther from a whole shift than this, px of the level, is one."""
FEW: Final = (AlignModel.TRANSLATION, AlignModel.HOMOGRAPHY)
"""What a preview chooses from: it is for the eye."""
LEAST_ERROR: Final = 0.01
"""What no agreement of windows takes away: aliasing and interpolation, px of the level."""


def said(
    seen: Overview, levels: list[Refined], checked: doubt.Checked, question: Question
) -> Estimate:
    """Return the answer.

    Parameters
    ----------
    seen
        The overviews.
    levels
        What windows say, from the overview's level to the finest; at least one.
    checked
        What the overview says of the first.
    question
        What was searched for.
    """
    last = levels[-1]
    ties = together([(r.ties, r.level) for r in levels])
    step = float(1 << last.level)
    frame = (corners(seen.b.frame) + 0.5) * (1 << seen.level) - 0.5
    why = ""
    if question.model is AlignModel.AUTO:
        fit, why = choose(ties, question.shape, frame, step, FEW if question.level else GLOBAL)
    else:
        fit = fitted(question.freest, ties, question.shape)
    errors = spread(fit.model, fit.covariance, mapped(fit.matrix, frame), question.shape)
    finest = slice(len(ties.a) - len(last.ties.a), None)
    agreed = fit.agreed[finest]
    vague = float(np.sqrt(np.mean(errors**2))) * doubt.overrated(checked)
    confidence = doubt.confidence(checked, agreed, vague / step)
    if confidence < doubt.BELIEVED:
        places = f"({int(agreed.sum())} of {len(agreed)})"
        return doubt.refused(
            f"Too few places agree on {NOUNS[fit.model]} {places}.", confidence
        )  # fmt: skip
    matrix = _snapped(fit.matrix, frame, SNAP * step)
    a, b, good = ties.a[finest], ties.b[finest], ties.good[finest]
    off = a - mapped(np.asarray(matrix, np.float64), b)
    arrows = tuple(
        arrow(a[i], off[i], bool(agreed[i]))
        for i in np.flatnonzero(good & np.isfinite(off).all(axis=1))
    )
    uneven = doubt.uneven(off, good, agreed, ties.ncc[finest], step)
    error = math.hypot(vague, LEAST_ERROR * step, uneven)
    return Estimate(
        model=fit.model,
        matrix=matrix,
        confidence=confidence,
        error=error,
        accepted=True,
        reason=_reason(matrix, why),
        iterations=sum(r.rounds for r in levels),
        arrows=arrows,
        uneven=uneven,
    )


def _snapped(matrix: Floats, frame: Floats, near: float) -> Matrix:
    """Return the matrix, or the whole shift or quarter turn that it is everywhere close to."""
    turn = np.eye(3)
    turn[:2, :2] = np.rint(matrix[:2, :2])
    if not np.array_equal(np.abs(turn[:2, :2]).sum(axis=0), (1.0, 1.0)):
        return as_matrix(matrix)
    off = mapped(matrix, frame) - mapped(turn, frame)
    turn[:2, 2] = np.rint(off.mean(axis=0)) + 0.0
    if float(np.abs(off - turn[:2, 2]).max()) < near and np.linalg.det(turn) > 0.0:
        return as_matrix(turn)
    return as_matrix(matrix)


def _reason(matrix: Matrix, why: str) -> str:
    if matrix == IDENTITY:
        return "The pictures lie on each other already."
    (a, b, dx), (c, d, dy), _ = matrix
    turned = (a, b, c, d) != (1.0, 0.0, 0.0, 1.0)
    if turned and {abs(v) for v in (a, b, c, d)} == {0.0, 1.0}:
        return f"B was turned by whole quarters, so its values are unchanged. {why}".rstrip()
    if not turned:
        whole = dx == round(dx) and dy == round(dy)
        how = "by whole pixels, so its values are unchanged" if whole else "and was resampled"
        text = f"B was moved {dx:+.2f} px right and {dy:+.2f} px down {how}.".replace("-", "−")
        return f"{text} {why}".rstrip()
    return f"B was resampled. {why}".rstrip()
