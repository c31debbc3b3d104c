"""Commands that show motion; rows of `gui.command_table`."""

from __future__ import annotations

from typing import Final

from gui.command import Command

FLOW_ROWS: Final = (
    Command(
        "motion",
        "View",
        "Motion arrows",
        "Draw how things moved between A and B: arrows on A, colours on B; both pictures must have"
        " one size",
        ("Shift+O",),
        check=True,
    ),
)
