"""The bar above the filmstrip: play, step, jump, and what is shown and compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSpinBox, QToolButton, QWidget

from gui.icons import set_icon
from gui.theme import number_font, ui_font
from gui.timeline.axis import time_text
from gui.timeline.curve_chooser import CurveChooser
from gui.timeline.fitting import fit
from gui.timeline.pass_progress import PassProgress, progress_text
from gui.widgets.choice import Choice
from gui.widgets.wheel import guard_wheel

if TYPE_CHECKING:
    from collections.abc import Sequence

SPEEDS: Final = {"0.25": "¼×", "0.5": "½×", "1": "1×", "2": "2×", "4": "4×"}
MOST_OFFSET: Final = 1_000_000
_BUTTONS: Final = (
    ("first", "go-first", "First frame"),
    ("event_previous", "event-previous", "Previous event"),
    ("back", "step-back", "One frame back"),
    ("play", "play", "Play"),
    ("forward", "step-forward", "One frame forward"),
    ("event_next", "event-next", "Next event"),
    ("last", "go-last", "Last frame"),
    ("loop", "loop", "Loop: begin again at the end"),
)


class TransportBar(QFrame):
    """Buttons and fields in one row; what matters less is hidden where there is no room.

    Signals
    -------
    play_toggled()
        Play, or pause.
    step_wanted(int)
        So many frames on, or back.
    event_wanted(int)
        The next event (1), or the one before (-1).
    frame_wanted(int)
        A frame was chosen by its number.
    loop_changed(bool), speed_changed(float)
        How it is played.
    offset_changed(int)
        Frame i of A belongs to frame i + offset of B.
    against_chosen(str)
        What frames are compared with.
    """

    play_toggled = Signal()
    step_wanted = Signal(int)
    event_wanted = Signal(int)
    frame_wanted = Signal(int)
    loop_changed = Signal(bool)
    speed_changed = Signal(float)
    offset_changed = Signal(int)
    against_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.buttons = {
            name: _button(self, icon, tip, check=name == "loop") for name, icon, tip in _BUTTONS
        }
        self.speed = Choice(SPEEDS, self)
        self.speed.setFixedWidth(60)
        self.speed.set_value("1")
        _name(self.speed, "Speed")
        self.frame = QSpinBox(self)
        self.frame.setPrefix("frame ")
        self.frame.setKeyboardTracking(False)
        self.frame.setFont(number_font())
        self.frame.setGroupSeparatorShown(True)
        _name(self.frame, "Frame, counted from 0")
        self.time = _label(self, number_font(), "Time since the first frame")
        self.rate = _label(self, number_font(-1), "How fast it is played")
        self.offset = QSpinBox(self)
        self.offset.setPrefix("B ")
        self.offset.setRange(-MOST_OFFSET, MOST_OFFSET)
        self.offset.setKeyboardTracking(False)
        self.offset.setFont(number_font())
        _name(self.offset, "Offset of B: frame i of A belongs to frame i + offset of B")
        self.against = Choice({}, self)
        _name(self.against, "What each frame is compared with")
        self.pair_note = _label(self, ui_font(-1), "What the shown frame is compared with")
        self.curves = CurveChooser(self)
        self.progress_text = _label(self, number_font(-1), "")
        self.progress = PassProgress(self)
        self.menu_button = _button(self, "more", "More for sequences")
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._absent: set[QWidget] = set()  # what there is not to show, room or not
        self._row = QHBoxLayout(self)
        self._build()
        self._connect()
        self.show_length(1, None)
        for absent in (
            self.offset, self.against, self.curves, self.pair_note, self.rate, self.progress,
            self.progress_text,
        ):  # fmt: skip
            self._absent.add(absent)
        self._fit()

    # -- in ------------------------------------------------------------------------------------

    def show_length(self, count: int, times: Sequence[float] | None) -> None:
        """Take the number of frames; times say how wide a time may get."""
        with QSignalBlocker(self.frame):
            self.frame.setRange(0, max(count - 1, 0))
            self.frame.setSuffix(f" of {count:,}")
        metrics = self.frame.fontMetrics()
        widest = f"frame {max(count - 1, 0):,} of {count:,}"
        self.frame.setFixedWidth(metrics.horizontalAdvance(widest) + 40)
        last = time_text(times[-1]) if times is not None and len(times) else ""
        widest = "0" * len(last) if last else ""
        self.time.setMinimumWidth(self.time.fontMetrics().horizontalAdvance(widest) + 4)
        self._want(self.time, shown=bool(widest))

    def show_frame(self, index: int, time: float, name: str = "") -> None:
        """Show where it stands; `name` is what the source calls the frame."""
        if not self.frame.hasFocus() or self.frame.value() != index:
            with QSignalBlocker(self.frame):
                self.frame.setValue(index)
        self.frame.setToolTip(name or "Frame, counted from 0")
        self.time.setText(time_text(time))
        self.buttons["first"].setEnabled(index > 0)
        self.buttons["last"].setEnabled(index < self.frame.maximum())

    def show_playing(self, playing: bool, note: str) -> None:
        """Show whether it is played, and how fast."""
        button = self.buttons["play"]
        set_icon(button, "pause" if playing else "play")
        _name(button, "Pause" if playing else "Play")
        self.rate.setText(note)
        self._want(self.rate, shown=bool(note))

    def show_loop(self, on: bool) -> None:
        """Show whether it begins again at the end."""
        with QSignalBlocker(self.buttons["loop"]):
            self.buttons["loop"].setChecked(on)

    def show_speed(self, speed: float) -> None:
        """Show how fast it is to be played."""
        self.speed.set_value(f"{speed:g}")

    def show_offset(self, offset: int | None) -> None:
        """Show the offset of B; None when there is no second sequence."""
        if offset is not None:
            with QSignalBlocker(self.offset):
                self.offset.setPrefix("B +" if offset >= 0 else "B ")
                self.offset.setValue(offset)
            needed = self.offset.fontMetrics().horizontalAdvance(self.offset.text()) + 40
            self.offset.setFixedWidth(max(needed, 74))
        self._want(self.offset, shown=offset is not None)

    def show_against(self, choices: tuple[tuple[str, str], ...], current: str) -> None:
        """Show what can be compared with, and which is chosen."""
        with QSignalBlocker(self.against):
            self.against.clear()
            for value, label in choices:
                self.against.addItem(label, value)
        self.against.set_value(current)
        self.against.setFixedWidth(min(max(self.against.full_width(), 80), 170))
        self._want(self.against, shown=bool(choices))

    def show_pair_note(self, note: str) -> None:
        """Say what the shown frame is compared with."""
        self.pair_note.setText(note)
        self._want(self.pair_note, shown=bool(note))

    def show_progress(self, done: int, total: int | None, note: str, what: str) -> None:
        """Show how far the pass is."""
        text = progress_text(done, total, note, what)
        self.progress_text.setText(text)
        self.progress.show_progress(done, total, text)
        self._want(self.progress_text, self.progress, shown=True)

    def show_progress_done(self, note: str) -> None:
        """Show that no pass is running."""
        self.progress_text.setText(note)
        self._want(self.progress, shown=False)
        self._want(self.progress_text, shown=bool(note))

    def show_curve_choices(
        self, choices: tuple[tuple[str, str], ...], chosen: tuple[str, ...]
    ) -> None:
        """Show which curves there are, and which are seen."""
        self.curves.show_choices(choices, chosen)
        self._want(self.curves, shown=bool(choices))

    def show_events(self, there_are: bool) -> None:
        """Let the buttons jump to events, or not."""
        for name in ("event_previous", "event_next"):
            self.buttons[name].setEnabled(there_are)

    # -- inside --------------------------------------------------------------------------------

    def _build(self) -> None:
        row = self._row
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(4)
        for widget in (
            *self.buttons.values(), self.speed, self.frame, self.time, self.rate, self.against,
            self.offset, self.pair_note,
        ):  # fmt: skip
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (self.progress_text, self.progress, self.curves, self.menu_button):
            row.addWidget(widget)

    def _connect(self) -> None:
        on = self.buttons
        on["first"].clicked.connect(lambda: self.frame_wanted.emit(0))
        on["last"].clicked.connect(lambda: self.frame_wanted.emit(self.frame.maximum()))
        on["event_previous"].clicked.connect(lambda: self.event_wanted.emit(-1))
        on["event_next"].clicked.connect(lambda: self.event_wanted.emit(1))
        on["back"].clicked.connect(lambda: self.step_wanted.emit(-1))
        on["forward"].clicked.connect(lambda: self.step_wanted.emit(1))
        on["play"].clicked.connect(self._on_play)
        on["loop"].toggled.connect(self.loop_changed)
        for name in ("back", "forward"):
            on[name].setAutoRepeat(True)
        self.speed.value_changed.connect(lambda value: self.speed_changed.emit(float(value)))
        self.frame.valueChanged.connect(self.frame_wanted)
        self.offset.valueChanged.connect(self._on_offset)
        self.against.value_changed.connect(self.against_chosen)
        for control in (self.frame, self.offset):
            guard_wheel(control)
            control.lineEdit().setTextMargins(5, 0, 0, 0)

    def _on_play(self) -> None:
        self.play_toggled.emit()

    def _on_offset(self, offset: int) -> None:
        self.show_offset(offset)
        self.offset_changed.emit(offset)

    def _want(self, *widgets: QWidget, shown: bool) -> None:
        for widget in widgets:
            if shown:
                self._absent.discard(widget)
            else:
                self._absent.add(widget)
        self._fit()

    def _fit(self) -> None:
        """Hide what matters least, until the rest has room."""
        on = self.buttons
        least_first = (
            self.pair_note, on["first"], on["last"], self.rate, self.progress_text, self.speed,
            self.time, self.offset, on["loop"], self.curves, self.against, self.progress,
            on["event_previous"], on["event_next"], on["back"], on["forward"],
        )  # fmt: skip
        fit(self._row, self.width(), least_first, self._absent)

    def minimumSizeHint(self) -> QSize:
        """Return a width in which only what is never hidden has room."""
        return QSize(320, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide or show what has room now."""
        super().resizeEvent(event)
        self._fit()


def _button(parent: QWidget, icon: str, tip: str, *, check: bool = False) -> QToolButton:
    button = QToolButton(parent)
    button.setProperty("role", "quiet")
    button.setCheckable(check)
    button.setFixedSize(28, 26)
    set_icon(button, icon, checked="accent")
    _name(button, tip)
    return button


def _label(parent: QWidget, font: QFont, tip: str) -> QLabel:
    label = QLabel(parent)
    label.setProperty("role", "muted")
    label.setFont(font)
    label.setToolTip(tip)
    return label


def _name(widget: QWidget, tip: str) -> None:
    widget.setToolTip(tip)
    widget.setAccessibleName(tip.partition(":")[0])
    widget.setFocusPolicy(Qt.FocusPolicy.TabFocus | widget.focusPolicy())
