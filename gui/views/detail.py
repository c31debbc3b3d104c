"""Asks for the detail that the panes lack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSizeF, Signal

from core.types import Rect
from gui.views.layer import Layer, level_for, visible_rect
from gui.views.throttle import Throttle

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.render import Side
    from gui.camera import Camera

MARGIN: Final = 0.25
"""Share of the view asked for beyond each of its edges: a small pan then needs nothing."""
INTERVAL_MS: Final = 60


def with_margin(visible: Rect, level: int, canvas: Rect) -> Rect:
    """Return the canvas pixels to ask for: grown, on whole pixels of the level, on the canvas."""
    step = 1 << level
    rows, cols = round(visible.height * MARGIN), round(visible.width * MARGIN)
    top, left = (visible.row - rows) // step * step, (visible.col - cols) // step * step
    bottom = -(-(visible.bottom + rows) // step) * step
    right = -(-(visible.right + cols) // step) * step
    return Rect(top, left, bottom - top, right - left).intersect(canvas)


class DetailWatch(QObject):
    """Compares what is in view with what the layers have, and asks for the rest.

    Signals
    -------
    wanted(side: Side, rect: Rect, level: int)
        Canvas pixels `rect` (full resolution, with a margin) are in view and worth level `level`.
        The same is not asked twice, unless `forget` was called.
    """

    wanted = Signal(object, object, int)

    def __init__(
        self, camera: Camera, layers: Mapping[Side, Layer], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._camera = camera
        self._layers = layers
        self._sides: tuple[Side, ...] = ()
        self._view = QSizeF()
        self._asked: dict[Side, tuple[Rect, int]] = {}
        self._throttle = Throttle(INTERVAL_MS, self)
        self._throttle.fired.connect(self._ask)

    def look(self, sides: Iterable[Side], view: QSizeF) -> None:
        """Check, now or soon, what panes of size `view` that show `sides` lack."""
        self._sides, self._view = tuple(sides), view
        self._throttle.call()

    def forget(self, side: Side) -> None:
        """Ask again for what was asked before: the answer to it is out of date."""
        self._asked.pop(side, None)

    def _ask(self) -> None:
        canvas = self._camera.canvas
        for side in self._sides:
            level, layer = level_for(side, self._camera.zoom), self._layers[side]
            visible = visible_rect(layer.lens(self._camera), self._view)
            if visible.empty or layer.empty or layer.serves(visible, level):
                continue
            asked = self._asked.get(side)
            if asked and asked[1] == level and asked[0].intersect(visible) == visible:
                continue
            rect = with_margin(
                visible, level, Rect(0, 0, int(canvas.height()), int(canvas.width()))
            )
            self._asked[side] = (rect, level)
            self.wanted.emit(side, rect, level)
