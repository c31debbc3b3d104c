"""Files and pictures that are dragged over a pane and dropped on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, QPointF, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

from gui.offer import offered, welcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from core.render import Side


class Dropping(QObject):
    """Welcomes what is dragged over a widget, and hands over what is dropped.

    Parameters
    ----------
    widget
        What is dropped on; it must accept drops.
    side_at
        Returns whose picture lies at a place of the widget, or None.

    Signals
    -------
    dropped(side: Side | None, offer: Offer)
        Something was dropped; `side` when the place says which picture it is meant for.
    changed()
        `over` is another one.

    Attributes
    ----------
    over
        The side, in a tuple, that what is dragged over the widget is meant for; None while nothing
        is.
    """

    dropped = Signal(object, object)
    changed = Signal()

    def __init__(self, widget: QWidget, side_at: Callable[[QPointF], Side | None]) -> None:
        super().__init__(widget)
        self._side_at = side_at
        self.over: tuple[Side | None] | None = None
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Use all that has to do with dragging."""
        match event.type():
            case QEvent.Type.DragEnter:
                self._on_enter(cast("QDragEnterEvent", event))
            case QEvent.Type.DragMove:
                move = cast("QDragMoveEvent", event)
                move.acceptProposedAction()
                self._set_over((self._side_at(move.position()),))
            case QEvent.Type.DragLeave:
                self._set_over(None)
            case QEvent.Type.Drop:
                self._on_drop(cast("QDropEvent", event))
            case _:
                return False
        return True

    def _on_enter(self, event: QDragEnterEvent) -> None:
        if welcome(event.mimeData()):
            event.acceptProposedAction()
            self._set_over((self._side_at(event.position()),))

    def _on_drop(self, event: QDropEvent) -> None:
        self._set_over(None)
        offer = offered(event.mimeData())
        event.acceptProposedAction()
        self.dropped.emit(self._side_at(event.position()) if len(offer.paths) < 2 else None, offer)

    def _set_over(self, over: tuple[Side | None] | None) -> None:
        if over != self.over:
            self.over = over
            self.changed.emit()
