"""The search for an alignment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.alignment.answer import Estimate
from core.alignment.models import AlignModel
from core.alignment.phase import estimate_translation
from core.geometry import Matrix, translation

if TYPE_CHECKING:
    from core.alignment._finish import GrayPair
    from core.types import Token


def estimate(
    pair: GrayPair,
    shape: tuple[int, int],
    level: int,
    model: AlignModel,
    max_shift: float,
    token: Token,
    seed: Matrix | None = None,
) -> Estimate:
    found = estimate_translation(pair, shape, level, max_shift, token)
    return Estimate(
        AlignModel.TRANSLATION, translation(found.dx, found.dy), found.confidence, found.error,
        found.accepted, found.reason, uneven=found.error if found.uneven else 0.0,
    )  # fmt: skip
