"""The one place where threads meet the window: jobs go out, events come in as Qt signals."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot

from core.scheduler import Job, Scheduler


class Bridge(QObject):
    """A scheduler whose events arrive on the thread of the window.

    Parameters
    ----------
    name
        Of the worker thread.
    parent
        Qt parent.

    Signals
    -------
    received(object)
        What the newest job yields, and `core.scheduler.Failed` or `Stopped`; events of older jobs
        are dropped.
    """

    received = Signal(object)
    _arrived = Signal(int, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        self._scheduler = Scheduler(self._arrived.emit, name)
        self._open = True

    def submit(self, job: Job) -> None:
        """Run a job in place of whatever ran or waited."""
        if self._open:
            self._scheduler.submit(job)

    def cancel(self) -> None:
        """Stop the running job."""
        self._scheduler.cancel()

    def forget(self) -> None:
        """Stop the running job; no event of it comes any more."""
        self._scheduler.forget()

    @property
    def idle(self) -> bool:
        """Whether nothing is running or waiting."""
        return self._scheduler.idle

    def close(self) -> None:
        """Stop, and wait until the thread has ended; no event comes afterwards."""
        self._open = False
        self._scheduler.close()

    @Slot(int, object)
    def _on_arrived(self, number: int, event: object) -> None:
        if self._open and number == self._scheduler.current:
            self.received.emit(event)
