"""Which measures are made: the usual ones, and those that are asked for beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Final

from core.errors import SettingsError
from core.settings import Params, Settings, ui

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.measures import Measure

ALL: Final = "all"


@dataclass(frozen=True, kw_only=True)
class MeasuresParams(Params):
    """Which measures are made beside the usual ones."""

    name: ClassVar[str] = "measures"
    title: ClassVar[str] = "Measures"
    about: ClassVar[str] = "Which measures are made beside the usual ones."
    toggle: ClassVar[bool] = False

    also: str = field(
        default="",
        metadata=ui(
            "Also",
            "Measures beside the usual ones: their names with commas between, or “all”. No other"
            " number changes.",
            primary=True,
            hidden=True,
        ),
    )

    @property
    def names(self) -> tuple[str, ...]:
        """The names asked for; ``("all",)`` for all."""
        return tuple(word.strip() for word in self.also.split(",") if word.strip())

    def with_names(self, names: Iterable[str]) -> MeasuresParams:
        """Return these with other names."""
        return self.replace(also=",".join(dict.fromkeys(names)))


PARAMS: Final = MeasuresParams


def chosen(
    measures: Sequence[Measure], settings: Settings, names: frozenset[str] | None
) -> tuple[tuple[Measure, ...], frozenset[str] | None]:
    """Return the families to compute, and which of their numbers are wanted (None: all).

    Parameters
    ----------
    measures
        All there are.
    settings
        Say what is wanted beside the usual ones.
    names
        Exactly what is wanted, whatever the settings say; None for the usual ones and theirs.

    Raises
    ------
    SettingsError
        When there is no measure of a wanted name; lists those there are.
    """
    known = [n for m in measures for n in m.names]
    also = settings[MeasuresParams].names
    asked = frozenset(names or ()) | (frozenset(also) if names is None else frozenset())
    if unknown := asked - {*known, ALL}:
        raise SettingsError(f"There is no measure “{min(unknown)}”; there are: {', '.join(known)}.")
    if ALL in asked:
        return tuple(measures), None
    if names is not None:
        return tuple(m for m in measures if names & set(m.names)), names
    on = {m.params for m in measures if m.params and m.params.toggle and settings[m.params].enabled}
    usual = (m for m in measures if m.default or asked & set(m.names) or m.params in on)
    return tuple(usual), None
