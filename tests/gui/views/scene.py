"""Pictures that the tests of the picture area share: wide, with a red square off the diagonal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from core.render import Picture, Side
from core.types import Rect

if TYPE_CHECKING:
    from PySide6.QtGui import QColor
    from PySide6.QtWidgets import QWidget

    from gui.views.compare_view import CompareView

CANVAS = (120, 300)
SQUARE = Rect(30, 200, 20, 40)
GROUND = {Side.A: (0, 90, 160), Side.B: (0, 140, 0), Side.DIFFERENCE: (20, 10, 60)}
RED = (250, 0, 0)


def picture(side: Side, level: int = 0, *, exact: bool = True) -> Picture:
    """Return the whole canvas in the ground colour of the side, with a red square."""
    step = 1 << level
    rgb = np.full((CANVAS[0] // step, CANVAS[1] // step, 3), GROUND[side], np.uint8)
    r = SQUARE
    rgb[r.row // step : r.bottom // step, r.col // step : r.right // step] = RED
    return Picture(side, rgb, Rect.of(rgb), level, exact)


def colour_at(widget: QWidget, point: QPoint) -> tuple[int, int, int]:
    """Return what is painted at a point (logical pixels) of a widget."""
    grabbed = widget.grab().toImage()
    at = point * grabbed.devicePixelRatio()
    colour: QColor = grabbed.pixelColor(at)
    return colour.red(), colour.green(), colour.blue()


def spot(view: CompareView, row: float, col: float, pane: int = 0) -> QPoint:
    """Return where a canvas point lies in a pane."""
    shown = view.panes[pane]
    at = view.camera.to_view(col, row, shown.view)
    return QPoint(int(at.x()), int(at.y()))


def wheel(widget: QWidget, at: QPoint, turn: int) -> None:
    """Turn the wheel at a point; 120 is one notch away from the person."""
    event = QWheelEvent(
        QPointF(at), widget.mapToGlobal(QPointF(at)), QPoint(), QPoint(0, turn),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase,
        False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)
