"""Leases, and what is left: nothing, however long it runs and however it ends."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.errors import ReadError
from core.io import Limits, open_image
from core.io.isolation.process import ROOT, living
from tests.make import photo, write_png
from tests.misbehaving import MISBEHAVE, Ask

if TYPE_CHECKING:
    from core.io.isolation.pool import Pool

PATIENCE = 20.0


def files_open() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def resident(pid: int) -> int:
    """Return a process's own memory in bytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_a_lease_keeps_its_state_and_its_worker(pool: Pool) -> None:
    with pool.lease("“a.tif”") as one, pool.lease("“b.tif”") as two:
        assert [one.call(MISBEHAVE, Ask("count"))[0].number for _ in range(3)] == [1, 2, 3]
        assert two.call(MISBEHAVE, Ask("count"))[0].number == 1
        assert pool.idle == ()
    assert not one.alive
    assert pool.idle == ()
    with pytest.raises(ReadError, match=r"Reading “a\.tif” was stopped; open it again"):
        one.call(MISBEHAVE, Ask("count"))


def test_a_lease_is_over_after_a_crash_and_another_begins_anew(own: Pool) -> None:
    lease = own.lease("“a.tif”")
    lease.call(MISBEHAVE, Ask("count"))
    with pytest.raises(ReadError, match=r"given up after the 0\.2 seconds"):
        lease.call(MISBEHAVE, Ask("hang"), limits=Limits(seconds=0.2))
    assert not lease.alive
    with own.lease("“a.tif”") as again:
        assert again.call(MISBEHAVE, Ask("count"))[0].number == 1


def test_a_lease_that_is_forgotten_ends_its_worker(own: Pool) -> None:
    own.lease("“a.tif”").call(MISBEHAVE, Ask("count"))
    gc.collect()
    assert not living()


def test_a_lost_worker_is_replaced_where_the_pool_is_to_be_warm(own: Pool) -> None:
    own.warm(2)
    with pytest.raises(ReadError):
        own.call(MISBEHAVE, Ask("abort"), name="“a.png”")
    assert len(own.idle) == 2
    own.close()
    assert not living()


def test_many_small_files_leave_nothing(own: Pool, tmp_path: Path) -> None:
    """The allowance is a tenth of what leaking the pixels alone would take."""
    path = write_png(tmp_path / "a.png", photo(200, 400))  # 240 kB of pixels: 60 MB if all are kept

    def read(times: int) -> tuple[int, int, int, int]:
        for _ in range(times):
            assert open_image(path).shape == (200, 400)
        told, _ = own.call(MISBEHAVE, Ask("facts"), name="“a.png”")
        (worker,) = own.idle
        return files_open(), told.number, resident(os.getpid()), resident(worker.pid)

    before, after = read(50), read(250)
    assert before[:2] == after[:2]
    assert max(b - a for a, b in zip(before[2:], after[2:], strict=True)) < 6_000_000


def test_pixels_die_with_the_array(pool: Pool) -> None:
    pool.call(MISBEHAVE, Ask("count"), name="“a.png”")
    before = files_open()
    _, pixels = pool.call(MISBEHAVE, Ask("pixels", 200_000), name="“a.png”")
    part = pixels[500:, 2]
    del pixels
    assert part[0, 0] == 500
    assert files_open() == before + 1
    del part
    assert files_open() == before


def test_workers_end_with_the_program(tmp_path: Path) -> None:
    """However it ends: of its own accord, killed, or with a worker at work; all at once here."""
    programs = {}
    for number, how in enumerate(["os._exit(0)", "os.kill(os.getpid(), 9)", "sys.exit(0)"]):
        place = tmp_path / f"place {number}"
        code = (
            "import os, sys, threading, time\nfrom core.io.isolation.pool import Pool\n"
            "from tests.misbehaving import BOOT, MISBEHAVE, Ask\n"
            "pool = Pool(BOOT)\n"
            f"ask = Ask('litter', text={str(place)!r})\n"
            "run = lambda: pool.call(MISBEHAVE, ask, name='x')\n"
            "threading.Thread(target=run, daemon=True).start()\n"
            f"while not os.path.exists({str(place)!r}): time.sleep(0.01)\n"
            f"time.sleep(0.05)\n{how}\n"
        )
        programs[place] = subprocess.Popen(
            [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
    for place, program in programs.items():
        errors = program.communicate()[1]
        pid, folder = place.read_text(encoding="utf-8").split()
        deadline = time.monotonic() + PATIENCE
        while Path(f"/proc/{pid}").exists() or Path(folder).exists():
            assert time.monotonic() < deadline, errors
            time.sleep(0.01)
        assert errors == ""
