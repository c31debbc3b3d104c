"""A label that never widens its panel."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from gui.theme import theme


class ElidedLabel(QFrame):
    """One line of text, cut with “…” where there is no room; the whole text is then the tooltip."""

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        muted: bool = False,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__(parent)
        self._text = text
        self._help = ""
        self._muted = muted
        self._align = align
        self._elide = elide
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(12)

    def text(self) -> str:
        """Return the whole text."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show another text."""
        if text != self._text:
            self._text = text
            self.setAccessibleName(text)
            self._refresh()
            self.updateGeometry()

    def set_help(self, sentence: str) -> None:
        """Set what the tooltip says besides a text that is cut."""
        self._help = sentence
        self._refresh()

    def shown_text(self) -> str:
        """Return the text as painted, perhaps cut."""
        return QFontMetrics(self.font()).elidedText(self._text, self._elide, self.width())

    def sizeHint(self) -> QSize:
        """Return the size that the whole text would need."""
        metrics = QFontMetrics(self.font())
        return QSize(metrics.horizontalAdvance(self._text) + 2, metrics.height())

    def minimumSizeHint(self) -> QSize:
        """Return a size of a few letters."""
        return QSize(12, QFontMetrics(self.font()).height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the text for the new width."""
        super().resizeEvent(event)
        self._refresh()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the text."""
        t = theme()
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(t.muted if self._muted or not self.isEnabled() else t.text)
        flags = self._align | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), int(flags), self.shown_text())
        painter.end()

    def _refresh(self) -> None:
        cut = self.shown_text() != self._text
        self.setToolTip("\n".join(p for p in (self._text if cut else "", self._help) if p))
        self.update()
