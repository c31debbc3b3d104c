"""A line on the pictures that says what the mouse and the keys do now, and what it has come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from gui.icons import pixmap
from gui.theme import number_font, ui_font
from gui.views.chip import FAINT_INK, INK, MARGIN, paint_backing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HEIGHT: Final = 36
"""It is no higher, logical pixels."""
ORDER: Final = ("pin", "move", "link")
"""Who may say something; the first who has something to say is heard."""
_STYLE: Final = """
QLabel {{ color: {ink}; background: transparent; }}
QLabel#faint {{ color: {faint}; }}
QToolButton {{
    color: {ink}; background: rgba(255, 255, 255, 30); border: 0; border-radius: 4px;
    padding: 2px 8px;
}}
QToolButton:hover {{ background: rgba(255, 255, 255, 60); }}
QToolButton:disabled {{ color: rgba(255, 255, 255, 90); background: rgba(255, 255, 255, 14); }}
"""


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of one tool.

    Attributes
    ----------
    title
        Its name.
    how
        What to do; left out where there is no room.
    value
        What it has come to, e.g. ``"+12, −3 px"``.
    button, tip
        What can be clicked beside it, and what that does; empty for nothing.
    enabled
        Whether it can be clicked now.
    leave
        Whether there is a cross to leave the tool by.
    """

    title: str
    how: str
    value: str = ""
    button: str = ""
    tip: str = ""
    enabled: bool = True
    leave: bool = True


class ToolHint(QWidget):
    """One line at the bottom of the pictures, as long as a tool is on.

    Parameters
    ----------
    parent
        What it stands on.
    area
        Returns the part of the parent in whose middle, at the bottom, it may stand.

    Signals
    -------
    acted(who: str), closed(who: str)
        The button, and the cross, of the one of `ORDER` that is heard were clicked.
    """

    acted = Signal(str)
    closed = Signal(str)

    def __init__(self, parent: QWidget, area: Callable[[], QRect]) -> None:
        super().__init__(parent)
        self._said: dict[str, Words] = {}
        self._area = area
        self.setStyleSheet(_STYLE.format(ink=INK.name(), faint=FAINT_INK.name()))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.title, self.how, self.value = QLabel(self), QLabel(self), QLabel(self)
        bold = ui_font()
        bold.setBold(True)
        self.title.setFont(bold)
        self.how.setObjectName("faint")
        self.value.setFont(number_font())
        self.button, self.cross = QToolButton(self), QToolButton(self)
        self.button.clicked.connect(lambda _=False: self.acted.emit(self.who))
        self.cross.setIcon(pixmap("close", INK, ratio=self.devicePixelRatioF()))
        self.cross.setToolTip("Leave (Esc)")
        self.cross.setAccessibleName("Leave the tool")
        self.cross.clicked.connect(lambda _=False: self.closed.emit(self.who))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 4, 6, 4)
        row.setSpacing(12)
        for widget in (self.title, self.how, self.value, self.button, self.cross):
            row.addWidget(widget)
            if isinstance(widget, QToolButton):
                widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrow keys stay the tool's
        self.hide()

    @property
    def who(self) -> str:
        """The one that is heard; empty for none."""
        return next((name for name in ORDER if name in self._said), "")

    @property
    def said(self) -> Mapping[str, Words]:
        """What all have to say."""
        return self._said

    def say(self, who: str, words: Words | None) -> None:
        """Say something, or nothing any more, for one of `ORDER`."""
        if words == self._said.get(who):
            return
        if words is None:
            del self._said[who]
        else:
            self._said[who] = words
        self._refresh()

    def place(self) -> None:
        """Stand where there is room now."""
        self._refresh()

    def _refresh(self) -> None:
        words = self._said.get(self.who)
        if words is None:
            self.hide()
            return
        self.title.setText(words.title)
        self.how.setText(words.how)
        self.value.setText(words.value)
        self.button.setText(words.button)
        self.button.setToolTip(words.tip)
        self.button.setEnabled(words.enabled)
        for widget, shown in (
            (self.how, words.how), (self.value, words.value), (self.button, words.button),
            (self.cross, words.leave),
        ):  # fmt: skip
            widget.setVisible(bool(shown))
        area = self._area().adjusted(MARGIN, 0, -MARGIN, -MARGIN)
        if self.sizeHint().width() > area.width():
            self.how.hide()
        self.setToolTip(words.how if self.how.isHidden() else "")
        size = self.sizeHint()
        left = max(area.center().x() + 1 - size.width() // 2, area.left())
        self.setGeometry(left, area.bottom() + 1 - size.height(), size.width(), size.height())
        self.show()
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground; it looks alike on light and dark pictures."""
        painter = QPainter(self)
        paint_backing(painter, QRectF(self.rect()))
        painter.end()
