"""What holds for every test of a widget: no window and no thread of Qt outlives its test."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QThread
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QWidget


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    """Draw alike on every desktop."""
    return ["pairlens", "-style", "fusion"]


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
