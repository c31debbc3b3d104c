"""A few words about what a stage did, with a mark: all well, or look at this."""

from __future__ import annotations

from textwrap import fill

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from gui.icons import pixmap
from gui.theme import theme, ui_font
from gui.widgets.elided import ElidedLabel

MARK = 16
TIP_WIDTH = 72
"""Letters in a line of a tooltip."""


class Summary(QWidget):
    """Muted words and a mark behind them.

    Signals
    -------
    resized()
        The words may fit now, or no longer.
    """

    resized = Signal()

    def __init__(self, parent: QWidget, align: Qt.AlignmentFlag) -> None:
        super().__init__(parent)
        self._text = ""
        self._mark = ""
        self._blank = False
        self.label = ElidedLabel("", self, muted=True, align=align)
        self.label.setFont(ui_font(-0.5))
        self.label.setMinimumWidth(0)
        self.mark = QLabel(self)
        self.mark.setFixedSize(MARK, MARK)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.label, 1)
        row.insertWidget(0 if align == Qt.AlignmentFlag.AlignLeft else 1, self.mark)

    def show_text(self, text: str, mark: str, warning: str, details: str = "") -> None:
        """Show words, a mark (``"check"``, ``"warning"`` or none), and say more in the tooltip."""
        self._text, self._mark = text, mark
        tip = "\n\n".join(filter(None, (fill(warning, TIP_WIDTH), details)))
        self.mark.setToolTip(tip)
        self.mark.setAccessibleName(warning)
        self.label.set_help(tip)
        self.mark.setVisible(bool(mark))
        self._refresh()

    def set_blank(self, blank: bool) -> None:
        """Show nothing, but keep the place."""
        self._blank = blank
        self._refresh()

    def fits(self) -> bool:
        """Return whether the words and the mark fit (also when there are none)."""
        needed = self.label.fontMetrics().horizontalAdvance(self._text) + 2 if self._text else 0
        return needed + (MARK + 4 if self._mark else 0) <= max(self.width(), MARK + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell that there is more or less room."""
        super().resizeEvent(event)
        self.resized.emit()

    def _refresh(self) -> None:
        t = theme()
        self.label.set_text("" if self._blank else self._text)
        if self._mark and not self._blank:
            colour = t.warn if self._mark == "warning" else t.ok
            self.mark.setPixmap(pixmap(self._mark, colour, 14, self.devicePixelRatioF()))
        else:
            self.mark.clear()
