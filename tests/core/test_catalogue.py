from __future__ import annotations

from core import registry
from core.catalogue import entries
from core.map_kinds import KINDS
from core.types import MapKind

OWN = {MapKind.ABSOLUTE, MapKind.SIGNED, MapKind.SQUARED, MapKind.RELATIVE}


def test_every_measure_is_listed_and_explained():
    found = entries()
    assert list(found) == [n for m in registry.measures() for n in m.names]
    for entry in found.values():
        assert entry.group
        assert entry.label
        assert entry.help.endswith(".")
        assert entry.name in entry.family


def test_measures_of_one_heading_stand_together():
    groups = [e.group for e in entries().values()]
    starts = [g for g, before in zip(groups, [None, *groups], strict=False) if g != before]
    assert len(starts) == len(set(starts))


def test_every_kind_of_map_is_made_by_the_difference_or_by_one_measure():
    assert set(KINDS) == set(MapKind)
    made = [kind for m in registry.measures() for kind in m.maps]
    assert len(made) == len(set(made))
    assert set(made) == set(MapKind) - OWN
