"""All bad and odd files together."""

from __future__ import annotations

from functools import cache

from tests.bad import damaged, jpeg, odd, others, places, png, tiff
from tests.bad.case import Case

GROUPS = {
    "Names and places": places,
    "PNG": png,
    "JPEG": jpeg,
    "TIFF": tiff,
    "Other formats and strangers": others,
    "Odd but sound": odd,
    "Cut and changed": damaged,
}


@cache
def groups() -> dict[str, list[Case]]:
    """Return the cases by title."""
    return {title: module.cases() for title, module in GROUPS.items()}


def every() -> list[Case]:
    """Return all cases."""
    return [case for cases in groups().values() for case in cases]
