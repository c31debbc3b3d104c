"""Finds stages, measures and report formats by looking in their folders."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

    from core.measures import Measure
    from core.settings import Params
    from core.stages import Stage


def modules(package: str) -> list[ModuleType]:
    """Import and return every public module of a package, in the order of their names."""
    found = importlib.import_module(package)
    names = sorted(m.name for m in pkgutil.iter_modules(found.__path__) if m.name[0] != "_")
    return [importlib.import_module(f"{package}.{name}") for name in names]


@cache
def stages() -> tuple[Stage, ...]:
    """Return all stages, in the order in which the pipeline applies them."""
    found: list[Stage] = [m.STAGE for m in modules("core.stages") if hasattr(m, "STAGE")]
    return tuple(sorted(found, key=lambda s: s.order))


@cache
def measures() -> tuple[Measure, ...]:
    """Return all measures, in the order of the table; names are unique."""
    found: list[Measure] = [m.MEASURE for m in modules("core.measures") if hasattr(m, "MEASURE")]
    names = [n for m in found for n in m.names]
    if len(names) != len(set(names)):
        raise RuntimeError(f"two measures share a name: {names}")
    return tuple(sorted(found, key=lambda m: m.order))


@cache
def measure_params() -> tuple[type[Params], ...]:
    """Return the Params that belong to measures, in the order of the table, each once.

    Those with a toggle decide more than numbers, and have a place of their own.
    """
    own = [m.params for m in measures() if m.params is not None and not m.params.toggle]
    return tuple(dict.fromkeys(own))


@cache
def all_params() -> tuple[type[Params], ...]:
    """Return every Params class, in the order in which a person meets them."""
    geometry: list[Any] = [m for m in modules("core.stages") if hasattr(m, "GEOMETRY_ORDER")]
    front = [m.PARAMS for m in sorted(geometry, key=lambda m: m.GEOMETRY_ORDER)]
    stage_params = [s.params for s in stages()]
    light, gray, difference, regions, noise, places, wanted = (
        importlib.import_module(name).PARAMS
        for name in (
            *("core.light", "core.color", "core.difference", "core.regions.rule"),
            *("core.noise.params", "core.places.params", "core.wanted"),
        )
    )
    fixed = (difference, regions, noise, places, wanted)
    return (*front, light, gray, *stage_params, *fixed, *measure_params())
