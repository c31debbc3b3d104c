"""What a hand does to B on the pictures: moving it, and pinning features of A and B together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QRect, Signal

from gui.views.chip import MARGIN
from gui.views.tool_hint import HEIGHT, ToolHint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from gui.views.layer import Layer
    from gui.views.pane import ImagePane
    from gui.views.pin_marks import PinMark


_PLACED: Final = (QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Move, QEvent.Type.Resize)


class Hand(QObject):
    """Switches the tools of all panes, and hears them. Signals out, `show_…` and `set_…` in.

    Parameters
    ----------
    board, panes, layer
        Where all stands, what it is made of, and the layer of B.
    below, right
        What stands at the bottom and on the right of the board already.

    Points are (x, y) on the canvas, where the picture of their side lies by the pictures shown.

    Signals
    -------
    moved(right: float, down: float), let_go()
        How far B was dragged since the button was pressed, in canvas pixels; it was let go.
    pin_clicked(side: Side, x: float, y: float)
        A feature was pointed at.
    pin_dropped(index: int, side: Side, x: float, y: float)
        A point of a pin was dragged to another place.
    pin_chosen(index: int), pin_removed(index: int)
        A pin was clicked, with the left or the right button.

    Attributes
    ----------
    hint
        The line that says what the tool that is on does.
    """

    moved = Signal(float, float)
    let_go = Signal()
    pin_clicked = Signal(object, float, float)
    pin_dropped = Signal(int, object, float, float)
    pin_chosen = Signal(int)
    pin_removed = Signal(int)

    def __init__(
        self,
        board: QWidget,
        panes: Sequence[ImagePane],
        layer: Layer,
        below: Sequence[QWidget],
        right: QWidget,
    ) -> None:
        super().__init__(board)
        self._panes, self._layer = panes, layer
        self._board, self._below, self._right = board, below, right
        self.hint = ToolHint(board, self._room)
        right.installEventFilter(self)
        self.set_laid(0.0, 0.0)
        for pane in panes:
            pane.moving.moved.connect(self.moved)
            pane.moving.ended.connect(self.let_go)
            pane.pinning.clicked.connect(self.pin_clicked)
            pane.pinning.dropped.connect(self.pin_dropped)
            pane.pinning.chosen.connect(self.pin_chosen)
            pane.pinning.removed.connect(self.pin_removed)

    def set_moving(self, on: bool) -> None:
        """Let dragging with the left button move B, or the camera."""
        for pane in self._panes:
            pane.moving.set_on(on)

    def set_pinning(self, on: bool) -> None:
        """Let clicks set pins, or not."""
        for pane in self._panes:
            pane.pinning.set_on(on)

    def set_laid(self, right: float, down: float) -> None:
        """Take how far B has been moved by hand in the pictures that come from now on."""
        self._layer.laid = (right, down)

    def show_pins(self, marks: Sequence[PinMark]) -> None:
        """Paint these pins."""
        for pane in self._panes:
            pane.pinning.show_marks(marks)

    def pin_under_mouse(self) -> int | None:
        """Return the index of the pin under the mouse."""
        for pane in self._panes:
            if pane.underMouse():
                return pane.pinning.under_mouse()
        return None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Make room when what stands on the right comes, goes or moves."""
        if event.type() in _PLACED:
            self.hint.place()
        return False

    def _room(self) -> QRect:
        """Return where the hint may stand: off what stands on the board already."""
        room = self._board.rect()
        room.setBottom(min([room.bottom(), *(w.y() - 1 for w in self._below if not w.isHidden())]))
        reaches = self._right.geometry().bottom() > room.bottom() - 2 * MARGIN - HEIGHT
        if reaches and not self._right.isHidden():
            room.setRight(self._right.x() - 1)
        return room
