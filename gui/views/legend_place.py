"""Where the legend of the difference stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from core.render import Side
from gui.views.chip import MARGIN
from gui.views.legend import LEAST_HEIGHT, MOST_HEIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.views.legend import Legend
    from gui.views.pane import ImagePane


def place_legend(legend: Legend, panes: Sequence[ImagePane], *, ready: bool) -> None:
    """Put it into the first pane that shows the difference, where there is room; else hide it.

    Parameters
    ----------
    legend, panes
        Children of one widget; names keep off the place that the legend takes.
    ready
        Whether there is a difference to show.
    """
    showing = [p for p in panes if any(x.side is Side.DIFFERENCE for x in p.parts)]
    host = showing[0] if showing and ready and legend.ready else None
    height = 0 if host is None else min(host.height() - 2 * MARGIN, MOST_HEIGHT)
    wanted = legend.sizeHint().width()
    fits = host is not None and height >= LEAST_HEIGHT and host.width() >= 3 * wanted
    legend.setVisible(fits)
    for pane in panes:
        pane.set_right_inset(wanted + MARGIN if fits and pane is host else 0)
    if host is not None and fits:
        corner = host.geometry().topRight() + QPoint(1 - MARGIN - wanted, MARGIN)
        legend.setGeometry(corner.x(), corner.y(), wanted, height)
        legend.raise_()
