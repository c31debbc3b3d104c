"""What stands out in a frame, on the pictures: a tint with an outline, and things with their ways.

The tint and the outline lie on A alone: colours of a difference are its numbers.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from core.render import Side
from core.sequence.standing import TAIL, tinted
from gui.qimage import to_overlay
from gui.theme import number_font
from gui.views.overlay import box_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from core.geometry import Matrix
    from core.sequence.standing import Followed, Standing
    from gui.camera import Camera

COLOUR: Final = QColor("#ff5cc4")
TINT: Final = (255, 40, 170, 90)
BACK: Final = QColor(18, 19, 23, 225)
_SHADE: Final = QColor(0, 0, 0, 170)
_OUTLINE: Final = QColor("#ffd0ee")
_LIGHT: Final = QColor("#ffffff")
MOST_SHADED: Final = 1000
"""An outline of more lines than this has no dark rim, which costs time."""
MOST_WAYS: Final = 640
"""Of many things the ways are shorter, so that there are no more lines than this."""
MOST_BOLD: Final = 12
"""The largest things have numbers; many more are mostly noise, and must not hide the picture."""
_REACH: Final = 8.0


class Drawn:
    """What stands out, in Qt's form.

    Parameters
    ----------
    standing
        What is drawn.
    a
        Pixel centres of A to the canvas: A moves by whole pixels.
    """

    def __init__(self, standing: Standing, a: Matrix) -> None:
        self.standing = standing
        self.at = QPointF(a[0][2], a[1][2])
        self.tint = None if standing.mask is None else to_overlay(tinted(standing.mask, TINT))


class TrackMarks:
    """What one pane paints of what stands out.

    Parameters
    ----------
    pane, camera
        Where it is painted, and what that looks through.
    """

    def __init__(self, pane: QWidget, camera: Camera) -> None:
        self._pane, self._camera = pane, camera
        self._drawn: Drawn | None = None

    @property
    def drawn(self) -> Drawn | None:
        """What is shown."""
        return self._drawn

    def show(self, drawn: Drawn | None) -> None:
        """Show what stands out, or nothing."""
        if drawn is not self._drawn:
            self._drawn = drawn
            self._pane.update()

    def _place(self, drawn: Drawn) -> tuple[QPointF, float]:
        """Return where the top left of A lies in the pane, and its logical pixels a pixel."""
        lens = self._camera.lens(drawn.at)
        return lens.origin(QSizeF(self._pane.size())), lens.scale

    def paint_tint(self, painter: QPainter, side: Side) -> None:
        """Lay the tint over A; the painter's clip and opacity hold."""
        drawn = self._drawn
        if drawn is None or drawn.tint is None or side is not Side.A:
            return
        origin, scale = self._place(drawn)
        (height, width), tint = drawn.standing.shape, drawn.tint
        unit = QSizeF(width / tint.width() * scale, height / tint.height() * scale)
        left = max(math.floor(-origin.x() / unit.width()), 0)
        top = max(math.floor(-origin.y() / unit.height()), 0)
        right = min(math.ceil((self._pane.width() - origin.x()) / unit.width()), tint.width())
        down = min(math.ceil((self._pane.height() - origin.y()) / unit.height()), tint.height())
        if right <= left or down <= top:
            return
        part = QRectF(left, top, right - left, down - top)
        corner = origin + QPointF(left * unit.width(), top * unit.height())
        size = QSizeF(part.width() * unit.width(), part.height() * unit.height())
        # Far out smooth, so that no small thing falls between two pixels of the screen.
        smooth = unit.width() < 1 or unit.height() < 1
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(QRectF(corner, size), tint, part)

    def paint_marks(
        self, painter: QPainter, windows: Sequence[tuple[Side, QRectF]], area: QRectF
    ) -> None:
        """Paint what touches `area`: the outline on A, things on A and on the difference."""
        drawn = self._drawn
        if drawn is None:
            return
        origin, scale = self._place(drawn)
        for side, window in windows:
            if side is Side.B:
                continue
            painter.save()
            painter.setClipRect(window, Qt.ClipOperation.IntersectClip)
            if side is Side.A:
                paint_outline(painter, drawn.standing, origin, scale, area & window)
            paint_things(painter, drawn.standing.things, origin, scale, window)
            painter.restore()


def paint_outline(
    painter: QPainter, standing: Standing, origin: QPointF, scale: float, area: QRectF
) -> None:
    """Paint the lines around the foreground that touch `area`: light, with a dark rim."""
    x0, y0 = origin.x(), origin.y()
    left, right = (area.left() - 2 - x0) / scale, (area.right() + 2 - x0) / scale
    top, bottom = (area.top() - 2 - y0) / scale, (area.bottom() + 2 - y0) / scale
    lines = []
    for (row, col), (end_row, end_col) in standing.edges:
        if row <= bottom and end_row >= top and col <= right and end_col >= left:
            # Cut to what is seen: QPainter counts in 16 bits.
            x, end_x = max(col, left) * scale + x0, min(end_col, right) * scale + x0
            y, end_y = max(row, top) * scale + y0, min(end_row, bottom) * scale + y0
            at, to = (round(x), round(y)), (round(end_x), round(end_y))
            lines.append((*at, to[0] - at[0] + 1, to[1] - at[1] + 1))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(Qt.PenStyle.NoPen)
    if len(lines) <= MOST_SHADED:
        painter.setBrush(BACK)
        painter.drawRects([QRectF(x - 1, y - 1, w + 2, h + 2) for x, y, w, h in lines])
    painter.setBrush(_OUTLINE)
    painter.drawRects([QRectF(*line) for line in lines])
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_things(
    painter: QPainter, things: Sequence[Followed], origin: QPointF, scale: float, window: QRectF
) -> None:
    """Paint a box around each thing in a window, from large to small, and the ways of all.

    The largest have numbers, where those would not lie on the number of a larger one.
    """
    limits = window.adjusted(-_REACH, -_REACH, _REACH, _REACH)
    _paint_tails(painter, things, origin, scale, limits)
    boxes = [(t, box_of(t.rect, origin, scale) & limits) for t in things]
    boxes = [(thing, box) for thing, box in boxes if not box.isEmpty()]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    bold, thin = ([box for _, box in some] for some in (boxes[:MOST_BOLD], boxes[MOST_BOLD:]))
    for rects, colour, width in ((thin, COLOUR, 1), (bold, _SHADE, 4), (bold, COLOUR, 2)):
        painter.setPen(QPen(colour, width, j=Qt.PenJoinStyle.MiterJoin))
        painter.drawRects(rects)
    painter.setFont(number_font())
    metrics = painter.fontMetrics()
    taken: list[QRectF] = []
    for thing, box in boxes[:MOST_BOLD]:
        back = _number_place(str(thing.number), box, window, metrics)
        if not any(back.intersects(other) for other in taken):
            _paint_number(painter, str(thing.number), back)
            taken.append(back)


def _number_place(text: str, box: QRectF, window: QRectF, metrics: QFontMetrics) -> QRectF:
    """Return where a number stands: above the left of a box, or where the window has room."""
    width, height = metrics.horizontalAdvance(text) + 8, metrics.height()
    left = min(max(box.left() - 1, window.left() + 1), window.right() - width - 1)
    top = box.top() - height - 1
    if top < window.top() + 1:
        top = min(max(box.top() + 2, window.top() + 1), window.bottom() - height - 1)
    return QRectF(round(left), round(top), width, height)


def _paint_number(painter: QPainter, text: str, back: QRectF) -> None:
    painter.fillRect(back, BACK)
    painter.setPen(COLOUR)
    painter.drawText(back, Qt.AlignmentFlag.AlignCenter, text)


def _paint_tails(
    painter: QPainter, things: Sequence[Followed], origin: QPointF, scale: float, limits: QRectF
) -> None:
    """Paint the ways of things, fainter where they were longer ago."""
    aged: dict[int, list[QLineF]] = {}
    dots: list[QPointF] = []
    many = MOST_WAYS // max(len(things), 1)
    for thing in things:
        tail = thing.tail[-many - 1 :]
        places = [(ago, origin + QPointF(col, row) * scale) for ago, (row, col) in tail]
        for (ago, start), (_, end) in pairwise(places):
            if limits.intersects(QRectF(start, end).normalized().adjusted(-1, -1, 1, 1)):
                aged.setdefault(ago, []).append(QLineF(start, end))
        dots += [place for ago, place in places if not ago and limits.contains(place)]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    for colour, width in ((_SHADE, 3.6), (_LIGHT, 1.6)):
        for ago, lines in aged.items():
            faded = QColor(colour)
            faded.setAlphaF(colour.alphaF() * (1 - 0.75 * ago / TAIL))
            painter.setPen(QPen(faded, width, c=Qt.PenCapStyle.FlatCap))
            painter.drawLines(lines)
    for colour, width in ((_SHADE, 6.4), (_LIGHT, 4.0)):
        painter.setPen(QPen(colour, width, c=Qt.PenCapStyle.RoundCap))
        painter.drawPoints(dots)
