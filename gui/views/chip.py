"""Small labels that are readable on any picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QPixmap, QPixmapCache

from core.render import Side
from gui.theme import DARK, ui_font

if TYPE_CHECKING:
    from collections.abc import Sequence

MARGIN: Final = 10
"""Logical pixels between a label and the edges of its pane."""
BACKING: Final = QColor(18, 20, 24, 205)
"""Behind everything that lies on a picture, in the light and the dark look alike."""
RIM: Final = QColor(255, 255, 255, 26)
INK: Final = QColor(240, 242, 245)
FAINT_INK: Final = QColor(178, 184, 194)
RADIUS: Final = 6.0

_PAD, _SPACE = 9, 7
LETTERS: Final = {Side.A: "A", Side.B: "B", Side.DIFFERENCE: "Δ"}


def side_colour(side: Side) -> QColor:
    """Return the colour of a side on `BACKING`."""
    return {Side.A: DARK.a, Side.B: DARK.b}.get(side, QColor("#c9b8ff"))


def paint_backing(painter: QPainter, rect: QRectF) -> None:
    """Paint the rounded translucent ground of a label, as large as `rect` to whole pixels.

    It is painted once for each size and then kept: rounded corners cost a millisecond.
    """
    place = rect.toAlignedRect()
    ratio = painter.device().devicePixelRatio()
    key = f"backing {place.width()} {place.height()} {ratio}"
    ground = QPixmap()
    if not QPixmapCache.find(key, ground):
        ground = QPixmap(place.size() * ratio)
        ground.setDevicePixelRatio(ratio)
        ground.fill(Qt.GlobalColor.transparent)
        inside = QRectF(0.5, 0.5, place.width() - 1, place.height() - 1)
        with QPainter(ground) as once:
            once.setRenderHint(QPainter.RenderHint.Antialiasing)
            once.setPen(QPen(RIM, 1))
            once.setBrush(BACKING)
            once.drawRoundedRect(inside, RADIUS, RADIUS)
        QPixmapCache.insert(key, ground)
    painter.drawPixmap(place.topLeft(), ground)


def chip_height() -> int:
    """Return the height of a label in logical pixels."""
    return QFontMetrics(ui_font()).height() + 9


def name_rect(
    side: Side, name: str, at: QPointF, max_width: float, *, right: bool = False
) -> QRectF:
    """Return the place that the letter of a side and a name take.

    Parameters
    ----------
    at
        Its top left, or its top right when `right` is true.
    max_width
        Long names lose their middle: both what they begin with and their end tell files apart.
    """
    around, metrics = _around(side, name), QFontMetrics(ui_font())
    room = int(max(max_width - around, 0))
    text = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room)
    width = around + metrics.horizontalAdvance(text)
    return QRectF(at.x() - (width if right else 0), at.y(), width, chip_height())


def _around(side: Side, name: str) -> int:
    """Return the width of all but the name."""
    letter = QFontMetrics(_bold()).horizontalAdvance(LETTERS[side])
    return 2 * _PAD + letter + (_SPACE if name else 0)


def _bold() -> QFont:
    font = ui_font()
    font.setBold(True)
    return font


def paint_name(painter: QPainter, side: Side, name: str, rect: QRectF) -> None:
    """Paint the letter of a side and a name into the place that `name_rect` gave."""
    font, bold = ui_font(), _bold()
    room = round(rect.width()) - _around(side, name)
    metrics, letter = QFontMetrics(font), LETTERS[side]
    cut = metrics.horizontalAdvance(name) > room  # widths are rounded: what fits is never cut
    text = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, room + 1) if cut else name
    paint_backing(painter, rect)
    inner = rect.adjusted(_PAD, 0, -_PAD + 1, 0)
    painter.setFont(bold)
    painter.setPen(side_colour(side))
    painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, letter)
    painter.setFont(font)
    painter.setPen(INK)
    painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, text)


def paint_mark(
    painter: QPainter,
    text: str,
    name: QRectF,
    limits: QRect,
    colour: QColor = DARK.warn,
    others: Sequence[str] = (),
) -> QRectF:
    """Paint a mark such as "preview" beside a name, or below it where there is no room.

    Its dot has a colour; it is as wide as each of `others` would need, so that taking turns with
    them moves nothing.
    """
    font = ui_font(-1)
    metrics, dot = QFontMetrics(font), 6
    width = 2 * _PAD + dot + 6 + max(metrics.horizontalAdvance(t) for t in (text, *others))
    rect = QRectF(name.right() + 6, name.top(), width, name.height())
    if rect.right() > limits.right() - MARGIN:
        if name.left() - 6 - width >= limits.left() + MARGIN:
            rect.moveLeft(name.left() - 6 - width)
        else:
            rect.moveTo(name.left(), name.bottom() + 6)
    paint_backing(painter, rect)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(QPointF(rect.left() + _PAD + dot / 2, rect.center().y()), dot / 2, dot / 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setFont(font)
    painter.setPen(FAINT_INK)
    painter.drawText(
        rect.adjusted(_PAD + dot + 6, 0, 2, 0),
        Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
        text,
    )
    return rect
