"""What a pane says when it has no picture, and while files are dragged over it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF

from core.render import Side
from gui.theme import theme, ui_font
from gui.views.chip import LETTERS

EMPTY: Final = {
    Side.A: ("Drop a picture here", "or press Open A"),
    Side.B: ("Drop a picture here", "or press Open B"),
    Side.DIFFERENCE: ("Difference", "appears here once A and B are open"),
}
BOTH: Final = ("Drop two pictures here", "or press Open A and Open B")
WAITING: Final = ("Comparing…", "")
NONE: Final = ("No difference to show", "these two pictures were not compared")


def paint_hint(painter: QPainter, area: QRectF, words: tuple[str, str], *, frame: bool) -> None:
    """Paint an icon and two lines in the middle of `area`; `frame` adds a dashed drop target."""
    colours = theme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    line, small = ui_font(2), ui_font()
    heights = QFontMetrics(line).height(), QFontMetrics(small).height()
    icon = 44.0 if frame else 0.0
    block = icon + (14 if frame else 0) + heights[0] + 4 + heights[1]
    centre = area.center()
    if frame:
        width = min(area.width() - 32, 300.0)
        height = min(block + 64, area.height() - 32)
        box = QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height)
        pen = QPen(_blend(colours.muted, colours.canvas, 0.45), 1.4, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 12, 12)
    top = centre.y() - block / 2
    if frame:
        _paint_icon(painter, QPointF(centre.x(), top + icon / 2), colours.muted)
        top += icon + 14
    for text, font, colour, height in (
        (words[0], line, colours.text, heights[0]),
        (words[1], small, colours.muted, heights[1]),
    ):
        painter.setFont(font)
        painter.setPen(colour)
        room = QRectF(area.left() + 8, top, area.width() - 16, height)
        shown = QFontMetrics(font).elidedText(
            text, Qt.TextElideMode.ElideRight, int(max(room.width(), 0))
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, shown)
        top += height + 4
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def paint_drag_over(painter: QPainter, area: QRectF, side: Side | None) -> None:
    """Tint a pane that would take the files dragged over it, and say what for."""
    colours = theme()
    tint = QColor(colours.accent)
    tint.setAlpha(56)
    painter.fillRect(area, tint)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colours.accent, 3))
    painter.drawRoundedRect(area.adjusted(6, 6, -6, -6), 10, 10)
    font = ui_font(2)
    font.setBold(True)
    text = "Drop to open" if side is None else f"Drop to open as {LETTERS[side]}"
    metrics = QFontMetrics(font)
    pill = QRectF(0, 0, metrics.horizontalAdvance(text) + 36, metrics.height() + 18)
    pill.moveCenter(area.center())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours.accent)
    painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
    painter.setPen(colours.on_accent)
    painter.setFont(font)
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_icon(painter: QPainter, centre: QPointF, colour: QColor) -> None:
    """Paint a picture with hills and a sun, 44 × 34 logical pixels."""
    frame = QRectF(centre.x() - 22, centre.y() - 17, 44, 34)
    painter.setPen(QPen(colour, 2, j=Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(frame, 5, 5)
    x, y = frame.left(), frame.bottom()
    hills = ((4, -7), (14, -18), (22, -10), (28, -15), (40, -5))
    painter.drawPolyline(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in hills]))
    painter.drawEllipse(QPointF(frame.right() - 11, frame.top() + 10), 3.2, 3.2)


def _blend(colour: QColor, other: QColor, share: float) -> QColor:
    """Return a mix with `share` of `other`."""
    red, green, blue = (
        x + (y - x) * share
        for x, y in (
            (colour.redF(), other.redF()),
            (colour.greenF(), other.greenF()),
            (colour.blueF(), other.blueF()),
        )
    )
    return QColor.fromRgbF(red, green, blue)
