"""Shows what stands out in the frame that is seen: never what stood out in another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from core.geometry import IDENTITY
from core.scheduler import Failed
from core.sequence.standing import Standing as Found
from core.sequence.standing import standing
from gui.bridge import Bridge
from gui.messages import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QAction

    from core.geometry import Matrix
    from core.scheduler import Job
    from core.types import Token
    from gui.controller import Controller
    from gui.sequence.events import Loaded, Shown, Soon
    from gui.sequence.sequences import Sequences
    from gui.views.compare_view import CompareView


class Standing(QObject):
    """Follows the frames of a sequence, and the pass over them.

    Parameters
    ----------
    view, controller, sequences
        Where it is drawn, who lays the pictures, and what is known of their frames.
    switch
        Lets it be drawn.
    """

    def __init__(
        self, view: CompareView, controller: Controller, sequences: Sequences, switch: QAction
    ) -> None:
        super().__init__(view)
        self._view, self._controller, self._switch = view, controller, switch
        self._sequences = sequences
        self._loaded: Loaded | None = None
        self._shape: tuple[int, int] | None = None
        self._coming: int | None = None  # the frame that was handed over; not on the screen yet
        self._seen: int | None = None  # the frame that is on the screen
        self._asked: int | None = None  # the frame that is being looked up
        self._found: Found | None = None
        self._drawn: tuple[Found, Matrix] | None = None
        self._bridge = Bridge("standing", self)
        self._bridge.received.connect(self._on_event)
        sequences.changed.connect(self._on_changed)
        sequences.viewing.frame_changed.connect(self._on_frame)
        sequences.viewing.glimpsed.connect(self._on_glimpse)
        sequences.watcher.grew.connect(self._on_grown)
        controller.picture_ready.connect(self._on_picture)
        controller.answered.connect(self._draw)

    @property
    def idle(self) -> bool:
        """Whether nothing is being looked up."""
        return self._bridge.idle

    @property
    def drawn(self) -> Found | None:
        """What is drawn now; None for nothing."""
        return None if self._drawn is None else self._drawn[0]

    def close(self) -> None:
        """Stop, and wait for the thread to end."""
        self._bridge.close()

    def refresh(self) -> None:
        """Show what stands out, or nothing, as is asked."""
        self._forget()
        self._look_up(self._seen if self._coming is None else self._coming)

    def _forget(self) -> None:
        self._bridge.cancel()
        self._asked = self._found = None
        self._erase()

    @Slot()
    def _on_changed(self) -> None:
        """Another sequence is open, or none, or the same is asked otherwise."""
        before, now = self._loaded, self._sequences.loaded
        if before is now:
            return
        self._loaded = now
        if before is None or now is None or before.question.a is not now.question.a:
            self._coming = self._seen = self._shape = None
        self.refresh()

    @Slot(object)
    def _on_frame(self, shown: Shown) -> None:
        image = shown.frame.image
        if image is None:  # its side is cleared, and nothing comes for it
            self._coming = self._seen = None
            self._forget()
            return
        self._coming, self._shape = shown.index, image.shape
        self._look_up(shown.index)

    @Slot()
    def _on_picture(self) -> None:
        """The frame that was handed over is on the screen now."""
        if self._coming is not None:
            coming, self._coming = self._coming, None
            self._see(coming)
        else:
            self._draw()  # it may lie elsewhere

    @Slot(object)
    def _on_glimpse(self, soon: Soon) -> None:
        """Small pictures of a frame are on the screen; that of another may still come."""
        if soon.pictures:
            self._see(soon.index if soon.near is None else soon.near)

    def _see(self, index: int) -> None:
        self._seen = index
        self._look_up(index)
        self._draw()

    @Slot()
    def _on_grown(self) -> None:
        """What was not known of the frame may be known now."""
        index = self._seen if self._coming is None else self._coming
        last = self._sequences.watcher.last
        if index is None or last is None or last.index < index:
            return
        if self._found is None or self._found.index != index or not self._found.settled:
            self._asked = None
            self._look_up(index)

    def _look_up(self, index: int | None) -> None:
        """Have a frame looked up, unless that is done or being done."""
        if index is None or self._loaded is None or self._shape is None:
            return
        known = self._found is not None and self._found.index == index and self._found.settled
        if self._switch.isChecked() and self._asked != index and not known:
            self._asked = index
            self._bridge.submit(looking_up(self._loaded, index, self._shape))

    @Slot(object)
    def _on_event(self, event: object) -> None:
        if isinstance(event, Found):
            self._asked, self._found = None, event
            self._draw()
        elif isinstance(event, Failed):
            self._asked = None
            self._sequences.failed.emit(sentence(event.error))

    @Slot()
    def _draw(self) -> None:
        """Draw what is known of the frame on the screen, where it lies now."""
        shown = self.drawn
        if self._found is not None and self._found.index == self._seen:
            shown = self._found
        elif shown is not None and shown.index != self._seen:
            shown = None
        if shown is None or shown.empty or not self._switch.isChecked():
            self._erase()
            return
        where = self._controller.placement
        a = IDENTITY if where is None else where.a
        if self._drawn is None or (shown, a) != self._drawn:
            self._drawn = shown, a
            self._view.show_standing(shown, a)

    def _erase(self) -> None:
        if self._drawn is not None:
            self._drawn = None
            self._view.show_standing(None, IDENTITY)


def looking_up(loaded: Loaded, index: int, shape: tuple[int, int]) -> Job:
    """Look up what stands out in a frame."""

    def job(token: Token) -> Iterator[Found]:
        yield standing(loaded.archive, index, shape, token)

    return job
