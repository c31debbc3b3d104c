"""One group of parameters in the pipeline panel: a switch, its main choice, and its details."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from core.errors import SettingsError
from gui.icons import pixmap
from gui.panels.form import Field, ParamsForm, make_field
from gui.theme import notifier, theme, ui_font
from gui.widgets.disclosure import Disclosure
from gui.widgets.elided import ElidedLabel
from gui.widgets.toggle import Toggle

if TYPE_CHECKING:
    from core.settings import Params

TITLE_WIDTH = 76
CHOICE_WIDTH = 126
INDENT = 42
FEW = 2
"""Details of so many fields open by themselves when the group is on."""


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
        uis = kind.ui_fields()
        pinned = [n for n, u in uis.items() if u.flag and not kind.toggle]
        rest = [n for n in uis if n not in pinned and n != self._choice_name]
        self.pinned = self._form(pinned)
        self.details = self._form(rest)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 1, 0, 1)
        column.setSpacing(4)
        column.addLayout(self._head())
        for form in (self.pinned, self.details):
            indented = QHBoxLayout()
            indented.setContentsMargins(INDENT if kind.toggle else 0, 0, 26, 4)
            indented.addWidget(form)
            column.addLayout(indented)
        self.pinned.setVisible(bool(pinned))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _head(self) -> QHBoxLayout:
        kind = self.kind
        head = QHBoxLayout()
        head.setSpacing(6)
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
        self.title.setMinimumWidth(TITLE_WIDTH + (0 if kind.toggle else INDENT - 2))
        head.addWidget(self.title)
        self._choice: Field | None = None
        name = self._choice_name
        if name is not None:
            kind_of, ui = kind.field_types()[name], kind.ui_fields()[name]
            self._choice = make_field(kind_of, ui, lambda v: self._change(name, v), self)
            self._choice.widget.setFixedWidth(CHOICE_WIDTH)
            head.addWidget(self._choice.widget)
        self.summary = ElidedLabel("", self, muted=True, align=Qt.AlignmentFlag.AlignRight)
        self.summary.setFont(ui_font(-0.5))
        head.addWidget(self.summary, 1)
        self.mark = QLabel(self)
        self.mark.setFixedSize(16, 16)
        head.addWidget(self.mark)
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

    def _form(self, names: list[str]) -> ParamsForm:
        form = ParamsForm(self.kind, names, self)
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
        self.summary.set_text(text)
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
        count = len(self.details.shown_fields()) if self._is_on() else 0
        by_itself = self.kind.toggle and 0 < count <= FEW
        is_open = bool(count) and (by_itself if self._opened is None else self._opened)
        self.disclosure.setVisible(count > 0)
        with QSignalBlocker(self.disclosure):
            self.disclosure.setChecked(is_open)
        self.details.setVisible(is_open)

    def _refresh_mark(self) -> None:
        t, on = theme(), self._is_on()
        self.summary.setVisible(on)
        ratio = self.devicePixelRatioF()
        if on and self._warning:
            self.mark.setPixmap(pixmap("warning", t.warn, 14, ratio))
        elif on and self.kind.toggle and self.summary.text():
            self.mark.setPixmap(pixmap("check", t.ok, 14, ratio))
        else:
            self.mark.clear()
        self.mark.setToolTip(self._warning if on else "")
        self.mark.setAccessibleName(self._warning if on else "")
