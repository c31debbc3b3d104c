"""FLIP: against the evaluator of its authors."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from core.measures._flip_light import Luminances, ToneMapper, exposures
from core.measures.flip import MEASURE, DynamicRange, FlipParams
from core.settings import Settings
from core.types import MapKind
from tests.core.measures.flip_scenes import evaluated
from tests.core.measures.parity._case import Case, Compared, numbers, painted
from tests.core.measures.parity._scenes import BYTES, DEEP, LIGHT, Pixels, scene

if TYPE_CHECKING:
    from collections.abc import Iterable

LOW = (*BYTES, *DEEP)


@cache
def evaluator(name: str) -> tuple[Pixels, float]:
    seen = scene(name)
    a, b = (np.dstack([x] * 3) if x.ndim == 2 else x for x in seen.shares)
    return evaluated(a, b, "HDR" if seen.linear else "LDR")


def of_flip(name: str) -> list[float]:
    found, _ = evaluator(name)
    return [float(np.quantile(found, q)) for q in (0.5, 0.95)]


def of_mean(name: str) -> list[float]:
    return [evaluator(name)[1]]


def maps(name: str) -> Iterable[Compared]:
    seen = scene(name)
    more: dict[str, Any] = {}
    if seen.linear:
        lights = Luminances()
        lights.add(seen.working[0], None, encoded=False)
        shown = exposures(lights.brightest, lights.median, ToneMapper.ACES)
        assert shown.count > 2
        chosen = FlipParams(dynamic_range=DynamicRange.HDR)
        more = {"settings": Settings([chosen]), "state": lambda _: shown}
    yield painted(MEASURE, MapKind.FLIP, name, **more), evaluator(name)[0]


MEAN, QUANTILES = MEASURE.names[:1], MEASURE.names[1:]

CASES = tuple(
    case
    for oracle, scenes in (("flip-evaluator, LDR", LOW), ("flip-evaluator, HDR (ACES)", LIGHT))
    for case in (
        Case(MEAN, oracle, 5e-4, scenes, numbers(MEAN, of_mean)),
        Case(QUANTILES, oracle, 5e-4, scenes, numbers(QUANTILES, of_flip), why="steps of 1/4096"),
        Case(MEAN, oracle, 2e-3, scenes, maps, map=MapKind.FLIP),
    )
)
