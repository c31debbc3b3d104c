"""Model of the table of what the files say."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QWidget

from core.format import NONE
from gui.theme import header_font, number_font, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.metadata import Row

Index = QModelIndex | QPersistentModelIndex
FIELD, MARK, A, B = range(4)
UNLIKE: Final = "≠"
KEY_ROLE: Final = Qt.ItemDataRole.UserRole
_NO_PARENT: Final = QModelIndex()


class MetadataModel(QAbstractTableModel):
    """Rows of fields, field / mark / A / B, and before each group a row with its name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[Row | str] = []

    def show(self, rows: Sequence[Row]) -> None:
        """Show other rows."""
        items: list[Row | str] = []
        for before, row in zip([None, *rows], rows, strict=False):
            if before is None or before.group != row.group:
                items.append(row.group)
            items.append(row)
        if items != self._items:
            self.beginResetModel()
            self._items = items
            self.endResetModel()

    def row(self, index: Index) -> Row | None:
        """Return the field of a row; None for the name of a group and outside."""
        item = self._items[index.row()] if index.isValid() else ""
        return None if isinstance(item, str) else item

    def rowCount(self, _parent: Index = _NO_PARENT) -> int:
        """Return how many rows there are, names of groups included."""
        return len(self._items)

    def columnCount(self, _parent: Index = _NO_PARENT) -> int:
        """Return 4: field, mark, A, B."""
        return 4

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let fields be chosen, and their values be opened to select a part of the text."""
        row, flag = self.row(index), Qt.ItemFlag
        if row is None:
            return flag.ItemIsEnabled
        can_open = index.column() in (A, B) and bool(_value(row, index.column()))
        chosen = flag.ItemIsEnabled | flag.ItemIsSelectable
        return chosen | flag.ItemIsEditable if can_open else chosen

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return texts, fonts, colours and tooltips."""
        row, column = self.row(index), index.column()
        made: Any = None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                made = self._text(index, row, column)
            case value if value == KEY_ROLE:
                made = "" if row is None else row.key
            case Qt.ItemDataRole.FontRole:
                made = header_font() if row is None else value_font(bold=row.differs)
            case Qt.ItemDataRole.ForegroundRole:
                made = self._colour(row, column)
            case Qt.ItemDataRole.TextAlignmentRole if column == MARK:
                made = Qt.AlignmentFlag.AlignCenter
            case Qt.ItemDataRole.ToolTipRole if row is not None:
                made = _tip(row, column)
            case Qt.ItemDataRole.AccessibleTextRole if row is not None:
                state = ", differs" if row.differs else ""
                made = f"{row.label}: A {row.a or 'nothing'}, B {row.b or 'nothing'}{state}"
        return made

    def _text(self, index: Index, row: Row | None, column: int) -> str:
        if row is None:
            group = str(self._items[index.row()]).upper()
            letters = ("", "A", "B") if index.row() == 0 else ("", "", "")
            return (group, *letters)[column]
        return (row.label, UNLIKE if row.differs else "", row.a or NONE, row.b or NONE)[column]

    def _colour(self, row: Row | None, column: int) -> QColor:
        t = theme()
        if row is not None and column in (A, B) and not _value(row, column):
            return t.muted
        if column in (A, B) and (row is None or row.differs):
            return t.a if column == A else t.b
        if column == MARK:
            return t.warn
        return t.muted if row is None or (column == FIELD and not row.differs) else t.text


def value_font(*, bold: bool) -> QFont:
    """Return the font of values; `bold` where they differ."""
    font = number_font()
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


def _value(row: Row, column: int) -> str:
    return row.a if column == A else row.b


def _tip(row: Row, column: int) -> str:
    """Return the whole text of a cell, in quotes of HTML: what files say is never markup."""
    if column in (FIELD, MARK):
        text = f"{row.label} differs." if row.differs else row.label
    else:
        text = _value(row, column)
    return f"<p style='white-space:pre-wrap'>{escape(text)}</p>" if text else ""
