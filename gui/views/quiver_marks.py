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

LENGTHS: Final = 10.0, 24.0
"""Logical pixels of the median arrow, about: the less the closer arrows stand to each other."""
LONGEST: Final = 4.0
"""Lengths at which a longer arrow is cut, and gets two heads."""
HEAD: Final = 6.0
_DOT: Final = 3.2
_SHADE: Final = QColor(0, 0, 0, 190)
_COUNTED: Final = QColor("#7dffc4")
_UNCOUNTED: Final = QColor("#ff9ed6")
_PAD: Final = 9.0


def length_of(quiver: Quiver, lens: Lens) -> float:
    """Return about how long the median arrow is to be at a zoom, in logical pixels."""
    low, high = LENGTHS
    return min(max(0.55 * quiver.spacing * lens.scale, low), high)


def factor_of(quiver: Quiver, lens: Lens) -> int:
    """Return by how much the arrows are magnified at a zoom."""
    return quiver.factor(length_of(quiver, lens) / lens.scale)


def paint_quiver(painter: QPainter, quiver: Quiver, lens: Lens, view: QSizeF, area: QRectF) -> None:
    """Paint the outline of the overlap, and the arrows that touch `area` (of the view)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    origin, scale = lens.origin(view), lens.scale
    most = LONGEST * length_of(quiver, lens)
    limits = area.adjusted(-most, -most, most, most)
    corners = [origin + QPointF(x, y) * scale for x, y in quiver.outline]
    sides = [QLineF(p, q) for p, q in zip(corners, [*corners[1:], *corners[:1]], strict=True)]
    sides = [cut for side in sides if (cut := clipped(side, limits)) is not None]
    factor = factor_of(quiver, lens)
    for colour, width in ((_SHADE, 3.0), (_COUNTED, 1.0)):
        painter.setPen(QPen(colour, width))
        painter.drawLines(sides)
    for counted, colour in ((True, _COUNTED), (False, _UNCOUNTED)):
        some = [a for a in quiver.arrows if a.counted is counted]
        drawn = _Arrows(some, origin, scale, factor, most, limits, ending=quiver.ending)
        drawn.paint(painter, colour, dashed=not counted)
    painter.restore()


class _Arrows:
    """The lines that arrows are made of: shafts, heads, and the places where they begin."""

    def __init__(
        self,
        arrows: Iterable[Arrow],
        origin: QPointF,
        scale: float,
        factor: int,
        most: float,
        limits: QRectF,
        *,
        ending: bool,
    ) -> None:
        self.shafts: list[QLineF] = []
        self.heads: list[QLineF] = []
        self.dots: list[QPointF] = []
        for arrow in arrows:
            place = origin + QPointF(arrow.x, arrow.y) * scale
            if limits.contains(place):
                way = QPointF(arrow.dx, arrow.dy) * (scale * factor)
                self._add(place, way, most, ending=ending)

    def _add(self, place: QPointF, way: QPointF, most: float, *, ending: bool) -> None:
        length = math.hypot(way.x(), way.y())
        if length < _DOT:
            self.dots.append(place)
            return
        shown, unit = min(length, most), way / length
        start = place - unit * shown if ending else place
        self.dots.append(start)
        self.shafts.append(QLineF(start, start + unit * shown))
        self.heads += _head(start + unit * shown, unit, shown)
        if length > most:
            self.heads += _head(start + unit * (shown - HEAD), unit, shown)

    def paint(self, painter: QPainter, colour: QColor, *, dashed: bool) -> None:
        """Paint them light on dark, so that they are seen on any picture.

        Lines with round ends cost ten times as much.
        """
        painter.setPen(QPen(_SHADE, 3.6, c=Qt.PenCapStyle.FlatCap))
        painter.drawLines([*self.shafts, *self.heads])
        core = QPen(colour, 1.5, c=Qt.PenCapStyle.FlatCap)
        painter.setPen(core)
        painter.drawLines(self.heads)
        if dashed:
            core.setDashPattern([2.5, 2.5])
            painter.setPen(core)
        painter.drawLines(self.shafts)
        for shade, width in ((_SHADE, 5.0), (colour, 2.8)):
            painter.setPen(QPen(shade, width, c=Qt.PenCapStyle.RoundCap))
            painter.drawPoints(self.dots)


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
