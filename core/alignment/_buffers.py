"""Align, asked of two pictures alone, without a comparison around it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from core.alignment.models import mapped
from core.alignment.pins import FARTHEST, Pin, text_of
from core.fitted import fitted
from core.geometry import IDENTITY
from core.stages.align import AlignParams, refine
from core.stages.fit import FitParams, place
from core.types import Token

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.alignment.types import Alignment
    from core.buffer import ImageBuffer
    from core.geometry import Matrix


def aligned(a: ImageBuffer, b: ImageBuffer, model: str, start: Matrix | None = None) -> Alignment:
    """Return what align finds with its defaults; see `core.alignment.estimate_alignment`."""
    # A start is told as a person tells it: by pins.
    pins = "" if start is None else text_of(_pins(start, b.shape))
    # Checked as a setting is; the value itself is a plain string in scripts.
    params = AlignParams(enabled=True, model=model, pins=pins)  # type: ignore[arg-type]
    placement = place(a.shape, b.shape, FitParams())
    shapes = a.shape, b.shape
    found = refine(placement, fitted(a, b, placement), params, Token(), shapes).alignment
    assert found is not None  # refine always says what it found
    if start is None:
        return found
    found = replace(found, pins=())
    return found if found.accepted else replace(found, matrix=IDENTITY, arrows=())


def _pins(start: Matrix, shape: tuple[int, int]) -> Iterator[Pin]:
    """Yield where a matrix brings the corners of B, a picture of (height, width)."""
    right, bottom = shape[1] - 1.0, shape[0] - 1.0
    corners = np.array([[0.0, 0.0], [right, 0.0], [0.0, bottom], [right, bottom]])
    for there, corner in zip(mapped(np.asarray(start), corners), corners, strict=True):
        if np.abs(there).max() <= FARTHEST:
            yield Pin((float(there[0]), float(there[1])), (float(corner[0]), float(corner[1])))
