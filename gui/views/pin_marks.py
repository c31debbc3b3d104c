"""Crosses at the pins: the same feature, marked in A and in B."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from core.render import Side
from gui.theme import DARK, ui_font
from gui.views.chip import BACKING

if TYPE_CHECKING:
    Point = tuple[float, float]

ARM: Final = 11.0
GAP: Final = 3.0
"""Around its middle a cross leaves the feature free, logical pixels."""
_SHADE: Final = QColor(0, 0, 0, 170)


@dataclass(frozen=True, slots=True)
class PinMark:
    """One pin to paint.

    Attributes
    ----------
    number
        What stands beside it; the first is 1.
    a, b
        Where it is in A and in B, as (x, y) on the canvas where the pictures lie now; None where a
        pin still waits for its second point.
    chosen
        Whether it is the one that keys are for.
    """

    number: int
    a: Point | None
    b: Point | None
    chosen: bool = False

    def at(self, side: Side) -> Point | None:
        """Return where it is in the picture of a side."""
        return {Side.A: self.a, Side.B: self.b}.get(side)


def paint_pin(painter: QPainter, mark: PinMark, side: Side, at: QPointF) -> None:
    """Paint the cross of a pin with its middle at a point of the view, and its number."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    colour = DARK.a if side is Side.A else DARK.b
    arms = [
        QLineF(at + QPointF(x * GAP, y * GAP), at + QPointF(x * ARM, y * ARM))
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1))
    ]
    for tint, width in ((_SHADE, 4.2), (colour, 2.0)):
        painter.setPen(QPen(tint, width, c=Qt.PenCapStyle.RoundCap))
        painter.drawLines(arms)
    if mark.chosen:
        for tint, width in ((_SHADE, 3.6), (QColor("white"), 1.6)):
            painter.setPen(QPen(tint, width))
            painter.drawEllipse(at, ARM + 3, ARM + 3)
    font = ui_font(-0.5)
    font.setBold(True)
    text, metrics = str(mark.number), QFontMetrics(font)
    width, height = metrics.horizontalAdvance(text) + 8, metrics.height()
    box = QRectF(at.x() + ARM - 2, at.y() - ARM - height + 4, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(BACKING)
    painter.drawRoundedRect(box, 4, 4)
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
