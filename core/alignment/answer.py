"""What the search for an alignment answers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.alignment.models import AlignModel
from core.geometry import IDENTITY, Matrix

if TYPE_CHECKING:
    from core.alignment.types import Arrow
    from core.field import Field

NOUNS: Final = {
    AlignModel.TRANSLATION: "a shift",
    AlignModel.RIGID: "a rigid motion",
    AlignModel.SIMILARITY: "a similarity",
    AlignModel.AFFINE: "an affine map",
    AlignModel.HOMOGRAPHY: "a homography",
    AlignModel.ELASTIC: "a bend",
    AlignModel.MANUAL: "a placement by hand",
}
"""What a model is called in a sentence."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """How B must be moved on the canvas to lie on A; or why it is not moved.

    Attributes
    ----------
    model
        The model that was taken.
    matrix
        Canvas to canvas, pixel centres at integers; the identity when refused.
    confidence
        0...1: the share of answers like this one that are right.
    error
        Expected error in px; nan when refused.
    accepted, reason
        Whether to believe it, and one sentence why (not).
    iterations
        Steps of refinement.
    arrows
        What is left, in pixels of the canvas.
    uneven
        By how many px parts of the picture are moved differently, 0 when they are not.
    field
        The displacements of an elastic model, on top of `matrix`.
    """

    model: AlignModel
    matrix: Matrix = IDENTITY
    confidence: float = 0.0
    error: float = math.nan
    accepted: bool = False
    reason: str = ""
    iterations: int = 0
    arrows: tuple[Arrow, ...] = ()
    uneven: float = 0.0
    field: Field | None = None
