"""The table of measures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QMenu, QVBoxLayout, QWidget

from gui.panels.measure_table import MeasureModel, MeasureTable, row_text
from gui.widgets.section_header import SectionHeader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.types import MeasureValue

EMPTY: Final = "Numbers appear here once A and B are compared."
SHORT: Final = (
    "l1_per_pixel",
    "l0",
    "l0_per_pixel",
    "rmse",
    "psnr",
    "max_abs",
    "ssim",
    "hist_kl",
)
"""What is shown before a person asks for all."""


class MeasuresPanel(QWidget):
    """Exact numbers: label, value, unit. Numbers that are being computed anew are pale.

    Signals
    -------
    place_clicked(int, int)
        (row, col) on the canvas: the place that a measure is about.
    """

    place_clicked = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measures: dict[str, MeasureValue] = {}
        self._pending = False
        self._all = False
        self._pixels_text = ""
        self.model = MeasureModel(self)
        self.table = MeasureTable(self.model, self)
        self.header = SectionHeader("Measures", self)
        self.all_link = self.header.add_link("all", "Show every measure.")
        self.copy_link = self.header.add_link("copy", "Copy all measures as a table, with pixels.")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 6)
        column.setSpacing(2)
        self.empty = QLabel(EMPTY, self)
        self.empty.setProperty("role", "muted")
        column.addWidget(self.header)
        column.addWidget(self.empty)
        column.addWidget(self.table)
        self.all_link.clicked.connect(lambda: self.show_all(not self._all))
        self.copy_link.clicked.connect(self.copy_all)
        self.table.clicked.connect(self._on_clicked)
        self.table.activated.connect(self._on_clicked)
        self.table.customContextMenuRequested.connect(self._on_menu)
        self.table.copy_wanted.connect(self._copy_current)
        self._refresh()

    # -- in ------------------------------------------------------------------------------------

    def show_measures(self, measures: Mapping[str, MeasureValue], pixels: str = "") -> None:
        """Show exact numbers, and what they stand on (``"exact, 273,280 px"``)."""
        self._measures = dict(measures)
        self._pending = False
        self._pixels_text = pixels
        self._refresh()

    def show_pending(self) -> None:
        """Say that the numbers are being computed; those shown turn pale and cannot be copied."""
        self._pending = True
        self._refresh()

    def show_nothing(self) -> None:
        """Take all numbers away: there is no pair."""
        self.show_measures({})

    def show_all(self, every: bool) -> None:
        """Show every measure, or the short list."""
        self._all = every
        self._refresh()

    # -- inside --------------------------------------------------------------------------------

    def copy_all(self) -> None:
        """Put all measures on the clipboard: name, value, unit, pixels; tabs between."""
        if self._measures and not self._pending:
            lines = ["measure\tvalue\tunit\tpixels", *map(row_text, self._measures.values())]
            QGuiApplication.clipboard().setText("\n".join(lines))

    def _copy_current(self) -> None:
        measure = self.model.measure(self.table.currentIndex())
        if measure is not None and not self._pending:
            QGuiApplication.clipboard().setText(row_text(measure))

    def _on_clicked(self, index: QModelIndex) -> None:
        measure = self.model.measure(index)
        if measure is not None and measure.at is not None and not self._pending:
            self.place_clicked.emit(*measure.at)

    def _on_menu(self) -> None:
        measure = self.model.measure(self.table.currentIndex())
        if measure is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        one = menu.addAction(f"Copy {measure.label}", self._copy_current)
        every = menu.addAction("Copy all", self.copy_all)
        one.setEnabled(not self._pending)
        every.setEnabled(not self._pending)
        if measure.at is not None:
            at = measure.at
            menu.addAction("Show the place", lambda: self.place_clicked.emit(*at))
        menu.popup(self.table.cursor().pos())

    def _refresh(self) -> None:
        short = [m for name in SHORT if (m := self._measures.get(name)) is not None]
        shown = list(self._measures.values()) if self._all else short
        self.model.show(shown, pending=self._pending)
        self.table.fit_rows()
        self.table.setVisible(bool(shown))
        self.empty.setVisible(not shown and not self._pending)
        note = "computing…" if self._pending else self._pixels_text
        self.header.note.setText(note if self._measures or self._pending else "")
        more = len(self._measures) - len(short)
        self.all_link.setVisible(more > 0)
        self.all_link.setText("fewer" if self._all else f"all {len(self._measures)}")
        self.copy_link.setVisible(bool(self._measures))
        self.copy_link.setEnabled(not self._pending)
