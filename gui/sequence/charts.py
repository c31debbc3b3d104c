"""The curves and events of the open sequence, on its timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Slot

from core.difference import DifferenceParams, Space
from core.engine import is_lab
from core.errors import CompareError
from gui.sequence import curve_set

if TYPE_CHECKING:
    from core.session import Session
    from core.settings import Settings
    from gui.controller import Controller
    from gui.sequence.events import Loaded
    from gui.sequence.watcher import Watcher
    from gui.timeline.timeline import Timeline

_SETTLE_MS: Final = 600
"""Settings that are being dragged are measured with once they rest."""


class Charts(QObject):
    """Follows a watcher; shows the curves that a person chose.

    Parameters
    ----------
    controller
        Whose settings measures are made with.
    watcher, timeline
        Where numbers come from, and go to.
    """

    def __init__(self, controller: Controller, watcher: Watcher, timeline: Timeline) -> None:
        super().__init__(timeline)
        self._controller, self._watcher, self._timeline = controller, watcher, timeline
        self._loaded: Loaded | None = None
        self._chosen: tuple[str, ...] | None = None
        self._offered: tuple[tuple[str, str], ...] = ()
        self._events = 0
        self._settings: Settings | None = None
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._measure)
        watcher.grew.connect(self._on_grown)
        watcher.measured.connect(self._show)
        timeline.curves_chosen.connect(self._on_chosen)
        controller.session_changed.connect(self._on_session)

    @property
    def idle(self) -> bool:
        """Whether nothing waits to be measured."""
        return not self._settle.isActive()

    def begin(self, loaded: Loaded | None) -> None:
        """Show those of another sequence, or none."""
        self._loaded, self._events = loaded, -1
        self._offered = ()
        self._timeline.show_events(())
        self._timeline.show_curves(())
        self._settle.stop()
        if loaded is not None and self._measures:
            self._settle.start()

    @property
    def _measures(self) -> tuple[str, ...]:
        names = self._chosen or ()
        return tuple(
            n.removeprefix(curve_set.MEASURE) for n in names if n.startswith(curve_set.MEASURE)
        )

    @Slot()
    def _on_grown(self) -> None:
        watcher, series = self._watcher, self._watcher.series
        if series is None or self._loaded is None:
            return
        offered = curve_set.choices(series)
        if offered != self._offered:
            self._offered = offered
            self._timeline.show_curve_choices(offered, self._names())
        if len(watcher.events) != self._events:
            self._events = len(watcher.events)
            self._timeline.show_events(watcher.events)
        self._show()

    def _names(self) -> tuple[str, ...]:
        """Return the curves that are shown: those that were chosen, or the usual ones."""
        series = self._watcher.series
        if series is None:
            return ()
        if self._chosen is not None:
            return self._chosen
        return curve_set.usual(series)

    @Slot()
    def _show(self) -> None:
        series, loaded = self._watcher.series, self._loaded
        if series is None or loaded is None:
            return
        known = {name for name, _ in self._offered}
        question, lab = loaded.question, self._is_lab()
        made = (
            curve_set.curve(
                name, series, question.params, question.changed_over, self._watcher.measures,
                paired=question.b is not None, lab=lab,
            )
            for name in self._names()
            if name in known
        )  # fmt: skip
        self._timeline.show_curves(tuple(c for c in made if c is not None))

    def _is_lab(self) -> bool:
        """Whether measures are made in Lab; frames are all like the pair that is shown."""
        session = self._controller.session
        if session.a is None:
            return session.settings[DifferenceParams].space is Space.LAB
        try:
            return is_lab(session.a, session.b or session.a, session.settings)
        except CompareError:  # they have no measures
            return False

    @Slot(object)
    def _on_chosen(self, names: tuple[str, ...]) -> None:
        before, self._chosen = self._measures, tuple(names)
        if self._measures != before:
            self._measure()
        self._show()

    @Slot(object)
    def _on_session(self, session: Session) -> None:
        if session.settings != self._settings:
            self._settings = session.settings
            if self._measures and self._loaded is not None:
                self._watcher.drop_measures()  # they answer other settings
                self._settle.start()

    def _measure(self) -> None:
        if self._loaded is not None:
            self._watcher.measure(self._measures, self._controller.session.settings)
