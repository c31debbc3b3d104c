"""The handlers of the commands about sequences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.sequence.references import frame_reference
from gui.command_sequence import SEQUENCE_ROWS
from gui.views.modes import Mode

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gui.main_window import MainWindow

    Handler = Callable[[bool], object]

SEQUENCE_IDS: Final = (*(c.id for c in SEQUENCE_ROWS), "close_sequence")
"""Commands that need a sequence."""
FAR: Final = 1 << 40
"""More frames than any sequence has."""


def with_sequences(window: MainWindow, table: Mapping[str, Handler]) -> dict[str, Handler]:
    """Return the handlers of all commands, from those of the commands about pictures.

    While a sequence is open some of those are about it. The parts of the window are made later.
    """
    sequence: dict[str, Handler] = {
        "reload": lambda _: window.sequences.reopen(),
        "swap": lambda _: window.sequences.swap(),
        "copy_command": lambda _: window.desk.copy_command(),
        "blink_pause": lambda _: pause(window),
        **{
            f"{way}_page{end}": _stepper(window, by)
            for way, by in (("next", 1), ("previous", -1))
            for end in ("", "_a", "_b")
        },
    }
    return {
        **table,
        **_own(window),
        **{n: _either(window, sequence[n], table[n]) for n in sequence},
    }


def _either(window: MainWindow, there: Handler, none: Handler) -> Handler:
    """Return what does one thing while a sequence is open, and else another."""

    def do(on: bool) -> object:
        return none(on) if window.moving.loaded is None else there(on)

    return do


def _stepper(window: MainWindow, by: int) -> Handler:
    return lambda _: window.sequences.viewing.step(by)


def _own(window: MainWindow) -> dict[str, Handler]:
    w = window

    def folder() -> str:
        return w.commands.folder()

    return {
        "open_sequence": lambda _: w.desk.open_sequence(folder()),
        "open_frames": lambda _: w.desk.open_frames(folder()),
        "open_stream": lambda _: w.desk.open_stream(),
        "as_sequence": lambda _: w.desk.as_sequence(),
        "close_sequence": lambda _: w.sequences.close(),
        "play": lambda _: w.sequences.viewing.toggle(),
        "frame_next": lambda _: w.sequences.viewing.step(1),
        "frame_previous": lambda _: w.sequences.viewing.step(-1),
        "frame_first": lambda _: w.sequences.viewing.step(-FAR),
        "frame_last": lambda _: w.sequences.viewing.step(FAR),
        "event_next": lambda _: w.sequences.step_event(1),
        "event_previous": lambda _: w.sequences.step_event(-1),
        "range_from": lambda _: range_from(w),
        "range_to": lambda _: range_to(w),
        "range_clear": lambda _: w.parts.timeline.clear_range(),
        "standing": lambda _: w.desk.standing.refresh(),
        "distances": lambda _: distances(w),
        "find_offset": lambda _: w.sequences.find_offset(),
        "reference": lambda _: w.desk.ask_reference(),
        "frame_reference": lambda _: w.sequences.use_reference(
            frame_reference(w.sequences.reel.index)
        ),
        "approve": lambda _: w.desk.approve(),
        "analyse": lambda _: w.sequences.watcher.resume(),
        "export_sequence": lambda _: w.desk.export(),
        "keep_changed": lambda _: w.desk.keep_changed(),
    }


def range_from(window: MainWindow) -> None:
    """Begin the range at the frame that is shown."""
    transport, now = window.sequences.viewing.player.transport, window.sequences.reel.index
    end = transport.last if transport.span is not None else transport.count - 1
    window.parts.timeline.set_range(now, max(end, now))


def range_to(window: MainWindow) -> None:
    """End the range with the frame that is shown."""
    transport, now = window.sequences.viewing.player.transport, window.sequences.reel.index
    begin = transport.first if transport.span is not None else 0
    window.parts.timeline.set_range(min(begin, now), now)


def distances(window: MainWindow) -> None:
    """Show the map of distances."""
    if window.moving.loaded is not None:
        window.desk.distances.open(window.moving.loaded)


def pause(window: MainWindow) -> None:
    """Pause blink or flicker, or play or pause a sequence where nothing takes turns."""
    turns = window.parts.view.mode is Mode.BLINK or window.flickering.on
    if window.moving.loaded is not None and not turns:
        window.sequences.viewing.toggle()
    else:
        window.parts.view.toggle_blink()
