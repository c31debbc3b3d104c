"""View of the table of what the files say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    Qt,
)
from PySide6.QtGui import (
    QFontMetrics,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyleOptionViewItem,
    QWidget,
)

from core.metadata import LABELS
from gui.panels.metadata_model import FIELD, KEY_ROLE, MARK, A, B, Index, MetadataModel, value_font
from gui.theme import number_font
from gui.widgets.flat_table import FlatTable, RowPainter

if TYPE_CHECKING:
    from core.metadata import Row

ROW_HEIGHT: Final = 22
MARK_WIDTH: Final = 18
CUT_INSIDE: Final = ("name", "folder", "sha256")
"""Fields that are cut in their middle where they are too long; they stay on one line."""
_AROUND: Final = 8
"""Logical pixels of a cell left and right of its text."""


class MetadataTable(FlatTable):
    """A table as high as its rows; its columns have the same widths whatever it shows."""

    def __init__(self, model: MetadataModel, parent: QWidget | None = None) -> None:
        super().__init__(ROW_HEIGHT, parent)
        self._model = model
        self.setModel(model)
        self.setItemDelegate(_Cells(self))
        self.setAccessibleName("What the files say")
        self.setWordWrap(True)
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
        triggers = QAbstractItemView.EditTrigger
        self.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed)
        self.fit_rows()

    def fit_rows(self) -> None:
        """Take the height that all rows need.

        A value that A and B share is written once, across both columns; one that is too long for
        its column gets a second line.
        """
        self.clearSpans()
        height = 0
        for number in range(self.model().rowCount()):
            row = self._model.row(self._model.index(number, A))
            lines = 1
            if row is not None:
                shared = row.a == row.b and not self.isColumnHidden(A)
                if shared and not self.isColumnHidden(B):
                    self.setSpan(number, A, 1, 2)
                lines = 1 + self._is_long(row, shared=shared)
            tall = self.row_height() + (lines - 1) * QFontMetrics(number_font()).height()
            self.setRowHeight(number, tall)
            height += tall
        self.setFixedHeight(height)

    def _is_long(self, row: Row, *, shared: bool) -> bool:
        if row.key in CUT_INSIDE:
            return False
        metrics = QFontMetrics(value_font(bold=row.differs))
        rooms = {c: 0 if self.isColumnHidden(c) else self.columnWidth(c) for c in (A, B)}
        if shared:
            return metrics.horizontalAdvance(row.a) + _AROUND > sum(rooms.values())
        texts = {A: row.a, B: row.b}
        return any(
            room and metrics.horizontalAdvance(texts[c]) + _AROUND > room
            for c, room in rooms.items()
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give long values second lines, or take them away."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit_rows()


class _Cells(RowPainter):
    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Cut names and sums in their middle, all other texts at their end."""
        super().initStyleOption(option, index)
        row = index.data(KEY_ROLE)
        in_middle = row in CUT_INSIDE
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


def _widest_label() -> int:
    metrics = QFontMetrics(value_font(bold=True))
    return max(metrics.horizontalAdvance(label) for _, label in LABELS.values()) + 8
