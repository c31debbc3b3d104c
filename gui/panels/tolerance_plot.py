"""The histogram of the difference, with the tolerance as a line that can be dragged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QLabel, QWidget

from core.format import number, percent
from gui.panels.plot import CountPlot
from gui.theme import notifier, number_font, theme

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from core.histograms import Histograms

GAP: Final = 10
"""Pixels between the line and its label."""
_KEYS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class TolerancePlot(CountPlot):
    """Counts of the difference; right of the line is what counts as different.

    Signals
    -------
    tolerance_dragged(float)
        Another whole number while the line is dragged.
    tolerance_set(float)
        The line was let go, or moved with the arrow keys.
    """

    headroom = 0.28  # for the label
    tolerance_dragged = Signal(float)
    tolerance_set = Signal(float)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._histograms: Histograms | None = None
        self._pixels = 0
        self._pending = False
        self._note = (0.0, "")
        self.tolerance = 0.0
        self.line: Any = pg.InfiniteLine(0.0, movable=True, bounds=(0, 255))
        self.line.setZValue(10)
        self.line.addMarker("o", position=0.9, size=9)
        self.item.addItem(self.line, ignoreBounds=True)
        self.label = QLabel(self)
        self.label.setFont(number_font())
        self.label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.label.setAutoFillBackground(True)
        self.widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.widget.installEventFilter(self)
        self.widget.setToolTip(
            "Drag the line, or use the arrow keys: pixels that differ by more than the tolerance"
            " count as different."
        )
        self.line.sigDragged.connect(self._on_dragged)
        self.line.sigPositionChangeFinished.connect(self._on_released)
        self.resized.connect(self._place_label)
        notifier().changed.connect(self._tint)
        self._tint()
        self._refresh()

    # -- in ------------------------------------------------------------------------------------

    def show_difference(self, histograms: Histograms, pixels: int, note: str = "") -> None:
        """Show exact counts of the difference, of `pixels` in all.

        `note` says how many pixels count where more than the tolerance decides it; it holds for the
        tolerance that the line stands on.
        """
        self._histograms, self._pixels, self._pending = histograms, pixels, False
        self._note = (self.tolerance, note)
        self.show_counts([(self._shown(histograms), "difference", "filled")])
        self.show_ends("0", histograms.difference_text(255))
        self._refresh()

    def show_nothing(self) -> None:
        """Take the curve and the count away."""
        self._histograms, self._pixels = None, 0
        self.show_counts([])
        self._refresh()

    def show_pending(self) -> None:
        """Turn the curve pale and take the count away until the next exact answer."""
        self._pending = True
        self.set_pale(True)
        self._refresh()

    def show_tolerance(self, tolerance: float) -> None:
        """Move the line; nothing is emitted. Does nothing while a person drags it."""
        if not self.line.moving:
            self._move(tolerance)

    # -- inside --------------------------------------------------------------------------------

    def label_text(self) -> str:
        """Return what the label says.

        The count is exact, and only given for a whole-numbered tolerance: the bins of a histogram
        say nothing about how many pixels lie between two whole numbers.
        """
        t = self.tolerance
        if t != int(t):
            return f"tolerance ≈ {number(t)}"
        text = f"tolerance {number(t)}"
        if self._histograms is None or self._pending or not self._pixels:
            return text
        count = self._histograms.over(int(t))
        at, note = self._note
        more = f" · {note}" if note and at == t else ""
        return f"{text} · {number(count)} px ({percent(count / self._pixels)}){more}"

    def _shown(self, histograms: Histograms) -> NDArray[np.int64]:
        """Return the 256 counts that are drawn."""
        return histograms.difference

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move the line with the arrow keys."""
        if (
            watched is self.widget
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and (step := _KEYS.get(Qt.Key(event.key()))) is not None
        ):
            by = 10 * step if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else step
            whole = int(self.tolerance) + (1 if step < 0 and self.tolerance % 1 else 0)
            self._move(min(max(whole + by, 0), 255))
            self.tolerance_set.emit(self.tolerance)
            return True
        return super().eventFilter(watched, event)

    def _move(self, tolerance: float) -> None:
        self.tolerance = float(tolerance)
        with QSignalBlocker(self.line):
            self.line.setValue(self.tolerance)
        self._refresh()

    def _on_dragged(self) -> None:
        whole = float(round(self.line.value()))
        moved = whole != self.tolerance
        self._move(whole)
        if moved:
            self.tolerance_dragged.emit(whole)

    def _on_released(self) -> None:
        self._move(float(round(self.line.value())))
        self.tolerance_set.emit(self.tolerance)

    def _tint(self) -> None:
        t = theme()
        self.line.setPen(pg.mkPen(t.text, width=1.6))
        self.line.setHoverPen(pg.mkPen(t.accent, width=2.4))
        back = QColor(t.panel)
        back.setAlpha(215)
        palette = self.label.palette()
        palette.setColor(palette.ColorRole.Window, back)
        palette.setColor(palette.ColorRole.WindowText, t.text)
        self.label.setPalette(palette)

    def _refresh(self) -> None:
        self.label.setText(self.label_text())
        self.label.adjustSize()
        self._place_label()

    def _place_label(self) -> None:
        """Put the label right of the line, left where there is no room, but never outside."""
        if not hasattr(self, "label"):  # the plot resizes while it is being built
            return
        x, width = self.x_of(self.tolerance), self.label.width()
        left = x + GAP
        if left + width > self.width():
            left = x - GAP - width
        left = min(max(left, 0), max(self.width() - width, 0))
        self.label.move(round(left), 2)
