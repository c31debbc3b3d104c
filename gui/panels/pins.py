"""The list of pins: where the same features are in A and in B, and how well they fit now."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from core.alignment.pins import Pin, Pins
from core.format import NONE, count
from gui.icons import set_icon
from gui.theme import number_font, ui_font
from gui.widgets.section_header import SectionHeader

if TYPE_CHECKING:
    from collections.abc import Sequence

LEFT_TIP: Final = "How far its two points lie apart now, in px of A."


class PinsPanel(QWidget):
    """Every pin with its two points, what is left between them, and what all pins fix.

    Hidden while there is none and none is being set.

    Signals
    -------
    pins_changed(tuple)
        All pins (`Pin`), after a person changed or removed one.
    pin_clicked(int)
        A pin is to be looked at.
    """

    pins_changed = Signal(tuple)
    pin_clicked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pins: Pins = ()
        self.header = SectionHeader("Pins", self)
        self.clear_link = self.header.add_link("remove all", "Lay B without pins again.")
        self.clear_link.clicked.connect(lambda: self.pins_changed.emit(()))
        self.words = QLabel("", self)
        self.words.setProperty("role", "muted")
        self.words.setFont(ui_font(-0.5))
        self.words.setWordWrap(True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(3)
        for column in (1, 2):
            self._grid.setColumnStretch(column, 1)
        self._heads = [self._head(text, tip, i) for i, (text, tip) in enumerate((
            ("A  x, y", "Where the feature is in A, px; pixel centres are at whole numbers."),
            ("B  x, y", "Where the feature is in B, px; pixel centres are at whole numbers."),
            ("left", LEFT_TIP),
        ))]  # fmt: skip
        stack = QVBoxLayout(self)
        stack.setContentsMargins(12, 6, 6, 6)
        stack.setSpacing(4)
        stack.addWidget(self.header)
        stack.addWidget(self.words)
        stack.addLayout(self._grid)
        self.rows: list[PinRow] = []
        self.hide()

    def _head(self, text: str, tip: str, at: int) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("role", "muted")
        label.setFont(ui_font(-1))
        label.setToolTip(tip)
        side = Qt.AlignmentFlag.AlignRight if at == 2 else Qt.AlignmentFlag.AlignLeft
        self._grid.addWidget(label, 0, at + 1, side)
        return label

    def show_pins(self, pins: Pins, words: str, *, setting: bool) -> None:
        """Show exactly these, and what they do; stay in sight while one is being `setting`."""
        self.words.setText(words)
        self.header.note.setText(count(len(pins), "pin", "pins") if pins else "")
        self.clear_link.setVisible(bool(pins))
        for head in self._heads:
            head.setVisible(bool(pins))
        if len(pins) != len(self.rows):
            self._make(len(pins))
        self.pins = pins
        for row, pin in zip(self.rows, pins, strict=True):
            row.show_pin(pin)
        self.setVisible(bool(pins) or setting)

    def show_chosen(self, index: int | None) -> None:
        """Mark a pin as the one that keys are for."""
        for i, row in enumerate(self.rows):
            row.show_chosen(i == index)

    def show_left(self, left: Sequence[float]) -> None:
        """Show how far the points of each pin lie apart, px; empty while that is not known."""
        known = len(left) == len(self.rows)
        for i, row in enumerate(self.rows):
            row.left.setText(f"{left[i]:.2f} px" if known else NONE)

    def _make(self, wanted: int) -> None:
        while len(self.rows) > wanted:
            self.rows.pop().remove_from(self._grid)
        while len(self.rows) < wanted:
            i = len(self.rows)
            row = PinRow(i, self)
            row.put_into(self._grid)
            row.changed.connect(lambda new, i=i: self._replace(i, new))
            row.clicked.connect(lambda i=i: self.pin_clicked.emit(i))
            self.rows.append(row)

    def _replace(self, index: int, new: Pin | None) -> None:
        pins = list(self.pins)
        pins[index : index + 1] = [] if new is None else [new]
        self.pins_changed.emit(tuple(pins))


class PinRow(QWidget):
    """The controls of one pin; they stand in the grid of the panel, this widget only holds them.

    Signals
    -------
    changed(Pin | None)
        It was changed, or removed.
    clicked()
        It is to be looked at.
    """

    changed = Signal(object)
    clicked = Signal()

    def __init__(self, index: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self._index = index
        self._pin = Pin((0.0, 0.0), (0.0, 0.0))
        self.number = QToolButton(parent)
        self.number.setText(str(index + 1))
        self.number.setCheckable(True)
        self.number.setProperty("role", "quiet")
        self.number.setToolTip("Look at it")
        self.number.setAccessibleName(f"Look at pin {index + 1}")
        self.number.clicked.connect(lambda _=False: self.clicked.emit())
        self.a, self.b = (self._field(name, parent) for name in ("a", "b"))
        self.left = QLabel(NONE, parent)
        self.left.setFont(number_font(-0.5))
        self.left.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.left.setToolTip(LEFT_TIP)
        self.left.setMinimumWidth(62)
        self.remove = QToolButton(parent)
        self.remove.setProperty("role", "quiet")
        self.remove.setToolTip("Remove it")
        self.remove.setAccessibleName(f"Remove pin {index + 1}")
        set_icon(self.remove, "close", "muted")
        self.remove.clicked.connect(lambda _=False: self.changed.emit(None))

    def _field(self, name: str, parent: QWidget) -> QLineEdit:
        field = QLineEdit(parent)
        field.setFont(number_font(-0.5))
        field.setMinimumWidth(84)
        field.setAccessibleName(f"Pin {self._index + 1} in {name.upper()}: x, y")
        field.setToolTip("x, y in pixels")
        field.editingFinished.connect(lambda: self._on_typed(field, name))
        return field

    @property
    def _widgets(self) -> tuple[QWidget, ...]:
        return self.number, self.a, self.b, self.left, self.remove

    def put_into(self, grid: QGridLayout) -> None:
        """Stand in the row of the pin."""
        for column, widget in enumerate(self._widgets):
            grid.addWidget(widget, self._index + 1, column)
            widget.show()

    def remove_from(self, grid: QGridLayout) -> None:
        """Leave the grid for good."""
        for widget in (*self._widgets, self):
            grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()

    def show_pin(self, pin: Pin) -> None:
        """Show where it is."""
        self._pin = pin
        self.a.setText(_text(pin.a))
        self.b.setText(_text(pin.b))

    def show_chosen(self, chosen: bool) -> None:
        """Stand out, or not."""
        self.number.setChecked(chosen)

    def _on_typed(self, field: QLineEdit, name: str) -> None:
        point, now = _point(field.text()), getattr(self._pin, name)
        if point is None or _text(point) == _text(now):
            field.setText(_text(now))
            return
        self.changed.emit(
            replace(self._pin, a=point) if name == "a" else replace(self._pin, b=point)
        )


def _text(point: tuple[float, float]) -> str:
    return f"{point[0]:.2f}, {point[1]:.2f}"


def _point(text: str) -> tuple[float, float] | None:
    """Return the two numbers of a text such as ``"120.5, 44"``; None when it is none."""
    parts = re.split(r"[,;\s]+", text.strip())
    try:
        x, y = (float(p) for p in parts)
    except ValueError:
        return None
    return (x, y) if max(abs(x), abs(y)) < 1e7 else None
