"""Which commands can be given now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.render import Side
from gui.actions import allow
from gui.command_table import COMMANDS
from gui.commands import TURNS
from gui.sequence.handlers import SEQUENCE_IDS
from gui.views.modes import Mode

if TYPE_CHECKING:
    from gui.main_window import MainWindow

ONE_SEQUENCE: Final = (
    "Only two sequences can be exchanged: B is what each frame of this one is compared with"
)
NO_PICTURE: Final = "There is no picture to exchange yet"
_SWAP: Final = next(c for c in COMMANDS if c.id == "swap")


def enable(window: MainWindow) -> None:
    """Switch the commands that need pictures, by what is open in a window."""
    on, pages = window.actions_by_id, window.pages
    session, moving = window.controller.session, window.moving.loaded is not None
    on["reload"].setEnabled(moving or bool(session.a or session.b))
    allow(on["swap"], _SWAP, _no_swap(window))
    for name, (_, sides) in TURNS.items():
        on[name].setEnabled(moving or any(map(pages.has_pages, sides)))
    paged = any(map(pages.has_pages, (Side.A, Side.B)))
    on["as_sequence"].setEnabled(paged and not moving)
    for name, picture in (("copy_a", session.a), ("copy_b", session.b)):
        on[name].setEnabled(picture is not None)
    for name in ("mark", "next_region", "previous_region", "copy_measures", "copy_map"):
        on[name].setEnabled(session.complete)
    on["copy_command"].setEnabled(session.complete or moving)
    on["export"].setEnabled(session.complete and window.controller.result is not None)
    if not session.complete:
        for name in ("arrows", "align_flicker"):
            on[name].setEnabled(False)


def _no_swap(window: MainWindow) -> str:
    """Return why A and B cannot be exchanged; empty when they can."""
    session, loaded = window.controller.session, window.moving.loaded
    if loaded is not None:
        return "" if loaded.question.b is not None else ONE_SEQUENCE
    return "" if session.a or session.b else NO_PICTURE


def enable_sequence(window: MainWindow) -> None:
    """Switch the commands that need a sequence, and all others that are about one when it is there.

    The place of the timeline is seen while there is one.
    """
    loaded, on = window.moving.loaded, window.actions_by_id
    window.parts.timeline_place.setVisible(loaded is not None)
    for name in SEQUENCE_IDS:
        on[name].setEnabled(loaded is not None)
    on["find_offset"].setEnabled(loaded is not None and loaded.question.b is not None)
    enable(window)
    enable_pause(window)


def enable_pause(window: MainWindow) -> None:
    """Switch the command that pauses what takes turns, or plays a sequence."""
    turns = window.parts.view.mode is Mode.BLINK or window.flickering.on
    window.actions_by_id["blink_pause"].setEnabled(turns or window.moving.loaded is not None)
