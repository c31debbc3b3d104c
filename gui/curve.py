"""Counts regions over tolerances while the curve of them is to be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from core.difference import DifferenceParams
from core.regions.rule import RegionParams
from core.scheduler import Failed
from core.threshold import RegionPoint, knee, otsu
from gui import work
from gui.bridge import Bridge
from gui.messages import sentence

if TYPE_CHECKING:
    from core.result import Result
    from core.types import Mask
    from gui.controller import Controller
    from gui.panels.histograms import HistogramsPanel


class Curve(QObject):
    """Follows a controller; asks again only when the difference or the rule is another one."""

    def __init__(self, controller: Controller, panel: HistogramsPanel) -> None:
        super().__init__(panel)
        self._controller, self._panel = controller, panel
        self._shown = False
        self._asked: tuple[Mask | None, RegionParams] | None = None
        self._points: dict[int, RegionPoint] = {}
        self._bridge = Bridge("curve", self)
        self._bridge.received.connect(self._on_event)
        panel.curve_shown.connect(self._on_shown)
        controller.answered.connect(self._on_answer)

    @property
    def idle(self) -> bool:
        """Whether nothing is being counted."""
        return self._bridge.idle

    def close(self) -> None:
        """Stop counting."""
        self._bridge.close()

    def _on_shown(self, shown: bool) -> None:
        self._shown = shown
        if not shown:
            self._bridge.cancel()
            self._asked = None
        elif self._controller.result is not None:
            self._on_answer(self._controller.result)

    def _on_answer(self, result: Result) -> None:
        """Show what is known of the answer, and count the rest."""
        if not self._shown:
            return
        rule, magnitude = result.settings[RegionParams], result.map.magnitude
        tolerance = result.settings[DifferenceParams].tolerance
        asked = self._asked
        if asked is None or asked[0] is not magnitude or asked[1] != rule:
            self._asked, self._points = (magnitude, rule), {}
            marks = tolerance, knee(result.histograms), otsu(result.histograms)
            self._bridge.submit(work.counting_regions(result, *marks))
        for point in self._points.values():
            self._panel.curve.add_point(point)

    @Slot(object)
    def _on_event(self, event: object) -> None:
        if isinstance(event, RegionPoint):
            self._points[event.tolerance] = event
            self._panel.curve.add_point(event)
        elif isinstance(event, Failed):
            self._controller.failed.emit(sentence(event.error))
