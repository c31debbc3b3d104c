"""The search for an alignment: where to start, what fits best, how far to believe it.

1. On an overview of about a quarter of a megapixel both pictures are bandpassed. Starts are the
   best shift of all (one correlation), then matrices that many features agree on, then turn and
   scale from the spectra.
2. Each start is refined on windows spread over the overlap; the one under which the structures
   agree best is taken. If a shift on top of it would fit as well, the pattern repeats: no answer.
3. The matrix is finished on windows at full resolution, from ties with their own covariances; so
   the cost does not grow with the picture.
4. *auto* takes the simplest model that explains the ties.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from core.alignment import _doubt as doubt
from core.alignment._elastic import elastic
from core.alignment._overview import Overview, overview
from core.alignment._question import Question, arrow, at_full
from core.alignment._refine import Refined, refine
from core.alignment._saying import LEAST_ERROR, said
from core.alignment._starts import starts
from core.alignment.answer import NOUNS, Estimate
from core.alignment.models import AlignModel, DegenerateError, inverted, mapped
from core.alignment.sides import Heeded, Side, heeding, swapped
from core.geometry import Matrix, inverse

if TYPE_CHECKING:
    from core.alignment._surface import Peak
    from core.types import Token

COARSE_PIXELS: Final = 262_144
"""The overview is the largest level with at most this many pixels."""
PREVIEW_PIXELS: Final = 90_000
"""The same, for a preview."""


def estimate(
    side: Side,
    shape: tuple[int, int],
    level: int,
    model: AlignModel,
    max_shift: float,
    token: Token,
    seed: Matrix | None = None,
    heeded: Heeded | None = None,
) -> Estimate:
    """Return how B must be moved on the canvas to lie on A.

    Swapping A and B gives exactly the inverse as long as nothing is ignored: the search always sees
    the pair in one order, which the pixels decide.

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
    heeded
        Where nothing of A is ignored; None means everywhere. What is ignored does not exist: it
        is no part of the overviews, and no window reaches into it.
    """
    question = Question(shape, level, model, max_shift * shape[1], seed)
    pixels = PREVIEW_PIXELS if level else COARSE_PIXELS
    seen = overview(side, shape, level, pixels, token, heeded)
    side = side if heeded is None else heeding(side, heeded)
    token.check()
    if _in_order(seen):
        found = _search(side, seen, question, token)
    else:
        turned = replace(question, seed=None if seed is None else inverse(seed))
        other = Overview(seen.b, seen.a, seen.level)
        found = _turned_back(_search(swapped(side), other, turned, token))
    if model is AlignModel.ELASTIC and found.accepted:
        return _bent(side, seen, question, found, token)
    return found


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
    for one in found.arrows:
        # What is left at a place of A is seen from the place of B that lies there.
        tip = np.array([[one.x, one.y], [one.x - one.dx, one.y - one.dy]])
        here, there = mapped(inverted(forth), tip)
        arrows.append(arrow(there, there - here, one.counted))
    return replace(found, matrix=inverse(found.matrix), arrows=tuple(arrows))


def _bent(
    side: Side, seen: Overview, question: Question, found: Estimate, token: Token
) -> Estimate:
    """Return the answer with a field of displacements on top of its matrix."""
    matrix = np.asarray(found.matrix, np.float64)
    bent = elastic(side, seen, question.shape, question.level, matrix, token)
    if bent is None:
        why = "no smooth displacement is to be seen on top of it"
        return replace(found, reason=f"{found.reason} It was not bent: {why}.")
    arrows = tuple(
        arrow(bent.at[i], bent.left[i], bool(bent.agreed[i]))
        for i in np.flatnonzero(np.isfinite(bent.left).all(axis=1))
    )
    left = np.hypot(*bent.left[bent.agreed].T)
    error = float(np.median(left)) if left.size else found.error
    return replace(
        found, model=AlignModel.ELASTIC, field=bent.field, arrows=arrows, uneven=0.0,
        error=math.hypot(error, LEAST_ERROR * (1 << question.level)),
        confidence=min(found.confidence, 0.5 + 0.5 * float(bent.agreed.mean())),
        reason=f"B was bent by up to {bent.bend:.1f} px on top of {NOUNS[found.model]}.",
    )  # fmt: skip


def _search(side: Side, seen: Overview, question: Question, token: Token) -> Estimate:
    refusal = doubt.flat(seen)
    if refusal is not None:
        return refusal
    best: tuple[float, Refined] | None = None
    peaks: tuple[Peak, ...] = ()
    for start in starts(seen, question.model, question.seed, token):
        token.check()
        peaks = peaks or start.peaks
        try:
            refined = refine(
                side, seen, question, seen.level, at_full(start.matrix, seen.level), start.search,
                token,
            )  # fmt: skip
        except DegenerateError:
            continue
        ncc, share = seen.agreement(refined.fit.matrix)
        score = ncc * math.sqrt(share)
        if best is None or score > best[0]:
            best = score, refined
        if doubt.convincing(ncc, share, refined):
            break
    if best is None:
        return doubt.nothing(peaks, float(1 << seen.level))
    checked = doubt.of(seen, best[1], question)
    if checked.refusal is not None:
        return checked.refusal
    levels = [best[1]]
    while levels[-1].level > question.level:
        last = levels[-1]
        at = at_full(last.fit.matrix, last.level)
        try:
            finer = refine(side, seen, question, last.next(seen, question), at, 0, token)
        except DegenerateError:
            break
        if finer.share < 0.5 * last.share and finer.fit.agreed.sum() < 12:
            break  # nothing to be seen at this level but noise
        levels.append(finer)
    return said(seen, levels, checked, question)
