"""What is painted on and beside the map of distances: legend, crosshair, ring, round numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from core.format import number
from core.measures.histogram import KL_LIMIT
from core.sequence.distances import TICKS, place
from gui.theme import number_font, theme

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

BAR: Final = 14
"""Logical pixels across the bar of the legend."""
GAP: Final = 18
"""Between the map and the bar."""
_SHADE: Final = QColor(0, 0, 0, 150)
_LIGHT: Final = QColor(255, 255, 255, 230)
_PAIR: Final = QColor("#5fe3ff")  # no colour of the map


def paint_legend(painter: QPainter, area: QRectF, bar_image: QImage) -> None:
    """Paint the bar of colours to the right of the map, with the limit marked."""
    bar = QRectF(area.right() + GAP, area.top(), BAR, area.height())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
    painter.drawImage(bar, bar_image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.setPen(theme().border)
    painter.drawRect(bar.adjusted(-0.5, -0.5, 0.5, 0.5))
    painter.setFont(number_font(-1))
    tall = painter.fontMetrics().height()
    for value in TICKS:
        limit = value == KL_LIMIT
        y = round(bar.bottom() - place(value) * bar.height()) + 0.5
        painter.setPen(QPen(theme().danger if limit else theme().muted, 2 if limit else 1))
        start = bar.left() - 4 if limit else bar.right() + 1
        painter.drawLine(QPointF(start, y), QPointF(bar.right() + 5, y))
        painter.setPen(theme().danger if limit else theme().muted)
        text = f"{number(value)} limit" if limit else number(value)
        box = QRectF(bar.right() + 8, y - tall / 2, 120, tall)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
    painter.setPen(theme().text)
    foot = QRectF(bar.left() - 8, bar.bottom() + 6 + tall, 100, tall + 2)
    painter.drawText(foot, Qt.AlignmentFlag.AlignVCenter, "KL, nats")


def paint_cross(painter: QPainter, area: QRectF, cell: QRectF) -> None:
    """Paint lines from the edges of the map to a cell, and a box around it."""
    middle = cell.center()
    x, y = math.floor(middle.x()) + 0.5, math.floor(middle.y()) + 0.5
    away = max(cell.width() / 2, 4.0)
    lines = (
        (QPointF(area.left(), y), QPointF(x - away, y)),
        (QPointF(x + away, y), QPointF(area.right(), y)),
        (QPointF(x, area.top()), QPointF(x, y - away)),
        (QPointF(x, y + away), QPointF(x, area.bottom())),
    )
    for colour, width in ((_SHADE, 3), (_LIGHT, 1)):
        painter.setPen(QPen(colour, width))
        for start, end in lines:
            painter.drawLine(start, end)
        painter.drawRect(QRectF(x - away, y - away, 2 * away, 2 * away))


def paint_pair(painter: QPainter, cell: QRectF) -> None:
    """Paint a ring around a cell."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    radius = max(cell.width() * 0.72, 7.0)
    for colour, width in ((_SHADE, 5.0), (_PAIR, 2.2)):
        painter.setPen(QPen(colour, width))
        painter.drawEllipse(cell.center(), radius, radius)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def ticks(first: int, last: int, most: int) -> list[int]:
    """Return round numbers from first to last, about `most` of them, at least one."""
    wanted = (last - first) / max(most, 1)
    power = 10 ** max(math.floor(math.log10(wanted)), 0) if wanted > 0 else 1
    step = next(m * power for m in (1, 2, 5, 10, 20) if m * power >= wanted)
    return list(range(-(-first // step) * step, last + 1, step)) or [first]
