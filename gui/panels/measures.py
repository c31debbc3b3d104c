"""The table of measures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QMenu, QVBoxLayout, QWidget

from gui.panels.disagreements import Disagreements
from gui.panels.measure_table import MeasureModel, MeasureTable, row_text
from gui.widgets.section_header import SectionHeader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.jury import Disagreement, Verdict
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
    "delta_e_2000_mean",
    "hist_kl",
)
"""What is shown here, and what was asked for beside it; the window of all measures has the rest."""


class MeasuresPanel(QWidget):
    """Exact numbers: label, value, unit. Numbers that are being computed anew are pale.

    Signals
    -------
    place_clicked(int, int)
        (row, col) on the canvas: the place that a measure is about.
    map_chosen(MapKind)
        A map that shows where measures disagree.
    all_wanted()
        The window of all measures is to be opened.
    """

    place_clicked = Signal(int, int)
    map_chosen = Signal(object)
    all_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._measures: dict[str, MeasureValue] = {}
        self._verdicts: dict[str, Verdict] = {}
        self._also: tuple[str, ...] = ()
        self._pending = False
        self._pixels_text = ""
        self.model = MeasureModel(self)
        self.table = MeasureTable(self.model, self)
        self.header = SectionHeader("Measures", self)
        self.all_link = self.header.add_link(
            "all ▸", "Every measure, with intervals, verdicts and maps, in a window of its own."
        )
        self.copy_link = self.header.add_link("copy", "Copy all measures as a table, with pixels.")
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 6)
        column.setSpacing(2)
        self.empty = QLabel(EMPTY, self)
        self.empty.setProperty("role", "muted")
        column.addWidget(self.header)
        column.addWidget(self.empty)
        column.addWidget(self.table)
        self.disagreements = Disagreements(self)
        self.disagreements.map_chosen.connect(self.map_chosen)
        column.addWidget(self.disagreements)
        self.all_link.clicked.connect(self.all_wanted)
        self.copy_link.clicked.connect(self.copy_all)
        self.table.clicked.connect(self._on_clicked)
        self.table.activated.connect(self._on_clicked)
        self.table.customContextMenuRequested.connect(self._on_menu)
        self.table.copy_wanted.connect(self._copy_current)
        self._refresh()

    @property
    def measures(self) -> Mapping[str, MeasureValue]:
        """All that was shown last, also what stands in the window of all measures alone."""
        return self._measures

    # -- in ------------------------------------------------------------------------------------

    def show_measures(
        self,
        measures: Mapping[str, MeasureValue],
        pixels: str = "",
        verdicts: Mapping[str, Verdict] | None = None,
        disagreements: Sequence[Disagreement] = (),
    ) -> None:
        """Show exact numbers, what they stand on (``"over 273,280 px"``), and what they mean."""
        self._measures = dict(measures)
        self._verdicts = dict(verdicts or {})
        self._pending = False
        self._pixels_text = pixels
        self.disagreements.show_sentences(disagreements)
        self._refresh()

    def show_also(self, names: Sequence[str]) -> None:
        """Show these measures, too, once they are made."""
        self._also = tuple(names)
        self._refresh()

    def show_pending(self) -> None:
        """Say that the numbers are being computed; those shown turn pale and cannot be copied."""
        self._pending = True
        self.disagreements.show_sentences(())
        self._refresh()

    def show_nothing(self) -> None:
        """Take all numbers away: there is no pair."""
        self.show_measures({})

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
        names = dict.fromkeys((*SHORT, *self._also))
        shown = [m for name in names if (m := self._measures.get(name)) is not None]
        self.model.show(shown, self._verdicts, pending=self._pending)
        self.table.fit_rows()
        self.table.setVisible(bool(shown))
        self.empty.setVisible(not shown and not self._pending)
        note = "computing…" if self._pending else self._pixels_text
        self.header.note.setText(note if self._measures or self._pending else "")
        self.all_link.setVisible(bool(self._measures))
        self.copy_link.setVisible(bool(self._measures))
        self.copy_link.setEnabled(not self._pending)
