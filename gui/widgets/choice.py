"""A drop-down list of named values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPaintEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from gui.widgets.wheel import guard_wheel

if TYPE_CHECKING:
    from collections.abc import Mapping


class Choice(QComboBox):
    """A combo box over ``value -> label``.

    Signals
    -------
    value_changed(str)
        A person chose another value.
    """

    value_changed = Signal(str)

    def __init__(self, choices: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(5)
        self.setMaxVisibleItems(16)
        items = QStandardItemModel(self)  # filled before the box listens, which is much faster
        for value, label in choices.items():
            item = QStandardItem(label)
            item.setData(value, Qt.ItemDataRole.UserRole)
            items.appendRow(item)
        self.setModel(items)
        guard_wheel(self)
        self.currentIndexChanged.connect(self._on_index_changed)

    def value(self) -> str:
        """Return the chosen value."""
        return str(self.currentData())

    def full_width(self) -> int:
        """Return the width in which no label is cut."""
        labels = (self.itemText(i) for i in range(self.count()))
        widest = max((self.fontMetrics().horizontalAdvance(t) for t in labels), default=0)
        return widest + 38

    def set_value(self, value: str) -> None:
        """Show a value without emitting anything."""
        with QSignalBlocker(self):
            self.setCurrentIndex(self.findData(value))

    def showPopup(self) -> None:
        """Open the list, wider than the box when a label needs it."""
        self.view().setMinimumWidth(self.full_width())
        super().showPopup()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the box; a label that is too long ends in “…”."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        box = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, box.width() - 2
        )
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def _on_index_changed(self, index: int) -> None:
        if index >= 0:
            self.value_changed.emit(self.value())
