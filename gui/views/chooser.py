"""The button beside a name that chooses another picture of the same file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QInputDialog, QMenu, QWidget

from core.format import part_text
from core.io.address import Part
from core.types import Contents
from gui.theme import number_font
from gui.views import chip

if TYPE_CHECKING:
    from core.buffer import ImageBuffer
    from core.render import Side

MOST_PAGES: Final = 20
"""So many pages stand in the menu, those around the one that is shown."""
MOST_WIDTH: Final = 65_535
_PAD, _ARROW, _GAP = 9, 8, 7


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be chosen of one picture's file.

    Attributes
    ----------
    contents
        Pages and layers, and those that are shown.
    width
        For a drawing, which can be had at any: the width it is drawn at; else 0.
    """

    contents: Contents
    width: int = 0

    @property
    def text(self) -> str:
        """What the button says; empty where there is nothing to choose."""
        drawn = f"{self.width:,} px wide" if self.width else ""
        there = replace(self.contents, frame=-1)  # frames are chosen on the timeline
        return ", ".join(filter(None, (part_text(there), drawn)))

    @property
    def part(self) -> Part:
        """The picture that is shown."""
        return Part(self.contents.page, self.contents.layer, self.width)

    def pages(self) -> range:
        """Return the pages, counted from 0, that the menu lists."""
        first = min(self.contents.page - MOST_PAGES // 2, self.contents.pages - MOST_PAGES)
        first = max(first, 0)
        return range(first, min(first + MOST_PAGES, self.contents.pages))


def choice_of(picture: ImageBuffer) -> Choice:
    """Return what can be chosen of a picture's file."""
    drawn = picture.meta.get("format") == "SVG"
    return Choice(picture.contents, picture.shape[1] if drawn else 0)


class PartButton(QAbstractButton):
    """Says which page and layer is shown, and opens a menu of the others.

    Signals
    -------
    chosen(part: Part)
        A person chose another.
    """

    chosen = Signal(object)

    def __init__(self, side: Side, parent: QWidget) -> None:
        super().__init__(parent)
        self._letter = chip.LETTERS[side]
        self._choice = Choice(Contents())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(
            "Choose another picture of this file. Page Up and Page Down turn the pages of both"
            " pictures, with Shift those of A, with Ctrl those of B."
        )
        self.clicked.connect(self.open_menu)
        self.hide()

    @property
    def needed(self) -> bool:
        """Whether there is anything to choose."""
        return bool(self._choice.text)

    def show_choice(self, choice: Choice) -> None:
        """Take what can be chosen, and what is shown now."""
        self._choice = choice
        self.setText(choice.text)
        self.setAccessibleName(f"{self._letter}: {choice.text}")
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size in which nothing is cut."""
        words = QFontMetrics(number_font()).horizontalAdvance(self.text())
        return QSize(words + 2 * _PAD + _GAP + _ARROW, chip.chip_height())

    def menu(self) -> QMenu:
        """Return a new menu of pages, layers and, for a drawing, widths."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        contents = self._choice.contents
        if contents.pages > 1:
            for page in self._choice.pages():
                self._add(menu, f"Page {page + 1}", Part(page), on=page == contents.page)
            if contents.pages > MOST_PAGES:
                menu.addAction("Go to page…", self._ask_page)
        if len(contents.layers) > 1:
            menu.addSeparator()
            for layer in contents.layers:
                part = Part(contents.page, layer)
                text = " ".join(layer.split()).replace("&", "&&")  # no access keys
                self._add(menu, text, part, on=layer == contents.layer)
        if self._choice.width:
            menu.addSeparator()
            menu.addAction("Draw at width…", self._ask_width)
        return menu

    def _add(self, menu: QMenu, text: str, part: Part, *, on: bool) -> None:
        item = menu.addAction(text, lambda: self.chosen.emit(part))
        item.setCheckable(True)
        item.setChecked(on)
        if on:
            menu.setActiveAction(item)

    def open_menu(self) -> None:
        """Open the menu below the button."""
        self.menu().popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _ask_page(self) -> None:
        contents = self._choice.contents
        page, sure = QInputDialog.getInt(
            self.window(), "Go to page", f"Page, 1 to {contents.pages}:",
            contents.page + 1, 1, contents.pages,
        )  # fmt: skip
        if sure:
            self.chosen.emit(Part(page - 1))

    def _ask_width(self) -> None:
        width, sure = QInputDialog.getInt(
            self.window(), "Draw at width", "Width in pixels:", self._choice.width, 1, MOST_WIDTH
        )
        if sure:
            self.chosen.emit(self._choice.part._replace(width=width))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Turn brighter."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Turn as before."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the words and an arrow on the ground that names have."""
        with QPainter(self) as painter:
            box = QRectF(self.rect())
            chip.paint_backing(painter, box)
            bright = self.underMouse() or self.isDown() or self.hasFocus()
            ink = chip.INK if bright else chip.FAINT_INK
            painter.setPen(ink)
            painter.setFont(number_font())
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            inner = box.adjusted(_PAD, 0, -_PAD - _ARROW - _GAP, 0)
            words = QFontMetrics(number_font()).elidedText(
                self.text(), Qt.TextElideMode.ElideRight, int(inner.width()) + 1
            )
            painter.drawText(inner, flags, words)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(ink, 1.4))
            tip = QPointF(box.right() - _PAD - _ARROW / 2, box.center().y() + 2)
            half = _ARROW / 2
            wings = [tip + QPointF(-half, -half), tip, tip + QPointF(half, -half)]
            painter.drawPolyline(QPolygonF(wings))
            if self.hasFocus():
                painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), chip.RADIUS, chip.RADIUS)
