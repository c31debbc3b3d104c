"""Model and view of the table of what the files say."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from core.format import NONE
from core.metadata import LABELS
from gui.theme import header_font, number_font, theme, ui_font

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.metadata import Row

Index = QModelIndex | QPersistentModelIndex
FIELD, MARK, A, B = range(4)
ROW_HEIGHT: Final = 22
MARK_WIDTH: Final = 18
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
                made = header_font() if row is None else _font(bold=row.differs)
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


class MetadataTable(QTableView):
    """A table as high as its rows; its columns have the same widths whatever it shows.

    Signals
    -------
    copy_wanted()
        The copy key was pressed here; see `gui.panels.measure_table`.
    """

    copy_wanted = Signal()

    def __init__(self, model: MetadataModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(model)
        self.setItemDelegate(_Cells(self))
        self.setAccessibleName("What the files say")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(self._row_height())
        self.verticalHeader().setDefaultSectionSize(self._row_height())
        header = self.horizontalHeader()
        header.setMinimumSectionSize(MARK_WIDTH)
        for column, mode in (
            (FIELD, QHeaderView.ResizeMode.Fixed),
            (MARK, QHeaderView.ResizeMode.Fixed),
            (A, QHeaderView.ResizeMode.Stretch),
            (B, QHeaderView.ResizeMode.Stretch),
        ):
            header.setSectionResizeMode(column, mode)
        header.resizeSection(FIELD, _widest_label())
        header.resizeSection(MARK, MARK_WIDTH)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.fit_rows()

    def event(self, event: QEvent) -> bool:
        """Claim the copy key before it is looked up among the shortcuts."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Copy)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell of the copy key."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_wanted.emit()
        else:
            super().keyPressEvent(event)

    def fit_rows(self) -> None:
        """Take the height that all rows need."""
        self.setFixedHeight(self.model().rowCount() * self._row_height())

    def _row_height(self) -> int:
        return max(ROW_HEIGHT, QFontMetrics(ui_font()).height() + 6)


class _Cells(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a cell and the line under it; the first column starts at the very left."""
        flush = QStyleOptionViewItem(option)
        if index.column() == FIELD:  # the style indents texts by its focus margin
            flush.rect = option.rect.adjusted(-3, 0, 0, 0)
        super().paint(painter, flush, index)
        rect = option.rect
        painter.save()
        painter.setPen(theme().grid)
        painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
        painter.restore()

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Cut names and sums in their middle, all other texts at their end."""
        super().initStyleOption(option, index)
        row = index.data(KEY_ROLE)
        in_middle = row in ("name", "folder", "sha256")
        mode = Qt.TextElideMode
        option.textElideMode = mode.ElideMiddle if in_middle else mode.ElideRight

    def createEditor(
        self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index
    ) -> QWidget:
        """Open a value, whole, to select and copy a part of it; it cannot be changed."""
        field = QLineEdit(parent)
        field.setReadOnly(True)
        field.setFont(number_font())
        return field

    def setModelData(self, _editor: QWidget, _model: Any, _index: Index) -> None:
        """Change nothing: files are only read."""


def _font(*, bold: bool) -> QFont:
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


def _widest_label() -> int:
    metrics = QFontMetrics(_font(bold=True))
    return max(metrics.horizontalAdvance(label) for _, label in LABELS.values()) + 8
