"""What is known of one side's picture, and how it is painted through the camera."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPainter

from core.render import Side
from core.types import Rect
from gui.qimage import to_screen

if TYPE_CHECKING:
    from core.render import Picture
    from gui.camera import Camera
    from gui.lens import Lens

SHARP_FROM = 2.0
"""From this zoom on pixels are painted as squares."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A picture in Qt's form; it covers canvas pixels ``rect * 2**level``.

    `laid` is how far B had been moved by hand, (right, down) in canvas pixels, when it was made;
    None for what no hand moves.
    """

    image: QImage
    rect: Rect
    level: int
    exact: bool
    laid: tuple[float, float] | None = None

    def covers(self, canvas_rect: Rect) -> bool:
        """Whether it has pixels for the whole of a canvas rectangle."""
        step, r = 1 << self.level, self.rect
        return (
            r.row * step <= canvas_rect.row
            and r.col * step <= canvas_rect.col
            and r.bottom * step >= canvas_rect.bottom
            and r.right * step >= canvas_rect.right
        )


def level_for(side: Side, zoom: float) -> int:
    """Return the pyramid level that suits a zoom.

    A picture is taken up to twice too fine and shrunk smoothly. The difference is taken up to
    twice too coarse and never shrunk: shrinking skips or averages pixels, and a defect of one
    pixel, which the maxima of the coarser level keep, would vanish.
    """
    if zoom >= 1:
        return 0
    octaves = math.log2(1 / zoom)
    return math.ceil(octaves) if side is Side.DIFFERENCE else math.floor(octaves)


class Layer:
    """The overview of one side (whole canvas), and its detail (what is in view) on top.

    Attributes
    ----------
    laid
        How far B has been moved by hand in pictures that are put from now on, (right, down) in
        canvas pixels; None when they stay where they are, whatever the hand does.
    """

    def __init__(self, side: Side) -> None:
        self.side = side
        self.laid: tuple[float, float] | None = None
        self._overview: Shown | None = None
        self._detail: Shown | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to paint."""
        return self._overview is None and self._detail is None

    def hides(self, canvas: Rect, camera: Camera) -> bool:
        """Whether there is a picture of the whole canvas (it may have another size by now)."""
        whole = self._overview
        return whole is not None and whole.covers(canvas) and self._moved(whole, camera).isNull()

    def moved(self, camera: Camera) -> QPointF:
        """Return how far from its place on the canvas the newest picture is seen."""
        newest = self._detail or self._overview
        return QPointF() if newest is None else self._moved(newest, camera)

    def lens(self, camera: Camera) -> Lens:
        """Return how the newest picture's canvas is seen."""
        return camera.lens(self.moved(camera))

    def _moved(self, shown: Shown, camera: Camera) -> QPointF:
        return QPointF() if shown.laid is None else camera.offset - QPointF(*shown.laid)

    @property
    def exact(self) -> bool:
        """Whether all that is shown is exact, not a preview."""
        return all(s is None or s.exact for s in (self._overview, self._detail))

    def put(self, picture: Picture, *, detail: bool) -> None:
        """Take a picture; a new overview drops the detail, which belongs to an older answer."""
        image = to_screen(picture.rgb)
        shown = Shown(image, picture.rect, picture.level, picture.exact, self.laid)
        if detail:
            self._detail = shown
        else:
            self._overview, self._detail = shown, None

    def clear(self) -> None:
        """Forget both pictures."""
        self._overview = self._detail = None

    def serves(self, canvas_rect: Rect, level: int) -> bool:
        """Whether what is there shows a canvas rectangle at a level."""
        found = (self._detail, self._overview)
        return any(s is not None and s.level == level and s.covers(canvas_rect) for s in found)

    def paint(self, painter: QPainter, camera: Camera, view: QSizeF) -> None:
        """Paint the part that is in view; the painter's clip and opacity hold."""
        detail = self._detail
        if self._overview and not (detail and self._hides_all(detail, camera, view)):
            self._paint(painter, self._overview, camera, view)
        if detail:
            self._paint(painter, detail, camera, view)

    def _hides_all(self, shown: Shown, camera: Camera, view: QSizeF) -> bool:
        seen = camera.lens(self._moved(shown, camera)).visible(view)
        return shown.covers(_whole_pixels(seen))

    def _paint(self, painter: QPainter, shown: Shown, camera: Camera, view: QSizeF) -> None:
        lens = camera.lens(self._moved(shown, camera))
        visible = lens.visible(view)
        if visible.isEmpty():
            return
        step, rect = 1 << shown.level, shown.rect
        # One pixel more on each side: smooth scaling looks at neighbours.
        left = max(math.floor(visible.left() / step) - 1, rect.col)
        top = max(math.floor(visible.top() / step) - 1, rect.row)
        right = min(math.ceil(visible.right() / step) + 1, rect.right)
        bottom = min(math.ceil(visible.bottom() / step) + 1, rect.bottom)
        if right <= left or bottom <= top:
            return
        unit = step * lens.scale
        corner = lens.to_view(left * step, top * step, view)
        target = QRectF(corner, QSizeF((right - left) * unit, (bottom - top) * unit))
        source = QRectF(left - rect.col, top - rect.row, right - left, bottom - top)
        painter.setRenderHint(
            QPainter.RenderHint.SmoothPixmapTransform, self._smooth(shown, camera)
        )
        painter.drawImage(target, shown.image, source)

    def _smooth(self, shown: Shown, camera: Camera) -> bool:
        if self.side is Side.DIFFERENCE:  # mixing two colours of a colour map gives a third value
            return False
        own_zoom = camera.zoom * (1 << shown.level)
        return own_zoom != 1 and (own_zoom < SHARP_FROM or shown.level > 0)


def _whole_pixels(area: QRectF) -> Rect:
    """Return the smallest whole-pixel rectangle around an area of the canvas."""
    row, col = math.floor(area.top()), math.floor(area.left())
    return Rect(row, col, math.ceil(area.bottom()) - row, math.ceil(area.right()) - col)


def visible_rect(lens: Lens, view: QSizeF) -> Rect:
    """Return the canvas pixels in view; empty when there are none."""
    visible = lens.visible(view)
    return Rect(0, 0, 0, 0) if visible.isEmpty() else _whole_pixels(visible)
