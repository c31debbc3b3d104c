"""Where measures disagree: a sentence each, with the map that shows where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from core.map_kinds import KINDS
from gui.icons import pixmap
from gui.theme import link_font, notifier, theme, ui_font

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.jury import Disagreement


class Disagreements(QWidget):
    """A stack of sentences; hidden while there are none.

    Signals
    -------
    map_chosen(MapKind)
        The map that a sentence names is to be painted.
    """

    map_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 4, 0, 4)
        self._column.setSpacing(6)
        self.rows: list[_Row] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def show_sentences(self, found: Sequence[Disagreement]) -> None:
        """Show exactly these."""
        if [r.said for r in self.rows] == list(found):
            return
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [_Row(each, self) for each in found]
        for row in self.rows:
            row.link.clicked.connect(lambda _=False, m=row.said.map: self.map_chosen.emit(m))
            self._column.addWidget(row)
        self.setVisible(bool(self.rows))


class _Row(QWidget):
    def __init__(self, said: Disagreement, parent: QWidget) -> None:
        super().__init__(parent)
        self.said = said
        self._icon = QLabel(self)
        self._icon.setFixedSize(16, 16)
        self.sentence = QLabel(said.text, self)
        self.sentence.setWordWrap(True)
        self.sentence.setFont(ui_font(-0.5))
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.link = QPushButton("show map", self)
        self.link.setProperty("role", "link")
        self.link.setFont(link_font())
        self.link.setCursor(Qt.CursorShape.PointingHandCursor)
        self.link.setVisible(said.map is not None)
        if said.map is not None:
            self.link.setToolTip(f"{KINDS[said.map].label}: {KINDS[said.map].help}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.sentence)
        words.addWidget(self.link, 0, Qt.AlignmentFlag.AlignLeft)
        row.addLayout(words, 1)
        notifier().changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        self._icon.setPixmap(pixmap("warning", theme().warn, 16, self.devicePixelRatioF()))
