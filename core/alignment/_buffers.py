"""Align, asked of two pictures alone, without a comparison around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.fitted import fitted
from core.stages.align import AlignParams, refine
from core.stages.fit import FitParams, place
from core.types import Token

if TYPE_CHECKING:
    from core.alignment.types import Alignment
    from core.buffer import ImageBuffer


def aligned(a: ImageBuffer, b: ImageBuffer, model: str) -> Alignment:
    """Return what align finds with its defaults; see `core.alignment.estimate_alignment`."""
    # Checked as a setting is; the value itself is a plain string in scripts.
    params = AlignParams(enabled=True, model=model)  # type: ignore[arg-type]
    placement = place(a.shape, b.shape, FitParams())
    shapes = a.shape, b.shape
    found = refine(placement, fitted(a, b, placement), params, Token(), shapes).alignment
    assert found is not None  # refine always says what it found
    return found
