"""Shows what the controller says: hands each widget its part, and computes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMainWindow

from core import recipes
from core.colormaps import is_diverging, lut
from core.difference import DifferenceParams
from core.format import decided_otherwise, number, verdict
from core.map_kinds import KINDS
from core.render import Picture, Side
from core.result import Result
from core.session import Session
from core.settings import Settings
from core.types import MapKind, Rect
from gui import naming
from gui.controller import Controller
from gui.parts import Parts
from gui.qimage import to_screen
from gui.source import Display
from gui.top_bar import TopBar
from gui.views.chooser import choice_of

if TYPE_CHECKING:
    from gui.panels.histograms import HistogramsPanel  # loads pyqtgraph
STAGE_WORDS = {
    "align": "aligned",
    "gray": "gray",
    "normalize": "normalized",
    "blur": "blurred",
    "edges": "edges",
    "noise": "beyond the noise",
}
SAID_ON_PICTURES = ("pages", "drawn", "channels")
"""Notices about which picture of its file it is: that stands beside its name, to be changed."""


class Presenter(QObject):
    """Follows the signals of one controller.

    Attributes
    ----------
    current_region
        Index of the region that is looked at, or None.
    boxes
        Whether boxes are drawn around regions.
    """

    def __init__(
        self, window: QMainWindow, parts: Parts, top_bar: TopBar, controller: Controller
    ) -> None:
        super().__init__(window)
        self._window, self._parts, self._top_bar = window, parts, top_bar
        self._controller = controller
        self._histograms: HistogramsPanel | None = None
        self.current_region: int | None = None
        self.boxes = True
        self._state = ""
        self._previewed = False
        self._pictures: tuple[str | None, str | None] = (None, None)
        self._addresses: tuple[str, str] = ("", "")
        self._looked_at: Rect | None = None
        self._kept: Rect | None = None  # where to look again once the new answer is there
        self._missing: frozenset[str] = frozenset()
        self._settings: Settings | None = None
        c = controller
        c.session_changed.connect(self._on_session)
        c.display_changed.connect(self._on_display)
        c.canvas_changed.connect(parts.view.set_canvas)
        c.picture_ready.connect(self._on_picture)
        c.previewed.connect(self._on_previewed)
        c.answered.connect(self._on_answer)
        c.thumbnails_ready.connect(self._on_thumbnails)
        c.progressed.connect(parts.readout.show_progress)
        c.busy_changed.connect(self._on_busy)
        c.stopped.connect(self._on_stopped)
        c.probed.connect(parts.readout.show_probe)
        c.failed.connect(self._parts.notices.show_error)
        c.refused.connect(self._on_refused)
        c.files.reading.connect(lambda share: parts.readout.show_progress(share, "opening"))
        c.files.read_ended.connect(self._on_read_ended)
        c.files.refresh.reloaded.connect(parts.readout.show_note)
        c.files.refresh.missing_changed.connect(self._on_missing)
        self._known = {recipes.load(name): name for name in recipes.names()}
        parts.pipeline.show_recipes({n: recipes.describe(n) for n in recipes.names()})

    def adopt_histograms(self, panel: HistogramsPanel) -> None:
        """Take the plots, which are made after the first paint."""
        self._histograms = panel
        panel.show_tolerance(self._params.tolerance)
        if self._controller.result is not None:
            self._show_histograms(self._controller.result)

    @property
    def _params(self) -> DifferenceParams:
        return self._controller.session.settings[DifferenceParams]

    def _on_session(self, session: Session) -> None:
        a, b = session.a, session.b
        keys = (a.key if a else None, b.key if b else None)
        addresses = (a.address if a else "", b.address if b else "")
        if keys != self._pictures:
            self._kept = self._looked_at if addresses == self._addresses else None
            self._pictures = keys
            self._forget_regions()
        if addresses != self._addresses:
            self._addresses = addresses
            self._parts.readout.show_note("")
        self._parts.notices.clear("error")
        self._on_display(self._controller.display)  # the legend is that of the settings' map
        title = " ↔ ".join(naming.titled(p) for p in (a, b) if p)
        both = {Side.A: a, Side.B: b}
        self._parts.view.set_choices({side: choice_of(p) for side, p in both.items() if p})
        self._window.setWindowTitle(f"{title} – Pairlens" if title else "Pairlens")
        self.show_names()
        for side, missing in ((Side.A, a is None), (Side.B, b is None)):
            if missing:
                self._parts.view.clear(side)
        if not session.complete:
            self._parts.view.clear(Side.DIFFERENCE)
            self._parts.pipeline.show_summaries({})
            self._end_without_numbers("")
        self._parts.metadata.show_files(a.info if a else None, b.info if b else None)
        if session.settings is not self._settings:  # while frames are played they stay
            self._settings = session.settings
            self._parts.pipeline.show_settings(session.settings)
            self._parts.pipeline.show_current_recipe(self._known.get(session.settings, ""))
        if self._histograms is not None:
            self._histograms.show_tolerance(self._params.tolerance)

    def show_names(self) -> None:
        """Say beside the letters what is shown."""
        session = self._controller.session
        names = [naming.chip_name(p, self._missing) for p in (session.a, session.b)]
        words = [KINDS[self._params.map].label]
        result = self._controller.result
        found = None if result is None else result.alignment
        refused = found is not None and not found.accepted
        # While it flickers a mark of its own says so.
        told = {"align"} if refused or self._parts.view.state.flicker else set()
        words += [w for n, w in STAGE_WORDS.items() if _enabled(session, n) and n not in told]
        self._parts.view.set_names(names[0], names[1], ", ".join(words))

    def _on_missing(self, missing: frozenset[str]) -> None:
        self._missing = missing
        self.show_names()

    def _on_display(self, display: Display) -> None:
        kind, look = self._params.map, display.look
        self._parts.tone.show_tone(display.tone)
        self._parts.view.show_tone(display.tone.words)
        diverging = is_diverging(look.colormap)
        low = -look.high if diverging and kind is MapKind.SIGNED else 0.0
        colors = [tuple(int(v) for v in row) for row in lut(look.colormap)]
        if diverging and kind is not MapKind.SIGNED:
            colors = colors[128:]
        info, result = KINDS[kind], self._controller.result
        beyond = result is None or result.map.beyond  # unless it is known that there is nothing
        self._parts.view.show_legend(
            low, look.high, colors, info.unit, limit=info.high, beyond=beyond
        )

    @Slot(object, bool)
    def _on_picture(self, picture: Picture, detail: bool) -> None:
        self._parts.view.show_picture(picture.side, picture, detail)

    def _on_previewed(self) -> None:
        self._previewed = True
        self._parts.pipeline.show_summaries({})  # there are numbers in them: the exact ones follow

    def _on_answer(self, result: Result) -> None:
        parts = self._parts
        parts.regions.show_regions(result.regions, result.region_count)
        parts.pipeline.show_summaries(result.summaries)
        parts.pipeline.show_notices(_warnings(result))
        self.show_names()
        shown = tuple(n for n in result.notices if n.code not in SAID_ON_PICTURES)
        parts.notices.show_notices(shown)
        self._show_histograms(result)
        self._on_display(self._controller.display)  # what the legend's ends stand for is known
        index = self.current_region = naming.same_region(self._kept, result.regions)
        self._looked_at = None if index is None else result.regions[index].rect
        self._kept = None
        self._show_regions(result)
        height, width = result.shape
        milliseconds = result.timings.get("total", 0.0) * 1000
        size = f"{width:,} × {height:,}"
        size += " · linear light" if result.values == "linear light" else ""
        self._state = f"{verdict(result)}    {size} · exact · {milliseconds:,.0f} ms"
        parts.readout.show_state(self._state)

    def _show_histograms(self, result: Result) -> None:
        if self._histograms is not None:
            note = f"{number(result.over)} px count" if decided_otherwise(result) else ""
            self._histograms.show_histograms(result.histograms, result.pixels, note)

    def _on_thumbnails(self, pairs: object) -> None:
        result = self._controller.result
        if result is None or not isinstance(pairs, tuple):
            return
        images = [(to_screen(a.rgb), to_screen(b.rgb)) for a, b in pairs]
        self._parts.regions.show_regions(result.regions, result.region_count, images)
        self._parts.regions.show_current(-1 if self.current_region is None else self.current_region)

    def _on_busy(self, busy: bool) -> None:
        self._parts.view.set_busy(busy)
        if not busy:
            return
        self._state, self._previewed = "", False
        if self._controller.glance:
            self._parts.readout.show_state("preview, without numbers")
        self._parts.regions.show_pending()
        if self._histograms is not None and not self._controller.counted:
            self._histograms.show_pending()

    def _on_stopped(self) -> None:
        what = "a preview, without numbers" if self._previewed else "from before"
        self._end_without_numbers(f"stopped: what is shown is {what}")

    def _on_refused(self, text: str) -> None:
        self._parts.notices.show_error(text)
        self._parts.view.clear(Side.DIFFERENCE)
        self._parts.pipeline.show_summaries({})
        self._end_without_numbers("not compared")

    def _end_without_numbers(self, state: str) -> None:
        """No number that is shown may be taken for the answer to what is set now."""
        self._state = state
        self._parts.readout.show_state(state)
        self._parts.regions.show_nothing()
        if self._histograms is not None:
            self._histograms.show_nothing()
        self._parts.pipeline.show_notices({})
        self._parts.notices.show_notices(())
        self._forget_regions()

    def _on_read_ended(self) -> None:
        self._parts.readout.show_state(self._state)

    def set_boxes(self, shown: bool) -> None:
        """Draw boxes around regions, or not."""
        self.boxes = shown
        if self._controller.result is not None:
            self._show_regions(self._controller.result)

    def step_region(self, step: int) -> None:
        """Go to the next (+1) or previous (-1) region, round and round."""
        result = self._controller.result
        if result is None or not result.regions:
            return
        count = len(result.regions)
        now = self.current_region
        self.go_to_region(
            (now + step) % count if now is not None else (0 if step > 0 else count - 1)
        )

    def go_to_region(self, index: int) -> None:
        """Show one region in the middle of the panes."""
        result = self._controller.result
        if result is None or not 0 <= index < len(result.regions):
            return
        self.current_region = index
        self._show_regions(result)
        self._looked_at = result.regions[index].rect
        self._parts.view.go_to(self._looked_at)

    def go_to_place(self, row: int, col: int) -> None:
        """Show one pixel in the middle of the panes."""
        self._parts.view.go_to(Rect(row, col, 1, 1))

    def _forget_regions(self) -> None:
        self.current_region = None
        self._parts.view.show_regions((), None)
        self._top_bar.show_nothing()

    def _show_regions(self, result: Result) -> None:
        rects = [r.rect for r in result.regions] if self.boxes else []
        self._parts.view.show_regions(rects, self.current_region if self.boxes else None)
        self._parts.regions.show_current(-1 if self.current_region is None else self.current_region)
        self._top_bar.show_regions(self.current_region, result.region_count)


def _enabled(session: Session, name: str) -> bool:
    return any(p.name == name and p.enabled for p in session.settings.params)


def _warnings(result: Result) -> dict[str, str]:
    """Return name of a group -> warning, of notices whose code begins with it."""
    found: dict[str, str] = {}
    for notice in result.notices:
        if notice.severity == "warning":
            found.setdefault(notice.code.split("_")[0], notice.text)
    return found
