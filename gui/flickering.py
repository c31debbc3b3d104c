"""Makes B and the difference as they were opened, for them to take turns with what align made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from core.scheduler import Failed
from core.stages.align import AlignParams
from gui import work
from gui.bridge import Bridge
from gui.events import ResultReady
from gui.messages import sentence
from gui.painting import Painting
from gui.source import Source
from gui.views.flicker import SIDES

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from core.result import Request, Result
    from core.session import Session
    from gui.controller import Controller
    from gui.source import Display
    from gui.views.compare_view import CompareView


class Flickering(QObject):
    """Follows a controller; its own comparison without align is for the eye, never for a number.

    Parameters
    ----------
    view, controller
        Where pictures take turns, and who has the answers.
    switch
        Lets them take turns; enabled while align has moved B.

    Signals
    -------
    changed(bool)
        Whether they take turns now.
    """

    changed = Signal(bool)

    def __init__(self, view: CompareView, controller: Controller, switch: QAction) -> None:
        super().__init__(view)
        self._view, self._controller, self._switch = view, controller, switch
        self._painting: Painting | None = None
        self._source: Source | None = None
        self._asked: Request | None = None
        self._bridge = Bridge("as opened", self)
        self._bridge.received.connect(self._on_event)
        controller.session_changed.connect(self._on_session)
        controller.busy_changed.connect(self._on_busy)
        controller.answered.connect(lambda _: self.refresh())
        controller.refused.connect(lambda _: self.refresh())
        controller.stopped.connect(self.refresh)
        controller.display_changed.connect(self._on_display)

    @property
    def on(self) -> bool:
        """Whether pictures take turns, or will as soon as they are made."""
        return self._view.state.flicker

    @property
    def idle(self) -> bool:
        """Whether nothing is being computed or painted."""
        return self._bridge.idle and (self._painting is None or self._painting.idle)

    def close(self) -> None:
        """Stop, and wait for the threads to end."""
        self._bridge.close()
        if self._painting is not None:
            self._painting.close()

    def _on_session(self, session: Session) -> None:
        if not session.complete:
            self.refresh()

    def _on_busy(self, busy: bool) -> None:
        if busy and self.on:  # where B lies aligned is not known: nothing takes turns
            self._forget()

    def refresh(self) -> None:
        """Take turns, or not, as is asked and as can be."""
        result = self._controller.result
        possible = result is not None and _moved(result)
        self._switch.setEnabled(possible)
        on = possible and self._switch.isChecked()
        before = self.on
        if on != before:
            self._view.set_flicker(on)
            self.changed.emit(on)
        if on:
            self._ask()
        else:
            self._bridge.cancel()
            self._source = self._asked = None
            self._forget()

    def _forget(self) -> None:
        """Show nothing as it was opened, and nothing of what is being painted."""
        self._view.clear_opened()
        if self._painting is not None:
            self._painting.drop()
            self._painting.show_from({})

    def _ask(self) -> None:
        """Compare without align, unless that is known already."""
        shown = self._controller.painting.sources.get(SIDES[0])
        if shown is None:
            return
        request = unaligned(shown.request)
        if self._source is not None and self._source.request == request:
            self._paint()
        elif request != self._asked or self._bridge.idle:
            self._asked = request
            self._bridge.submit(work.comparing(request, shown.display, shown.cache))

    def _paint(self) -> None:
        source, display = self._source, self._controller.display
        if source is None or source.result is None:
            return
        if self._painting is None:
            self._painting = Painting(self)
            self._painting.picture_ready.connect(self._view.show_opened)
            self._painting.failed.connect(self._controller.failed)
            self._view.opened_wanted.connect(self._painting.details.want)
        self._source = replace(source, display=display)
        self._painting.paint(self._source, SIDES, source.result)

    def _on_display(self, _: Display) -> None:
        if self.on:
            self._paint()

    @Slot(object)
    def _on_event(self, event: object) -> None:
        shown = self._controller.painting.sources.get(SIDES[0])
        if isinstance(event, ResultReady) and event.request == self._asked and shown is not None:
            self._source = Source(event.request, shown.display, event.result, shown.cache)
            self._paint()
        elif isinstance(event, Failed):
            self._controller.failed.emit(sentence(event.error))


def unaligned(request: Request) -> Request:
    """Return the same question without align, and without the numbers that nobody will see."""
    align = request.settings[AlignParams].replace(enabled=False)
    return replace(
        request,
        settings=request.settings.replacing(align),
        measures=frozenset(),
        regions=False,
        histograms=False,
        intervals=False,
        preview=False,
    )


def _moved(result: Result) -> bool:
    """Whether align laid B elsewhere: by what it found, or where a person put it."""
    found = result.alignment
    return found is not None and (found.accepted or bool(found.pins) or any(found.nudge))
