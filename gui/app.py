"""Starts the window."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from core.io.isolation import pool
from core.io.reading import Reading
from core.settings import Settings

# The plain build of OpenCV points Qt at its own plugins when it is installed beside ours.
for _name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR"):
    os.environ.pop(_name, None)


def main(
    paths: Sequence[str] = (),
    settings: Settings | None = None,
    reading: Reading | None = None,
) -> int:
    """Open the window, with up to two pictures, and return when it is closed.

    Parameters
    ----------
    paths
        Up to two paths: A and B.
    settings
        The settings to begin with.
    reading
        How pictures are read; as remembered when None.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    app.setApplicationName("Pairlens")
    app.setOrganizationName("Pairlens")
    from gui.main_window import MainWindow  # noqa: PLC0415 - widgets need the application

    window = MainWindow(settings)
    if reading is not None:
        window.intake.use(reading)
    window.show()
    if paths:
        first, second = paths[0], paths[1] if len(paths) > 1 else None
        QTimer.singleShot(0, window, lambda: window.open_given(first, second))
    QTimer.singleShot(0, window, lambda: pool.default().warm(2))  # after the first paint
    signal.signal(signal.SIGINT, lambda *_: window.close())
    beat = QTimer(interval=250)  # lets Python see Ctrl-C in the terminal
    beat.timeout.connect(lambda: None)
    beat.start()
    return app.exec()
