"""Flags made from the parameters: a new parameter has its flag without an edit here."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from core.errors import SettingsError
from core.recipes import flag, switch
from core.registry import all_params

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.settings import Params, Settings, Ui

BARE: Final = "\0"
"""Stands for "no value given"; no command line of any system can hold it."""


class UsageError(SettingsError):
    """The command line cannot be understood."""


class Parser(argparse.ArgumentParser):
    """An argument parser that raises instead of ending the program, and knows no abbreviations."""

    def __init__(self, **more: Any) -> None:
        super().__init__(allow_abbrev=False, **more)

    def error(self, message: str) -> NoReturn:
        """Raise `UsageError` with a whole sentence."""
        text = message[:1].upper() + message[1:].rstrip(".")
        raise UsageError(f"{text}. See {self.prog} --help.")


class _Change(argparse.Action):
    """Notes ``(kind, field, value)`` in ``namespace.changes``, in the order of the command line."""

    def __init__(self, *, kind: type[Params], field: str | None, **more: Any) -> None:
        super().__init__(**more)
        self.kind, self.field = kind, field

    def __call__(
        self,
        parser: argparse.ArgumentParser,  # noqa: ARG002 - argparse's own signature
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        named = option_string or self.option_strings[0]
        changes = [*getattr(namespace, "changes", ())]
        value: Any = values
        if self.field is None or value == BARE:
            changes.append((self.kind, "enabled", not named.startswith("--no-")))
        else:
            if self.nargs == 0:
                value = not named.startswith("--no-")
            else:
                value = read(self.kind, self.field, str(values), named)
            changes.append((self.kind, self.field, value))
        namespace.changes = changes


def read(kind: type[Params], field: str, text: str, named: str) -> Any:
    """Return a flag's value in the type of its field.

    Raises
    ------
    UsageError
        When it does not fit; says what would.
    """
    wanted, control = kind.field_types()[field], kind.ui_fields()[field]
    if wanted in (int, float):
        try:
            value: Any = wanted(text)
        except ValueError:
            what = "a whole number" if wanted is int else "a number"
            raise UsageError(f"{named} needs {what}, not “{text}”.") from None
    else:
        value = text
    try:
        return getattr(kind(**{field: value}), field)
    except SettingsError as e:
        if wanted is str:  # the setting itself knows best what is wrong with a text
            raise UsageError(f"{named} cannot be used. {e}") from None
        raise UsageError(f"{named} cannot be “{text}”; {_fitting(kind, field, control)}.") from None


def _fitting(kind: type[Params], field: str, control: Ui) -> str:
    words = _choices(kind, field)
    if words:
        return f"use one of: {', '.join(words)}"
    unit = f" {control.unit}" if control.unit else ""
    if control.low is not None and control.high is not None:
        return f"give a number between {control.low:g} and {control.high:g}{unit}"
    if control.low is not None:
        return f"give a number from {control.low:g}{unit} on"
    return "give another value"


def _choices(kind: type[Params], field: str) -> tuple[str, ...]:
    return tuple(
        str(word) for word in getattr(kind.field_types()[field], "__members__", {}).values()
    )


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Give a parser the flags of every Params class, one help group each."""
    for kind in all_params():
        group = parser.add_argument_group(kind.title, kind.about)
        controls = kind.ui_fields()
        for field, control in controls.items():
            add_field(group, kind, field, control)
        if not kind.toggle:
            continue
        if not any(flag(kind, field) == switch(kind) for field in controls):
            group.add_argument(
                switch(kind), action=_Change, kind=kind, field=None, nargs=0, dest="changes",
                default=argparse.SUPPRESS, help=f"switch {kind.title} on",
            )  # fmt: skip
        group.add_argument(
            switch(kind).replace("--", "--no-", 1), action=_Change, kind=kind, field=None, nargs=0,
            dest="changes", default=argparse.SUPPRESS, help=f"switch {kind.title} off",
        )  # fmt: skip


def add_field(group: Any, kind: type[Params], field: str, control: Ui, name: str = "") -> None:
    """Give a help group the flag of one field; `name` is what it is called, else as `flag` says."""
    name, wanted = name or flag(kind, field), kind.field_types()[field]
    words = _choices(kind, field)
    default = getattr(kind(), field)
    shown = f"{default:g}" if isinstance(default, float) else str(default)
    about = f"{control.help} Default: {shown}." if shown else control.help
    about = about.replace("%", "%%")
    names = [name]
    if wanted is bool:
        names.append(name.replace("--", "--no-", 1))
        about = control.help.replace("%", "%%")
    bare = kind.toggle and name == switch(kind)
    unit = "TEXT" if wanted is str else control.unit or "N"
    group.add_argument(
        *names, action=_Change, kind=kind, field=field, dest="changes", default=argparse.SUPPRESS,
        nargs=0 if wanted is bool else "?" if bare else None, const=BARE if bare else None,
        metavar="|".join(words) if words else unit.upper(), help=about,
    )  # fmt: skip


def mark_bare(words: Sequence[str]) -> list[str]:
    """Tell flags with a left-out value from those with one: ``--align A B`` has none.

    A flag that may stand alone takes the next word as its value when that is one of its choices or
    a number; a word that starts with a dash, is a file, or looks like one (it has a dot or a
    separator) is none. Any other word is taken as a misspelt value, so that the error names it.
    """
    alone = {
        switch(kind): (kind, primary)
        for kind in all_params()
        if kind.toggle and (primary := kind.primary()) and flag(kind, primary) == switch(kind)
    }
    marked = list(words)
    for k, word in enumerate(words):
        if word == "--":
            break
        if word not in alone:
            continue
        following = words[k + 1] if k + 1 < len(words) else "-"
        if not _is_value(*alone[word], following):
            marked[k] = f"{word}={BARE}"
    return marked


def _is_value(kind: type[Params], field: str, word: str) -> bool:
    try:
        read(kind, field, word, "")
    except UsageError:
        path_like = "." in word or "/" in word or "\\" in word or Path(word).exists()
        return not word.startswith("-") and not path_like
    return True


def apply(settings: Settings, changes: Sequence[tuple[type[Params], str, Any]]) -> Settings:
    """Return the settings with flags applied in order; setting a value switches its group on.

    Where a Params class has a `joint`, a text is added to the one that there is, with the joint
    between them; an empty text still takes all away.
    """
    for kind, field, value in changes:
        more = {"enabled": True} if kind.toggle and field != "enabled" else {}
        joint: str = getattr(kind, "joint", "")
        before = getattr(settings[kind], field)
        if joint and value and before and type(value) is str:  # a choice is no text
            value = f"{before}{joint}{value}"  # noqa: PLW2901 - what the field becomes
        settings = settings.replacing(settings[kind].replace(**more, **{field: value}))
    return settings
