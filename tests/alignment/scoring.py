"""What an answer to a case is worth, and which shares are asked for."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

import core.alignment
from tests.alignment.transforms import corner_error

if TYPE_CHECKING:
    from tests.alignment.cases import Case

CONFIDENT: Final[float] = getattr(core.alignment, "CONFIDENT", 0.8)
"""From here on an answer is given as certain."""
LIMITS: Final = (0.1, 0.25, 0.5, 2.0)
"""Pixels; the shares of cases below them are told."""
GROSS: Final = 2.0
"""Pixels that an answer may be off by without being called wrong."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an estimator says of a pair; `reason` begins with ``"error: "`` where it raised."""

    matrix: Any = None
    accepted: bool = False
    confidence: float = 0.0
    expected_error_px: float = math.nan
    reason: str = ""
    ms: float = math.nan


@dataclass(frozen=True, slots=True)
class Record:
    """A case with an answer to it.

    Attributes
    ----------
    method
        ``"ours"``, ``"ours, auto"``, or the name of a baseline.
    error
        Mean corner error in pixels of A; nan without an answer or a truth.
    wrong
        Accepted with confidence, and beyond what may be: by more than 2 px and three times the
        expected error, or where there is nothing to be found.
    """

    name: str
    seed: int
    kind: str
    condition: str
    scenes: str
    model: str
    expect: str
    method: str
    error: float
    expected_error_px: float
    confidence: float
    accepted: bool
    wrong: bool
    reason: str
    ms: float

    @property
    def counts(self) -> bool:
        """Whether the method takes such cases at all."""
        return not self.reason.startswith("error: ")


def record(case: Case, method: str, answer: Answer) -> Record:
    """Judge an answer."""
    error = math.nan
    if answer.accepted and case.truth is not None:
        found = np.asarray(answer.matrix, np.float64)
        error = corner_error(found, case.truth, case.b.shape[:2])
        error = error if math.isfinite(error) else math.inf
    return Record(
        name=case.name,
        seed=case.seed,
        kind=case.kind,
        condition=case.tags[0],
        scenes=" ".join(case.tags[1:]),
        model=case.model,
        expect=case.expect,
        method=method,
        error=error,
        expected_error_px=answer.expected_error_px,
        confidence=answer.confidence,
        accepted=answer.accepted,
        wrong=answer.accepted
        and answer.confidence >= CONFIDENT
        and not is_right(error, answer.expected_error_px),
        reason=answer.reason,
        ms=answer.ms,
    )


def is_right(error: float, expected: float) -> bool:
    """Return whether an accepted answer is as good as it says; never where there is no truth.

    Two views that hardly overlap should be refused, but who finds how they lie has not erred.
    """
    return error <= max(GROSS, 3 * expected if math.isfinite(expected) else 0.0)


@dataclass(frozen=True, slots=True)
class Score:
    """Shares (0 to 1) over some records; those of errors are of what can be aligned."""

    cases: int
    below: tuple[float, ...]
    median: float
    refused: float
    wrong: float
    ms: float


def score(records: Sequence[Record]) -> Score:
    """Return the shares over records of one method; a refusal is below no limit."""
    able = [r for r in records if r.expect == "aligned"]
    errors = [r.error for r in able if r.accepted]
    return Score(
        cases=len(records),
        below=tuple(_share([r.accepted and r.error < limit for r in able]) for limit in LIMITS),
        median=statistics.median(errors) if errors else math.nan,
        refused=_share([not r.accepted for r in records]),
        wrong=_share([r.wrong for r in records]),
        ms=statistics.median(r.ms for r in records) if records else math.nan,
    )


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else math.nan


Selects = Callable[[Record], bool]
NOISY: Final = ("noise", "noise+ev")


def _kinds(*kinds: str) -> Selects:
    return lambda r: r.kind in kinds


CATEGORIES: Final[dict[str, Selects]] = {
    "translation": lambda r: r.kind == "translation" and r.condition not in (*NOISY, "overlap"),
    "translation, noise": lambda r: r.kind == "translation" and r.condition in NOISY,
    "translation, far": lambda r: r.kind == "translation" and r.condition == "overlap",
    "rigid": _kinds("rigid"),
    "similarity": _kinds("similarity"),
    "affine": _kinds("affine"),
    "homography": _kinds("homography"),
    "unrelated": _kinds("unrelated"),
    "hardly overlapping": _kinds("apart"),
    "flat": _kinds("flat"),
    "repeating": _kinds("repeating"),
    "only noise": _kinds("noise"),
    "everything": lambda r: True,  # noqa: ARG005 - all records
}
"""Lines of the table; far are translations by more than 15 % of the width."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A share of a category that is asked for: below `px` pixels, or `what` of the score."""

    category: str
    what: str
    share: float
    px: float = math.nan

    def reached(self, records: Sequence[Record]) -> tuple[float, bool]:
        """Return the share over records of one method, and whether it is enough."""
        own = [r for r in records if CATEGORIES[self.category](r)]
        made = score(own)
        if self.what == "below":
            found = made.below[LIMITS.index(self.px)]
            return found, found >= self.share
        if self.what == "refused":
            return made.refused, made.refused >= self.share
        return made.wrong, made.wrong <= self.share

    @property
    def text(self) -> str:
        """The goal in words."""
        if self.what == "below":
            return f"{self.category}: at least {100 * self.share:g} % under {self.px:g} px"
        if self.what == "refused":
            return f"{self.category}: at least {100 * self.share:g} % refused"
        return f"{self.category}: at most {100 * self.share:g} % confident and wrong"


GOALS: Final = (
    Goal("translation", "below", 0.98, 0.1),
    Goal("translation, noise", "below", 0.95, 0.25),
    Goal("similarity", "below", 0.95, 0.5),
    Goal("homography", "below", 0.90, 0.5),
    Goal("homography", "below", 0.97, 2.0),
    Goal("unrelated", "refused", 0.99),
    Goal("everything", "wrong", 0.01),
)
