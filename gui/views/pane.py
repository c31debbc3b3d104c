"""One pane: the pictures of one or two sides through the shared camera, and what lies on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from core.render import Side
from core.types import Rect
from gui.theme import theme
from gui.views import hint, overlay, place_marks, quiver_marks
from gui.views.dropping import Dropping
from gui.views.flow_marks import FlowMarks
from gui.views.marking import Marking
from gui.views.modes import Pane, Part
from gui.views.moving import Moving
from gui.views.names import Names
from gui.views.navigation import Navigation
from gui.views.pinning import Pinning
from gui.views.track_marks import TrackMarks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.alignment.quiver import Quiver
    from gui.camera import Camera
    from gui.lens import Lens
    from gui.views.layer import Layer
    from gui.views.place_marks import Mark

BUSY_OPACITY = 0.55
"""Of a difference while a newer one is on its way."""


class ImagePane(QWidget):
    """Paints parts of layers. Signals out, setters in; knows no other pane.

    Signals
    -------
    hovered(row: int, col: int)
        The canvas pixel under the mouse.
    left()
        The mouse is on no pixel any more.
    pointed(x: float, y: float)
        Where the mouse is, as shares 0...1 of the pane.
    dropped(side: Side | None, offer: Offer)
        Something was dropped; `side` when the place says which picture it is meant for.
    """

    hovered = Signal(int, int)
    left = Signal()
    pointed = Signal(float, float)
    dropped = Signal(object, object)

    def __init__(
        self, camera: Camera, layers: Mapping[Side, Layer], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._camera, self._layers = camera, layers
        self._parts: Pane = ()
        self._regions: tuple[Sequence[Rect], int | None] = ((), None)
        self._marker: tuple[int, int] | None = None
        self._dimmed = self._busy = False
        self._right_inset = 0
        self.names = Names(self)
        self._navigation = Navigation(self, camera, self.in_hand)
        self.marking = Marking(self, camera)
        self.marking.changed.connect(self.update)
        self.moving = Moving(self, camera)
        self.pinning = Pinning(self, camera, layers, self.side_at)
        self.pinning.changed.connect(self.update)
        self._dropping = Dropping(self, self.side_at)
        self._dropping.dropped.connect(self.dropped)
        self._dropping.changed.connect(self.update)
        self._marks: Sequence[Mark] = ()
        self._quiver: Quiver | None = None
        self.flow = FlowMarks(self, camera, layers)
        self.standing = TrackMarks(self, camera)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        camera.changed.connect(self.update)

    @property
    def parts(self) -> Pane:
        """What is shown."""
        return self._parts

    @property
    def view(self) -> QSizeF:
        """The size of the pane in logical pixels."""
        return QSizeF(self.size())

    def set_parts(self, parts: Pane) -> None:
        """Show these sides."""
        if parts != self._parts:
            self._parts = parts
            self._place_names()

    def set_names(self, names: Mapping[Side, str]) -> None:
        """Take what stands beside the letters."""
        self.names.set_texts(names)

    def set_tone(self, words: str) -> None:
        """Say on A and B how they are shown; empty when as they are."""
        self.names.set_tone(words)

    def set_regions(self, rects: Sequence[Rect], current: int | None) -> None:
        """Draw boxes around canvas rectangles; `current` is the index of the one that matters."""
        self._regions = (rects, current)
        self.update()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Draw the outlines of places."""
        self._marks = marks
        self.update()

    def set_quiver(self, quiver: Quiver | None) -> None:
        """Draw the arrows of what an alignment leaves."""
        if quiver is not self._quiver:
            self._quiver = quiver
            self.update()

    def set_marker(self, pixel: tuple[int, int] | None) -> None:
        """Ring the canvas pixel (row, col) that is under the mouse in another pane."""
        if pixel == self._marker:
            return
        for place in filter(None, (self._marker, pixel)):  # only these two are painted again
            self.update(overlay.marker_area(self._marker_at(place)).toAlignedRect())
        self._marker = pixel

    def set_dimmed(self, dimmed: bool) -> None:
        """Paint a difference fainter, because a newer answer is on its way."""
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self.update()

    def set_busy(self, busy: bool) -> None:
        """Say whether a difference is on its way, where there is none to show."""
        if busy != self._busy:
            self._busy = busy
            self.update()

    def set_right_inset(self, width: int) -> None:
        """Keep names off the last `width` logical pixels, where a legend stands."""
        if width != self._right_inset:
            self._right_inset = width
            self._place_names()

    def _place_names(self) -> None:
        self.names.lay_out(self._parts, self._right_inset)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the names in their corners."""
        super().resizeEvent(event)
        self._place_names()

    def _marker_at(self, pixel: tuple[int, int]) -> QPointF:
        return self._lens().to_view(pixel[1] + 0.5, pixel[0] + 0.5, self.view)

    def _lens(self) -> Lens:
        """Return how what lies on the canvas is seen: with B, where that moves by itself."""
        alone = [p.side for p in self._parts] == [Side.B] and not self._camera.linked
        return self._layers[Side.B].lens(self._camera) if alone else self._camera.lens()

    def _window(self, part: Part) -> QRectF:
        left, top, right, bottom = part.window
        w, h = self.width(), self.height()
        return QRectF(QPointF(left * w, top * h), QPointF(right * w, bottom * h))

    # ------------------------------------------------------------------ painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is in view, from the pictures up to the labels."""
        painter = QPainter(self)
        self._paint_ground(painter, event.rect())
        self._paint_pictures(painter)
        shown = [p for p in self._parts if not self._layers[p.side].empty]
        if shown:
            area, lens, view = QRectF(event.rect()), self._lens(), self.view
            overlay.paint_grid(painter, lens, view, area)
            overlay.paint_regions(painter, *self._regions, lens, view, area)
            place_marks.paint_marks(painter, self._marks, lens, view)
            if self.marking.rect is not None:
                place_marks.paint_drawing(painter, self.marking.rect, lens, view)
            self.pinning.paint(painter, [p.side for p in shown])
            windows = [(p.side, self._window(p)) for p in shown]
            self.standing.paint_marks(painter, windows, area)
            self.flow.paint_arrows(painter, windows, area)
            if self._quiver is not None:
                quiver_marks.paint_quiver(painter, self._quiver, self._camera.lens(), view, area)
            if self._marker is not None:
                overlay.paint_marker(painter, self._marker_at(self._marker))
        self._paint_hints(painter, shown)
        for part in self._parts if shown else ():
            for at, horizontal in ((part.window[0], False), (part.window[1], True)):
                if at > 0:
                    length = self.height() if horizontal else self.width()
                    overlay.paint_divider(painter, at * length, self.view, horizontal=horizontal)
        self.names.paint(painter, self._layers)
        if shown and self._quiver is not None:
            lens = self._camera.lens()
            quiver_marks.paint_words(painter, self._quiver, lens, self.view, self._parts)
        self.flow.paint_legend(painter)
        if self._dropping.over is not None:
            hint.paint_drag_over(painter, QRectF(self.rect()), self._dropping.over[0])
        painter.end()

    def _canvas(self, side: Side | None = None) -> QRectF:
        """Return where the canvas lies in the pane; as far as a side, which may be moved, is on it.

        What is moved by itself may leave the canvas.
        """
        size, lens = self._camera.canvas.size() * self._camera.scale, self._camera.lens()
        whole = QRectF(lens.origin(self.view), size).intersected(QRectF(self.rect()))
        if side is None:
            return whole
        own = QRectF(self._layers[side].lens(self._camera).origin(self.view), size)
        return own.intersected(whole if self._camera.linked else QRectF(self.rect()))

    def _paint_ground(self, painter: QPainter, area: QRect) -> None:
        """Fill what pictures will not hide."""
        ground = QRegion(area)
        opaque = [p for p in self._parts if p.opacity >= 1 and not self._dimmed]
        size = self._camera.canvas.size().toSize()
        canvas = Rect(0, 0, size.height(), size.width())
        if opaque and all(self._layers[p.side].hides(canvas, self._camera) for p in opaque):
            hidden = self._canvas().toRect().adjusted(1, 1, -1, -1)
            for part in opaque:
                # A pixel less on each side, as edges may be rounded either way.
                window = self._window(part).toRect().adjusted(1, 1, -1, -1)
                ground -= QRegion(hidden.intersected(window))
        painter.save()
        painter.setClipRegion(ground)
        painter.fillRect(area, theme().canvas)
        painter.restore()

    def _paint_pictures(self, painter: QPainter) -> None:
        for part in self._parts:
            dimmed = self._dimmed and part.side is Side.DIFFERENCE
            opacity = part.opacity * (BUSY_OPACITY if dimmed else 1.0)
            if opacity <= 0:
                continue
            painter.save()
            # The last pixels of an overview may reach beyond the canvas.
            painter.setClipRect(self._canvas(part.side).intersected(self._window(part)))
            painter.setOpacity(opacity)
            self._layers[part.side].paint(painter, self._camera, self.view)
            self.flow.paint_veil(painter, part.side)
            self.standing.paint_tint(painter, part.side)
            painter.restore()

    def _paint_hints(self, painter: QPainter, shown: list[Part]) -> None:
        missing = [p for p in self._parts if p not in shown]
        if missing and not shown:
            both = len(missing) > 1
            words = hint.BOTH if both else self._words(missing[0].side)
            frame = both or missing[0].side is not Side.DIFFERENCE
            hint.paint_hint(painter, QRectF(self.rect()), words, frame=frame)
            return
        for part in missing:
            if self._window(part) != QRectF(self.rect()):
                hint.paint_hint(painter, self._window(part), self._words(part.side), frame=False)

    def _words(self, side: Side) -> tuple[str, str]:
        ready = not (self._layers[Side.A].empty or self._layers[Side.B].empty)
        if side is Side.DIFFERENCE and ready:
            return hint.WAITING if self._busy else hint.NONE
        return hint.EMPTY[side]

    # ------------------------------------------------------------------ mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell where the mouse is."""
        at = event.position()
        self.pointed.emit(at.x() / max(self.width(), 1), at.y() / max(self.height(), 1))
        pixel = self._lens().pixel_at(at, self.view)
        if pixel is None:
            self.left.emit()
        else:
            self.hovered.emit(*pixel)

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that the mouse is gone."""
        super().leaveEvent(event)
        self.left.emit()

    def side_at(self, at: QPointF) -> Side | None:
        """Return the picture at a place of the pane; None for none, or more than one."""
        inside = [p for p in self._parts if self._window(p).contains(at)]
        if len(inside) != 1 or not inside[0].takes_drop or inside[0].side is Side.DIFFERENCE:
            return None
        return inside[0].side

    def in_hand(self) -> Side | None:
        """Return the picture that dragging moves where each moves alone: B where it lies on A."""
        return self._parts[-1].side if self._parts else None
