"""Notices over the pictures: what a person must be told, one sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.icons import pixmap, set_icon
from gui.theme import notifier, theme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.types import Notice

Severity = Literal["info", "warning", "error"]
Kind = Literal["error", "notice"]
SAID: Final = "said"
"""Code of what `NoticeBar.show_info` shows."""
MOST: Final = 3
"""So many notices are shown at once; a link opens the others."""


class NoticeBar(QWidget):
    """A stack of notices; hidden while there are none.

    Signals
    -------
    action_clicked(str)
        The button of a notice was clicked: the code of the notice.
    """

    action_clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[NoticeCard] = []
        self._dismissed: set[tuple[str, str]] = set()
        self._all = False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 6, 8, 6)
        self._column.setSpacing(4)
        self.more_link = QToolButton(self)
        self.more_link.setProperty("role", "link")
        self.more_link.clicked.connect(self._on_more)
        self._column.addWidget(self.more_link, 0, Qt.AlignmentFlag.AlignLeft)
        self._refresh()

    def show_error(self, text: str, action: str = "", code: str = "error") -> None:
        """Show what failed; stays until dismissed or cleared. The same text is shown once."""
        if all(c.code != code or c.text != text for c in self._cards):
            self._add(NoticeCard(code, text, "error", action, self))
        self._refresh()

    def show_info(self, text: str) -> None:
        """Show what was done, which is no mistake; stays until dismissed or cleared, as errors."""
        if all(c.code != SAID or c.text != text for c in self._cards):
            self._add(NoticeCard(SAID, text, "info", "", self))
        self._refresh()

    def show_notices(
        self, notices: tuple[Notice, ...], actions: Mapping[str, str] | None = None
    ) -> None:
        """Show exactly these notices (errors and what `show_info` said stay).

        `actions`: code -> text of its button. A sentence that a person dismissed stays away until
        ``clear("notice")``.
        """
        wanted = {(n.code, n.text): n for n in notices}
        for card in [c for c in self._cards if not c.lasts]:
            if wanted.pop((card.code, card.text), None) is None:
                self._remove(card)
        for key, notice in wanted.items():
            if key not in self._dismissed:
                button = (actions or {}).get(notice.code, "")
                self._add(NoticeCard(notice.code, notice.text, notice.severity, button, self))
        self._refresh()

    def clear(self, kind: Kind) -> None:
        """Take errors and what `show_info` said, or notices, away; dismissed ones may return."""
        for card in [c for c in self._cards if c.lasts == (kind == "error")]:
            self._remove(card)
        if kind == "notice":
            self._dismissed.clear()
            self._all = False
        self._refresh()

    def cards(self) -> tuple[NoticeCard, ...]:
        """Return all notices, errors first, then warnings."""
        return tuple(self._cards)

    def _add(self, card: NoticeCard) -> None:
        card.dismissed.connect(lambda: self._on_dismissed(card))
        card.action.clicked.connect(lambda: self.action_clicked.emit(card.code))
        rank = _RANK[card.severity]
        place = sum(_RANK[c.severity] <= rank for c in self._cards)
        self._cards.insert(place, card)
        self._column.insertWidget(place, card)

    def _remove(self, card: NoticeCard) -> None:
        self._cards.remove(card)
        self._column.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _on_dismissed(self, card: NoticeCard) -> None:
        if not card.lasts:
            self._dismissed.add((card.code, card.text))
        self._remove(card)
        self._refresh()

    def _on_more(self) -> None:
        self._all = not self._all
        self._refresh()

    def _refresh(self) -> None:
        for place, card in enumerate(self._cards):
            card.setVisible(self._all or place < MOST)
        hidden = len(self._cards) - MOST
        self.more_link.setVisible(hidden > 0)
        self.more_link.setText("fewer" if self._all else f"{hidden} more")
        self.setVisible(bool(self._cards))


class NoticeCard(QFrame):
    """One notice: icon, sentence, perhaps a button, and a cross that dismisses it.

    Signals
    -------
    dismissed()
    """

    dismissed = Signal()

    def __init__(
        self, code: str, text: str, severity: Severity, action: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.code, self.text, self.severity = code, text, severity
        self.setAccessibleName(f"{severity}: {text}")
        self._icon = QLabel(self)
        self._icon.setFixedSize(18, 18)
        sentence = QLabel(text, self)
        sentence.setWordWrap(True)
        sentence.setTextFormat(Qt.TextFormat.PlainText)
        sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.action = QToolButton(self)
        self.action.setProperty("role", "link")
        self.action.setText(action)
        self.action.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.action.setVisible(bool(action))
        self.cross = QToolButton(self)
        self.cross.setProperty("role", "quiet")
        self.cross.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.cross.setIconSize(QSize(14, 14))
        self.cross.setToolTip("Dismiss")
        self.cross.setAccessibleName(f"Dismiss: {text}")
        set_icon(self.cross, "close", "muted")
        self.cross.clicked.connect(self.dismissed)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 6, 6)
        row.setSpacing(8)
        row.addWidget(self._icon)
        row.addWidget(sentence, 1)
        row.addWidget(self.action)
        row.addWidget(self.cross)
        notifier().changed.connect(self._refresh)
        self._refresh()

    @property
    def lasts(self) -> bool:
        """Whether it tells of something that a person did, and not of what is compared."""
        return self.severity == "error" or self.code == SAID

    def _colour(self) -> QColor:
        t = theme()
        return {"info": t.accent, "warning": t.warn, "error": t.danger}[self.severity]

    def _refresh(self) -> None:
        ratio = self.devicePixelRatioF()
        self._icon.setPixmap(pixmap(self.severity, self._colour(), 18, ratio))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a card with an edge in the colour of its severity."""
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(t.border)
        painter.setBrush(t.raised)
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1).toRectF(), 6, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour())
        painter.drawRoundedRect(4, 7, 3, self.height() - 14, 1.5, 1.5)
        painter.end()


_RANK: Final = {"error": 0, "warning": 1, "info": 2}
