"""What the files of A and B say, side by side."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QVBoxLayout, QWidget

from core.device import verdict
from core.metadata import Row, row_text, rows, table
from gui.panels.metadata_model import A, B, MetadataModel
from gui.panels.metadata_table import MetadataTable
from gui.widgets.disclosure import Disclosure
from gui.widgets.section_header import SectionHeader
from gui.widgets.toggle import Toggle

if TYPE_CHECKING:
    from core.buffer import PictureInfo

EMPTY: Final = "Open a picture to see what its file says."
ALIKE: Final = "The files say the same of their pictures."


class MetadataPanel(QWidget):
    """A section that opens: one sentence on camera and settings, and a table of fields.

    Signals
    -------
    opened(bool)
        A person opened or closed the section.
    """

    opened = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._infos: tuple[PictureInfo | None, PictureInfo | None] = (None, None)
        self._rows: tuple[Row, ...] = ()
        self.disclosure = Disclosure("What the files say", self)
        self.header = _Header("Files", self)
        self.copy_link = self.header.add_link("copy", "Copy all fields as a table.")
        self.verdict = QLabel(self)
        self.verdict.setTextFormat(Qt.TextFormat.PlainText)
        self.verdict.setWordWrap(True)
        self.verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.only = Toggle(self)
        self.only.setAccessibleName("Only what differs")
        self.only_label = QLabel("Only what differs", self)
        self.only_label.setProperty("role", "muted")
        self.only_label.setBuddy(self.only)
        self.model = MetadataModel(self)
        self.table = MetadataTable(self.model, self)
        self.empty = QLabel(EMPTY, self)
        self.empty.setProperty("role", "muted")
        self.empty.setWordWrap(True)
        self._lay_out()
        self.disclosure.clicked.connect(self._on_clicked)
        self.header.clicked.connect(self.disclosure.click)
        self.copy_link.clicked.connect(self.copy_all)
        self.only.toggled.connect(self._refresh)
        self.table.copy_wanted.connect(self._copy_row)
        self.table.customContextMenuRequested.connect(self._on_menu)
        self.set_open(False)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.disclosure)
        head.addWidget(self.header, 1)
        switch = QHBoxLayout()
        switch.setSpacing(8)
        switch.addWidget(self.only)
        switch.addWidget(self.only_label, 1)
        self.body = QWidget(self)
        inside = QVBoxLayout(self.body)
        inside.setContentsMargins(6, 0, 0, 4)
        inside.setSpacing(6)
        inside.addWidget(self.empty)
        inside.addWidget(self.verdict)
        inside.addLayout(switch)
        inside.addWidget(self.table)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 12, 6)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.body)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    # -- in ------------------------------------------------------------------------------------

    def show_files(self, a: PictureInfo | None, b: PictureInfo | None) -> None:
        """Show what is said of two pictures, of one, or of none."""
        if (a, b) != self._infos:
            self._infos, self._rows = (a, b), rows(a, b)
            self._refresh()

    def set_open(self, is_open: bool) -> None:
        """Open or close the section; nothing is emitted."""
        with QSignalBlocker(self.disclosure):
            self.disclosure.setChecked(is_open)
        self.body.setVisible(is_open)
        self._refresh()

    @property
    def is_open(self) -> bool:
        """Whether the table can be seen."""
        return self.disclosure.isChecked()

    # -- out -----------------------------------------------------------------------------------

    def copy_all(self) -> None:
        """Put the table as it is shown on the clipboard, with tabs between."""
        if self._rows:
            QGuiApplication.clipboard().setText(table(self._rows, self._only_differing))

    def _copy_row(self) -> None:
        row = self.model.row(self.table.currentIndex())
        if row is not None:
            QGuiApplication.clipboard().setText(row_text(row))

    def _on_menu(self) -> None:
        index = self.table.currentIndex()
        row = self.model.row(index)
        if row is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        clipboard = QGuiApplication.clipboard()
        for letter, text in (("A", row.a), ("B", row.b)):
            if text:
                menu.addAction(f"Copy {row.label} of {letter}", partial(clipboard.setText, text))
        menu.addAction("Copy row", self._copy_row)
        menu.addAction("Copy all", self.copy_all)
        menu.popup(self.table.cursor().pos())

    def _on_clicked(self, is_open: bool) -> None:
        self.set_open(is_open)
        self.opened.emit(is_open)

    @property
    def _only_differing(self) -> bool:
        return self.only.isChecked() and None not in self._infos

    def _refresh(self) -> None:
        a, b = self._infos
        both = a is not None and b is not None
        differing = sum(row.differs for row in self._rows)
        words = f"{differing} differ{'s' * (differing == 1)}" if differing else "nothing differs"
        self.header.note.setText(words if both else "")
        self.copy_link.setVisible(bool(self._rows) and self.is_open)
        if not self.is_open:
            return  # while frames are played nobody pays for what is not seen
        self.verdict.setText(verdict(a, b).text)
        shown = [row for row in self._rows if row.differs or not self._only_differing]
        self.model.show(shown)
        self.table.setColumnHidden(A, a is None)
        self.table.setColumnHidden(B, b is None)
        self.table.fit_rows()
        self.table.setVisible(bool(shown))
        self.verdict.setVisible(bool(self._rows))
        for widget in (self.only, self.only_label):
            widget.setVisible(both)
        self.empty.setText(ALIKE if self._rows else EMPTY)
        self.empty.setVisible(not shown)


class _Header(SectionHeader):
    """A header that can be clicked.

    Signals
    -------
    clicked()
    """

    clicked = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell of a click."""
        inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and inside:
            self.clicked.emit()
