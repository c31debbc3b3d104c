"""How many pixels and regions are over each tolerance, with places at which to put it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPen

from core.format import count
from core.threshold import changed, knee, otsu
from gui.panels.plot import heights_of
from gui.panels.tolerance_plot import TolerancePlot
from gui.theme import theme, ui_font

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from core.histograms import Histograms
    from core.threshold import RegionPoint

MARKS: Final = (("knee", knee), ("Otsu", otsu))
"""Name of a proposed tolerance -> what finds it."""
VEIL: Final = 150
"""Opacity, of 255, behind the name of a proposal: what lies under it is still seen."""
NEAR: Final = 14
"""Pixels from a proposal within which a click means it."""


class CurvePlot(TolerancePlot):
    """The number of changed pixels (filled) and of regions (dots) against the tolerance.

    Signals
    -------
    mark_chosen(float)
        A proposed tolerance was clicked.
    """

    mark_chosen = Signal(float)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        self._points: dict[int, RegionPoint] = {}
        self._dots: Any = None
        self._marks: list[Any] = []
        self.proposals: dict[str, int] = {}
        super().__init__(name, parent)
        self.widget.setToolTip(
            "How many pixels (filled) and regions (dots) are over each tolerance. Drag the line, or"
            " click a proposed tolerance."
        )
        self.widget.scene().sigMouseClicked.connect(self._on_clicked)

    # -- in ------------------------------------------------------------------------------------

    def show_difference(self, histograms: Histograms, pixels: int, note: str = "") -> None:
        """Show the exact number of pixels over each tolerance, and the proposals."""
        self._points = {}
        found = {name: find(histograms) for name, find in MARKS}
        self.proposals = {name: at for name, at in found.items() if at is not None}
        super().show_difference(histograms, pixels, note)

    def add_point(self, point: RegionPoint) -> None:
        """Take the number of regions at one tolerance."""
        self._points[point.tolerance] = point
        self._draw_dots()
        self._refresh()

    def show_nothing(self) -> None:
        """Take everything away."""
        self._points, self.proposals = {}, {}
        super().show_nothing()

    def label_text(self) -> str:
        """Return the tolerance, what is over it, and how many regions that is."""
        text = super().label_text()
        point = self._points.get(int(self.tolerance))
        if point is None or self.tolerance != int(self.tolerance) or "px" not in text:
            return text
        return f"{text} · {count(point.regions, 'region', 'regions')}"

    # -- inside --------------------------------------------------------------------------------

    def _shown(self, histograms: Histograms) -> Any:
        return changed(histograms)

    def _paint(self) -> None:
        super()._paint()
        for item in self._marks:
            self.item.removeItem(item)
        self._marks = [self._mark(name, at) for name, at in self.proposals.items()]
        for item in self._marks:
            self.item.addItem(item, ignoreBounds=True)
        self._draw_dots()

    def _mark(self, name: str, at: int) -> Any:
        pen = QPen(theme().muted, 1.2)
        pen.setStyle(Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        back = QColor(theme().panel)
        back.setAlpha(VEIL)
        line = pg.InfiniteLine(
            at, pen=pen, label=f"{name} {at}",
            labelOpts={
                "position": 0.62 if name == MARKS[0][0] else 0.42, "color": theme().text,
                "fill": back, "movable": False,
            },
        )  # fmt: skip
        line.label.setFont(ui_font(-1.5))
        line.setZValue(5)
        return line

    def _draw_dots(self) -> None:
        if self._dots is not None:
            self.item.removeItem(self._dots)
            self._dots = None
        if not self._points:
            return
        places = sorted(self._points)
        colour = theme().accent
        heights = heights_of([self._points[t].regions for t in places], log=self.log)
        self._dots = pg.PlotDataItem(
            places, heights, pen=pg.mkPen(colour, width=1.4), symbol="o", symbolSize=5,
            symbolBrush=colour, symbolPen=None, antialias=True,
        )  # fmt: skip
        self._dots.setOpacity(0.35 if self._pale else 1.0)
        self.item.addItem(self._dots)

    def _on_clicked(self, event: Any) -> None:
        x = self.widget.mapFromScene(event.scenePos()).x()
        near = {at: abs(self.x_of(at) - x) for at in self.proposals.values()}
        at = min(near, key=near.__getitem__, default=None)
        if at is not None and near[at] <= NEAR:
            self.mark_chosen.emit(float(at))
