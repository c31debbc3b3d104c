"""A view full of pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from core.render import Side
from gui.views.compare_view import CompareView
from tests.gui.views.scene import CANVAS, picture

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot


@pytest.fixture
def make_view(qtbot: QtBot) -> Callable[..., CompareView]:
    """Return a function that makes a view of 1210 × 300 with all three pictures."""

    def make(*, filled: bool = True) -> CompareView:
        view = CompareView()
        qtbot.addWidget(view)
        view.resize(1210, 300)
        view.show()
        qtbot.waitExposed(view)
        view.set_canvas(*CANVAS)
        if filled:
            view.set_names("before.png", "after.png", "|A − B|")
            for side in Side:
                view.show_picture(side, picture(side), False)
        QTest.mouseMove(view, QPoint(1, 299))
        return view

    return make
