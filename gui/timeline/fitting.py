"""Rows that hide what matters least where there is no room."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtWidgets import QBoxLayout, QWidget


def fit(
    row: QBoxLayout, width: int, least_first: Sequence[QWidget], absent: Collection[QWidget]
) -> None:
    """Show the widgets of a row, but hide the first of `least_first` until the rest has room.

    Parameters
    ----------
    row
        Widgets and stretches, no fixed spaces.
    width
        The room there is, in logical pixels.
    least_first
        What may be hidden, the least important first.
    absent
        What there is not to show, whether there is room or not.
    """
    items = (row.itemAt(i) for i in range(row.count()))
    widgets = [w for item in items if item is not None and (w := item.widget()) is not None]
    shown = [w for w in widgets if w not in absent]
    margins = row.contentsMargins()
    stretches = row.count() - len(widgets)
    room = width - margins.left() - margins.right() - stretches * row.spacing() + row.spacing()
    needed = sum(width_of(w) + row.spacing() for w in shown)
    for widget in least_first:
        if needed <= room:
            break
        if widget in shown:
            shown.remove(widget)
            needed -= width_of(widget) + row.spacing()
    for widget in widgets:
        if widget.isHidden() == (widget in shown):
            widget.setVisible(widget in shown)


def width_of(widget: QWidget) -> int:
    """Return how wide a widget is to be."""
    return min(max(widget.sizeHint().width(), widget.minimumWidth()), widget.maximumWidth())
