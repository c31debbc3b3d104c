"""The table of all measures: those that were made side by side, and those that can be asked for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from core.catalogue import Entry, entries
from core.format import interval_text, number
from core.map_kinds import KINDS
from gui.panels.measure_table import PALE, value_and_unit, verdict_colour
from gui.theme import header_font, number_font, theme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QWidget

    from core.jury import Verdict
    from core.types import MapKind, MeasureValue

Index = QModelIndex | QPersistentModelIndex
MEASURE, VALUE, UNIT, INTERVAL, VERDICT, PIXELS, MAP = range(7)
TITLES: Final = ("Measure", "Value", "", "95 % interval", "Verdict", "Pixels", "Map")
COMPUTE: Final = "compute"
_NO_PARENT: Final = QModelIndex()


@dataclass(frozen=True, slots=True)
class Line:
    """One row: a heading (`entry` is None), or a measure with what is known of it."""

    heading: str
    entry: Entry | None = None
    value: MeasureValue | None = None
    verdict: Verdict | None = None

    @property
    def map(self) -> MapKind | None:
        """The map that shows where; on the first measure of a family that makes one."""
        entry = self.entry
        if entry is None or not entry.maps:
            return None
        place = entry.family.index(entry.name)
        return entry.maps[min(place, len(entry.maps) - 1)] if place < len(entry.maps) else None


class JuryModel(QAbstractTableModel):
    """Headings and measures, in the order of the catalogue."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: list[Line] = []
        self.pending = False
        self.show({}, {})

    def show(
        self,
        measures: Mapping[str, MeasureValue],
        verdicts: Mapping[str, Verdict],
    ) -> None:
        """Show these numbers; every other measure can be asked for."""
        lines: list[Line] = []
        heading = ""
        for name, entry in entries().items():
            if entry.group != heading:
                heading = entry.group
                lines.append(Line(heading))
            lines.append(Line(heading, entry, measures.get(name), verdicts.get(name)))
        first = not self._lines
        if first:
            self.beginResetModel()
        self._lines, self.pending = lines, False
        if first:
            self.endResetModel()
        else:
            self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, MAP))

    def show_pending(self) -> None:
        """Turn all numbers pale."""
        self.pending = True
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._lines) - 1, MAP))

    def line(self, index: Index) -> Line | None:
        """Return what a row shows."""
        return self._lines[index.row()] if index.isValid() else None

    def headings(self) -> list[int]:
        """Return the rows that are headings."""
        return [i for i, line in enumerate(self._lines) if line.entry is None]

    def row_of(self, name: str) -> int:
        """Return the row of a measure."""
        return next(i for i, x in enumerate(self._lines) if x.entry and x.entry.name == name)

    def rowCount(self, _parent: Index = _NO_PARENT) -> int:
        """Return how many headings and measures there are."""
        return len(self._lines)

    def columnCount(self, _parent: Index = _NO_PARENT) -> int:
        """Return the number of columns."""
        return len(TITLES)

    def headerData(
        self, section: int, way: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the titles of the columns."""
        if way == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return TITLES[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return _ALIGN[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that headings cannot be chosen."""
        line = self.line(index)
        if line is None or line.entry is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return texts, alignment, fonts, colours and tooltips."""
        line, column = self._lines[index.row()], index.column()
        made: Any = None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                made = _text(line, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                made = _ALIGN[column]
            case Qt.ItemDataRole.FontRole:
                made = _font(line, column)
            case Qt.ItemDataRole.ForegroundRole:
                made = self._colour(line, column)
            case Qt.ItemDataRole.ToolTipRole if line.entry is not None:
                made = _tip(line, column)
        return made

    def _colour(self, line: Line, column: int) -> QColor:
        t = theme()
        if line.entry is None:
            return QColor(t.muted)
        colour = QColor(t.muted if column in (UNIT, INTERVAL, PIXELS) else t.text)
        if is_link(line, column):
            colour = QColor(t.accent)
        elif column == VERDICT and line.verdict is not None:
            colour = verdict_colour(line.verdict.level)
        if self.pending and column not in (MEASURE, MAP):
            colour.setAlphaF(PALE)
        return colour


def is_link(line: Line, column: int) -> bool:
    """Whether a cell can be clicked: a value to compute, a place, a map."""
    if line.entry is None:
        return False
    if column == VALUE:
        return line.value is None
    if column == UNIT:
        return line.value is not None and line.value.at is not None
    return column == MAP and line.map is not None


def _text(line: Line, column: int) -> str:
    entry, value = line.entry, line.value
    if entry is None:
        return line.heading.upper() if column == MEASURE else ""
    if column == MEASURE:
        return entry.label
    if column == MAP:
        return "" if line.map is None else KINDS[line.map].label
    if value is None:
        return COMPUTE if column == VALUE else ""
    shown, unit = value_and_unit(value)
    at = value.at if math.isfinite(value.value) else None
    return {
        VALUE: shown,
        UNIT: unit if at is None else f"{unit} at {at[1]}, {at[0]}".strip(),
        INTERVAL: interval_text(value),
        VERDICT: "" if line.verdict is None else line.verdict.word,
        PIXELS: number(value.pixels),
    }[column]


def _font(line: Line, column: int) -> QFont | None:
    if line.entry is None:
        return header_font()
    numbers = column in (VALUE, INTERVAL, PIXELS) and line.value is not None
    return number_font() if numbers else None


def _tip(line: Line, column: int) -> str:
    assert line.entry is not None
    if column == VALUE and line.value is None:
        return "It takes a moment, so it is only made when asked for. Click to compute it."
    if column == MAP and line.map is not None:
        return f"{KINDS[line.map].help} Click to paint this map."
    if column == INTERVAL and line.value is not None and line.value.interval is not None:
        return "Within these it would vary between parts of the scene, 95 of 100 times."
    return line.entry.help


_CENTRE = Qt.AlignmentFlag.AlignVCenter
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft | _CENTRE, Qt.AlignmentFlag.AlignRight | _CENTRE
_ALIGN: Final = (_LEFT, _RIGHT, _LEFT, _RIGHT, _LEFT, _RIGHT, _LEFT)
