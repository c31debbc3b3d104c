"""B and the difference as they were opened, in turn with how they are aligned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPointF, QSizeF, Signal

from core.render import Side
from gui.views.detail import DetailWatch
from gui.views.layer import Layer, Shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from core.render import Picture
    from gui.camera import Camera

SIDES: Final = (Side.B, Side.DIFFERENCE)
"""What another place of B changes."""
WORDS: Final = ("aligned", "as opened")
"""What is said on the pictures, by whether they are shown as they were opened."""


class _Still(Layer):
    """A layer that stays where it was opened, whatever a hand does to B."""

    def _moved(self, shown: Shown, camera: Camera) -> QPointF:
        del shown, camera
        return QPointF()


class Flicker(QObject):
    """Keeps the layers of the pictures as they were opened, and puts them in place of the others.

    Parameters
    ----------
    camera
        That of the panes.
    painted
        What the panes paint, by side; changed when the pictures take turns.

    Signals
    -------
    wanted(side: Side, rect: Rect, level: int)
        Like `gui.views.detail.DetailWatch.wanted`, of the pictures as they were opened.
    """

    wanted = Signal(object, object, int)

    def __init__(
        self, camera: Camera, painted: dict[Side, Layer], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._painted = painted
        self._aligned = {side: painted[side] for side in SIDES}
        self._opened = {side: _Still(side) for side in SIDES}
        self._watch = DetailWatch(camera, self._opened, self)
        self._watch.wanted.connect(self.wanted)

    @property
    def ready(self) -> bool:
        """Whether there is something to take turns with."""
        return not any(layer.empty for layer in self._opened.values())

    @property
    def layers(self) -> Mapping[Side, Layer]:
        """The pictures as they were opened."""
        return self._opened

    def show(self, *, opened: bool) -> None:
        """Put the pictures as they were opened, or as they are aligned, in their places."""
        self._painted.update(self._opened if opened else self._aligned)

    def put(self, picture: Picture, *, detail: bool) -> None:
        """Take a picture as it was opened; of A there is no other one."""
        side = picture.side
        if side in self._opened:
            if not detail:
                self._watch.forget(side)
            self._opened[side].put(picture, detail=detail)

    def clear(self) -> None:
        """Forget the pictures as they were opened."""
        for side, layer in self._opened.items():
            self._watch.forget(side)
            layer.clear()

    def look(self, sides: Iterable[Side], view: QSizeF) -> None:
        """Check what panes that show `sides` lack of the pictures as they were opened."""
        self._watch.look([side for side in sides if side in self._opened], view)
