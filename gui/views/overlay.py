"""What is painted over a picture: pixel grid, boxes around regions, linked cursor, divider."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gui.theme import DARK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.types import Rect
    from gui.camera import Camera

GRID_FROM: Final = 8.0
"""Zoom from which on pixels are parted by lines."""
SMALLEST_BOX: Final = 9.0
"""Logical pixels; a box around less is drawn larger, so that one pixel can be found."""
MARKER_RADIUS: Final = 9.0

_SHADE, _WHITE = QColor(0, 0, 0, 150), QColor(255, 255, 255, 230)


def paint_grid(painter: QPainter, camera: Camera, view: QSizeF, area: QRectF) -> None:
    """Paint lines between canvas pixels inside `area` (of the view), fading in with the zoom."""
    if camera.zoom < GRID_FROM:
        return
    visible = camera.visible(view).intersected(
        QRectF(camera.to_canvas(area.topLeft(), view), area.size() / camera.scale)
    )
    if visible.isEmpty():
        return
    top_left = camera.to_view(visible.left(), visible.top(), view)
    bottom_right = camera.to_view(visible.right(), visible.bottom(), view)
    lines = []
    for col in range(math.ceil(visible.left()), math.floor(visible.right()) + 1):
        x = camera.to_view(col, 0, view).x()
        lines.append(QLineF(x, top_left.y(), x, bottom_right.y()))
    for row in range(math.ceil(visible.top()), math.floor(visible.bottom()) + 1):
        y = camera.to_view(0, row, view).y()
        lines.append(QLineF(top_left.x(), y, bottom_right.x(), y))
    strength = min((camera.zoom - GRID_FROM) / GRID_FROM, 1.0)
    pen = QPen(QColor(128, 128, 128, int(50 + 60 * strength)), 1 / camera.ratio)
    painter.setPen(pen)
    painter.drawLines(lines)


def box_of(rect: Rect, camera: Camera, view: QSizeF) -> QRectF:
    """Return the box around a canvas rectangle, in the view, never too small to be seen."""
    box = QRectF(
        camera.to_view(rect.col, rect.row, view),
        camera.to_view(rect.right, rect.bottom, view),
    ).adjusted(-1, -1, 1, 1)
    across = max(SMALLEST_BOX - box.width(), 0) / 2
    down = max(SMALLEST_BOX - box.height(), 0) / 2
    return box.adjusted(-across, -down, across, down)


def paint_regions(
    painter: QPainter, rects: Sequence[Rect], current: int | None, camera: Camera, view: QSizeF
) -> None:
    """Paint a box around each region in view; the current one stands out."""
    shown = QRectF(QPointF(-4, -4), QSizeF(view.width() + 8, view.height() + 8))
    boxes = [(i, box_of(r, camera, view)) for i, r in enumerate(rects)]
    # A box far larger than the view is cut to just outside it: QPainter counts in 16 bits.
    seen = {i: b.intersected(shown) for i, b in boxes if b.intersects(shown)}
    chosen = seen.pop(current, None) if current is not None else None
    others = list(seen.values())
    soft = 0.95 if chosen is None else 0.8
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(0, 0, 0, int(150 * soft)), 3))
    painter.drawRects(others)
    painter.setPen(QPen(QColor(190, 218, 255, int(255 * soft)), 1))
    painter.drawRects(others)
    if chosen is not None:
        painter.setPen(QPen(_SHADE, 5, j=Qt.PenJoinStyle.MiterJoin))
        painter.drawRect(chosen)
        painter.setPen(QPen(DARK.accent, 2, j=Qt.PenJoinStyle.MiterJoin))
        painter.drawRect(chosen)


def marker_area(at: QPointF) -> QRectF:
    """Return what `paint_marker` paints on."""
    reach = MARKER_RADIUS + 3
    return QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)


def paint_marker(painter: QPainter, at: QPointF) -> None:
    """Paint the ring that shows where the mouse is in another pane."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    arms = [
        QLineF(at + QPointF(x * 3, y * 3), at + QPointF(x * 6, y * 6))
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1))
    ]
    for colour, width in ((_SHADE, 3.2), (_WHITE, 1.4)):
        painter.setPen(QPen(colour, width, c=Qt.PenCapStyle.RoundCap))
        painter.drawEllipse(at, MARKER_RADIUS, MARKER_RADIUS)
        painter.drawLines(arms)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def paint_divider(painter: QPainter, at: float, view: QSizeF, *, horizontal: bool) -> None:
    """Paint the line between A and B of a swipe, `at` logical pixels from the left (or top)."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    length = view.width() if horizontal else view.height()
    for colour, width in ((QColor(0, 0, 0, 110), 3), (_WHITE, 1)):
        thick = QRectF(at - width / 2, 0, width, length)
        if horizontal:
            thick = QRectF(0, at - width / 2, length, width)
        painter.fillRect(thick, colour)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(QPen(_SHADE, 1))
    painter.setBrush(_WHITE)
    for edge, inward in ((0.0, 8.0), (length, -8.0)):  # small arrow heads on both ends
        points = [QPointF(at - 7, edge), QPointF(at + 7, edge), QPointF(at, edge + inward)]
        if horizontal:
            points = [QPointF(p.y(), p.x()) for p in points]
        painter.drawPolygon(QPolygonF(points))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
