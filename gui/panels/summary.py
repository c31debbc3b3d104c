"""A few words about what a stage did, with a mark: all well, or look at this."""

from __future__ import annotations

from textwrap import fill

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui.icons import pixmap
from gui.theme import theme, ui_font
from gui.widgets.elided import ElidedLabel

MARK = 16
TIP_WIDTH = 72
"""Letters in a line of a tooltip."""
_PART = ", "


class Summary(QWidget):
    """Muted words and a mark beside them; on the left, in lines that end where a part does.

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
        self._wraps = align == Qt.AlignmentFlag.AlignLeft
        self.more = QLabel(self)
        self.more.setProperty("role", "muted")
        self.more.setFont(self.label.font())
        self.more.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.more.hide()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.label)
        words.addWidget(self.more)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addLayout(words, 1)
        if self._wraps:
            row.insertWidget(0, self.mark, 0, Qt.AlignmentFlag.AlignTop)
        else:
            row.addWidget(self.mark)

    def show_text(self, text: str, mark: str, warning: str, details: str = "") -> None:
        """Show words, a mark (``"check"``, ``"warning"`` or none), and say more in the tooltip."""
        self._text, self._mark = text, mark
        tip = "\n\n".join(filter(None, (fill(warning, TIP_WIDTH), details)))
        self.mark.setToolTip(tip)
        self.mark.setAccessibleName(warning)
        self.label.set_help(tip)
        self.more.setToolTip(tip)
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
        self._refresh()
        self.resized.emit()

    def _refresh(self) -> None:
        t = theme()
        first, *others = [""] if self._blank else self._lines()
        self.label.set_text(first)
        self.more.setText("\n".join(others))
        self.more.setVisible(bool(others))
        if self._mark and not self._blank:
            colour = t.warn if self._mark == "warning" else t.ok
            self.mark.setPixmap(pixmap(self._mark, colour, 14, self.devicePixelRatioF()))
        else:
            self.mark.clear()

    def _lines(self) -> list[str]:
        """Return the words in as many lines as they need; one where nothing is to be broken."""
        margins = self.contentsMargins()
        room = self.width() - margins.left() - margins.right() - (MARK + 4 if self._mark else 0)
        metrics, made = self.label.fontMetrics(), [""]
        for part in self._text.split(_PART) if self._wraps else (self._text,):
            longer = f"{made[-1]}{_PART}{part}" if made[-1] else part
            if made[-1] and metrics.horizontalAdvance(longer) + 2 > room:
                made[-1] += ","
                made.append(part)
            else:
                made[-1] = longer
        return made
