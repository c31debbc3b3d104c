"""A timeline that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from gui import theme
from gui.timeline.timeline import Timeline
from tests.gui.timeline.mouse import WIDTH

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication) -> QWidget:
    """Return an empty window, in dark colours."""
    theme.apply(qapp, "dark")
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(WIDTH, 400)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def timeline(window: QWidget) -> Timeline:
    """Return a timeline of 900 frames at 25 a second."""
    made = Timeline(window)
    made.resize(WIDTH, 300)
    made.show_length(900, None, 25.0)
    made.show()
    return made
