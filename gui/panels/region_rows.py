"""Model and painter of the rows in the list of regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from core.format import number
from gui.theme import number_font, theme, ui_font

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.types import Region

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT: Final = 36
THUMB: Final = QSize(34, 28)
PALE: Final = 0.45
Texts = tuple[str, str, str, str]
ROW_ROLE: Final = int(Qt.ItemDataRole.UserRole)
_NO_PARENT: Final = QModelIndex()


class RegionModel(QAbstractListModel):
    """Regions in the order chosen; a row hands itself on by `ROW_ROLE`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._regions: tuple[Region, ...] = ()
        self._thumbnails: Sequence[tuple[QImage, QImage]] = ()
        self._order: list[int] = []
        self.pending = False
        self.largest: Texts = ("", "", "", "")

    def show(
        self, regions: tuple[Region, ...], thumbnails: Sequence[tuple[QImage, QImage]]
    ) -> None:
        """Show regions in the order given; the same regions again keep order and selection."""
        if regions == self._regions:
            self._thumbnails = thumbnails
            self.set_pending(False)
            return
        self.beginResetModel()
        self._regions, self._thumbnails = regions, thumbnails
        self._order = list(range(len(regions)))
        self.pending = False
        texts = [texts_of(i, r) for i, r in enumerate(regions)]
        self.largest = (
            max((t[0] for t in texts), key=len, default=""),
            max((t[1] for t in texts), key=len, default=""),
            max((t[2] for t in texts), key=len, default=""),
            max((t[3] for t in texts), key=len, default=""),
        )
        self.endResetModel()

    def set_pending(self, pending: bool) -> None:
        """Say whether the rows answer an earlier question."""
        self.pending = pending
        if self._order:
            self.dataChanged.emit(self.index(0), self.index(len(self._order) - 1))

    def sort_by(self, key: str) -> None:
        """Order by area or peak (largest first), or by position (top to bottom, left to right)."""
        regions = self._regions

        def rank(i: int) -> tuple[float, ...]:
            r = regions[i]
            if key == "position":
                return (r.rect.row, r.rect.col, i)
            return (-(r.peak if key == "peak" else r.area), i)

        self.layoutAboutToBeChanged.emit()
        self._order.sort(key=rank)
        self.layoutChanged.emit()

    def region_index(self, index: Index) -> int:
        """Return which region a row shows; -1 outside."""
        return self._order[index.row()] if index.isValid() else -1

    def row_of(self, region: int) -> int:
        """Return the row that shows a region; -1 when there is none."""
        return self._order.index(region) if region in self._order else -1

    def rowCount(self, _parent: Index = _NO_PARENT) -> int:
        """Return how many regions are listed."""
        return len(self._order)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the row itself, its text, or its tooltip."""
        i = self._order[index.row()]
        region = self._regions[i]
        if role == ROW_ROLE:
            pair = self._thumbnails[i] if i < len(self._thumbnails) else None
            return i, region, pair
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            name, place, area, peak = texts_of(i, region)
            return f"{name}  {place}  {area}, {peak}"
        if role == Qt.ItemDataRole.ToolTipRole:
            size = f"{region.rect.width} × {region.rect.height} px"
            row, col = region.peak_at
            return (
                f"Region {i + 1}: {size} at x {region.rect.col}, y {region.rect.row}\n"
                f"{number(region.area)} changed pixels, mean {number(region.mean)},"
                f" largest difference {number(region.peak)} at x {col}, y {row}"
            )
        return None


def texts_of(index: int, region: Region) -> Texts:
    """Return number, place, area and peak of a row."""
    place = f"x {region.rect.col} y {region.rect.row}"
    peak = f"peak {number(region.peak)}"
    return f"#{index + 1}", place, f"{number(region.area)} px", peak


class RegionDelegate(QStyledItemDelegate):
    """Paints a row: thumbnails of A and B, number, place, area, peak."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the height of all rows."""
        return QSize(200, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a row without copying anything."""
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        model = index.model()
        t, (i, region, pair) = theme(), index.data(ROW_ROLE)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(t.accent, 1) if selected else Qt.PenStyle.NoPen)
            painter.setBrush(t.hover)
            painter.drawRoundedRect(rect.adjusted(0, 1, -1, -3), 5, 5)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        else:
            painter.setPen(t.grid)
            painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
        if isinstance(model, RegionModel) and model.pending:
            painter.setOpacity(PALE)
        x = rect.left() + 5
        y = rect.top() + (ROW_HEIGHT - THUMB.height()) // 2 - 1
        for image in pair or (None, None):
            _paint_thumbnail(painter, QRect(x, y, THUMB.width(), THUMB.height()), image)
            x += THUMB.width() + 4
        widest = model.largest if isinstance(model, RegionModel) else texts_of(i, region)
        text = QRect(x + 4, rect.top(), rect.right() - x - 10, rect.height() - 2)
        _paint_texts(painter, text, texts_of(i, region), widest)
        painter.restore()


def _paint_thumbnail(painter: QPainter, box: QRect, image: QImage | None) -> None:
    t = theme()
    painter.fillRect(box, t.canvas)
    if image is not None and not image.isNull():
        ratio = painter.device().devicePixelRatio()
        fitted = image.scaled(
            box.size() * ratio,
            Qt.AspectRatioMode.KeepAspectRatioByExpanding,
            Qt.TransformationMode.SmoothTransformation,
        )
        middle = QRect(0, 0, round(box.width() * ratio), round(box.height() * ratio))
        middle.moveCenter(fitted.rect().center())
        painter.drawImage(box, fitted, middle)
    painter.setPen(t.border)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box.adjusted(0, 0, -1, -1))


def _paint_texts(painter: QPainter, box: QRect, texts: Texts, widest: Texts) -> None:
    """Paint number, place, area and peak in columns that line up from row to row."""
    t = theme()
    name, place, area, peak = texts
    left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    painter.setFont(ui_font())
    painter.setPen(t.text)
    painter.drawText(box, int(left), name)
    x = box.left() + max(painter.fontMetrics().horizontalAdvance(widest[0]) + 10, 30)
    font = number_font(-0.5)
    metrics = QFontMetrics(font)
    painter.setFont(font)
    painter.setPen(t.muted)
    peak_width = metrics.horizontalAdvance(widest[3])
    room = box.right() - x
    place_width = metrics.horizontalAdvance(widest[1])
    area_width = metrics.horizontalAdvance(widest[2])
    has_peak = place_width + area_width + peak_width + 20 <= room
    end = box.right() - (peak_width + 10 if has_peak else 0)
    painter.drawText(QRect(x, box.top(), place_width + 4, box.height()), int(left), place)
    area_box = QRect(x + place_width + 4, box.top(), end - x - place_width - 4, box.height())
    painter.setPen(t.text)
    painter.drawText(area_box, int(right), area)
    if has_peak:
        painter.setPen(t.muted)
        painter.drawText(QRect(end, box.top(), box.right() - end, box.height()), int(right), peak)
