"""What is painted of the pictures: overviews, sharp parts, thumbnails."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from core.cache import Cache
from core.render import Side
from core.result import Request, Result
from core.scheduler import Failed
from core.session import Session
from gui import work
from gui.bridge import Bridge
from gui.details import Details
from gui.events import Rendered, Thumbnails
from gui.messages import sentence
from gui.source import Display, Source

SIDES = (Side.A, Side.B, Side.DIFFERENCE)


class Painting(QObject):
    """Has the pictures of the panes made, from the sources it is given.

    Signals
    -------
    picture_ready(Picture, bool)
        Something to draw; True for a detail over the overview.
    thumbnails_ready(tuple)
        Pairs of small pictures for the first regions.
    failed(str)
        One sentence for the person.

    Attributes
    ----------
    details
        What makes sharp pictures.
    sources
        What the pictures of each side are made from now.
    """

    picture_ready = Signal(object, bool)
    thumbnails_ready = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._detail, self._overview = Bridge("detail", self), Bridge("overview", self)
        for bridge in (self._detail, self._overview):
            bridge.received.connect(self._on_event)
        self.details = Details(self._detail, self)
        self.sources: dict[Side, Source] = {}
        self._owed: set[Side] = set()
        self._toned: Display | None = None

    @property
    def idle(self) -> bool:
        """Whether nothing is being painted."""
        return self._detail.idle and self._overview.idle

    def close(self) -> None:
        """Stop, and wait for the threads to end."""
        self._detail.close()
        self._overview.close()

    def drop(self) -> None:
        """Stop, and forget what was wanted: other pictures are on their way."""
        self.details.drop()
        self._overview.cancel()
        self._toned = None

    def show_from(self, sources: dict[Side, Source]) -> None:
        """Make what is asked for from now on from these sources."""
        self.sources = sources
        self.details.serve(sources)

    def paint(self, source: Source, sides: Iterable[Side], result: Result) -> None:
        """Render exact overviews of these sides, and of those that a job before was to render."""
        self.show_from(dict.fromkeys(SIDES, source))
        self._owed.update(sides)
        job = work.overviews(source, [s for s in SIDES if s in self._owed], result.regions)
        self._overview.submit(job)

    def show_alone(
        self, session: Session, display: Display, cache: Cache
    ) -> tuple[int, int] | None:
        """Render pictures as they are in their files.

        Returns
        -------
        tuple[int, int] | None
            Height and width of what holds them both; None when there is none.
        """
        both = {Side.A: session.a, Side.B: session.b}
        pictures = {side: p for side, p in both.items() if p is not None}
        self.paint_alone(
            {side: Source(Request(p, p), display, None, cache) for side, p in pictures.items()}
        )
        if not pictures:
            return None
        heights, widths = zip(*(p.shape for p in pictures.values()), strict=True)
        return max(heights), max(widths)

    def paint_alone(self, sources: dict[Side, Source]) -> None:
        """Render pictures each for itself, without an exact answer."""
        self.show_from(sources)
        pictures = dict(sources)
        pictures.pop(Side.DIFFERENCE, None)
        if pictures:
            self._owed = set(pictures)
            self._overview.submit(work.showing_alone(pictures))

    def tone(self, display: Display, result: Result | None) -> None:
        """Render A and B as `display` says.

        What is being rendered is finished first: while a slider is dragged each picture is seen,
        and the last one is that of the last place.
        """
        if self._owed and not self._overview.idle:
            self._toned = display
            return
        self._toned = None
        sources = {side: replace(s, display=display) for side, s in self.sources.items()}
        if result is None:
            self.paint_alone(sources)
        elif Side.A in sources:
            self.paint(sources[Side.A], (Side.A, Side.B), result)

    @Slot(object)
    def _on_event(self, event: object) -> None:
        match event:
            case Rendered():
                self._on_rendered(event)
            case Thumbnails():
                if event.source.same_question(self.sources.get(Side.DIFFERENCE)):
                    self.thumbnails_ready.emit(event.pairs)
            case Failed():
                self.failed.emit(sentence(event.error))

    def _on_rendered(self, event: Rendered) -> None:
        side = event.picture.side
        if not event.source.same_question(self.sources.get(side)):
            return
        if event.detail:
            self.details.arrived(side)
        else:
            self._owed.discard(side)
        self.picture_ready.emit(event.picture, event.detail)
        if not self._owed and self._toned is not None:
            display, self._toned = self._toned, None
            self.tone(display, event.source.result)
