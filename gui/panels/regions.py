"""The list of connected differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QImage, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QListView,
    QMenu,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.format import number
from gui.panels.region_rows import ROW_HEIGHT, RegionDelegate, RegionModel
from gui.widgets.section_header import SectionHeader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.types import Region

SORTS: Final = {"area": "by area", "peak": "by peak", "position": "by position"}
EMPTY: Final = "No differences over the tolerance."
UNKNOWN: Final = "Differences are listed here once A and B are compared."


class RegionsPanel(QWidget):
    """Every region with both pictures of it; a click shows the place.

    An index is always the place in the tuple that was shown, whatever the order on screen.

    Signals
    -------
    region_clicked(int)
        A person chose a region, with the mouse or the keys.
    """

    region_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.header = SectionHeader("Regions", self)
        self._total = 0
        self._sort = "area"
        menu = QMenu(self)
        group = QActionGroup(menu)
        for key, label in SORTS.items():
            item = menu.addAction(label)
            item.setCheckable(True)
            item.setChecked(key == self._sort)
            item.triggered.connect(lambda _=False, k=key: self.sort_by(k))
            group.addAction(item)
        self.sort_link = self.header.add_link("", "Order of the list.", menu)
        self.model = RegionModel(self)
        self.list = _List(self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(RegionDelegate(self.list))
        self.list.chosen.connect(self._on_chosen)
        self.empty = QLabel(EMPTY, self)
        self.empty.setProperty("role", "muted")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 6, 6)
        column.setSpacing(2)
        column.addWidget(self.header)
        column.addWidget(self.empty, 1)
        column.addWidget(self.list, 1)
        self.show_nothing()

    def show_regions(
        self,
        regions: tuple[Region, ...],
        total: int,
        thumbnails: Sequence[tuple[QImage, QImage]] = (),
    ) -> None:
        """Show regions, how many there are in all, and (A, B) thumbnails for the first of them."""
        self._total = total
        self.empty.setText(EMPTY)
        self.model.show(regions, thumbnails)
        self.model.sort_by(self._sort)
        self._refresh()

    def show_nothing(self) -> None:
        """Show no region, and do not say that there is none: it is not known."""
        self.show_regions((), 0)
        self.empty.setText(UNKNOWN)

    def show_pending(self) -> None:
        """Say that the regions are being computed; those shown turn pale."""
        self.model.set_pending(True)
        if not self.model.rowCount():
            self.empty.setText("computing…")
        self.header.note.setText("computing…")

    def show_current(self, index: int) -> None:
        """Mark a region as the one in view, or none with -1; nothing is emitted."""
        row = self.model.row_of(index)
        with QSignalBlocker(self.list):
            if row < 0:
                self.list.clearSelection()
                self.list.setCurrentIndex(QModelIndex())
            else:
                self.list.setCurrentIndex(self.model.index(row, 0))
                self.list.scrollTo(self.list.currentIndex())

    def sort_by(self, key: str) -> None:
        """Order by ``"area"``, ``"peak"`` (largest first) or ``"position"`` (top to bottom)."""
        current = self.model.region_index(self.list.currentIndex())
        self._sort = key
        self.model.sort_by(key)
        self.show_current(current)
        self._refresh()

    def _on_chosen(self, index: QModelIndex) -> None:
        region = self.model.region_index(index)
        if region >= 0:
            self.region_clicked.emit(region)

    def _refresh(self) -> None:
        listed = self.model.rowCount()
        self.header.note.setText("")
        self.list.setVisible(listed > 0)
        self.empty.setVisible(listed == 0)
        if not listed and self._total:
            self.empty.setText(
                f"{number(self._total)} regions, all smaller than the smallest to be listed."
            )
        self.sort_link.setVisible(listed > 0)
        count = number(listed) if listed == self._total else f"{listed:,} of {self._total:,}"
        self.sort_link.setText(f"{count}, {SORTS[self._sort]} ▾")


class _List(QListView):
    """A list that tells of a click, and of a move with the keys."""

    chosen = Signal(QModelIndex)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setAccessibleName("Regions")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(2 * ROW_HEIGHT)
        self.clicked.connect(self.chosen)

    def sizeHint(self) -> QSize:
        """Return room for all rows, but for at most eight."""
        rows = min(max(self.model().rowCount(), 2), 8)
        return QSize(300, rows * ROW_HEIGHT + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move; Enter shows the current place again."""
        before = self.currentIndex()
        super().keyPressEvent(event)
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter or self.currentIndex() != before:
            self.chosen.emit(self.currentIndex())
