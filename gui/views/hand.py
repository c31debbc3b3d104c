"""What a hand does to B on the pictures: moving it, and pinning features of A and B together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, Signal

from gui.views.tool_hint import ToolHint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtWidgets import QWidget

    from gui.views.layer import Layer
    from gui.views.pane import ImagePane
    from gui.views.pin_marks import PinMark


class Hand(QObject):
    """Switches the tools of all panes, and hears them. Signals out, `show_…` and `set_…` in.

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

    def __init__(self, board: QWidget, panes: Sequence[ImagePane], layer: Layer) -> None:
        super().__init__(board)
        self._panes, self._layer = panes, layer
        self.hint = ToolHint(board)
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

    def place(self, area: QRect, taken: Iterable[QWidget]) -> None:
        """Stand at the bottom of an area, above the widgets that are there already."""
        bottom = min([area.bottom(), *(w.y() - 1 for w in taken if not w.isHidden())])
        self.hint.place(QRect(area.topLeft(), QPoint(area.right(), bottom)))
