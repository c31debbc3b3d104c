"""Counts, and the hash: against scripts that look at one pixel, or window, after the other."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from core.measures import density, shift, yiq
from core.types import MapKind
from tests.core.measures.parity._case import TOLERANCE, Case, Compared, numbers, painted
from tests.core.measures.parity._scenes import BYTES, DEEP, LIGHT, SMALL, Pixels, scene
from tests.core.measures.test_density import script as densest
from tests.core.measures.test_phash import fingerprint, luma
from tests.core.measures.test_shift import script as nearest
from tests.core.measures.test_yiq import Script

if TYPE_CHECKING:
    from collections.abc import Iterable

WINDOW = density.DensityParams().window
OVER = TOLERANCE + 0.001
"""A difference within 0.001 of the tolerance is not over it."""


@cache
def rules(name: str) -> Script:
    return Script(*scene(name).exact)


def of_yiq(name: str) -> list[float]:
    return rules(name).numbers


def yiq_maps(name: str) -> Iterable[Compared]:
    yield painted(yiq.MEASURE, MapKind.YIQ, name), rules(name).map


@cache
def left(name: str) -> Pixels:
    return nearest(*scene(name).exact)


def of_shift(name: str) -> list[float]:
    d = left(name)
    return [np.count_nonzero(d > OVER), (d > OVER).mean(), d.mean()]


def shift_maps(name: str) -> Iterable[Compared]:
    yield painted(shift.MEASURE, MapKind.SHIFT, name), left(name)


def of_density(name: str) -> list[float]:
    a, b = scene(name).exact
    d = np.atleast_3d(np.abs(a - b)).max(axis=2)
    return list(densest(d > OVER, WINDOW)[:2])


def of_phash(name: str) -> list[float]:
    a, b = (fingerprint(x if x.ndim == 2 else luma(x)) for x in scene(name).exact)
    return [np.count_nonzero(a != b)]


YIQ, SHIFT, DENSITY = yiq.MEASURE.names, shift.MEASURE.names, density.MEASURE.names
BY_RULE = "the published rules, pixel by pixel, float64"
BY_HAND = "looking for it pixel by pixel, float64"

CASES = (
    Case(YIQ, BY_RULE, 0.0, SMALL, numbers(YIQ, of_yiq)),
    Case(YIQ, BY_RULE, 1e-5, SMALL, yiq_maps, map=MapKind.YIQ, why="values rounded to 1/1024"),
    Case(SHIFT, BY_HAND, 1e-6, SMALL, numbers(SHIFT, of_shift), relative=True,
         why="values are held in float32"),
    Case(SHIFT, BY_HAND, 4e-5, SMALL, shift_maps, map=MapKind.SHIFT,
         why="values are held in float32"),
    Case(DENSITY, "every window, by NumPy", 0.0, (*BYTES, *DEEP, *LIGHT),
         numbers(DENSITY, of_density)),
    Case(("phash_distance",), "SciPy's cosine transform, float64", 0.0, (*BYTES, *DEEP, *LIGHT),
         numbers(("phash_distance",), of_phash)),
)  # fmt: skip
