"""The line above a section of a side panel."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QWidget

from gui.theme import header_font, link_font, ui_font


class SectionHeader(QWidget):
    """A small title at the left, a muted note beside it, links at the right."""

    def __init__(self, title: str, parent: QWidget | None = None, *, capitals: bool = True) -> None:
        super().__init__(parent)
        self.title = QLabel(title.upper() if capitals else title, self)
        self.title.setProperty("role", "header")
        self.title.setFont(header_font() if capitals else _title_font())
        self.title.setAccessibleName(title)
        self.note = QLabel("", self)
        self.note.setProperty("role", "muted")
        self.note.setFont(ui_font(-0.5))
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumHeight(24)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4)
        self._row.addWidget(self.title)
        self._row.addSpacing(4)
        self._row.addWidget(self.note, 1)

    def add_widget(self, widget: QWidget) -> None:
        """Put something at the right end."""
        self._row.addWidget(widget)

    def add_link(self, text: str, tip: str, menu: QMenu | None = None) -> QPushButton:
        """Put a text that can be clicked at the right end; with a menu it opens that."""
        link = QPushButton(self)
        link.setProperty("role", "link")
        link.setText(text)
        link.setFont(link_font())
        link.setToolTip(tip)
        link.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        link.setCursor(Qt.CursorShape.PointingHandCursor)
        if menu is not None:
            link.setMenu(menu)
        self._row.addWidget(link)
        return link


def _title_font() -> QFont:
    font = ui_font()
    font.setWeight(QFont.Weight.DemiBold)
    return font
