"""The search for an alignment: where to start, what fits best, how far to believe it.

1. On an overview of about a quarter of a megapixel both pictures are bandpassed. Starts are the best
   shift of all (one correlation), then matrices that many features agree on, then turn and scale
   from the spectra.
2. Each start is refined on windows spread over the overlap; the one under which the structures
   agree best is taken. If a shift on top of it would fit as well, the pattern repeats: no answer.
3. The matrix is finished on windows at full resolution, from ties with their own covariances; so
   the cost does not grow with the picture.
4. *auto* takes the simplest model that explains the ties.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.alignment import _doubt as doubt
from core.alignment._choose import choose
from core.alignment._overview import Overview, corners, overview
from core.alignment._refine import Refined, refine
from core.alignment._starts import Start, starts
from core.alignment._ties import Ties
from core.alignment.answer import Estimate
from core.alignment.models import AlignModel, DegenerateError, mapped, spread
from core.alignment.sides import Side, swapped
from core.alignment.types import Arrow
from core.geometry import IDENTITY, Matrix, as_matrix, inverse, translation

if TYPE_CHECKING:
    from core.alignment._robust import Fit
    from core.alignment.models import Floats
    from core.types import Token

NEXT: Final = 0.7
"""The next level is the finest at which what is known so far is off by less than this, px of it."""
SNAP: Final = 0.02
"""A matrix that is nowhere farther from a whole shift than this, px of the level, is one."""
LEAST_ERROR: Final = 0.01
"""What no agreement of windows takes away: aliasing and interpolation, px of the level."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is searched for.

    Attributes
    ----------
    shape
        (height, width) of the canvas at full resolution.
    level
        Pyramid level to finish at: 0 for the exact answer.
    model
        What B may have undergone.
    limit
        Longest shift that is accepted, px.
    seed
        B to A on the canvas, from a person's pins.
    """

    shape: tuple[int, int]
    level: int
    model: AlignModel
    limit: float
    seed: Matrix | None = None


def estimate(
    side: Side,
    shape: tuple[int, int],
    level: int,
    model: AlignModel,
    max_shift: float,
    token: Token,
    seed: Matrix | None = None,
) -> Estimate:
    """Return how B must be moved on the canvas to lie on A.

    Swapping A and B gives exactly the inverse: the search always sees the pair in one order, which
    the pixels decide.

    Parameters
    ----------
    side
        The pictures. Gain, bias, noise and blur of one of them do not matter much.
    shape
        (height, width) of the canvas at full resolution.
    level
        Pyramid level to finish at: 0 for the exact answer.
    model
        What B may have undergone.
    max_shift
        Longest shift of the middle that is accepted, as a share of the width.
    token
        Checked between the pieces of work.
    seed
        A matrix to start from; no other is tried then.
    """
    question = Question(shape, level, model, max_shift * shape[1], seed)
    seen = overview(side, shape, level)
    token.check()
    if _in_order(seen):
        return _search(side, seen, question, token)
    turned = replace(question, seed=None if seed is None else inverse(seed))
    found = _search(swapped(side), Overview(seen.b, seen.a, seen.level), turned, token)
    return _turned_back(found)


def _in_order(seen: Overview) -> bool:
    """Whether the first pixel at which the overviews differ is smaller in A (or none differs)."""
    at = int(cv2.compare(seen.a.structure, seen.b.structure, cv2.CMP_NE).argmax())
    return bool(seen.a.structure.flat[at] <= seen.b.structure.flat[at])


def _turned_back(found: Estimate) -> Estimate:
    """Return the answer for the pair in the other order."""
    if not found.accepted:
        return found
    forth = np.asarray(found.matrix, np.float64)
    arrows = []
    for arrow in found.arrows:
        # What is left at a place of A is seen from the place of B that lies there.
        tip = np.array([[arrow.x, arrow.y], [arrow.x - arrow.dx, arrow.y - arrow.dy]])
        here, there = mapped(np.linalg.inv(forth), tip)
        arrows.append(Arrow(*map(float, there), *map(float, there - here), arrow.counted))
    return replace(found, matrix=inverse(found.matrix), arrows=tuple(arrows))


def _search(side: Side, seen: Overview, question: Question, token: Token) -> Estimate:
    refusal = doubt.flat(seen)
    if refusal is not None:
        return refusal
    best: tuple[float, Start, Refined] | None = None
    refused: Estimate | None = None
    for start in starts(seen, question.model, question.seed, token):
        token.check()
        if start.refusal is not None:
            refused = start.refusal
            continue
        try:
            refined = refine(
                side, seen, question.shape, seen.level, _freest(question.model),
                _at_full(start.matrix, seen.level), start.search, token,
            )  # fmt: skip
        except DegenerateError:
            continue
        ncc, share = seen.agreement(refined.fit.matrix)
        score = ncc * math.sqrt(share)
        if best is None or score > best[0]:
            best = score, start, refined
        if doubt.convincing(ncc, share, refined):
            break
    if best is None:
        return refused or doubt.nothing()
    checked = doubt.of(seen, best[2], question.limit)
    if checked.refusal is not None:
        return checked.refusal
    return _finished(side, seen, best[2], checked, question, token)


def _freest(model: AlignModel) -> AlignModel:
    """Return the model that the windows are fitted with before it is chosen."""
    if model in (AlignModel.AUTO, AlignModel.ELASTIC):
        return AlignModel.HOMOGRAPHY
    return model


def _at_full(matrix: Floats, level: int) -> Floats:
    """Return a matrix of a level as one of the full picture."""
    step = float(1 << level)
    half = (1.0 / step - 1.0) / 2.0
    down = np.array([[1.0 / step, 0.0, half], [0.0, 1.0 / step, half], [0.0, 0.0, 1.0]])
    full: Floats = np.linalg.inv(down) @ matrix @ down
    return full / full[2, 2]


def _finished(
    side: Side, seen: Overview, coarse: Refined, checked: doubt.Checked, question: Question,
    token: Token,
) -> Estimate:  # fmt: skip
    model = _freest(question.model)
    frame = corners(seen.b.frame)
    found, rounds = [coarse], coarse.rounds
    while found[-1].level > question.level:
        last = found[-1]
        at = _at_full(last.fit.matrix, last.level)
        level = _next(last, frame, seen, question)
        try:
            refined = refine(side, seen, question.shape, level, model, at, 0, token)
        except DegenerateError:
            break
        if refined.share < 0.5 * last.share and refined.fit.agreed.sum() < 12:
            break  # nothing to be seen at this level but noise
        found.append(refined)
        rounds += refined.rounds
    ties = _together(found)
    step = float(1 << found[-1].level)
    start = _at_full(found[-1].fit.matrix, found[-1].level)
    full = (frame + 0.5) * (1 << seen.level) - 0.5
    if question.model is AlignModel.AUTO:
        fit, why = choose(ties, question.shape, start, full, step)
    else:
        from core.alignment._refine import fitted  # noqa: PLC0415

        fit, why = fitted(model, ties, question.shape, start), ""
    return _said(fit, why, ties, found, full, step, checked, question, rounds)


def _next(last: Refined, frame: Floats, seen: Overview, question: Question) -> int:
    """Return the finest level at which windows can follow what is known so far."""
    error = spread(last.fit.model, last.fit.covariance, frame, seen.shape).max()
    level = last.level - 1
    while level > question.level and error * (1 << (last.level - level + 1)) < NEXT:
        level -= 1
    return level


def _together(found: list[Refined]) -> Ties:
    """Return the ties of all levels in px of the full picture."""
    parts = []
    for refined in found:
        step = float(1 << refined.level)
        ties = refined.ties
        parts.append(
            Ties(
                (ties.a + 0.5) * step - 0.5,
                (ties.b + 0.5) * step - 0.5,
                ties.information / step**2,
                ties.ncc,
                ties.good,
                ties.moved * step,
            )  # fmt: skip
        )
    return Ties(*(np.concatenate([getattr(p, f) for p in parts]) for f in (
        "a", "b", "information", "ncc", "good", "moved")))  # fmt: skip


def _said(
    fit: Fit, why: str, ties: Ties, found: list[Refined], frame: Floats, step: float,
    checked: doubt.Checked, question: Question, rounds: int,
) -> Estimate:  # fmt: skip
    there = mapped(fit.matrix, frame)
    errors = spread(fit.model, fit.covariance, there, question.shape)
    error = math.hypot(float(np.sqrt(np.mean(errors**2))), LEAST_ERROR * step)
    matrix = _snapped(fit.matrix, frame, max(SNAP, 0.0) * step)
    last = len(found[-1].ties.good)
    off = ties.a[-last:] - mapped(np.asarray(matrix, np.float64), ties.b[-last:])
    good, agreed = ties.good[-last:], fit.agreed[-last:]
    arrows = tuple(
        Arrow(*map(float, ties.a[-last:][i]), *map(float, off[i]), bool(agreed[i]))
        for i in np.flatnonzero(good & np.isfinite(off).all(axis=1))
    )
    uneven = doubt.uneven(off, good, agreed, ties.ncc[-last:])
    confidence = doubt.confidence(checked, fit, found, error)
    if confidence < doubt.BELIEVED:
        return doubt.refused(
            f"Too few places agree on one {fit.model}"
            f" ({agreed.sum()} of {len(agreed)}).", confidence
        )  # fmt: skip
    return Estimate(
        model=fit.model, matrix=matrix, confidence=confidence, error=error, accepted=True,
        reason=_reason(matrix, why), iterations=rounds, arrows=arrows, uneven=uneven,
    )  # fmt: skip


def _snapped(matrix: Floats, frame: Floats, near: float) -> Matrix:
    """Return the matrix, or the whole shift that it is everywhere close to."""
    off = mapped(matrix, frame) - frame
    dx, dy = np.rint(off.mean(axis=0)) + 0.0
    if float(np.abs(off - (dx, dy)).max()) < near:
        return translation(dx, dy)
    return as_matrix(matrix)


def _reason(matrix: Matrix, why: str) -> str:
    if matrix == IDENTITY:
        return "The pictures lie on each other already."
    (a, b, dx), (c, d, dy), _ = matrix
    if (a, b, c, d) == (1.0, 0.0, 0.0, 1.0):
        whole = dx == round(dx) and dy == round(dy)
        how = "by whole pixels, so its values are unchanged" if whole else "and was resampled"
        text = f"B was moved {dx:+.2f} px right and {dy:+.2f} px down {how}.".replace("-", "−")
        return f"{text} {why}".rstrip()
    return f"B was resampled. {why}".rstrip()
