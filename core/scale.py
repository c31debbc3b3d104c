"""Numbers in the file's own units, for those who think in them (``--scale native``)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from core.buffer import ImageBuffer
from core.errors import SettingsError
from core.result import Result
from core.types import SCALE, MeasureValue

if TYPE_CHECKING:
    from collections.abc import Mapping

_POWERS: Final = {"levels": 1, "levels²": 2}
UNITS: Final = ("file units", "file units²")


def native(result: Result, a: ImageBuffer, b: ImageBuffer) -> Result:
    """Return a result whose measures are in the pictures' own units instead of 0...255.

    Only measures that are lengths on the scale of values change (``l1``, ``mse``, ``max_abs`` and
    the like). Shares, counts, decibels and distances of shapes are the same in every unit. The
    tolerance and the regions stay on 0...255, as in the settings that made them.

    Raises
    ------
    SettingsError
        When the pictures have different units, e.g. 8 and 16 bits: then only 0...255 is common.
    """
    if a.peak != b.peak:
        raise SettingsError(
            f"“{a.name}” and “{b.name}” have different units (white is {a.peak:g} and {b.peak:g}),"
            " so there is no scale native to both; leave out --scale native."
        )
    factor = a.peak / SCALE

    def scaled(measures: Mapping[str, MeasureValue]) -> dict[str, MeasureValue]:
        return {name: _scaled(m, factor) for name, m in measures.items()}

    return replace(
        result,
        measures=scaled(result.measures),
        places=tuple(replace(p, measures=scaled(p.measures)) for p in result.places),
        region_measures=tuple(map(scaled, result.region_measures)),
    )


def _scaled(measure: MeasureValue, factor: float) -> MeasureValue:
    power = _POWERS.get(measure.unit)
    if power is None:
        return measure
    by, unit = factor**power, UNITS[power - 1]
    sure = measure.interval
    interval = None if sure is None else (sure[0] * by, sure[1] * by)
    return replace(measure, value=measure.value * by, unit=unit, interval=interval)
