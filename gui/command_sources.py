"""Commands about where pictures come from and go to; rows of `gui.command_table`."""

from __future__ import annotations

from typing import Final

from gui.command import Command

FILE_ROWS: Final = (
    Command(
        "watch",
        "File",
        "Reload on change",
        "Read a file again as soon as another program has written it; the view stays",
        ("Shift+F5",),
        check=True,
    ),
)
EDIT_ROWS: Final = (
    Command("copy_a", "Edit", "Copy picture A", "Copy A at full size, as it is shown", ("Alt+1",)),
    Command("copy_b", "Edit", "Copy picture B", "Copy B at full size, as it is shown", ("Alt+2",)),
    Command(
        "copy_map",
        "Edit",
        "Copy difference map",
        "Copy the map of the differences at full size, as it is shown",
        ("Alt+4",),
    ),
    Command(
        "paste",
        "Edit",
        "Paste",
        "Open the picture or the files of the clipboard: under the mouse, else where there is none"
        " yet, else as B",
        ("Ctrl+V",),
        separator=True,
    ),
    Command("paste_a", "Edit", "Paste as A", "Open what is in the clipboard as A", ("Ctrl+Alt+V",)),
    Command(
        "paste_b", "Edit", "Paste as B", "Open what is in the clipboard as B", ("Ctrl+Shift+V",)
    ),
)
READING_ROWS: Final = (
    Command(
        "managed",
        "File",
        "Use colour profiles",
        "Convert colours by what each file says of them; off: compare values as they are stored",
        ("Shift+P",),
        check=True,
        separator=True,
    ),
    Command(
        "reading",
        "File",
        "Reading…",
        "Set how much memory and time reading a picture may take",
        ("Ctrl+Shift+L",),
        "settings",
    ),
)
