"""How far the pass over a sequence is, and a button that ends it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QWidget

from gui.icons import set_icon

PARTS: Final = 1000


class PassProgress(QWidget):
    """A thin bar and a button; the words stand elsewhere, as they need more room.

    Signals
    -------
    cancel_wanted()
        The pass is to end.
    """

    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(84)
        self.bar.setAccessibleName("Progress of the analysis")
        self.cancel = QToolButton(self)
        self.cancel.setProperty("role", "quiet")
        set_icon(self.cancel, "close", "muted")
        self.cancel.setFixedSize(24, 24)
        self.cancel.setToolTip("Stop; what is known so far stays")
        self.cancel.setAccessibleName("Stop the analysis")
        self.cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.cancel.clicked.connect(self._on_cancel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.cancel)

    def _on_cancel(self) -> None:
        self.cancel_wanted.emit()

    def show_progress(self, done: int, total: int | None, text: str) -> None:
        """Show how much is done; an unknown total makes the bar run to and fro."""
        maximum = PARTS if total is not None else 0
        if self.bar.maximum() != maximum:
            self.bar.setRange(0, maximum)
        if total:
            self.bar.setValue(PARTS * min(done, total) // total)
        self.bar.setToolTip(text)


def progress_text(done: int, total: int | None, note: str, what: str) -> str:
    """Return ``"analysing 412 of 900 · 58 fps"``."""
    of = f" of {total:,}" if total is not None else ""
    return " · ".join(part for part in (f"{what} {done:,}{of}", note) if part)
