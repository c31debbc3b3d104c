"""One row of the table of commands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

TOOL: Final = "tool"
"""The group of those that give the mouse another meaning: one of them is on, or none."""


@dataclass(frozen=True, slots=True)
class Command:
    """One row of the table.

    Attributes
    ----------
    id
        Name by which the window handles it.
    menu
        The menu it stands in.
    text, tip
        What it is called; what it does, one sentence.
    keys
        Shortcuts, the first is shown.
    icon
        Name of an icon, or empty.
    check
        Whether it is a switch.
    group
        Commands of one group exclude each other; see also `TOOL`.
    separator
        Whether a line stands above it in its menu.
    yields
        Whether a control that has the focus takes the key first.
    """

    id: str
    menu: str
    text: str
    tip: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    check: bool = False
    group: str = ""
    separator: bool = False
    yields: bool = False
