"""What holds for every test: a private home, no unexpected log message, nothing left running.

Widgets are drawn on no screen (``QT_QPA_PLATFORM=offscreen``) unless a test runs the program itself
on the private X server that the fixtures `display` and `x11_env` start.
"""

from __future__ import annotations

import logging
import os
import select
import shutil
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from core.io.isolation.process import Process

# Before any test imports Qt. A person may set the platform to watch a test on the own screen.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for name in [n for n in os.environ if n.startswith("QT_") and n != "QT_QPA_PLATFORM"]:
    del os.environ[name]  # scale factors and styles of a desktop are not part of a test

# The time that an example takes depends on what else the machine does.
hypothesis.settings.register_profile(
    "pairlens", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile(
    "pairlens-ci", hypothesis.settings.get_profile("pairlens"), derandomize=True, database=None
)
hypothesis.settings.load_profile("pairlens-ci" if os.environ.get("CI") else "pairlens")

PATIENCE = 5.0
"""Seconds that a thread may take to end after the test that started it."""


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test, and each program it starts, an empty home; return its folder."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(folder))
    for variable, part in (
        ("XDG_CONFIG_HOME", "config"),
        ("XDG_DATA_HOME", "data"),
        ("XDG_CACHE_HOME", "cache"),
        ("XDG_STATE_HOME", "state"),
    ):
        monkeypatch.setenv(variable, str(folder / part))
    qt = sys.modules.get("PySide6.QtCore")
    if qt is not None:  # QSettings remembers the folder that it saw first
        for style in (qt.QSettings.Format.NativeFormat, qt.QSettings.Format.IniFormat):
            qt.QSettings.setPath(style, qt.QSettings.Scope.UserScope, str(folder / "config"))
    return folder


class _Warnings(logging.Handler):
    """Keeps what is logged at WARNING and above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that logs a warning, unless it asks for `caplog` and so looks at the log."""
    handler = _Warnings()
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        result = yield
    finally:
        root.removeHandler(handler)
    if handler.lines and "caplog" not in getattr(item, "fixturenames", ()):
        pytest.fail("unexpected log messages:\n" + "\n".join(handler.lines), pytrace=False)
    return result


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    """Fail a test after which a thread of ours still runs that did not run before."""
    before = set(threading.enumerate())
    yield
    ours = [t for t in threading.enumerate() if t not in before and t.name.startswith("pairlens-")]
    deadline = time.monotonic() + PATIENCE
    for thread in ours:
        thread.join(max(deadline - time.monotonic(), 0))
    left = [t.name for t in ours if t.is_alive()]
    assert not left, f"still running: {left}"


def _workers() -> set[Process]:
    """Return the worker processes that run, but for those that wait in the program's own pool."""
    process = sys.modules.get("core.io.isolation.process")
    if process is None:
        return set()
    from core.io.isolation import pool

    return process.living() - set(pool.default().idle)


@pytest.fixture(autouse=True)
def _no_process_left() -> Iterator[None]:
    """Fail a test after which a worker process still runs; those kept warm are meant."""
    yield
    deadline = time.monotonic() + PATIENCE
    while _workers() and time.monotonic() < deadline:
        time.sleep(0.01)
    left = _workers()
    for worker in left:
        worker.kill()  # one test is at fault, not all that follow
    assert not left, f"processes left running: {left}"


def pytest_sessionfinish() -> None:
    """End the processes that are kept warm."""
    if "core.io.isolation.pool" in sys.modules:
        from core.io.isolation import pool

        pool.default().close()


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """Start one private X server for the session; the value is for ``DISPLAY``."""
    server = shutil.which("Xvfb")
    if server is None:
        pytest.fail("Xvfb is missing: run “make test”, or scripts/check_system.py test.")
    reader, writer = os.pipe()
    command = [server, "-displayfd", str(writer), "-screen", "0", "1600x1000x24", "-nolisten"]
    process = subprocess.Popen(
        [*command, "tcp"], pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    os.close(writer)
    try:
        ready, _, _ = select.select([reader], [], [], 30)  # it answers within a second
        number = os.read(reader, 16).strip().decode() if ready else ""
        if not number:
            process.kill()
            pytest.fail(f"Xvfb did not start: {process.communicate()[1].decode().strip()}")
        yield f":{number}"
    finally:
        os.close(reader)
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture
def x11_env(display: str, home: Path) -> dict[str, str]:
    """Return the environment for a program that opens its window on the private X server."""
    return {
        **os.environ,
        "HOME": str(home),
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "LC_ALL": "C.UTF-8",
    }


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that starts the X server, so that ``-m "not x11"`` leaves all of them out."""
    for item in items:
        if "display" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.x11)
