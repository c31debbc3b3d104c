"""Refines a matrix on windows of one level, until it settles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from core.alignment._overview import Overview, corners
from core.alignment._robust import Fit, robust
from core.alignment._ties import Ties, Windows
from core.alignment.models import GLOBAL, AlignModel, DegenerateError, mapped, spread
from core.geometry import as_matrix, at_level
from core.pyramid import level_shape

if TYPE_CHECKING:
    from core.alignment._question import Question
    from core.alignment.models import Floats
    from core.alignment.sides import Side
    from core.types import Token

SIZE: Final = 41
"""Side of a window, px of the level."""
SMALLEST_SIZE: Final = 11
COUNT: Final = 110
"""About so many windows."""
PREVIEW_COUNT: Final = 28
"""The same, for a preview."""
SEARCH: Final = 5
"""How far around the start each window is looked for, px of the level."""
SETTLED: Final = 0.15
"""A window whose last step was longer than this, px, has not settled."""
LIKE: Final = 0.5
"""Normalised cross-correlation from which two windows look alike."""
NEXT: Final = 0.7
"""The next level is the finest at which what is known so far is off by less than this, px of it."""
SPARE: Final = 4
ROUNDS: Final = 3
PREVIEW_ROUNDS: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Refined:
    """What the windows of one level say.

    Attributes
    ----------
    fit
        The model on them, in px of the level.
    ties
        The windows.
    level
        Where they lie.
    rounds
        Steps it took.
    """

    fit: Fit
    ties: Ties
    level: int
    rounds: int

    @property
    def share(self) -> float:
        """Share of the windows that agree."""
        return float(self.fit.agreed.sum()) / max(len(self.ties.good), 1)

    @property
    def strong(self) -> int:
        """Number of windows that agree and look alike."""
        return int((self.fit.agreed & (self.ties.ncc > LIKE)).sum())

    @property
    def support(self) -> float:
        """Share of the windows that agree and look alike."""
        return self.strong / max(len(self.ties.good), 1)

    def next(self, overview: Overview, question: Question) -> int:
        """Return the finest level at which windows can follow what is known now."""
        frame = mapped(self.fit.matrix, (corners(overview.b.frame) + 0.5) * self._ratio(overview))
        size = level_shape(question.shape, self.level)
        error = float(spread(self.fit.model, self.fit.covariance, frame, size).max())
        level = self.level - 1
        while level > question.level and error * (1 << (self.level - level + 1)) < NEXT:
            level -= 1
        return level

    def _ratio(self, overview: Overview) -> float:
        return float(1 << (overview.level - self.level))


def refine(
    side: Side,
    overview: Overview,
    question: Question,
    level: int,
    start: Floats,
    search: int,
    token: Token,
) -> Refined:
    """Return a matrix refined on windows of a level.

    Parameters
    ----------
    side, overview
        The pictures.
    question
        Its freest model is fitted; where windows do not fix it, the next simpler one.
    level
        Where the windows are read; at most the overview's.
    start
        B to A at full resolution.
    search
        Look so many px of the level around the start first; 0: only follow gradients.
    token
        Checked between the pieces of work.

    Raises
    ------
    DegenerateError
        When too few windows show the same.
    """
    ratio = 1 << (overview.level - level)
    here = np.array(at_level(as_matrix(start), level))
    coarse = np.array(at_level(as_matrix(start), overview.level))
    count = PREVIEW_COUNT if question.level else COUNT
    size = _size(overview, ratio)
    centres = overview.places(coarse, ratio, size, count)
    if len(centres) < 3:
        raise DegenerateError("Too little of both pictures shows the same.")
    windows = Windows(side, level, centres, size)
    token.check()
    windows.look(here, SPARE + search)
    off = windows.search(here, search) if search else np.zeros((len(centres), 2))
    canvas = level_shape(question.shape, level)
    fit: Fit | None = None
    rounds = 0
    for k in range(PREVIEW_ROUNDS if question.level else ROUNDS):
        token.check()
        ties = windows.measure(here, off, 3 if k == 0 else 2, token)
        ties = _settled(ties)
        fit = fitted(question.freest, ties, canvas)
        moved = np.abs(mapped(fit.matrix, ties.b) - mapped(here, ties.b))
        here = fit.matrix
        rounds = k + 1
        step = float(np.nanmax(np.where(fit.agreed[:, None], moved, 0.0)))
        if step < 0.003:
            break
        if step > SPARE - 1:
            windows.look(here, SPARE)
        # Windows that agree start from the matrix; the others go on where they are.
        off = np.where(fit.agreed[:, None], 0.0, ties.a - mapped(here, ties.b))
        off = np.nan_to_num(off)
    assert fit is not None  # there is at least one round
    return Refined(fit, ties, level, rounds)


def _size(overview: Overview, ratio: int) -> int:
    """Return the side of the windows: smaller in small pictures, so that several fit."""
    least = min(overview.a.room, overview.b.room) * ratio
    return min(SIZE, max(SMALLEST_SIZE, least // 5 | 1))


def fitted(model: AlignModel, ties: Ties, size: tuple[int, int]) -> Fit:
    """Fit a model, or the next simpler one that the ties fix.

    Raises
    ------
    DegenerateError
        When they do not even fix a shift.
    """
    for simpler in reversed(GLOBAL[: GLOBAL.index(model) + 1]):
        try:
            return robust(simpler, ties, size)
        except DegenerateError:
            if simpler is AlignModel.TRANSLATION:
                raise
    raise DegenerateError("There is no model.")


def _settled(ties: Ties) -> Ties:
    good = ties.good & (ties.moved < SETTLED)
    return replace(ties, good=good).floored()
