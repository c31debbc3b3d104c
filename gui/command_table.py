"""The table of commands: text, keys, icon and tip of everything a person can do from the keyboard.

Menus, the top bar and the list of keys are made from it; a new command is one row here and one
handler in `gui.commands`.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QKeySequence

from gui.command import TOOL, Command
from gui.command_align import ALIGN_ROWS, MOUSE_ROWS
from gui.command_flow import FLOW_ROWS
from gui.command_sequence import OPEN_ROWS, SEQUENCE_ROWS
from gui.command_sources import EDIT_ROWS, FILE_ROWS, READING_ROWS
from gui.views.modes import MODES

MENUS: Final = ("File", "Edit", "Align", "View", "Go", "Sequence", "Help")

COMMANDS: Final = (
    Command(
        "open_pair", "File", "Open pair…", "Choose both pictures in one dialog", ("Ctrl+O",), "open"
    ),
    Command("open_a", "File", "Open A…", "Choose the first picture", ("Ctrl+Shift+A",), "image"),
    Command("open_b", "File", "Open B…", "Choose the second picture", ("Ctrl+Shift+B",), "image"),
    Command(
        "reload",
        "File",
        "Reload",
        "Read both files again; the view stays",
        ("F5", "Ctrl+R"),
        "reload",
    ),
    *FILE_ROWS,
    *OPEN_ROWS,
    Command(
        "export",
        "File",
        "Export report…",
        "Write the finished comparison as HTML, JSON, CSV or PNG",
        ("Ctrl+E", "Ctrl+S"),
        "export",
        separator=True,
    ),
    Command(
        "copy_command",
        "File",
        "Copy command line",
        "Copy the command that repeats this comparison",
        ("Ctrl+Shift+C",),
        "copy",
    ),
    *READING_ROWS,
    Command("quit", "File", "Quit", "Close the window", ("Ctrl+Q",), separator=True),
    Command(
        "undo",
        "Edit",
        "Undo",
        "Go back to the settings before the last change",
        ("Ctrl+Z",),
        "undo",
    ),
    Command("redo", "Edit", "Redo", "Take back an undo", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    Command(
        "swap", "Edit", "Swap A and B", "Exchange the two pictures", ("X",), "swap", separator=True
    ),
    Command("reset", "Edit", "Reset all settings", "Give every setting its default", (), "reset"),
    Command(
        "copy_measures",
        "Edit",
        "Copy measures",
        "Copy all measures as a table",
        ("Ctrl+C",),
        "copy",
    ),
    *EDIT_ROWS,
    Command(
        "mark",
        "Edit",
        "Mark a place",
        "Draw a rectangle on a picture, to measure it alone or to ignore it",
        ("M",),
        "mark",
        check=True,
        group=TOOL,
        separator=True,
    ),
    *ALIGN_ROWS,
    *(
        Command(
            f"mode_{mode.value}",
            "View",
            info.text,
            info.tooltip,
            (info.key,),
            check=True,
            group="mode",
        )
        for mode, info in MODES.items()
    ),
    Command(
        "swipe_flat",
        "View",
        "Swipe up and down",
        "The line of Swipe lies flat: A above, B below",
        ("Shift+W",),
        check=True,
        separator=True,
    ),
    Command(
        "blink_pause",
        "View",
        "Pause blink",
        "Stop Blink or the flicker on the picture that is shown, or go on; else play a sequence",
        ("Space",),
        yields=True,
    ),
    Command(
        "processed",
        "View",
        "Show processed pictures",
        "Show A and B after the stages; off: as they are in their files",
        ("P",),
        check=True,
        separator=True,
    ),
    Command(
        "only_over",
        "View",
        "Hide what is within the tolerance",
        "Paint only differences over the tolerance",
        ("T",),
        check=True,
    ),
    Command(
        "boxes", "View", "Show region boxes", "Draw a box around each region", ("R",), check=True
    ),
    Command(
        "arrows",
        "View",
        "Residual arrows",
        "Draw where B still lies beside A after aligning, magnified",
        ("Q",),
        check=True,
    ),
    Command(
        "align_flicker",
        "View",
        "Flicker aligned / unaligned",
        "Show B and the difference in turn aligned and as opened; Space pauses",
        ("Shift+B",),
        check=True,
    ),
    *FLOW_ROWS,
    *(
        Command(name, "View", text, tip, (key,), icon, check=check, separator=name == "light")
        for name, text, key, icon, check, tip in (
            ("light", "Brightness bar", "L", "light", True, "Show or hide exposure and gamma"),
            ("exposure_up", "Brighter", "E", "", False, "Show A and B half a stop brighter"),
            ("exposure_down", "Darker", "Shift+E", "", False, "Show A and B half a stop darker"),
            ("exposure_auto", "Automatic exposure", "Alt+A", "", False, "Brightest 5 % to white"),
            ("tone_reset", "Reset brightness", "Ctrl+0", "", False, "Show A and B as they are"),
            ("mark_clipped", "Mark clipped values", "Z", "", True, "Stripes beyond white, black"),
        )
    ),
    Command(
        "panels",
        "View",
        "Side panels",
        "Show or hide the settings, measures and regions",
        ("F9",),
        check=True,
        separator=True,
    ),
    Command("plots", "View", "Histograms", "Show or hide the histograms", ("F8",), check=True),
    Command(
        "all_measures",
        "View",
        "All measures…",
        "Every measure side by side, with intervals, verdicts and maps",
        ("Ctrl+J",),
    ),
    Command(
        "files",
        "View",
        "What the files say",
        "Show or hide camera, settings, depth, profile and all else the files say, side by side",
        ("I",),
        "info",
        check=True,
    ),
    Command(
        "full_screen",
        "View",
        "Full screen",
        "Use the whole screen",
        ("F11",),
        "fullscreen",
        check=True,
    ),
    Command(
        "theme_system",
        "View",
        "Colours of the system",
        "Light or dark, as the desktop is",
        check=True,
        group="theme",
        separator=True,
    ),
    Command("theme_light", "View", "Light", "Light colours", check=True, group="theme"),
    Command("theme_dark", "View", "Dark", "Dark colours", check=True, group="theme"),
    Command("fit", "Go", "Fit", "Show the whole picture", ("F",), "fit"),
    Command(
        "one_to_one",
        "Go",
        "1:1",
        "Show each pixel as one pixel of the screen",
        ("0",),
        "one-to-one",
    ),
    Command("zoom_in", "Go", "Zoom in", "Show less, larger", ("Ctrl++", "+", "=")),
    Command("zoom_out", "Go", "Zoom out", "Show more, smaller", ("Ctrl+-", "-")),
    Command(
        "next_region",
        "Go",
        "Next difference",
        "Go to the next region that differs",
        ("Alt+Down",),
        "next",
        separator=True,
    ),
    Command(
        "previous_region",
        "Go",
        "Previous difference",
        "Go to the region before",
        ("Alt+Up",),
        "previous",
    ),
    *(
        Command(
            f"{way}_page{end}",
            "Go",
            f"{way.capitalize()} page{of}",
            f"Turn to the {way} page{whose}; the view stays",
            (f"{held}{key}",),
            separator=(way, end) == ("next", ""),
            yields=True,
        )
        for end, of, whose, held in (
            ("", "", ", A and B in step", ""),
            ("_a", " of A", " of the file of A", "Shift+"),
            ("_b", " of B", " of the file of B", "Ctrl+"),
        )
        for way, key in (("next", "PgDown"), ("previous", "PgUp"))
    ),
    Command(
        "cancel",
        "Go",
        "Stop computing",
        "Stop the running comparison; what is shown stays",
        ("Esc",),
        "close",
        separator=True,
    ),
    *SEQUENCE_ROWS,
    Command("keys", "Help", "All keys", "Show every key and what it does", ("?", "F1"), "help"),
    Command("about", "Help", "About Pairlens", "Version and parts"),
)

HELD_KEYS: Final = (("Shift (hold)", "Show A in place"), ("Ctrl (hold)", "Show B in place"))
MOUSE: Final = (
    ("Wheel", "Zoom about the pixel under the mouse"),
    ("Drag", "Move the picture"),
    ("Double click", "Fit, or 1:1 at that place"),
    ("Drop", "Open files, or a picture from a browser or another program"),
    *MOUSE_ROWS,
)


def key_table() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (menu, [(keys, what it does)]) for the list of keys."""
    table = []
    for menu in MENUS:
        rows = [
            (
                "  ".join(QKeySequence(k).toString() for k in c.keys),
                f"{c.text.rstrip('…')} – {c.tip}",
            )
            for c in COMMANDS
            if c.menu == menu and c.keys
        ]
        if rows:
            table.append((menu, rows))
    table.append(("Mouse and held keys", [*HELD_KEYS, *MOUSE]))
    return table
