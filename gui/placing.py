"""Places in the window: drawing them, listing them, and what is asked about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMainWindow, QMenu

from core.alignment.pointing import common
from core.places.params import PlacesParams
from core.places.shapes import Kind, Shape
from core.places.text import text_of
from core.types import Rect
from gui.panels.places import Place
from gui.views.place_marks import Mark, Role

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from core.result import Result
    from core.session import Session
    from gui.controller import Controller
    from gui.panels.places import PlacesPanel
    from gui.views.compare_view import CompareView

OVERLAP: Final = "overlap"
"""The name of the place that is cropped to."""
CROPPED: Final = 0.96
"""How large it is seen, as a share of the view."""
OFFERS: Final = (
    ("only", "Measure only here", "Every number is then one over this place alone."),
    ("place", "Measure here too", "The place gets a row of its own; everything still counts."),
    ("ignore", "Ignore this", "What lies here never counts, and no step looks at it."),
)


class Placing(QObject):
    """Follows a controller; draws, lists and changes its places.

    Parameters
    ----------
    window
        What menus belong to.
    view, panel, controller
        Where places are drawn and listed, and who holds them.
    tool, cropping
        The switch that lets dragging draw, and the command for `crop`.
    """

    def __init__(
        self,
        window: QMainWindow,
        view: CompareView,
        panel: PlacesPanel,
        controller: Controller,
        tool: QAction,
        cropping: QAction,
    ) -> None:
        super().__init__(window)
        self._window, self._view, self._panel = window, view, panel
        self._controller, self._tool, self._cropping = controller, tool, cropping
        cropping.setEnabled(False)
        self._cropped: Rect | None = None  # to be looked at when its numbers are there
        view.drawn.connect(self._on_drawn)
        panel.places_changed.connect(self.set_places)
        panel.place_clicked.connect(view.go_to)
        controller.session_changed.connect(self._on_session)
        controller.answered.connect(self._on_answer)
        controller.busy_changed.connect(self._on_busy)

    def set_places(self, places: tuple[Place, ...]) -> None:
        """Ask with these places."""
        only, place, ignore = (
            text_of(p.shape for p in places if p.role == role) for role, *_ in OFFERS
        )
        self._controller.set_params(PlacesParams(only=only, place=place, ignore=ignore))

    def add(self, rect: Rect, role: str) -> None:
        """Add a rectangle to the places."""
        shape = Shape(Kind.RECT, ((rect.row, rect.col), (rect.bottom, rect.right)))
        self.set_places((*self._panel.places, Place(shape, role)))

    def crop(self) -> None:
        """Measure only what both pictures cover, and look at it; an own step of the history."""
        rect = _covered(self._controller.result)
        settings = self._controller.session.settings
        params = settings[PlacesParams]
        if rect.empty:
            return
        own = Shape(Kind.RECT, ((rect.row, rect.col), (rect.bottom, rect.right)), OVERLAP)
        only = text_of((*(s for s in params.counted if s.name != OVERLAP), own))
        self._controller.set_settings(settings.replacing(params.replace(only=only)))
        self._view.go_to(rect, CROPPED)
        self._cropped = rect

    def menu(self, rect: Rect) -> QMenu:
        """Return the menu that asks what a drawn rectangle is for."""
        menu = QMenu(self._window)
        menu.setToolTipsVisible(True)
        for role, text, tip in OFFERS:
            item = menu.addAction(text)
            item.setToolTip(tip)
            item.triggered.connect(lambda _=False, r=role: self.add(rect, r))
        menu.addSeparator()
        menu.addAction("Cancel")
        return menu

    def _on_drawn(self, rect: Rect) -> None:
        self._tool.setChecked(False)
        self._view.set_marking(False)
        menu = self.menu(rect)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(QCursor.pos())

    def _on_session(self, session: Session) -> None:
        self._cropping.setEnabled(False)
        params = session.settings[PlacesParams]
        by_role = {
            "only": params.counted, "place": params.listed[len(params.counted) :],
            "ignore": params.ignored,
        }  # fmt: skip
        places = [Place(shape, role) for role, shapes in by_role.items() for shape in shapes]
        self._panel.show_places(places)
        if not session.complete:
            self._panel.show_results(())
        self._view.show_marks([
            Mark(p.shape, Role(p.role), p.shape.name or f"place {i + 1}")
            for i, p in enumerate(places)
        ])  # fmt: skip

    def _on_busy(self, busy: bool) -> None:
        self._cropping.setEnabled(not _covered(self._controller.result).empty)
        if busy:
            self._panel.show_results(())

    def _on_answer(self, result: Result) -> None:
        self._panel.show_results(result.places)
        rect, self._cropped = self._cropped, None
        if rect is not None:  # once what is said of the answer has its place beside the pictures
            QTimer.singleShot(0, self._view, lambda: self._view.go_to(rect, CROPPED))


def _covered(result: Result | None) -> Rect:
    """Return the rectangle of the canvas to crop to; empty while it is not known."""
    if result is None or result.alignment is None:
        return Rect(0, 0, 0, 0)
    return common(result.alignment)
