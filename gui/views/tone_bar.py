"""The bar above the pictures that makes them brighter or darker for the eye."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from core.tone import EV_RANGE, GAMMA_RANGE, Curve, Tone
from gui.icons import set_icon
from gui.widgets.choice import Choice
from gui.widgets.slider_spin import SliderSpin

CURVES = {
    "standard": "standard",
    "reinhard": "Reinhard",
    "filmic": "filmic",
    "log": "logarithmic",
}
ONLY_SHOWN = "Only what is shown changes, never a number."


class ToneBar(QFrame):
    """Exposure, curve, gamma and marks, in one row.

    Signals
    -------
    tone_changed(Tone)
        A person changed something; also while a slider is dragged.
    auto_wanted()
        The exposure is to be found from what is seen.
    closed()
        A person closed the bar.
    """

    tone_changed = Signal(object)
    auto_wanted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.tone = Tone()
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 6, 4)
        row.setSpacing(8)
        self.exposure = SliderSpin(*EV_RANGE, 0.1, unit="EV", parent=self)
        self.exposure.set_tip(f"Makes A and B brighter or darker. {ONLY_SHOWN}", "Exposure")
        self.exposure.value_changed.connect(lambda ev: self._change(exposure_ev=ev))
        self.auto = self._button(
            "Auto", "Brings the brightest 5 % of what is in view to white.", self.auto_wanted.emit
        )
        self.curve = Choice(CURVES, self)
        self.curve.setToolTip(
            "Standard cuts off at white; the others bring what is brighter than white into view."
            f" {ONLY_SHOWN}"
        )
        self.curve.setAccessibleName("Curve")
        self.curve.setFixedWidth(self.curve.full_width())
        self.curve.value_changed.connect(lambda value: self._change(curve=Curve(value)))
        self.gamma = SliderSpin(*GAMMA_RANGE, 0.05, parent=self)
        self.gamma.set_tip(f"Above 1 opens the shadows. {ONLY_SHOWN}", "Gamma")
        self.gamma.value_changed.connect(lambda gamma: self._change(gamma=gamma))
        self.mark = QCheckBox("Mark clipped", self)
        self.mark.setToolTip(
            "Stripes: red over what is brighter than white at this exposure, blue below black,"
            " magenta over NaN and infinities."
        )
        self.mark.toggled.connect(lambda on: self._change(mark=on))
        self.reset = self._button(
            "Reset", "Shows the pictures as they are.", lambda: self._take(Tone())
        )
        self.close_button = self._button(
            "", "Closes this bar; what is set stays.", self.closed.emit
        )
        set_icon(self.close_button, "close")
        self.close_button.setAccessibleName("Close the brightness bar")
        for text, parts, stretch in (
            ("Exposure", (self.exposure, self.auto), 3),
            ("Curve", (self.curve,), 0),
            ("Gamma", (self.gamma,), 2),
            ("", (self.mark, self.reset, self.close_button), 0),
        ):
            if text:
                label = QLabel(text, self)
                label.setProperty("role", "muted")
                label.setToolTip(parts[0].toolTip())
                label.setBuddy(parts[0])
                row.addWidget(label)
            for part in parts:
                row.addWidget(part, stretch if part is parts[0] else 0)
        self.show_tone(Tone())

    def show_tone(self, tone: Tone) -> None:
        """Follow a tone; nothing is emitted."""
        self.tone = tone
        self.exposure.set_value(tone.exposure_ev)
        self.gamma.set_value(tone.gamma)
        self.curve.set_value(str(tone.curve))
        with QSignalBlocker(self.mark):
            self.mark.setChecked(tone.mark)
        self.reset.setEnabled(tone != Tone())

    def _button(self, text: str, tip: str, clicked: Any) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setToolTip(tip)
        button.setProperty("role", "quiet")
        button.clicked.connect(lambda _=False: clicked())
        return button

    def _change(self, **changes: Any) -> None:
        self._take(replace(self.tone, **changes))

    def _take(self, tone: Tone) -> None:
        if tone != self.tone:
            self.show_tone(tone)
            self.tone_changed.emit(tone)
