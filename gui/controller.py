"""The one place where state changes. It decides; panels and views show, worker threads compute."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from core.buffer import ImageBuffer
from core.cache import Cache
from core.difference import DifferenceParams
from core.geometry import Placement
from core.known import key_of
from core.render import Look, Side
from core.reports import default_look
from core.result import Progress, Request, Result
from core.scheduler import Failed, Stopped
from core.session import Session
from core.settings import Params, Settings
from core.tone import Tone
from core.types import Rect
from gui import work
from gui.bridge import Bridge
from gui.events import Exposure, Opened, PreviewReady, ResultReady
from gui.files import Files
from gui.messages import sentence
from gui.painting import SIDES, Painting
from gui.source import Display, Source
from gui.undo import Undo, merge_word


class Controller(QObject):
    """Holds the session, asks the engine, and says what changed.

    Signals
    -------
    session_changed(Session)
        Pictures or settings are others now.
    display_changed(Display), canvas_changed(int, int)
        What the person wants to see of the pictures; height and width of the canvas.
    picture_ready(Picture, bool)
        Something to draw; True for a detail over the overview.
    previewed(), answered(Result), thumbnails_ready(tuple)
        The preview is painted; the exact answer; then small pictures for its first regions.
    progressed(float, str), stopped()
        How the work goes; stopped before the exact answer was there.
    busy_changed(bool), probed(Probe)
        Whether a comparison runs: numbers shown then are older; values under the cursor.
    failed(str), refused(str)
        One sentence for the person: nothing else has changed; these pictures cannot be compared.
    opened(str, str)
        Addresses of the pair that was read.

    Attributes
    ----------
    files, painting, details, history
        What reads and writes files, makes pictures, makes the sharp ones; what can be undone.
    placement, glance
        Where the pictures lie that came last, preview or exact; None while they are not compared.
        Whether only previews are made.
    """

    session_changed = Signal(object)
    display_changed = Signal(object)
    canvas_changed = Signal(int, int)
    picture_ready = Signal(object, bool)
    previewed = Signal()
    answered = Signal(object)
    thumbnails_ready = Signal(object)
    progressed = Signal(float, str)
    busy_changed = Signal(bool)
    stopped = Signal()
    probed = Signal(object)
    failed = Signal(str)
    refused = Signal(str)
    opened = Signal(str, str)

    def __init__(self, settings: Settings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        first = settings or Settings()
        self.session = Session(settings=first)
        self.history = Undo(first, self)
        self.history.changed.connect(self._follow_history)
        self.display = Display(default_look(first[DifferenceParams].map))
        self.result: Result | None = None
        self.placement: Placement | None = None
        self.glance = False
        self._counted: object = None
        self._cache = Cache(768 * 2**20)
        self.files = Files(self)
        self.files.read.connect(self._on_opened)
        self.files.failed.connect(self.failed)
        self.session_changed.connect(self.files.refresh.follow)
        self._bridges = {name: Bridge(name, self) for name in ("compare", "probe")}
        for bridge in self._bridges.values():
            bridge.received.connect(self._on_event)
        self.painting = Painting(self)
        self.painting.picture_ready.connect(self.picture_ready)
        self.painting.thumbnails_ready.connect(self.thumbnails_ready)
        self.painting.failed.connect(self.failed)
        self.details = self.painting.details

    def open_pair(self, path_a: str | None, path_b: str | None) -> None:
        """Read one file or two; what is shown stays until they are read."""
        self.files.open(path_a, path_b)

    def take(self, a: ImageBuffer | None, b: ImageBuffer | None) -> None:
        """Take over pictures that were read elsewhere; None: a side has none."""
        self._set_session(replace(self.session, a=a, b=b))

    def set_glance(self, on: bool) -> None:
        """Make only previews, for pictures that follow each other fast, or exact answers again."""
        before, self.glance = self.glance, on
        if before and not on and self.result is None:
            self._ask()

    def swap(self) -> None:
        """Exchange A and B, and what was set of each."""
        self.history.exchange()
        self._set_session(self.session.swapped())

    # -- settings

    def set_params(self, params: Params) -> None:
        """Take over changed parameters; a number that goes on changing is one undo."""
        before = self.session.settings
        self.set_settings(before.replacing(params), merge_word(before[type(params)], params))

    def set_settings(self, settings: Settings, merge: str = "") -> None:
        """Take over other settings, as one step of the history."""
        self.history.push(settings, merge)

    def _follow_history(self) -> None:
        settings = self.history.current
        if settings != self.session.settings:
            kind = settings[DifferenceParams].map
            if kind is not self.session.settings[DifferenceParams].map:
                self._show(look=replace(default_look(kind), dim=self.display.look.dim))
            self._set_session(self.session.with_settings(settings))

    def set_look(self, look: Look) -> None:
        """Paint the difference otherwise; no number changes."""
        if look != self.display.look:
            self._show(look=look)
            self._repaint((Side.DIFFERENCE,))

    def _show(self, **changes: Any) -> None:
        self.display = replace(self.display, **changes)
        self.display_changed.emit(self.display)

    def set_processed(self, processed: bool) -> None:
        """Show A and B after the stages, or as they are in their files."""
        if processed != self.display.processed:
            self._show(processed=processed)
            self._repaint((Side.A, Side.B))

    def set_tone(self, tone: Tone) -> None:
        """Show A and B brighter, darker or through another curve; no number changes."""
        if tone != self.display.tone:
            self._show(tone=tone)
            self.painting.tone(self.display, self.result)

    def fit_tone(self, visible: Rect) -> None:
        """Bring what is seen of A and B within white; `visible` is in canvas pixels."""
        if self.painting.sources:
            self._bridges["probe"].submit(work.exposing(self.painting.sources, visible))

    def _repaint(self, sides: tuple[Side, ...]) -> None:
        if self.result is None:
            self._ask()
            return
        source = replace(self.painting.sources[Side.A], display=self.display)
        self.painting.paint(source, sides, self.result)

    def probe(self, row: int, col: int) -> None:
        """Read the values at a canvas pixel."""
        request = self._request()
        if request is not None and Side.DIFFERENCE in self.painting.sources:
            self._bridges["probe"].submit(work.probing(request, self._cache, row, col))

    def export(self, path: Path) -> None:
        """Write a report of the exact answer that is shown."""
        request = self._request()
        if request is None or self.result is None:
            self.failed.emit("There is no finished comparison to export yet.")
        else:
            self.files.export(request, self.result, self.display, path)

    def cancel(self) -> None:
        """Stop the running comparison; what is shown stays."""
        self._bridges["compare"].cancel()
        self.files.cancel()

    def close(self) -> None:
        """Stop all work and wait for the threads to end."""
        self.files.close()
        self.painting.close()
        for bridge in self._bridges.values():
            bridge.close()

    @property
    def counted(self) -> bool:
        """Whether the histograms of the last answer are also those of what is asked now."""
        request = self._request()
        return request is not None and key_of(request) == self._counted

    @property
    def idle(self) -> bool:
        """Whether nothing is being computed."""
        own = all(bridge.idle for bridge in self._bridges.values())
        return own and self.files.idle and self.painting.idle

    # -- the way round

    def _request(self) -> Request | None:
        a, b = self.session.a, self.session.b
        return Request(a, b, self.session.settings, preview=True) if a and b else None

    def _set_session(self, session: Session) -> None:
        self.session = session
        self.result = None
        self.session_changed.emit(session)
        self._ask()

    def _ask(self) -> None:
        self.result = None
        self.painting.drop()
        self._bridges["probe"].cancel()
        request = self._request()
        if request is None:
            self._bridges["compare"].forget()
            self.busy_changed.emit(False)
            self._show_alone()
            return
        source = Source(request, self.display, None, self._cache)
        self.painting.show_from(dict.fromkeys(SIDES, source))
        self.busy_changed.emit(True)
        job = work.comparing(request, self.display, self._cache, exact=not self.glance)
        self._bridges["compare"].submit(job)

    def _show_alone(self) -> None:
        """Show each picture as it is in its file: there is no other, or none that goes with it."""
        self.placement = None
        shape = self.painting.show_alone(self.session, self.display, self._cache)
        if shape is not None:
            self.canvas_changed.emit(*shape)

    @Slot(object)
    def _on_event(self, event: object) -> None:
        match event:
            case Progress():
                self.progressed.emit(event.share, event.doing)
            case PreviewReady():
                self.placement = event.placement
                self.canvas_changed.emit(*event.shape)
                for picture in event.pictures.values():
                    self.picture_ready.emit(picture, False)
                self.previewed.emit()
            case ResultReady():
                self._on_result(event)
            case Failed():
                self._on_failed(event.error)
            case Stopped():
                self._on_stopped()
            case Exposure():
                self.set_tone(replace(self.display.tone, exposure_ev=event.ev))
            case _:
                self.probed.emit(event)

    def _on_result(self, event: ResultReady) -> None:
        self.result, self._counted = event.result, key_of(event.request)
        self.placement = event.placement
        self.canvas_changed.emit(*event.result.shape)
        self.answered.emit(event.result)
        self.busy_changed.emit(False)
        source = Source(event.request, self.display, event.result, self._cache)
        self.painting.paint(source, SIDES, event.result)

    @Slot(object)
    def _on_opened(self, event: Opened) -> None:
        a, b = event.a or self.session.a, event.b or self.session.b
        self.take(a, b)
        if a is not None and b is not None and a.address and b.address:
            self.opened.emit(a.address, b.address)

    def _on_failed(self, error: Exception) -> None:
        if self.sender() is not self._bridges["compare"]:
            self.failed.emit(sentence(error))
            return
        self.busy_changed.emit(False)
        self.refused.emit(sentence(error))
        self._show_alone()

    def _on_stopped(self) -> None:
        if self.sender() is self._bridges["compare"]:
            self.busy_changed.emit(False)
            self.stopped.emit()
