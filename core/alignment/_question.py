"""What is searched for, and small things that all parts of the search need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from core.alignment.models import AlignModel
from core.alignment.types import Arrow

if TYPE_CHECKING:
    from core.alignment.models import Floats
    from core.geometry import Matrix


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

    @property
    def freest(self) -> AlignModel:
        """The model that windows are fitted with before one is chosen."""
        if self.model is AlignModel.ELASTIC:
            return AlignModel.AFFINE  # a homography would follow the bend, and far off at corners
        return AlignModel.HOMOGRAPHY if self.model is AlignModel.AUTO else self.model


def at_full(matrix: Floats, level: int) -> Floats:
    """Return a matrix of a level as one of the full picture (see `core.geometry.at_level`)."""
    step = float(1 << level)
    half = (1.0 / step - 1.0) / 2.0
    down = np.array([[1.0 / step, 0.0, half], [0.0, 1.0 / step, half], [0.0, 0.0, 1.0]])
    full: Floats = np.linalg.inv(down) @ matrix @ down
    made: Floats = full / full[2, 2]
    return made


def arrow(at: Floats, off: Floats, counted: bool) -> Arrow:
    """Return what is left at a place (x, y)."""
    return Arrow(float(at[0]), float(at[1]), float(off[0]), float(off[1]), counted)
