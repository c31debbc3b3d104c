"""Has the motion between A and B found, and shows it on them: never that of other pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot

from core.geometry import IDENTITY
from core.scheduler import Failed
from core.sequence.course import Course
from core.sequence.params import Preset
from gui.bridge import Bridge
from gui.messages import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QAction

    from core.buffer import ImageBuffer
    from core.geometry import Matrix
    from core.scheduler import Job
    from core.sequence.flow_shown import FlowShown
    from core.session import Session
    from core.types import Token
    from gui.controller import Controller
    from gui.views.compare_view import CompareView

Pair = tuple[str, str]
EXACT: Final = Preset.MEDIUM
QUICK: Final = Preset.ULTRAFAST
"""For pictures that follow each other fast."""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: the motion of a pair, by the keys of its pictures."""

    pair: Pair
    course: Course
    preset: Preset

    def serves(self, other: Sought) -> bool:
        """Whether it answers another question, as exactly or better."""
        same = (self.pair, self.course) == (other.pair, other.course)
        return same and self.preset in (EXACT, other.preset)


@dataclass(frozen=True, slots=True, eq=False)
class FlowReady:
    """The motion that was looked for."""

    sought: Sought
    shown: FlowShown

    @property
    def pair(self) -> Pair:
        """Whose it is."""
        return self.sought.pair


class Flowing(QObject):
    """Follows a controller; what it finds is of the pictures as they are in their files.

    Parameters
    ----------
    view, controller
        Where motion is drawn, and who has the pictures.
    switch
        Lets it be drawn; enabled for two pictures of one size.

    Signals
    -------
    settled()
        The motion of the newest pair is known, or cannot be: whoever plays may go on.
    """

    settled = Signal()

    def __init__(self, view: CompareView, controller: Controller, switch: QAction) -> None:
        super().__init__(view)
        self._view, self._controller, self._switch = view, controller, switch
        self._asked: Sought | None = None
        self._course: Callable[[ImageBuffer, ImageBuffer], Course] = lambda _a, _b: Course()
        self._hurried = False
        self._ready: FlowReady | None = None
        self._looking = False
        self._seen = False  # whether pictures of the pair are on the screen
        self._drawn: tuple[FlowReady, Matrix, Matrix] | None = None
        self._session = controller.session
        self._bridge = Bridge("motion", self)
        self._bridge.received.connect(self._on_event)
        controller.session_changed.connect(self._on_session)
        controller.picture_ready.connect(self._on_picture)
        controller.answered.connect(self._on_answer)
        switch.setEnabled(False)

    @property
    def idle(self) -> bool:
        """Whether nothing is being computed."""
        return self._bridge.idle

    @property
    def looking(self) -> bool:
        """Whether the motion of the pair is still looked for; `settled` follows."""
        return self._looking

    def follow(self, course: Callable[[ImageBuffer, ImageBuffer], Course]) -> None:
        """Show motion the way that somebody knows of two pictures."""
        self._course = course

    def hurry(self, on: bool) -> None:
        """Find it as fast as can be, for pictures that follow each other, or exactly again.

        What is shown of a pair stays until the exact motion is there.
        """
        self._hurried = on
        self.refresh()

    def look_ahead(self, a: ImageBuffer | None, b: ImageBuffer | None) -> bool:
        """Look for the motion of pictures that are about to take the place of these.

        What is drawn stays as long as the pictures do.

        Returns
        -------
        bool
            Whether it is being looked for, and `settled` will follow; False when it is known
            already, or none is wanted.
        """
        if not self._switch.isChecked() or a is None or b is None or a.shape != b.shape:
            return False
        self._find(a, b)
        return self._looking

    def close(self) -> None:
        """Stop, and wait for the thread to end."""
        self._bridge.close()

    def _on_session(self, session: Session) -> None:
        before, self._session = self._session, session
        if _keys(session) != _keys(before):
            self._seen = False
        self.refresh()

    def forget(self) -> None:
        """Show nothing until there are other pictures: those on the screen are none of the pair."""
        self._bridge.cancel()
        self._asked = self._ready = None
        self._settle()
        self._draw()

    def refresh(self) -> None:
        """Show motion, or none, as is asked and as can be."""
        a, b = self._session.a, self._session.b
        possible = a is not None and b is not None and a.shape == b.shape
        self._switch.setEnabled(possible)
        if a is None or b is None or not possible or not self._switch.isChecked():
            self.forget()
        else:
            self._find(a, b)

    def _find(self, a: ImageBuffer, b: ImageBuffer) -> None:
        preset = QUICK if self._hurried else EXACT
        sought, before = Sought((a.key, b.key), self._course(a, b), preset), self._asked
        if before is not None and before.serves(sought):
            return
        if before is None or not sought.serves(before):
            self._ready = None
        self._asked, self._looking = sought, True
        self._bridge.submit(finding(a, b, sought))

    def _on_picture(self) -> None:
        """What is drawn goes with the pictures it belongs to: not before them, and no later."""
        self._seen = True
        self._draw()

    def _on_answer(self) -> None:
        if self._seen:  # align may have laid them elsewhere
            self._draw()

    @Slot(object)
    def _on_event(self, event: object) -> None:
        if isinstance(event, FlowReady) and event.sought == self._asked:
            self._ready = event
            if self._seen:
                self._draw()
            self._settle()
        elif isinstance(event, Failed):
            self._controller.failed.emit(sentence(event.error))
            self._settle()

    def _settle(self) -> None:
        if self._looking:
            self._looking = False
            self.settled.emit()

    def _draw(self) -> None:
        """Draw what is known of the pair, where its pictures lie now."""
        if self._asked is not None and self._asked.pair != _keys(self._session):
            return  # that is of pictures to come
        if self._ready is None:
            if self._drawn is not None:
                self._drawn = None
                self._view.show_flow(None, IDENTITY, IDENTITY)
            return
        where = self._controller.placement
        a, b = (IDENTITY, IDENTITY) if where is None else (where.a, where.b)
        if (self._ready, a, b) != self._drawn:
            self._drawn = self._ready, a, b
            self._view.show_flow(self._ready.shown, a, b)


def _keys(session: Session) -> tuple[str | None, str | None]:
    return session.a.key if session.a else None, session.b.key if session.b else None


def finding(a: ImageBuffer, b: ImageBuffer, sought: Sought) -> Job:
    """Find the motion of two pictures."""

    def job(token: Token) -> Iterator[FlowReady]:
        # Loaded by the thread that needs it: a window is there sooner without.
        from core.sequence.flow import flow_between  # noqa: PLC0415 - see above
        from core.sequence.flow_shown import flow_shown  # noqa: PLC0415 - see above

        field = flow_between(a, b, token, preset=sought.preset)
        token.check()
        yield FlowReady(sought, flow_shown(field, sought.course))

    return job
