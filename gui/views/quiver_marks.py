"""What an alignment leaves, on the pictures: arrows, the outline of the overlap, and a legend."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from gui.theme import ui_font
from gui.views.chip import FAINT_INK, INK, MARGIN, chip_height, paint_backing
from gui.views.modes import Corner

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.alignment.quiver import Quiver
    from core.alignment.types import Arrow
    from gui.lens import Lens
    from gui.views.modes import Part

LENGTH: Final = 24.0
"""Logical pixels of the median arrow, about."""
LONGEST: Final = 5 * LENGTH
"""A longer arrow is cut there, and gets two heads."""
HEAD: Final = 6.0
_DOT: Final = 3.2
_SHADE: Final = QColor(0, 0, 0, 190)
_COUNTED: Final = QColor("#7dffc4")
_UNCOUNTED: Final = QColor("#ff9ed6")
_PAD: Final = 9.0


def factor_of(quiver: Quiver, lens: Lens) -> int:
    """Return by how much the arrows are magnified at a zoom."""
    return quiver.factor(LENGTH / lens.scale)


def paint_quiver(painter: QPainter, quiver: Quiver, lens: Lens, view: QSizeF) -> None:
    """Paint the outline of the overlap, and the arrows that begin in view."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    origin, scale = lens.origin(view), lens.scale
    limits = QRectF(QPointF(0, 0), view).adjusted(-LONGEST, -LONGEST, LONGEST, LONGEST)
    corners = [origin + QPointF(x, y) * scale for x, y in quiver.outline]
    sides = [QLineF(p, q) for p, q in zip(corners, [*corners[1:], *corners[:1]], strict=True)]
    sides = [cut for side in sides if (cut := clipped(side, limits)) is not None]
    factor = factor_of(quiver, lens)
    for colour, width in ((_SHADE, 3.0), (_COUNTED, 1.0)):
        painter.setPen(QPen(colour, width))
        painter.drawLines(sides)
    for counted, colour in ((True, _COUNTED), (False, _UNCOUNTED)):
        some = [a for a in quiver.arrows if a.counted is counted]
        _paint_arrows(painter, some, origin, scale, factor, limits, colour, dashed=not counted)
    painter.restore()


def _paint_arrows(
    painter: QPainter,
    arrows: Iterable[Arrow],
    origin: QPointF,
    scale: float,
    factor: int,
    limits: QRectF,
    colour: QColor,
    *,
    dashed: bool,
) -> None:
    shafts, heads, dots = [], [], []
    for arrow in arrows:
        start = origin + QPointF(arrow.x, arrow.y) * scale
        if not limits.contains(start):
            continue
        dots.append(start)
        way = QPointF(arrow.dx, arrow.dy) * (scale * factor)
        length = math.hypot(way.x(), way.y())
        if length >= _DOT:
            shown = min(length, LONGEST)
            unit = way / length
            shafts.append(QLineF(start, start + unit * shown))
            heads += _head(start + unit * shown, unit, shown)
            if length > LONGEST:
                heads += _head(start + unit * (shown - HEAD), unit, shown)
    core = QPen(colour, 1.5, c=Qt.PenCapStyle.RoundCap)
    if dashed:
        core.setDashPattern([2.5, 2.5])
    for pen, solid in ((QPen(_SHADE, 3.6, c=Qt.PenCapStyle.RoundCap),) * 2, (core, QPen(core))):
        painter.setPen(pen)
        painter.drawLines(shafts)
        solid.setStyle(Qt.PenStyle.SolidLine)
        painter.setPen(solid)
        painter.drawLines(heads)
    for shade, width in ((_SHADE, 5.0), (colour, 2.8)):
        painter.setPen(QPen(shade, width, c=Qt.PenCapStyle.RoundCap))
        painter.drawPoints(dots)


def _head(tip: QPointF, unit: QPointF, length: float) -> list[QLineF]:
    """Return the two barbs of an arrow whose tip and direction are known."""
    size = min(HEAD, 0.6 * length)
    across = QPointF(-unit.y(), unit.x()) * (0.55 * size)
    back = tip - unit * size
    return [QLineF(tip, back + across), QLineF(tip, back - across)]


def clipped(line: QLineF, area: QRectF) -> QLineF | None:
    """Return the part of a line inside a rectangle; None for nothing.

    A line far longer than the view is painted slowly, or not at all.
    """
    first, last = 0.0, 1.0
    for start, step, low, high in (
        (line.x1(), line.dx(), area.left(), area.right()),
        (line.y1(), line.dy(), area.top(), area.bottom()),
    ):
        if step == 0.0:
            if not low <= start <= high:
                return None
            continue
        enter, leave = sorted(((low - start) / step, (high - start) / step))
        first, last = max(first, enter), min(last, leave)
    return QLineF(line.pointAt(first), line.pointAt(last)) if first < last else None


def paint_words(
    painter: QPainter, quiver: Quiver, lens: Lens, view: QSizeF, parts: Sequence[Part]
) -> None:
    """Paint the legend into the lower left corner, above a name that stands there."""
    above = chip_height() + MARGIN if any(p.corner is Corner.BOTTOM_LEFT for p in parts) else 0
    lines = quiver.words(factor_of(quiver, lens))
    font = ui_font(-1)
    metrics = QFontMetrics(font)
    height, sample = metrics.height() + 3.0, 22.0 if quiver.arrows else 0.0
    gap = 7.0 if sample else 0.0
    width = 2 * _PAD + sample + gap + max(metrics.horizontalAdvance(line) for line in lines)
    tall = height * len(lines) + 8.0
    box = QRectF(MARGIN, view.height() - MARGIN - above - tall, width, tall)
    paint_backing(painter, box)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setFont(font)
    for i, line in enumerate(lines):
        row = QRectF(box.left() + _PAD, box.top() + 4 + i * height, width - 2 * _PAD, height)
        if sample:
            _paint_sample(painter, row, sample, counted=i == 0)
        painter.setPen(INK if i == 0 else FAINT_INK)
        at = row.adjusted(sample + gap, 0, 2, 0)
        painter.drawText(at, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, line)
    painter.restore()


def _paint_sample(painter: QPainter, row: QRectF, length: float, *, counted: bool) -> None:
    start = QPointF(row.left() + 2, row.center().y())
    tip = start + QPointF(length - 3, 0)
    pen = QPen(_COUNTED if counted else _UNCOUNTED, 1.5, c=Qt.PenCapStyle.RoundCap)
    dashed = QPen(pen)
    if not counted:
        dashed.setDashPattern([2.5, 2.5])
    painter.setPen(dashed)
    painter.drawLine(QLineF(start, tip))
    painter.setPen(pen)
    painter.drawLines(_head(tip, QPointF(1, 0), length))
