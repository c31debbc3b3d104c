"""All measures side by side, with their verdicts, and where they disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QHeaderView, QLabel, QPushButton, QVBoxLayout

from core.registry import measure_params
from gui.panels.disagreements import Disagreements
from gui.panels.group_row import GroupRow
from gui.panels.jury_model import INTERVAL, MAP, MEASURE, UNIT, VALUE, JuryModel, is_link
from gui.theme import ui_font
from gui.widgets.flat_table import FlatTable, RowPainter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtWidgets import QWidget

    from core.jury import Disagreement, Verdict
    from core.settings import Settings
    from core.types import MeasureValue

ROW_HEIGHT: Final = 23
NOTHING_CHOSEN: Final = "Choose a measure to read what it answers, and when it lies."


class JuryWindow(QDialog):
    """The window of all measures.

    Signals
    -------
    names_wanted(tuple)
        Names of measures to compute beside those that are there.
    map_chosen(MapKind)
        A map that is to be painted.
    params_changed(Params)
        How a measure is made was changed.
    place_clicked(int, int)
        (row, col) on the canvas: the place that a measure is about.
    """

    names_wanted = Signal(tuple)
    map_chosen = Signal(object)
    params_changed = Signal(object)
    place_clicked = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Measures – Pairlens")
        self.resize(QSize(900, 760))
        self.disagreements = Disagreements(self)
        self.disagreements.map_chosen.connect(self.map_chosen)
        self.model = JuryModel(self)
        self.table = _table(self.model, self)
        self.table.clicked.connect(self._on_clicked)
        self.table.activated.connect(self._on_clicked)
        self.table.selectionModel().currentRowChanged.connect(self._on_chosen)
        self.help = QLabel(NOTHING_CHOSEN, self)
        self.help.setWordWrap(True)
        self.help.setProperty("role", "muted")
        self.help.setMinimumHeight(3 * self.fontMetrics().lineSpacing())
        self.help.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.all_button = QPushButton("Compute all", self)
        self.all_button.setToolTip("Make every measure, also those that take a moment.")
        self.all_button.clicked.connect(lambda: self.names_wanted.emit(("all",)))
        self.rows: dict[str, GroupRow] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.addWidget(self.disagreements)
        column.addWidget(self.table, 1)
        column.addWidget(self.help)
        for kind in measure_params():
            row = GroupRow(kind, self)
            row.params_changed.connect(self.params_changed)
            row.hide()
            self.rows[kind.name] = row
            column.addWidget(row)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.all_button)
        column.addLayout(foot)
        QShortcut(QKeySequence("Ctrl+W"), self, self.close)

    # -- in ------------------------------------------------------------------------------------

    def show_measures(
        self,
        measures: Mapping[str, MeasureValue],
        verdicts: Mapping[str, Verdict],
        disagreements: Sequence[Disagreement],
    ) -> None:
        """Show exact numbers, what they mean, and where they disagree."""
        self.model.show(measures, verdicts)
        self.disagreements.show_sentences(disagreements)
        self.all_button.setEnabled(True)

    def show_pending(self) -> None:
        """Turn the numbers pale: they are being computed anew."""
        self.model.show_pending()
        self.disagreements.show_sentences(())
        self.all_button.setEnabled(False)

    def show_settings(self, settings: Settings) -> None:
        """Follow settings; nothing is emitted."""
        for row in self.rows.values():
            row.show_params(settings[row.kind])

    # -- inside --------------------------------------------------------------------------------

    def _on_chosen(self, index: QModelIndex) -> None:
        line = self.model.line(index)
        entry = None if line is None else line.entry
        self.help.setText(NOTHING_CHOSEN if entry is None else entry.help)
        for name, row in self.rows.items():
            mine = entry is not None and entry.params is not None and entry.params.name == name
            row.setVisible(mine)

    def _on_clicked(self, index: QModelIndex) -> None:
        line = self.model.line(index)
        if line is None or line.entry is None or not is_link(line, index.column()):
            return
        if index.column() == VALUE:
            self.names_wanted.emit(line.entry.family)
        elif index.column() == MAP:
            self.map_chosen.emit(line.map)
        elif line.value is not None and line.value.at is not None:
            self.place_clicked.emit(*line.value.at)


def _table(model: JuryModel, parent: QWidget) -> FlatTable:
    table = FlatTable(ROW_HEIGHT, parent)
    table.setModel(model)
    table.setItemDelegate(RowPainter(table))
    table.setAccessibleName("All measures")
    table.setWordWrap(False)
    table.setFont(ui_font())
    table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    header = table.horizontalHeader()
    header.show()
    header.setHighlightSections(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(MEASURE, QHeaderView.ResizeMode.Stretch)
    for row in model.headings():
        table.setSpan(row, MEASURE, 1, model.columnCount())
    table.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
    for column in (UNIT, INTERVAL):
        header.setMinimumSectionSize(min(header.minimumSectionSize(), 30))
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
    return table
