"""What each command of the table does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from core import recipes
from core.difference import DifferenceParams
from core.errors import PairlensError
from core.render import Side
from core.settings import Settings
from core.tone import NEUTRAL
from gui import dialogs, theme
from gui.command import TOOL
from gui.command_table import COMMANDS
from gui.curve import Curve
from gui.inbox import pasted_at
from gui.naming import file_stem, folder_of
from gui.reads import answering
from gui.sequence.handlers import with_sequences
from gui.views.modes import Mode

if TYPE_CHECKING:
    from gui.main_window import MainWindow


TURNS = {
    f"{way}_page{end}": (step, sides)
    for way, step in (("next", 1), ("previous", -1))
    for end, sides in (("", (Side.A, Side.B)), ("_a", (Side.A,)), ("_b", (Side.B,)))
}
"""Command that turns pages -> by how many, and of which sides."""
TOOLS = tuple(c.id for c in COMMANDS if c.group == TOOL)
"""Commands that give the mouse another meaning."""
EV_STEP = 0.5
"""Stops by which a key makes the pictures brighter."""


class Commands:
    """The handlers of one main window; each takes the state of its switch."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self.histograms_made = False
        self.curve: Curve | None = None  # made with the plots

    def handlers(self) -> dict[str, Callable[[bool], object]]:
        """Return id of a command -> what it does."""
        w, c = self._window, self._window.controller
        table: dict[str, Callable[[bool], object]] = {
            "open_pair": self.open_pair,
            "open_a": lambda _: self.open_side(Side.A),
            "open_b": lambda _: self.open_side(Side.B),
            "reload": lambda _: c.files.open_again(c.session),
            "export": self.export,
            "copy_command": self.copy_command,
            "quit": lambda _: w.close(),
            "undo": lambda _: c.history.undo(),
            "redo": lambda _: c.history.redo(),
            "swap": lambda _: c.swap(),
            "reset": self.reset,
            "copy_measures": lambda _: w.parts.measures.copy_all(),
            "swipe_flat": lambda _: w.parts.view.set_swipe_orientation(w.swipe_way),
            "blink_pause": lambda _: w.parts.view.toggle_blink(),
            "processed": c.set_processed,
            "only_over": self.only_over,
            "boxes": self.boxes,
            "arrows": lambda _: w.align_check.show_arrows(),
            "align_flicker": lambda _: w.flickering.refresh(),
            "motion": lambda _: w.flowing.refresh(),
            "light": self.light,
            "exposure_up": lambda _: c.set_tone(c.display.tone.stepped(EV_STEP)),
            "exposure_down": lambda _: c.set_tone(c.display.tone.stepped(-EV_STEP)),
            "exposure_auto": lambda _: c.fit_tone(w.parts.view.visible()),
            "tone_reset": lambda _: c.set_tone(NEUTRAL),
            "mark_clipped": lambda on: c.set_tone(replace(c.display.tone, mark=on)),
            "panels": self.panels,
            "plots": self.plots,
            "files": self.files,
            "mark": self.mark,
            "all_measures": lambda _: w.measuring.open(),
            "full_screen": lambda on: w.showFullScreen() if on else w.showNormal(),
            "theme_system": lambda _: self.set_theme("system"),
            "theme_light": lambda _: self.set_theme("light"),
            "theme_dark": lambda _: self.set_theme("dark"),
            "fit": lambda _: w.parts.view.fit(),
            "one_to_one": lambda _: w.parts.view.one_to_one(),
            "zoom_in": lambda _: w.parts.view.zoom_by(1),
            "zoom_out": lambda _: w.parts.view.zoom_by(-1),
            **self._page_turners(),
            "next_region": lambda _: w.presenter.step_region(1),
            "previous_region": lambda _: w.presenter.step_region(-1),
            "cancel": self.cancel,
            "keys": lambda _: w.keys_dialog().exec(),
            "about": lambda _: dialogs.show_about(w),
            "move_b": lambda on: w.aligning.set_moving(on),  # noqa: PLW0108 - made after this table
            "pin": lambda on: w.pinning.set_on(on),  # noqa: PLW0108 - made after this table
            "link": lambda on: w.aligning.set_linked(on),  # noqa: PLW0108 - made after this table
            "reset_offset": lambda _: w.aligning.reset(),
            "remove_pin": lambda _: w.pinning.remove(),
            "remove_pins": lambda _: w.pinning.set_pins(()),
            "crop_overlap": lambda _: w.placing.crop(),
            **w.intake.handlers(),
        }
        for mode in Mode:
            table[f"mode_{mode.value}"] = self._mode_setter(mode)
        return with_sequences(w, table)

    def _mode_setter(self, mode: Mode) -> Callable[[bool], object]:
        return lambda _: self._window.parts.view.set_mode(mode)

    def _page_turners(self) -> dict[str, Callable[[bool], object]]:
        return {name: self._page_turner(*turn) for name, turn in TURNS.items()}

    def _page_turner(self, step: int, sides: tuple[Side, ...]) -> Callable[[bool], object]:
        return lambda _: self._window.pages.step(step, *sides)

    # -- pictures

    def folder(self) -> str:
        """Return where to look for files first; empty when that place does not answer at once."""
        session = self._window.controller.session
        for picture in (session.a, session.b):
            if picture is not None and picture.path and not pasted_at(picture.path):
                return answering(folder_of(picture.path))
        pairs = self._window.memory.pairs()
        return answering(folder_of(pairs[0][0])) if pairs else ""

    def open_pair(self, _: bool = False) -> None:
        """Ask for both pictures and open them."""
        pair = dialogs.ask_pair(self._window, self.folder())
        if pair is not None:
            self._window.controller.open_pair(*pair)

    def open_side(self, side: Side) -> None:
        """Ask for one picture and open it."""
        path = dialogs.ask_picture(self._window, str(side).upper(), self.folder())
        if path is not None:
            self._window.intake.open_paths(side, (path,))

    # -- settings

    def reset(self, _: bool = False) -> None:
        """Give every setting its default."""
        self._window.controller.set_settings(Settings())

    def use_recipe(self, name: str) -> None:
        """Take over the settings of a recipe."""
        try:
            self._window.controller.set_settings(recipes.load(name))
        except PairlensError as e:
            self._window.parts.notices.show_error(str(e))

    def save_recipe(self) -> None:
        """Write the settings to a file."""
        path = dialogs.ask_recipe_file(self._window, str(Path(self.folder()) / "recipe.toml"))
        if path is None:
            return
        try:
            recipes.save(self._window.controller.session.settings, path)
        except PairlensError as e:
            self._window.parts.notices.show_error(str(e))
        else:
            self._window.parts.readout.show_state(f"written: {path}")

    def drag_tolerance(self, tolerance: float) -> None:
        """Follow the line in the histogram; the whole drag is one undo."""
        controller = self._window.controller
        params = controller.session.settings[DifferenceParams]
        controller.set_params(params.replace(tolerance=tolerance))

    def set_tolerance(self, tolerance: float) -> None:
        """The line in the histogram was let go."""
        self.drag_tolerance(tolerance)
        self._window.controller.history.settle()

    # -- look

    def set_high(self, high: float) -> None:
        """Give another value the last colour."""
        controller = self._window.controller
        controller.set_look(replace(controller.display.look, high=high))

    def only_over(self, on: bool) -> None:
        """Paint only what is over the tolerance."""
        controller = self._window.controller
        controller.set_look(replace(controller.display.look, dim=on))

    def boxes(self, on: bool) -> None:
        """Draw boxes around regions."""
        self._window.presenter.set_boxes(on)

    def cancel(self, _: bool = False) -> None:
        """Leave the tool that the mouse has; else stop what is being computed or read."""
        tools = [self._window.actions_by_id[name] for name in TOOLS]
        tool = next((t for t in tools if t.isChecked()), None)
        if self._window.pinning.drop_half():
            return
        if tool is not None:
            tool.trigger()
        else:
            self._window.controller.cancel()

    def mark(self, on: bool) -> None:
        """Let dragging draw a rectangle."""
        self._window.parts.view.set_marking(on)

    def light(self, on: bool) -> None:
        """Show the brightness bar."""
        self._window.parts.tone.setVisible(on)

    def panels(self, on: bool) -> None:
        """Show the side panels."""
        self._window.parts.side.setVisible(on)

    def plots(self, on: bool) -> None:
        """Show the histograms."""
        self._window.parts.plots.setVisible(on)

    def files(self, on: bool) -> None:
        """Show what the files say, in view."""
        parts = self._window.parts
        parts.metadata.set_open(on)
        if on and self._window.isVisible():
            if parts.side.isHidden():
                self._window.actions_by_id["panels"].trigger()
            bar, panel = parts.side.verticalScrollBar(), parts.metadata
            QTimer.singleShot(0, panel, lambda: bar.setValue(panel.y()))  # once it has its place

    def set_theme(self, mode: str) -> None:
        """Use light or dark colours, or follow the system."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, "light" if mode == "light" else "dark" if mode == "dark" else "system")

    def make_histograms(self) -> None:
        """Make the plots and put them in their place."""
        if self.histograms_made or not self._window.isVisible():  # it may be closed by now
            return
        self.histograms_made = True
        from gui.panels.histograms import HistogramsPanel  # noqa: PLC0415 - slow to load

        panel = HistogramsPanel()
        layout = self._window.parts.plots.layout()
        if layout is not None:
            layout.addWidget(panel)
        panel.tolerance_dragged.connect(self.drag_tolerance)
        panel.tolerance_set.connect(self.set_tolerance)
        self._window.presenter.adopt_histograms(panel)
        self.curve = Curve(self._window.controller, panel)

    # -- out

    def export(self, _: bool = False) -> None:
        """Ask for a name and write the report."""
        session = self._window.controller.session
        if session.a is None or session.b is None:
            return
        stem = f"{file_stem(session.a)} vs {file_stem(session.b)}.html"
        path = dialogs.ask_export(self._window, str(Path(self.folder()) / stem))
        if path is not None:
            self._window.controller.export(path)

    def copy_command(self, _: bool = False) -> None:
        """Copy the command line that repeats the comparison."""
        session = self._window.controller.session
        if session.a is None or session.b is None:
            return
        addresses = session.a.address or session.a.path, session.b.address or session.b.path
        how = self._window.controller.files.how_for(*addresses)
        text = recipes.command_line(session.settings, *addresses, how.arguments())
        QApplication.clipboard().setText(text)
        self._window.parts.readout.show_state("command line copied")
