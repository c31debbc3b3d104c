"""The one place where state changes. It decides; panels and views show, worker threads compute."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from core.buffer import ImageBuffer
from core.cache import Cache
from core.difference import DifferenceParams
from core.render import Look, Side
from core.reports import default_look
from core.result import Progress, Request, Result
from core.scheduler import Failed, Stopped
from core.session import History, Session
from core.settings import Params, Settings
from core.types import Rect
from gui import work
from gui.bridge import Bridge
from gui.events import Exported, Opened, PreviewReady, Rendered, ResultReady, Thumbnails
from gui.messages import sentence
from gui.source import Display, Source

SIDES = (Side.A, Side.B, Side.DIFFERENCE)


class Controller(QObject):
    """Holds the session, asks the engine, and says what changed.

    Signals
    -------
    session_changed(Session)
        Pictures or settings are others now.
    history_changed(bool, bool)
        Whether there is something to undo, and to redo.
    display_changed(Display)
        Colours or the processed / original choice changed.
    canvas_changed(int, int)
        Height and width of the canvas.
    picture_ready(Picture, bool)
        Something to draw; True for a detail over the overview.
    pictures_stale()
        Details that are shown belong to another question now.
    previewed(dict)
        Summaries for beside the toggles; numbers shown so far are stale.
    answered(Result)
        The exact answer.
    thumbnails_ready(list)
        Pairs of small pictures for the first regions.
    progressed(float, str), busy_changed(bool), stopped()
        How the work goes.
    probed(Probe)
        Values under the cursor.
    failed(str)
        One sentence for the person; nothing else has changed.
    opened(str, str)
        A pair of files was read.
    exported(Path)
        A report was written.
    """

    session_changed = Signal(object)
    history_changed = Signal(bool, bool)
    display_changed = Signal(object)
    canvas_changed = Signal(int, int)
    picture_ready = Signal(object, bool)
    pictures_stale = Signal()
    previewed = Signal(object)
    answered = Signal(object)
    thumbnails_ready = Signal(object)
    progressed = Signal(float, str)
    busy_changed = Signal(bool)
    stopped = Signal()
    probed = Signal(object)
    failed = Signal(str)
    opened = Signal(str, str)
    exported = Signal(object)

    def __init__(self, settings: Settings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        first = settings or Settings()
        self.session = Session(settings=first)
        self.history = History(first)
        self.display = Display(default_look(first[DifferenceParams].map))
        self.result: Result | None = None
        self._cache = Cache(768 * 2**20)
        self._source: Source | None = None
        self._bridges = {
            name: Bridge(name, self) for name in ("compare", "files", "detail", "overview", "probe")
        }
        for bridge in self._bridges.values():
            bridge.received.connect(self._on_event)

    # -- pictures

    def open_pair(self, path_a: str | None, path_b: str | None) -> None:
        """Read one file or two; what is shown stays until they are read."""
        if path_a is None and path_b is None:
            return
        self._bridges["files"].submit(work.opening(path_a, path_b))
        self.progressed.emit(0.0, "opening")

    def reload(self) -> None:
        """Read the files of both pictures again."""
        paths = [p.path or None if p else None for p in (self.session.a, self.session.b)]
        self.open_pair(*paths)

    def swap(self) -> None:
        """Exchange A and B."""
        self._set_session(self.session.swapped())

    # -- settings

    def set_params(self, params: Params, merge: str = "") -> None:
        """Take over changed parameters; steps with the same `merge` word are one undo."""
        self.set_settings(self.session.settings.replacing(params), merge)

    def set_settings(self, settings: Settings, merge: str = "") -> None:
        """Take over other settings, as one step of the history."""
        self.history.push(settings, merge)
        self._follow_history()

    def undo(self) -> None:
        """Go back to the settings before the last change."""
        self.history.undo()
        self._follow_history()

    def redo(self) -> None:
        """Take back an undo."""
        self.history.redo()
        self._follow_history()

    def _follow_history(self) -> None:
        settings = self.history.current
        self.history_changed.emit(self.history.can_undo, self.history.can_redo)
        if settings != self.session.settings:
            kind = settings[DifferenceParams].map
            if kind is not self.session.settings[DifferenceParams].map:
                self._set_look(replace(default_look(kind), dim=self.display.look.dim))
            self._set_session(self.session.with_settings(settings))

    # -- display

    def set_look(self, look: Look) -> None:
        """Paint the difference otherwise; no number changes."""
        if look != self.display.look:
            self._set_look(look)
            self._repaint((Side.DIFFERENCE,))

    def _set_look(self, look: Look) -> None:
        self.display = replace(self.display, look=look)
        self.display_changed.emit(self.display)

    def set_processed(self, processed: bool) -> None:
        """Show A and B after the stages, or as they are in their files."""
        if processed != self.display.processed:
            self.display = replace(self.display, processed=processed)
            self.display_changed.emit(self.display)
            self._repaint((Side.A, Side.B))

    def _repaint(self, sides: tuple[Side, ...]) -> None:
        if self._source is None:
            return
        self._source = replace(self._source, display=self.display)
        if self.result is not None:
            self._bridges["overview"].submit(
                work.overviews(self._source, sides, self.result.regions)
            )
        elif self.session.complete:
            self._ask()
        self.pictures_stale.emit()

    # -- views ask

    def want_details(self, wanted: dict[Side, tuple[Rect, int]]) -> None:
        """Render the visible parts at full quality."""
        if self._source is not None and wanted:
            self._bridges["detail"].submit(work.rendering(self._source, wanted))

    def probe(self, row: int, col: int) -> None:
        """Read the values at a canvas pixel."""
        request = self._request()
        if request is not None:
            self._bridges["probe"].submit(work.probing(request, self._cache, row, col))

    def export(self, path: Path) -> None:
        """Write a report of the exact answer that is shown."""
        request = self._request()
        if request is None or self.result is None:
            self.failed.emit("There is no finished comparison to export yet.")
            return
        job = work.exporting(request, self.result, self.display.look, path)
        self._bridges["files"].submit(job)

    def cancel(self) -> None:
        """Stop the running comparison; what is shown stays."""
        self._bridges["compare"].cancel()
        self._bridges["files"].cancel()

    def close(self) -> None:
        """Stop all work and wait for the threads to end."""
        for bridge in self._bridges.values():
            bridge.close()

    @property
    def idle(self) -> bool:
        """Whether nothing is being computed."""
        return all(bridge.idle for bridge in self._bridges.values())

    # -- the way round

    def _request(self) -> Request | None:
        a, b = self.session.a, self.session.b
        if a is None or b is None:
            return None
        return Request(a, b, self.session.settings, preview=True)

    def _set_session(self, session: Session) -> None:
        self.session = session
        self.session_changed.emit(session)
        self._ask()

    def _ask(self) -> None:
        self.result = None
        for name in ("detail", "overview", "probe"):
            self._bridges[name].cancel()
        request = self._request()
        if request is not None:
            self._source = Source(request, self.display, None, self._cache)
            self.busy_changed.emit(True)
            self._bridges["compare"].submit(work.comparing(request, self.display, self._cache))
            return
        only = self.session.a or self.session.b
        if only is not None:
            side = Side.A if self.session.a else Side.B
            request = Request(only, only)
            self._source = Source(request, self.display, None, self._cache)
            self.canvas_changed.emit(*only.shape)
            self._bridges["overview"].submit(work.showing_alone(self._source, side))

    @Slot(object)
    def _on_event(self, event: object) -> None:  # noqa: PLR0912 - a flat table of what may come in
        match event:
            case Progress():
                self.progressed.emit(event.share, event.doing)
            case PreviewReady():
                self.canvas_changed.emit(*event.shape)
                for picture in event.pictures.values():
                    self.picture_ready.emit(picture, False)
                self.previewed.emit(event.summaries)
                self.pictures_stale.emit()
            case ResultReady():
                self._on_result(event)
            case Rendered():
                if event.source.same_question(self._source):
                    self.picture_ready.emit(event.picture, event.detail)
            case Thumbnails():
                if event.source.same_question(self._source):
                    self.thumbnails_ready.emit(event.pairs)
            case Opened():
                self._on_opened(event)
            case Exported():
                self.exported.emit(event.path)
            case Failed():
                self._on_failed(event.error)
            case Stopped():
                self._on_stopped()
            case _:
                self.probed.emit(event)

    def _on_result(self, event: ResultReady) -> None:
        self.result = event.result
        self._source = Source(event.request, self.display, event.result, self._cache)
        self.canvas_changed.emit(*event.result.shape)
        self.answered.emit(event.result)
        self.busy_changed.emit(False)
        self._bridges["overview"].submit(work.overviews(self._source, SIDES, event.result.regions))
        self.pictures_stale.emit()

    def _on_opened(self, event: Opened) -> None:
        session = self.session
        a: ImageBuffer | None = event.a or session.a
        b: ImageBuffer | None = event.b or session.b
        self._set_session(replace(session, a=a, b=b))
        if a is not None and b is not None and a.path and b.path:
            self.opened.emit(a.path, b.path)

    def _on_failed(self, error: Exception) -> None:
        self.busy_changed.emit(False)
        self.failed.emit(sentence(error))

    def _on_stopped(self) -> None:
        if self.sender() is self._bridges["compare"]:
            self.busy_changed.emit(False)
            self.stopped.emit()
