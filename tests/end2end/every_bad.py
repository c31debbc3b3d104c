"""Drops every bad and odd file on one running window, by hand: some minutes.

``python -m tests.end2end.every_bad [EXPRESSION]`` prints one line a file, and every 50 files
what the window holds; it ends with 1 when anything is not as it must be.
"""

from __future__ import annotations

import gc
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QApplication

from tests.bad.case import Case, Outcome
from tests.bad.every import every
from tests.end2end.scenarios import SPARE, answered_no, descriptors, drop, numbers, started
from tests.gui.driver import Driver
from tests.make import photo, write_png

SENTENCE: Final = re.compile(r"(?!.*(could not be foreseen|mistake))[A-Z“].*(\.|anyway\?)", re.S)
EVERY: Final = 50
PATIENCE: Final = 300.0
"""Some of them are large."""


def print_line(*words: object) -> None:
    """Say what was found."""
    print(*words, flush=True)  # noqa: T201 - it is what the script is for


def holds() -> tuple[float, int, int]:
    """Return megabytes in memory, open descriptors, and processes started by this one."""
    status = Path("/proc/self/status").read_text("ascii")
    found = re.search(r"VmRSS:\s+(\d+)", status)
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()
    return int(found[1]) / 1000 if found else 0.0, descriptors(), len(children)


def wrong_with(case: Case, driver: Driver, before: dict[str, str], title: str) -> list[str]:
    """Return what is not as it must be after a file was dropped."""
    errors = [*driver.sentences(), *answered_no(driver)]
    found = [] if all(SENTENCE.fullmatch(e) for e in errors) else ["no sentence"]
    pending = driver.parts.measures.model.pending
    found += ["pending"] if pending else []
    found += ["hidden"] if not driver.window.isVisible() else []
    kept = driver.window.windowTitle() == title and not pending and numbers(driver) == before
    refused = bool(errors) and kept
    if len(errors) > 1 or (len(errors) == 1 and not kept):
        found.append(f"{len(errors)} errors, kept {kept}")
    if refused and case.outcome is Outcome.RIGHT:
        found.append("refused")
    if not errors and case.outcome is Outcome.REFUSED:
        found.append("opened")
    notices = [c.text for c in driver.parts.notices.cards() if c.severity != "error"]
    told = errors or [*notices, f"→ {driver.parts.readout.state.text()}"]
    print_line(f"{case.name!a:44} {' | '.join(told)}")
    return found


def main(part: str = "") -> int:
    """Drop the files whose names match `part`; return how many were not as they must be."""
    app = QApplication(["pairlens"])
    app.setApplicationName("Pairlens")
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        a = write_png(place / "a.png", photo(90, 160))
        b = write_png(place / "b.png", photo(90, 160, seed=1))
        driver = started()
        driver.patience = PATIENCE
        driver.open(a, b)
        before, title = numbers(driver), driver.window.windowTitle()
        first = holds()
        for number, case in enumerate(c for c in every() if re.search(part, c.name)):
            (place / str(number)).mkdir()
            path = place / str(number) / case.name
            case.make(path)
            drop(driver, str(path))
            for what in wrong_with(case, driver, before, title):
                wrong += 1
                print_line(f"WRONG: {case.name!a}: {what}")
            driver.open(a, b)
            if number % EVERY == EVERY - 1:
                print_line("HOLDS: {:.0f} MB, {} descriptors, {} processes".format(*holds()))
        gc.collect()
        last = holds()
        print_line("AT THE END: {:.0f} MB, {} descriptors, {} processes".format(*last))
        if last[1] > first[1] + SPARE:
            wrong += 1
            print_line(f"WRONG: {last[1] - first[1]} more descriptors")
        driver.window.close()
    return wrong


if __name__ == "__main__":
    sys.exit(min(main(*sys.argv[1:]), 1))
