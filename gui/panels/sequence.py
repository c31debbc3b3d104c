"""The parameters of a sequence: how its frames are compared, and what they are named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.sequence.params import SequenceParams
from gui.panels.form import ParamsForm
from gui.widgets.section_header import SectionHeader

if TYPE_CHECKING:
    from core.settings import Params

FIRST: Final = ("tolerance", "light", "shake", "model", "k", "window", "flow")
"""What is seen at once; the rest stands behind a link."""
ELSEWHERE: Final = ("against",)
"""What is chosen on the timeline."""
PAIRED: Final = ("tolerance", "gray")
"""All that has a meaning between two sequences."""


class SequencePanel(QWidget):
    """A form, hidden while no sequence is open.

    Signals
    -------
    params_changed(SequenceParams)
        A person changed one of them.
    """

    params_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._params = SequenceParams()
        self.header = SectionHeader("Sequence", self)
        self.reset_link = self.header.add_link("reset", "Give each of these its default.")
        self.reset_link.clicked.connect(self._reset)
        rest = [n for n in SequenceParams.ui_fields() if n not in (*FIRST, *ELSEWHERE)]
        self.first = ParamsForm(SequenceParams, FIRST, self)
        self.rest = ParamsForm(SequenceParams, rest, self)
        self.pair = ParamsForm(SequenceParams, PAIRED, self)
        self.more_link = self.header.add_link("more", "Show or hide all parameters.")
        self.more_link.clicked.connect(self._toggle)
        self._open = self._two = False
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 8)
        column.setSpacing(4)
        for widget in (self.header, self.first, self.pair, self.rest):
            column.addWidget(widget)
            if isinstance(widget, ParamsForm):
                widget.field_changed.connect(self._on_field)

    def show_sequence(self, params: SequenceParams, *, two: bool) -> None:
        """Show what one sequence, or two, are compared with; nothing is emitted."""
        self._params, self._two = params, two
        self._refresh()

    def _refresh(self) -> None:
        self.first.setVisible(not self._two)
        self.pair.setVisible(self._two)
        self.more_link.setVisible(not self._two)
        self.more_link.setText("less" if self._open else "more")
        self.rest.setVisible(self._open and not self._two)
        for form in (self.first, self.rest, self.pair):
            form.show_params(self._params)

    def _toggle(self) -> None:
        self._open = not self._open
        self._refresh()

    def _on_field(self, name: str, value: Any) -> None:
        self._take(self._params.replace(**{name: value}))

    def _reset(self) -> None:
        self._take(SequenceParams(against=self._params.against))

    def _take(self, params: Params) -> None:
        assert isinstance(params, SequenceParams)
        if params != self._params:
            self._params = params
            self._refresh()
            self.params_changed.emit(params)
