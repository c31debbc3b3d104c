"""Params (what a person can set), and Settings (a frozen bag of them).

A stage, a measure group or the difference declares its own `Params` subclass beside its maths. The
window's forms, the command line's flags, JSON, recipes and cache keys are all made from its fields,
so a new parameter is one line in one file.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar, cast, get_type_hints

from core.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Ui:
    """How one field of a Params is shown, set and checked.

    Attributes
    ----------
    label
        What stands beside the control.
    help
        The tooltip and the command line's help: what it does to the numbers, one sentence.
    low, high, step
        Range of a number, both ends allowed; None for no limit.
    unit
        Shown behind the value, e.g. ``"px"``.
    choices
        For an enum field: value -> label, in the order shown.
    flag
        Command-line flag when it is not ``--<name>-<field>`` (e.g. ``"tolerance"``).
    primary
        The field that ``--<name> VALUE`` sets (and that stands in the header row of the form).
    only_for
        Values of the primary field for which this field has an effect; empty for all.
    only_when
        (field, value): this field has an effect only while that one has this value, and an effect.
    hidden
        Whether forms leave it out, because it is set in another way in the window.
    """

    label: str
    help: str
    low: float | None = None
    high: float | None = None
    step: float | None = None
    unit: str = ""
    choices: Mapping[str, str] = dataclasses.field(default_factory=dict)
    flag: str = ""
    primary: bool = False
    only_for: tuple[str, ...] = ()
    only_when: tuple[str, str] = ("", "")
    hidden: bool = False


def ui(
    label: str,
    help: str,  # noqa: A002 - the word that the command line and tooltips use
    low: float | None = None,
    high: float | None = None,
    **more: Any,
) -> dict[str, Ui]:
    """Return field metadata: ``field(default=..., metadata=ui("Sigma", "...", 0.1, 50))``."""
    return {"ui": Ui(label, help, low, high, **more)}


@dataclass(frozen=True, kw_only=True)
class Params:
    """Base of every parameter group.

    Class attributes
    ----------------
    name
        Key in JSON and stem of the command-line flags.
    title
        What stands on the form.
    about
        One sentence for the tooltip of the group's toggle.
    toggle
        Whether `enabled` may be switched by a person (stages), or is always True (difference).
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""
    about: ClassVar[str] = ""
    toggle: ClassVar[bool] = True

    enabled: bool = False

    def __post_init__(self) -> None:
        for f in dataclasses.fields(self):
            object.__setattr__(self, f.name, _checked(type(self), f.name, getattr(self, f.name)))

    @classmethod
    def ui_fields(cls) -> dict[str, Ui]:
        """Return the Ui of every field a person can set, in order (without `enabled`)."""
        return {f.name: cast("Ui", f.metadata["ui"]) for f in dataclasses.fields(cls) if f.metadata}

    @classmethod
    def field_types(cls) -> dict[str, type]:
        """Return the runtime type of each field: bool, int, float, str or a StrEnum."""
        return _types(cls)

    @classmethod
    def primary(cls) -> str | None:
        """Return the name of the primary field, if there is one."""
        return next((n for n, u in cls.ui_fields().items() if u.primary), None)

    def has_effect(self, name: str) -> bool:
        """Whether a field has an effect beside the values of the others."""
        control = self.ui_fields()[name]
        primary, (field, value) = self.primary(), control.only_when
        if primary and control.only_for and str(getattr(self, primary)) not in control.only_for:
            return False
        return not field or (str(getattr(self, field)) == value and self.has_effect(field))

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some fields changed; values are checked."""
        return dataclasses.replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        plain = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        if not self.toggle:
            plain.pop("enabled")
        return {k: str(v) if isinstance(v, StrEnum) else v for k, v in plain.items()}


P = TypeVar("P", bound=Params)
_TYPES: dict[type, dict[str, type]] = {}


def _types(cls: type[Params]) -> dict[str, type]:
    if cls not in _TYPES:
        hints = get_type_hints(cls)
        _TYPES[cls] = {f.name: hints[f.name] for f in dataclasses.fields(cls)}
    return _TYPES[cls]


def _checked(cls: type[Params], name: str, value: Any) -> Any:
    """Return the value in the field's type, or raise SettingsError with a sentence."""
    kind = _types(cls)[name]
    where = f"{cls.name}.{name}"
    if issubclass(kind, StrEnum):
        try:
            return kind(value)
        except ValueError:
            words = ", ".join(kind)
            msg = f"“{value}” is not a choice for {where}; use one of: {words}."
            raise SettingsError(msg) from None
    if kind is bool:
        if not isinstance(value, bool):
            raise SettingsError(f"{where} must be true or false, not {value!r}.")
        return value
    if kind in (int, float):
        return _checked_number(cls, name, value, where)
    if kind is str and isinstance(value, str):
        return value
    raise SettingsError(f"{where} cannot be {value!r}.")


def _checked_number(cls: type[Params], name: str, value: Any, where: str) -> int | float:
    kind = _types(cls)[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
        raise SettingsError(f"{where} must be a number, not {value!r:.40}.")
    if kind is int and int(value) != value:
        raise SettingsError(f"{where} must be a whole number, not {value!r}.")
    limits = cls.ui_fields().get(name)
    if limits is not None:
        low = -math.inf if limits.low is None else limits.low
        high = math.inf if limits.high is None else limits.high
        if not low <= value <= high:
            raise SettingsError(f"{where} must lie between {low:g} and {high:g}, not {value:g}.")
    return int(value) if kind is int else float(value)


def _is_finite(value: float) -> bool:
    """Whether a float can hold the value; files may hold whole numbers of any length."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


_DEFAULTS: dict[type, Any] = {}


def _default(kind: type[P]) -> P:
    """Return the one instance with all defaults: checking every value again takes a while."""
    if kind not in _DEFAULTS:
        _DEFAULTS[kind] = kind()
    return cast("P", _DEFAULTS[kind])


@dataclass(frozen=True, slots=True, init=False)
class Settings:
    """Everything that decides the answer, besides the two pictures.

    A bag of Params looked up by type; what is not in it has its default. Two Settings that mean the
    same are equal and hash alike, so undo is a list of Settings and a cache key is one of them.

    Examples
    --------
    >>> from core.stages.blur import BlurParams
    >>> s = Settings().replacing(BlurParams(enabled=True, sigma=1.5))
    >>> s[BlurParams].sigma
    1.5
    """

    params: tuple[Params, ...]

    def __init__(self, params: Iterable[Params] = ()) -> None:
        by_name = {p.name: p for p in params}
        kept = (p for _, p in sorted(by_name.items()) if p != _default(type(p)))
        object.__setattr__(self, "params", tuple(kept))

    def __getitem__(self, kind: type[P]) -> P:
        for p in self.params:
            if type(p) is kind:
                return p
        return _default(kind)

    def replacing(self, *changed: Params) -> Settings:
        """Return new Settings in which the given Params replace those of the same kind."""
        return Settings((*self.params, *changed))

    def to_dict(self) -> dict[str, dict[str, Any]]:
        """Return every group with every value, defaults included, as plain JSON values."""
        from core.registry import all_params  # noqa: PLC0415 - settings must not load the stages

        return {kind.name: self[kind].to_dict() for kind in all_params()}

    @staticmethod
    def from_dict(values: Mapping[str, Any]) -> Settings:
        """Make Settings from ``{"normalize": {"enabled": True, "method": "minmax"}, ...}``.

        Raises
        ------
        SettingsError
            For an unknown group, an unknown field or a value that does not fit; says which.
        """
        from core.registry import all_params  # noqa: PLC0415 - settings must not load the stages

        kinds = {kind.name: kind for kind in all_params()}
        made: list[Params] = []
        for name, fields in values.items():
            kind = kinds.get(name)
            if kind is None:
                known = ", ".join(kinds)
                raise SettingsError(f"There is no setting “{name}”; there are: {known}.")
            if not isinstance(fields, Mapping):
                raise SettingsError(f"Setting “{name}” must be a table of values.")
            known_fields = [f for f in kind.field_types() if kind.toggle or f != "enabled"]
            for f in fields:
                if f not in known_fields:
                    words = ", ".join(known_fields)
                    raise SettingsError(f"“{name}” has no value “{f}”; it has: {words}.")
            made.append(kind(**fields))
        return Settings(made)

    @staticmethod
    def from_file(path: str | Path) -> Settings:
        """Read a recipe: a TOML file with one table a group."""
        import tomllib  # noqa: PLC0415 - only when asked for

        try:
            with Path(path).open("rb") as f:
                return Settings.from_dict(tomllib.load(f))
        except OSError as e:
            raise SettingsError(
                f"The recipe “{path}” could not be read: {e.strerror or e}."
            ) from None
        except ValueError as e:  # what tomllib raises, also for bytes that are no text
            raise SettingsError(f"The recipe “{path}” is not valid TOML: {e}.") from None
