"""Flags that say how pictures are read: the same for every command and for the window."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from core.errors import SettingsError
from core.io.limits import DEFAULT, Limits
from core.io.reading import AS_STORED, MAX_GB, TIME_LIMIT, Reading

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from core.errors import TooLargeError

_WITH_VALUE: Final = {MAX_GB: "max_gb", TIME_LIMIT: "time_limit"}


def add(parser: ArgumentParser) -> None:
    """Give a parser the flags of reading."""
    group = parser.add_argument_group("Reading")
    group.add_argument(
        AS_STORED, action="store_true",
        help="compare values as they are stored, without using colour profiles",
    )  # fmt: skip
    group.add_argument(
        MAX_GB, metavar="N",
        help=f"memory that one picture may take, in GB. Default: {DEFAULT.bytes / 1e9:g}.",
    )  # fmt: skip
    group.add_argument(
        TIME_LIMIT, metavar="SECONDS",
        help=f"time until reading is given up. Default: {DEFAULT.seconds:g}.",
    )  # fmt: skip


def of(args: Any) -> Reading:
    """Return what a parser with these flags found.

    Raises
    ------
    SettingsError
        When a number is none, or not positive.
    """
    return _reading(args.as_stored, args.max_gb, args.time_limit)


def take(words: list[str]) -> tuple[list[str], Reading | None]:
    """Return the words of a command line without the flags of reading, and what these say.

    None when there are none, so that what is remembered holds. Words after ``--`` are no flags.

    Raises
    ------
    SettingsError
        As `of`, and for a flag without its value.
    """
    left: list[str] = []
    found: dict[str, Any] = {}
    at = 0
    while at < len(words):
        word, at = words[at], at + 1
        flag, equals, value = word.partition("=")
        if word == "--":
            left += words[at - 1 :]
            break
        if word == AS_STORED:
            found["as_stored"] = True
        elif flag in _WITH_VALUE:
            if not equals:
                if at == len(words):
                    raise SettingsError(f"{flag} needs a number after it. See pairlens --help.")
                value, at = words[at], at + 1
            found[_WITH_VALUE[flag]] = value
        else:
            left.append(word)
    if not found:
        return left, None
    made = _reading(found.get("as_stored", False), found.get("max_gb"), found.get("time_limit"))
    return left, made


def larger(error: TooLargeError) -> str:
    """Return the sentence for a picture that is too large, with the flag that opens it."""
    gigabytes = math.ceil(error.need / 1e8) / 10
    return f"{str(error).rstrip('.')} (to allow it: {MAX_GB} {gigabytes:g})."


def _reading(as_stored: bool, max_gb: str | None, time_limit: str | None) -> Reading:
    size = DEFAULT.bytes if max_gb is None else round(_number(MAX_GB, max_gb) * 1e9)
    seconds = DEFAULT.seconds if time_limit is None else _number(TIME_LIMIT, time_limit)
    return Reading(not as_stored, Limits(size, seconds))


def _number(flag: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise SettingsError(f"{flag} needs a number above 0, not “{text}”.")
    return value
