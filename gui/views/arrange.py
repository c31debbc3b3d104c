"""Where the panes lie."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize

GAP: Final = 1
"""Fewest logical pixels between two panes: a hairline."""
GAIN: Final = 1.25
"""Panes leave their row only when that shows the whole canvas at least this much larger."""


def arrange(count: int, size: QSize, canvas_height: int, canvas_width: int) -> list[QRect]:
    """Return the rectangles of `count` panes in a view.

    They have one size, so that every pane shows the same pixels at the same places, and lie in a
    row; two above one, or under each other, when the canvas is so wide that it gains by it. In two
    above one the third pane is as wide as the view: it shows more on both sides.
    """
    grids = [(count, 1), (2, 2), (1, count)] if count == 3 else [(count, 1), (1, count)]
    if canvas_height <= 0 or canvas_width <= 0:
        columns, rows = (1, count) if size.height() > 2 * size.width() else (count, 1)
    else:
        columns, rows = grids[0]
        best = _zoom(columns, rows, size, canvas_height, canvas_width)
        for grid in grids[1:]:
            zoom = _zoom(*grid, size, canvas_height, canvas_width)
            if zoom >= GAIN * best:
                (columns, rows), best = grid, zoom
    pane = _fit(columns, rows, size)
    # Pixels that cannot be shared out evenly go into the gaps.
    across, down = size.width() - pane.width(), size.height() - pane.height()
    places = [
        QRect(_share(across, i % columns, columns), _share(down, i // columns, rows),
              pane.width(), pane.height())
        for i in range(count)
    ]  # fmt: skip
    if (columns, rows) == (2, 2):
        places[2].setWidth(size.width())
    return places


def _zoom(columns: int, rows: int, size: QSize, height: int, width: int) -> float:
    pane = _fit(columns, rows, size)
    return min(pane.width() / width, pane.height() / height)


def _share(room: int, index: int, count: int) -> int:
    return max(room, 0) * index // max(count - 1, 1)


def _fit(columns: int, rows: int, size: QSize) -> QSize:
    return QSize(
        max((size.width() - (columns - 1) * GAP) // columns, 1),
        max((size.height() - (rows - 1) * GAP) // rows, 1),
    )
