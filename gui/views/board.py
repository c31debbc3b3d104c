"""Panes that share one camera and one set of pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QEvent, QRectF, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from core.render import Side
from gui.camera import Camera
from gui.theme import theme
from gui.views.arrange import arrange
from gui.views.detail import DetailWatch
from gui.views.layer import Layer, visible_rect
from gui.views.legend import Legend
from gui.views.legend_place import place_legend
from gui.views.modes import Pane
from gui.views.pane import ImagePane

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.render import Picture
    from core.types import Rect

BUSY_DELAY_MS: Final = 150
"""An answer that comes sooner does not make the difference flicker."""
GO_TO_SHARE: Final = 1 / 3
GO_TO_ZOOM: Final = 16.0
"""`Board.go_to` magnifies no further, or the surroundings of a single pixel are lost."""


class Board(QWidget):
    """Up to three panes beside each other, with the legend of the difference.

    Knows nothing of view modes: it shows the plan that it is given. What the panes paint of each
    side is in `painted`.

    Signals
    -------
    hovered(row: int, col: int), hover_left()
        The canvas pixel under the mouse; none any more.
    detail_wanted(side: Side, rect: Rect, level: int)
        Canvas pixels `rect` (full resolution) are in view and worth pyramid level `level`; the
        answer is ``show_picture(side, picture, detail=True)``.
    files_dropped(side: Side | None, offer: Offer)
        Files or a picture were dropped on the picture of a side, or on none in particular.
    zoom_changed(zoom: float)
        Physical screen pixels per canvas pixel.
    high_changed(high: float)
        The top of the legend was moved.
    pointed(x: float, y: float)
        Where the mouse is in a pane, as shares 0...1 of it.
    laid_out()
        The panes have other places now.
    """

    hovered = Signal(int, int)
    hover_left = Signal()
    detail_wanted = Signal(object, object, int)
    files_dropped = Signal(object, object)
    zoom_changed = Signal(float)
    high_changed = Signal(float)
    pointed = Signal(float, float)
    laid_out = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sides: tuple[Side, ...] = ()
        self._count = 0
        self._zoom = 0.0
        self._layers = {side: Layer(side) for side in Side}
        self.camera = Camera(self)
        self._watch = DetailWatch(self.camera, self._layers, self)
        self._watch.wanted.connect(self.detail_wanted)
        self.painted = dict(self._layers)
        self._panes = [ImagePane(self.camera, self.painted, self) for _ in range(3)]
        for pane in self._panes:
            pane.hovered.connect(self._on_hovered)
            pane.left.connect(self._on_left)
            pane.pointed.connect(self.pointed)
            pane.dropped.connect(self.files_dropped)
        self.legend = Legend(self)
        self.legend.high_changed.connect(self.high_changed)
        self._busy = QTimer(self)
        self._busy.setSingleShot(True)
        self._busy.setInterval(BUSY_DELAY_MS)
        self._busy.timeout.connect(self._dim)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(240, 160)
        self.camera.changed.connect(self._on_camera_changed)

    @property
    def panes(self) -> list[ImagePane]:
        """The panes in use, first to last."""
        return self._panes[: self._count]

    def set_plan(self, plan: Sequence[Pane], sides: Iterable[Side]) -> None:
        """Show a plan, one entry a pane, and keep the detail of `sides` at hand."""
        self._sides = tuple(sides)
        for pane, parts in zip(self._panes, plan, strict=False):
            pane.set_parts(parts)
        if len(plan) != self._count:
            self._count = len(plan)
            self._lay_out()
        else:
            self._place_legend()
            self._look()

    def set_canvas(self, height: int, width: int) -> None:
        """Take the size of the canvas in pixels; the first one is shown whole."""
        self.camera.set_canvas(height, width)
        self._lay_out()

    def set_names(self, a: str, b: str, difference: str) -> None:
        """Take what stands beside the letters A, B and Δ."""
        names = {Side.A: a, Side.B: b, Side.DIFFERENCE: difference}
        for pane in self._panes:
            pane.set_names(names)

    def show_tone(self, words: str) -> None:
        """Say on A and B how they are shown, e.g. ``"+2 EV"``; empty when as they are."""
        for pane in self._panes:
            pane.set_tone(words)

    def visible(self) -> Rect:
        """Return the canvas pixels that the first pane shows."""
        return visible_rect(self.camera.lens(), self._view())

    def show_picture(self, side: Side, picture: Picture, detail: bool) -> None:
        """Show the overview (whole canvas), or the detail (what is in view), of a side."""
        if not detail:
            self._watch.forget(side)
        self._layers[side].put(picture, detail=detail)
        self._refresh()

    def clear(self, side: Side) -> None:
        """Show no picture for a side."""
        self._watch.forget(side)
        self._layers[side].clear()
        self._refresh()

    def show_regions(self, rects: Sequence[Rect], current: int | None) -> None:
        """Draw boxes around canvas rectangles; `current` is the index of the one that matters."""
        for pane in self._panes:
            pane.set_regions(tuple(rects), current)

    def show_legend(
        self,
        low: float,
        high: float,
        lut: Any,
        unit: str,
        ticks: Sequence[float] = (),
        limit: float = 255.0,
        *,
        beyond: bool = False,
    ) -> None:
        """Show the colours of the difference; see `Legend.show_scale`."""
        self.legend.show_scale(low, high, lut, unit, ticks, limit, beyond=beyond)
        self._place_legend()

    def set_busy(self, busy: bool) -> None:
        """Dim the difference, soon, while a newer answer is on its way."""
        for pane in self._panes:
            pane.set_busy(busy)
        if not busy:
            self._busy.stop()
            for pane in self._panes:
                pane.set_dimmed(False)
        elif not self._busy.isActive():
            self._busy.start()

    def _dim(self) -> None:
        for pane in self._panes:
            pane.set_dimmed(True)

    # ------------------------------------------------------------------ camera

    def fit(self) -> None:
        """Show the whole canvas."""
        self.camera.fit(self._view())

    def one_to_one(self) -> None:
        """Show each canvas pixel as one pixel of the screen."""
        self.camera.one_to_one(self._view())

    def zoom_by(self, steps: int) -> None:
        """Zoom about the middle by rungs of the ladder; negative is out."""
        view = self._view()
        self.camera.step_about(QRectF(0, 0, view.width(), view.height()).center(), steps, view)

    def go_to(self, rect: Rect, share: float = GO_TO_SHARE) -> None:
        """Put a canvas rectangle into the middle, a share of the view large."""
        view = self._view()
        across = view.width() / max(rect.width, 1)
        down = view.height() / max(rect.height, 1)
        zoom = min(across, down) * share * self.camera.ratio
        zoom = min(max(zoom, self.camera.fit_zoom(view)), GO_TO_ZOOM)
        self.camera.look_at(rect.col + rect.width / 2, rect.row + rect.height / 2, zoom)

    def zoom_text(self) -> str:
        """Return the zoom for a person, e.g. ``"100 %"``."""
        percent = self.camera.zoom * 100
        return f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %"

    def _view(self) -> QSizeF:
        return self._panes[0].view

    def _on_camera_changed(self) -> None:
        if self.camera.zoom != self._zoom:
            self._zoom = self.camera.zoom
            self.zoom_changed.emit(self._zoom)
        self._look()

    def _look(self) -> None:
        self._watch.look(self._sides, self._widest())

    def _widest(self) -> QSizeF:
        widest = max((pane.view.width() for pane in self.panes), default=0.0)
        return QSizeF(widest, self._view().height())

    def _refresh(self) -> None:
        for pane in self.panes:
            pane.update()
        self._place_legend()
        self._look()

    def _on_hovered(self, row: int, col: int) -> None:
        for pane in self._panes:
            pane.set_marker(None if pane is self.sender() else (row, col))
        self.hovered.emit(row, col)

    def _on_left(self) -> None:
        for pane in self._panes:
            pane.set_marker(None)
        self.hover_left.emit()

    # ------------------------------------------------------------------ layout

    def _lay_out(self) -> None:
        used = self.panes
        if not used:
            return
        canvas = self.camera.canvas.size()
        places = arrange(len(used), self.size(), int(canvas.height()), int(canvas.width()))
        for pane, place in zip(used, places, strict=True):
            pane.setGeometry(place)
        for pane in self._panes:
            pane.setVisible(pane in used)
        self._place_legend()
        if self.camera.fitted and not self.camera.canvas.isEmpty():
            self.fit()
        self._look()
        self.laid_out.emit()

    def _place_legend(self) -> None:
        ready = not self._layers[Side.DIFFERENCE].empty
        place_legend(self.legend, self.panes, ready=ready)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the hairlines between the panes."""
        painter = QPainter(self)
        painter.fillRect(event.rect(), theme().track)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the panes out anew; a picture that was shown whole stays whole."""
        super().resizeEvent(event)
        self._lay_out()

    def showEvent(self, event: QShowEvent) -> None:
        """Take the pixel ratio of the screen."""
        super().showEvent(event)
        self.camera.set_ratio(self.devicePixelRatioF())

    def changeEvent(self, event: QEvent) -> None:
        """Paint anew in other colours."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.update()

    def event(self, event: QEvent) -> bool:
        """Follow the window to a screen with another pixel ratio."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.camera.set_ratio(self.devicePixelRatioF())
        return super().event(event)

    def sizeHint(self) -> QSize:
        """Return a size at which three panes are comfortable."""
        return QSize(1200, 700)
