"""The one camera that all panes look through."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Signal

MIN_ZOOM: Final = 1 / 64
MAX_ZOOM: Final = 64.0
SMALLEST_SIDE: Final = 16
"""Zooming out stops when the longer side of the picture is this many screen pixels."""

_ABOVE_ONE: Final = (1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0, 48.0, 64.0)
LADDER: Final = tuple(sorted({*_ABOVE_ONE, *(1 / z for z in _ABOVE_ONE)}))
"""The zooms that one notch of the wheel steps through."""


class Camera(QObject):
    """Where on the canvas the panes look, and how much it is magnified.

    Canvas coordinates are continuous (x, y): pixel (row, col) covers x in [col, col + 1) and y in
    [row, row + 1). View coordinates are Qt's logical pixels, from the top left of a pane; all
    panes have one size, the `view` that many methods take. The zoom counts physical screen pixels,
    so that 1.0 shows each canvas pixel as exactly one pixel of the screen on any display.

    Signals
    -------
    changed()
        Centre, zoom, canvas or pixel ratio is another one now.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._x = self._y = 0.0
        self._zoom = 1.0
        self._ratio = 1.0
        self._height = self._width = 0
        self._least = MIN_ZOOM
        self._fitted = True

    @property
    def zoom(self) -> float:
        """Physical screen pixels per canvas pixel."""
        return self._zoom

    @property
    def scale(self) -> float:
        """Logical pixels per canvas pixel."""
        return self._zoom / self._ratio

    @property
    def ratio(self) -> float:
        """Physical pixels per logical pixel of the screen."""
        return self._ratio

    @property
    def centre(self) -> QPointF:
        """The canvas point in the middle of each pane."""
        return QPointF(self._x, self._y)

    @property
    def canvas(self) -> QRectF:
        """The canvas; empty before `set_canvas`."""
        return QRectF(0, 0, self._width, self._height)

    @property
    def fitted(self) -> bool:
        """Whether the whole canvas was asked for last, so that a resized view shows it again."""
        return self._fitted

    def set_canvas(self, height: int, width: int) -> None:
        """Take the size of the canvas in pixels; the place looked at stays, as far as it exists."""
        if (height, width) == (self._height, self._width):
            return
        if not (self._width and self._height):
            self._x, self._y = width / 2, height / 2
        self._height, self._width = height, width
        self._least = min(max(MIN_ZOOM, SMALLEST_SIDE / max(height, width, 1)), 1.0)
        self._place(self._x, self._y, self._zoom, force=True)

    def set_ratio(self, ratio: float) -> None:
        """Take the pixel ratio of the screen; pictures keep their size in logical pixels."""
        if ratio != self._ratio:
            zoom = self._zoom * ratio / self._ratio
            self._ratio = ratio
            self._place(self._x, self._y, zoom, force=True)

    def fit_zoom(self, view: QSizeF) -> float:
        """Return the largest zoom at which the whole canvas is seen; 1 without a canvas."""
        if not (self._width and self._height) or view.isEmpty():
            return 1.0
        across, down = view.width() / self._width, view.height() / self._height
        return min(min(across, down) * self._ratio, MAX_ZOOM)

    def fit(self, view: QSizeF) -> None:
        """Show the whole canvas, as large as it goes."""
        zoom = self.fit_zoom(view)
        self._least = min(self._least, zoom)
        self._place(self._width / 2, self._height / 2, zoom, fitted=True)

    def one_to_one(self, view: QSizeF, point: QPointF | None = None) -> None:
        """Show each canvas pixel as one screen pixel; the canvas under `point` stays there."""
        middle = QPointF(view.width() / 2, view.height() / 2)
        self.zoom_about(middle if point is None else point, 1.0 / self._zoom, view)

    def zoom_about(self, point: QPointF, factor: float, view: QSizeF) -> None:
        """Magnify by `factor`; the canvas under the view's `point` stays there."""
        zoom = min(max(self._zoom * factor, self._least), MAX_ZOOM)
        across = point.x() - view.width() / 2
        down = point.y() - view.height() / 2
        shrink = self._ratio / self._zoom - self._ratio / zoom
        self._place(self._x + across * shrink, self._y + down * shrink, zoom)

    def step_about(self, point: QPointF, steps: int, view: QSizeF) -> None:
        """Go `steps` rungs up (or down, when negative) the ladder of pleasant zooms."""
        zoom = self._zoom
        for _ in range(abs(steps)):
            if steps > 0:
                zoom = next((z for z in LADDER if z > zoom * 1.001), zoom)
            else:
                zoom = next((z for z in reversed(LADDER) if z < zoom / 1.001), zoom)
        if zoom != self._zoom:
            self.zoom_about(point, zoom / self._zoom, view)

    def pan(self, across: float, down: float) -> None:
        """Move the picture by logical pixels, as a hand that drags it does."""
        self._place(self._x - across / self.scale, self._y - down / self.scale, self._zoom)

    def look_at(self, x: float, y: float, zoom: float) -> None:
        """Put a canvas point into the middle of the view at a zoom."""
        self._place(x, y, min(max(zoom, self._least), MAX_ZOOM))

    def origin(self, view: QSizeF) -> QPointF:
        """Return where the canvas's top left lies in the view.

        It is on a whole physical pixel, so that at zoom 1 (and 2, 3 …) pixels of the picture and
        of the screen coincide.
        """
        return QPointF(
            self._snap(view.width() / 2 - self._x * self.scale),
            self._snap(view.height() / 2 - self._y * self.scale),
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
        return (row, col) if 0 <= row < self._height and 0 <= col < self._width else None

    def visible(self, view: QSizeF) -> QRectF:
        """Return the part of the canvas that is in view, in canvas pixels; may be empty."""
        top_left = self.to_canvas(QPointF(0, 0), view)
        seen = QRectF(top_left, QSizeF(view.width() / self.scale, view.height() / self.scale))
        return seen.intersected(self.canvas)

    def _snap(self, logical: float) -> float:
        return round(logical * self._ratio) / self._ratio

    def _place(
        self, x: float, y: float, zoom: float, *, fitted: bool | None = None, force: bool = False
    ) -> None:
        """Set centre and zoom; the centre stays on the canvas, so the picture cannot be lost."""
        x = min(max(x, 0.0), float(self._width))
        y = min(max(y, 0.0), float(self._height))
        self._fitted = self._fitted if force else bool(fitted)
        if force or (x, y, zoom) != (self._x, self._y, self._zoom):
            self._x, self._y, self._zoom = x, y, zoom
            self.changed.emit()
