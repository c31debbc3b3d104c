"""Model and view of the table of measures."""

from __future__ import annotations

import math
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QWidget,
)

from core.format import NONE, measure_text, number
from gui.theme import number_font, theme
from gui.widgets.flat_table import FlatTable, RowPainter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.jury import Verdict
    from core.types import MeasureValue

Index = QModelIndex | QPersistentModelIndex
LABEL, VALUE, UNIT = range(3)
ROW_HEIGHT: Final = 23
SLIGHT: Final = 2
"""The level of a verdict (`core.jury`) that is neither calm nor alarmed."""
DOT: Final = 10
"""Logical pixels of the square that a dot stands in."""
PALE: Final = 0.4
"""Opacity of numbers that answer an earlier question."""
_NO_PARENT: Final = QModelIndex()


class MeasureModel(QAbstractTableModel):
    """Rows of measures: label, value, unit."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[MeasureValue] = []
        self._verdicts: Mapping[str, Verdict] = {}
        self._usual = 0
        self.pending = False

    def show(
        self,
        rows: Sequence[MeasureValue],
        verdicts: Mapping[str, Verdict] | None = None,
        *,
        pending: bool,
    ) -> None:
        """Show other rows, with a dot in the colour of each verdict."""
        self._verdicts = verdicts or {}
        same = [m.name for m in rows] == [m.name for m in self._rows]
        if not same:
            self.beginResetModel()
        self._rows = list(rows)
        self._usual = max(Counter(m.pixels for m in rows).items(), key=_by_count, default=(0, 0))[0]
        self.pending = pending
        if not same:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, UNIT))

    def measure(self, index: Index) -> MeasureValue | None:
        """Return the measure of a row; None outside."""
        return self._rows[index.row()] if index.isValid() else None

    def rowCount(self, _parent: Index = _NO_PARENT) -> int:
        """Return how many measures are shown."""
        return len(self._rows)

    def columnCount(self, _parent: Index = _NO_PARENT) -> int:
        """Return 3: label, value, unit."""
        return 3

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return texts, alignment, colours and tooltips."""
        measure, column = self._rows[index.row()], index.column()
        made: Any = None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                made = self._text(measure, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                made = _ALIGN[column]
            case Qt.ItemDataRole.FontRole if column == VALUE:
                made = number_font()
            case Qt.ItemDataRole.ForegroundRole:
                made = self._colour(measure, column)
            case Qt.ItemDataRole.ToolTipRole:
                made = self._tip(measure)
            case Qt.ItemDataRole.DecorationRole if column == LABEL:
                made = self._dot(measure)
            case Qt.ItemDataRole.AccessibleTextRole if column == VALUE:
                state = "computing" if self.pending else measure_text(measure)
                verdict = self._verdicts.get(measure.name)
                word = "" if verdict is None or self.pending else f", {verdict.word}"
                made = f"{measure.label}: {state}{word}"
        return made

    def _dot(self, measure: MeasureValue) -> QPixmap:
        """Return a dot in the colour of the verdict, or as much room for none."""
        verdict = self._verdicts.get(measure.name)
        colour = QColor(0, 0, 0, 0) if verdict is None else verdict_colour(verdict.level)
        if self.pending:
            colour.setAlphaF(PALE * colour.alphaF())
        return dot(colour.rgba())

    def _text(self, measure: MeasureValue, column: int) -> str:
        if column == LABEL:
            return measure.label
        value, unit = value_and_unit(measure)
        if column == VALUE:
            return value
        if measure.at is not None and math.isfinite(measure.value):
            return f"at {measure.at[1]}, {measure.at[0]}"
        if measure.pixels != self._usual:
            return f"{unit} of {number(measure.pixels)} px".strip()
        return unit

    def _colour(self, measure: MeasureValue, column: int) -> QColor:
        t = theme()
        is_place = column == UNIT and measure.at is not None
        colour = QColor(t.accent if is_place else t.muted if column == UNIT else t.text)
        if self.pending and column != LABEL:
            colour.setAlphaF(PALE)
        return colour

    def _tip(self, measure: MeasureValue) -> str:
        if self.pending:
            return f"{measure.help}\nBeing computed; the pale number answers the question before."
        alike = "smaller" if measure.better == "lower" else "larger"
        parts = [
            measure.help,
            f"{measure_text(measure)}, over {number(measure.pixels)} px; {alike} is more alike.",
        ]
        if measure.interval is not None:
            low, high = (number(x) for x in measure.interval)
            parts.append(f"Between parts of the scene it varies from {low} to {high} (95 %).")
        if (verdict := self._verdicts.get(measure.name)) is not None:
            parts.append(f"Verdict: {verdict.word}.")
        if measure.at is not None:
            parts.append("Click to see the place.")
        return "\n".join(p for p in parts if p)


class MeasureTable(FlatTable):
    """A table as high as its rows, with fine lines between them."""

    def __init__(self, model: MeasureModel, parent: QWidget | None = None) -> None:
        super().__init__(ROW_HEIGHT, parent)
        self.setModel(model)
        self.setItemDelegate(RowPainter(self))
        self.setAccessibleName("Measures")
        self.setWordWrap(False)
        header = self.horizontalHeader()
        header.setMinimumSectionSize(30)
        header.setSectionResizeMode(LABEL, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(VALUE, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(UNIT, QHeaderView.ResizeMode.ResizeToContents)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.fit_rows()

    def fit_rows(self) -> None:
        """Take the height that all rows need."""
        self.setFixedHeight(self.model().rowCount() * self.row_height())


def verdict_colour(level: int) -> QColor:
    """Return the colour of a verdict: calm up to invisible, watchful for slight, else alarmed."""
    t = theme()
    return QColor(t.ok if level < SLIGHT else t.warn if level == SLIGHT else t.danger)


@cache
def dot(rgba: int) -> QPixmap:
    """Return a round dot of a colour, ``QColor.rgba()``."""
    picture = QPixmap(2 * DOT, 2 * DOT)
    picture.setDevicePixelRatio(2.0)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor.fromRgba(rgba))
    painter.drawEllipse(QRectF(0.5, 1.5, DOT - 3, DOT - 3))
    painter.end()
    return picture


def value_and_unit(measure: MeasureValue) -> tuple[str, str]:
    """Return the two columns of a measure: ``("1.24", "%")``, ``("34.3", "dB")``."""
    if measure.unit == "share":
        value, _, unit = measure_text(measure).partition(" ")
        return value, unit
    value = number(measure.value)
    return value, "" if value == NONE else measure.unit


def row_text(measure: MeasureValue) -> str:
    """Return name, value, unit and pixels with tabs between; the value in full precision."""
    return f"{measure.name}\t{measure.value!r}\t{measure.unit}\t{measure.pixels}"


def _by_count(item: tuple[int, int]) -> tuple[int, int]:
    return item[1], item[0]


_CENTRE = Qt.AlignmentFlag.AlignVCenter
_ALIGN = (
    Qt.AlignmentFlag.AlignLeft | _CENTRE,
    Qt.AlignmentFlag.AlignRight | _CENTRE,
    Qt.AlignmentFlag.AlignLeft | _CENTRE,
)
