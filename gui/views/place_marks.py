"""Outlines of places on the pictures: what counts alone, what is measured too, what is ignored."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPolygonF

from core.places.shapes import Kind
from gui.theme import DARK, ui_font

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.places.shapes import Shape
    from core.types import Rect
    from gui.lens import Lens


class Role(StrEnum):
    """What a place is for."""

    ONLY = "only"
    PLACE = "place"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Mark:
    """One place to paint: its shape, what it is for, and what stands beside it."""

    shape: Shape
    role: Role
    name: str


_SHADE: Final = QColor(0, 0, 0, 150)
_HATCH: Final = QColor(255, 161, 74, 90)


def paint_marks(painter: QPainter, marks: Sequence[Mark], camera: Lens, view: QSizeF) -> None:
    """Paint all places; ignored ones are hatched."""
    if not marks:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.setFont(ui_font(-1.5))
    for mark in marks:
        path = _path(mark.shape, camera, view)
        if not path.intersects(QRectF(QPointF(0, 0), view)):
            continue
        ignored = mark.role is Role.IGNORE
        colour = DARK.b if ignored else DARK.accent
        if ignored:
            painter.fillPath(path, QBrush(_HATCH, Qt.BrushStyle.BDiagPattern))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.strokePath(path, QPen(_SHADE, 3.4))
        pen = QPen(colour, 1.6)
        if mark.role is not Role.ONLY:
            pen.setDashPattern([5.0, 3.0])
        painter.strokePath(path, pen)
        _paint_name(painter, path.boundingRect(), mark.name, colour, view)
    painter.restore()


def paint_drawing(painter: QPainter, rect: Rect, camera: Lens, view: QSizeF) -> None:
    """Paint the rectangle that is being drawn, with its size."""
    box = QRectF(
        camera.to_view(rect.col, rect.row, view), camera.to_view(rect.right, rect.bottom, view)
    )
    painter.save()
    painter.fillRect(box, QColor(90, 162, 255, 40))
    painter.setPen(QPen(_SHADE, 3))
    painter.drawRect(box)
    painter.setPen(QPen(DARK.accent, 1))
    painter.drawRect(box)
    painter.setFont(ui_font(-1))
    _paint_name(painter, box, f"{rect.width} × {rect.height}", DARK.accent, view)
    painter.restore()


def _paint_name(painter: QPainter, box: QRectF, name: str, colour: QColor, view: QSizeF) -> None:
    if not name:
        return
    size = painter.fontMetrics().boundingRect(name).size()
    width, height = size.width() + 10, size.height() + 2
    left = min(max(box.left(), 2.0), max(view.width() - width - 2, 2.0))
    top = box.top() - height - 2
    if top < 2:
        top = min(max(box.top() + 2, 2.0), view.height() - height - 2)
    back = QRectF(left, top, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(18, 19, 23, 215))
    painter.drawRoundedRect(back, 3, 3)
    painter.setPen(colour)
    painter.drawText(back, Qt.AlignmentFlag.AlignCenter, name)


def _path(shape: Shape, camera: Lens, view: QSizeF) -> QPainterPath:
    points = [camera.to_view(col, row, view) for row, col in shape.points]
    path = QPainterPath()
    if shape.kind is Kind.POLYGON:
        path.addPolygon(QPolygonF(points))
        path.closeSubpath()
    elif shape.kind is Kind.ELLIPSE:
        path.addEllipse(QRectF(points[0], points[1]))
    else:
        path.addRect(QRectF(points[0], points[1]))
    return path
