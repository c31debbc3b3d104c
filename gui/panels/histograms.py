"""Both histograms: A and B on one axis, and the difference with its tolerance.

The only panel that imports pyqtgraph (a quarter of a second); the window makes it after its first
paint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QSplitter, QVBoxLayout, QWidget

from core.format import number
from gui.panels.curve_plot import CurvePlot
from gui.panels.plot import CountPlot, Shape
from gui.panels.tolerance_plot import TolerancePlot
from gui.theme import theme, ui_font
from gui.widgets.section_header import SectionHeader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.histograms import Histograms

TITLES: Final = {False: "Histogram of the difference", True: "Changed over the tolerance"}


class HistogramsPanel(QWidget):
    """Histogram of A and B at the left, of the difference at the right.

    Signals
    -------
    tolerance_dragged(float)
        The tolerance line stands on another whole number, and is still held.
    tolerance_set(float)
        It was let go.
    curve_shown(bool)
        The curve over the tolerance is to be seen, and so its regions are to be counted; or not.
    """

    tolerance_dragged = Signal(float)
    tolerance_set = Signal(float)
    curve_shown = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._histograms: Histograms | None = None
        self.pair = CountPlot("Histogram of A and B", self)
        self.difference = TolerancePlot("Histogram of the difference", self)
        self.pair_header = SectionHeader("Histogram of A and B", self, capitals=False)
        self.legend = _Legend(self)
        self.pair_header.add_widget(self.legend)
        self.curve = CurvePlot("Changed pixels and regions over the tolerance", self)
        self.curve.hide()
        self.difference_header = SectionHeader(TITLES[False], self, capitals=False)
        self.curve_link = _choice_link(
            self.difference_header,
            {False: "histogram", True: "curve"},
            "How many pixels differ by how much, or how many are over each tolerance.",
            self.show_curve,
        )
        self.pair_scale = _scale_link(self.pair_header, self.pair.set_log)
        self.difference_scale = _scale_link(self.difference_header, self._set_log)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.setChildrenCollapsible(False)
        split.addWidget(_column(self.pair_header, self.pair))
        split.addWidget(_column(self.difference_header, self.difference, self.curve))
        split.setSizes([500, 500])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(split)
        self.pair.hovered.connect(self._on_pair_hovered)
        self.difference.hovered.connect(self._on_difference_hovered)
        self.curve.hovered.connect(self._on_curve_hovered)
        self.curve.mark_chosen.connect(self.tolerance_set)
        for plot in (self.difference, self.curve):
            plot.tolerance_dragged.connect(self.tolerance_dragged)
            plot.tolerance_set.connect(self.tolerance_set)

    def show_histograms(self, histograms: Histograms, pixels: int, note: str = "") -> None:
        """Show exact counts over `pixels` valid pixels; for `note` see `TolerancePlot`."""
        self._histograms = histograms
        names = histograms.channels
        gray = len(names) == 1
        solid: Shape = "filled" if gray else "line"
        dashed: Shape = "dashed"
        a = [(h, "a" if gray else n, solid) for n, h in zip(names, histograms.a, strict=True)]
        b = [(h, "b" if gray else n, dashed) for n, h in zip(names, histograms.b, strict=True)]
        self.pair.show_counts([*a, *b])
        self.pair.show_ends(histograms.value_text(0), histograms.value_text(255))
        self.difference.show_difference(histograms, pixels, note)
        self.curve.show_difference(histograms, pixels, note)
        self._on_pair_hovered(-1)
        self._on_difference_hovered(-1)

    def show_tolerance(self, tolerance: float) -> None:
        """Move the tolerance line; nothing is emitted."""
        self.difference.show_tolerance(tolerance)
        self.curve.show_tolerance(tolerance)

    def show_curve(self, shown: bool) -> None:
        """Show the curve over the tolerance in place of the histogram of the difference."""
        self.difference.setVisible(not shown)
        self.curve.setVisible(shown)
        self.curve_link.setText(f"{'curve' if shown else 'histogram'} ▾")
        self.difference_header.title.setText(TITLES[shown])
        self._on_difference_hovered(-1)
        self.curve_shown.emit(shown)

    def show_nothing(self) -> None:
        """Take the curves away: they are not those of what is set now."""
        self._histograms = None
        self.pair.show_counts([])
        self.difference.show_nothing()
        self.curve.show_nothing()

    def show_pending(self) -> None:
        """Turn the curves pale: the numbers are being computed anew."""
        self.pair.set_pale(True)
        self.difference.show_pending()
        self.curve.show_pending()

    def sizeHint(self) -> QSize:
        """Return a low, wide size."""
        return QSize(900, 176)

    def _on_pair_hovered(self, value: int) -> None:
        h = self._histograms
        text = ""
        if h is not None and value >= 0:
            counts = (
                f"{name} {number(int(a[value]))} | {number(int(b[value]))}"
                for name, a, b in zip(h.channels, h.a, h.b, strict=True)
            )
            text = f"{h.value_text(value)}:  {'   '.join(counts)}"
        self.pair_header.note.setText(text)

    def _set_log(self, log: bool) -> None:
        self.difference.set_log(log)
        self.curve.set_log(log)

    def _on_curve_hovered(self, value: int) -> None:
        h = self._histograms
        text = "" if h is None or value < 0 else f"over {value}:  {number(h.over(value))} px"
        self.difference_header.note.setText(text)

    def _on_difference_hovered(self, value: int) -> None:
        h = self._histograms
        text = ""
        if h is not None and value >= 0:
            text = f"{h.difference_text(value)}:  {number(int(h.difference[value]))} px"
        self.difference_header.note.setText(text)


def _column(header: QWidget, *plots: QWidget) -> QWidget:
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(12, 4, 12, 4)
    column.setSpacing(0)
    column.addWidget(header)
    for plot in plots:
        column.addWidget(plot, 1)
    return holder


def _scale_link(header: SectionHeader, set_log: Callable[[bool], None]) -> QPushButton:
    """Add the link that chooses between logarithmic and linear counts."""
    tip = "Scale of the counts: logarithmic or linear."
    return _choice_link(header, {True: "log", False: "linear"}, tip, set_log)


def _choice_link(
    header: SectionHeader, words: Mapping[bool, str], tip: str, choose: Callable[[bool], None]
) -> QPushButton:
    """Add a link with a menu of two; it says which one is chosen, at first the first."""
    menu = QMenu(header)
    first = next(iter(words))
    link = header.add_link(f"{words[first]} ▾", tip, menu)
    group = QActionGroup(menu)

    def chosen(which: bool) -> None:
        link.setText(f"{words[which]} ▾")
        choose(which)

    for which, name in words.items():
        item = menu.addAction({"log": "logarithmic"}.get(name, name))
        item.setCheckable(True)
        item.setChecked(which is first)
        item.triggered.connect(lambda _=False, to=which: chosen(to))
        group.addAction(item)
    return link


class _Legend(QLabel):
    """Says that A is drawn solid and B dashed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFont(ui_font(-0.5))
        self.setAccessibleName("A is solid, B is dashed")
        self.setFixedWidth(86)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a solid and a dashed line with their letters."""
        t = theme()
        painter = QPainter(self)
        middle = self.height() // 2
        for x, name, style in ((0, "A", None), (42, "B", [3.0, 2.0])):
            pen = QPen(t.muted, 1.6)
            if style is not None:
                pen.setDashPattern(style)
            painter.setPen(pen)
            painter.drawLine(x, middle, x + 18, middle)
            painter.setPen(t.muted)
            painter.drawText(x + 23, middle + painter.fontMetrics().capHeight() // 2 + 1, name)
        painter.end()
