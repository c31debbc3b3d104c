"""Every measure there is: what it is called, what it answers, whether it is made unasked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from core import registry
from core.measures import Totals

if TYPE_CHECKING:
    from core.settings import Params
    from core.types import MapKind


@dataclass(frozen=True, slots=True)
class Entry:
    """One measure.

    Attributes
    ----------
    name, label, unit, better, help
        As in `core.types.MeasureValue`.
    group
        The heading that it stands under.
    family
        Names of the measures that share its work; asking for one makes all of them.
    default
        Whether it is made without being asked for.
    maps
        Kinds of difference map that its family makes.
    params
        What can be set, if anything.
    """

    name: str
    label: str
    unit: str
    better: str
    help: str
    group: str
    family: tuple[str, ...]
    default: bool
    maps: tuple[MapKind, ...]
    params: type[Params] | None


_LARGE = (1 << 15, 1 << 15)
"""A canvas on which everything that is set fits, since helps name it."""


@cache
def entries(*, lab: bool = False) -> dict[str, Entry]:
    """Return name -> entry, in the order of the table; with `lab` as where Lab is compared."""
    nothing = Totals(
        pixels=0, channels=3, peak=255.0, tolerance=0.0, histograms=None, canvas=_LARGE,
        space="lab" if lab else "rgb",
    )  # fmt: skip
    found: dict[str, Entry] = {}
    for m in registry.measures():
        for value in m.finish([], nothing):
            found[value.name] = Entry(
                value.name, value.label, value.unit, value.better, value.help,
                m.group, m.names, m.default, m.maps, m.params,
            )  # fmt: skip
    return found
