"""Small pictures of the frames, each where its frame is."""

from __future__ import annotations

import math
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.theme import theme, ui_font
from gui.timeline.lane import Lane
from gui.timeline.preview import SIDE, Preview
from gui.views.throttle import Throttle

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

GAP: Final = 2.0
WHOLE_BELOW: Final = 6
"""Pictures that are fewer frames apart than this stand exactly on their frames."""
MEMORY: Final = 48 * 2**20
"""Bytes of pictures that are kept."""
ASK_MS: Final = 60


class Slot(NamedTuple):
    """A place for one picture: its frame, and the middle of it, in logical pixels."""

    frame: int
    x: float


class Filmstrip(Lane):
    """As many frames as there is room for, at equal distances.

    Signals
    -------
    thumbnails_wanted(list[int])
        The frames that are seen and whose pictures are missing, from left to right; what was asked
        for earlier is of no use any more.
    """

    thumbnails_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Filmstrip", parent)
        self.setMinimumHeight(40)
        self.setMaximumHeight(84)
        self._images: OrderedDict[int, QImage] = OrderedDict()  # the oldest first
        self._small: dict[int, QPixmap] = {}
        self._bytes = 0
        self._aspect = 16 / 9
        self._missing: frozenset[int] = frozenset()
        self._asked: list[int] | None = None
        self._words: Callable[[int], str] = str
        self._preview: Preview | None = None
        self._asking = Throttle(ASK_MS, self)
        self._asking.fired.connect(self._ask)

    # -- in ------------------------------------------------------------------------------------

    def show_words(self, words: Callable[[int], str]) -> None:
        """Take what says of a frame which it is."""
        self._words = words

    def show_thumbnail(self, index: int, image: QImage) -> None:
        """Show a frame's picture, as large as it comes; it is kept as small as it is needed."""
        if image.isNull():
            return
        self._forget(index)
        if max(image.width(), image.height()) > SIDE:
            image = image.scaled(
                QSize(SIDE, SIDE), Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )  # fmt: skip
        first = not self._images
        self._images[index] = image
        self._bytes += image.sizeInBytes()
        if first and self._aspect != image.width() / image.height():
            self._aspect = image.width() / image.height()
            self._relay()
        self._prune()
        for slot in self.slots():
            if slot.frame == index:
                self.refresh_part(self._cell(slot).toAlignedRect())

    def forget_thumbnails(self) -> None:
        """Let go of all pictures, and ask for those that are seen."""
        self._images.clear()
        self._small.clear()
        self._bytes = 0
        self._asked = None
        if self._preview is not None:
            self._preview.hide()
        self._relay()

    def show_missing(self, frames: Collection[int]) -> None:
        """Mark frames that have no picture, as they cannot be read."""
        self._missing = frozenset(frames)
        self._relay()

    def refresh(self) -> None:
        """Paint anew, and ask for what is missing."""
        super().refresh()
        self._asking.call()

    def known(self) -> int:
        """Return how many pictures are kept."""
        return len(self._images)

    # -- layout --------------------------------------------------------------------------------

    def slots(self) -> list[Slot]:
        """Return the places of the pictures that are seen, perhaps in part, from the left."""
        axis = self.axis
        room = max(1, math.floor(axis.width / (self._width() + GAP)))
        step = axis.span / room
        if step < WHOLE_BELOW:
            step = max(math.ceil(step - 1e-9), 1)
        inside = (step - 1) / 2 if step >= WHOLE_BELOW else (int(step) - 1) // 2
        first = math.floor((axis.start + 0.5) / step)
        last = math.ceil((axis.end + 0.5) / step)
        places = [k * step + inside for k in range(first, last)]
        slots = [Slot(min(round(p), axis.count - 1), axis.x_of(p)) for p in places]
        half = self._width() / 2
        return [s for s in slots if s.x + half > axis.left and s.x - half < axis.right]

    def _height(self) -> int:
        return max(self.height() - 4, 8)

    def _width(self) -> float:
        return max(self._height() * min(max(self._aspect, 0.4), 3.0), 12.0)

    def _cell(self, slot: Slot) -> QRectF:
        width = self._width()
        return QRectF(slot.x - width / 2, 2, width, self._height())

    def _relay(self) -> None:
        self._small.clear()
        self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the pictures out for another size."""
        super().resizeEvent(event)
        self._relay()

    # -- pictures ------------------------------------------------------------------------------

    def _ask(self) -> None:
        if not self.isVisible() or self.width() < 2:
            return
        seen = dict.fromkeys(slot.frame for slot in self.slots())
        wanted = [i for i in seen if i not in self._images and i not in self._missing]
        if wanted != self._asked and (wanted or self._asked):
            self._asked = wanted
            self.thumbnails_wanted.emit(list(wanted))

    def _forget(self, index: int) -> None:
        image = self._images.pop(index, None)
        self._small.pop(index, None)
        if image is not None:
            self._bytes -= image.sizeInBytes()

    def _prune(self) -> None:
        """Forget the oldest pictures, but none that is seen."""
        if self._bytes <= MEMORY:
            return
        seen = {slot.frame for slot in self.slots()}
        for index in [i for i in self._images if i not in seen]:
            if self._bytes <= MEMORY:
                return
            self._forget(index)

    def _picture(self, index: int) -> QPixmap | None:
        small = self._small.get(index)
        image = self._images.get(index)
        if small is None and image is not None:
            ratio = self.devicePixelRatioF()
            room = QSize(round(self._width() * ratio), round(self._height() * ratio))
            small = QPixmap.fromImage(
                image.scaled(
                    room, Qt.AspectRatioMode.KeepAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
            )  # fmt: skip
            small.setDevicePixelRatio(ratio)
            self._small[index] = small
            self._images.move_to_end(index)
        return small

    # -- painting ------------------------------------------------------------------------------

    def background(self) -> QColor:
        """Return what lies around pictures."""
        return theme().canvas

    def paint_kept(self, painter: QPainter, dirty: QRect) -> None:
        """Paint the pictures."""
        axis = self.axis
        painter.save()
        inner = QRectF(axis.left, 0, axis.width, self.height())
        painter.setClipRect(inner, Qt.ClipOperation.IntersectClip)
        slots = self.slots()
        for slot in slots:
            cell = self._cell(slot)
            if cell.intersects(QRectF(dirty)):
                self._paint_cell(painter, slot, cell)
        for index in set(self._small) - {slot.frame for slot in slots}:
            del self._small[index]
        painter.restore()

    def _paint_cell(self, painter: QPainter, slot: Slot, cell: QRectF) -> None:
        t = theme()
        picture = self._picture(slot.frame)
        if picture is not None:
            size = picture.deviceIndependentSize()
            corner = cell.center() - QPointF(size.width() / 2, size.height() / 2)
            painter.drawPixmap(QPointF(round(corner.x()), round(corner.y())), picture)
            return
        painter.fillRect(cell, t.grid if t.dark else t.track.lighter(125))
        missing = slot.frame in self._missing
        painter.setPen(t.danger if missing else t.muted)
        painter.setFont(ui_font(-1))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, "×" if missing else "·")

    def paint_over(self, painter: QPainter) -> None:
        """Frame the picture under the mouse."""
        slot = self._slot_at(self.hover) if self._preview and self._preview.isVisible() else None
        if slot is not None:
            painter.setPen(QPen(theme().accent, 2))
            painter.drawRect(self._cell(slot).adjusted(1, 1, -1, -1))

    # -- mouse ---------------------------------------------------------------------------------

    def _slot_at(self, x: float) -> Slot | None:
        near = min(self.slots(), key=lambda s: abs(s.x - x), default=None)
        if near is None or abs(near.x - x) > self._width() / 2 or x < self.axis.left:
            return None
        return near

    def point_at(self, position: QPointF | None) -> None:
        """Enlarge the picture under the mouse."""
        slot = None if position is None else self._slot_at(position.x())
        image = None if slot is None else self._images.get(slot.frame)
        if slot is None or image is None or self._seeking:
            if self._preview is not None:
                self._preview.hide()
                self.update()
            return
        if self._preview is None:
            self._preview = Preview(self)
        self._preview.show_picture(image, self._words(slot.frame))
        self._preview.place_above(self, round(slot.x))
        self.update()
