"""Any settings that a person could make, for hypothesis."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from core.errors import SettingsError
from core.registry import all_params
from core.settings import Settings

if TYPE_CHECKING:
    from core.settings import Params, Ui


def values(kind: type[Params], field: str, control: Ui) -> st.SearchStrategy[Any]:
    """Return all values of one field, its limits included."""
    wanted = kind.field_types()[field]
    if issubclass(wanted, StrEnum):
        return st.sampled_from(list(wanted))
    if wanted is bool:
        return st.booleans()
    if wanted is int:
        low = None if control.low is None else int(control.low)
        return st.integers(low, None if control.high is None else int(control.high))
    if wanted is float:
        return st.floats(control.low, control.high, allow_nan=False, allow_infinity=False)
    return st.text(st.characters(exclude_categories=["Cs", "Cc"]))


@st.composite
def all_settings(draw: st.DrawFn) -> Settings:
    """Return Settings in which each group is either left alone or changed in some fields."""
    made: list[Params] = []
    for kind in all_params():
        if not draw(st.booleans()):
            continue
        changes: dict[str, Any] = {
            field: draw(values(kind, field, control))
            for field, control in kind.ui_fields().items()
            if draw(st.booleans())
        }
        if kind.toggle:
            changes["enabled"] = draw(st.booleans())
        try:
            made.append(kind(**changes))
        except SettingsError:  # values that do not go together are not settings
            continue
    return Settings(made)
