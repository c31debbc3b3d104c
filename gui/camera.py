"""The one camera that all panes look through."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Signal

from core.render import Side
from gui.lens import Lens

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

    A hand may move B before there are pictures of B so moved: `offset` says where B is to be seen.
    While A and B are not linked, moving the picture in the hand moves that one alone.

    Signals
    -------
    changed()
        Centre, zoom, canvas, pixel ratio or offset is another one now.
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
        self._offset = QPointF()
        self._linked = True

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

    def pan(self, across: float, down: float, side: Side | None = None) -> None:
        """Move the picture by logical pixels, as a hand that drags it does.

        While A and B are not linked, `side` says which of them is in the hand: B alone is moved,
        or all but B.
        """
        by = QPointF(across, down) / self.scale
        if self._linked or side not in (Side.A, Side.B):
            self._place(self._x - by.x(), self._y - by.y(), self._zoom)
        elif side is Side.B:
            self.set_offset(self._offset.x() + by.x(), self._offset.y() + by.y())
        else:
            before = self.centre
            self._place(self._x - by.x(), self._y - by.y(), self._zoom)
            stays = self._offset + self.centre - before
            self.set_offset(stays.x(), stays.y())

    def look_at(self, x: float, y: float, zoom: float) -> None:
        """Put a canvas point into the middle of the view at a zoom."""
        self._place(x, y, min(max(zoom, self._least), MAX_ZOOM))

    def lens(self, moved: QPointF | None = None) -> Lens:
        """Return how the canvas is seen now; `moved`, how far right and down what lies on it is."""
        x, y = (0.0, 0.0) if moved is None else (moved.x(), moved.y())
        return Lens(
            self._x - x, self._y - y, self._zoom, self._ratio, self._height, self._width
        )  # fmt: skip

    def origin(self, view: QSizeF) -> QPointF:
        """Return where the canvas's top left lies in the view, see `Lens.origin`."""
        return self.lens().origin(view)

    def to_view(self, x: float, y: float, view: QSizeF) -> QPointF:
        """Return where a canvas point lies in the view."""
        return self.lens().to_view(x, y, view)

    def to_canvas(self, point: QPointF, view: QSizeF) -> QPointF:
        """Return the canvas point that is painted at a point of the view."""
        return self.lens().to_canvas(point, view)

    def pixel_at(self, point: QPointF, view: QSizeF) -> tuple[int, int] | None:
        """Return (row, col) of the canvas pixel at a point of the view, None outside the canvas."""
        return self.lens().pixel_at(point, view)

    def visible(self, view: QSizeF) -> QRectF:
        """Return the part of the canvas that is in view, in canvas pixels; may be empty."""
        return self.lens().visible(view)

    # ------------------------------------------------------------------ B moved by hand

    @property
    def offset(self) -> QPointF:
        """How far B is to be seen right and down of where align lays it, in canvas pixels."""
        return QPointF(self._offset)

    def set_offset(self, x: float, y: float) -> None:
        """Show B elsewhere."""
        if (x, y) != (self._offset.x(), self._offset.y()):
            self._offset = QPointF(x, y)
            self.changed.emit()

    @property
    def linked(self) -> bool:
        """Whether A and B move together."""
        return self._linked

    def set_linked(self, linked: bool) -> None:
        """Let A and B move together, or each by itself."""
        if linked != self._linked:
            self._linked = linked
            self.changed.emit()

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
