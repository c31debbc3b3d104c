"""What holds for every test of a widget: no window and no thread of Qt outlives its test."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QThread
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui.driver import Driver
from tests.gui.gate import Gate
from tests.make import exposed, shifted, with_patch, write_png

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot


OFFSCREEN = r"plugin does not support (propagateSizeHints|raise|grabbing)"
"""What Qt says of whole windows, and of menus, where there is no screen."""


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """Draw alike on every desktop."""
    return ["pairlens", "-style", "fusion"]


@pytest.fixture
def driver(qtbot: QtBot, qapp: QApplication) -> Driver:
    """Return a driver of a whole main window that is shown, without pictures."""
    from gui.main_window import MainWindow  # most tests need no whole window

    qapp.setStyleSheet("")  # as at a start: a window that is styled while it is built takes long
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(lambda: window.commands.histograms_made)
    # The mouse stays where the test before left it, and a picture is pasted where the mouse is.
    QTest.mouseMove(window.menuBar(), QPoint(2, 2))
    return Driver(window)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    """Write two pictures: B is shifted by (2, -3), brighter, and has two defects."""
    a, b = shifted(2, -3, 120, 208, seed=3)
    b = with_patch(exposed(b, 1.0, 9.0), 30, 150, 9, 14, by=70)
    b = with_patch(b, 88, 40, 6, 6, by=40)
    return write_png(tmp_path / "before.png", a), write_png(tmp_path / "after.png", b)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    """Return a closed gate: no exact answer arrives before it is opened."""
    made = Gate()
    monkeypatch.setattr("gui.work.iterate", made.iterate)
    return made


@pytest.fixture(autouse=True)
def _nothing_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test after which a top-level widget or a running QThread is left over.

    pytest-qt has closed and deleted what was given to ``qtbot.addWidget`` before this looks.
    """
    before = set(_windows())
    yield
    if QApplication.instance() is None:
        return
    _delete_now()
    if set(_windows()) - before:
        gc.collect()  # a cycle of Python objects may hold the last reference
        _delete_now()
    left = [_described(w) for w in set(_windows()) - before]
    assert not left, f"widgets left over (give them to qtbot.addWidget): {', '.join(left)}"
    if {"qtbot", "qapp"} & set(request.fixturenames):
        running = [repr(o) for o in gc.get_objects() if isinstance(o, QThread) and _runs(o)]
        assert not running, f"threads left running: {', '.join(running)}"


def _windows() -> list[QWidget]:
    return QApplication.topLevelWidgets() if QApplication.instance() is not None else []


def _delete_now() -> None:
    """Carry out every ``deleteLater``, which otherwise waits for an event loop."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()


def _described(widget: QWidget) -> str:
    return f"{type(widget).__name__} “{widget.objectName() or widget.windowTitle()}”"


def _runs(thread: QThread) -> bool:
    try:
        return thread.isRunning()
    except RuntimeError:  # its C++ side is gone already
        return False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a whole window have a least size: the platform without a screen complains of that."""
    for item in items:
        if "driver" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.qt_log_ignore(OFFSCREEN))
