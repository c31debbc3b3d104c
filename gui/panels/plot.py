"""A plot of counts over the values 0…255, and nothing more.

Of pyqtgraph only the plot and its curves are used: no automatic ranges or levels, no linked views,
no menu, no zooming by the wheel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from gui.theme import notifier, theme, ui_font

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

BINS: Final = 256
X_RANGE: Final = (-3.0, 258.0)
TICKS: Final = (0, 64, 128, 192, 255)
FILL: Final = 48
"""Opacity, of 255, under a filled curve."""
Shape = Literal["line", "dashed", "filled"]
EDGES: Final = np.arange(BINS + 1) - 0.5


class CountPlot(QFrame):
    """Curves of 256 counts on one axis, logarithmic or linear.

    Signals
    -------
    hovered(int)
        The value 0…255 under the mouse; -1 when the mouse left.
    resized()
        Pixels and values lie to each other in another way.
    """

    headroom = 0.06  # share of the height left free above the highest curve
    hovered = Signal(int)
    resized = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.log = True
        self._counts: list[tuple[NDArray[np.int64], str, Shape]] = []
        self._pale = False
        self._curves: list[Any] = []
        self.view = pg.ViewBox(enableMenu=False, enableMouse=False, defaultPadding=0)
        self.item = pg.PlotItem(viewBox=self.view, enableMenu=False)
        self.widget = pg.PlotWidget(self, plotItem=self.item)
        unused = self.item.ctrlMenu  # made in any case, and without a parent it would stay
        unused.setParent(self.widget, unused.windowFlags())
        self.widget.setAccessibleName(name)
        self.widget.setAntialiasing(True)
        self.widget.setFrameShape(QFrame.Shape.NoFrame)
        self.widget.setMinimumSize(120, 60)
        self.widget.viewport().installEventFilter(self)
        self.widget.viewport().setMouseTracking(True)
        self.item.hideButtons()
        self.item.hideAxis("left")
        self.item.setContentsMargins(6, 2, 16, 0)  # the last is “≥ 255”
        self.view.disableAutoRange()
        self.view.setXRange(*X_RANGE, padding=0)
        self.show_ends("0", "255")
        axis = self.item.getAxis("bottom")
        axis.setStyle(
            tickLength=-3, tickTextOffset=3, hideOverlappingLabels=False, tickFont=ui_font(-1.5)
        )
        axis.setHeight(18)
        self.view.sigResized.connect(self.resized)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.widget)
        notifier().changed.connect(self._paint)
        self._paint()

    def show_counts(self, curves: Sequence[tuple[NDArray[np.int64], str, Shape]]) -> None:
        """Show curves: 256 counts, a colour name (see `colour_of`), and how it is drawn."""
        self._counts = list(curves)
        self._pale = False
        self._paint()

    def show_ends(self, low: str, high: str) -> None:
        """Write this below the first and the last count."""
        inner = [(t, str(t)) for t in TICKS[1:-1]]
        ticks = [(TICKS[0], low), *inner, (TICKS[-1], high)]
        self.item.getAxis("bottom").setTicks([ticks])

    def curves(self) -> tuple[Any, ...]:
        """Return the curves as drawn, in the order given."""
        return tuple(self._curves)

    def set_pale(self, pale: bool) -> None:
        """Draw the curves pale: they answer an earlier question."""
        self._pale = pale
        for curve in self._curves:
            curve.setOpacity(0.35 if pale else 1.0)

    def set_log(self, log: bool) -> None:
        """Draw the decimal logarithm of 1 + count, or the count itself."""
        self.log = log
        self._paint()

    def x_of(self, value: float) -> float:
        """Return where a value lies, in pixels of this widget."""
        return float(self.widget.mapFromScene(self.view.mapViewToScene(QPointF(value, 0))).x())

    def value_at(self, position: QPointF) -> float:
        """Return the value under a place in this widget (not rounded, perhaps outside)."""
        return float(self.view.mapSceneToView(self.widget.mapToScene(position.toPoint())).x())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell that pixels and values lie to each other in another way."""
        super().resizeEvent(event)
        self.resized.emit()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Follow the mouse; hand the wheel on to whatever scrolls."""
        match event.type():
            case QEvent.Type.MouseMove if isinstance(event, QMouseEvent):
                value = round(self.value_at(event.position()))
                self.hovered.emit(min(max(value, 0), BINS - 1))
            case QEvent.Type.Leave:
                self.hovered.emit(-1)
            case QEvent.Type.Wheel:
                event.ignore()
                return True
        return False

    def _paint(self) -> None:
        t = theme()
        self.widget.setBackground(t.panel)
        axis = self.item.getAxis("bottom")
        axis.setPen(t.border)
        axis.setTextPen(t.muted)
        for curve in self._curves:
            self.item.removeItem(curve)
        self._curves = []
        heights = [heights_of(c, log=self.log) for c, _, _ in self._counts]
        top = max((float(h.max()) for h in heights), default=0.0) or 1.0
        self.view.setYRange(-0.01 * top, (1.0 + self.headroom) * top, padding=0)
        for height, (_, name, shape) in zip(heights, self._counts, strict=True):
            curve = _curve(height, colour_of(name), shape)
            self._curves.append(curve)
            self.item.addItem(curve)
        self.set_pale(self._pale)


def heights_of(counts: ArrayLike, *, log: bool) -> NDArray[np.float64]:
    """Return how high counts are drawn: the decimal logarithm of 1 + count, or the count itself."""
    real = np.asarray(counts, np.float64)
    return np.log10(1.0 + real) if log else real


def colour_of(name: str) -> QColor:
    """Return the colour of a channel, of A or B (gray pictures), or of the difference."""
    t = theme()
    if name in ("a", "b"):
        return t.a if name == "a" else t.b
    dark = {"R": "#ff7a70", "G": "#62d98b", "B": "#62a8ff", "difference": "#f0b449"}
    light = {"R": "#d13a31", "G": "#1d8a48", "B": "#2467cf", "difference": "#c07d0c"}
    return QColor((dark if t.dark else light).get(name, t.muted.name()))


def _curve(heights: NDArray[np.float64], colour: QColor, shape: Shape) -> Any:
    pen = QPen(colour, 1.4)
    pen.setCosmetic(True)
    if shape == "dashed":
        pen.setStyle(Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([4.0, 2.5])
    if shape != "filled":
        return pg.PlotCurveItem(np.arange(BINS), heights, pen=pen, antialias=True)
    fill = QColor(colour)
    fill.setAlpha(FILL)
    return pg.PlotCurveItem(
        EDGES, heights, stepMode="center", fillLevel=0.0, brush=fill, pen=pen, antialias=True
    )
