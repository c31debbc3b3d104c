"""A frame of the filmstrip, larger, while the mouse is over it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.theme import number_font, theme

SIDE: Final = 288
"""The longer side of the picture, in pixels."""
_AROUND: Final = 6
_LINE: Final = 22


class Preview(QWidget):
    """Floats above the filmstrip; takes neither mouse nor focus."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip | Qt.WindowType.FramelessWindowHint)
        self._image = QImage()
        self._words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setFont(number_font())

    def show_picture(self, image: QImage, words: str) -> None:
        """Show a picture and what it is."""
        self._image, self._words = image, words
        size = image.size().scaled(QSize(SIDE, SIDE), Qt.AspectRatioMode.KeepAspectRatio)
        width = max(size.width(), self.fontMetrics().horizontalAdvance(words))
        self.resize(width + 2 * _AROUND, size.height() + _AROUND + _LINE)
        self.setAccessibleName(words)
        self.update()

    def words(self) -> str:
        """Return what is written below the picture."""
        return self._words

    def place_above(self, widget: QWidget, x: int) -> None:
        """Show it above a place of a widget, on the screen."""
        at = widget.mapToGlobal(QPoint(x, 0))
        place = QRect(QPoint(0, 0), self.size())
        place.moveCenter(QPoint(at.x(), 0))
        place.moveBottom(at.y() - 4)
        screen = widget.screen().availableGeometry()
        if place.top() < screen.top():
            place.moveTop(at.y() + widget.height() + 4)
        place.moveLeft(min(max(place.left(), screen.left()), screen.right() - place.width()))
        self.setGeometry(place)
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture, and the words below it."""
        t = theme()
        painter = QPainter(self)
        painter.fillRect(self.rect(), t.raised)
        painter.setPen(t.border)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        room = self.rect().adjusted(_AROUND, _AROUND, -_AROUND, -_LINE)
        size = self._image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(QPoint(0, 0), size)
        place.moveCenter(room.center())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._image)
        painter.setPen(t.text)
        line = QRectF(0, self.height() - _LINE, self.width(), _LINE)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, self._words)
        painter.end()
