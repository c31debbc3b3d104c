"""A table without frame, headers or scroll bars that lies in a panel like text."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from gui.theme import theme, ui_font

AROUND: Final = 8
"""Logical pixels of a row above and below its text, together."""


class FlatTable(QTableView):
    """A table of which whole rows are chosen; how high it is, its heirs decide.

    Parameters
    ----------
    row_height
        The least, in logical pixels; more where the letters need it.

    Signals
    -------
    copy_wanted()
        The copy key was pressed here. It is no shortcut, because the window has one of that name
        for the whole table.
    """

    copy_wanted = Signal()

    def __init__(self, row_height: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._least = row_height
        self.setFont(ui_font())
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(self.row_height())
        self.verticalHeader().setDefaultSectionSize(self.row_height())
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def row_height(self) -> int:
        """Return the height of a row of one line, in logical pixels."""
        return max(self._least, self.fontMetrics().height() + AROUND)

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


class RowPainter(QStyledItemDelegate):
    """Paints cells and a fine line under each; the first column starts at the very left."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint a cell and the line under it."""
        flush = QStyleOptionViewItem(option)
        if index.column() == 0:  # the style indents texts by its focus margin
            flush.rect = option.rect.adjusted(-3, 0, 0, 0)
        super().paint(painter, flush, index)
        rect = option.rect
        painter.save()
        painter.setPen(theme().grid)
        painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
        painter.restore()
