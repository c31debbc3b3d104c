"""The status line: values under the cursor on the left, how the work stands on the right."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QWidget

from core.format import number
from core.probe import Probe
from gui.theme import number_font, theme

_HINT = "Ctrl+O opens two pictures   ·   ? shows every key"


class Readout(QWidget):
    """Shows `Probe`s and progress; says nothing by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.values = QLabel(_HINT)
        self.values.setTextFormat(Qt.TextFormat.RichText)
        self.values.setFont(number_font())
        self.state = QLabel()
        self.state.setFont(number_font())
        self.state.setProperty("role", "muted")
        self.note = QLabel()
        self.note.setFont(number_font())
        self.note.setProperty("role", "muted")
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(120)
        self.progress.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 12, 3)
        row.setSpacing(10)
        row.addWidget(self.values, 1)
        row.addWidget(self.note)
        row.addWidget(self.progress)
        row.addWidget(self.state)
        self.setFixedHeight(28)

    def show_probe(self, probe: Probe) -> None:
        """Show where the cursor is and the values there."""
        t = theme()
        muted = t.muted.name()
        parts = [
            f"<span style='color:{muted}'>x</span> {probe.col:,}"
            f" <span style='color:{muted}'>y</span> {probe.row:,}"
        ]
        for letter, colour, values in (
            ("A", t.a.name(), probe.a),
            ("B", t.b.name(), probe.b),
            ("Δ", muted, probe.difference),
        ):
            parts.append(f"<b style='color:{colour}'>{letter}</b> {_numbers(values)}")
        self.values.setText("&nbsp;&nbsp;&nbsp;&nbsp;".join(parts))

    def show_nothing(self) -> None:
        """The cursor is over no picture."""
        self.values.setText("")

    def show_progress(self, share: float, doing: str) -> None:
        """Show how far the work is, and that Esc stops it."""
        self.progress.setValue(round(share * 1000))
        self.progress.show()
        self.state.setText(f"{doing}…  Esc stops")

    def show_note(self, text: str) -> None:
        """Show what happened by itself, beside how things stand."""
        self.note.setText(text)

    def show_state(self, text: str) -> None:
        """Show how things stand; hides the progress."""
        self.progress.hide()
        self.state.setText(text)


def _numbers(values: tuple[float, ...] | None) -> str:
    return "–" if values is None else "&nbsp;".join(number(round(v, 2)) for v in values)
