"""Where the panes lie."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QSize

GAP: Final = 1
"""Fewest logical pixels between two panes: a hairline."""
STACK_GAIN: Final = 1.5
"""Panes are stacked when that shows the whole canvas at least this much larger."""


def arrange(count: int, size: QSize, canvas_height: int, canvas_width: int) -> list[QRect]:
    """Return the rectangles of `count` panes in a view.

    All have exactly one size, so that every pane shows the same pixels at the same places. They
    lie in a row; under each other when the canvas is so wide that it gains from it.
    """
    row, column = _fit(count, 1, size), _fit(1, count, size)
    if canvas_height > 0 and canvas_width > 0:
        zoom = [
            min(pane.width() / canvas_width, pane.height() / canvas_height)
            for pane in (row, column)
        ]
        stacked = zoom[1] >= STACK_GAIN * zoom[0]
    else:
        stacked = size.height() > 2 * size.width()
    pane = column if stacked else row
    # Pixels that cannot be shared out evenly go into the gaps.
    room = QSize(size.width() - pane.width(), size.height() - pane.height())
    return [
        QRect(_share(room.width(), i, count), _share(room.height(), i, count),
              pane.width(), pane.height())
        for i in range(count)
    ]  # fmt: skip


def _share(room: int, index: int, count: int) -> int:
    return max(room, 0) * index // max(count - 1, 1)


def _fit(columns: int, rows: int, size: QSize) -> QSize:
    return QSize(
        max((size.width() - (columns - 1) * GAP) // columns, 1),
        max((size.height() - (rows - 1) * GAP) // rows, 1),
    )
