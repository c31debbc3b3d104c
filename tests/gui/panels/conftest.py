"""A window without a layout to show a panel in.

A window with size limits makes the offscreen platform print a warning, and warnings fail tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    Show = Callable[[QWidget, int, int], None]


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """Show a widget at a width and height, with the keyboard focus free."""
    host = QWidget()
    qtbot.addWidget(host)

    def shown(widget: QWidget, width: int, height: int) -> None:
        widget.setParent(host)
        host.resize(width, height)
        widget.resize(width, height)
        widget.show()
        host.show()
        host.activateWindow()
        qtbot.waitExposed(host)

    return shown
