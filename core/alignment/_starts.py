"""Where the search begins: matrices that may be near the answer, the cheapest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from core.alignment._features import candidates, features, matches
from core.alignment._polar import turns
from core.alignment._refine import SEARCH
from core.alignment._surface import SEARCHED, surface
from core.alignment.models import AlignModel
from core.geometry import at_level, translation
from core.parallel import both

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.alignment._overview import Overview
    from core.alignment.answer import Estimate
    from core.alignment.models import Floats
    from core.geometry import Matrix
    from core.types import Token

WIDE: Final = 8
"""How far around a start from features or spectra each window is looked for, px."""


@dataclass(frozen=True, slots=True, eq=False)
class Start:
    """A matrix (B to A, at the overview's level), and how far around it to look."""

    matrix: Floats
    search: int
    origin: str
    refusal: Estimate | None = None


def starts(seen: Overview, model: AlignModel, seed: Matrix | None, token: Token) -> Iterator[Start]:
    """Yield starts until no more are wanted."""
    if seed is not None:
        yield Start(np.array(at_level(seed, seen.level)), WIDE, "pins")
        return
    (best,) = surface(seen.a.even, seen.b.even, SEARCHED).peaks(1)
    token.check()
    yield Start(np.array(translation(best.dx, best.dy)), SEARCH, "shift")
    if model is AlignModel.TRANSLATION:
        return
    found = both(
        lambda: features(seen.a.even, seen.a.valid), lambda: features(seen.b.even, seen.b.valid),
        token,
    )  # fmt: skip
    a, b = matches(*found)
    for matrix in candidates(a, b, model):
        token.check()
        yield Start(matrix, SEARCH, "features")
    for matrix in turns(seen, token):
        yield Start(matrix, WIDE, "spectra")
