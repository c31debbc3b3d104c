"""The small controls that blink, flicker and blend bring along, at the bottom of a pane."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QRect, QTimer, Signal
from PySide6.QtWidgets import QWidget

from core.render import Side
from gui.views.chip import LETTERS, MARGIN, side_colour
from gui.views.floating_slider import FloatingSlider
from gui.views.modes import Mode

BLINK_RANGE_MS: Final = (100, 2000)
BLINK_MS: Final = 500


class Controls(QObject):
    """The blend slider, the blink slider, and the clock of the blinking.

    Signals
    -------
    blended(share: float)
        The blend slider was moved; share of B, 0...1.
    blinked()
        It is time for the other side.
    interval_changed(interval_ms: int)
        The blink slider was moved.
    """

    blended = Signal(float)
    blinked = Signal()
    interval_changed = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._playing = True
        self._mode = Mode.SIDE_BY_SIDE
        self._flicker = False
        self.blend = FloatingSlider(parent)
        self.blend.setRange(0, 100)
        self.blend.setValue(50)
        self.blend.setPageStep(10)
        self.blend.show_ends(
            (LETTERS[Side.A], side_colour(Side.A)), (LETTERS[Side.B], side_colour(Side.B))
        )
        self.blend.setAccessibleName("Share of B")
        self.blend.setToolTip("How much of B is laid over A")
        self.blend.valueChanged.connect(self._on_blend)
        self.blink = FloatingSlider(parent)
        self.blink.setRange(*BLINK_RANGE_MS)
        self.blink.setSingleStep(50)
        self.blink.setPageStep(200)
        self.blink.setValue(BLINK_MS)
        self.blink.set_unit("ms")
        self.blink.show_playing(True)
        self.blink.setAccessibleName("Blink interval")
        self.blink.setToolTip("How long each picture is shown; the button on the left pauses")
        self.blink.valueChanged.connect(self._on_interval)
        self.blink.toggled.connect(self.toggle)
        self._clock = QTimer(self)
        self._clock.setInterval(BLINK_MS)
        self._clock.timeout.connect(self.blinked)
        self.blend.hide()
        self.blink.hide()

    @property
    def playing(self) -> bool:
        """Whether pictures take turns now."""
        return self._clock.isActive()

    def show_mode(self, mode: Mode, *, flicker: bool = False) -> None:
        """Show what belongs to a mode; pictures take turns in BLINK, and while they flicker."""
        if (mode, flicker) == (self._mode, self._flicker):
            return
        before = self._turning
        self._mode, self._flicker = mode, flicker
        self._playing = self._playing or not before  # a pause outlasts another mode of the flicker
        self.blend.setVisible(mode is Mode.BLEND)
        self.blink.setVisible(self._turning)
        for slider in (self.blend, self.blink):
            slider.raise_()
        self._run()

    def show_blend(self, share: float) -> None:
        """Move the blend slider."""
        self.blend.setValue(round(share * 100))

    def set_interval(self, interval_ms: int) -> None:
        """Move the blink slider."""
        self.blink.setValue(interval_ms)

    def toggle(self) -> None:
        """Pause the blinking, or go on."""
        self._playing = not self._playing
        self._run()

    def place(self, pane: QRect) -> None:
        """Put the sliders at the bottom of a pane, one above the other."""
        bottom = pane.bottom() + 1 - MARGIN - 4
        for slider, shown in ((self.blend, self._mode is Mode.BLEND), (self.blink, True)):
            x = pane.center().x() - slider.width() // 2
            slider.move(x, bottom - slider.height())
            bottom -= (slider.height() + 6) * shown

    @property
    def _turning(self) -> bool:
        return self._mode is Mode.BLINK or self._flicker

    def _run(self) -> None:
        self.blink.show_playing(self._playing)
        if self._turning and self._playing:
            self._clock.start()
        else:
            self._clock.stop()

    def _on_blend(self, percent: int) -> None:
        self.blended.emit(percent / 100)

    def _on_interval(self, interval_ms: int) -> None:
        self._clock.setInterval(interval_ms)
        self.interval_changed.emit(interval_ms)
