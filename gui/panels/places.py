"""The list of places: what counts alone, what is measured too, what is ignored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QToolButton, QVBoxLayout, QWidget

from core.format import NONE, count, measure_text
from gui.icons import set_icon
from gui.theme import number_font, ui_font
from gui.widgets.choice import Choice
from gui.widgets.section_header import SectionHeader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.places.results import PlaceResult
    from core.places.shapes import Shape
    from core.types import MeasureValue

ROLES: Final = {"only": "only", "place": "too", "ignore": "ignored"}
"""Field of `PlacesParams` -> what a place in it is for."""
SHOWN: Final = ("l1_per_pixel", "l0_per_pixel", "ssim")
"""Numbers that stand beside a place; its tooltip has the rest."""


@dataclass(frozen=True, slots=True)
class Place:
    """One row: a shape, and the field of `PlacesParams` that it is in."""

    shape: Shape
    role: str


class PlacesPanel(QWidget):
    """Every place with its name, what it is for, its own tolerance and its numbers.

    Hidden while there is none.

    Signals
    -------
    places_changed(tuple)
        All places (`Place`), after a person changed or removed one.
    place_clicked(Rect)
        A place is to be looked at: its rectangle on the canvas.
    """

    places_changed = Signal(tuple)
    place_clicked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.header = SectionHeader("Places", self)
        self.clear_link = self.header.add_link("remove all", "Measure everything again.")
        self.clear_link.clicked.connect(lambda: self.places_changed.emit(()))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 6, 6, 6)
        self._column.setSpacing(2)
        self._column.addWidget(self.header)
        self.rows: list[PlaceRow] = []
        self.hide()

    @property
    def places(self) -> tuple[Place, ...]:
        """What is shown."""
        return tuple(row.place for row in self.rows)

    def show_places(self, places: Sequence[Place]) -> None:
        """Show exactly these; nothing is emitted."""
        if tuple(places) == self.places:
            return
        for row in self.rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [PlaceRow(place, f"place {i + 1}", self) for i, place in enumerate(places)]
        for i, row in enumerate(self.rows):
            row.changed.connect(lambda new, i=i: self._replace(i, new))
            row.clicked.connect(self.place_clicked)
            self._column.addWidget(row)
        self.header.note.setText(count(len(places), "place", "places"))
        self.setVisible(bool(places))

    def show_results(self, results: Sequence[PlaceResult]) -> None:
        """Show the numbers of the places that are measured, in their order; empty for none yet."""
        measured = [row for row in self.rows if row.place.role != "ignore"]
        for i, row in enumerate(measured):
            row.show_numbers(results[i].measures if i < len(results) else {})

    def _replace(self, index: int, new: Place | None) -> None:
        places = list(self.places)
        places[index : index + 1] = [] if new is None else [new]
        self.places_changed.emit(tuple(places))


class PlaceRow(QWidget):
    """One place.

    Signals
    -------
    changed(Place | None)
        It was changed, or removed.
    clicked(Rect)
        It is to be looked at.
    """

    changed = Signal(object)
    clicked = Signal(object)

    def __init__(self, place: Place, usual: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.place = place
        self.name = QLineEdit(place.shape.name, self)
        self.name.setPlaceholderText(usual)
        self.name.setMaximumWidth(110)
        self.name.setToolTip("The name that stands in tables and reports.")
        self.name.editingFinished.connect(self._on_name)
        self.role = Choice(ROLES, self)
        self.role.set_value(place.role)
        self.role.setToolTip(
            "only: nothing else counts; too: it has numbers of its own, and everything counts;"
            " ignored: it never counts."
        )
        self.role.value_changed.connect(lambda role: self._emit(role=str(role)))
        tolerance = place.shape.tolerance
        self.tolerance = QLineEdit("" if tolerance is None else f"{tolerance:g}", self)
        self.tolerance.setPlaceholderText("tol.")
        self.tolerance.setFont(number_font())
        self.tolerance.setFixedWidth(48)
        self.tolerance.setToolTip(
            "A tolerance of its own, 0 to 255; empty: the one of the comparison."
        )
        self.tolerance.setVisible(place.role != "ignore")
        self.tolerance.editingFinished.connect(self._on_tolerance)
        self.look = _button("fit", "Look at it", self)
        self.look.clicked.connect(lambda: self.clicked.emit(self.place.shape.rect))
        self.remove = _button("close", "Remove it", self)
        self.remove.clicked.connect(lambda: self.changed.emit(None))
        self.numbers = QLabel("", self)
        self.numbers.setFont(ui_font(-0.5))
        self.numbers.setProperty("role", "muted")
        self.numbers.setTextFormat(Qt.TextFormat.PlainText)
        self.numbers.hide()
        line = QHBoxLayout()
        line.setSpacing(6)
        for widget in (self.name, self.role, self.tolerance):
            line.addWidget(widget)
        line.addStretch(1)
        line.addWidget(self.look)
        line.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(2)
        column.addLayout(line)
        column.addWidget(self.numbers)

    def show_numbers(self, measures: Mapping[str, MeasureValue]) -> None:
        """Show the main numbers, and all in the tooltip; none while they are not known."""
        found = {n: measures[n] for n in SHOWN if n in measures}
        self.numbers.setText("   ".join(_short(n, m) for n, m in found.items()))
        self.numbers.setToolTip("\n".join(_long(m) for m in measures.values()))
        self.numbers.setVisible(bool(found))

    def _emit(self, *, role: str | None = None, shape: Shape | None = None) -> None:
        new = Place(shape or self.place.shape, role or self.place.role)
        if new.role == "ignore":
            new = Place(replace(new.shape, tolerance=None), new.role)
        if new != self.place:
            self.changed.emit(new)

    def _on_name(self) -> None:
        name = self.name.text().replace('"', "").strip()
        self._emit(shape=replace(self.place.shape, name=name))

    def _on_tolerance(self) -> None:
        text = self.tolerance.text().strip().replace(",", ".")
        try:
            tolerance = float(text) if text else None
        except ValueError:
            tolerance = self.place.shape.tolerance
        if tolerance is not None and not 0.0 <= tolerance <= 255.0:
            tolerance = self.place.shape.tolerance
        self.tolerance.setText("" if tolerance is None else f"{tolerance:g}")
        self._emit(shape=replace(self.place.shape, tolerance=tolerance))


_LABELS: Final = {"l1_per_pixel": "l1", "l0_per_pixel": "changed", "ssim": "SSIM"}


def _short(name: str, measure: MeasureValue) -> str:
    text = measure_text(measure)
    return f"{_LABELS[name]} {text or NONE}"


def _long(measure: MeasureValue) -> str:
    return f"{measure.label}: {measure_text(measure)}"


def _button(icon: str, tip: str, parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setProperty("role", "quiet")
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    set_icon(button, icon, "muted")
    return button
