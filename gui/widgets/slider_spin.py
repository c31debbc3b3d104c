"""A slider and a number field for one value."""

from __future__ import annotations

import math

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QSizePolicy, QSlider, QWidget

from gui.theme import number_font
from gui.widgets.wheel import guard_wheel

POSITIONS = 1000
_KEYS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Down: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: 1,
    Qt.Key.Key_PageDown: -10,
    Qt.Key.Key_PageUp: 10,
}


class StepSlider(QSlider):
    """A slider whose keys step the value (not the handle), and that jumps to where it is clicked.

    Signals
    -------
    stepped(int)
        So many steps up (or down) by the keyboard.
    """

    stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, POSITIONS)
        self.setPageStep(POSITIONS // 10)
        self.setMinimumWidth(56)
        guard_wheel(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step the value."""
        steps = _KEYS.get(Qt.Key(event.key()))
        if steps is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(steps)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Move the handle under the mouse, then drag it."""
        if event.button() == Qt.MouseButton.LeftButton:
            half = 8
            room = max(self.width() - 2 * half, 1)
            share = (event.position().x() - half) / room
            self.setValue(round(min(max(share, 0.0), 1.0) * POSITIONS))
        super().mousePressEvent(event)


class SliderSpin(QWidget):
    """One number: a slider for the eye, a field for the exact value.

    Over a wide range the slider is finer at the low end (its position goes with the square root).

    Signals
    -------
    value_changed(float)
        A person changed the value; also emitted while the slider is dragged.
    """

    value_changed = Signal(float)

    def __init__(
        self,
        low: float,
        high: float,
        step: float = 1.0,
        *,
        whole: bool = False,
        unit: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._low, self._high, self._step = low, high, step
        self._power = 2.0 if (high - low) / step > 100 and low >= 0 else 1.0
        self.slider = StepSlider(self)
        self.spin = NumberSpin(low, high, step, whole=whole, unit=unit, parent=self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.slider, 1)
        row.addWidget(self.spin)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.slider)
        self.slider.valueChanged.connect(self._on_slider)
        self.slider.stepped.connect(self._on_stepped)
        self.spin.valueChanged.connect(self._on_spin)

    def value(self) -> float:
        """Return the number."""
        return self.spin.value()

    def set_value(self, value: float) -> None:
        """Show a number without emitting anything."""
        if not (self.spin.hasFocus() and math.isclose(self.spin.value(), value)):
            with QSignalBlocker(self.spin):
                self.spin.setValue(value)
        self._place(value)

    def set_tip(self, tip: str, name: str) -> None:
        """Set the tooltip of both controls, and what a screen reader calls them."""
        for part in (self, self.slider, self.spin):
            part.setToolTip(tip)
            part.setAccessibleName(name)

    def _place(self, value: float) -> None:
        share = (value - self._low) / ((self._high - self._low) or 1.0)
        with QSignalBlocker(self.slider):
            position = round(min(max(share, 0.0), 1.0) ** (1 / self._power) * POSITIONS)
            if not self.slider.isSliderDown():
                self.slider.setValue(position)
        self.slider.update()

    def _on_slider(self, position: int) -> None:
        share = (position / POSITIONS) ** self._power
        steps = round(share * (self._high - self._low) / self._step)
        value = min(self._low + steps * self._step, self._high)
        if value != self.spin.value():
            with QSignalBlocker(self.spin):
                self.spin.setValue(value)
            self.value_changed.emit(self.spin.value())

    def _on_stepped(self, steps: int) -> None:
        self.spin.setValue(self.spin.value() + steps * self._step)

    def _on_spin(self, value: float) -> None:
        self._place(value)
        self.value_changed.emit(value)


class NumberSpin(QDoubleSpinBox):
    """A number field that shows no needless zeros and takes its value at Enter or Tab."""

    def __init__(
        self,
        low: float,
        high: float,
        step: float,
        *,
        whole: bool = False,
        unit: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setDecimals(0 if whole else max(decimals_of(step), 2))
        self.setRange(low, high)
        self.setSingleStep(step)
        self.setSuffix(f" {unit}" if unit else "")
        self.setKeyboardTracking(False)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setProperty("role", "bare")  # the style sheet leaves the small arrows out
        self.lineEdit().setTextMargins(0, 0, 7, 0)
        self.setFont(number_font())
        widest = max((self.textFromValue(v) for v in (low, high, high - step)), key=len)
        text = f"{widest}{self.suffix()}"
        self.setFixedWidth(max(self.fontMetrics().horizontalAdvance(text) + 20, 62))
        guard_wheel(self)

    def textFromValue(self, value: float) -> str:
        """Return the number without zeros at its end."""
        text = super().textFromValue(value)
        point = self.locale().decimalPoint()
        return text.rstrip("0").removesuffix(point) if point in text else text


def decimals_of(step: float) -> int:
    """Return how many decimals a step needs: 0.05 → 2, 1 → 0."""
    return max(0, -math.floor(math.log10(step) + 1e-9)) if 0 < step < 1 else 0
