"""What a camera shows at one moment: where canvas points lie in a view, and back."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF


@dataclass(frozen=True, slots=True)
class Lens:
    """A place on the canvas, and how much it is magnified; see `gui.camera.Camera`.

    Attributes
    ----------
    x, y
        The canvas point in the middle of the view.
    zoom
        Physical screen pixels per canvas pixel.
    ratio
        Physical pixels per logical pixel of the screen.
    height, width
        Size of the canvas.
    """

    x: float
    y: float
    zoom: float
    ratio: float
    height: int
    width: int

    @property
    def scale(self) -> float:
        """Logical pixels per canvas pixel."""
        return self.zoom / self.ratio

    @property
    def canvas(self) -> QRectF:
        """The canvas; empty before there is one."""
        return QRectF(0, 0, self.width, self.height)

    def origin(self, view: QSizeF) -> QPointF:
        """Return where the canvas's top left lies in the view.

        It is on a whole physical pixel, so that at zoom 1 (and 2, 3 …) pixels of the picture and
        of the screen coincide.
        """
        return QPointF(
            self._snap(view.width() / 2 - self.x * self.scale),
            self._snap(view.height() / 2 - self.y * self.scale),
        )

    def to_view(self, x: float, y: float, view: QSizeF) -> QPointF:
        """Return where a canvas point lies in the view."""
        return self.origin(view) + QPointF(x * self.scale, y * self.scale)

    def to_canvas(self, point: QPointF, view: QSizeF) -> QPointF:
        """Return the canvas point that is painted at a point of the view."""
        return (point - self.origin(view)) / self.scale

    def pixel_at(self, point: QPointF, view: QSizeF) -> tuple[int, int] | None:
        """Return (row, col) of the canvas pixel at a point of the view, None outside the canvas."""
        at = self.to_canvas(point, view)
        row, col = math.floor(at.y()), math.floor(at.x())
        return (row, col) if 0 <= row < self.height and 0 <= col < self.width else None

    def visible(self, view: QSizeF) -> QRectF:
        """Return the part of the canvas that is in view, in canvas pixels; may be empty."""
        top_left = self.to_canvas(QPointF(0, 0), view)
        seen = QRectF(top_left, QSizeF(view.width() / self.scale, view.height() / self.scale))
        return seen.intersected(self.canvas)

    def _snap(self, logical: float) -> float:
        return round(logical * self.ratio) / self.ratio
