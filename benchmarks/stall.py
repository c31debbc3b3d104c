"""How long the window's thread is held up while the engine works on another."""

from __future__ import annotations

import os
import sys
import time

import numpy as np

from benchmarks._pictures import pair
from benchmarks._run import Case, main
from benchmarks.toggles import ALL
from core.cache import Cache
from core.engine import iterate
from core.result import Request
from core.scheduler import Failed, Scheduler
from core.settings import Settings

_SECONDS = 60.0
_RUNS = 4


def _gaps(requests: list[Request], seconds: float = 0.0) -> list[float]:
    """Return the milliseconds between the ticks of a 1 ms timer while the engine answers.

    With no request it ticks for some seconds.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QEventLoop, Qt, QTimer  # noqa: PLC0415 - only here
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 - the same

    app = QApplication.instance() or QApplication([])
    assert app is not None
    ticks: list[float] = []
    failures: list[object] = []
    # Qt's own loop lets other threads run while it waits; QTest.qWait does not.
    loop, timer = QEventLoop(), QTimer()
    scheduler = Scheduler(lambda _, e: failures.append(e) if isinstance(e, Failed) else None, "b")
    started = time.perf_counter()

    def tick() -> None:
        ticks.append(time.perf_counter())
        if scheduler.idle:
            if requests:
                request = requests.pop(0)
                scheduler.submit(lambda token: iterate(request, token, Cache()))
            elif ticks[-1] > started + seconds:
                loop.quit()
        if ticks[-1] > started + _SECONDS:
            loop.quit()

    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start(1)
    loop.exec()
    timer.stop()
    scheduler.close()
    if failures:
        raise RuntimeError(str(failures[0]))
    return [1e3 * float(g) for g in np.diff(ticks)]


def _stall(megapixels: int, settings: Settings) -> dict[str, float]:
    """Return the least of a few runs: what else the machine does can only add to it."""
    request = Request(*pair(megapixels), settings, preview=True)
    _gaps([Request(*pair(12), preview=True)])  # what is loaded once is not of the comparison
    return _least([_gaps([request]) for _ in range(_RUNS)])


def _least(runs: list[list[float]]) -> dict[str, float]:
    return {
        "longest": min(max(gaps) for gaps in runs),
        "99.9 %": min(float(np.percentile(gaps, 99.9)) for gaps in runs),
    }


def track_stall_nothing() -> dict[str, float]:
    """Return the same with no work at all: what the machine itself does."""
    return _least([_gaps([], seconds=2.0) for _ in range(_RUNS)])


def track_stall_24mp() -> dict[str, float]:
    return _stall(24, Settings())


def track_stall_100mp() -> dict[str, float]:
    return _stall(100, Settings())


def track_stall_all_stages_24mp() -> dict[str, float]:
    return _stall(24, ALL)


CASES = (
    Case("stall of the window, no work", track_stall_nothing),
    Case("stall of the window, 24 MP", track_stall_24mp, most=16),
    Case("stall of the window, 100 MP", track_stall_100mp, most=16),
    Case("stall of the window, 24 MP, all stages", track_stall_all_stages_24mp, most=16),
)

if __name__ == "__main__":
    sys.exit(main(CASES))
