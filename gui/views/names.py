"""Names in the corners of a pane, and the buttons that choose another picture of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, Signal

from core.render import Side
from core.types import Contents
from gui.theme import DARK
from gui.views import chip, flicker
from gui.views.chooser import Choice, PartButton
from gui.views.modes import Corner

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from gui.views.layer import Layer
    from gui.views.modes import Pane

GAP: Final = 6
LEAST_NAME: Final = 110
"""A name that would get less beside its button has the button below it."""


class Names(QObject):
    """Lays out and paints what says whose picture a pane shows.

    Signals
    -------
    part_chosen(side: Side, part: Part)
        A person chose another picture of a file.
    """

    part_chosen = Signal(object, object)

    def __init__(self, pane: QWidget) -> None:
        super().__init__(pane)
        self._pane = pane
        self._parts: Pane = ()
        self._inset = 0
        self._places: dict[Side, QRectF] = {}
        self._tone = ""
        self._turn: bool | None = None
        self.texts: Mapping[Side, str] = {}
        self.buttons = {side: PartButton(side, pane) for side in (Side.A, Side.B)}
        for side, button in self.buttons.items():
            button.chosen.connect(lambda part, side=side: self.part_chosen.emit(side, part))

    def set_texts(self, texts: Mapping[Side, str]) -> None:
        """Take what stands beside the letters."""
        self.texts = texts
        self._refresh()

    def set_tone(self, words: str) -> None:
        """Take what stands beside A and B of how they are shown; empty when as they are."""
        if words != self._tone:
            self._tone = words
            self._pane.update()

    def set_turn(self, opened: bool | None) -> None:
        """Say whether B and the difference are shown as they were opened; None says nothing."""
        if opened != self._turn:
            self._turn = opened
            if any(part.side in flicker.SIDES for part in self._parts):
                self._pane.update()

    def set_choices(self, choices: Mapping[Side, Choice]) -> None:
        """Take what can be chosen of the files."""
        for side, button in self.buttons.items():
            button.show_choice(choices.get(side, Choice(Contents())))
        self._refresh()

    def lay_out(self, parts: Pane, right_inset: int) -> None:
        """Find places for these sides, off the last `right_inset` logical pixels."""
        self._parts, self._inset = parts, right_inset
        self._refresh()

    def _room(self) -> tuple[QRect, float]:
        """Return where names may stand, and how wide each may be."""
        inside = self._pane.rect().adjusted(chip.MARGIN, chip.MARGIN, -chip.MARGIN, -chip.MARGIN)
        inside.setRight(inside.right() - self._inset)
        halves = 2 if any(p.corner is Corner.TOP_RIGHT for p in self._parts) else 1
        return inside, inside.width() / halves - (GAP if halves == 2 else 0)

    def _refresh(self) -> None:
        inside, room = self._room()
        self._places = {}
        for part in self._parts:
            at = QPointF(inside.topLeft())
            if part.corner is Corner.TOP_RIGHT:
                at.setX(inside.right() + 1)
            elif part.corner is Corner.BOTTOM_LEFT:
                at.setY(inside.bottom() + 1 - chip.chip_height())
            self._place(part.side, part.corner, at, room)
        for side, button in self.buttons.items():
            button.setVisible(button.needed and side in self._places)
        self._pane.update()

    def _place(self, side: Side, corner: Corner, at: QPointF, room: float) -> None:
        name, right = self.texts.get(side, ""), corner is Corner.TOP_RIGHT
        button = self.buttons.get(side)
        if button is None or not button.needed:
            self._places[side] = chip.name_rect(side, name, at, room, right=right)
            return
        width = min(button.sizeHint().width(), int(room))
        beside = room - width - GAP >= LEAST_NAME
        rect = chip.name_rect(side, name, at, room - (width + GAP) * beside, right=right)
        box = QRectF(rect.left(), rect.top(), width, rect.height())
        if beside:
            box.moveLeft(rect.left() - GAP - width if right else rect.right() + GAP)
        else:
            away = rect.height() + GAP
            box.moveTop(rect.top() + (-away if corner is Corner.BOTTOM_LEFT else away))
            box.moveLeft(rect.right() - width if right else rect.left())
        button.setGeometry(box.toAlignedRect())
        self._places[side] = rect

    def paint(self, painter: QPainter, layers: Mapping[Side, Layer]) -> None:
        """Paint the names; whose turn it is, “preview” where not all is exact, and the tone."""
        limits = QRect(self._pane.rect())
        limits.setRight(limits.right() - self._inset)
        for side, rect in self._places.items():
            chip.paint_name(painter, side, self.texts.get(side, ""), rect)
            layer, button = layers[side], self.buttons.get(side)
            tone = "" if side is Side.DIFFERENCE else self._tone
            marks = [w for w in ("" if layer.exact else "preview", tone) if w]
            turn = self._turn if side in flicker.SIDES else None
            if layer.empty or (not marks and turn is None):
                continue
            place = rect
            if button is not None and button.needed:
                box = QRectF(button.geometry())
                place = rect.united(box) if box.top() == rect.top() else box
            if turn is not None:
                words, colour = flicker.WORDS[turn], DARK.warn if turn else DARK.ok
                place = chip.paint_mark(painter, words, place, limits, colour, flicker.WORDS)
            for words in marks:
                place = chip.paint_mark(painter, words, place, limits)
