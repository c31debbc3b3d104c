"""The pipeline: every group of parameters, in the order in which it is applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from core.registry import all_params, measure_params
from gui.icons import set_icon
from gui.panels.group_row import GroupRow
from gui.widgets.section_header import SectionHeader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.settings import Params, Settings


class PipelinePanel(QWidget):
    """Switches and numbers of all stages, and the recipe menu.

    Signals
    -------
    params_changed(Params)
        A person changed a group; emitted at every step while a slider is dragged.
    recipe_chosen(str)
        The name of a recipe from the menu.
    save_recipe_wanted()
    reset_wanted()
        Back to the defaults.
    """

    params_changed = Signal(object)
    recipe_chosen = Signal(str)
    save_recipe_wanted = Signal()
    reset_wanted = Signal()

    def __init__(
        self, kinds: Sequence[type[Params]] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self.header = SectionHeader("Pipeline", self)
        self.recipe_link = self.header.add_link(
            "recipe ▾", "Set everything at once for a kind of picture.", self._menu
        )
        self.rows: dict[str, GroupRow] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 6, 6)
        column.setSpacing(1)
        column.addWidget(self.header)
        for kind in shown_kinds() if kinds is None else kinds:
            row = GroupRow(kind, self)
            row.params_changed.connect(self.params_changed)
            self.rows[kind.name] = row
            column.addWidget(row)
        column.addStretch(0)
        self.show_recipes({})

    def show_recipes(self, recipes: Mapping[str, str], current: str = "") -> None:
        """Fill the menu: name -> why and when to use it; `current` is the one in use, if any."""
        self._menu.clear()
        for name, reason in recipes.items():
            first = reason.strip().split("\n")[0]
            item = self._menu.addAction(f"{name}  –  {_short(first)}" if first else name)
            item.setToolTip(reason)
            item.setData(name)
            item.triggered.connect(lambda _=False, n=name: self.recipe_chosen.emit(n))
        if recipes:
            self._menu.addSeparator()
        save = self._menu.addAction("Save recipe…", self.save_recipe_wanted.emit)
        save.setToolTip("Write all settings to a file that the command line reads too.")
        set_icon(save, "save")
        reset = self._menu.addAction("Reset all", self.reset_wanted.emit)
        reset.setToolTip("Give every setting its default.")
        set_icon(reset, "reset")
        self.show_current_recipe(current)

    def show_current_recipe(self, name: str) -> None:
        """Say which recipe the settings are those of; empty when of none."""
        self.recipe_link.setText(f"recipe: {name} ▾" if name else "recipe ▾")

    def show_settings(self, settings: Settings) -> None:
        """Follow settings; nothing is emitted."""
        for row in self.rows.values():
            row.show_params(settings[row.kind])

    def show_summaries(self, summaries: Mapping[str, str]) -> None:
        """Show a few words beside the groups: name of the group -> text; others are emptied."""
        for name, row in self.rows.items():
            row.show_summary(summaries.get(name, ""))

    def show_help(self, details: Mapping[str, str]) -> None:
        """Say in tooltips all about what groups did: name -> lines; others say nothing."""
        for name, row in self.rows.items():
            row.show_help(details.get(name, ""))

    def show_notices(self, warnings: Mapping[str, str]) -> None:
        """Mark groups that need attention: name of the group -> sentence; others are unmarked."""
        for name, row in self.rows.items():
            row.show_warning(warnings.get(name, ""))


def shown_kinds() -> tuple[type[Params], ...]:
    """Return the groups that stand here: all but those of measures and those set elsewhere."""
    elsewhere = measure_params()
    return tuple(
        kind
        for kind in all_params()
        if kind not in elsewhere and not all(u.hidden for u in kind.ui_fields().values())
    )


def _short(text: str, limit: int = 70) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
