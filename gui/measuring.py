"""Numbers in the window: the short table at the side, and the window of all measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMainWindow

from core.difference import DifferenceParams
from core.jury import disagreements, verdicts
from core.types import MapKind
from core.wanted import ALL, MeasuresParams
from gui.panels.jury import JuryWindow

if TYPE_CHECKING:
    from core.result import Result
    from core.session import Session
    from gui.controller import Controller
    from gui.panels.measures import MeasuresPanel


class Measuring(QObject):
    """Follows a controller, and asks it for measures and maps.

    Signals
    -------
    place_clicked(int, int)
        (row, col) on the canvas: the place that a measure is about.
    """

    place_clicked = Signal(int, int)

    def __init__(self, window: QMainWindow, panel: MeasuresPanel, controller: Controller) -> None:
        super().__init__(window)
        self._window, self._panel, self._controller = window, panel, controller
        self.jury: JuryWindow | None = None
        panel.place_clicked.connect(self.place_clicked)
        panel.map_chosen.connect(self.paint)
        panel.all_wanted.connect(self.open)
        controller.session_changed.connect(self._on_session)
        controller.answered.connect(self._on_answer)
        controller.busy_changed.connect(self._on_busy)
        controller.stopped.connect(self._show_nothing)
        controller.refused.connect(lambda _: self._show_nothing())

    def open(self) -> None:
        """Show the window of all measures."""
        if self.jury is None:
            self.jury = JuryWindow(self._window)
            self.jury.place_clicked.connect(self.place_clicked)
            self.jury.map_chosen.connect(self.paint)
            self.jury.names_wanted.connect(self.want)
            self.jury.params_changed.connect(self._controller.set_params)
            self.jury.show_settings(self._controller.session.settings)
            if self._controller.result is not None:
                self._on_answer(self._controller.result)
        self.jury.show()
        self.jury.raise_()
        self.jury.activateWindow()

    def want(self, names: tuple[str, ...]) -> None:
        """Compute measures beside those that are made already."""
        params = self._controller.session.settings[MeasuresParams]
        wanted = names if ALL in names else (*params.names, *names)
        self._controller.set_params(params.with_names(wanted))

    def paint(self, kind: MapKind) -> None:
        """Paint another map."""
        params = self._controller.session.settings[DifferenceParams]
        self._controller.set_params(params.replace(map=kind))

    def _on_session(self, session: Session) -> None:
        names = session.settings[MeasuresParams].names
        self._panel.show_also(() if ALL in names else names)
        if not session.complete:
            self._show_nothing()
        if self.jury is not None:
            self.jury.show_settings(session.settings)

    def _on_answer(self, result: Result) -> None:
        words = verdicts(result.measures)
        found = disagreements(result.measures, result.settings)
        over = f"over {result.pixels:,} px"
        self._panel.show_measures(result.measures, over, words, found)
        if self.jury is not None:
            self.jury.show_measures(result.measures, words, found)

    def _on_busy(self, busy: bool) -> None:
        if busy:
            self._panel.show_pending()
            if self.jury is not None:
                self.jury.show_pending()

    def _show_nothing(self) -> None:
        """No number that is shown may be taken for the answer to what is set now."""
        self._panel.show_nothing()
        if self.jury is not None:
            self.jury.show_measures({}, {}, ())
