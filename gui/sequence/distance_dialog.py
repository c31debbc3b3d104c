"""The window of the distances between frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout

from core.format import number
from gui.sequence.distance_view import DistanceView
from gui.theme import number_font

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from core.sequence.distances import DistanceMap

ABOUT: Final = (
    "How far the histogram of each frame j is from that of each frame i (Kullback–Leibler). Dark"
    " blocks are scenes that look alike, bright lines are frames like no other."
)
HINT: Final = "Click a cell to compare its two frames; arrow keys point, Enter chooses."


class DistanceDialog(QDialog):
    """Shows the map of a sequence beside the window; it blocks nothing.

    Signals
    -------
    pair_chosen(int, int)
        The numbers of two frames that are to be compared.
    """

    pair_chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Distances between frames – Pairlens")
        self.setModal(False)
        self._map: DistanceMap | None = None
        about = QLabel(ABOUT, self)
        about.setWordWrap(True)
        about.setProperty("role", "muted")
        about.setMinimumHeight(2 * about.fontMetrics().lineSpacing())  # else it takes from the map
        self.view = DistanceView(self)
        self.view.setToolTip(HINT)
        self.view.cell_changed.connect(self._refresh)
        self.view.chosen.connect(self.pair_chosen)
        self.readout = QLabel(self)
        self.readout.setFont(number_font())
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(160)
        self.progress.setAccessibleName("Progress of the map")
        self.progress.hide()
        foot = QHBoxLayout()
        foot.addWidget(self.readout, 1)
        foot.addWidget(self.progress, 0, Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(about)
        column.addWidget(self.view, 1)
        column.addLayout(foot)
        QShortcut(QKeySequence("Ctrl+W"), self, self.close)
        self.view.setFocus()
        self._refresh()

    # -- in ------------------------------------------------------------------------------------

    def show_map(self, found: DistanceMap) -> None:
        """Show a map; no pair is marked on it yet."""
        self._map = found
        self.progress.hide()
        self.view.show_map(found)
        self._refresh()

    def show_progress(self, share: float) -> None:
        """Show how much of a map is made, 0...1; the one before stays until it is there."""
        self.progress.setValue(round(1000 * share))
        self.progress.show()
        self._refresh()

    def show_pair(self, i: int, j: int) -> None:
        """Mark the pair of frames that is compared."""
        self.view.show_pair(i, j)
        self._refresh()

    # -- inside --------------------------------------------------------------------------------

    def _refresh(self) -> None:
        """Say what is pointed at, else what is compared, else what can be done."""
        if self._map is None:
            text = "Comparing all frames…" if self.progress.isVisibleTo(self) else "No map yet."
        elif self.view.cell is not None:
            text = words(self._map, self.view.cell)
        elif self.view.pair is not None:
            text = f"compared now: {words(self._map, self.view.pair)}"
        else:
            text = HINT
        self.readout.setText(text)
        self.view.setAccessibleDescription(text)


def words(found: DistanceMap, cell: tuple[int, int]) -> str:
    """Return which frames a cell stands for, and how far they are from each other."""
    i, j = found.pair_at(*cell)
    distance = number(float(f"{found.values[cell]:.2g}"))
    text = f"frame {number(i)} ↔ frame {number(j)}: KL {distance}"
    if found.step > 1:
        text += f", the farthest of {number(found.step)} × {number(found.step)}"
    return text
