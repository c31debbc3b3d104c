"""Forms made from the fields of a Params class: a new parameter needs no edit here."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QLineEdit, QWidget

from gui.widgets.choice import Choice
from gui.widgets.slider_spin import NumberSpin, SliderSpin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.settings import Params, Ui

LABEL_WIDTH = 96
GAP = 6
SLIDER_LIMIT = 10_000
"""A slider over more steps than this cannot be aimed; such a number gets only its field."""
UNLIMITED = 1e9


class Field:
    """One control for one field: `widget`, how to show a value, and a callback with the new one."""

    def __init__(
        self, widget: QWidget, show: Callable[[Any], None], wide: bool = True, tip: str = ""
    ) -> None:
        self.widget = widget
        self.show = show
        self.wide = wide
        if tip and not widget.toolTip():
            widget.setToolTip(tip)


def make_field(
    kind: type, ui: Ui, on_value: Callable[[Any], None], parent: QWidget | None = None
) -> Field:
    """Return the control that fits a field's type and limits."""
    if issubclass(kind, StrEnum):
        return _choice(kind, ui, on_value, parent)
    if kind is bool:
        return _check(ui, on_value, parent)
    if kind in (int, float):
        return _number(kind, ui, on_value, parent)
    return _line(ui, on_value, parent)


def _choice(
    kind: type[StrEnum], ui: Ui, on_value: Callable[[Any], None], parent: QWidget | None
) -> Field:
    box = Choice(ui.choices or {str(v): str(v) for v in kind}, parent)
    box.setAccessibleName(ui.label)
    box.value_changed.connect(on_value)
    return Field(box, lambda value: box.set_value(str(value)), tip=ui.help)


def _check(ui: Ui, on_value: Callable[[Any], None], parent: QWidget | None) -> Field:
    box = QCheckBox(ui.label, parent)
    box.toggled.connect(on_value)

    def show(value: bool) -> None:
        with QSignalBlocker(box):
            box.setChecked(value)

    return Field(box, show, tip=ui.help)


def _number(kind: type, ui: Ui, on_value: Callable[[Any], None], parent: QWidget | None) -> Field:
    whole = kind is int
    low = -UNLIMITED if ui.low is None else ui.low
    high = UNLIMITED if ui.high is None else ui.high
    step = ui.step or (1.0 if whole else 0.1)

    def changed(value: float) -> None:
        on_value(round(value) if whole else value)

    if (high - low) / step <= SLIDER_LIMIT:
        both = SliderSpin(low, high, step, whole=whole, unit=ui.unit, parent=parent)
        both.set_tip(ui.help, ui.label)
        both.value_changed.connect(changed)
        return Field(both, both.set_value)
    spin = NumberSpin(low, high, step, whole=whole, unit=ui.unit, parent=parent)
    spin.setAccessibleName(ui.label)
    spin.valueChanged.connect(changed)

    def show(value: float) -> None:
        with QSignalBlocker(spin):
            spin.setValue(value)

    return Field(spin, show, wide=False, tip=ui.help)


def _line(ui: Ui, on_value: Callable[[Any], None], parent: QWidget | None) -> Field:
    line = QLineEdit(parent)
    line.setAccessibleName(ui.label)
    line.textEdited.connect(on_value)

    def show(value: str) -> None:
        if line.text() != value:
            line.setText(value)

    return Field(line, show, tip=ui.help)


class ParamsForm(QWidget):
    """Labels and controls for some fields of a Params class.

    Signals
    -------
    field_changed(str, object)
        A person gave a field a new value (also while a slider is dragged).
    """

    field_changed = Signal(str, object)

    def __init__(
        self,
        kind: type[Params],
        names: Sequence[str],
        parent: QWidget | None = None,
        *,
        label_width: int = LABEL_WIDTH,
    ) -> None:
        super().__init__(parent)
        self._uis = {name: ui for name, ui in kind.ui_fields().items() if name in names}
        self.fields: dict[str, Field] = {}
        self._labels: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(4)
        grid.setColumnMinimumWidth(0, label_width)
        grid.setColumnStretch(1, 1)
        for row, (name, ui) in enumerate(self._uis.items()):
            self._add(grid, row, name, ui, kind.field_types()[name])

    def _add(self, grid: QGridLayout, row: int, name: str, ui: Ui, kind: type) -> None:
        def changed(value: Any) -> None:
            self.field_changed.emit(name, value)

        made = make_field(kind, ui, changed, self)
        self.fields[name] = made
        side = Qt.AlignmentFlag(0) if made.wide else Qt.AlignmentFlag.AlignRight
        if kind is bool:  # a check box carries its own label
            grid.addWidget(made.widget, row, 0, 1, 2)
            return
        label = QLabel(ui.label, self)
        label.setProperty("role", "muted")
        label.setToolTip(ui.help)
        label.setBuddy(made.widget)
        self._labels[name] = label
        grid.addWidget(label, row, 0)
        grid.addWidget(made.widget, row, 1, side)

    def show_params(self, params: Params) -> None:
        """Follow the given values without emitting, and hide what has no effect with them."""
        for name, made in self.fields.items():
            made.show(getattr(params, name))
            has_effect = params.has_effect(name)
            made.widget.setVisible(has_effect)
            if name in self._labels:
                self._labels[name].setVisible(has_effect)

    def shown_fields(self) -> tuple[str, ...]:
        """Return the names of the fields that have an effect now."""
        return tuple(n for n, made in self.fields.items() if not made.widget.isHidden())
