"""One group of parameters in the pipeline panel: a switch, its main choice, and its details."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from core.errors import SettingsError
from gui.panels.form import Field, ParamsForm, make_field
from gui.panels.summary import Summary
from gui.theme import notifier
from gui.widgets.choice import Choice
from gui.widgets.disclosure import Disclosure
from gui.widgets.toggle import Toggle

if TYPE_CHECKING:
    from core.settings import Params

GAP = 6
INDENT = 34 + GAP
"""Width of a switch and the gap beside it."""
TITLE_WIDTH = 80
CHOICE_WIDTHS = (108, 190)
RIGHT = 18
"""Width of the arrow that opens the details."""
FEW = 2
"""So many details open by themselves when the group is on, if all are numbers to be tuned."""


class GroupRow(QWidget):
    """Everything a person can set of one Params class.

    Signals
    -------
    params_changed(Params)
        A person changed something; the new parameters, whole and checked.
    """

    params_changed = Signal(object)

    def __init__(self, kind: type[Params], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.params: Params = kind()
        self._warning = ""
        self._summary = ""
        self._help = ""
        self._opened: bool | None = None  # None until a person opened or closed the details
        self._build()
        notifier().changed.connect(self._refresh_mark)
        self.show_params(self.params)

    # -- parts ---------------------------------------------------------------------------------

    def _build(self) -> None:
        kind = self.kind
        primary, types = kind.primary(), kind.field_types()
        has_choice = primary is not None and issubclass(types[primary], StrEnum)
        self._choice_name = primary if has_choice else None
        uis = {name: ui for name, ui in kind.ui_fields().items() if not ui.hidden}
        pinned = [n for n, u in uis.items() if u.flag and not kind.toggle]
        rest = [n for n in uis if n not in pinned and n != self._choice_name]
        self.pinned = self._form(pinned)
        self.details = self._form(rest)
        self._below = Summary(self, Qt.AlignmentFlag.AlignLeft)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(4)
        column.addLayout(self._head())
        for part, indent in (
            (self._below, INDENT + TITLE_WIDTH + GAP),
            (self.pinned, 0),
            (self.details, INDENT if kind.toggle else 0),
        ):
            part.setContentsMargins(indent, 0, RIGHT + GAP, 2)
            column.addWidget(part)
        self.pinned.setVisible(bool(pinned))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _head(self) -> QHBoxLayout:
        kind = self.kind
        head = QHBoxLayout()
        head.setSpacing(GAP)
        self.toggle: Toggle | None = None
        self.title = QLabel(kind.title, self)
        self.title.setToolTip(kind.about)
        if kind.toggle:
            self.toggle = Toggle(self)
            self.toggle.setToolTip(kind.about)
            self.toggle.setAccessibleName(kind.title)
            self.toggle.toggled.connect(lambda on: self._change("enabled", on))
            self.title.setBuddy(self.toggle)
            head.addWidget(self.toggle)
        self.title.setMinimumWidth(self._label_width())
        head.addWidget(self.title)
        self._choice: Field | None = None
        name = self._choice_name
        if name is not None:
            kind_of, ui = kind.field_types()[name], kind.ui_fields()[name]
            self._choice = make_field(kind_of, ui, lambda v: self._change(name, v), self)
            if isinstance(self._choice.widget, Choice):
                low, high = CHOICE_WIDTHS
                width = self._choice.widget.full_width()
                self._choice.widget.setFixedWidth(min(max(width, low), high))
            head.addWidget(self._choice.widget)
        self._beside = Summary(self, Qt.AlignmentFlag.AlignRight)
        self._beside.resized.connect(self._place_summary)
        head.addWidget(self._beside, 1)
        self.disclosure = Disclosure(f"More settings of {kind.title.lower()}", self)
        keep = self.disclosure.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.disclosure.setSizePolicy(keep)
        self.disclosure.clicked.connect(self._on_disclosed)
        head.addWidget(self.disclosure)
        return head

    @property
    def choice(self) -> QWidget | None:
        """The drop-down list of the primary field, if the group has one."""
        return None if self._choice is None else self._choice.widget

    def _label_width(self) -> int:
        """Return the width that makes all controls start at the same column."""
        return TITLE_WIDTH if self.kind.toggle else INDENT + TITLE_WIDTH

    def _form(self, names: list[str]) -> ParamsForm:
        form = ParamsForm(self.kind, names, self, label_width=self._label_width())
        form.field_changed.connect(self._change)
        return form

    # -- in ------------------------------------------------------------------------------------

    def show_params(self, params: Params) -> None:
        """Follow the given parameters; nothing is emitted."""
        self.params = params
        if self.toggle is not None:
            with QSignalBlocker(self.toggle):
                self.toggle.setChecked(params.enabled)
        if self._choice is not None and self._choice_name is not None:
            self._choice.show(getattr(params, self._choice_name))
        self.pinned.show_params(params)
        self.details.show_params(params)
        self._refresh_details()
        self._refresh_mark()

    def show_summary(self, text: str) -> None:
        """Show a few words about what this group did; empty for none."""
        self._summary = text
        self._refresh_mark()

    def show_help(self, text: str) -> None:
        """Say all about what this group did in the tooltip of the few words; empty for nothing."""
        self._help = text
        self._refresh_mark()

    def show_warning(self, text: str) -> None:
        """Mark the group with a warning; empty takes the mark away."""
        self._warning = text
        self._refresh_mark()

    # -- inside --------------------------------------------------------------------------------

    def _is_on(self) -> bool:
        return self.params.enabled or not self.kind.toggle

    def _change(self, name: str, value: Any) -> None:
        try:
            changed = self.params.replace(**{name: value})
        except SettingsError:  # a half-typed text; the field keeps it, the settings do not
            return
        if changed != self.params:
            self.show_params(changed)
            self.params_changed.emit(changed)

    def _on_disclosed(self, is_open: bool) -> None:
        self._opened = is_open
        self._refresh_details()

    def _refresh_details(self) -> None:
        names = self.details.shown_fields() if self._is_on() else ()
        count, types = len(names), self.kind.field_types()
        tuned = all(types[n] in (int, float) for n in names)
        by_itself = self.kind.toggle and tuned and count <= FEW
        is_open = bool(count) and (by_itself if self._opened is None else self._opened)
        self.disclosure.setVisible(count > 0)
        with QSignalBlocker(self.disclosure):
            self.disclosure.setChecked(is_open)
        self.details.setVisible(is_open)

    def _refresh_mark(self) -> None:
        on = self._is_on()
        text = self._summary if on else ""
        warning = self._warning if on else ""
        name = "warning" if warning else "check" if text and self.kind.toggle else ""
        for place in (self._beside, self._below):
            place.show_text(text, name, warning, self._help if on else "")
        self._place_summary()

    def _place_summary(self) -> None:
        """Put the summary beside the choice where it fits, else on a line of its own."""
        fits = self._beside.fits()
        self._beside.set_blank(not fits)
        self._below.setVisible(not fits)
