"""What stands behind a row of the parity table: numbers or maps of ours, and those of an oracle.

Every module of this folder whose name does not begin with an underscore has a tuple ``CASES``;
`tests/core/measures/test_parity.py` looks at each, `scripts/make_measures.py` writes
docs/measures.md of them.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core import ImageBuffer, Settings, compare
from core.catalogue import entries
from core.difference import DifferenceParams
from core.map_kinds import KINDS
from core.measures import Measure
from tests.core.measures.parity._scenes import in_words, scene
from tests.core.measures.samples import mapped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from core.settings import Params
    from core.types import MapKind

TOLERANCE = 5.5
"""Levels; no value of 16 bits is exactly so far from another."""

Compared = tuple[Any, Any]
"""A number or an array of ours, and that of the oracle."""


@dataclass(frozen=True)
class Case:
    """Measures that are as an oracle has them.

    Attributes
    ----------
    measures
        Names in the catalogue.
    oracle
        Where the right values come from.
    bound
        How far off ours may be.
    scenes
        Names of what they are compared on.
    compared
        Takes one of those names and returns what is compared.
    relative
        Whether the bound is a share of the right value.
    map
        The kind of map, where that is what is compared.
    part
        Words for what is compared, where it is neither the numbers nor a map.
    why
        What the bound allows for.
    """

    measures: tuple[str, ...]
    oracle: str
    bound: float
    scenes: tuple[str, ...]
    compared: Callable[[str], Iterable[Compared]]
    relative: bool = False
    map: MapKind | None = None
    part: str = ""
    why: str = ""

    @property
    def title(self) -> str:
        """What is compared."""
        if self.map:
            return f"map “{KINDS[self.map].label}”"
        return self.part or ", ".join(f"`{n}`" for n in self.measures)

    @property
    def on(self) -> str:
        """The scenes in words."""
        return in_words(self.scenes)

    @property
    def limit(self) -> str:
        """The bound in words."""
        if self.bound == 0:
            return "0"
        return f"{brief(self.bound)}{' of the value' if self.relative else ''}"

    def deviation(self) -> tuple[float, str]:
        """Return the largest deviation on any scene, and the name of that scene."""
        return max((self._on(name), name) for name in self.scenes)

    def _on(self, name: str) -> float:
        pairs = list(self.compared(name))
        assert pairs
        return max(self._off(found, right) for found, right in pairs)

    def _off(self, found: Any, right: Any) -> float:
        x, y = np.asarray(found, np.float64), np.asarray(right, np.float64)
        assert x.shape == y.shape
        assert np.isfinite([x, y]).all()
        off = np.abs(x - y)
        if self.relative:
            off = np.divide(off, np.abs(y), out=np.where(off > 0, np.inf, 0.0), where=y != 0)
        return float(off.max())


def brief(value: float) -> str:
    """Return a number with at most two digits: ``1e-6``, ``2.3e-7``."""
    digits, _, power = f"{value:.1e}".partition("e")
    return f"{digits.removesuffix('.0')}e{int(power)}" if value else "0"


@dataclass(frozen=True)
class Experiment:
    """Measures without an oracle, and what is done instead."""

    measures: tuple[str, ...]
    instead: str


@cache
def measured(name: str, *params: Params) -> Mapping[str, float]:
    """Return all numbers of a scene that have an oracle, through the public way."""
    settings = Settings([DifferenceParams(tolerance=TOLERANCE), *params])
    return values(*scene(name).buffers, settings)


def values(a: ImageBuffer, b: ImageBuffer, settings: Settings) -> dict[str, float]:
    names = tuple(n for n, e in entries().items() if e.group != "Noise")
    found = compare(a, b, settings, measures=names, regions=False).measures
    return {n: m.value for n, m in found.items()}


def numbers(
    names: tuple[str, ...], oracle: Callable[[str], Iterable[float]], *params: Params
) -> Callable[[str], Iterable[Compared]]:
    """Return what compares these numbers with those that an oracle has for the scene's name."""

    def compared(name: str) -> Iterable[Compared]:
        found = measured(name, *params)
        return [(found[n], right) for n, right in zip(names, oracle(name), strict=True)]

    return compared


def painted(family: Measure, kind: MapKind, name: str, **more: Any) -> Any:
    """Return a map of a scene in its own unit: what the engine shows is rounded to a byte."""
    seen = scene(name)
    return mapped(family, kind, *seen.working, linear=seen.linear, cuts=(31,), **more)


@cache
def all_rows() -> tuple[Case | Experiment, ...]:
    """Return the rows of every module of this folder, in the order of the measures' table."""
    here = Path(__file__).parent
    names = sorted(m.name for m in pkgutil.iter_modules([str(here)]) if m.name[0] != "_")
    modules = [importlib.import_module(f"tests.core.measures.parity.{n}") for n in names]
    order = list(entries())
    return tuple(
        sorted((r for m in modules for r in m.CASES), key=lambda r: order.index(r.measures[0]))
    )


def all_cases() -> tuple[Case, ...]:
    return tuple(r for r in all_rows() if isinstance(r, Case))
