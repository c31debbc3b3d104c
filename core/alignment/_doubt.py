"""When not to believe what was found, and how far to believe the rest."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from core.alignment._overview import Overview, moved_by
from core.alignment.answer import Estimate
from core.alignment.models import AlignModel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from core.alignment._question import Question
    from core.alignment._refine import Refined
    from core.alignment._surface import Peak
    from core.alignment.models import Floats

SMALLEST: Final = 16
"""Height and width, in overview pixels, below which there is nothing to correlate."""
ROOMY: Final = 32
"""Side of the largest square in which nothing is ignored, in overview pixels, from which enough is
left to align by; half of the picture is enough in any case."""
MIN_OVERLAP: Final = 0.4
"""Share of the smaller picture that must be covered."""
FLAT: Final = 0.05
"""Deviation of structure, in levels, below which a picture is flat."""
RELATED: Final = 0.45
"""Agreement of structure (normalised cross-correlation) that is believed as it is."""
FAINT: Final = 0.08
"""A fainter agreement, down to this, is believed when it is `OUTSTANDING`."""
OUTSTANDING: Final = 11.0
"""Deviations above the agreement at all shifts."""
BY_CHANCE: Final = 6.0
"""Where some of a picture is ignored, what is left may be so small that it agrees by chance: up to
so many deviations that is not believed. All but one of 138 pairs that show nothing in common in a
hundredth to a third of the picture were below."""
SUPPORT: Final = 0.18
"""Share of the windows that agree and look alike from which they are believed where the rest is
something else. The highest of 80 pairs that show nothing in common was 0.13."""
STRONG: Final = 16
"""So many windows it has to be."""
REPEATS: Final = 0.92
"""When another shift agrees this much as well as the best, the pattern repeats."""
VAGUE: Final = 0.5
"""Expected error, px of the finest level, from which an answer is the less believed."""
ALIKE: Final = 0.8
"""Normalised cross-correlation of windows from which they surely show the same."""
UNEVEN: Final = 0.3
"""Windows that look alike are not wrong by this much, px of their level."""
BELIEVED: Final = 0.3
"""Confidence below which an answer is refused."""


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """What the overview says of a matrix.

    Attributes
    ----------
    ncc
        Agreement of the structures, -1...1.
    share
        Of the smaller picture, how much is covered.
    score
        Deviations by which the agreement stands out from other shifts.
    lead
        0...1: how much less well the next best shift fits.
    support
        Share of the windows that agree and look alike.
    refusal
        Why not to go on.
    """

    ncc: float
    share: float
    score: float
    lead: float
    support: float
    refusal: Estimate | None = None


def refused(reason: str, confidence: float = 0.0) -> Estimate:
    """Return a refusal."""
    return Estimate(AlignModel.TRANSLATION, confidence=min(max(confidence, 0.0), BELIEVED),
                    reason=reason)  # fmt: skip


def flat(seen: Overview) -> Estimate | None:
    """Return why there is nothing to align by, if so."""
    for picture in (seen.a, seen.b):
        frame = picture.frame
        if min(frame.height, frame.width) < SMALLEST:
            return refused("A picture, or what is seen of it, is too small to align.")
        if picture.ignores and not picture.area:
            return refused("All of the picture is ignored, so nothing is left to align by.")
        least = max(min(ROOMY, min(frame.height, frame.width) // 2), SMALLEST)
        if picture.ignores and picture.room < least:
            return refused("So much of the picture is ignored that too little is left to align by.")
    if min(seen.a.strength, seen.b.strength) < FLAT:
        return refused("A flat picture has no structure to align by.")
    return None


def nothing(peaks: Sequence[Peak], step: float) -> Estimate:
    """Return the refusal when no start led anywhere; `peaks` are the two best shifts, if any."""
    if len(peaks) == 2 and peaks[0].ncc >= RELATED and peaks[1].ncc >= REPEATS * peaks[0].ncc:
        return repeating(peaks[0], peaks[1], step)
    return refused("No place of one picture is found in the other.")


def repeating(best: Peak, other: Peak, step: float) -> Estimate:
    """Return the refusal of a pattern that lies as well elsewhere."""
    away = math.hypot(other.dx - best.dx, other.dy - best.dy) * step
    return refused(
        "The pattern repeats or is the same all along, so the place is ambiguous: another one,"
        f" {away:.0f} px away, fits as well.",
        BELIEVED * max(best.ncc - max(other.ncc, 0.0), 0.0),
    )


def convincing(ncc: float, share: float, refined: Refined) -> bool:
    """Whether no other start need be tried."""
    return ncc >= 0.6 and share >= MIN_OVERLAP and refined.share >= 0.6


def of(seen: Overview, refined: Refined, question: Question) -> Checked:
    """Return what the overview says of a refined matrix."""
    matrix = refined.fit.matrix
    ncc, share = seen.agreement(matrix)
    best, second = seen.peaks(matrix, 0.5)
    step = float(1 << seen.level)
    at_rest = math.hypot(best.dx, best.dy) <= 3.0
    lead = min(max(1.0 - max(second.ncc, 0.0) / max(best.ncc, 1e-9), 0.0), 1.0)
    found = Checked(ncc, share, best.score if at_rest else 0.0, lead, refined.support)
    outstanding = ncc >= FAINT and at_rest and best.score >= OUTSTANDING
    supported = refined.support >= SUPPORT and refined.strong >= STRONG
    if ncc < RELATED and not (outstanding or supported):
        return _no(found, _unlike(question.model, ncc))
    if seen.ignores and ncc < ALIKE and at_rest and best.score < BY_CHANCE:
        return _no(
            found,
            f"What is not ignored is too small to tell its agreement ({ncc:.0%}) from chance.",
        )
    if second.ncc >= REPEATS * best.ncc or not at_rest:
        here = best if at_rest else replace(best, dx=0.0, dy=0.0)
        return replace(found, refusal=repeating(here, second if at_rest else best, step))
    if share < MIN_OVERLAP:
        return _no(
            found, f"The pictures overlap by only {share:.0%}; align needs {MIN_OVERLAP:.0%}."
        )
    length = moved_by(matrix, seen.a.frame) * step
    if length > question.limit:
        return _no(found, f"B appears to be moved by {length:.0f} px, more than the longest shift "
                   f"allowed ({question.limit:.0f} px).")  # fmt: skip
    return found


def _unlike(model: AlignModel, ncc: float) -> str:
    agreed = f"(their structure agrees by {max(ncc, 0.0):.0%} at best)"
    if model is AlignModel.TRANSLATION:
        return f"No shift makes the pictures alike {agreed}; B may be turned or scaled: try auto."
    return f"The pictures do not look alike, however one is laid on the other {agreed}."


def _no(found: Checked, reason: str) -> Checked:
    return replace(found, refusal=refused(reason, BELIEVED * found.ncc))


def uneven(
    off: Floats, good: NDArray[np.bool_], agreed: NDArray[np.bool_], ncc: Floats, step: float
) -> float:
    """Return by how many px parts of the picture are moved differently; 0 when they are not.

    Windows that look alike (`ncc`) where they were found say so: when a quarter of them contradict
    the matrix, or when half of them are off by more than what windows are ever wrong by.
    """
    alike = good & (ncc >= ALIKE)
    if int(alike.sum()) < 4:
        return 0.0
    length = np.hypot(off[:, 0], off[:, 1])
    other = alike & ~agreed
    if int(other.sum()) >= max(4, 0.25 * int(alike.sum())):
        return float(np.median(length[other]))
    typical = float(np.median(length[alike]))
    return typical if typical > UNEVEN * step else 0.0


def overrated(checked: Checked) -> float:
    """Return by how much more answers err than their windows scatter.

    Where few windows look alike, more of them agree by chance, and chance has no scatter: read off
    answers under noise of 20 to 70 levels, blur and occlusion of up to three quarters.
    """
    return 1.0 + 2.5 * max(0.6 - checked.support, 0.0)


def confidence(checked: Checked, agreed: NDArray[np.bool_], error: float) -> float:
    """Return how likely the answer is right, 0...1.

    A logistic function of how many windows agree and look alike, how well the structures agree,
    how far the next best shift is behind, the number of windows at the finest level, and the
    expected error (px of that level): windows that agree by chance do not agree well. Its numbers
    are such that the share of right answers follows it under noise of 20 to 70 levels, heavy blur
    and occlusion of up to three quarters; see docs/alignment.md.
    """
    z = (
        6.0 * (checked.support - 0.2)
        + 2.4 * (checked.ncc - 0.35)
        + 1.8 * checked.lead
        + 0.5 * math.log(max(float(agreed.sum()), 1.0) / 20.0)
        - 0.9 * math.log(max(error / VAGUE, 1.0))
        - 0.2
    )
    return 1.0 / (1.0 + math.exp(-z))
