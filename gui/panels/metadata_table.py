"""View of the table of what the files say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QEvent,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QResizeEvent,
)
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

from core.metadata import LABELS
from gui.panels.metadata_model import FIELD, KEY_ROLE, MARK, A, B, Index, MetadataModel, value_font
from gui.theme import number_font, theme, ui_font

if TYPE_CHECKING:
    from core.metadata import Row

ROW_HEIGHT: Final = 22
MARK_WIDTH: Final = 18
CUT_INSIDE: Final = ("name", "folder", "sha256")
"""Fields that are cut in their middle where they are too long; they stay on one line."""
_AROUND: Final = 8
"""Logical pixels of a cell left and right of its text."""


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
        self._model = model
        self.setModel(model)
        self.setItemDelegate(_Cells(self))
        self.setAccessibleName("What the files say")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(True)
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
            tall = self._row_height() + (lines - 1) * QFontMetrics(number_font()).height()
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
