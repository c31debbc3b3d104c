"""Takes the pictures in docs/pictures from the running program.

Needs a display, for instance ``xvfb-run -s "-screen 0 1700x1100x24" .venv/bin/python
scripts/make_docs.py``.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, QPoint, QSettings, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from core import recipes  # noqa: E402 - needs the path above
from gui.main_window import MainWindow  # noqa: E402 - the same
from resources import sample_pair  # noqa: E402 - the same

PICTURES = ROOT / "docs" / "pictures"


def wait(milliseconds: int, until: Callable[[], bool] = lambda: True) -> None:
    """Let the program run, at least once and until a fact holds."""
    while True:
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()
        if until():
            return


def settled(window: MainWindow) -> Callable[[], bool]:
    """Return whether the exact answer is shown and nothing is being computed."""
    return lambda: window.controller.result is not None and window.controller.idle


def take(window: MainWindow, name: str) -> None:
    """Wait until all is there, and save the window as a picture."""
    wait(300, settled(window))
    wait(600)
    window.grab().save(str(PICTURES / f"{name}.png"))


def main() -> int:
    """Take every picture of the guide."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(
        QSettings.Format.IniFormat, QSettings.Scope.UserScope, tempfile.mkdtemp(prefix="pairlens-")
    )
    PICTURES.mkdir(parents=True, exist_ok=True)
    app = QApplication([])
    app.setApplicationName("Pairlens")
    app.setOrganizationName("Pairlens")
    window = MainWindow()
    window.commands.set_theme("dark")
    window.resize(1600, 1000)
    window.show()
    a, b = sample_pair("desk")
    window.controller.open_pair(str(a), str(b))
    take(window, "start")
    window.controller.set_settings(recipes.load("photo"))
    wait(300, settled(window))
    pane = window.parts.view.panes[1]
    QTest.mouseMove(pane, QPoint(pane.width() * 2 // 3, pane.height() // 2))
    take(window, "window-dark")
    window.commands.set_theme("light")
    take(window, "window-light")
    window.actions_by_id["mode_swipe"].trigger()
    take(window, "swipe")
    window.actions_by_id["mode_side_by_side"].trigger()
    window.presenter.step_region(1)
    take(window, "region")
    window.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
