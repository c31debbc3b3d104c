"""What is painted over a picture: pixel grid, boxes around regions, linked cursor, divider."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from gui.theme import DARK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.types import Rect
    from gui.lens import Lens

GRID_FROM: Final = 8.0
"""Zoom from which on pixels are parted by lines."""
SMALLEST_BOX: Final = 9.0
"""Logical pixels; a box around less is drawn larger, so that one pixel can be found."""
MOST_SHADED: Final = 200
"""With more boxes than this each is a light line without its dark rims, which cost time."""
MARKER_RADIUS: Final = 9.0

_STRIP: Final = 32
_SHADE, _WHITE = QColor(0, 0, 0, 150), QColor(255, 255, 255, 230)


def paint_grid(painter: QPainter, camera: Lens, view: QSizeF, area: QRectF) -> None:
    """Paint lines between canvas pixels inside `area` (of the view), fading in with the zoom."""
    if camera.zoom < GRID_FROM:
        return
    visible = camera.visible(view).intersected(
        QRectF(camera.to_canvas(area.topLeft(), view), area.size() / camera.scale)
    )
    if visible.isEmpty():
        return
    origin, scale, ratio = camera.origin(view), camera.scale, camera.ratio
    strength = min((camera.zoom - GRID_FROM) / GRID_FROM, 1.0)
    colour = QColor(128, 128, 128, int(50 + 60 * strength))
    hair = 1 / ratio  # one physical pixel
    left, top = origin.x() + visible.left() * scale, origin.y() + visible.top() * scale
    width, height = visible.width() * scale, visible.height() * scale
    for row in range(math.ceil(visible.top()), math.floor(visible.bottom()) + 1):
        y = round((origin.y() + row * scale) * ratio) / ratio
        painter.fillRect(QRectF(left, y, width, hair), colour)
    # Painted one by one, upright lines cost twenty times as much as level ones: a strip of them
    # is painted once and repeated downwards.
    strip = QPixmap(math.ceil(width * ratio) + 1, _STRIP)
    strip.fill(Qt.GlobalColor.transparent)
    start = round(left * ratio)
    with QPainter(strip) as once:
        for col in range(math.ceil(visible.left()), math.floor(visible.right()) + 1):
            x = round((origin.x() + col * scale) * ratio) - start
            once.fillRect(QRect(x, 0, 1, _STRIP), colour)
    strip.setDevicePixelRatio(ratio)
    painter.drawTiledPixmap(QRectF(start / ratio, top, strip.width() / ratio, height), strip)


def box_of(rect: Rect, origin: QPointF, scale: float) -> QRectF:
    """Return the box around a canvas rectangle, in the view, never too small to be seen."""
    width, height = rect.width * scale + 2, rect.height * scale + 2
    across, down = max(SMALLEST_BOX - width, 0) / 2, max(SMALLEST_BOX - height, 0) / 2
    return QRectF(
        origin.x() + rect.col * scale - 1 - across,
        origin.y() + rect.row * scale - 1 - down,
        width + 2 * across,
        height + 2 * down,
    )


def paint_regions(
    painter: QPainter,
    rects: Sequence[Rect],
    current: int | None,
    camera: Lens,
    view: QSizeF,
    area: QRectF,
) -> None:
    """Paint a box around each region that touches `area`; the current one stands out."""
    origin, scale = camera.origin(view), camera.scale
    reach = (SMALLEST_BOX + 4) / scale
    seen = QRectF((area.topLeft() - origin) / scale, area.size() / scale)
    top, bottom = seen.top() - reach, seen.bottom() + reach
    left, right = seen.left() - reach, seen.right() + reach
    # A box far larger than the view is cut to just outside it: QPainter counts in 16 bits.
    limits = QRectF(-8, -8, view.width() + 16, view.height() + 16)
    boxes = {
        i: box_of(r, origin, scale).intersected(limits)
        for i, r in enumerate(rects)
        if r.row < bottom and r.bottom > top and r.col < right and r.right > left
    }
    chosen = boxes.pop(current, None) if current is not None else None
    others = list(boxes.values())
    strength = 0.95 if chosen is None else 0.8
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if len(others) <= MOST_SHADED:
        painter.setPen(QPen(QColor(0, 0, 0, int(150 * strength)), 0))
        painter.drawRects([b.adjusted(-1, -1, 1, 1) for b in others])
        painter.drawRects([b.adjusted(1, 1, -1, -1) for b in others])
    painter.setPen(QPen(QColor(190, 218, 255, int(255 * strength)), 0))
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
