"""The map of distances between frames: painted, pointed at, and chosen from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.colormaps import lut
from core.format import number
from core.measures.histogram import KL_LIMIT
from core.sequence.distances import COLORS, picture
from gui.qimage import lut_image, to_screen
from gui.sequence.distance_marks import BAR, GAP, paint_cross, paint_legend, paint_pair, ticks
from gui.theme import number_font, theme, ui_font

if TYPE_CHECKING:
    from core.sequence.distances import DistanceMap

LEAST: Final = 320
"""Logical pixels along a side of the map, at least; and no fewer than it has cells: a cell that is
skipped may be the one that matters."""
JUMP: Final = 10
"""Cells that an arrow key moves by with Shift."""
_ARROWS: Final = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
_CHOOSING: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)

Cell = tuple[int, int]


class DistanceView(QWidget):
    """Shows a map, and lets a cell of it be pointed at and chosen.

    Signals
    -------
    cell_changed(tuple | None)
        The cell (row, col) that mouse or keys point at.
    chosen(int, int)
        The numbers of the two frames of a cell.
    """

    cell_changed = Signal(object)
    chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._map: DistanceMap | None = None
        self._image: QImage | None = None
        self._bar = lut_image(lut(COLORS))
        self._cell: Cell | None = None
        self._pair: Cell | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Distances between frames")
        self.setCursor(Qt.CursorShape.CrossCursor)

    # -- in ------------------------------------------------------------------------------------

    def show_map(self, found: DistanceMap | None) -> None:
        """Show a map, or none."""
        self._map = found
        self._image = None if found is None else to_screen(picture(found))
        self._pair = None
        self._point(None)
        self.updateGeometry()
        self.update()

    def show_pair(self, i: int, j: int) -> None:
        """Mark the cell of two frames; none where one of them is not on the map."""
        self._pair = None if self._map is None else self._map.cell_of(i, j)
        self.update()

    @property
    def cell(self) -> Cell | None:
        """The cell that is pointed at."""
        return self._cell

    @property
    def pair(self) -> Cell | None:
        """The cell that is marked."""
        return self._pair

    # -- where things are ----------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Return a size at which a map of the most cells is seen whole."""
        return self._around(640)

    def minimumSizeHint(self) -> QSize:
        """Return the size at which every cell has a pixel."""
        return self._around(max(LEAST, self._map.size if self._map else 0))

    def _around(self, side: int) -> QSize:
        left, top, right, bottom = self._margins()
        return QSize(side + left + right, side + top + bottom)

    def _margins(self) -> tuple[int, int, int, int]:
        """Return what is left of, above, right of and below the map."""
        numbers = QFontMetrics(number_font(-1))
        last = self._map.span[1] if self._map else 0
        left = numbers.horizontalAdvance(number(max(last, 999))) + 26
        right = GAP + BAR + 8 + numbers.horizontalAdvance(f"{number(KL_LIMIT)} limit") + 4
        return left, numbers.height() // 2 + 2, right, 2 * numbers.height() + 12

    def map_rect(self) -> QRectF:
        """Return the square that the cells fill."""
        left, top, right, bottom = self._margins()
        wide, high = self.width() - left - right, self.height() - top - bottom
        side = max(min(wide, high), 1)
        return QRectF(left + (wide - side) // 2, top + (high - side) // 2, side, side)

    def rect_of(self, cell: Cell) -> QRectF:
        """Return where a cell is."""
        area = self.map_rect()
        each = area.width() / (self._map.size if self._map else 1)
        return QRectF(area.left() + cell[1] * each, area.top() + cell[0] * each, each, each)

    def cell_at(self, at: QPointF) -> Cell | None:
        """Return the cell at a place; None beside the map."""
        area = self.map_rect()
        if self._map is None or not area.contains(at):
            return None
        each = area.width() / self._map.size
        last = self._map.size - 1
        row, col = (at.y() - area.top()) / each, (at.x() - area.left()) / each
        return min(int(row), last), min(int(col), last)

    # -- painting ------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint map, axes, legend and marks."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme().window)
        area = self.map_rect()
        paint_legend(painter, area, self._bar)
        if self._map is None or self._image is None:
            painter.fillRect(area, theme().canvas)
            painter.end()
            return
        painter.drawImage(area, self._image)
        self._paint_axes(painter, self._map, area)
        painter.setClipRect(area)
        if self._cell is not None:
            paint_cross(painter, area, self.rect_of(self._cell))
        if self._pair is not None:
            paint_pair(painter, self.rect_of(self._pair))
        painter.setClipping(False)
        frame = theme().accent if self.hasFocus() else theme().border
        painter.setPen(QPen(frame, 1))
        painter.drawRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.end()

    def _paint_axes(self, painter: QPainter, found: DistanceMap, area: QRectF) -> None:
        painter.setFont(number_font(-1))
        metrics = painter.fontMetrics()
        each, tall = area.width() / found.size, metrics.height()
        for value in ticks(*found.span, int(area.width() / 70)):
            at = round((found.along(value) + 0.5 / found.step) * each) + 0.5  # a frame's middle
            text = number(value)
            painter.setPen(theme().border)
            x, y = area.left() + at, area.top() + at
            painter.drawLine(QPointF(x, area.bottom() + 1), QPointF(x, area.bottom() + 5))
            painter.drawLine(QPointF(area.left() - 5, y), QPointF(area.left() - 1, y))
            painter.setPen(theme().muted)
            wide = metrics.horizontalAdvance(text)
            painter.drawText(QPointF(x - wide / 2, area.bottom() + 5 + metrics.ascent()), text)
            box = QRectF(0, y - tall / 2, area.left() - 8, tall)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
        painter.setFont(ui_font(-1))
        painter.setPen(theme().text)
        foot = QRectF(area.left(), area.bottom() + 6 + tall, area.width(), tall + 2)
        painter.drawText(foot, Qt.AlignmentFlag.AlignCenter, "frame j, judged by frame i")
        painter.save()
        painter.translate(area.left() - self._margins()[0] + tall / 2 + 1, area.center().y())
        painter.rotate(-90)
        side = QRectF(-area.height() / 2, -tall / 2, area.height(), tall)
        painter.drawText(side, Qt.AlignmentFlag.AlignCenter, "frame i")
        painter.restore()

    # -- mouse and keys ------------------------------------------------------------------------

    def _point(self, cell: Cell | None) -> None:
        if cell != self._cell:
            self._cell = cell
            self.cell_changed.emit(cell)
            self.update()

    def _choose(self) -> None:
        if self._map is not None and self._cell is not None:
            self.chosen.emit(*self._map.pair_at(*self._cell))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the cell under the mouse."""
        self._point(self.cell_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the cell under the mouse."""
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self._point(self.cell_at(event.position()))
            self._choose()

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing."""
        super().leaveEvent(event)
        self._point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the crosshair by arrow keys, ten cells with Shift; choose by Enter."""
        key = Qt.Key(event.key())
        if self._map is None or key not in (*_ARROWS, *_CHOOSING):
            super().keyPressEvent(event)
        elif key in _CHOOSING:
            self._choose()
        elif self._cell is None:
            self._point(self._pair or (0, 0))
        else:
            far = JUMP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            last = self._map.size - 1
            moved = [
                min(max(at + far * by, 0), last)
                for at, by in zip(self._cell, _ARROWS[key], strict=True)
            ]
            self._point((moved[0], moved[1]))
