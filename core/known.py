"""What of an answer also answers other questions: all that does not depend on what was changed.

Which pixels count as different (the tolerance, the rule of regions) decides few numbers; which map
is painted and which measures are asked for decides no other number. So what was made for one
question is kept by what it was made from, and the next question computes only what is missing: that
is why a tolerance can be dragged, and a measure be added, without everything being made again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core import registry
from core.difference import DifferenceParams
from core.regions.rule import RegionParams
from core.settings import Settings
from core.types import MapKind
from core.wanted import MeasuresParams

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from core.histograms import Histograms
    from core.maps import DifferenceMap
    from core.measures import Measure
    from core.result import Request
    from core.types import MeasureValue

    Values = tuple[MeasureValue, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Parts of earlier answers about one pair under one chain of stages.

    Attributes
    ----------
    families
        Key of a family and its own Params -> its numbers; only of those that do not depend on the
        tolerance.
    maps
        Key of a kind of map -> the map.
    histograms
        Those of A, B and the difference; None until they were wanted.
    """

    families: Mapping[Hashable, Values] = field(default_factory=dict)
    maps: Mapping[Hashable, DifferenceMap] = field(default_factory=dict)
    histograms: Histograms | None = None

    def values(self, measure: Measure, settings: Settings) -> Values | None:
        """Return the numbers of a family, if they are known."""
        return self.families.get(_family(measure, settings))

    def map(self, settings: Settings) -> DifferenceMap | None:
        """Return the painted map that settings ask for, if it is known."""
        return self.maps.get(_map(settings))

    def with_answer(
        self, settings: Settings, families: Mapping[Measure, Values], painted: DifferenceMap,
        histograms: Histograms | None,
    ) -> Known:  # fmt: skip
        """Return what is known after one more answer.

        Of maps only |A − B| and the one painted last are kept.
        """
        more = {_family(m, settings): v for m, v in families.items() if not m.uses_tolerance}
        key = _map(settings)
        maps = {k: m for k, m in self.maps.items() if m.kind is MapKind.ABSOLUTE}
        if key is not None:
            maps[key] = painted
        return Known({**self.families, **more}, maps, histograms or self.histograms)

    @property
    def nbytes(self) -> int:
        """Bytes of the maps; an array that two of them share is counted once."""
        arrays: dict[int, int] = {}
        for m in self.maps.values():
            arrays |= {id(x): x.nbytes for x in (m.magnitude, m.valid) if x is not None}
            arrays[id(m.levels[0])] = m.levels[0].nbytes
            arrays[id(m.levels)] = m.levels.nbytes
        return sum(arrays.values()) + 65536


def key_of(request: Request) -> tuple[Any, ...]:
    """Return what decides everything that `Known` holds, besides the keys in it."""
    settings = request.settings
    difference = settings[DifferenceParams].replace(tolerance=0.0, map=MapKind.ABSOLUTE)
    own = (m.params() for m in registry.measures() if m.params is not None)
    plain = settings.replacing(difference, RegionParams(), MeasuresParams(), *own)
    return ("known", request.a.key, request.b.key, plain, request.intervals)


def _family(measure: Measure, settings: Settings) -> Hashable:
    return (measure.names, None if measure.params is None else settings[measure.params])


def _map(settings: Settings) -> Hashable:
    """Return the key of the map that settings ask for; None when it depends on what counts."""
    kind = settings[DifferenceParams].map
    maker = map_maker(kind)
    if maker is None:
        return (kind,)
    if maker.uses_tolerance:
        return None
    return (kind, _family(maker, settings))


def map_maker(kind: MapKind) -> Measure | None:
    """Return the measure that makes a kind of map; None for those of the difference itself."""
    return next((m for m in registry.measures() if kind in m.maps), None)
