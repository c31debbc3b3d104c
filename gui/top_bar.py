"""The bar above the pictures: open, view modes, zoom, differences, export."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from gui.icons import set_icon
from gui.theme import number_font
from gui.views.modes import MODES


class TopBar(QFrame):
    """Buttons for the commands that are used all the time."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self.setProperty("role", "panel")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 10, 6)
        row.setSpacing(6)
        for name, text in (("open_a", "Open A"), ("open_b", "Open B"), ("swap", "Swap")):
            row.addWidget(_button(actions[name], text, icon=name == "swap"))
        row.addSpacing(8)
        row.addWidget(self._modes(actions))
        row.addSpacing(8)
        for name, text in (("fit", "Fit"), ("one_to_one", "1:1")):
            row.addWidget(_button(actions[name], text, role="quiet"))
        self.zoom = QLabel("")
        self.zoom.setFont(number_font())
        self.zoom.setMinimumWidth(52)
        row.addWidget(self.zoom)
        set_icon(actions["light"], "light", checked="accent")
        row.addWidget(_button(actions["light"], "", icon=True, role="quiet"))
        set_icon(actions["mark"], "mark", checked="accent")
        row.addWidget(_button(actions["mark"], "", icon=True, role="quiet"))
        row.addStretch(1)
        row.addWidget(_button(actions["previous_region"], "", icon=True, role="quiet"))
        self.regions = QLabel("")
        self.regions.setFont(number_font())
        row.addWidget(self.regions)
        row.addWidget(_button(actions["next_region"], "", icon=True, role="quiet"))
        row.addSpacing(6)
        row.addWidget(_button(actions["export"], "Export", icon=True, role="primary"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_zoom(self, text: str) -> None:
        """Show the zoom."""
        self.zoom.setText(text)

    def show_nothing(self) -> None:
        """Say nothing of differences: they are not known."""
        self.regions.setText("")

    def show_regions(self, current: int | None, total: int) -> None:
        """Show which of the regions is looked at."""
        if not total:
            self.regions.setText("no differences")
        elif current is None:
            self.regions.setText(f"{total:,} difference{'s' if total != 1 else ''}")
        else:
            self.regions.setText(f"difference {current + 1:,} of {total:,}")

    def _modes(self, actions: Mapping[str, QAction]) -> QFrame:
        frame = QFrame(self)
        frame.setProperty("role", "segmented")
        row = QHBoxLayout(frame)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        for mode in MODES:
            row.addWidget(_button(actions[f"mode_{mode.value}"], MODES[mode].text, role="segment"))
        return frame


def _button(action: QAction, text: str, *, icon: bool = False, role: str = "") -> QToolButton:
    button = QToolButton()
    button.setDefaultAction(action)
    style = Qt.ToolButtonStyle
    if icon and text:
        button.setToolButtonStyle(style.ToolButtonTextBesideIcon)
    elif icon:
        button.setToolButtonStyle(style.ToolButtonIconOnly)
    else:
        button.setToolButtonStyle(style.ToolButtonTextOnly)
    if text:
        action.setIconText(text)  # what a button shows of its action, whenever that changes
    if role:
        button.setProperty("role", role)
    button.setAccessibleName(text or action.text())
    return button
