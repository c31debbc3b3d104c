"""Recipes: Settings as a TOML file, built in or a person's own, and as a command line."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core.atomic import replacing
from core.errors import SettingsError
from core.registry import all_params
from core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.settings import Params

FOLDER: Final = Path(__file__).resolve().parents[1] / "resources" / "recipes"
"""Where the built-in recipes lie."""
PROGRAM: Final = "pairlens"


def names() -> tuple[str, ...]:
    """Return the names of the built-in recipes, sorted."""
    return tuple(sorted(p.stem for p in FOLDER.glob("*.toml")))


def load(name_or_path: str | Path) -> Settings:
    """Return the Settings of a built-in recipe, or of a recipe file.

    A built-in name wins over a file of that name without a suffix (write ``./photo`` for the file).

    Raises
    ------
    SettingsError
        When there is no such recipe or it does not fit; says what to do.
    """
    document, path = _document(name_or_path)
    document.pop("about", None)
    try:
        return Settings.from_dict(document)
    except SettingsError as e:
        raise SettingsError(f"The recipe “{path}” cannot be used. {e}") from None


def describe(name: str | Path) -> str:
    """Return what a recipe says of itself: what it is for and why it is set so; may be empty."""
    return str(_document(name)[0].get("about", "")).strip()


def save(settings: Settings, path: str | Path, about: str = "") -> None:
    """Write Settings as a recipe file: every value, defaults included, so that it stays what it is.

    Raises
    ------
    WriteError
        When the file cannot be written.
    """
    lines = [f"about = {_toml(about)}", ""] if about else []
    for group, values in settings.to_dict().items():
        lines += [f"[{group}]", *(f"{k} = {_toml(v)}" for k, v in values.items()), ""]
    with replacing(path, "recipe") as temporary:
        temporary.write_text("\n".join(lines), encoding="utf-8")


def _toml(value: Any) -> str:
    """A TOML value: JSON's notation of text, numbers and booleans is also TOML's, but for DEL."""
    import json  # noqa: PLC0415 - a comparison that saves no recipe starts faster without it

    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def _document(name_or_path: str | Path) -> tuple[dict[str, Any], Path]:
    import tomllib  # noqa: PLC0415 - a comparison without a recipe starts faster without it

    path = FOLDER / f"{name_or_path}.toml"
    if str(name_or_path) not in names():
        path = Path(name_or_path)
        if not path.exists():
            known = ", ".join(names())
            raise SettingsError(
                f"There is no recipe “{name_or_path}”: give a TOML file, or one of: {known}."
            )
    try:
        with path.open("rb") as f:
            return tomllib.load(f), path
    except OSError as e:
        raise SettingsError(f"The recipe “{path}” could not be read: {e.strerror or e}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise SettingsError(f"The recipe “{path}” is not valid TOML: {e}.") from None


def flag(kind: type[Params], name: str) -> str:
    """Return the command-line flag of a field, dashes included.

    The primary field has the group's own name (``--blur``); others are ``--blur-sigma`` unless
    their `Ui` names a flag (``--tolerance``).
    """
    control = kind.ui_fields()[name]
    if control.flag:
        return f"--{control.flag}"
    stem = kind.name.replace("_", "-")
    return f"--{stem}" if control.primary else f"--{stem}-{name.replace('_', '-')}"


def switch(kind: type[Params]) -> str:
    """Return the command-line flag that switches a whole group on, dashes included."""
    return f"--{kind.name.replace('_', '-')}"


def arguments(settings: Settings) -> list[str]:
    """Return the fewest command-line arguments that stand for these Settings.

    The values of a group that is off are kept too: they are set, then the group is switched off.
    """
    made: list[str | tuple[str, str]] = []
    for kind in all_params():
        params, default = settings[kind], kind()
        if params == default:
            continue
        changed: list[str | tuple[str, str]] = [
            _argument(flag(kind, name), getattr(params, name))
            for name in kind.ui_fields()
            if getattr(params, name) != getattr(default, name)
        ]
        if kind.toggle and params.enabled and not changed:
            changed = [switch(kind)]
        if kind.toggle and not params.enabled:
            changed.append(switch(kind).replace("--", "--no-", 1))
        made += changed
    return [word for argument in made for word in _words(argument)]


def _argument(name: str, value: Any) -> str | tuple[str, str]:
    """One flag with its value; with “=” where the value could be taken for a flag."""
    if isinstance(value, bool):
        return name if value else name.replace("--", "--no-", 1)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    text = str(value) if isinstance(value, StrEnum | str) else repr(value)
    return f"{name}={text}" if text.startswith("-") or not text else (name, text)


def _words(argument: str | tuple[str, str]) -> tuple[str, ...]:
    return (argument,) if isinstance(argument, str) else argument


def command_line(settings: Settings, path_a: str, path_b: str, reading: Sequence[str] = ()) -> str:
    """Return the shortest command that repeats a comparison, quoted for the system's shell.

    `reading` are the arguments that say how the files are read; ``-`` is standard input.
    """
    pictures = [f"./{p}" if p.startswith("-") and p != "-" else p for p in (path_a, path_b)]
    words = [PROGRAM, "compare", *pictures, *arguments(settings), *reading]
    import shlex  # noqa: PLC0415 - only reports show the command

    if os.name == "nt":
        from subprocess import list2cmdline  # noqa: PLC0415 - only there, and slow to load

        return list2cmdline(words)
    return shlex.join(words)
