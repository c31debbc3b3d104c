"""Everything by which pictures come into the window besides a file dialog, and go out again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from core.errors import TooLargeError
from core.io.files import quoted
from core.io.limits import DEFAULT, Limits
from core.io.reading import Reading
from core.render import Side
from core.scheduler import Failed
from gui import exchange, inbox
from gui.bridge import Bridge
from gui.messages import sentence
from gui.offer import Offer, offered
from gui.qimage import to_screen
from gui.reading_dialog import ReadingDialog, ask_anyway, too_much

if TYPE_CHECKING:
    from gui.main_window import MainWindow


class Intake:
    """Clipboard, drops, limits and colour of one window."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._bridge: Bridge | None = None
        self._pasted: set[str] = set()
        self._note = ""
        memory = window.memory
        limits = Limits(
            round(memory.number("max_gb", DEFAULT.bytes / 1e9) * 1e9),
            memory.number("seconds", DEFAULT.seconds),
        )
        window.controller.files.how = Reading(memory.flag("managed", True), limits)

    def handlers(self) -> dict[str, Callable[[bool], object]]:
        """Return id of a command -> what it does."""
        return {
            "watch": self.set_watch,
            "managed": self.set_managed,
            "reading": lambda _: self.ask_reading(),
            "paste": lambda _: self.paste(None),
            "paste_a": lambda _: self.paste(Side.A),
            "paste_b": lambda _: self.paste(Side.B),
            "copy_a": lambda _: self.copy(Side.A),
            "copy_b": lambda _: self.copy(Side.B),
            "copy_map": lambda _: self.copy(Side.DIFFERENCE),
        }

    def start(self) -> None:
        """Connect to what the window has by now."""
        files, on = self._window.controller.files, self._window.actions_by_id
        files.too_large.connect(self._on_too_large)
        files.read_ended.connect(self._on_read_ended)
        self._window.controller.opened.connect(self._remember)
        watch = self._window.memory.flag("watch", True)
        on["watch"].setChecked(watch)
        files.refresh.set_on(watch)
        on["managed"].setChecked(files.how.managed)
        QTimer.singleShot(1000, self._window, self._clean)

    def close(self) -> None:
        """End the work, and throw away pasted pictures that no pair was made of."""
        if self._bridge is not None:
            self._bridge.close()
        used = {path for pair in self._window.memory.pairs() for path in pair}
        inbox.clean(used, self._pasted)

    def _clean(self) -> None:
        inbox.clean(())

    def _remember(self, a: str, b: str) -> None:
        """Put a pair among the recent ones, unless a part of it came through a pipe."""
        copies = str(Path(tempfile.gettempdir()) / "pairlens-")  # see cli.streams
        if not any(path.startswith(copies) for path in (a, b)):
            self._window.memory.add_pair(a, b)

    # -- how pictures are read

    def use(self, how: Reading) -> None:
        """Read pictures like this from now on, those that are shown too."""
        controller = self._window.controller
        before, controller.files.how = controller.files.how, how
        self._window.actions_by_id["managed"].setChecked(how.managed)
        if how.managed is not before.managed:
            controller.files.open_again(controller.session)

    def set_managed(self, on: bool) -> None:
        """Use colour profiles or compare values as they are stored, and remember it."""
        self._window.memory.put("managed", on)
        self.use(self._window.controller.files.how._replace(managed=on))

    def set_watch(self, on: bool) -> None:
        """Read changed files again by itself, or not, and remember it."""
        self._window.memory.put("watch", on)
        self._window.actions_by_id["watch"].setChecked(on)
        self._window.controller.files.refresh.set_on(on)

    def ask_reading(self) -> None:
        """Show the settings of reading."""
        watch = self._window.actions_by_id["watch"].isChecked()
        dialog = ReadingDialog(self._window.controller.files.how, watch, self._window)
        dialog.chosen.connect(self._on_chosen)
        dialog.open()

    def _on_chosen(self, how: Reading, watch: bool) -> None:
        memory = self._window.memory
        memory.put("managed", how.managed)
        memory.put("max_gb", how.limits.bytes / 1e9)
        memory.put("seconds", how.limits.seconds)
        self.set_watch(watch)
        self.use(how)

    def _on_too_large(self, error: TooLargeError, a: str | None, b: str | None) -> None:
        refusal = too_much(error)
        if refusal:
            self._say(refusal)
            return
        box = ask_anyway(self._window, error)

        def finished(_: int) -> None:
            if box.clickedButton() is box.button(box.StandardButton.Yes):
                files = self._window.controller.files
                files.allow(error.need, *(p for p in (a, b) if p))
                files.open(a, b)

        box.finished.connect(finished)
        box.open()

    # -- in

    def paste(self, side: Side | None) -> None:
        """Open what is in the clipboard."""
        offer = offered(QApplication.clipboard().mimeData())
        self.take(side or self._window.parts.view.side_under_mouse(), offer)

    def take(self, side: Side | None, offer: Offer) -> None:
        """Open what was dropped or pasted; two files are A and B."""
        if offer.sentence:
            self._say(offer.sentence)
        elif offer.paths:
            self.open_paths(side, offer.paths)
        else:
            self._worker().submit(exchange.keeping(offer, side))

    def open_paths(self, side: Side | None, paths: tuple[str, ...]) -> None:
        """Open files: two are A and B; one goes to its side, or the first empty one, or is B."""
        controller = self._window.controller
        if self._window.moving.open_paths(side, paths):
            return
        if len(paths) >= 2:
            if len(paths) > 2:
                a, b, left = quoted(paths[0]), quoted(paths[1]), len(paths) - 2
                others = "one other file was" if left == 1 else f"{left} other files were"
                self._note = f"Two pictures are compared: {a} and {b} were taken, {others} not."
            controller.open_pair(paths[0], paths[1])
            return
        if side not in (Side.A, Side.B):
            side = Side.A if controller.session.a is None else Side.B
        path = paths[0]
        controller.open_pair(*((path, None) if side is Side.A else (None, path)))

    def _on_read_ended(self) -> None:
        if self._note:
            self._window.parts.notices.show_info(self._note)
            self._note = ""

    # -- out

    def copy(self, side: Side) -> None:
        """Copy a picture or the map as it is shown, at full size."""
        source = self._window.controller.details.sources.get(side)
        if source is None or not source.complete(side):
            self._say("There is no finished comparison to copy a picture of yet.")
        else:
            self._worker().submit(exchange.copying(source, side))

    def _worker(self) -> Bridge:
        if self._bridge is None:
            self._bridge = Bridge("clipboard", self._window)
            self._bridge.received.connect(self._on_event)
        return self._bridge

    def _on_event(self, event: object) -> None:
        match event:
            case exchange.Kept():
                self._pasted.add(event.path)
                self.open_paths(event.side, (event.path,))
            case exchange.Copied():
                QApplication.clipboard().setImage(to_screen(event.picture.rgb))
                self._window.parts.readout.show_note(f"{exchange.WORDS[event.side]} copied")
            case Failed():
                self._say(sentence(event.error))

    def _say(self, text: str) -> None:
        self._window.parts.notices.show_error(text)
