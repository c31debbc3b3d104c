"""Commands that lay B on A by hand; rows of `gui.command_table`."""

from __future__ import annotations

from typing import Final

from gui.command import TOOL, Command

ALIGN_ROWS: Final = (
    Command(
        "move_b",
        "Align",
        "Move B",
        "Arrow keys move B by 1 px, with Shift by 10, with Alt by 0.1; so does dragging."
        " Every number is then one over B where it lies",
        ("N",),
        "move",
        check=True,
        group=TOOL,
    ),
    Command(
        "pin",
        "Align",
        "Anchor pins",
        "Click the same feature in A and in B: one pin fixes the shift, two also turn and scale B,"
        " three shear it, four and more give its perspective",
        ("A",),
        "pin",
        check=True,
        group=TOOL,
    ),
    Command(
        "link",
        "Align",
        "Link A and B",
        "Off: dragging moves A or B alone, and no number changes; on again: B stays where it was"
        " seen, and is compared there",
        ("K",),
        check=True,
    ),
    Command(
        "reset_offset",
        "Align",
        "Reset the offset",
        "Take back how far B was moved by hand; pins and what is found stay",
        separator=True,
    ),
    Command(
        "remove_pin",
        "Align",
        "Remove pin",
        "Remove the pin under the mouse, else the one that was clicked last",
        ("Del",),
        yields=True,
    ),
    Command("remove_pins", "Align", "Remove all pins", "Lay B without pins again"),
    Command(
        "crop_overlap",
        "Align",
        "Crop to the overlap",
        "Measure only the largest rectangle that both pictures cover, and look at it",
        separator=True,
    ),
)
MOUSE_ROWS: Final = (
    ("Arrow keys (Move B)", "Move B by 1 px; with Shift 10, with Alt 0.1"),
    ("Drag (Move B)", "Move B by whole pixels; with Alt by tenths"),
    ("Right click (Anchor pins)", "Remove the pin"),
)
