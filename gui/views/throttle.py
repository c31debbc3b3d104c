"""Not too often, yet the first at once and the last never lost."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal


class Throttle(QObject):
    """Passes on at most one of many calls in each interval.

    Signals
    -------
    fired()
        At once for a first `call`; at the end of the interval when more calls came meanwhile.
    """

    fired = Signal()

    def __init__(self, interval_ms: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self._on_timeout)

    def call(self) -> None:
        """Ask for `fired`."""
        if self._timer.isActive():
            self._waiting = True
            return
        self._timer.start()
        self.fired.emit()

    def _on_timeout(self) -> None:
        if self._waiting:
            self._waiting = False
            self._timer.start()
            self.fired.emit()
